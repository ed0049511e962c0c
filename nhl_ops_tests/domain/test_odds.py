"""American and decimal prices."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nhl_ops.domain.odds import (
    MAX_AMERICAN,
    PriceDefect,
    american_defect,
    american_from_decimal,
    decimal_defect,
    decimal_from_american,
    decimal_from_fraction,
    is_line,
)

american = st.integers(100, 50_000).flatmap(lambda a: st.sampled_from([a, -a])).filter(lambda a: a != -100)
anything = st.one_of(st.none(), st.booleans(), st.text(), st.integers(), st.floats(), st.lists(st.integers()))


@pytest.mark.parametrize(
    ("price", "decimal"),
    [(100, 2.0), (-100, 2.0), (150, 2.5), (-150, 5 / 3), (-110, 21 / 11), (10_000, 101.0)],
)
def test_american_prices_convert_to_decimal(price: int, decimal: float) -> None:
    assert decimal_from_american(price) == pytest.approx(decimal)


@pytest.mark.parametrize(
    ("price", "expected"), [(2.0, 100), (2.5, 150), (1.5, -200), (1.98, -102), (1.01, -10_000), (61.0, 6_000)]
)
def test_decimal_prices_round_to_the_nearest_american(price: float, expected: int) -> None:
    assert american_from_decimal(price) == expected


@given(american)
def test_american_to_decimal_and_back_is_the_same_price(price: int) -> None:
    assert american_from_decimal(decimal_from_american(price)) == price


@given(american, american)
def test_a_longer_american_price_is_a_longer_decimal_one(a: int, b: int) -> None:
    def order(price: int) -> float:
        return price if price > 0 else 10_000 / -price

    if order(a) < order(b):
        assert decimal_from_american(a) < decimal_from_american(b)


@given(st.floats(1.0002, 10_000))
def test_every_decimal_price_has_an_american_one_of_at_least_100(price: float) -> None:
    assert abs(american_from_decimal(price)) >= 100
    assert american_defect(american_from_decimal(price)) in {None, PriceDefect.NO_CONTRACT}


@pytest.mark.parametrize(
    ("price", "defect"),
    [
        (99_900, PriceDefect.NO_CONTRACT),
        (99, PriceDefect.BELOW_100),
        (0, PriceDefect.BELOW_100),
        (-99, PriceDefect.BELOW_100),
        (-110.5, PriceDefect.OUT_OF_RANGE),
        (MAX_AMERICAN + 1, PriceDefect.OUT_OF_RANGE),
        (None, PriceDefect.NOT_A_NUMBER),
        ("-110", PriceDefect.NOT_A_NUMBER),
        (True, PriceDefect.NOT_A_NUMBER),
        (math.nan, PriceDefect.NOT_A_NUMBER),
        (10**400, PriceDefect.NOT_A_NUMBER),
        (-110, None),
        (-110.0, None),
        (100, None),
    ],
)
def test_what_is_no_american_price_says_why(price: object, defect: PriceDefect | None) -> None:
    assert american_defect(price) is defect


@pytest.mark.parametrize(
    ("price", "defect"),
    [
        (1.0, PriceDefect.NOT_ABOVE_ONE),
        (0.5, PriceDefect.NOT_ABOVE_ONE),
        (-2, PriceDefect.NOT_ABOVE_ONE),
        (1.0 + 1e-9, PriceDefect.OUT_OF_RANGE),
        (1e9, PriceDefect.OUT_OF_RANGE),
        ("2.0", PriceDefect.NOT_A_NUMBER),
        (math.inf, PriceDefect.NOT_A_NUMBER),
        (1.01, None),
        (2, None),
    ],
)
def test_what_is_no_decimal_price_says_why(price: object, defect: PriceDefect | None) -> None:
    assert decimal_defect(price) is defect


@example(1.797693134862316e306)
@given(anything)
def test_anything_can_be_asked_whether_it_is_a_price_or_a_line(value: object) -> None:
    assert american_defect(value) in {None, *PriceDefect}
    assert decimal_defect(value) in {None, *PriceDefect}
    assert is_line(value) in {True, False}


@pytest.mark.parametrize("price", [0, 50, -99, 99_900])
def test_converting_what_is_no_american_price_is_an_error(price: int) -> None:
    with pytest.raises(ValueError, match="is not an American price"):
        decimal_from_american(price)


@pytest.mark.parametrize("price", [1.0, 0.0, -3.0])
def test_converting_what_is_no_decimal_price_is_an_error(price: float) -> None:
    with pytest.raises(ValueError, match="is not a decimal price"):
        american_from_decimal(price)


def test_profit_odds_include_no_stake() -> None:
    assert decimal_from_fraction(4, 10) == pytest.approx(1.4)


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 1), (1, 0), (-1, 2)])
def test_profit_odds_must_be_positive(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="are not profit odds"):
        decimal_from_fraction(numerator, denominator)


@pytest.mark.parametrize(
    ("points", "expected"),
    [(0.5, True), (0, True), (2, True), (2.25, False), (-0.5, False), ("0.5", False), (None, False)],
)
def test_a_line_is_a_whole_or_half_number(points: object, expected: bool) -> None:
    assert is_line(points) is expected
