import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nhl_ops.domain.devig import DevigMethod
from nhl_ops.domain.ev import (
    EvPolicy,
    american_odds,
    break_even_price,
    expected_value,
    fair_price,
    win_given_pushes,
)
from nhl_ops.domain.odds import american_from_decimal

LIMITS = {
    "devig_method": "probit",
    "hold_min": -0.02,
    "hold_max": 0.15,
    "capture_pass_minutes": 10,
    "min_books_in_consensus": 2,
    "min_ev_pct": 0.0,
    "max_credible_ev_pct": 10.0,
    "max_bets": 50,
}
probabilities = st.floats(0.01, 0.99)
pushes = st.floats(0.0, 0.5)


def test_a_fair_coin_at_evens_is_worth_nothing() -> None:
    assert expected_value(0.5, 2.0) == 0.0


def test_a_push_returns_the_stake() -> None:
    assert expected_value(0.0, 2.0, 1.0) == 0.0
    assert expected_value(0.4, 2.0, 0.2) == pytest.approx(0.0)


def test_a_lost_wager_costs_the_stake() -> None:
    assert expected_value(0.0, 5.0) == -1.0


@given(p=probabilities, push=pushes)
def test_at_the_break_even_price_nothing_is_won_or_lost(p: float, push: float) -> None:
    win = win_given_pushes(p, push)
    assert expected_value(win, break_even_price(win, push), push) == pytest.approx(0.0, abs=1e-12)


@given(p=probabilities, push=pushes)
def test_pushes_do_not_move_the_price_at_which_a_decided_wager_is_fair(p: float, push: float) -> None:
    assert break_even_price(win_given_pushes(p, push), push) == pytest.approx(float(fair_price(p)))


@given(p=probabilities, price=st.floats(1.01, 20.0), push=pushes)
def test_a_better_price_is_worth_more(p: float, price: float, push: float) -> None:
    win = win_given_pushes(p, push)
    assert expected_value(win, price + 0.1, push) > expected_value(win, price, push)


def test_what_never_wins_breaks_even_at_no_price() -> None:
    assert break_even_price(0.0) == np.inf


@given(price=st.floats(1.02, 90.0))
def test_american_odds_agree_with_the_conversion_of_single_prices(price: float) -> None:
    assert american_odds(price) == american_from_decimal(price)


def test_american_odds_of_no_price_are_no_price() -> None:
    assert np.isnan(american_odds([np.nan])).all()


def test_limits_left_out_do_not_apply() -> None:
    policy = EvPolicy.model_validate(LIMITS)
    assert policy.devig_method is DevigMethod.PROBIT
    assert (policy.max_quote_age_sec, policy.min_price_american, policy.max_price_american) == (None,) * 3


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"devig_method": "shin"}, "devig_method"),
        ({"hold_min": 0.2}, "hold_min"),
        ({"min_ev_pct": 12.0}, "min_ev_pct"),
        ({"min_books_in_consensus": 0}, "min_books_in_consensus"),
        ({"max_bet": 3}, "max_bet"),
    ],
)
def test_a_wrong_limit_is_an_error_that_names_it(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        EvPolicy.model_validate(LIMITS | change)


def test_a_policy_does_not_change_once_loaded() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        EvPolicy.model_validate(LIMITS).max_bets = 3
