"""Unabated: player props of many books: the public board (form A, "cdn") or the keyed API (form B, "api").

One parser reads both shapes (`unabated_board` walks them). Facts of the format: side 0 is Over and 1 is Under
(the reverse is a common error); bet type 70 is assists and 73 points; times without a zone are UTC; a board
asked for without cache-buster may be hours old. Every price seen becomes a quote or a dead letter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from nhl_ops.domain.failures import AccessDenied, VendorErrorBody
from nhl_ops.domain.markets import Market, Side
from nhl_ops.domain.settings import HostPair, PriceVendor
from nhl_ops.gateways.quotes import Quote, QuoteSheet
from nhl_ops.gateways.unabated_board import PEOPLE, SOURCES, TEAMS, directory, error_of, market_events
from nhl_ops.gateways.unabated_lines import LineReader
from nhl_ops.gateways.vendor import Fetch, Parsed, Payload, VendorContext, VendorRequest
from nhl_ops.gateways.wire import ShapeError, broken, load

PUBLIC_BOARD = "unabated_propodds"
KEYED_BOARD = "unabated_props_odds"
COMPANIONS = {PEOPLE: "people", TEAMS: "teams", SOURCES: "sources"}
SITE_HEADERS = {"Origin": "https://unabated.com", "Referer": "https://unabated.com/"}
ENOUGH_PAIRS = 5


class Config(PriceVendor):
    """Section [unabated]. bet_types: market by betTypeId; any other goes to the dead letters."""

    form: Literal["cdn", "api"]
    cdn: HostPair
    api: HostPair
    bet_types: dict[int, Market]


def vendor(config: Config, context: VendorContext) -> "UnabatedVendor":
    return UnabatedVendor(
        config.form,
        context.base_url(config.cdn if config.form == "cdn" else config.api),
        context.secret("UNABATED_API_KEY"),
        lambda: int(context.now().timestamp() * 1000),
        config.bet_types,
    )


@dataclass(frozen=True)
class UnabatedVendor:
    """A source of prices.

    base_url: host of the form. now_ms: the clock gateway's time in epoch milliseconds, for the cache-buster.
    bet_types: market by betTypeId; any other bet type goes to the dead letters as `unknown_market`.
    books: names by book id for books that the payload does not name.
    """

    form: Literal["cdn", "api"]
    base_url: str
    api_key: str | None
    now_ms: Callable[[], int]
    bet_types: Mapping[int, Market]
    books: Mapping[str, str] = field(default_factory=dict)

    name: ClassVar[str] = "UNABATED"
    companion_endpoints: ClassVar[tuple[str, ...]] = tuple(COMPANIONS)

    def capture(self, fetch: Fetch) -> list[Payload]:
        """The whole board now; form B asks first for the people, teams and sources that the board refers to.

        Raises AccessDenied when form B has no key, VendorErrorBody for a 200 that carries an error.
        """
        if self.form == "cdn":
            url = f"{self.base_url.rstrip('/')}/markets/v2/league/6/propodds.json"
            volatile = {"v": str(self.now_ms())}
            return [fetch(VendorRequest(PUBLIC_BOARD, url, volatile=volatile, headers=SITE_HEADERS))]
        asked = COMPANIONS | {KEYED_BOARD: "odds"}
        return [_sound(fetch(self._keyed_request(endpoint, path))) for endpoint, path in asked.items()]

    def parse(self, payload: Payload, companions: Sequence[Payload] = ()) -> Parsed:
        """Quotes of one board; a companion payload holds none.

        companions: for a form B board, the payloads of `companion_endpoints` captured with it. Without them
        its players are unknown and its prices dead letters. Raises VendorContract when it is no board at all,
        or when its prices say that the bet types of points and assists are swapped.
        """
        sheet = QuoteSheet(payload)
        if payload.endpoint in COMPANIONS:
            return sheet.parsed()
        root = load(payload)
        error = error_of(root)
        if error:
            sheet.reject("error_body", error, root.value)
            return sheet.parsed()
        try:
            who = directory(root, {c.endpoint: load(c) for c in companions})
            reader = LineReader(sheet, who, self.bet_types, self.books)
            for event in market_events(root):
                reader.read(event)
        except ShapeError as problem:
            raise broken(payload, problem) from None
        reader.finish()
        _require_points_likelier_than_assists(payload, sheet.accepted)
        return sheet.parsed()

    def _keyed_request(self, endpoint: str, path: str) -> VendorRequest:
        if not self.api_key:
            raise AccessDenied(
                "UNABATED: form api needs a key and none is set",
                'set UNABATED_API_KEY, or form = "cdn" in config/vendors.toml',
            )
        url = f"{self.base_url.rstrip('/')}/market/nhl/props/{path}"
        return VendorRequest(endpoint, url, secret={"X-Api-Key": self.api_key})


def _sound(payload: Payload) -> Payload:
    error = error_of(load(payload))
    if error:
        raise VendorErrorBody(payload.endpoint, payload.url, error, status=200)
    return payload


def _require_points_likelier_than_assists(payload: Payload, quotes: Sequence[Quote]) -> None:
    """An assist is a point: for a player and book, a point must mostly be priced no longer than an assist."""
    prices: dict[tuple[str, str, str], dict[str, float]] = {}
    for quote in quotes:
        if quote.line == 0.5 and quote.side == Side.OVER and quote.market in (Market.POINTS, Market.ASSISTS):
            key = (quote.event_id_vendor, str(quote.player_id_vendor), quote.book_id)
            prices.setdefault(key, {})[quote.market] = quote.price_decimal
    pairs = [pair for pair in prices.values() if len(pair) == 2]
    swapped = sum(pair[Market.POINTS] > pair[Market.ASSISTS] for pair in pairs)
    if len(pairs) >= ENOUGH_PAIRS and 2 * swapped > len(pairs):
        raise broken(
            payload,
            f"assists are priced likelier than points in {swapped} of {len(pairs)} pairs: points and assists "
            "look swapped in config/vendors.toml [unabated.bet_types]",
        )
