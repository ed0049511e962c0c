"""Prices of The Odds API's events: quotes, or dead letters under the rule that they break.

Facts of the format: an outcome's `name` is its side and its `description` the player; there is no player id and
no team. Anytime scorer is Yes or No without a line, the same bet as goals over or under 0.5. Alternates and
some books' milestones have an Over without an Under. Prices go on after the start: `last_update` tells.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from nhl_ops.domain.markets import Market, Side
from nhl_ops.domain.odds import (
    american_defect,
    american_from_decimal,
    decimal_defect,
    decimal_from_american,
    is_line,
)
from nhl_ops.gateways.quotes import Quote, QuoteDefect, QuoteSheet
from nhl_ops.gateways.wire import Node, ShapeError, id_text, microseconds, shown, text_or_none

SPORT = "icehockey_nhl"
ALTERNATE = "_alternate"
ANYTIME = "player_goal_scorer_anytime"
TOTALS: Mapping[str, Market] = MappingProxyType(
    {
        "player_points": Market.POINTS,
        "player_assists": Market.ASSISTS,
        "player_goals": Market.GOALS,
        "player_shots_on_goal": Market.SOG,
        "player_blocked_shots": Market.BLOCKS,
        "player_total_saves": Market.SAVES,
    }
)
"""Market by market key; each has an alternate of the same name plus `_alternate`."""


class _Prop(NamedTuple):
    """What a market key stands for. fixed_line: the line that goes without saying."""

    market: str
    sides: Mapping[str, str]
    fixed_line: float | None
    is_alternate: bool


OVER_UNDER: Mapping[str, str] = MappingProxyType({"Over": Side.OVER.value, "Under": Side.UNDER.value})
YES_NO: Mapping[str, str] = MappingProxyType({"Yes": Side.OVER.value, "No": Side.UNDER.value})
PROPS: Mapping[str, _Prop] = MappingProxyType(
    {key: _Prop(market.value, OVER_UNDER, None, is_alternate=False) for key, market in TOTALS.items()}
    | {
        key + ALTERNATE: _Prop(market.value, OVER_UNDER, None, is_alternate=True)
        for key, market in TOTALS.items()
    }
    | {ANYTIME: _Prop(Market.GOALS.value, YES_NO, 0.5, is_alternate=False)}
)


class _Event(NamedTuple):
    event_id: str
    start_us: int
    home: str | None
    away: str | None


class _Offer(NamedTuple):
    """What all outcomes of one book's market share."""

    event: _Event
    prop: _Prop
    market_raw: str
    book_id: str
    book_name: str
    is_live: bool
    updated_us: int | None
    version: str


class EventReader:
    """Reads events into a sheet. is_decimal: the vendor was asked for decimal odds, else for American ones."""

    def __init__(self, sheet: QuoteSheet, *, is_decimal: bool) -> None:
        self.sheet = sheet
        self.price = _decimal_price if is_decimal else _american_price
        self.captured_us = microseconds(sheet.payload.captured_at_utc)

    def read(self, event: Node) -> None:
        """Every outcome of the event: a quote or a dead letter. An event without books holds none."""
        try:
            books = _listed(event, "bookmakers")
        except ShapeError as problem:
            self.sheet.reject("malformed_event", str(problem), event.value)
            return
        shared = _or_defect("malformed_event", _event, event)
        for book in books:
            self._read_book(shared, book)

    def _read_book(self, shared: _Event | QuoteDefect, book: Node) -> None:
        try:
            markets = _listed(book, "markets")
        except ShapeError as problem:
            self.sheet.reject("malformed_bookmaker", str(problem), book.value)
            return
        for market in markets:
            self._read_market(shared, book, market)

    def _read_market(self, shared: _Event | QuoteDefect, book: Node, market: Node) -> None:
        try:
            outcomes = _list(market, "outcomes")
        except ShapeError as problem:
            self.sheet.reject("malformed_market", str(problem), market.value)
            return
        offer = shared
        if not isinstance(shared, QuoteDefect):
            offer = _or_defect("malformed_market", self._offer, shared, book, market)
        for i, outcome in enumerate(outcomes):
            try:
                self.sheet.accept(self._quote(offer, outcome))
            except QuoteDefect as defect:
                sample = {key: node["key"].value for key, node in (("book", book), ("market", market))}
                detail = f"{market.path}.outcomes[{i}]: {defect.detail}"
                self.sheet.reject(defect.rule, detail, sample | {"outcome": outcome})

    def _offer(self, event: _Event, book: Node, market: Node) -> _Offer:
        key = market["key"].text()
        prop = PROPS.get(key)
        if prop is None:
            raise QuoteDefect("unknown_market", f"market {key[:80]!r}")
        book_id = id_text(book["key"].value)
        if book_id is None:
            raise QuoteDefect("no_book", "a bookmaker without key")
        updated = market["last_update"] if not market["last_update"].is_null else book["last_update"]
        updated_us = None if updated.is_null else _instant(updated)
        known_us = self.captured_us if updated_us is None else updated_us
        return _Offer(
            event, prop, key, book_id, text_or_none(book["title"].value) or book_id,
            known_us >= event.start_us, updated_us, "" if updated.is_null else updated.text(),
        )  # fmt: skip

    def _quote(self, offer: Any, outcome: Any) -> Quote:
        if isinstance(offer, QuoteDefect):
            raise QuoteDefect(offer.rule, offer.detail)
        if not isinstance(outcome, dict):
            raise QuoteDefect("malformed_outcome", "expected an object")
        event, prop = offer.event, offer.prop
        name, player = outcome.get("name"), text_or_none(outcome.get("description"))
        side = prop.sides.get(name) if isinstance(name, str) else None
        if side is None:
            raise QuoteDefect("unknown_outcome", f"outcome {shown(name)} is none of {', '.join(prop.sides)}")
        if player is None:
            raise QuoteDefect("no_player_name")
        line = _line(outcome.get("point"), prop.fixed_line)
        american, decimal = self.price(outcome.get("price"))
        return Quote(
            event.event_id, event.start_us, event.home, event.away, None, player, None, None, None,
            prop.market, offer.market_raw, f"{event.event_id}:{offer.market_raw}:{player}", line, side,
            offer.book_id, offer.book_name, american, decimal, offer.is_live, prop.is_alternate,
            offer.updated_us, offer.version,
        )  # fmt: skip


def _list(node: Node, key: str) -> list[Any]:
    child = node[key]
    if not isinstance(child.value, list):
        raise ShapeError(child.path, "expected a list")
    return child.value


def _listed(node: Node, key: str) -> list[Node]:
    return [Node(value, f"{key}[{i}]", node) for i, value in enumerate(_list(node, key))]


def _or_defect(rule: str, read: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except QuoteDefect as defect:
        return defect
    except ShapeError as problem:
        return QuoteDefect(rule, str(problem))


def _event(event: Node) -> _Event:
    sport = text_or_none(event["sport_key"].value)
    if sport not in {None, SPORT}:
        raise QuoteDefect("other_competition", f"sport {sport[:80]!r}")
    event_id = id_text(event["id"].value)
    if event_id is None:
        raise QuoteDefect("no_event_id")
    try:
        start_us = event["commence_time"].instant()
    except ShapeError as problem:
        raise QuoteDefect("bad_start_time", str(problem)) from None
    home, away = (text_or_none(event[key].value) for key in ("home_team", "away_team"))
    return _Event(event_id, start_us, home, away)


def _instant(updated: Node) -> int:
    try:
        return updated.instant()
    except ShapeError as problem:
        raise QuoteDefect("bad_vendor_time", str(problem)) from None


def _line(point: Any, fixed: float | None) -> float:
    if point is None:
        if fixed is None:
            raise QuoteDefect("no_line")
        return fixed
    if not is_line(point):
        raise QuoteDefect("bad_line", f"point {shown(point)}")
    if fixed is not None and point != fixed:
        raise QuoteDefect("line_conflict", f"point {shown(point)}, and this market stands for {fixed}")
    return float(point)


def _american_price(price: Any) -> tuple[int, float]:
    if price is None:
        raise QuoteDefect("no_price")
    defect = american_defect(price)
    if defect:
        raise QuoteDefect(defect.value, f"American price {shown(price)}")
    return int(price), decimal_from_american(int(price))


def _decimal_price(price: Any) -> tuple[int, float]:
    if price is None:
        raise QuoteDefect("no_price")
    defect = decimal_defect(price)
    if defect:
        raise QuoteDefect(defect.value, f"decimal price {shown(price)}")
    return american_from_decimal(price), float(price)
