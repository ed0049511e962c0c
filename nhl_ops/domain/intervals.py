"""How far an observed share may be from the true one."""

from math import sqrt

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


def roi_interval(won: float, settled: float, profit_units: float) -> tuple[float, float]:
    """ROI in percent at both ends of Wilson's interval of the share won, at the mean return of the bets won.

    Even money stands in for the return where none was won. Raises ValueError when nothing is settled.
    """
    returned = (profit_units + settled) / won if won else 2.0
    low, high = wilson(won, settled)
    return 100 * (low * returned - 1), 100 * (high * returned - 1)
