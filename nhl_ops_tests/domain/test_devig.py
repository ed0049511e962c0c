import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from nhl_ops.domain.devig import DevigMethod, devig, hold

METHODS = list(DevigMethod)
implied = st.floats(0.02, 0.98)
margins = st.floats(0.0, 0.15)


def quoted(p: float, margin: float) -> tuple[float, float]:
    """Raw implied probabilities of a book that puts the margin on both sides in proportion."""
    return p * (1 + margin), (1 - p) * (1 + margin)


def shin(q1: float, q2: float) -> float:
    """Shin's probabilities by their definition: the share z of insiders that makes them sum to one."""
    total = q1 + q2

    def side(q: float, z: float) -> float:
        return (np.sqrt(z**2 + 4 * (1 - z) * q**2 / total) - z) / (2 * (1 - z))

    z = brentq(lambda z: side(q1, z) + side(q2, z) - 1.0, 0.0, 0.9) if total > 1 else 0.0
    return float(side(q1, z))


@pytest.mark.parametrize("method", METHODS)
@given(q1=implied, q2=implied)
def test_both_sides_sum_to_one(method: DevigMethod, q1: float, q2: float) -> None:
    first, second = devig([q1, q2], [q2, q1], method)
    assert first + second == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
@given(q1=st.floats(0.05, 0.9), q2=st.floats(0.05, 0.9), more=st.floats(0.001, 0.05))
def test_a_shorter_price_means_a_higher_probability(
    method: DevigMethod, q1: float, q2: float, more: float
) -> None:
    lower, higher = devig([q1, q1 + more], [q2, q2], method)
    assert higher > lower


@pytest.mark.parametrize("method", METHODS)
@given(p=st.floats(0.01, 0.99))
def test_without_a_margin_nothing_changes(method: DevigMethod, p: float) -> None:
    assert devig(p, 1.0 - p, method) == pytest.approx(p, abs=1e-9)


@pytest.mark.parametrize("method", METHODS)
@given(margin=margins)
def test_equal_prices_are_even_chances(method: DevigMethod, margin: float) -> None:
    assert devig(*quoted(0.5, margin), method) == pytest.approx(0.5, abs=1e-12)


@given(p=st.floats(0.15, 0.85), margin=st.floats(0.001, 0.12))
def test_additive_is_shins_method_for_two_sides(p: float, margin: float) -> None:
    q1, q2 = quoted(p, margin)
    assert devig(q1, q2, DevigMethod.ADDITIVE) == pytest.approx(shin(q1, q2), abs=1e-7)


@given(p=st.floats(0.12, 0.48), margin=st.floats(0.01, 0.12))
def test_multiplicative_rates_long_shots_highest(p: float, margin: float) -> None:
    q1, q2 = quoted(p, margin)
    fair = {method: devig(q1, q2, method) for method in METHODS}
    others = [fair[m] for m in METHODS if m is not DevigMethod.MULTIPLICATIVE]
    assert max(others) < fair[DevigMethod.MULTIPLICATIVE]


@pytest.mark.parametrize(
    ("over", "under", "low", "high"), [(-150, 120, 0.5, 0.7), (-300, 220, 1.6, 2.4), (900, -2000, 3.0, 5.0)]
)
def test_the_choice_of_method_matters_as_much_as_was_measured(
    over: int, under: int, low: float, high: float
) -> None:
    q1, q2 = (100 / (100 + a) if a > 0 else -a / (100 - a) for a in (over, under))
    fair = [float(devig(q1, q2, method)) for method in METHODS]
    assert low <= 100 * (max(fair) - min(fair)) <= high


def test_power_has_an_answer_at_extreme_prices() -> None:
    q1, q2 = np.array([0.001, 0.03, 0.2, 0.999]), np.array([0.9995, 0.99, 0.2, 0.999])
    p = devig(q1, q2, DevigMethod.POWER)
    k = np.log(p) / np.log(q1)
    assert p == pytest.approx(1.0 - q2**k, abs=1e-9)


@pytest.mark.parametrize("method", METHODS)
@given(q1=implied, q2=implied)
def test_any_two_prices_have_an_answer(method: DevigMethod, q1: float, q2: float) -> None:
    assert 0.0 < devig(q1, q2, method) < 1.0


def test_an_answer_that_cannot_be_told_from_certainty_is_none() -> None:
    assert np.isnan(devig(0.9999, 1e-20, DevigMethod.MULTIPLICATIVE))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bad", [0.0, 1.0, -0.1, 1.2, np.nan])
def test_what_is_no_price_has_no_probability(method: DevigMethod, bad: float) -> None:
    assert np.isnan(devig([bad, 0.5], [0.5, bad], method)).all()


@pytest.mark.parametrize("method", METHODS)
def test_an_answer_does_not_depend_on_the_rest_of_the_board(method: DevigMethod) -> None:
    rng = np.random.default_rng(7)
    q1 = rng.uniform(0.01, 0.99, 500)
    q2 = (1 - q1) * rng.uniform(1.0, 1.15, 500)
    board = devig(q1, q2, method)
    alone = np.array([devig(a, b, method) for a, b in zip(q1, q2, strict=True)])
    assert np.array_equal(board, alone, equal_nan=True)


def test_hold_is_the_book_sum_minus_one() -> None:
    assert hold([0.55, 0.48], [0.5, 0.5]) == pytest.approx([0.05, -0.02])
