"""One outcome of a PlayNow market: a price, or the rule that it breaks."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from nhl_ops.domain.markets import Side
from nhl_ops.domain.odds import american_from_decimal, decimal_defect, decimal_from_fraction, is_line
from nhl_ops.gateways.drift import Defect, Told, shown
from nhl_ops.gateways.playnow_names import PropMarket, player_name, rung_line
from nhl_ops.gateways.wire import id_text

OFFERED_PRICE = "LP"
CLOSING = ("status", "active", "displayed", "resulted", "settled", "isVoid")
SIDES = {"over": Side.OVER.value, "under": Side.UNDER.value}
OWN = (
    "player_name_raw", "player_team_raw", "player_position_raw", "market_id_vendor", "line", "side",
    "is_alternate", "price_american", "price_decimal",
)  # fmt: skip


class Market(NamedTuple):
    """What the outcomes of a market share. number: among the offers."""

    number: int
    market_id: str | None
    handicap: Any
    prop: PropMarket


class OutcomePrices:
    """Reads outcomes; each distinct decimal price is converted once."""

    def __init__(self) -> None:
        self._prices: dict[float, tuple[int, float]] = {}

    def price(self, market: Market | Defect, label: str, outcome: Mapping[str, Any]) -> tuple[Any, ...]:
        """The number of its offer and the fields OWN. Raises Defect when it is none."""
        if isinstance(market, Defect):
            raise Defect(*market.args)
        if is_closed(outcome):
            raise Defect("outcome_suspended", "an outcome that takes bets", closed_by(outcome))
        outcome_id = id_text(outcome.get("id")) or f"{market.market_id}:{label}"
        price, handicap = self._offered(outcome)
        offered = _line_and_side(market, label, handicap)
        return (market.number, *player_name(market.prop.player or label), outcome_id, *offered, *price)

    def _offered(self, outcome: Mapping[str, Any]) -> tuple[tuple[int, float], Any]:
        """(American and decimal price, handicap) of what is offered; LP_BASE is the price before a boost."""
        listed = outcome.get("prices")
        for sent in listed if isinstance(listed, list) else []:
            if isinstance(sent, dict) and sent.get("priceType") == OFFERED_PRICE:
                break
        else:
            others = len(listed) if isinstance(listed, list) else 0
            raise Defect("no_price", f"one of priceType {OFFERED_PRICE}", Told(f"{others} others"), ".prices")
        decimal = sent.get("decimal")
        if decimal is None:
            decimal = _from_fraction(sent)
        price = self._prices.get(decimal) if type(decimal) is float else None
        if price is None:
            defect = decimal_defect(decimal)
            if defect:
                raise Defect(defect.value, "decimal odds", decimal, ".decimal")
            price = self._prices[float(decimal)] = (american_from_decimal(float(decimal)), float(decimal))
        return price, sent.get("handicapLow")


def closed_by(thing: Mapping[str, Any]) -> Told | None:
    """What in an event, a market or an outcome says that it takes no bets; None when nothing does."""
    said = [f"{key} {shown(thing[key])}" for key in CLOSING if is_closed({key: thing.get(key)})]
    return Told(" and ".join(said)) if said else None


def is_closed(thing: Mapping[str, Any]) -> bool:
    """Whether an event, a market or an outcome says that it takes no bets."""
    get = thing.get
    status = get("status")
    return (
        (status is not None and status != "ACTIVE")
        or get("active") is False
        or get("displayed") is False
        or get("resulted") is True
        or get("settled") is True
        or get("isVoid") is True
    )


def _line_and_side(market: Market, label: str, handicap: Any) -> tuple[float, str, bool]:
    """(line, side, is alternate). A player's ladder of goals and every rung N+ has an over alone."""
    line = market.prop.line
    if market.prop.player is None and line is not None:
        return line, Side.OVER.value, line > 0.5
    side = SIDES.get(label.lower())
    if side is None:
        rung = rung_line(label)
        if rung is not None:
            return rung, Side.OVER.value, True
        raise Defect("unknown_outcome", "Over, Under or N+", label, ".name")
    given = (line, _number(market.handicap), _number(handicap))
    lines = {number for number in given if number is not None}
    if len(lines) != 1:
        found = Told(" and ".join(f"{number:g}" for number in sorted(lines))) if lines else None
        raise Defect("line_conflict" if lines else "no_line", "one line", found)
    line = lines.pop()
    if not is_line(line):
        raise Defect("bad_line", "a line of whole or half counts", line)
    return line, side, False


def _from_fraction(price: dict[str, Any]) -> float:
    try:
        return decimal_from_fraction(price["numerator"], price["denominator"])
    except (KeyError, TypeError, ValueError):
        raise Defect("no_price", "decimal odds or a fraction", None, ".decimal") from None


def _number(value: Any) -> float | None:
    """A handicap, sent as number or text; None when not given."""
    if value is None or value == "":
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise Defect("bad_line", "a number", value, ".handicap") from None
