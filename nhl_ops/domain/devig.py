"""Removing a book's margin from a two-way price: closed forms, vectorised. The maths alone belongs here.

With q1, q2 the raw implied probabilities (1 / decimal price) and B = q1 + q2 the book sum, a method returns
the probability of the first side; the second side's is its complement. For two outcomes Shin's method is the
additive one (Clarke, Kovalchik and Ingram 2017), so there is no method of that name.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]

NEWTON_STEPS = 60
"""An upper bound: Newton's method converges in under ten steps on any price that a book has offered."""


class DevigMethod(StrEnum):
    """How the margin is shared between the sides."""

    MULTIPLICATIVE = "multiplicative"
    ADDITIVE = "additive"
    POWER = "power"
    PROBIT = "probit"


def hold(q1: ArrayLike, q2: ArrayLike) -> Floats:
    """The book's margin, B - 1; negative when both sides together are offered under cost."""
    return np.asarray(q1, dtype=np.float64) + np.asarray(q2, dtype=np.float64) - 1.0


def devig(q1: ArrayLike, q2: ArrayLike, method: DevigMethod) -> Floats:
    """Probability of the first side of each two-way price.

    q1, q2: raw implied probabilities, equal shapes. NaN where a price is missing or not within (0, 1), and
    where the answer cannot be told from 0 or 1.
    """
    first, second = np.asarray(q1, dtype=np.float64), np.asarray(q2, dtype=np.float64)
    priced = (first > 0) & (first < 1) & (second > 0) & (second < 1)
    first, second = np.where(priced, first, 0.5), np.where(priced, second, 0.5)
    fair = _FORMULAS[method](first, second)
    return np.where(priced & (fair > 0) & (fair < 1), fair, np.nan)


def _multiplicative(q1: Floats, q2: Floats) -> Floats:
    return q1 / (q1 + q2)


def _additive(q1: Floats, q2: Floats) -> Floats:
    return 0.5 + (q1 - q2) / 2.0


def _probit(q1: Floats, q2: Floats) -> Floats:
    return np.asarray(ndtr((ndtri(q1) - ndtri(q2)) / 2.0), dtype=np.float64)


def _power(q1: Floats, q2: Floats) -> Floats:
    """q1^k with q1^k + q2^k = 1. The sum is convex and falls in k: Newton from the left never overshoots.

    Each price stops for itself, so that its answer does not depend on what else is in the array.
    """
    log1, log2 = np.log(q1), np.log(q2)
    k = np.where(q1 + q2 >= 1.0, 1.0, 0.0)
    is_open = np.ones(k.shape, dtype=bool)
    for _ in range(NEWTON_STEPS):
        p1, p2 = np.exp(k * log1), np.exp(k * log2)
        step = (p1 + p2 - 1.0) / (p1 * log1 + p2 * log2)
        k = np.where(is_open, k - step, k)
        is_open &= np.abs(step) > 1e-14 * np.maximum(1.0, k)
        if not is_open.any():
            break
    p1, p2 = np.exp(k * log1), np.exp(k * log2)
    return np.asarray(p1 / (p1 + p2), dtype=np.float64)


_FORMULAS = {
    DevigMethod.MULTIPLICATIVE: _multiplicative,
    DevigMethod.ADDITIVE: _additive,
    DevigMethod.POWER: _power,
    DevigMethod.PROBIT: _probit,
}
