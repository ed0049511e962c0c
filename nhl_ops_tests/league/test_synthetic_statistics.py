"""A full synthetic league is real in its statistics."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.synthetic import build_synthetic

ANCHOR = date(2026, 11, 21)


@pytest.fixture(scope="module")
def league() -> LeagueDataset:
    return build_synthetic(11, ANCHOR, priced_slates=1, priced_ahead=0)


@pytest.fixture(scope="module")
def rows(league: LeagueDataset) -> pd.DataFrame:
    """Skater-games with position, season and date, home ice and the score."""
    games = league.games[league.games["schedule_state"] == "OK"]
    out = league.skater_games.merge(games[["game_id", "season", "game_date", "home"]], on="game_id")
    out = out.merge(league.players[["player_id", "position"]], on="player_id")
    return out.assign(is_home=out["team"] == out["home"], is_defence=out["position"] == "D")


@pytest.mark.parametrize(
    ("statistic", "mean", "dispersion"),
    [
        ("shots_on_goal", 1.6, 1.4),
        ("blocked_shots", 0.8, 1.4),
        ("assists", 0.30, 1.10),
        ("goals", 0.17, 1.08),
        ("points", 0.45, 1.15),
    ],
)
def test_mean_and_dispersion_are_those_of_the_field(
    rows: pd.DataFrame, statistic: str, mean: float, dispersion: float
) -> None:
    values = rows[statistic]
    assert values.mean() == pytest.approx(mean, rel=0.05)
    assert values.var() / values.mean() == pytest.approx(dispersion, abs=0.05)


def test_full_league_plays_32_teams_and_8_games_tonight(league: LeagueDataset) -> None:
    previous = league.games[league.games["season"] == 20252026]
    assert len(previous) == 1312
    assert previous["home"].nunique() == 32
    assert (league.games["game_date"] == ANCHOR.isoformat()).sum() == 8


def test_team_has_played_about_45_games_with_tonight(league: LeagueDataset) -> None:
    games = league.games[(league.games["season"] == 20262027) & (league.games["schedule_state"] == "OK")]
    so_far = games[games["game_date"] <= ANCHOR.isoformat()]
    counts = so_far["home"].value_counts().add(so_far["away"].value_counts(), fill_value=0)
    assert counts.between(40, 48).all()


@pytest.mark.parametrize("statistic", ["shots_on_goal", "blocked_shots", "points", "toi_sec"])
def test_talent_lasts_from_season_to_season(rows: pd.DataFrame, statistic: str) -> None:
    rates = rows.groupby(["player_id", "season"])[statistic].agg(["mean", "size"])
    rates = rates[rates["size"] >= 30]["mean"].unstack().dropna()
    assert len(rates) > 300
    assert rates.corr().iloc[0, 1] > 0.6


def test_half_seasons_of_one_player_agree_beyond_his_ice_time(rows: pd.DataFrame) -> None:
    forwards = rows[~rows["is_defence"] & (rows["season"] == 20252026)]
    even = forwards.groupby("player_id").cumcount() % 2
    halves = forwards.groupby(["player_id", even])[["shots_on_goal", "toi_sec"]].sum()
    per_hour = (halves["shots_on_goal"] / halves["toi_sec"]).unstack().dropna()
    assert per_hour.corr().iloc[0, 1] > 0.4


def test_defencemen_block_and_forwards_score(rows: pd.DataFrame) -> None:
    means = rows.groupby("is_defence")[["blocked_shots", "goals", "shots_on_goal", "toi_sec"]].mean()
    assert means.loc[True, "blocked_shots"] > 2 * means.loc[False, "blocked_shots"]
    assert means.loc[False, "goals"] > 2 * means.loc[True, "goals"]
    assert means.loc[False, "shots_on_goal"] > means.loc[True, "shots_on_goal"]
    assert 19 * 60 < means.loc[True, "toi_sec"] < 21 * 60


def test_five_skaters_share_the_hour(rows: pd.DataFrame) -> None:
    totals = rows.groupby(["game_id", "team"])["toi_sec"].sum()
    assert totals.between(16_900, 18_700).all()
    assert totals.mean() == pytest.approx(17_500, rel=0.02)


def test_power_play_belongs_to_ten_men(rows: pd.DataFrame) -> None:
    regular = rows["power_play_toi_sec"] > 60
    per_team = regular.groupby([rows["game_id"], rows["team"]]).sum()
    assert per_team.median() == pytest.approx(10, abs=1)
    share = rows["power_play_goals"].sum() / rows["goals"].sum()
    assert 0.15 < share < 0.30


def test_home_ice_and_rest_help_a_little(league: LeagueDataset, rows: pd.DataFrame) -> None:
    shots = rows.groupby(["game_id", "team", "is_home", "game_date"])["shots_on_goal"].sum().reset_index()
    assert (
        1.0
        < shots[shots["is_home"]]["shots_on_goal"].mean() / shots[~shots["is_home"]]["shots_on_goal"].mean()
        < 1.08
    )
    day = pd.to_datetime(shots["game_date"])
    tired = day.sort_values().groupby(shots["team"]).diff().dt.days == 1
    assert 0.1 < tired.mean() < 0.3
    ratio = (
        shots.loc[tired, "shots_on_goal"].mean()
        / shots.loc[~tired.reindex(shots.index), "shots_on_goal"].mean()
    )
    assert 0.92 < ratio < 1.0


def test_about_a_fifth_of_games_goes_beyond_regulation(league: LeagueDataset) -> None:
    share = league.games["last_period_type"].value_counts(normalize=True)
    assert 0.17 < 1 - share["REG"] < 0.26
    assert 0.04 < share["SO"] < 0.10


def test_starters_save_about_nine_of_ten(league: LeagueDataset) -> None:
    starts = league.goalie_games[league.goalie_games["is_starter"]]
    assert starts["saves"].sum() / starts["shots_against"].sum() == pytest.approx(0.894, abs=0.01)
    assert 6.0 < starts["saves"].std() < 8.5
    shares = (
        starts.groupby(["team", "player_id"]).size().groupby("team").max() / starts.groupby("team").size()
    )
    assert shares.median() < 0.75


def test_some_teams_shoot_more_than_others(rows: pd.DataFrame) -> None:
    per_game = rows[rows["season"] == 20252026].groupby(["team", "game_id"])["shots_on_goal"].sum()
    by_team = per_game.groupby("team").mean()
    noise = per_game.groupby("team").std() / np.sqrt(82)
    assert by_team.var() > 3 * (noise**2).mean()
