"""Prices: American and decimal odds, their conversion, and what is wrong with one that cannot be a price.

Decimal odds include the stake (2.50 pays 1.50 on 1); American odds are the profit on 100 (+150) or the stake
that wins 100 (-150).
"""

import math
from enum import StrEnum
from functools import lru_cache
from typing import TypeGuard

MIN_AMERICAN = 100
MAX_AMERICAN = 1_000_000
"""Ten thousand to one: no book offers more on a player."""
NO_CONTRACT = 99_900
"""What an exchange sends as American price while nobody offers a contract."""


class PriceDefect(StrEnum):
    """Why a number is not a price; the rule that a dead letter names."""

    NOT_A_NUMBER = "price_not_a_number"
    NO_CONTRACT = "price_without_contract"
    BELOW_100 = "american_price_below_100"
    OUT_OF_RANGE = "price_out_of_range"
    NOT_ABOVE_ONE = "decimal_price_not_above_one"


def american_defect(price: object) -> PriceDefect | None:
    """What is wrong with an American price as sent; None if it is one (a float must be a whole number)."""
    if not _is_number(price):
        return PriceDefect.NOT_A_NUMBER
    if abs(price) == NO_CONTRACT:
        return PriceDefect.NO_CONTRACT
    if abs(price) < MIN_AMERICAN:
        return PriceDefect.BELOW_100
    return None if abs(price) <= MAX_AMERICAN and price == int(price) else PriceDefect.OUT_OF_RANGE


def decimal_defect(price: object) -> PriceDefect | None:
    """What is wrong with a decimal price as sent; None if it is one."""
    if not _is_number(price):
        return PriceDefect.NOT_A_NUMBER
    if price <= 1.0:
        return PriceDefect.NOT_ABOVE_ONE
    if price > MAX_AMERICAN:
        return PriceDefect.OUT_OF_RANGE
    american = _american(price)
    return None if MIN_AMERICAN <= abs(american) <= MAX_AMERICAN else PriceDefect.OUT_OF_RANGE


@lru_cache(maxsize=4096)
def decimal_from_american(price: int) -> float:
    """Decimal odds of American odds. Raises ValueError for a number that is no American price."""
    defect = american_defect(price)
    if defect:
        raise ValueError(f"{price!r} is not an American price: {defect}")
    return 1.0 + (price / 100.0 if price > 0 else 100.0 / -price)


def american_from_decimal(price: float) -> int:
    """American odds nearest to decimal odds, +100 for 2.0. Raises ValueError for what is no decimal price.

    A vendor's two-digit decimal odds rarely are whole American odds: the decimal price stays the exact one.
    """
    defect = decimal_defect(price)
    if defect:
        raise ValueError(f"{price!r} is not a decimal price: {defect}")
    return _american(price)


def decimal_from_fraction(numerator: float, denominator: float) -> float:
    """Decimal odds of profit odds: 4/10 is 1.40. Raises ValueError unless both are positive."""
    if numerator <= 0 or denominator <= 0:
        raise ValueError(f"{numerator!r}/{denominator!r} are not profit odds: both must be positive")
    return 1.0 + numerator / denominator


def is_line(points: object) -> bool:
    """Whether a number can be a line of a counted statistic: 0, 0.5, 1, ... (quarter lines split a stake)."""
    return _is_number(points) and points >= 0 and float(points * 2).is_integer()


def _american(price: float) -> int:
    return round((price - 1.0) * 100.0 if price >= 2.0 else -100.0 / (price - 1.0))


def _is_number(value: object) -> TypeGuard[float]:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
