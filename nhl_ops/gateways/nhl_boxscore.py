"""NHL boxscores: what everybody did in one game, and its final score. All of a final game, or nothing of it.

Facts of the format: there are no power-play points (null, never 0) in today's shape; shots on goal were
called `shots` in 2023; a backup goalie who did not play is listed with "00:00". A boxscore that lacks
players would settle their wagers as void, so one that cannot be whole is rejected with its reason. Lists that come
twice are one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pandas as pd

from nhl_ops.contracts.results import FACT_GAME_RESULTS, FACT_GOALIE_GAMES, FACT_SKATER_GAMES
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.drift import ShapeError, Told, broken, rejected
from nhl_ops.gateways.nhl_rows import GOALIE_STATISTICS, SKATER_STATISTICS, fact_frame, game_kind, stamp
from nhl_ops.gateways.vendor import Payload, Rejected
from nhl_ops.gateways.wire import Node, load

FINAL_STATES = frozenset({"FINAL", "OFF"})
SKATER_POSITIONS = frozenset({"C", "L", "R", "D"})
SKATER_COUNTS = {"goals": "goals", "assists": "assists", "points": "points", "hits": "hits"}
SKATER_COUNTS |= {"blocked_shots": "blockedShots", "power_play_goals": "powerPlayGoals"}
SIDES = (("homeTeam", "awayTeam", True), ("awayTeam", "homeTeam", False))
MIN_SKATERS = 15
MIN_SKATER_ICE_SEC = 15_000
"""Skaters of a side share 18,000 s; penalties brought the least of 4,686 recorded sides to 16,867."""
RESULT_VERSION = ("home_team", "away_team", "home_score", "away_score")

Row = dict[str, Any]


@dataclass(frozen=True)
class Boxscores:
    """What boxscores say, in the columns of FACT_SKATER_GAMES, FACT_GOALIE_GAMES and FACT_GAME_RESULTS
    without known_at_utc. `unfinished` are the games whose boxscore is not final yet.
    """

    skaters: pd.DataFrame
    goalies: pd.DataFrame
    results: pd.DataFrame
    unfinished: tuple[int, ...]
    rejected: tuple[Rejected, ...]


def parse_boxscores(payloads: Sequence[Payload]) -> Boxscores:
    """All whole boxscores of final games. A payload that is no boxscore, or a cut one, is a dead letter."""
    skaters: list[Row] = []
    goalies: list[Row] = []
    results: list[Row] = []
    unfinished: list[int] = []
    letters: list[Rejected] = []
    for payload in payloads:
        try:
            root = load(payload)
            game_id, _, _ = game_kind(root["id"])
            if root["gameState"].text() not in FINAL_STATES:
                unfinished.append(game_id)
                continue
            of_skaters, of_goalies, result = _final(root, stamp(payload))
        except (ShapeError, VendorContract) as problem:
            letters.append(rejected("unusable_boxscore", str(problem), payload.url))
            continue
        skaters += of_skaters
        goalies += of_goalies
        results.append(result)
    return Boxscores(
        fact_frame(FACT_SKATER_GAMES, skaters, SKATER_STATISTICS),
        fact_frame(FACT_GOALIE_GAMES, goalies, GOALIE_STATISTICS),
        fact_frame(FACT_GAME_RESULTS, results, RESULT_VERSION),
        tuple(unfinished),
        tuple(letters),
    )


def require_usable(payloads: Sequence[Payload]) -> None:
    """Raises VendorContract for the first boxscore that is none, or is cut off; all are archived by then."""
    for payload in payloads:
        letters = parse_boxscores([payload]).rejected
        if letters:
            raise broken(payload, letters[0].detail)


def _final(root: Node, source: Row) -> tuple[list[Row], list[Row], Row]:
    skaters: list[Row] = []
    goalies: list[Row] = []
    for side, other, is_home in SIDES:
        head = source | _head(root, side, other, is_home)
        box = root["playerByGameStats"][side]
        side_skaters = [head | row for row in _played(_distinct(_skater(player) for player in _skaters(box)))]
        side_goalies = [
            head | row for row in _played(_distinct(_goalie(player) for player in box["goalies"].each()))
        ]
        _name_a_starter(side_goalies)
        _require_whole(root[side], side_skaters, side_goalies)
        skaters += side_skaters
        goalies += side_goalies
    last_period = root["gameOutcome"]
    result = source | {
        "game_date": root["gameDate"].day(),
        "game_id_nhl": root["id"].integer(),
        "home_team": root["homeTeam"]["abbrev"].text(),
        "away_team": root["awayTeam"]["abbrev"].text(),
        "home_score": root["homeTeam"]["score"].count(),
        "away_score": root["awayTeam"]["score"].count(),
        "last_period_type": None if last_period.is_null else last_period["lastPeriodType"].text(),
    }
    return skaters, goalies, result


def _head(root: Node, side: str, other: str, is_home: bool) -> Row:
    game_id, season, game_type = game_kind(root["id"])
    return {
        "game_date": root["gameDate"].day(),
        "game_id_nhl": game_id,
        "season": season,
        "game_type": game_type,
        "team": root[side]["abbrev"].text(),
        "opponent": root[other]["abbrev"].text(),
        "is_home": is_home,
        "source": "boxscore",
    }


def _skaters(box: Node) -> Iterator[Node]:
    yield from box["forwards"].each()
    yield from box["defense"].each()


def _skater(player: Node) -> Row:
    position = player["position"].text()
    if position not in SKATER_POSITIONS:
        raise ShapeError(player["position"].path, "a known position", position)
    shots = player["shots"] if player["sog"].is_null else player["sog"]
    points = player["powerPlayPoints"]
    return {
        "player_id_nhl": player["playerId"].integer(),
        "player_name": player["name"]["default"].text(),
        "position": position,
        **player.counts(SKATER_COUNTS),
        "shots_on_goal": shots.count(),
        "power_play_points": None if points.is_null else points.count(),
        "power_play_toi_sec": None,
        "toi_sec": player["toi"].seconds(),
    }


def _goalie(player: Node) -> Row:
    saves, against = _saves(player)
    starter = player["starter"]
    return {
        "player_id_nhl": player["playerId"].integer(),
        "player_name": player["name"]["default"].text(),
        "is_starter": None if starter.is_null else starter.flag(),
        "shots_against": against,
        "saves": saves,
        "goals_against": player["goalsAgainst"].count(),
        "toi_sec": player["toi"].seconds(),
    }


def _saves(player: Node) -> tuple[int, int]:
    """(saves, shots against); older shapes give them only together, "33/35"."""
    if not player["saves"].is_null:
        return player["saves"].count(), player["shotsAgainst"].count()
    both = player["saveShotsAgainst"]
    saves, _, against = both.text().partition("/")
    return Node(saves, both.path).count(), Node(against, both.path).count()


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """Rows that are wholly equal once: a list that comes twice says nothing else."""
    return list({tuple(row.items()): row for row in rows}.values())


def _played(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["toi_sec"] > 0]


def _name_a_starter(goalies: list[Row]) -> None:
    """Older shapes do not say who started: then it is who played longest."""
    longest = max((row["toi_sec"] for row in goalies), default=0)
    for row in goalies:
        if row["is_starter"] is None:
            row["is_starter"] = row["toi_sec"] == longest


def _require_whole(team: Node, skaters: list[Row], goalies: list[Row]) -> None:
    """A team's goals are its skaters' or one more: the shootout's goal is nobody's, a goalie may score."""
    name = team["abbrev"].text()
    listed = Counter(row["player_id_nhl"] for row in [*skaters, *goalies])
    player, times = max(listed.items(), key=itemgetter(1), default=(None, 0))
    if times > 1:
        raise ShapeError(
            team.path, f"each player of {name} once", Told(f"player {player} with {times} different rows")
        )
    ice = sum(row["toi_sec"] for row in skaters)
    if len(skaters) < MIN_SKATERS or ice < MIN_SKATER_ICE_SEC:
        least = f"{MIN_SKATERS} skaters or more of {name} with {MIN_SKATER_ICE_SEC:,} s of ice time"
        raise ShapeError(team.path, least, Told(f"{len(skaters)} with {ice:,} s: it is cut off"))
    if not goalies:
        raise ShapeError(team.path, f"a goalie of {name} who played", Told("none: it is cut off"))
    unexplained = team["score"].count() - sum(row["goals"] for row in skaters)
    if unexplained not in (0, 1):
        goals = team["score"].count() - unexplained
        raise ShapeError(
            team["score"].path, f"the {goals} goals of {name}'s skaters, or one more", team["score"].value
        )
