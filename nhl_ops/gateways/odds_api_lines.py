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
from nhl_ops.gateways.drift import Defect, ShapeError
from nhl_ops.gateways.quote_columns import Offers
from nhl_ops.gateways.quotes import QuoteSheet
from nhl_ops.gateways.wire import Node, id_text, microseconds, text_or_none

SPORT = "icehockey_nhl"
NUMBERS = frozenset({int, float})
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


SHARED = (
    "event_id_vendor", "start_time_utc", "home_team_raw", "away_team_raw", "market", "market_raw", "book_id",
    "book_name", "is_live", "is_alternate", "vendor_updated_at_utc", "version",
    "player_id_vendor", "player_team_raw", "player_position_raw", "player_birth_date",
)  # fmt: skip
UNTOLD = (None, None, None, None)
"""The last fields of SHARED: of a player the vendor says nothing but the name."""
OWN = ("player_name_raw", "market_id_vendor", "line", "side", "price_american", "price_decimal")


class _Offer(NamedTuple):
    """What all outcomes of one book's market share. number: among the offers. market_id: up to the player."""

    number: int
    prop: _Prop
    market_id: str


class EventReader:
    """Reads events into a sheet: `read` each of them, then `finish`.

    is_decimal: the vendor was asked for decimal odds, else for American ones.
    """

    def __init__(self, sheet: QuoteSheet, *, is_decimal: bool) -> None:
        self.sheet = sheet
        self.offers = Offers(SHARED, OWN)
        self.read_price = _decimal_price if is_decimal else _american_price
        self.known_prices: dict[object, tuple[int, float]] = {}
        self.captured_us = microseconds(sheet.payload.captured_at_utc)

    def finish(self) -> None:
        """Hand the quotes to the sheet."""
        self.sheet.accept_all(self.offers.fields())

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

    def _read_book(self, shared: _Event | Defect, book: Node) -> None:
        try:
            markets = _listed(book, "markets")
        except ShapeError as problem:
            self.sheet.reject("malformed_bookmaker", str(problem), book.value)
            return
        for market in markets:
            self._read_market(shared, book, market)

    def _read_market(self, shared: _Event | Defect, book: Node, market: Node) -> None:
        try:
            outcomes = _list(market, "outcomes")
        except ShapeError as problem:
            self.sheet.reject("malformed_market", str(problem), market.value)
            return
        offer = shared
        if not isinstance(shared, Defect):
            offer = _or_defect("malformed_market", self._offer, shared, book, market)
        prices = self.offers.prices
        for i, outcome in enumerate(outcomes):
            try:
                prices += self._price(offer, outcome)
            except Defect as defect:
                sample = {key: node["key"].value for key, node in (("book", book), ("market", market))}
                detail = defect.at(f"{market.path}.outcomes[{i}]")
                self.sheet.reject(defect.rule, detail, sample | {"outcome": outcome})

    def _offer(self, event: _Event, book: Node, market: Node) -> _Offer:
        key = market["key"].text()
        prop = PROPS.get(key)
        if prop is None:
            raise Defect("unknown_market", "a market that is read", key, market["key"].path)
        book_id = id_text(book["key"].value)
        if book_id is None:
            raise Defect("no_book", "a key", book["key"].value, book["key"].path)
        updated = market["last_update"] if not market["last_update"].is_null else book["last_update"]
        updated_us = None if updated.is_null else _instant(updated)
        known_us = self.captured_us if updated_us is None else updated_us
        shared = (
            *event, prop.market, key, book_id, text_or_none(book["title"].value) or book_id,
            known_us >= event.start_us, prop.is_alternate, updated_us, "" if updated.is_null else updated.text(),
        )  # fmt: skip
        number = self.offers.open((*shared, *UNTOLD))
        return _Offer(number, prop, f"{event.event_id}:{key}:")

    def _price(self, offer: Any, outcome: Any) -> tuple[Any, ...]:
        """The number of its offer and the fields OWN. Raises Defect when it is none."""
        if isinstance(offer, Defect):
            raise Defect(*offer.args)
        if not isinstance(outcome, dict):
            raise Defect("malformed_outcome", "an object", outcome)
        number, prop, market_id = offer
        name, player = outcome.get("name"), text_or_none(outcome.get("description"))
        side = prop.sides.get(name) if isinstance(name, str) else None
        if side is None:
            raise Defect("unknown_outcome", " or ".join(prop.sides), name, ".name")
        if player is None:
            raise Defect("no_player_name", "a player", outcome.get("description"), ".description")
        line, sent = _line(outcome.get("point"), prop.fixed_line), outcome.get("price")
        price = self.known_prices.get(sent) if type(sent) in NUMBERS else None
        if price is None:
            price = self.known_prices[sent] = self.read_price(sent)
        return (number, player, market_id + player, line, side, *price)


def _list(node: Node, key: str) -> list[Any]:
    child = node[key]
    if not isinstance(child.value, list):
        raise ShapeError(child.path, "a list", child.value)
    return child.value


def _listed(node: Node, key: str) -> list[Node]:
    return [Node(value, f"{key}[{i}]", node) for i, value in enumerate(_list(node, key))]


def _or_defect(rule: str, read: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except Defect as defect:
        return defect
    except ShapeError as problem:
        return Defect.of(rule, problem)


def _event(event: Node) -> _Event:
    sport = text_or_none(event["sport_key"].value)
    if sport not in {None, SPORT}:
        raise Defect("other_competition", SPORT, sport, event["sport_key"].path)
    event_id = id_text(event["id"].value)
    if event_id is None:
        raise Defect("no_event_id", "an id", event["id"].value, event["id"].path)
    try:
        start_us = event["commence_time"].instant()
    except ShapeError as problem:
        raise Defect.of("bad_start_time", problem) from None
    home, away = (text_or_none(event[key].value) for key in ("home_team", "away_team"))
    return _Event(event_id, start_us, home, away)


def _instant(updated: Node) -> int:
    try:
        return updated.instant()
    except ShapeError as problem:
        raise Defect.of("bad_vendor_time", problem) from None


def _line(point: Any, fixed: float | None) -> float:
    if type(point) is float and fixed is None and point >= 0.0 and (point + point).is_integer():
        return point
    if point is None:
        if fixed is None:
            raise Defect("no_line", "a line", point, ".point")
        return fixed
    if not is_line(point):
        raise Defect("bad_line", "a line of whole or half counts", point, ".point")
    if fixed is not None and point != fixed:
        raise Defect("line_conflict", f"{fixed}, for which this market stands", point, ".point")
    return float(point)


def _american_price(price: Any) -> tuple[int, float]:
    if price is None:
        raise Defect("no_price", "American odds", price, ".price")
    defect = american_defect(price)
    if defect:
        raise Defect(defect.value, "American odds", price, ".price")
    return int(price), decimal_from_american(int(price))


def _decimal_price(price: Any) -> tuple[int, float]:
    if price is None:
        raise Defect("no_price", "decimal odds", price, ".price")
    defect = decimal_defect(price)
    if defect:
        raise Defect(defect.value, "decimal odds", price, ".price")
    return american_from_decimal(price), float(price)
