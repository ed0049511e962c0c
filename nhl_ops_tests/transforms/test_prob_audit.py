import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from nhl_ops.transforms.best_bets import best_bets
from nhl_ops.transforms.fair_prices import fair_prices
from nhl_ops.transforms.prob_audit import prob_audit
from nhl_ops_tests.transforms.ev_frames import (
    facts,
    games,
    players,
    policy,
    probabilities,
    projected,
)

LIMITS = policy(min_ev_pct=-50.0)


def sides(book: str, over: int, under: int, **more: object) -> list[dict[str, object]]:
    return [
        {
            "quote_id": f"{book}-{side}",
            "book_id": book,
            "book_name": book,
            "side": side,
            "price_american": price,
        }
        | more
        for side, price in (("OVER", over), ("UNDER", under))
    ]


ROWS = [*sides("DraftKings", 130, -150), *sides("FanDuel", -120, 100), *sides("Pinnacle", -105, -115)]


def audited(
    *rows: dict[str, object], model: pd.DataFrame | None = None, means: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = probabilities({}) if model is None else model
    prices = fair_prices(facts(*rows), games({}), players({}), table, LIMITS)
    bets = best_bets(prices, LIMITS)
    audit = prob_audit(bets, prices, projected({}) if means is None else means, table, LIMITS)
    return bets, audit


def of_side(bets: pd.DataFrame, audit: pd.DataFrame, side: str) -> pd.DataFrame:
    bet = bets.loc[bets["side"] == side, "bet_id"].item()
    return audit[audit["bet_id"] == bet].set_index("quantity")


def test_every_number_of_a_bet_is_derived_in_order() -> None:
    bets, audit = audited(*ROWS)
    steps = of_side(bets, audit, "OVER")
    assert steps.index.tolist() == [
        "mean_base",
        "opponent_factor",
        "home_factor",
        "mean",
        "dispersion",
        "prob_model",
        "price_decimal",
        "prob_implied",
        "prob_devig_book FanDuel",
        "prob_devig_book Pinnacle",
        "prob_consensus",
        "fair_price_decimal",
        "break_even_price_decimal",
        "ev_pct",
        "ev_model_pct",
    ]
    assert steps["step"].tolist() == list(range(1, 16))


@pytest.mark.parametrize("side", ["OVER", "UNDER"])
def test_each_number_follows_from_the_numbers_before_it(side: str) -> None:
    bets, audit = audited(*ROWS)
    value = of_side(bets, audit, side)["value"]
    bet = bets[bets["side"] == side].iloc[0]
    assert value["mean"] == pytest.approx(
        value["mean_base"] * value["opponent_factor"] * value["home_factor"]
    )
    assert value["prob_implied"] == pytest.approx(1 / value["price_decimal"])
    others = [v for name, v in value.items() if str(name).startswith("prob_devig_book")]
    assert value["prob_consensus"] == pytest.approx(expit(np.mean(logit(others))))
    assert value["fair_price_decimal"] == pytest.approx(1 / value["prob_consensus"])
    assert value["ev_pct"] == pytest.approx(100 * (value["prob_consensus"] * value["price_decimal"] - 1))
    assert value["ev_model_pct"] == pytest.approx(100 * (value["prob_model"] * value["price_decimal"] - 1))
    assert value[["ev_pct", "prob_model", "prob_consensus"]].tolist() == pytest.approx(
        bet[["ev_pct", "prob_model", "prob_consensus"]].tolist()
    )


def test_the_figures_stand_in_the_text() -> None:
    text = of_side(*audited(*ROWS), "OVER")["derivation"]
    assert text["mean"] == "2.5000 x 1.0000 x 1.1200 = 2.8000"
    assert text["price_decimal"] == "+130 at DraftKings: 1 + 130 / 100"
    assert text["prob_devig_book FanDuel"] == (
        "over 1.833 and under 2.000: 0.5455 + 0.5000 = 1.0455, hold 4.55 %, probit = 0.5228"
    )
    assert text["prob_model"] == "over wins: P(X < 2.5) 0.4500, P(X = 2.5) 0.0000, P(X > 2.5) 0.5500"
    assert text["ev_pct"].startswith("100 x (0.50")


def test_decimal_odds_are_not_derived_from_rounded_american_ones() -> None:
    rows = [*sides("PlayNow", 130, -150, price_decimal=2.33, source_vendor="PLAYNOW"), *ROWS[2:]]
    bets, audit = audited(*rows)
    text = of_side(bets[bets["book_name"] == "PlayNow"], audit, "OVER")["derivation"]
    assert text["price_decimal"] == "decimal odds as PLAYNOW sent them for PlayNow, about +130"


def test_a_push_is_part_of_the_derivation_of_a_whole_line() -> None:
    model = probabilities({"line": 3.0, "p_over": 0.4, "p_push": 0.2, "p_under": 0.4})
    steps = of_side(*audited(*(row | {"line": 3.0} for row in ROWS), model=model), "OVER")
    assert steps.loc["prob_push_model", "value"] == 0.2
    p, d = steps.loc["prob_consensus", "value"], steps.loc["price_decimal", "value"]
    assert steps.loc["ev_pct", "value"] == pytest.approx(100 * (0.8 * p * d + 0.2 - 1))
    assert "x (1 - 0.2000)" in steps.loc["ev_pct", "derivation"]


def test_a_bet_without_a_projection_says_so() -> None:
    steps = of_side(*audited(*ROWS, model=probabilities(), means=projected()), "OVER")
    assert steps.index[0] == "prob_model"
    assert steps.iloc[0]["derivation"] == "no projection of SOG for this player"
    assert pd.isna(steps.iloc[0]["value"])
    assert "ev_model_pct" not in steps.index


def test_a_projection_from_the_prior_alone_says_so() -> None:
    steps = of_side(*audited(*ROWS, means=projected({"is_fallback": True})), "OVER")
    assert "the prior of his position alone" in steps.loc["mean_base", "derivation"]


def test_no_bets_no_audit() -> None:
    assert audited()[1].empty
