import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nhl_ops.domain.distributions import (
    Distribution,
    distribution_of,
    line_probabilities,
    pmf,
    survival,
)

means = st.floats(0.0, 60.0)
dispersions = st.one_of(st.just(0.0), st.floats(1e-4, 1.0))
half_steps = st.integers(0, 120).map(lambda n: n / 2)


def test_no_dispersion_means_poisson():
    assert distribution_of(0.0) is Distribution.POISSON
    assert distribution_of(0.05) is Distribution.NEGATIVE_BINOMIAL


def test_survival_agrees_with_scipy_for_both_families():
    counts = np.arange(0, 12)
    assert survival(counts, 2.5, 0.0) == pytest.approx(stats.poisson.sf(counts, 2.5))
    assert survival(counts, 2.5, 0.1) == pytest.approx(stats.nbinom.sf(counts, 10.0, 10.0 / 12.5))


def test_a_count_below_zero_is_always_exceeded():
    assert survival([-1, -1], [0.0, 3.0], [0.0, 0.2]).tolist() == [1.0, 1.0]


def test_alpha_is_the_excess_of_the_variance_over_the_mean_by_its_square():
    counts = np.arange(0, 400)
    chances = pmf(counts, 3.0, 0.2)
    mean = (counts * chances).sum()
    assert chances.sum() == pytest.approx(1.0)
    assert mean == pytest.approx(3.0)
    assert (counts**2 * chances).sum() - mean**2 == pytest.approx(3.0 + 0.2 * 9.0)


def test_a_vanishing_dispersion_approaches_poisson():
    assert survival(2, 1.7, 1e-7) == pytest.approx(survival(2, 1.7, 0.0), abs=1e-6)


def test_a_mean_of_zero_never_goes_over():
    over, push, under = line_probabilities([0.5, 1.0], [0.0, 0.0], [0.0, 0.1])
    assert over.tolist() == [0.0, 0.0]
    assert push.tolist() == [0.0, 0.0]
    assert under.tolist() == [1.0, 1.0]


def test_a_whole_line_pushes_on_its_own_count():
    over, push, under = line_probabilities(2.0, 2.5, 0.0)
    assert float(over) == pytest.approx(stats.poisson.sf(2, 2.5))
    assert float(push) == pytest.approx(stats.poisson.pmf(2, 2.5))
    assert float(under) == pytest.approx(stats.poisson.cdf(1, 2.5))


def test_a_line_of_zero_pushes_when_nothing_happens_and_never_goes_under():
    over, push, under = line_probabilities(0.0, 0.4, 0.0)
    assert float(push) == pytest.approx(np.exp(-0.4))
    assert float(over) == pytest.approx(1.0 - np.exp(-0.4))
    assert float(under) == 0.0


@given(line=half_steps, mean=means, dispersion=dispersions)
def test_the_three_outcomes_sum_to_one_and_only_whole_lines_push(line, mean, dispersion):
    over, push, under = (float(p) for p in line_probabilities(line, mean, dispersion))
    assert over + push + under == pytest.approx(1.0, abs=1e-12)
    assert min(over, push, under) >= 0.0
    assert push == 0.0 or line == int(line)


@given(line=half_steps, mean=st.floats(0.01, 40.0), dispersion=dispersions)
def test_a_higher_line_is_exceeded_less_often_and_a_higher_mean_more_often(line, mean, dispersion):
    over = float(line_probabilities(line, mean, dispersion)[0])
    assert float(line_probabilities(line + 1.0, mean, dispersion)[0]) <= over
    assert float(line_probabilities(line, mean * 1.1, dispersion)[0]) >= over - 1e-12


@pytest.mark.parametrize("line", [0.25, 1.75, -0.5, -1.0, np.nan])
def test_a_quarter_a_negative_and_a_missing_line_are_refused_by_name(line):
    with pytest.raises(ValueError, match="neither whole nor a half"):
        line_probabilities([0.5, line], 1.0, 0.0)


@pytest.mark.parametrize(("mean", "dispersion"), [(np.nan, 0.0), (-0.1, 0.0), (1.0, -0.1), (1.0, np.nan)])
def test_a_missing_or_negative_mean_or_dispersion_is_an_error(mean, dispersion):
    with pytest.raises(ValueError, match="check the projection"):
        survival(1, mean, dispersion)
