"""One line of an Unabated board: a price, or the rule that it breaks.

`LinePrices.exact` says what a line is. Most lines are alike, and a board has them by the ten thousand:
`LinePrices.usual` reads those in a few steps, to the same result, and leaves every other to `exact`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from nhl_ops.domain.escaping import quoted
from nhl_ops.domain.markets import Market, Side
from nhl_ops.domain.odds import american_defect, decimal_from_american, is_line
from nhl_ops.gateways.drift import Defect, Told
from nhl_ops.gateways.wire import fresh_instant_us, id_text, instant_us

Json = Mapping[str, Any]
Price = tuple[Any, ...]
"""The number of its offer, the fields OWN, and the sequence number as sent."""

OWN = (
    "market_id_vendor", "line", "book_id", "book_name", "price_american", "price_decimal", "is_alternate",
    "vendor_updated_at_utc", "version",
)  # fmt: skip
SEQUENCE = 1 + len(OWN)
"""Place of the sequence number in a price."""
ON_THE_BOARD = "1"
MICROSECONDS = 1_000_000


class Offer(NamedTuple):
    """One side of a market event. number: among the offers. market_id: of lines that name none."""

    number: int
    market: str
    side: str
    is_milestone: bool
    market_id: str


class LinePrices:
    """Reads lines of one board. books: names by book id."""

    def __init__(self, books: Mapping[str, str]) -> None:
        self.books = books
        self._named: dict[object, tuple[str, str]] = {}
        self._ids: dict[int, str] = {}
        self._prices: dict[object, tuple[int, float]] = {}
        self._stamps: dict[object, tuple[int, str]] = {}

    def usual(self, offer: Offer, book: str, fields: Any, is_alternate: bool) -> Price | None:
        """The price of a line as most are; None for any other. What was remembered, `exact` has read before."""
        if type(fields) is not dict or offer.is_milestone:
            return None
        get = fields.get
        points, market_id, source, modified = (
            get("points"),
            get("marketId"),
            get("marketSourceId"),
            get("modifiedOn"),
        )
        american = get("americanPrice")
        if american is None:
            american = get("price")
        is_usual = (
            type(points) is float
            and points >= 0.0
            and (points + points).is_integer()
            and get("statusId", 1) == 1
            and get("isBlurred", False) is False
            and get("disabled", False) is False
            and type(market_id) is int
            and type(american) is int
            and type(modified) is str
            and (source is None or type(source) is int)
        )
        if not is_usual:
            return None
        named = self._named.get(book if source is None else source)
        price, stamp = self._prices.get(american), self._stamps.get(modified) or self._stamp(modified)
        if named is None or price is None or stamp is None:
            return None
        text = self._ids.get(market_id) or self._ids.setdefault(market_id, str(market_id))
        return (offer.number, text, points, *named, *price, is_alternate, *stamp, get("sequenceNumber"))

    def exact(self, offer: Offer, book: str, fields: Any, is_alternate: bool) -> Price:
        """The price of any line. Raises Defect when it is none."""
        if not isinstance(fields, dict):
            raise Defect("malformed_line", "an object", fields)
        american, points = _price(fields), _points(offer, fields)
        source = fields.get("marketSourceId")
        book_id = id_text(source) or book.removeprefix("ms")
        if not book_id:
            raise Defect("no_book", "an id", book, ".marketSourceId")
        named = (book_id, self.books.get(book_id, book_id))
        market_id = id_text(fields.get("marketId")) or offer.market_id
        sequence = id_text(fields.get("sequenceNumber")) or ""
        modified_us = _modified_on(fields)
        version = sequence if modified_us is None else f"{modified_us // MICROSECONDS}"
        price = (american, decimal_from_american(american))
        self._prices[american] = price
        if source is None or type(source) is int:
            self._named[book if source is None else source] = named
        is_alternate = is_alternate or offer.is_milestone
        return (offer.number, market_id, points, *named, *price, is_alternate, modified_us, version, sequence)

    def _stamp(self, modified: str) -> tuple[int, str] | None:
        try:
            at = fresh_instant_us(modified)
        except ValueError:
            return None
        stamp = self._stamps[modified] = (at, str(at // MICROSECONDS))
        return stamp


def _price(fields: Json) -> int:
    if fields.get("isBlurred") not in (None, False):
        raise Defect("blurred_price", "false", fields["isBlurred"], ".isBlurred")
    status = fields.get("statusId", 1)
    if (status != 1 and id_text(status) not in (None, ON_THE_BOARD)) or fields.get("disabled") is True:
        raise Defect("off_the_board", "1", status, ".statusId")
    price = fields.get("americanPrice")
    price = fields.get("price") if price is None else price
    if price is None:
        raise Defect("no_price", "American odds", price, ".americanPrice")
    defect = american_defect(price)
    if defect:
        raise Defect(defect.value, "American odds", price, ".americanPrice")
    return int(price)


def _points(offer: Offer, fields: Json) -> float:
    points = fields.get("points")
    if points is None:
        if offer.market == Market.GOALS and offer.side == Side.OVER:
            return 0.5
        raise Defect("no_line", "a line", points, ".points")
    if not is_line(points):
        raise Defect("bad_line", "a line of whole or half counts", points, ".points")
    if not offer.is_milestone or not float(points).is_integer():
        return float(points)
    if offer.side == Side.UNDER or points < 1:
        found = Told(f"{offer.side} {quoted(points)}+")
        raise Defect("bad_milestone", "an over of 1 or more", found, ".points")
    return float(points) - 0.5


def _modified_on(fields: Json) -> int | None:
    text = fields.get("modifiedOn")
    if text is None:
        return None
    try:
        return instant_us(text)
    except (ValueError, TypeError):
        raise Defect("bad_vendor_time", "an ISO time", text, ".modifiedOn") from None
