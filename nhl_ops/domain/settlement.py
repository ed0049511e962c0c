"""Settlement of player props: overtime counts, the shootout does not, zero is a result, not playing is void."""

from enum import StrEnum

from nhl_ops.domain.markets import Side


class Outcome(StrEnum):
    WON = "won"
    LOST = "lost"
    PUSH = "push"
    VOID = "void"
    PENDING = "pending"


def settle(stat: int | None, line: float, side: Side, *, is_final: bool, played: bool) -> Outcome:
    """Outcome of one wager on a count.

    A game that is not final is pending; a player who did not play (a goalie who did not start) is void.
    """
    if not is_final:
        return Outcome.PENDING
    if not played or stat is None:
        return Outcome.VOID
    if stat == line:
        return Outcome.PUSH
    return Outcome.WON if (stat > line) == (side is Side.OVER) else Outcome.LOST


def profit_units(outcome: Outcome, price_decimal: float) -> float | None:
    """Profit of one unit staked: price minus one, minus one, nothing, or not known yet."""
    match outcome:
        case Outcome.WON:
            return price_decimal - 1.0
        case Outcome.LOST:
            return -1.0
        case Outcome.PENDING:
            return None
        case _:
            return 0.0
