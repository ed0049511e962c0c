"""Lines on a game's result: their markets and outcomes, and what two prices without a label give away.

A price is decimal odds here. The sum of the implied probabilities (1/price) of all outcomes of a market is 1
and the book's margin; of two sides of three it is well below 1.
"""

from collections.abc import Sequence
from enum import StrEnum
from statistics import median


class GameMarket(StrEnum):
    """Markets on a game. Two-way prices count overtime and shootout, three-way prices regulation time alone."""

    MONEYLINE = "MONEYLINE"
    MONEYLINE_3WAY = "MONEYLINE_3WAY"
    MONEYLINE_TIE_NO_BET = "MONEYLINE_TIE_NO_BET"
    PUCK_LINE = "PUCK_LINE"
    TOTAL = "TOTAL"


class Outcome(StrEnum):
    HOME = "HOME"
    AWAY = "AWAY"
    DRAW = "DRAW"
    OVER = "OVER"
    UNDER = "UNDER"


TWO_WAY_SUM = (0.995, 1.15)
"""Implied sum of both sides of a two-way price; half a percent below 1 is the rounding of two-digit odds."""
THREE_WAY_SUM = (0.70, 0.92)
"""Implied sum of home and away of a three-way price, whose draw is priced at 4 to 6."""
STRONG_GAP = 0.10
"""Difference of two books' shares of the home side that opinion does not explain."""


def unlabelled_moneyline(home: float, away: float) -> GameMarket | None:
    """Two-way or three-way, told from the prices of both sides; None when neither fits."""
    implied = 1 / home + 1 / away
    if TWO_WAY_SUM[0] <= implied <= TWO_WAY_SUM[1]:
        return GameMarket.MONEYLINE
    return GameMarket.MONEYLINE_3WAY if THREE_WAY_SUM[0] <= implied <= THREE_WAY_SUM[1] else None


def home_share(home: float, away: float) -> float:
    """The home side's share of what home and away imply: its chance without margin and draw."""
    return away / (home + away)


def contradicts(share: float, others: Sequence[float]) -> bool:
    """Whether most of the other books name the other side as favourite, and each of them by far."""
    opposing = [o for o in others if (share - 0.5) * (o - 0.5) < 0 and abs(share - o) >= STRONG_GAP]
    return 2 * len(opposing) > len(others)


def reads_as_well_reversed(share: float, others: Sequence[float]) -> bool:
    """Whether home and away exchanged would fit the other books no worse; also when there are none."""
    if not others:
        return True
    middle = median(others)
    return abs(1 - share - middle) <= abs(share - middle)
