"""Frames in the shape of the results tables for tests of the model: single rows, and a small random season."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS, FACT_GOALIE_GAMES, FACT_SKATER_GAMES
from nhl_ops.contracts.spec import Dtype, TableSpec
from nhl_ops.domain.model_constants import ModelConstants

CONFIG = Path(__file__).parents[2] / "config" / "model.toml"
OPENING_NIGHT = date(2025, 10, 7)
TEAMS = ("BOS", "TOR", "MTL", "NYR")
SKATERS_A_TEAM = 6
TEXT: dict[Dtype, Any] = {
    Dtype.INT: 0,
    Dtype.FLOAT: 0.0,
    Dtype.STRING: "x",
    Dtype.BOOL: False,
    Dtype.DATE: None,
}

Row = dict[str, Any]


def constants() -> ModelConstants:
    """The constants that the product ships with."""
    return ModelConstants.model_validate(tomllib.loads(CONFIG.read_text(encoding="utf-8")))


def on_day(number: int) -> str:
    """ISO date of the season's n-th day, 0 = opening night."""
    return (OPENING_NIGHT + timedelta(days=number)).isoformat()


def start_of(game_date: str) -> pd.Timestamp:
    """19:00 in New York on that date."""
    return pd.Timestamp(f"{game_date} 19:00", tz="America/New_York").tz_convert("UTC").as_unit("us")


def known_after(game_date: str, hours: float = 5.75) -> pd.Timestamp:
    """When a result of that date counts as known: so many hours after the start."""
    return start_of(game_date) + pd.Timedelta(hours=hours)


def skater_games(*rows: Row) -> pd.DataFrame:
    return _facts(FACT_SKATER_GAMES, rows, {"position": "C", "toi_sec": 900.0})


def goalie_games(*rows: Row) -> pd.DataFrame:
    return _facts(FACT_GOALIE_GAMES, rows, {"is_starter": True, "toi_sec": 3600.0})


def players(*rows: Row) -> pd.DataFrame:
    """dim_players: as-of is the start of the game unless given."""
    return _slate_rows(DIM_PLAYERS, rows, {"position": "C", "source": "roster", "is_home": True})


def games(*rows: Row) -> pd.DataFrame:
    """dim_games: as-of is the start of the game unless given."""
    return _slate_rows(DIM_GAMES, rows, {"is_playable": True, "season": 20252026, "game_type": "R"})


def _facts(spec: TableSpec, rows: tuple[Row, ...], defaults: Row) -> pd.DataFrame:
    full = []
    for given in rows:
        row = (
            defaults
            | {"season": 20252026, "game_type": "R", "source": "stats_rest", "row_hash": "v1"}
            | given
        )
        row.setdefault("known_at_utc", known_after(row["game_date"]))
        row.setdefault("captured_at_utc", row["known_at_utc"])
        full.append(row)
    return _conform(spec, full)


def _slate_rows(spec: TableSpec, rows: tuple[Row, ...], defaults: Row) -> pd.DataFrame:
    full = []
    for given in rows:
        start = start_of(given["game_date"])
        full.append(defaults | {"start_time_utc": start, "as_of_ts_utc": start} | given)
    return _conform(spec, full)


def _conform(spec: TableSpec, rows: list[Row]) -> pd.DataFrame:
    if not rows:
        return spec.empty_frame()
    blank = {c.name: None if c.nullable else TEXT.get(c.dtype) for c in spec.columns}
    return spec.conform(pd.DataFrame([blank | row for row in rows]))


@dataclass(frozen=True)
class Season:
    """History and slates of the same days: every game is played and every player of it is projected."""

    skaters: pd.DataFrame
    goalies: pd.DataFrame
    players: pd.DataFrame
    games: pd.DataFrame

    @property
    def slates(self) -> list[str]:
        return sorted(self.games["game_date"].unique())

    def until(self, day: str) -> "Season":
        """The same season as it was known when that day's slate was projected."""
        return Season(
            self.skaters[self.skaters["game_date"] < day],
            self.goalies[self.goalies["game_date"] < day],
            self.players[self.players["game_date"] <= day],
            self.games[self.games["game_date"] <= day],
        )

    def only(self, day: str) -> "Season":
        """The whole history with the slate of one day."""
        return Season(
            self.skaters,
            self.goalies,
            self.players[self.players["game_date"] == day],
            self.games[self.games["game_date"] == day],
        )


def small_season(seed: int, game_days: int = 8) -> Season:
    """Four teams that meet on random days; some results are corrected days later, some arrive late."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list[Row]] = {"skaters": [], "goalies": [], "players": [], "games": []}
    day = 0
    for number in range(game_days):
        day += int(rng.integers(1, 4))
        order = rng.permutation(TEAMS)
        for pair in range(2):
            _play(
                rng, rows, on_day(day), 2025020000 + 2 * number + pair, (order[2 * pair], order[2 * pair + 1])
            )
    return Season(
        _shuffled(rng, skater_games(*rows["skaters"])),
        _shuffled(rng, goalie_games(*rows["goalies"])),
        players(*rows["players"]),
        games(*rows["games"]),
    )


def _shuffled(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)


def _play(
    rng: np.random.Generator, rows: dict[str, list[Row]], day: str, game: int, sides: tuple[str, str]
) -> None:
    rows["games"].append(
        {"game_date": day, "game_id_nhl": game, "home_team": sides[0], "away_team": sides[1]}
    )
    for team, opponent in (sides, sides[::-1]):
        for number in range(SKATERS_A_TEAM + 1):
            position = "G" if number == SKATERS_A_TEAM else "CLRDDD"[number]
            who = {
                "game_date": day,
                "game_id_nhl": game,
                "player_id_nhl": 8470000 + 10 * TEAMS.index(team) + number,
                "team": team,
                "opponent": opponent,
                "is_home": team == sides[0],
            }
            rows["players"].append(who | {"position": position})
            if position == "G":
                rows["goalies"] += _versions(rng, who | _goalie_line(rng), "saves")
            else:
                rows["skaters"] += _versions(
                    rng, who | {"position": position} | _skater_line(rng), "shots_on_goal"
                )


def _skater_line(rng: np.random.Generator) -> Row:
    goals, assists = int(rng.poisson(0.2)), int(rng.poisson(0.3))
    counts = {"goals": goals, "assists": assists, "points": goals + assists}
    counts |= {"shots_on_goal": goals + int(rng.poisson(1.5)), "blocked_shots": int(rng.poisson(0.8))}
    return counts | {"toi_sec": float(rng.integers(500, 1500))}


def _goalie_line(rng: np.random.Generator) -> Row:
    saves, against = int(rng.poisson(26)), int(rng.poisson(2.8))
    return {"saves": saves, "shots_against": saves + against, "goals_against": against}


def _versions(rng: np.random.Generator, row: Row, corrected: str) -> list[Row]:
    """The row, one in ten known only days later, and for one in ten a correction days later."""
    late = float(rng.integers(20, 150)) if rng.random() < 0.1 else 5.75
    versions = [row | {"known_at_utc": known_after(row["game_date"], late)}]
    if rng.random() < 0.1:
        later = known_after(row["game_date"], late + float(rng.integers(10, 200)))
        versions.append(row | {corrected: row[corrected] + 1, "known_at_utc": later, "row_hash": "v2"})
    return versions
