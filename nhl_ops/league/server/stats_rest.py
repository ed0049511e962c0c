"""api.nhle.com/stats/rest: a row a player and game, only of games that have ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.cayenne import FilterError, parse_cayenne
from nhl_ops.league.server.games import GameBook
from nhl_ops.league.server.people import People

ROW_CAP = 10_000
DEFAULT_LIMIT = 50
NEVER = np.iinfo("int64").max

HEAD = {
    "gameId": "game_id",
    "gameDate": "game_date",
    "homeRoad": "home_road",
    "teamAbbrev": "team",
    "opponentTeamAbbrev": "opponent",
    "gamesPlayed": "games_played",
    "playerId": "player_id",
    "lastName": "last_name",
}
SKATER = HEAD | {"skaterFullName": "full_name", "positionCode": "position", "shootsCatches": None}
REPORTS: Mapping[str, tuple[str, Mapping[str, str | None]]] = {
    "skater/summary": (
        "skaters",
        SKATER
        | {"goals": "goals", "assists": "assists", "points": "points", "shots": "shots_on_goal"}
        | {"ppGoals": "power_play_goals", "ppPoints": "power_play_points", "shGoals": None, "shPoints": None}
        | {"evGoals": None, "evPoints": None, "otGoals": None, "gameWinningGoals": None}
        | {"penaltyMinutes": "pim", "plusMinus": "plus_minus", "shootingPct": "shooting_pct"}
        | {"faceoffWinPct": None, "pointsPerGame": "points_per_game", "timeOnIcePerGame": "toi_float"},
    ),
    "skater/realtime": (
        "skaters",
        SKATER
        | {"hits": "hits", "blockedShots": "blocked_shots", "giveaways": None, "takeaways": None}
        | {"missedShots": None, "totalShotAttempts": None, "emptyNetGoals": None, "firstGoals": None}
        | {"timeOnIcePerGame": "toi_float"},
    ),
    "skater/timeonice": (
        "skaters",
        SKATER
        | {"timeOnIce": "toi_sec", "timeOnIcePerGame": "toi_float", "evTimeOnIce": None}
        | {"ppTimeOnIce": "power_play_toi_sec", "shTimeOnIce": None, "otTimeOnIce": None, "shifts": "shifts"},
    ),
    "skater/powerplay": (
        "skaters",
        SKATER
        | {"ppGoals": "power_play_goals", "ppPoints": "power_play_points", "ppAssists": "power_play_assists"}
        | {"ppShots": None, "ppTimeOnIce": "power_play_toi_sec", "ppTimeOnIcePctPerGame": None},
    ),
    "goalie/summary": (
        "goalies",
        HEAD
        | {"goalieFullName": "full_name", "shootsCatches": None, "gamesStarted": "games_started"}
        | {"wins": "wins", "losses": "losses", "otLosses": "ot_losses", "saves": "saves"}
        | {"shotsAgainst": "shots_against", "goalsAgainst": "goals_against", "savePct": "save_pct"}
        | {"goalsAgainstAverage": None, "shutouts": None, "timeOnIce": "toi_sec"},
    ),
}
"""Report -> table and wire field -> column; a field that the league does not know is null."""

FILTERS = {"gameId": "game_id", "gameDate": "day", "seasonId": "season", "gameTypeId": "game_type"}
FILTERS |= {"playerId": "player_id"}


@dataclass(frozen=True)
class _Table:
    """One kind of player's games in the order of date, game and player, a numpy array a column."""

    columns: Mapping[str, np.ndarray]
    ended_us: np.ndarray


class StatsRest:
    """Pages of the stats API."""

    def __init__(self, dataset: LeagueDataset, games: GameBook, people: People) -> None:
        self._dataset, self._games, self._people = dataset, games, people

    def page(self, report: str, params: Mapping[str, str], now: datetime) -> dict[str, Any] | None:
        """One page and the full count; None for an unknown report. Raises FilterError for a bad request.

        Without a limit DEFAULT_LIMIT rows; -1 or 0 is all; never more than ROW_CAP.
        """
        if report not in REPORTS:
            return None
        if params.get("isGame", "false").lower() != "true":
            raise FilterError("this league keeps rows by game only; ask with isGame=true")
        source, fields = REPORTS[report]
        table = self._skaters if source == "skaters" else self._goalies
        found = self._filtered(table, params.get("cayenneExp", ""), now)
        found = _sorted(table, fields, found, params.get("sort", ""))
        start, limit = _whole(params, "start", 0), _whole(params, "limit", DEFAULT_LIMIT)
        size = ROW_CAP if limit <= 0 else min(limit, ROW_CAP)
        return {"data": _rows(table, fields, found[start : start + size]), "total": len(found)}

    def _filtered(self, table: _Table, expression: str, now: datetime) -> np.ndarray:
        mask = table.ended_us <= int(now.timestamp() * 1_000_000)
        for condition in parse_cayenne(expression):
            if condition.field not in FILTERS:
                raise FilterError(
                    f"cayenneExp field {condition.field!r} is unknown; use one of {sorted(FILTERS)}"
                )
            mask &= condition.mask(table.columns[FILTERS[condition.field]])
        return np.flatnonzero(mask)

    @cached_property
    def _skaters(self) -> _Table:
        frame = self._dataset.skater_games
        return self._table(
            frame.assign(
                shooting_pct=_ratio(frame["goals"], frame["shots_on_goal"]),
                points_per_game=frame["points"].astype("float64"),
                toi_float=frame["toi_sec"].astype("float64"),
                toi_sec=frame["toi_sec"].astype("int64"),
                power_play_toi_sec=frame["power_play_toi_sec"].round().astype("Int64"),
                power_play_assists=frame["power_play_points"] - frame["power_play_goals"],
            )
        )

    @cached_property
    def _goalies(self) -> _Table:
        frame = self._dataset.goalie_games
        played = frame.loc[frame["toi_sec"] > 0]
        return self._table(
            played.assign(
                toi_sec=played["toi_sec"].astype("int64"),
                games_started=played["is_starter"].astype("int64"),
                wins=(played["decision"] == "W").astype("int64"),
                losses=(played["decision"] == "L").astype("int64"),
                ot_losses=(played["decision"] == "O").astype("int64"),
                save_pct=_ratio(played["saves"], played["shots_against"]),
            )
        )

    def _table(self, frame: pd.DataFrame) -> _Table:
        games = [self._games.played_state(int(g)) for g in frame["game_id"].unique()]
        known = pd.DataFrame(
            {
                "game_id": [g.game_id for g in games],
                "game_date": [g.game_date for g in games],
                "day": [int(g.game_date.replace("-", "")) for g in games],
                "season": [g.season for g in games],
                "game_type": [g.game_type for g in games],
                "home": [g.home for g in games],
                "away": [g.away for g in games],
                "ended_us": [_micros(g.end) if g.stands and g.end else NEVER for g in games],
            }
        )
        people = pd.DataFrame(
            [(p.player_id, p.full_name, p.last, p.position) for p in self._people.by_id.values()],
            columns=["player_id", "full_name", "last_name", "position"],
        )
        joined = frame.merge(known, on="game_id").merge(people, on="player_id")
        joined = joined.sort_values(["game_date", "game_id", "player_id"], ignore_index=True)
        at_home = joined["team"] == joined["home"]
        joined = joined.assign(
            home_road=np.where(at_home, "H", "R"),
            opponent=joined["away"].where(at_home, joined["home"]),
            games_played=1,
        )
        return _Table({c: _column(joined[c]) for c in joined.columns}, joined["ended_us"].to_numpy())


def _column(values: pd.Series) -> np.ndarray:
    """A numpy array; with None for nulls where there are any, whole numbers stay whole."""
    if values.isna().any():
        held = values.astype("object")
        return held.where(held.notna(), None).to_numpy(dtype="object")
    return values.to_numpy(dtype="int64") if values.dtype == "Int64" else values.to_numpy()


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole.where(whole > 0)).round(5)


def _rows(table: _Table, fields: Mapping[str, str | None], picked: np.ndarray) -> list[dict[str, Any]]:
    nulls = [None] * len(picked)
    columns = [nulls if c is None else table.columns[c][picked].tolist() for c in fields.values()]
    return [dict(zip(fields, row, strict=True)) for row in zip(*columns, strict=True)]


def _sorted(table: _Table, fields: Mapping[str, str | None], found: np.ndarray, sort: str) -> np.ndarray:
    """Row numbers in the order that `sort` (a JSON array of property and direction) asks for, nulls last."""
    if not sort:
        return found
    try:
        wishes = [(w["property"], w.get("direction", "ASC").upper() == "DESC") for w in json.loads(sort)]
        columns = [(table.columns[fields[name]], down) for name, down in wishes if fields[name] is not None]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FilterError(f"sort {sort!r} is not a JSON array of known properties: {error}") from error
    keys = [_rank(column[found], down) for column, down in reversed(columns)]
    return found[np.lexsort(keys)] if keys else found


def _rank(column: np.ndarray, descending: bool) -> np.ndarray:
    ranks, _ = pd.factorize(column, sort=True)
    worst = len(column)
    return np.where(ranks < 0, worst, -ranks if descending else ranks)


def _whole(params: Mapping[str, str], name: str, default: int) -> int:
    text = params.get(name, str(default))
    try:
        return int(text)
    except ValueError as error:
        raise FilterError(f"{name}={text!r} is not a whole number") from error


def _micros(instant: datetime) -> int:
    return int(instant.astimezone(UTC).timestamp() * 1_000_000)
