"""Prices of Unabated market events: quotes, or dead letters under the rule that they break.

A blurred price is fake; a line with another status than 1 is off the board; a goal market without points is
"scores at any time", OVER 0.5 and one-sided; an N+ milestone is OVER N-0.5 and never implies an under.
A quote's version is the second of the vendor's own time of the price: all forms give that time for the same
price, while their sequence numbers count in different units. Without it the sequence number is the version.
"""

from collections.abc import Mapping
from typing import NamedTuple

from nhl_ops.domain.escaping import quoted
from nhl_ops.domain.markets import Side
from nhl_ops.gateways.drift import Defect, ShapeError, Told, shown, unlike
from nhl_ops.gateways.quote_columns import Offers, repeated_lines, standing
from nhl_ops.gateways.quotes import QuoteSheet
from nhl_ops.gateways.unabated_bet_types import BetTypes
from nhl_ops.gateways.unabated_board import BookLine, Directory, MarketEvent, MarketSide, alternates_of
from nhl_ops.gateways.unabated_prices import OWN, SEQUENCE, Json, LinePrices, Offer
from nhl_ops.gateways.wire import MAX_DIGITS, Node, id_text, microseconds, text_or_none

SHARED = (
    "event_id_vendor", "start_time_utc", "home_team_raw", "away_team_raw", "player_id_vendor",
    "player_name_raw", "player_team_raw", "player_position_raw", "player_birth_date", "market", "market_raw",
    "side", "is_live",
)  # fmt: skip
SUPERSEDED = "one line, of which the highest sequence or the first stands"
SIDES = {"0": Side.OVER.value, "1": Side.UNDER.value}
STANDARD_SUB_TYPES = frozenset({"", "0"})
MILESTONE = "milestone"
CLOSED_EVENTS = frozenset({"3", "5", "6"})


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


class _Player(NamedTuple):
    """A person of the board's own list."""

    name: str
    position: str | None
    team_id: str | None
    birth_date: str | None


class LineReader:
    """Reads market events into a sheet; of equal lines of a book in a market the highest sequence stands."""

    def __init__(
        self, sheet: QuoteSheet, who: Directory, bet_types: BetTypes, books: Mapping[str, str]
    ) -> None:
        self.sheet = sheet
        self.who = who
        self.bet_types = bet_types
        self.players: dict[str | None, _Player] = {}
        self.offers = Offers(SHARED, OWN, beside=1)
        self.prices = LinePrices({**books, **who.books})
        self.captured_us = microseconds(sheet.payload.captured_at_utc)

    def finish(self) -> None:
        """Hand the standing quotes to the sheet."""
        fields, sequences = self.offers.fields(), self.offers.column(SEQUENCE)
        groups = []
        for rows in repeated_lines(fields):
            stands = max(rows, key=lambda row: _sequence(sequences[row]))
            groups.append((rows, [stands]))
            for row in rows:
                if row != stands:
                    quote = self.offers.quote(row)
                    place = f"event {quote.event_id_vendor}, market {quote.market_id_vendor}, {quoted(quote.book_name)}"
                    detail = unlike(place, SUPERSEDED, Told(f"another {quote.side} {quote.line:g}"))
                    self.sheet.reject("superseded_in_payload", detail, quote._asdict())
        self.sheet.accept_all(standing(fields, groups))

    def read(self, event: MarketEvent) -> None:
        """Every price of the event: a standing quote or a dead letter."""
        if event.sides is None:
            self.sheet.reject(
                "malformed_event", unlike(event.path, "an object with sides", event.body), event.body
            )
            return
        try:
            shared: _Event | Defect = self._event(event)
        except Defect as defect:
            shared = defect
        for side in event.sides:
            self._read_side(event, side, self._offer_or_defect(shared, side))

    def _read_side(self, event: MarketEvent, side: MarketSide, offer: Offer | Defect) -> None:
        usual, prices = self.prices.usual, self.offers.prices
        for line in side.lines:
            place, book, fields, is_alternate = line
            price = None if isinstance(offer, Defect) else usual(offer, book, fields, is_alternate)
            if price is None:
                self._read_line(event, side, offer, line)
            else:
                prices += price
            carried = fields.get("alternateLines") if isinstance(fields, dict) else None
            if carried is None or carried == []:
                continue
            for number, own in alternates_of(fields, carried):
                price = None if isinstance(offer, Defect) else usual(offer, book, own, True)
                if price is None:
                    alternate = (f"{place}.alternateLines[{number}]", book, own, True)
                    self._read_line(event, side, offer, alternate)
                else:
                    prices += price

    def _read_line(self, event: MarketEvent, side: MarketSide, offer: Offer | Defect, line: BookLine) -> None:
        place, book, fields, is_alternate = line
        defect = offer if isinstance(offer, Defect) else None
        if not isinstance(offer, Defect):
            try:
                self.offers.prices += self.prices.exact(offer, book, fields, is_alternate)
            except Defect as found:
                defect = found
        if defect is not None:
            body = event.body
            ids = {"eventId": body.get("eventId"), "betTypeId": event.bet_type}
            path = f"{event.path}{side.where}{'.' if place else ''}{place}"
            sample = {"at": path, **ids, "personId": body.get("personId"), "line": fields}
            self.sheet.reject(defect.rule, defect.at(path), sample)

    def _event(self, event: MarketEvent) -> _Event:
        body = event.body
        if event.out_of_scope:
            raise Defect(*event.out_of_scope.args)
        bet_type, is_milestone = self._bet_type(event)
        if id_text(body.get("statusId")) in CLOSED_EVENTS:
            raise Defect("event_closed", "an open event", body["statusId"], f"{event.path}.statusId")
        event_id = id_text(body.get("eventId"))
        if event_id is None:
            raise Defect("no_event_id", "an id", body.get("eventId"), f"{event.path}.eventId")
        try:
            start_us = Node(body, event.path)["eventStart"].instant()
        except ShapeError as problem:
            raise Defect.of("bad_start_time", problem) from None
        away, home = (self._event_team(body.get("eventTeams"), index) for index in ("0", "1"))
        is_live = event.is_live or body.get("live") is True or body.get("isLive") is True
        is_live = is_live or start_us <= self.captured_us
        return _Event(body, event_id, start_us, home, away, bet_type, is_milestone, is_live)

    def _bet_type(self, event: MarketEvent) -> tuple[str, bool]:
        body, bet_type = event.body, event.bet_type
        if id_text(body.get("periodTypeId")) not in {None, "1"}:
            raise Defect(
                "other_period", "1, the full game", body["periodTypeId"], f"{event.path}.periodTypeId"
            )
        if bet_type in self.bet_types.contradicted:
            expected, found = self.bet_types.contradicted[bet_type]
            raise Defect("bet_type_contradicted", expected, found, f"{event.path}.betTypeId")
        sub_type = id_text(body.get("betSubType")) or ""
        is_milestone = MILESTONE in sub_type.lower()
        is_known = bet_type in self.bet_types.markets and (is_milestone or sub_type in STANDARD_SUB_TYPES)
        if bet_type is None or not is_known:
            said = self.bet_types.shown(bet_type)
            found = Told(f"{said}, betSubType {shown(sub_type or None)}")
            raise Defect("unknown_market", "a market that is read", found, f"{event.path}.betTypeId")
        return bet_type, is_milestone

    def _event_team(self, teams: object, index: str) -> str | None:
        team = teams.get(index) if isinstance(teams, dict) else None
        if not isinstance(team, dict):
            return None
        return self.who.teams.get(id_text(team.get("id")) or id_text(team.get("teamId")) or "")

    def _offer_or_defect(self, event: _Event | Defect, side: MarketSide) -> Offer | Defect:
        try:
            return event if isinstance(event, Defect) else self._offer(event, side)
        except Defect as defect:
            return defect

    def _offer(self, event: _Event, side: MarketSide) -> Offer:
        if not isinstance(side.body, dict):
            raise Defect("malformed_line", "an object of books", side.body)
        index = id_text(side.body.get("sideIndex")) or side.key.partition(":")[0].removeprefix("si")
        if index not in SIDES:
            raise Defect("unknown_side", "side 0 or 1", index)
        body = event.body
        person = id_text(body.get("personId")) or id_text(side.body.get("personId"))
        player = self._player(person)
        team_id = id_text(body.get("teamId")) or id_text(side.body.get("teamId")) or player.team_id
        position = text_or_none(body.get("playerPosition")) or player.position
        market = self.bet_types.markets[event.bet_type]
        game = (event.event_id, event.start_us, event.home, event.away)
        told = (person, player.name, self.who.teams.get(team_id or ""), position, player.birth_date)
        shared = (*game, *told, market, event.bet_type, SIDES[index], event.is_live)
        unnamed = f"e{event.event_id}:bt{event.bet_type}:p{person}"
        return Offer(self.offers.open(shared), market, SIDES[index], event.is_milestone, unnamed)

    def _player(self, person: str | None) -> _Player:
        known = self.players.get(person)
        if known is None:
            who = self.who.people.get(person or "")
            if person is None or who is None:
                raise Defect("unknown_person", "one of the people", person, ".personId")
            name = " ".join(filter(None, (text_or_none(who.get(key)) for key in ("firstName", "lastName"))))
            if not name:
                raise Defect(
                    "no_player_name", f"a name of person {quoted(person)}", who.get("lastName"), ".personId"
                )
            position, team_id = text_or_none(who.get("position")), id_text(who.get("teamId"))
            known = self.players[person] = _Player(name, position, team_id, _birth_date(who))
        return known


def _sequence(sent: object) -> int:
    text = id_text(sent) or ""
    return int(text) if text.isdecimal() and len(text) < MAX_DIGITS else -1


def _birth_date(who: Json) -> str | None:
    try:
        return Node(who)["birthDate"].day()
    except ShapeError:
        return None
