"""Expected value of a wager, and the operator's rules for pricing and choosing (config/policy.toml, [ev])."""

from typing import Annotated, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from nhl_ops.domain.devig import DevigMethod

Floats = NDArray[np.float64]


class EvPolicy(BaseModel):
    """[ev] of config/policy.toml. A key that is left out means: no such limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    devig_method: DevigMethod
    hold_min: float
    hold_max: float
    max_quote_age_sec: Annotated[float, Field(gt=0)] | None = None
    capture_pass_minutes: Annotated[float, Field(gt=0)]
    not_bettable: tuple[str, ...] = ()
    min_books_in_consensus: Annotated[int, Field(ge=1)]
    min_ev_pct: float
    max_credible_ev_pct: float
    min_price_american: int | None = None
    max_price_american: int | None = None
    max_bets: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _limits_are_in_order(self) -> Self:
        if self.hold_min >= self.hold_max:
            raise ValueError(f"hold_min ({self.hold_min}) must lie below hold_max ({self.hold_max})")
        if self.min_ev_pct >= self.max_credible_ev_pct:
            raise ValueError(
                f"min_ev_pct ({self.min_ev_pct}) must lie below "
                f"max_credible_ev_pct ({self.max_credible_ev_pct})"
            )
        return self


def expected_value(p_win: ArrayLike, price_decimal: ArrayLike, p_push: ArrayLike = 0.0) -> Floats:
    """Expected profit of one unit: p_win * d + p_push - 1, a push returning the stake.

    `p_win` is unconditional: p_win + p_push + p_lose = 1.
    """
    return _floats(p_win) * _floats(price_decimal) + _floats(p_push) - 1.0


def break_even_price(p_win: ArrayLike, p_push: ArrayLike = 0.0) -> Floats:
    """Lowest decimal price with an EV of zero or more: (1 - p_push) / p_win; infinite if p_win is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return (1.0 - _floats(p_push)) / _floats(p_win)


def fair_price(p: ArrayLike) -> Floats:
    """Decimal price without a margin of a probability in which pushes do not count: 1 / p."""
    return break_even_price(p)


def american_odds(price_decimal: ArrayLike) -> Floats:
    """Nearest whole American odds of decimal odds (floats, so that NaN can stand for no price)."""
    price = _floats(price_decimal)
    with np.errstate(divide="ignore"):
        return np.rint(np.where(price >= 2.0, (price - 1.0) * 100.0, -100.0 / (price - 1.0)))


def win_given_pushes(p_no_push: ArrayLike, p_push: ArrayLike) -> Floats:
    """Unconditional chance to win, from the chance given that the wager is decided (what a market quotes)."""
    return _floats(p_no_push) * (1.0 - _floats(p_push))


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
