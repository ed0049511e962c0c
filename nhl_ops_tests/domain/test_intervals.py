"""How far an observed share may be from the true one."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.domain.intervals import clustered_roi_interval, noise, ratio, roi_interval, wilson


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


def test_a_ratio_of_equal_wholes_is_a_mean_with_its_standard_error() -> None:
    """Means of 4 and 6, each with a variance of 2 between 4 slates: Student's t of 6 degrees is 2.447."""
    before, after = ratio([2, 4, 4, 6], [1] * 4), ratio([4, 6, 6, 8], [1] * 4)
    assert (before.value, after.value) == (4, 6)
    assert before.variance == pytest.approx((8 / 3) / 4)
    assert noise(before, after) == pytest.approx(2.446912 * (2 * (8 / 3) / 4) ** 0.5, rel=1e-6)


def test_noise_of_many_comparisons_is_that_of_a_rarer_event() -> None:
    """Of ten at once each has to hold in 99.5%: Student's t of 6 degrees is 4.317."""
    side = ratio([2, 4, 4, 6], [1] * 4)
    assert noise(side, side, comparisons=10) / noise(side, side) == pytest.approx(4.317 / 2.447, rel=1e-3)


def test_a_side_that_never_varies_adds_no_noise_and_one_slate_tells_none() -> None:
    still, one = ratio([0, 0, 0], [5, 5, 5]), ratio([3], [5])
    assert noise(still, still) == 0
    assert isnan(noise(still, one))


def test_nothing_has_no_ratio() -> None:
    with pytest.raises(ValueError, match="have no ratio"):
        ratio([], [])


def test_bets_that_hang_together_by_slate_tell_less() -> None:
    """Ten slates of ten even-money bets: all won or all lost, against five of each."""
    together = clustered_roi_interval([10, 0] * 5, [10] * 10, [10, -10] * 5)
    apart = clustered_roi_interval([5] * 10, [10] * 10, [0] * 10)
    assert apart == pytest.approx(roi_interval(won=50, settled=100, profit_units=0))
    assert together[1] > 2 * apart[1]
    assert together[0] == pytest.approx(-together[1])
    assert together[0] >= -100
