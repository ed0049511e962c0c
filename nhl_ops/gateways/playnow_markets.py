"""Outcomes of a PlayNow event: quotes, or dead letters under the rule that they break."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from nhl_ops.domain.markets import Side
from nhl_ops.domain.odds import american_from_decimal, decimal_defect, decimal_from_fraction, is_line
from nhl_ops.gateways.playnow_names import PropMarket, player_name, prop_market, rung_line
from nhl_ops.gateways.quotes import Quote, QuoteDefect, QuoteSheet
from nhl_ops.gateways.wire import Node, ShapeError, id_text, shown, text_or_none

BOOK_ID = "playnow"
BOOK_NAME = "PlayNow"
NHL_COMPETITION = "220"
OFFERED_PRICE = "LP"
SIDES = {"over": Side.OVER.value, "under": Side.UNDER.value}
TEAM_SEPARATOR = " at "


class _Event(NamedTuple):
    event_id: str
    start_us: int
    home: str | None
    away: str | None
    team_names: frozenset[str]
    is_live: bool


class _Market(NamedTuple):
    event: _Event
    name: str
    market_id: str | None
    handicap: Any
    prop: PropMarket


class EventReader:
    """Reads events into a sheet."""

    def __init__(self, sheet: QuoteSheet) -> None:
        self.sheet = sheet

    def read(self, event: Node) -> None:
        """Every outcome of the event: a quote or a dead letter. An event without markets holds none."""
        try:
            markets = list(event["markets"].each()) if event["markets"].value else []
        except ShapeError as problem:
            self.sheet.reject("malformed_event", str(problem), event.value)
            return
        shared = _or_defect(_event, event)
        for market in markets:
            self._read_market(shared, market)

    def _read_market(self, shared: _Event | QuoteDefect, market: Node) -> None:
        try:
            outcomes = list(market["outcomes"].each()) if market["outcomes"].value else []
        except ShapeError as problem:
            self.sheet.reject("malformed_market", str(problem), market.value)
            return
        offered = shared if isinstance(shared, QuoteDefect) else _or_defect(_market, shared, market)
        for outcome in outcomes:
            try:
                self.sheet.accept(_quote(offered, outcome))
            except (QuoteDefect, ShapeError) as problem:
                rule = problem.rule if isinstance(problem, QuoteDefect) else "malformed_outcome"
                detail = (
                    f"{outcome.path}: {problem.detail}" if isinstance(problem, QuoteDefect) else str(problem)
                )
                sample = {"market": market["name"].value, "outcome": outcome.value}
                self.sheet.reject(rule, detail, sample)


def team_names(event: Node) -> tuple[str | None, str | None]:
    """(home, away) by the teams' side; without sides, from the event's name, `<away> at <home>`."""
    listed = event["teams"].value if isinstance(event["teams"].value, list) else []
    teams = [team for team in listed if isinstance(team, dict)]
    sides = {text_or_none(team.get("side")): text_or_none(team.get("name")) for team in teams}
    home, away = sides.get("HOME"), sides.get("AWAY")
    if home or away:
        return home, away
    left, separator, right = (text_or_none(event["name"].value) or "").partition(TEAM_SEPARATOR)
    return (right.strip(), left.strip()) if separator else (None, None)


def _or_defect(read: Any, *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except QuoteDefect as defect:
        return defect
    except ShapeError as problem:
        return QuoteDefect("malformed_event", str(problem))


def _event(event: Node) -> _Event:
    competition = id_text(event["competitionDrilldownTagId"].value)
    if competition not in {None, NHL_COMPETITION}:
        raise QuoteDefect("other_competition", f"competition {competition}")
    if _is_closed(event):
        raise QuoteDefect("event_closed", f"event status {shown(event['status'].value)}")
    event_id = id_text(event["id"].value)
    if event_id is None:
        raise QuoteDefect("no_event_id")
    home, away = team_names(event)
    is_live = event["started"].value is True or event["liveNow"].value is True
    names = frozenset(name.lower() for name in (home, away, *_alternative_names(event)) if name)
    return _Event(event_id, event["startTime"].instant(), home, away, names, is_live)


def _alternative_names(event: Node) -> Iterable[str]:
    teams = event["teams"].value if isinstance(event["teams"].value, list) else []
    for team in teams:
        others = team.get("alternativeNames") if isinstance(team, dict) else None
        for other in others if isinstance(others, list) else []:
            if isinstance(other, dict) and isinstance(other.get("value"), str):
                yield other["value"]


def _market(event: _Event, market: Node) -> _Market:
    name = market["name"].text()
    prop = prop_market(name, event.team_names)
    if prop is None:
        raise QuoteDefect("market_not_supported", f"market {name!r}")
    if _is_closed(market):
        raise QuoteDefect("market_suspended", f"market {name!r}, status {shown(market['status'].value)}")
    return _Market(event, name, id_text(market["id"].value), market["handicapValue"].value, prop)


def _quote(market: _Market | QuoteDefect, outcome: Node) -> Quote:
    label = outcome["name"].text()
    if isinstance(market, QuoteDefect):
        raise QuoteDefect(market.rule, market.detail)
    if _is_closed(outcome):
        raise QuoteDefect("outcome_suspended", f"outcome status {shown(outcome['status'].value)}")
    outcome_id = id_text(outcome["id"].value) or f"{market.market_id}:{label}"
    price, handicap = _price(outcome)
    line, side, is_alternate = _line_and_side(market, label, handicap)
    event, player = market.event, player_name(market.prop.player or label)
    return Quote(
        event.event_id, event.start_us, event.home, event.away, None, player.name, player.team,
        player.position, None, market.prop.market.value, market.name, outcome_id, line, side, BOOK_ID,
        BOOK_NAME, american_from_decimal(price), price, event.is_live, is_alternate, None, "",
    )  # fmt: skip


def _line_and_side(market: _Market, label: str, handicap: Any) -> tuple[float, str, bool]:
    """(line, side, is alternate). A player's ladder of goals and every rung N+ has an over alone."""
    line = market.prop.line
    if market.prop.player is None and line is not None:
        return line, Side.OVER.value, line > 0.5
    rung = rung_line(label)
    if rung is not None:
        return rung, Side.OVER.value, True
    if label.lower() not in SIDES:
        raise QuoteDefect("unknown_outcome", f"outcome {label!r} is neither Over, Under nor N+")
    given = (line, _number(market.handicap), _number(handicap))
    lines = {number for number in given if number is not None}
    if len(lines) != 1:
        raise QuoteDefect("line_conflict" if lines else "no_line", f"lines given: {lines}")
    line = lines.pop()
    if not is_line(line):
        raise QuoteDefect("bad_line", f"line {line}")
    return line, SIDES[label.lower()], False


def _price(outcome: Node) -> tuple[float, Any]:
    """(decimal price, handicap) of the price that is offered; LP_BASE is the one before a boost."""
    listed = outcome["prices"].value if isinstance(outcome["prices"].value, list) else []
    offered = [p for p in listed if isinstance(p, dict) and p.get("priceType") == OFFERED_PRICE]
    if not offered:
        raise QuoteDefect("no_price")
    price = offered[0].get("decimal")
    if price is None:
        price = _from_fraction(offered[0])
    defect = decimal_defect(price)
    if defect:
        raise QuoteDefect(defect.value, f"decimal price {shown(price)}")
    return float(price), offered[0].get("handicapLow")


def _from_fraction(price: dict[str, Any]) -> float:
    try:
        return decimal_from_fraction(price["numerator"], price["denominator"])
    except (KeyError, TypeError, ValueError):
        raise QuoteDefect("no_price", "neither a decimal price nor a fraction") from None


def _number(value: Any) -> float | None:
    """A handicap, sent as number or text; None when not given."""
    if value is None or value == "":
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise QuoteDefect("bad_line", f"handicap {shown(value)}") from None


def _is_closed(thing: Node) -> bool:
    if thing["status"].value not in (None, "ACTIVE"):
        return True
    is_off = any(thing[key].value is False for key in ("active", "displayed"))
    return is_off or any(thing[key].value is True for key in ("resulted", "settled", "isVoid"))
