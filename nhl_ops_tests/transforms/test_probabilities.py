import pandas as pd
import pytest

from nhl_ops.contracts.projections import (
    PROJECTION_GOALIE_MARKETS,
    PROJECTION_SKATER_MARKETS,
    SINGLE_GAME_PROP_PROBABILITIES,
)
from nhl_ops.domain.distributions import survival
from nhl_ops.domain.markets import SKATER_MARKETS, STANDARD_LADDER, Market
from nhl_ops.transforms.probabilities import prop_probabilities
from nhl_ops_tests.transforms.small_season import on_day, players, start_of

GAME = {"game_date": on_day(40), "game_id_nhl": 2025020400}
WHO = [
    GAME | {"player_id_nhl": 1, "player_name": "Auston Matthews", "team": "TOR", "opponent": "BOS"},
    GAME | {"player_id_nhl": 2, "player_name": "Jeremy Swayman", "team": "BOS", "position": "G"},
]
PLAYERS = players(*WHO)
NO_OFFERS = SINGLE_GAME_PROP_PROBABILITIES.empty_frame()


def projection(player: int, market: Market, mean: float, dispersion: float = 0.0) -> dict:
    return GAME | {
        "player_id_nhl": player,
        "market": market.value,
        "mean": mean,
        "mean_base": mean,
        "opponent_factor": 1.0,
        "home_factor": 1.0,
        "toi_sec_mean": 1000.0,
        "distribution": "negative_binomial" if dispersion else "poisson",
        "dispersion": dispersion,
        "games_played": 9,
        "is_fallback": False,
        "model_version": "test",
        "as_of_ts_utc": start_of(on_day(40)),
    }


SKATERS = PROJECTION_SKATER_MARKETS.conform(
    pd.DataFrame([projection(1, market, 1.5, 0.05 * (market is Market.SOG)) for market in SKATER_MARKETS])
)
GOALIES = PROJECTION_GOALIE_MARKETS.conform(pd.DataFrame([projection(2, Market.SAVES, 25.0, 0.03)]))


def offered(*lines: tuple[int, str, float]) -> pd.DataFrame:
    return pd.DataFrame([GAME | {"player_id_nhl": p, "market": m, "line": line} for p, m, line in lines])


def probabilities(offers: pd.DataFrame = NO_OFFERS) -> pd.DataFrame:
    return prop_probabilities(SKATERS, GOALIES, PLAYERS, offers)


def test_every_market_gets_the_standard_ladder():
    rows = probabilities()
    assert list(rows.columns) == SINGLE_GAME_PROP_PROBABILITIES.column_names
    for market, lines in STANDARD_LADDER.items():
        assert tuple(rows.loc[rows["market"] == market.value, "line"]) == lines


def test_p_over_comes_from_the_projected_mean_and_dispersion():
    rows = probabilities().set_index(["market", "line"])
    assert rows.loc[("SOG", 2.5), "p_over"] == pytest.approx(float(survival(2, 1.5, 0.05)))
    assert rows.loc[("GOALS", 0.5), "p_over"] == pytest.approx(float(survival(0, 1.5, 0.0)))
    assert rows.loc[("SAVES", 24.5), "p_over"] == pytest.approx(float(survival(24, 25.0, 0.03)))


def test_rows_carry_who_and_what_the_probability_is_for():
    row = probabilities().iloc[0]
    assert row[["player_name", "team", "opponent", "position"]].tolist() == [
        "Auston Matthews",
        "TOR",
        "BOS",
        "C",
    ]
    assert row[["mean", "is_fallback", "model_version"]].tolist() == [1.5, False, "test"]
    assert row["as_of_ts_utc"] == start_of(on_day(40))


def test_an_offered_whole_line_is_added_with_its_push():
    rows = probabilities(offered((1, "SOG", 2.0))).query("market == 'SOG'").set_index("line")
    assert rows.loc[2.0, "p_push"] > 0.2
    assert rows.loc[2.0, ["p_over", "p_push", "p_under"]].sum() == pytest.approx(1.0)
    assert (rows.drop(2.0)["p_push"] == 0.0).all()


def test_an_offered_line_beyond_the_ladder_is_added_for_that_player_and_market_alone():
    rows = probabilities(offered((1, "ASSISTS", 3.5)))
    assert len(rows) == len(probabilities()) + 1
    assert rows.query("line == 3.5 and market == 'ASSISTS'")["player_id_nhl"].tolist() == [1]


def test_a_line_that_many_books_offer_or_the_ladder_has_already_stays_one_row():
    rows = probabilities(offered((1, "SOG", 2.5), (1, "SOG", 6.5), (1, "SOG", 6.5)))
    assert len(rows) == len(probabilities()) + 1
    assert not rows.duplicated(list(SINGLE_GAME_PROP_PROBABILITIES.key)).any()


def test_a_line_on_somebody_without_a_projection_gives_no_row():
    strangers = offered((99, "SOG", 2.5), (1, "SAVES", 24.5), (2, "GOALS", 0.5))
    pd.testing.assert_frame_equal(probabilities(strangers), probabilities())


def test_a_line_offered_on_another_slate_of_a_postponed_game_gives_no_row():
    elsewhere = offered((1, "SOG", 7.5)).assign(game_date=on_day(60))
    pd.testing.assert_frame_equal(probabilities(elsewhere), probabilities())


def test_rows_come_by_game_player_market_and_line_whatever_order_went_in():
    rows = prop_probabilities(
        SKATERS[::-1], GOALIES, PLAYERS[::-1], offered((1, "SOG", 3.0), (1, "SOG", 1.0))
    )
    key = ["game_date", "game_id_nhl", "player_id_nhl", "market", "line"]
    assert rows[key].equals(rows[key].sort_values(key).reset_index(drop=True))


def test_a_quarter_line_that_slipped_through_is_refused_by_its_value():
    with pytest.raises(ValueError, match=r"\[2\.25\] are neither whole nor a half"):
        probabilities(offered((1, "SOG", 2.25)))


def test_a_slate_without_projections_gives_an_empty_table():
    rows = prop_probabilities(
        PROJECTION_SKATER_MARKETS.empty_frame(), PROJECTION_GOALIE_MARKETS.empty_frame(), players(), NO_OFFERS
    )
    assert rows.equals(SINGLE_GAME_PROP_PROBABILITIES.empty_frame())


def test_a_slate_whose_goalies_are_unknown_still_has_its_skaters():
    rows = prop_probabilities(SKATERS, PROJECTION_GOALIE_MARKETS.empty_frame(), PLAYERS, NO_OFFERS)
    assert set(rows["market"]) == {market.value for market in SKATER_MARKETS}
