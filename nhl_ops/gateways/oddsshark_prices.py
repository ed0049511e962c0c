"""Prices of OddsShark's player-props page: quotes, or dead letters under the rule that they break.

The page gives an event's id and its teams' codes; when the event starts comes from the site's scores of the
day. An offer without text is no price. Best Odds repeats other cells and is neither a quote nor a dead letter.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from nhl_ops.domain.escaping import quoted
from nhl_ops.domain.markets import Market, Side
from nhl_ops.domain.odds import PriceDefect, american_defect, decimal_from_american, is_line
from nhl_ops.domain.teams import tri_code
from nhl_ops.gateways.drift import Defect, Told, unlike
from nhl_ops.gateways.oddsshark_cells import DETAIL, INFO, ODDS
from nhl_ops.gateways.oddsshark_events import Events
from nhl_ops.gateways.oddsshark_page import BOOK, CELL, EVENT, ITEM, NAME, SEVERAL, TEAMS, Cell, Row, Tab
from nhl_ops.gateways.oddsshark_scores import NOT_OFFERED
from nhl_ops.gateways.quote_columns import Offers, repeated_lines, standing
from nhl_ops.gateways.quotes import QuoteSheet
from nhl_ops.gateways.wire import eastern_day, microseconds

SIDES = {"o": Side.OVER.value, "over": Side.OVER.value, "u": Side.UNDER.value, "under": Side.UNDER.value}
LINE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")
AMERICAN = re.compile(r"[+-][0-9]{1,9}")
QUOTED_CHARS = 60


class _Game(NamedTuple):
    event_id: str
    start_us: int
    home: str | None
    away: str | None


SHARED = (
    "event_id_vendor", "start_time_utc", "home_team_raw", "away_team_raw", "player_name_raw", "market",
    "market_raw", "market_id_vendor", "is_live", "is_alternate",
    "player_id_vendor", "player_team_raw", "player_position_raw", "player_birth_date", "vendor_updated_at_utc",
    "version",
)  # fmt: skip
UNTOLD = (None, None, None, None, None, "")
"""The last fields of SHARED: what the page does not say."""
OWN = ("book_id", "book_name", "side", "line", "price_american", "price_decimal")


class PriceReader:
    """Reads tabs into a sheet. tabs: market by label; any other tab is an `unknown_market`."""

    def __init__(self, sheet: QuoteSheet, events: Events, tabs: Mapping[str, Market]) -> None:
        self.sheet = sheet
        self.events = events
        self.markets = {label.casefold(): Market(market).value for label, market in tabs.items()}
        self.captured_us = microseconds(sheet.payload.captured_at_utc)
        self.games: dict[tuple[str, str], _Game | Defect] = {}
        self.offers = Offers(SHARED, OWN)

    def read(self, tab: Tab) -> None:
        """Every price of the tab: a standing quote or a dead letter."""
        label = quoted(tab.label)
        for number, row in enumerate(tab.rows, 1):
            self._read_row(tab, row, f"{label}, row {number}")
        self._reject_strays(tab.strays, f"{label}, outside of any row", {"tab": tab.label})

    def finish(self) -> None:
        """Hand the quotes to the sheet. Different prices of a book for one line and side are dead letters, all
        of them: which one stands is not known. An equal price is a duplicate, which normalization counts."""
        fields = self.offers.fields()
        american = fields["price_american"].array()
        groups = []
        for rows in repeated_lines(fields):
            prices = sorted(set(american[rows].tolist()))
            groups.append((rows, rows if len(prices) == 1 else []))
            for row in rows if len(prices) > 1 else []:
                quote = self.offers.quote(row)
                where = f"{quoted(quote.market_raw)}, {quoted(quote.book_name)}"
                detail = unlike(where, "one price for a line", Told(", ".join(map(str, prices))))
                self.sheet.reject("price_conflict", detail, quote._asdict())
        self.sheet.accept_all(standing(fields, groups))

    def _read_row(self, tab: Tab, row: Row, where: str) -> None:
        sample = {"tab": tab.label, "event": row.event_id, "teams": row.teams, "player": row.name}
        if not row.cells:
            self.sheet.reject(
                "malformed_row", unlike(f"{where}, .{CELL}", "a cell a book", Told("none")), sample
            )
        offered = _or_defect(self._offered, tab, row)
        books: Sequence[str | Defect] = row.books
        if len(row.cells) != len(books) + 1:
            found = Told(f"{len(row.cells)} cells")
            defect = Defect(
                "unknown_book", f"a cell for Best Odds and each of {len(books)} books", found, f", .{CELL}"
            )
            books = [defect] * len(row.cells)
        for book, cell in zip(books, row.cells[1:], strict=False):
            self._read_cell(offered, book, cell, where, sample)
        self._reject_strays(row.strays, f"{where}, outside of any cell", sample)

    def _read_cell(
        self,
        offered: int | Defect,
        book: str | Defect,
        cell: Cell,
        where: str,
        sample: dict[str, str],
    ) -> None:
        prices = self.offers.prices
        for info, detail in cell.offers:
            try:
                prices += _price_of(offered, book, info, detail)
            except Defect as defect:
                if _is_offered(info) or _is_offered(detail):
                    said = {"book": book if isinstance(book, str) else None, "info": info, "detail": detail}
                    self.sheet.reject(defect.rule, defect.at(where), sample | said)
        self._reject_strays(cell.strays, f"{where}, outside of any offer", sample)

    def _reject_strays(self, strays: Sequence[str], where: str, sample: dict[str, str]) -> None:
        for text in filter(_is_offered, strays):
            self.sheet.reject("malformed_line", unlike(where, "no price", text), sample | {"detail": text})

    def _offered(self, tab: Tab, row: Row) -> int:
        """The number of the row's offer."""
        market = self.markets.get(tab.label.casefold())
        if market is None:
            raise Defect("unknown_market", "a tab of a market that is read", tab.label)
        key = (row.event_id, row.teams)
        if key not in self.games:
            self.games[key] = _or_defect(self._game, *key)
        game = self.games[key]
        if isinstance(game, Defect):
            raise Defect(*game.args)
        if not row.name:
            raise Defect("no_player_name", "a player", None, f", .{NAME}")
        market_id = f"{game.event_id}:{market}:{row.name}"
        is_live = game.start_us <= self.captured_us
        return self.offers.open((*game, row.name, market, tab.label, market_id, is_live, False, *UNTOLD))

    def _game(self, event_id: str, teams: str) -> _Game:
        if not event_id:
            raise Defect("no_event_id", "an event", None, f", {EVENT}")
        event = self.events.by_id.get(event_id)
        if event is None:
            why = "".join(f"; {problem.cause}" for problem in self.events.problems)
            raise Defect("unknown_event", f"an event of the scores{why}", event_id, f", {EVENT}")
        if event.start_us is None:
            raise Defect(
                "bad_start_time", f"a date of event {quoted(event_id)} in the scores", None, f", {EVENT}"
            )
        away, at, home = (part.strip(" -\u2013") for part in teams.partition("@"))
        if at:
            on = date.fromisoformat(eastern_day(event.start_us))
            for said, code in ((home, event.home_code), (away, event.away_code)):
                if code and tri_code(said, on) not in (None, code):
                    named = f"{quoted(event.away)} at {quoted(event.home)}, as the scores have the event"
                    raise Defect("teams_conflict", named, teams, f", .{TEAMS}")
        return _Game(event_id, event.start_us, event.home or home or None, event.away or away or None)


def _or_defect(read: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except Defect as defect:
        return defect


def _price_of(offered: int | Defect, book: str | Defect, info: str, detail: str) -> tuple[Any, ...]:
    """The number of its offer and the fields OWN. Raises Defect when it is no price."""
    if isinstance(offered, Defect):
        raise Defect(*offered.args)
    if isinstance(book, Defect):
        raise Defect(*book.args)
    if not book:
        raise Defect("unknown_book", f"a book's name in its logo's {BOOK}", None, f", .{ITEM}")
    if SEVERAL in info or SEVERAL in detail:
        raise Defect("malformed_line", "one price in an offer", f"{info} {detail}", f", .{ODDS}")
    return (offered, _book_id(book), book, *_side_and_line(info), *_price(detail))


@lru_cache(maxsize=4096)
def _side_and_line(text: str) -> tuple[str, float]:
    """The side and line of "O 2.5"."""
    said, _, number = text.partition(" ")
    if said.lower() not in SIDES:
        raise Defect(
            "unknown_side" if text else "no_line", "an over or under of a line", text or None, f", .{INFO}"
        )
    if not number:
        raise Defect("no_line", "a line behind the side", text, f", .{INFO}")
    if not LINE.fullmatch(number) or not is_line(float(number)):
        raise Defect("bad_line", "a line of whole or half counts", text, f", .{INFO}")
    return SIDES[said.lower()], float(number)


@lru_cache(maxsize=4096)
def _price(text: str) -> tuple[int, float]:
    """American and decimal price of "+130"."""
    if not _is_offered(text):
        raise Defect("no_price", "American odds", text or None, f", .{DETAIL}")
    if not AMERICAN.fullmatch(text):
        raise Defect(PriceDefect.NOT_A_NUMBER.value, "American odds", text, f", .{DETAIL}")
    defect = american_defect(int(text))
    if defect:
        raise Defect(defect.value, "American odds", text, f", .{DETAIL}")
    return int(text), decimal_from_american(int(text))


def _is_offered(text: str) -> bool:
    """Whether the text says more than that nothing is offered."""
    return text.lower() not in NOT_OFFERED


@lru_cache(maxsize=256)
def _book_id(name: str) -> str:
    """ "Hard Rock Bet" is hard_rock_bet; a name without letters or digits of ours is its own id."""
    return "_".join(re.findall(r"[a-z0-9]+", name.lower())) or name
