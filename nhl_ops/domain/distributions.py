"""Count distributions of player statistics, vectorised: P(over), P(push) and P(under) of a line.

Two families: Poisson, and the negative binomial NB2 with Var = mu + alpha mu^2. alpha is the dispersion *given the
mean*: what is left after each player has his own mean, far smaller than the pooled variance-to-mean ratio shows.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


class Distribution(StrEnum):
    POISSON = "poisson"
    NEGATIVE_BINOMIAL = "negative_binomial"


def distribution_of(dispersion: float) -> Distribution:
    """The family that a dispersion means: 0 is Poisson."""
    return Distribution.NEGATIVE_BINOMIAL if dispersion > 0 else Distribution.POISSON


def survival(count: ArrayLike, mean: ArrayLike, dispersion: ArrayLike) -> Floats:
    """P(X > count) for whole counts (1 below zero), broadcast over counts, means and dispersions alpha >= 0.

    Raises ValueError on a negative or missing mean or dispersion.
    """
    k, mu, alpha = (np.asarray(x, dtype=np.float64) for x in np.broadcast_arrays(count, mean, dispersion))
    if not (np.all(mu >= 0) and np.all(alpha >= 0)):
        raise ValueError("mean and dispersion must be 0 or more; check the projection that gave them")
    result = np.ones(k.shape)
    poisson = (k >= 0) & (alpha == 0)
    result[poisson] = special.pdtrc(k[poisson], mu[poisson])
    spread = (k >= 0) & (alpha > 0)
    size = 1.0 / alpha[spread]
    result[spread] = special.betainc(k[spread] + 1.0, size, mu[spread] / (mu[spread] + size))
    return result


def pmf(count: ArrayLike, mean: ArrayLike, dispersion: ArrayLike) -> Floats:
    """P(X = count) for whole counts."""
    k = np.asarray(count, dtype=np.float64)
    return np.maximum(survival(k - 1.0, mean, dispersion) - survival(k, mean, dispersion), 0.0)


def line_probabilities(
    line: ArrayLike, mean: ArrayLike, dispersion: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """(p_over, p_push, p_under) of each line, which sum to 1; a push needs a whole line.

    Raises ValueError for a line that is negative or neither whole nor a half: split a quarter line into two bets.
    """
    lines, mu, alpha = (np.asarray(x, np.float64) for x in np.broadcast_arrays(line, mean, dispersion))
    count = np.floor(lines)
    whole = count == lines
    refused = (lines < 0) | ~(whole | (count + 0.5 == lines))
    if np.any(refused):
        raise ValueError(
            f"line(s) {np.unique(lines[refused]).tolist()} are neither whole nor a half; reject them upstream"
        )
    over = survival(count, mu, alpha)
    push = np.zeros(lines.shape)
    push[whole] = pmf(count[whole], mu[whole], alpha[whole])
    return over, push, np.maximum(1.0 - over - push, 0.0)
