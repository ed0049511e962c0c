"""How far an observed share may be from the true one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.domain.intervals import roi_interval, wilson


def test_wilson_is_the_interval_of_the_books() -> None:
    """15 of 50: Brown, Cai and DasGupta (2001) give (0.191, 0.438)."""
    assert wilson(15, 50) == pytest.approx((0.191, 0.438), abs=5e-4)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_between_0_and_1(hits_of: tuple[int, int]) -> None:
    hits, trials = hits_of
    low, high = wilson(hits, trials)
    assert 0 <= low <= hits / trials + 1e-12
    assert hits / trials - 1e-12 <= high <= 1
    assert low < high


def test_more_trials_tell_more() -> None:
    (low, high), (lower, higher) = wilson(300, 1_000), wilson(3, 10)
    assert high - low < (higher - lower) / 5


@pytest.mark.parametrize(("hits", "trials"), [(0, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_is_refused(hits: int, trials: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(hits, trials)


def test_an_roi_lies_in_its_interval_and_follows_the_price() -> None:
    even_low, even_high = roi_interval(won=25, settled=50, profit_units=0.0)
    assert even_low < 0 < even_high
    assert even_low == pytest.approx(-even_high)
    low, high = roi_interval(won=10, settled=50, profit_units=0.0)
    assert high - low > even_high - even_low, "a longer price has a wider spread"


def test_bets_that_all_lost_may_still_have_been_good() -> None:
    low, high = roi_interval(won=0, settled=2, profit_units=-2.0)
    assert low == -100
    assert high > 0
