"""Games and what players did in them, from the recorded result tables."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from nhl_ops.domain.slates import GAME_LENGTH
from nhl_ops.league.dataset import GAME_COLUMNS, GOALIE_GAME_COLUMNS, SKATER_GAME_COLUMNS
from nhl_ops.league.recorded.files import read_tables

REGULATION_SEC = 3600

_GAMES = ["season", "game_id", "game_type", "game_date", "start_time_utc", "home_team_abbr", "away_team_abbr"]
_GAMES += ["home_goals_no_so", "away_goals_no_so"]
_PERSON = ["season", "game_id", "game_date", "player_id", "full_name", "team", "toi_sec"]
_SKATERS = [*_PERSON, "position", "sweater_number", "goals", "assists", "points", "shots_on_goal"]
_SKATERS += ["blocked_shots", "hits", "power_play_goals", "shifts", "plus_minus", "pim"]
_GOALIES = [*_PERSON, "starter", "decision", "shots_against", "saves", "goals_against"]


def recorded_seasons(folder: Path, count: int) -> list[int]:
    """The last `count` season ids with results. Raises FileNotFoundError without a table of games."""
    games = read_tables(folder, "stats/games_*.parquet", ["season"])
    if games.empty:
        raise FileNotFoundError(
            f"{folder} has no games in stats/games_*.parquet; point NHL_OPS_LEAGUE_DATA at a recorded folder"
        )
    return sorted(int(s) for s in games["season"].unique())[-count:]


def read_skaters(folder: Path, seasons: Sequence[int]) -> pd.DataFrame:
    """Raw skater games, a row a skater and game; `pp_points_gamelog` is null where nobody recorded it."""
    frame = read_tables(
        folder,
        "stats/skater_games_*.parquet",
        _SKATERS,
        optional=["pp_points_gamelog"],
        seasons=seasons,
    )
    return frame.drop_duplicates(["game_id", "player_id"], keep="last", ignore_index=True)


def read_goalies(folder: Path, seasons: Sequence[int]) -> pd.DataFrame:
    """Raw goalie games; a backup who did not play has toi_sec 0."""
    frame = read_tables(folder, "stats/goalie_games_*.parquet", _GOALIES, seasons=seasons)
    return frame.drop_duplicates(["game_id", "player_id"], keep="last", ignore_index=True)


def load_games(folder: Path, seasons: Sequence[int], goalies: pd.DataFrame) -> pd.DataFrame:
    """Games in `GAME_COLUMNS`; every one was played, so each has one row. The end is nominal (GAME_LENGTH).

    Where no final score is recorded it is the goals without the shootout plus the shootout winner's one.
    """
    scores = ["home_score", "away_score"]
    raw = read_tables(folder, "stats/games_*.parquet", _GAMES, optional=scores, seasons=seasons)
    raw = raw.drop_duplicates("game_id", keep="last").sort_values(["game_date", "start_time_utc", "game_id"])
    start = raw["start_time_utc"].astype("datetime64[us, UTC]")
    frame = pd.DataFrame(
        {
            "game_id": raw["game_id"].astype("int64"),
            "season": raw["season"].astype("int64"),
            "game_type": raw["game_type"],
            "game_date": raw["game_date"].astype(str),
            "start_time_utc": start,
            "end_time_utc": start + GAME_LENGTH,
            "home": raw["home_team_abbr"],
            "away": raw["away_team_abbr"],
            "schedule_state": "OK",
            "state_from_utc": pd.Series(pd.NaT, index=raw.index, dtype="datetime64[us, UTC]"),
        }
    )
    home, away = raw["home_goals_no_so"].astype("int64"), raw["away_goals_no_so"].astype("int64")
    home_won = _winners(goalies).reindex(frame["game_id"]).to_numpy() == frame["home"].to_numpy()
    shootout = (home == away).to_numpy()
    recorded = raw[scores].astype("Int64")
    frame["home_score"] = recorded["home_score"].fillna(home + (shootout & home_won)).astype("int64")
    frame["away_score"] = recorded["away_score"].fillna(away + (shootout & ~home_won)).astype("int64")
    longest = _team_goalie_seconds(goalies).reindex(frame["game_id"]).fillna(0.0).to_numpy()
    frame["last_period_type"] = np.where(shootout, "SO", np.where(longest > REGULATION_SEC, "OT", "REG"))
    return frame[GAME_COLUMNS].reset_index(drop=True)


def _winners(goalies: pd.DataFrame) -> pd.Series:
    """Team of the goalie who got the win, by game: the record leaves the shootout's deciding goal out."""
    won = goalies.loc[goalies["decision"] == "W"]
    return won.drop_duplicates("game_id").set_index("game_id")["team"]


def _team_goalie_seconds(goalies: pd.DataFrame) -> pd.Series:
    """The longer of both teams' goalie time, by game: pulling the goalie shortens one of them."""
    by_team = goalies.groupby(["game_id", "team"])["toi_sec"].sum()
    return by_team.groupby("game_id").max()


def skater_games(raw: pd.DataFrame) -> pd.DataFrame:
    """Skater games in `SKATER_GAME_COLUMNS`. Power-play ice time is not recorded: null, never 0."""
    frame = raw.rename(columns={"pp_points_gamelog": "power_play_points"}).assign(power_play_toi_sec=np.nan)
    counted = [c for c in SKATER_GAME_COLUMNS if c not in ("team", "power_play_points", "power_play_toi_sec")]
    types = dict.fromkeys(counted, "int64") | {"power_play_points": "Int64", "power_play_toi_sec": "float64"}
    return frame[SKATER_GAME_COLUMNS].astype(types)


def goalie_games(raw: pd.DataFrame) -> pd.DataFrame:
    """Goalie games in `GOALIE_GAME_COLUMNS`, dressed backups included."""
    frame = raw.rename(columns={"starter": "is_starter"})
    counted = ["game_id", "player_id", "shots_against", "saves", "goals_against", "toi_sec"]
    return frame[GOALIE_GAME_COLUMNS].astype(dict.fromkeys(counted, "int64") | {"is_starter": "bool"})
