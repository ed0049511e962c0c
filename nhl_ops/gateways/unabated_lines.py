"""Prices of Unabated market events: quotes, or dead letters under the rule that they break.

A blurred price is fake; a line with another status than 1 is off the board; a goal market without points is
"scores at any time", OVER 0.5 and one-sided; an N+ milestone is OVER N-0.5 and never implies an under.
A quote's version is the second of the vendor's own time of the price: all forms give that time for the same
price, while their sequence numbers count in different units. Without it the sequence number is the version.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from nhl_ops.domain.markets import Market, Side
from nhl_ops.domain.odds import american_defect, decimal_from_american, is_line
from nhl_ops.gateways.quotes import Quote, QuoteDefect, QuoteSheet
from nhl_ops.gateways.unabated_bet_types import BetTypes
from nhl_ops.gateways.unabated_board import BookLine, Directory, MarketEvent, MarketSide
from nhl_ops.gateways.wire import (
    MAX_DIGITS,
    Node,
    ShapeError,
    id_text,
    instant_us,
    microseconds,
    text_or_none,
)

Json = Mapping[str, Any]

SIDES = {"0": Side.OVER.value, "1": Side.UNDER.value}
STANDARD_SUB_TYPES = frozenset({"", "0"})
MILESTONE = "milestone"
ON_THE_BOARD = "1"
CLOSED_EVENTS = frozenset({"3", "5", "6"})
MICROSECONDS = 1_000_000


class _Event(NamedTuple):
    """What all prices of a market event share."""

    body: Json
    event_id: str
    start_us: int
    home: str | None
    away: str | None
    bet_type: str
    is_milestone: bool
    is_live: bool


class _Offer(NamedTuple):
    """One side of a market event. `quoted` are the first fields of its quotes, up to market_raw."""

    event: _Event
    market: str
    side: str
    person: str
    quoted: tuple[Any, ...]


class LineReader:
    """Reads market events into a sheet; of equal lines of a book in a market the highest sequence stands."""

    def __init__(
        self, sheet: QuoteSheet, who: Directory, bet_types: BetTypes, books: Mapping[str, str]
    ) -> None:
        self.sheet = sheet
        self.who = who
        self.bet_types = bet_types
        self.books = {**books, **who.books}
        self.captured_us = microseconds(sheet.payload.captured_at_utc)
        self.standing: dict[tuple[str, str, float, str], tuple[int, Quote]] = {}

    def finish(self) -> None:
        """Hand the standing quotes to the sheet."""
        for _, quote in self.standing.values():
            self.sheet.accept(quote)

    def read(self, event: MarketEvent) -> None:
        """Every price of the event: a standing quote or a dead letter."""
        body = event.body
        if event.sides is None:
            self.sheet.reject("malformed_event", f"{event.path}: expected an object with sides", body)
            return
        try:
            shared: _Event | QuoteDefect = self._event(event)
        except QuoteDefect as defect:
            shared = defect
        for side in event.sides:
            offer = self._offer_or_defect(shared, side)
            for line in side.lines:
                try:
                    self._read_line(offer, line)
                except QuoteDefect as defect:
                    ids = {"eventId": body.get("eventId"), "betTypeId": event.bet_type}
                    sample = {**ids, "personId": body.get("personId"), "line": line.fields}
                    path = f"{event.path}{side.where}{line.where}"
                    self.sheet.reject(defect.rule, f"{path}: {defect.detail}", sample)

    def _event(self, event: MarketEvent) -> _Event:
        body = event.body
        if event.out_of_scope:
            raise QuoteDefect(event.out_of_scope)
        bet_type, is_milestone = self._bet_type(event)
        if id_text(body.get("statusId")) in CLOSED_EVENTS:
            raise QuoteDefect("event_closed", f"event statusId {body['statusId']}")
        event_id = id_text(body.get("eventId"))
        if event_id is None:
            raise QuoteDefect("no_event_id")
        try:
            start_us = Node(body, event.path)["eventStart"].instant()
        except ShapeError as problem:
            raise QuoteDefect("bad_start_time", str(problem)) from None
        away, home = (self._event_team(body.get("eventTeams"), index) for index in ("0", "1"))
        is_live = event.is_live or body.get("live") is True or body.get("isLive") is True
        is_live = is_live or start_us <= self.captured_us
        return _Event(body, event_id, start_us, home, away, bet_type, is_milestone, is_live)

    def _bet_type(self, event: MarketEvent) -> tuple[str, bool]:
        body, bet_type = event.body, event.bet_type
        if id_text(body.get("periodTypeId")) not in {None, "1"}:
            raise QuoteDefect("other_period", f"periodTypeId {body['periodTypeId']}")
        if bet_type in self.bet_types.contradicted:
            raise QuoteDefect("bet_type_contradicted", self.bet_types.contradicted[bet_type])
        sub_type = id_text(body.get("betSubType")) or ""
        is_milestone = MILESTONE in sub_type.lower()
        is_known = bet_type in self.bet_types.markets and (is_milestone or sub_type in STANDARD_SUB_TYPES)
        if bet_type is None or not is_known:
            shown = self.bet_types.shown(bet_type)
            raise QuoteDefect("unknown_market", f"{shown}, betSubType {sub_type or None}")
        return bet_type, is_milestone

    def _event_team(self, teams: object, index: str) -> str | None:
        team = teams.get(index) if isinstance(teams, dict) else None
        if not isinstance(team, dict):
            return None
        return self.who.teams.get(id_text(team.get("id")) or id_text(team.get("teamId")) or "")

    def _offer_or_defect(self, event: _Event | QuoteDefect, side: MarketSide) -> _Offer | QuoteDefect:
        try:
            return event if isinstance(event, QuoteDefect) else self._offer(event, side)
        except QuoteDefect as defect:
            return defect

    def _offer(self, event: _Event, side: MarketSide) -> _Offer:
        if not isinstance(side.body, dict):
            raise QuoteDefect("malformed_line", "expected an object of books")
        index = id_text(side.body.get("sideIndex")) or side.key.partition(":")[0].removeprefix("si")
        if index not in SIDES:
            raise QuoteDefect("unknown_side", f"side index {index}")
        body = event.body
        person = id_text(body.get("personId")) or id_text(side.body.get("personId"))
        who = self.who.people.get(person or "")
        if person is None or who is None:
            raise QuoteDefect("unknown_person", f"person {person} is not among the people")
        name = " ".join(filter(None, (text_or_none(who.get(key)) for key in ("firstName", "lastName"))))
        if not name:
            raise QuoteDefect("no_player_name", f"person {person} has no name")
        team_ids = (id_text(place.get("teamId")) for place in (body, side.body, who))
        team = self.who.teams.get(next(filter(None, team_ids), ""))
        position = text_or_none(body.get("playerPosition")) or text_or_none(who.get("position"))
        market = self.bet_types.markets[event.bet_type]
        player = (person, name, team, position, _birth_date(who))
        game = (event.event_id, event.start_us, event.home, event.away)
        return _Offer(event, market, SIDES[index], person, (*game, *player, market, event.bet_type))

    def _read_line(self, offer: _Offer | QuoteDefect, line: BookLine) -> None:
        if isinstance(offer, QuoteDefect):
            raise QuoteDefect(offer.rule, offer.detail)
        fields = line.fields
        if not isinstance(fields, dict):
            raise QuoteDefect("malformed_line", "expected an object")
        american, points = _price(fields), _points(offer, fields)
        event = offer.event
        book = id_text(fields.get("marketSourceId")) or line.book.removeprefix("ms")
        if not book:
            raise QuoteDefect("no_book", f"book {line.book!r}")
        market_id = id_text(fields.get("marketId")) or f"e{event.event_id}:bt{event.bet_type}:p{offer.person}"
        sequence = id_text(fields.get("sequenceNumber")) or ""
        modified_us = _modified_on(fields)
        version = sequence if modified_us is None else f"{modified_us // MICROSECONDS}"
        is_alternate = line.is_alternate or event.is_milestone
        price = (american, decimal_from_american(american), event.is_live, is_alternate)
        offered = (market_id, points, offer.side, book, self.books.get(book, book))
        quote = Quote._make((*offer.quoted, *offered, *price, modified_us, version))
        self._keep(quote, int(sequence) if sequence.isdecimal() and len(sequence) < MAX_DIGITS else -1)

    def _keep(self, quote: Quote, sequence: int) -> None:
        key = (quote.market_id_vendor, quote.book_id, quote.line, quote.side)
        former = self.standing.get(key)
        if former is None:
            self.standing[key] = (sequence, quote)
            return
        if sequence > former[0]:
            self.standing[key] = (sequence, quote)
            quote = former[1]
        detail = "a line of the same market, book, side and points has a higher sequence or came first"
        self.sheet.reject("superseded_in_payload", detail, quote._asdict())


def _price(fields: Json) -> int:
    if fields.get("isBlurred") not in (None, False):
        raise QuoteDefect("blurred_price")
    status = fields.get("statusId", 1)
    if (status != 1 and id_text(status) not in (None, ON_THE_BOARD)) or fields.get("disabled") is True:
        raise QuoteDefect("off_the_board", f"statusId {status}")
    price = fields.get("americanPrice")
    price = fields.get("price") if price is None else price
    if price is None:
        raise QuoteDefect("no_price")
    defect = american_defect(price)
    if defect:
        raise QuoteDefect(defect.value, f"American price {price!r}")
    return int(price)


def _points(offer: _Offer, fields: Json) -> float:
    points = fields.get("points")
    if points is None:
        if offer.market == Market.GOALS and offer.side == Side.OVER:
            return 0.5
        raise QuoteDefect("no_line")
    if not is_line(points):
        raise QuoteDefect("bad_line", f"points {points!r}")
    if not offer.event.is_milestone or not float(points).is_integer():
        return float(points)
    if offer.side == Side.UNDER or points < 1:
        raise QuoteDefect("bad_milestone", f"{offer.side} {points}+")
    return float(points) - 0.5


def _modified_on(fields: Json) -> int | None:
    text = fields.get("modifiedOn")
    if text is None:
        return None
    try:
        return instant_us(text)
    except (ValueError, TypeError):
        raise QuoteDefect("bad_vendor_time", f"modifiedOn {text!r}") from None


def _birth_date(who: Json) -> str | None:
    try:
        return Node(who)["birthDate"].day()
    except ShapeError:
        return None
