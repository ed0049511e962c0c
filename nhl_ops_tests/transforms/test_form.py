import dataclasses

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.contracts.projections import FEATURE_GOALIE_FORM, FEATURE_SKATER_FORM
from nhl_ops.domain.markets import SKATER_MARKETS
from nhl_ops.transforms.form import goalie_form, is_playoff_game, skater_form
from nhl_ops_tests.transforms.small_season import (
    constants,
    goalie_games,
    known_after,
    on_day,
    players,
    skater_games,
    small_season,
    start_of,
)

K = constants()
TONIGHT = {"game_date": on_day(40), "game_id_nhl": 2025020400, "player_id_nhl": 1}
NO_HISTORY = skater_games()


def game(day: int, **changes):
    return {"game_date": on_day(day), "game_id_nhl": 2025020000 + day, "player_id_nhl": 1} | changes


def form_of(history: pd.DataFrame, market: str = "SOG", **changes) -> pd.Series:
    form = skater_form(history, players(TONIGHT | changes), K)
    return form[form["market"] == market].iloc[0]


def save_pct(history: pd.DataFrame) -> pd.Series:
    return goalie_form(history, players(TONIGHT | {"position": "G"}), K).iloc[0]


def test_every_skater_gets_a_row_a_market_and_no_goalie_does():
    form = skater_form(NO_HISTORY, players(TONIGHT, TONIGHT | {"player_id_nhl": 2, "position": "G"}), K)
    assert form["market"].tolist() == [m.value for m in SKATER_MARKETS]
    assert set(form["player_id_nhl"]) == {1}
    assert list(form.columns) == FEATURE_SKATER_FORM.column_names


def test_a_slate_without_skaters_or_goalies_gives_empty_tables():
    goalies = players(TONIGHT | {"position": "G"})
    assert skater_form(NO_HISTORY, goalies, K).equals(FEATURE_SKATER_FORM.empty_frame())
    assert goalie_form(goalie_games(), players(TONIGHT), K).equals(FEATURE_GOALIE_FORM.empty_frame())


@pytest.mark.parametrize(("position", "side"), [("C", "forward"), ("L", "forward"), ("D", "defence")])
def test_without_history_the_prior_of_the_position_stands_alone(position, side):
    row = form_of(NO_HISTORY, position=position)
    prior_sec = getattr(K.ice_time.prior_sec, side)
    market = K.skaters["SOG"]
    role = prior_sec / getattr(K.ice_time.reference_sec, side)
    rate = getattr(market.league_rate_per_hour, side) * role ** getattr(market.ice_time_exponent, side)
    assert (row["games_played"], row["weight_sum"]) == (0, 0.0)
    assert row["toi_sec_mean"] == pytest.approx(prior_sec)
    assert row["rate_per_hour"] == pytest.approx(rate * getattr(market.calibration, side))


def test_ice_time_is_a_fast_mean_shrunk_to_a_slow_mean_shrunk_to_the_prior():
    ice = K.ice_time
    slow, fast = 0.5 ** (10 / ice.base_half_life_days), 0.5 ** (10 / ice.recent_half_life_days)
    base = (slow * 1200 + ice.base_prior_games * ice.prior_sec.forward) / (slow + ice.base_prior_games)
    expected = (fast * 1200 + ice.recent_prior_games * base) / (fast + ice.recent_prior_games)
    assert form_of(skater_games(game(30, toi_sec=1200.0)))["toi_sec_mean"] == pytest.approx(expected)


def test_the_newest_game_moves_ice_time_most():
    rising = skater_games(game(20, toi_sec=600.0), game(38, toi_sec=1200.0))
    falling = skater_games(game(20, toi_sec=1200.0), game(38, toi_sec=600.0))
    assert form_of(rising)["toi_sec_mean"] > form_of(falling)["toi_sec_mean"] + 100


def test_a_long_record_outweighs_the_prior():
    shooter = skater_games(*(game(day, shots_on_goal=5, toi_sec=1200.0) for day in range(40)))
    row = form_of(shooter)
    assert row["games_played"] == 40
    assert row["weight_sum"] == pytest.approx(
        sum(0.5 ** (age / K.skaters["SOG"].half_life_days) for age in range(1, 41))
    )
    assert row["rate_per_hour"] == pytest.approx(15.0, rel=0.08)
    assert row["toi_sec_mean"] == pytest.approx(1200.0, rel=0.03)


def test_more_ice_time_means_a_higher_scoring_rate_before_any_record_of_scoring():
    few = form_of(skater_games(game(38, toi_sec=500.0)), "POINTS")
    many = form_of(skater_games(game(38, toi_sec=1300.0)), "POINTS")
    assert many["rate_per_hour"] > 1.2 * few["rate_per_hour"]


def test_who_shoots_more_is_expected_to_score_more():
    shy = skater_games(*(game(day, shots_on_goal=0) for day in range(30, 40)))
    eager = skater_games(*(game(day, shots_on_goal=6) for day in range(30, 40)))
    assert form_of(eager, "GOALS")["rate_per_hour"] > 1.5 * form_of(shy, "GOALS")["rate_per_hour"]
    assert form_of(eager, "BLOCKS")["rate_per_hour"] == form_of(shy, "BLOCKS")["rate_per_hour"]


def test_a_league_that_blocks_more_now_lifts_players_with_old_records():
    league = {"player_id_nhl": 100, "toi_sec": 90_000.0}
    steady = [game(day, **league, blocked_shots=100) for day in range(-300, 40, 2)]
    rising = [row | {"blocked_shots": 200} if row["game_date"] > on_day(-20) else row for row in steady]
    veteran = [game(day, blocked_shots=1) for day in range(-200, -120)]
    after, before = (form_of(skater_games(*rows, *veteran), "BLOCKS") for rows in (rising, steady))
    assert after["rate_per_hour"] > 1.2 * before["rate_per_hour"]


def test_a_playoff_game_has_the_playoff_level():
    season = form_of(NO_HISTORY, "BLOCKS")["rate_per_hour"]
    playoff = form_of(NO_HISTORY, "BLOCKS", game_id_nhl=2025030111)["rate_per_hour"]
    assert playoff == pytest.approx(season * K.skaters["BLOCKS"].playoff_factor)
    assert is_playoff_game(pd.Series([2025020001, 2025030111, 2025010001])).tolist() == [False, True, False]


def test_tonight_and_later_games_do_not_count():
    history = skater_games(game(40, shots_on_goal=9), game(41, shots_on_goal=9))
    pd.testing.assert_series_equal(form_of(history), form_of(NO_HISTORY))


def test_a_result_that_was_not_known_at_as_of_does_not_count():
    late = skater_games(
        game(39, shots_on_goal=9, known_at_utc=start_of(on_day(40)) + pd.Timedelta(seconds=1))
    )
    in_time = skater_games(game(39, shots_on_goal=9, known_at_utc=start_of(on_day(40))))
    assert form_of(late)["games_played"] == 0
    assert form_of(in_time)["games_played"] == 1


def test_a_correction_counts_from_its_capture_on():
    first = game(10, shots_on_goal=2)
    corrected = first | {"shots_on_goal": 6, "row_hash": "v2", "known_at_utc": known_after(on_day(20))}
    both = skater_games(first, corrected)
    before = {"as_of_ts_utc": start_of(on_day(15)), "game_date": on_day(15)}
    assert form_of(both, **before)["rate_per_hour"] == form_of(skater_games(first), **before)["rate_per_hour"]
    assert form_of(both)["rate_per_hour"] == pytest.approx(
        form_of(skater_games(first | {"shots_on_goal": 6}))["rate_per_hour"]
    )
    assert form_of(both)["games_played"] == 1


def test_a_goalie_without_history_has_the_leagues_save_percentage():
    row = save_pct(goalie_games())
    assert (row["games_played"], row["weight_sum"]) == (0, 0.0)
    assert row["save_pct"] == pytest.approx(K.goalies.league_save_pct)


def test_relief_is_part_of_the_save_percentage_and_not_of_the_starts():
    start, relief = (
        {"saves": 30, "shots_against": 30},
        {"saves": 10, "shots_against": 10, "is_starter": False},
    )
    row = save_pct(goalie_games(game(30, **start), game(32, **relief)))
    assert row["games_played"] == 1
    assert row["weight_sum"] > 1.0
    assert row["save_pct"] > save_pct(goalie_games(game(30, **start)))["save_pct"]


def test_one_bad_night_moves_a_save_percentage_little():
    row = save_pct(goalie_games(game(39, saves=20, shots_against=28, goals_against=8)))
    assert K.goalies.league_save_pct - 0.01 < row["save_pct"] < K.goalies.league_save_pct


SORTED = {
    "skater": ["game_id_nhl", "player_id_nhl", "market"],
    "goalie": ["game_id_nhl", "player_id_nhl"],
}


def forms(season, kind: str) -> pd.DataFrame:
    made = (
        skater_form(season.skaters, season.players, K)
        if kind == "skater"
        else goalie_form(season.goalies, season.players, K)
    )
    return made.sort_values(SORTED[kind]).reset_index(drop=True)


@settings(deadline=None, max_examples=5)
@given(seed=st.integers(0, 10_000), kind=st.sampled_from(["skater", "goalie"]))
def test_a_range_of_slates_equals_one_call_a_slate(seed, kind):
    season = small_season(seed)
    singly = pd.concat([forms(season.only(day), kind) for day in season.slates], ignore_index=True)
    together = forms(season, kind).sort_values(["game_date", *SORTED[kind]]).reset_index(drop=True)
    pd.testing.assert_frame_equal(together, singly, rtol=1e-12, atol=0)


@settings(deadline=None, max_examples=5)
@given(seed=st.integers(0, 10_000), kind=st.sampled_from(["skater", "goalie"]), day=st.integers(0, 7))
def test_games_of_the_slate_and_after_change_nothing(seed, kind, day):
    season = small_season(seed)
    slate = season.slates[day]
    pd.testing.assert_frame_equal(
        forms(season.only(slate), kind), forms(season.until(slate).only(slate), kind), rtol=1e-12, atol=0
    )


@settings(deadline=None, max_examples=5)
@given(seed=st.integers(0, 10_000), kind=st.sampled_from(["skater", "goalie"]), day=st.integers(1, 7))
def test_versions_that_become_known_after_as_of_change_nothing(seed, kind, day):
    season = small_season(seed).only(small_season(seed).slates[day])
    as_of = season.players["as_of_ts_utc"].max()
    skaters, goalies = (
        f[f["known_at_utc"] <= as_of].assign(known_at_utc=as_of + pd.Timedelta("1us"), row_hash="later")
        for f in (season.skaters, season.goalies)
    )
    skaters["shots_on_goal"] += 5
    goalies["saves"] -= 5
    later = dataclasses.replace(
        season,
        skaters=pd.concat([season.skaters, skaters]),
        goalies=pd.concat([season.goalies, goalies]),
    )
    pd.testing.assert_frame_equal(forms(later, kind), forms(season, kind), rtol=1e-12, atol=0)
