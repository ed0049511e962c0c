"""How far an observed share, ratio or change may be from the true one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt

from scipy.special import stdtrit

CONFIDENCE = 0.95
Z95 = 1.959964
"""Standard normal quantile of a two-sided 95% interval."""


def wilson(hits: float, trials: float, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval of a share: both ends between 0 and 1, also where every trial or none is a hit.

    Raises ValueError when there is no trial or the hits are not between 0 and the trials.
    """
    if trials <= 0 or not 0 <= hits <= trials:
        raise ValueError(f"{hits} hits of {trials} trials is no share")
    share, spread = hits / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Ratio:
    """A sum over a sum. `variance` is of the ratio, between the clusters (slates); nan where there is but one."""

    value: float
    variance: float
    clusters: int


def ratio(parts: Sequence[float], wholes: Sequence[float]) -> Ratio:
    """The ratio of sums over clusters, each a part and its whole. Raises ValueError when the wholes add up to 0."""
    whole, clusters = sum(wholes), len(wholes)
    if whole <= 0:
        raise ValueError(f"wholes of {whole} in {clusters} clusters have no ratio")
    value = sum(parts) / whole
    if clusters < 2:
        return Ratio(value, nan, clusters)
    off = sum((part - value * own) ** 2 for part, own in zip(parts, wholes, strict=True))
    return Ratio(value, clusters / (clusters - 1) * off / whole**2, clusters)


def quantile(freedom: float, comparisons: int = 1) -> float:
    """Student's t of a two-sided 95% interval; of so many comparisons at once, by Bonferroni."""
    return float(stdtrit(freedom, 1 - (1 - CONFIDENCE) / (2 * comparisons)))


def noise(before: Ratio, after: Ratio, comparisons: int = 1) -> float:
    """Half the width of the 95% interval of `after` minus `before`, by Welch; nan where one side is one cluster.

    comparisons: all of that many intervals are to hold at once.
    """
    spread = before.variance + after.variance
    if spread == 0:
        return 0.0
    freedom = spread**2 / sum(r.variance**2 / max(r.clusters - 1, 1) for r in (before, after))
    return quantile(freedom, comparisons) * sqrt(spread)


def roi_interval(won: float, settled: float, profit_units: float) -> tuple[float, float]:
    """ROI in percent at both ends of Wilson's interval of the share won, at the mean return of the bets won.

    Even money stands in for the return where none was won. Raises ValueError when nothing is settled.
    """
    returned = (profit_units + settled) / won if won else 2.0
    low, high = wilson(won, settled)
    return 100 * (low * returned - 1), 100 * (high * returned - 1)


def clustered_roi_interval(
    won: Sequence[float], settled: Sequence[float], profit_units: Sequence[float]
) -> tuple[float, float]:
    """`roi_interval` of the bets of some slates, or the 95% interval by the spread between the slates if that reaches
    further: bets of one slate hang together. Raises ValueError when nothing is settled."""
    low, high = roi_interval(sum(won), sum(settled), sum(profit_units))
    found = ratio(profit_units, settled)
    if found.clusters < 2:
        return low, high
    half = quantile(found.clusters - 1) * sqrt(found.variance)
    return min(low, max(-100.0, 100 * (found.value - half))), max(high, 100 * (found.value + half))
