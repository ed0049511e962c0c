"""The NHL's betting partners: `odds[]` of the schedule, and the partner game of a country, as game lines.

Facts of the format: the schedule's values are texts, American or decimal as the partner writes them, without a
market's name; some partners quote three ways there, one was seen to send draw prices for both teams. Partner
game names its markets, sends American prices as floats and repeats the draw under both teams; its
`lastUpdatedUTC` was a month old beside prices that stood, and its `currentOddsDate` can lag: games are matched
by id, and lines of an old snapshot are kept under is_stale.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from nhl_ops.domain.failures import VendorError
from nhl_ops.domain.game_lines import Outcome
from nhl_ops.domain.settings import Frozen
from nhl_ops.gateways.drift import ShapeError, broken
from nhl_ops.gateways.game_lines import (
    Book,
    Defect,
    GameEvent,
    GameLine,
    GameLineRule,
    GameLineSheet,
    mixed_price,
)
from nhl_ops.gateways.nhl import SCHEDULE
from nhl_ops.gateways.partner_offers import named_offer
from nhl_ops.gateways.partner_pairs import PartnerPair, Sided, judge
from nhl_ops.gateways.vendor import Fetch, Parsed, Payload, VendorRequest
from nhl_ops.gateways.wire import Node, eastern_day, id_text, load, microseconds, text_or_none

PARTNER_GAME = "nhl_partner_game"
VENDOR = "NHL_GAME_ODDS"
"""Under this name partner games are captured and archived: the NHL's schedule does not depend on them."""
STARTED = frozenset({"LIVE", "CRIT", "OVER", "FINAL", "OFF"})
SIDES = (("awayTeam", Outcome.AWAY), ("homeTeam", Outcome.HOME))


class Config(Frozen):
    """Section [nhl_game_odds]. partner_countries: US and CA are known. stale_after_hours: age of a snapshot."""

    partner_countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...]
    stale_after_hours: Annotated[float, Field(gt=0)]


@dataclass(frozen=True)
class NhlGameOdds:
    """Game lines of the NHL. web_url: up to `/v1`."""

    web_url: str
    config: Config

    def partner_games(self) -> list[VendorRequest]:
        """The partner game of each country now; the schedule is asked by `gateways.nhl`."""
        base = f"{self.web_url.rstrip('/')}/partner-game"
        return [VendorRequest(PARTNER_GAME, f"{base}/{c}/now") for c in self.config.partner_countries]

    def capture(self, fetch: Fetch) -> list[Payload]:
        """The partner game of every country. One that fails keeps no other from being asked; raises the first.

        Raises VendorContract also for a body that is archived and no partner game.
        """
        payloads, failed = [], []
        for request in self.partner_games():
            try:
                payloads.append(fetch(request))
                self.parse(payloads[-1])
            except VendorError as problem:
                failed.append(problem)
        if failed:
            raise failed[0]
        return payloads

    def parse(self, payload: Payload) -> Parsed:
        """Lines of a schedule or partner game in the columns of RAW_GAME_LINES. Raises VendorContract."""
        if payload.endpoint == SCHEDULE:
            return parse_schedule_odds(payload)
        return parse_partner_game(payload, timedelta(hours=self.config.stale_after_hours))


def parse_schedule_odds(payload: Payload) -> Parsed:
    """Moneylines of a week in the columns of RAW_GAME_LINES; most games of a week carry none.

    Both prices of a partner tell whether they are two-way or three-way; with one alone, or with neither sum, they
    are dead letters. So are those of a partner whose home and away look exchanged (see `partner_pairs`).
    Raises VendorContract when it is no schedule.
    """
    sheet = GameLineSheet(payload, SCHEDULE)
    try:
        root = load(payload)
        names = _partner_names(root["oddsPartners"])
        listed = [(day["date"].day(), g) for day in root["gameWeek"].each() for g in day["games"].each()]
    except ShapeError as problem:
        raise broken(payload, problem) from None
    pairs: list[PartnerPair] = []
    for day, game in listed:
        prices = list(_prices(sheet, game))
        try:
            event = _event(game, "id", payload, day) if prices else None
        except ShapeError as problem:
            _reject_all(sheet, prices, problem)
            continue
        if event is not None:
            pairs += _partner_pairs(sheet, event, prices, names)
    judge(sheet, pairs)
    return sheet.parsed()


def parse_partner_game(payload: Payload, stale_after: timedelta) -> Parsed:
    """Lines of one partner in the columns of RAW_GAME_LINES; `is_stale` when older than that at the capture.

    Raises VendorContract when it is no partner game, or does not say whose and of when it is.
    """
    sheet = GameLineSheet(payload, PARTNER_GAME)
    try:
        root = load(payload)
        book = _partner(root, payload, stale_after)
        games = list(root["games"].each())
    except ShapeError as problem:
        raise broken(payload, problem) from None
    for game in games:
        prices = list(_prices(sheet, game))
        try:
            event = _event(game, "gameId", payload) if prices else None
        except ShapeError as problem:
            _reject_all(sheet, prices, problem)
            continue
        if event is not None:
            for side, price in prices:
                _read_named(sheet, event, book, side, price)
    return sheet.parsed()


def _prices(sheet: GameLineSheet, game: Node) -> Iterator[tuple[Outcome, Node]]:
    """(side, price) of both teams; a team whose odds are no list is one dead letter."""
    for key, side in SIDES:
        try:
            odds = game[key]["odds"]
            listed = [] if odds.is_null else list(odds.each())
        except ShapeError as problem:
            sheet.reject(GameLineRule.MALFORMED_EVENT, str(problem), game.value)
            continue
        for price in listed:
            yield side, price


def _event(game: Node, id_key: str, payload: Payload, day: str | None = None) -> GameEvent:
    captured = microseconds(payload.captured_at_utc)
    game_id, start = game[id_key].integer(), game["startTimeUTC"].instant()
    home, away = game["homeTeam"]["abbrev"].text(), game["awayTeam"]["abbrev"].text()
    is_live = captured >= start or text_or_none(game["gameState"].value) in STARTED
    return GameEvent(day or eastern_day(start), str(game_id), game_id, start, home, away, is_live)


def _reject_all(sheet: GameLineSheet, prices: list[tuple[Outcome, Node]], problem: ShapeError) -> None:
    for side, price in prices:
        sheet.reject(GameLineRule.MALFORMED_EVENT, str(problem), {"side": side, "price": price.value})


def _partner_names(partners: Node) -> dict[str, str]:
    """Names by partner id; older schedules list no partners."""
    listed = [] if partners.is_null else list(partners.each())
    found = {id_text(partner["partnerId"].value): text_or_none(partner["name"].value) for partner in listed}
    return {number: name for number, name in found.items() if number and name}


def _partner(root: Node, payload: Payload, stale_after: timedelta) -> Book:
    partner, updated = root["bettingPartner"], root["lastUpdatedUTC"].instant()
    number = _partner_id(partner["partnerId"])
    age = timedelta(microseconds=microseconds(payload.captured_at_utc) - updated)
    return Book(number, text_or_none(partner["name"].value) or number, updated, age > stale_after)


def _partner_id(node: Node) -> str:
    number = id_text(node.value)
    if number is None:
        raise ShapeError(node.path, "an id", node.value)
    return number


def _partner_pairs(
    sheet: GameLineSheet, event: GameEvent, prices: list[tuple[Outcome, Node]], names: dict[str, str]
) -> list[PartnerPair]:
    by_partner: defaultdict[str, list[Sided]] = defaultdict(list)
    for side, item in prices:
        try:
            partner = _partner_id(item["providerId"])
            by_partner[partner].append(Sided(side, item, mixed_price(item["value"])))
        except ShapeError as problem:
            sheet.reject(GameLineRule.MALFORMED_PRICE, str(problem), item.value)
        except Defect as defect:
            sheet.reject(defect.rule, defect.at(item.path), item.value)
    return [PartnerPair(event, Book(n, names.get(n, n)), sided) for n, sided in by_partner.items()]


def _read_named(sheet: GameLineSheet, event: GameEvent, book: Book, side: Outcome, item: Node) -> None:
    try:
        sheet.accept(GameLine(event, book, named_offer(side, item)))
    except ShapeError as problem:
        sheet.reject(GameLineRule.MALFORMED_PRICE, str(problem), item.value)
    except Defect as defect:
        sample = {"game": event.event_id_vendor, "side": side, "price": item.value}
        sheet.reject(defect.rule, defect.at(item.path), sample)
