"""The model on a real season, walk-forward, against the reference predictors of the shared data."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS, FACT_GOALIE_GAMES, FACT_SKATER_GAMES
from nhl_ops.domain.markets import STAT_COLUMN, Market
from nhl_ops.transforms.form import goalie_form, skater_form
from nhl_ops.transforms.probabilities import prop_probabilities
from nhl_ops.transforms.projections import project_goalies, project_skaters
from nhl_ops.transforms.team_factors import team_factors
from nhl_ops_tests.transforms.small_season import constants

SHARED = Path(os.environ.get("NHL_OPS_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
STATS = SHARED / "stats"
pytestmark = pytest.mark.skipif(not STATS.is_dir(), reason=f"no shared data at {STATS}")

REFERENCE = [
    ("GOALS", 0.5, 0.3924),
    ("ASSISTS", 0.5, 0.5190),
    ("POINTS", 0.5, 0.5944),
    ("SOG", 1.5, 0.6108),
    ("SOG", 2.5, 0.4579),
    ("SOG", 3.5, 0.2807),
    ("BLOCKS", 0.5, 0.6267),
    ("BLOCKS", 1.5, 0.4203),
    ("SAVES", 24.5, 0.6726),
    ("SAVES", 27.5, 0.6113),
    ("SAVES", 29.5, 0.5212),
]
"""Log-loss to beat on 2025-10-07..2026-02-28: predictor R2, for saves the one with an opponent term."""


def facts(file: str, starts: pd.Series, renames: dict[str, str]) -> pd.DataFrame:
    """Two seasons of one stats file in the shape of the fact tables, versions aside."""
    rows = pd.read_parquet(STATS / file, filters=[("season", ">=", 20242025)])
    rows = rows.rename(columns={"game_id": "game_id_nhl", "player_id": "player_id_nhl"} | renames)
    known = rows["game_id_nhl"].map(starts) + pd.Timedelta(hours=5.75)
    return rows.assign(
        player_name=rows["full_name"],
        is_home=rows["home_away"] == "home",
        start_time_utc=rows["game_id_nhl"].map(starts),
        known_at_utc=known,
        captured_at_utc=known,
        source="stats_rest",
        payload_hash="x",
        row_hash="v1",
        power_play_points=pd.NA,
        power_play_toi_sec=np.nan,
    )


@pytest.fixture(scope="module")
def season() -> pd.DataFrame:
    """Probabilities of everybody who played in 2025-26, with what he did."""
    schedule = pd.read_parquet(STATS / "games_2011-12_to_2026-02.parquet")
    starts = schedule.set_index("game_id")["start_time_utc"]
    skaters = facts("skater_games_2021-22_to_2026-02.parquet", starts, {})
    goalies = facts("goalie_games_2011-12_to_2026-02.parquet", starts, {"starter": "is_starter"})
    goalies = goalies[goalies["toi_sec"] > 0]
    played = pd.concat([skaters, goalies[goalies["is_starter"]].assign(position="G")])
    played = played[(played["season"] == 20252026) & (played["game_date"] <= "2026-02-28")]
    people = DIM_PLAYERS.conform(
        played.assign(
            name_key="x", birth_date=None, as_of_ts_utc=played["start_time_utc"], source="appearance"
        )
    )
    slate_games = DIM_GAMES.conform(
        schedule[schedule["season"] == 20252026]
        .rename(
            columns={"game_id": "game_id_nhl", "home_team_abbr": "home_team", "away_team_abbr": "away_team"}
        )
        .assign(schedule_state="OK", is_playable=True, as_of_ts_utc=lambda g: g["start_time_utc"])
    )
    return projected(
        FACT_SKATER_GAMES.conform(skaters), FACT_GOALIE_GAMES.conform(goalies), people, slate_games
    ).merge(played, on=["game_id_nhl", "player_id_nhl"], suffixes=("", "_played"))


def projected(
    skaters: pd.DataFrame, goalies: pd.DataFrame, people: pd.DataFrame, slate_games: pd.DataFrame
) -> pd.DataFrame:
    values = constants()
    factors = team_factors(skaters, goalies, slate_games, values)
    return prop_probabilities(
        project_skaters(skater_form(skaters, people, values), factors, people, values),
        project_goalies(goalie_form(goalies, people, values), factors, people, values),
        people,
        SINGLE_GAME_PROP_PROBABILITIES.empty_frame(),
    )


@pytest.mark.parametrize(("market", "line", "to_beat"), REFERENCE)
def test_the_model_beats_the_reference_without_bias(season, market, line, to_beat):
    rows = season[(season["market"] == market) & (season["line"] == line)]
    went_over = rows[STAT_COLUMN[Market(market)]].to_numpy(float) > line
    p = rows["p_over"].to_numpy().clip(1e-4, 1 - 1e-4)
    log_loss = -np.where(went_over, np.log(p), np.log1p(-p)).mean()
    assert len(rows) == (1890 if market == "SAVES" else 34019)
    assert log_loss < to_beat
    assert abs(p.mean() - went_over.mean()) <= 0.015
