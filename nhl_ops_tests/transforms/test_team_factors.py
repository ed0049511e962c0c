import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.contracts.projections import FEATURE_TEAM_FACTORS
from nhl_ops.domain.markets import Market
from nhl_ops.transforms.team_factors import team_factors
from nhl_ops_tests.transforms.small_season import (
    constants,
    games,
    goalie_games,
    known_after,
    on_day,
    skater_games,
    small_season,
    start_of,
)

K = constants()
TONIGHT = {"game_date": on_day(40), "game_id_nhl": 2025020400, "home_team": "TOR", "away_team": "BOS"}


def skater(day: int, team: str, opponent: str, player: int = 1, **changes):
    row = {"game_date": on_day(day), "game_id_nhl": 2025020000 + day, "player_id_nhl": player}
    return row | {"team": team, "opponent": opponent} | changes


def factor(skaters=None, goalies=None, team: str = "TOR", market: str = "SOG", **changes) -> pd.Series:
    rows = team_factors(
        skater_games() if skaters is None else skaters,
        goalie_games() if goalies is None else goalies,
        games(TONIGHT | changes),
        K,
    )
    return rows[(rows["team"] == team) & (rows["market"] == market)].iloc[0]


def open_and_tight(days: range = range(30)) -> pd.DataFrame:
    """MTL's shooters get 40 shots against TOR and 20 against NYR, in turn."""
    rows = [
        skater(day, "MTL", ("TOR", "NYR")[day % 2], player, shots_on_goal=(20, 10)[day % 2])
        for day in days
        for player in (1, 2)
    ]
    return skater_games(*rows)


def test_both_teams_of_a_game_get_a_row_a_market():
    rows = team_factors(skater_games(), goalie_games(), games(TONIGHT), K)
    assert rows[["team", "market"]].drop_duplicates().shape[0] == len(rows) == 2 * len(Market)
    assert list(rows.columns) == FEATURE_TEAM_FACTORS.column_names


def test_no_games_give_an_empty_table():
    assert team_factors(skater_games(), goalie_games(), games(), K).equals(FEATURE_TEAM_FACTORS.empty_frame())


@pytest.mark.parametrize("market", list(Market))
def test_without_history_every_team_is_average(market):
    row = factor(market=market.value)
    assert (row["for_factor"], row["against_factor"]) == (1.0, 1.0)
    assert row["league_mean"] == pytest.approx(K.teams[market].league_mean)


def test_a_team_that_allows_more_than_the_league_is_above_one_and_shrunk():
    allowed = factor(open_and_tight())["against_factor"]
    assert 1.05 < allowed < 40 / 30


def test_the_factor_is_the_shrunk_ratio_to_the_league():
    team, k = K.teams[Market.SOG], K.league_prior_games
    weight = 0.5 ** (5 / team.half_life_days)
    mean = (weight * 60 + k * team.league_mean) / (weight + k)
    shot = skater_games(skater(35, "MTL", "TOR", shots_on_goal=60))
    expected = (weight * 60 / mean + team.prior_games) / (weight + team.prior_games)
    assert factor(shot)["against_factor"] == pytest.approx(expected)
    assert factor(shot)["for_factor"] == 1.0


def test_a_game_counts_once_however_many_skaters_it_had():
    many = skater_games(*(skater(35, "MTL", "TOR", player, shots_on_goal=3) for player in range(10)))
    one = skater_games(skater(35, "MTL", "TOR", shots_on_goal=30))
    assert factor(many)["against_factor"] == pytest.approx(factor(one)["against_factor"])


def test_no_factor_leaves_its_bounds():
    flood = skater_games(*(skater(day, "MTL", "TOR", shots_on_goal=900) for day in range(39)))
    quiet = pd.concat([flood, skater_games(*(skater(day, "NYR", "BOS", 9) for day in range(39)))])
    assert factor(quiet)["against_factor"] <= K.factor_max
    assert factor(quiet, team="BOS")["against_factor"] >= K.factor_min


def test_shots_against_a_goalie_are_allowed_by_his_team_and_produced_by_the_other():
    played = [
        {"game_date": on_day(day), "game_id_nhl": 2025020000 + day, "player_id_nhl": 1}
        | {"team": "TOR", "opponent": "BOS", "shots_against": 40, "saves": 36}
        for day in range(30)
    ]
    goalies = goalie_games(*played)
    assert factor(goalies=goalies, market="SAVES")["against_factor"] > 1.0
    assert factor(goalies=goalies, market="SAVES")["for_factor"] == 1.0
    assert factor(goalies=goalies, market="SAVES", team="BOS")["for_factor"] > 1.0
    assert factor(goalies=goalies, market="SAVES")["league_mean"] > K.teams[Market.SAVES].league_mean


def test_shots_on_a_relief_goalie_count_for_the_team():
    night = {"game_date": on_day(35), "game_id_nhl": 2025020035, "team": "TOR", "opponent": "BOS"}
    pulled = goalie_games(
        night | {"player_id_nhl": 1, "shots_against": 12},
        night | {"player_id_nhl": 2, "shots_against": 18, "is_starter": False},
    )
    whole = goalie_games(night | {"player_id_nhl": 1, "shots_against": 30})
    columns = ["for_factor", "against_factor", "league_mean"]
    assert (
        factor(goalies=pulled, market="SAVES")[columns].tolist()
        == factor(goalies=whole, market="SAVES")[columns].tolist()
    )


def test_tonight_and_what_was_not_known_at_as_of_do_not_count():
    tonight = skater(40, "MTL", "TOR", shots_on_goal=60)
    unknown = skater(39, "MTL", "TOR", shots_on_goal=60, known_at_utc=start_of(on_day(41)))
    assert factor(skater_games(tonight, unknown))["against_factor"] == 1.0


def test_a_correction_changes_the_count_and_not_the_number_of_games():
    first = skater(30, "MTL", "TOR", shots_on_goal=20)
    corrected = first | {"shots_on_goal": 30, "row_hash": "v2", "known_at_utc": known_after(on_day(35))}
    assert factor(skater_games(first, corrected))["against_factor"] == pytest.approx(
        factor(skater_games(first | {"shots_on_goal": 30}))["against_factor"]
    )


def factors(season) -> pd.DataFrame:
    made = team_factors(season.skaters, season.goalies, season.games, K)
    return made.sort_values(["game_date", "game_id_nhl", "team", "market"]).reset_index(drop=True)


@settings(deadline=None, max_examples=5)
@given(seed=st.integers(0, 10_000))
def test_a_range_of_slates_equals_one_call_a_slate(seed):
    season = small_season(seed)
    singly = pd.concat([factors(season.only(day)) for day in season.slates], ignore_index=True)
    pd.testing.assert_frame_equal(factors(season), singly, rtol=1e-12, atol=0)


@settings(deadline=None, max_examples=5)
@given(seed=st.integers(0, 10_000), day=st.integers(0, 7))
def test_games_of_the_slate_and_after_change_nothing(seed, day):
    season = small_season(seed)
    slate = season.slates[day]
    pd.testing.assert_frame_equal(
        factors(season.only(slate)), factors(season.until(slate).only(slate)), rtol=1e-12, atol=0
    )
