"""What two prices without a label give away: two-way or three-way, and sides that look exchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.domain.game_lines import (
    GameMarket,
    contradicts,
    home_share,
    reads_as_well_reversed,
    unlabelled_moneyline,
)

CHANCES = st.floats(0.12, 0.88)


@pytest.mark.parametrize(
    ("home", "away", "market"),
    [
        (1.80, 2.05, GameMarket.MONEYLINE),
        (1.29, 3.20, GameMarket.MONEYLINE),
        (2.00, 2.00, GameMarket.MONEYLINE),
        (1.952, 3.25, GameMarket.MONEYLINE_3WAY),
        (2.34, 2.50, GameMarket.MONEYLINE_3WAY),
        (4.37, 4.37, None),
        (2.05, 2.15, None),
        (1.50, 1.60, None),
    ],
)
def test_the_implied_sum_tells_two_way_from_three_way_or_neither(
    home: float, away: float, market: GameMarket | None
) -> None:
    assert unlabelled_moneyline(home, away) == market


@given(home=CHANCES, margin=st.floats(0.0, 0.14))
def test_any_two_way_price_with_an_ordinary_margin_is_two_way(home: float, margin: float) -> None:
    prices = [1 / (chance * (1 + margin)) for chance in (home, 1 - home)]
    if min(prices) > 1:
        assert unlabelled_moneyline(*prices) is GameMarket.MONEYLINE


@given(home=CHANCES, draw=st.floats(0.20, 0.26), margin=st.floats(0.02, 0.10))
def test_home_and_away_of_a_three_way_price_are_never_taken_for_two_way(
    home: float, draw: float, margin: float
) -> None:
    rest = (1 - draw) * (1 + margin)
    assert unlabelled_moneyline(1 / (home * rest), 1 / ((1 - home) * rest)) is GameMarket.MONEYLINE_3WAY


def test_the_home_share_is_the_chance_without_the_margin() -> None:
    assert home_share(1 / (0.6 * 1.05), 1 / (0.4 * 1.05)) == pytest.approx(0.6)


def test_only_a_far_other_favourite_contradicts() -> None:
    assert contradicts(0.29, [0.71, 0.70, 0.72])
    assert contradicts(0.71, [0.29])
    assert not contradicts(0.47, [0.52, 0.53])
    assert not contradicts(0.55, [0.71, 0.70])
    assert not contradicts(0.29, [])


def test_one_exchanged_book_among_the_others_is_outvoted() -> None:
    assert not contradicts(0.71, [0.29, 0.70, 0.72])
    assert not contradicts(0.71, [0.29, 0.70])


def test_where_two_stand_against_two_each_is_contradicted() -> None:
    assert contradicts(0.71, [0.70, 0.29, 0.30])
    assert contradicts(0.29, [0.30, 0.71, 0.70])


@given(share=CHANCES, others=st.lists(CHANCES, min_size=1, max_size=5))
def test_what_contradicts_fits_better_reversed(share: float, others: list[float]) -> None:
    if contradicts(share, others):
        assert reads_as_well_reversed(share, others)
        assert not contradicts(1 - share, others)


def test_with_nobody_to_compare_with_the_reverse_fits_as_well() -> None:
    assert reads_as_well_reversed(0.7, [])
    assert not reads_as_well_reversed(0.67, [0.70])
