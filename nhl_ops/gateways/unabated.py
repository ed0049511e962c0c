"""Unabated: player props of many books, in three forms that are configured alike and parsed by one parser.

"cdn" is the public board (form A), "api" the keyed API (form B), "partner" the partner API v2 (form C);
`unabated_board` and `unabated_partner` walk them. Facts of the format: side 0 is Over and 1 is Under (the
reverse is a common error); bet type 70 is assists and 73 points; times without a zone are UTC; a board asked
for without cache-buster may be hours old. Every price seen becomes a quote or a dead letter.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from nhl_ops.domain.failures import AccessDenied, VendorErrorBody
from nhl_ops.domain.markets import Market
from nhl_ops.domain.settings import HostPair, PriceVendor
from nhl_ops.gateways.drift import ShapeError, broken
from nhl_ops.gateways.plausibility import require_points_likelier_than_assists
from nhl_ops.gateways.quotes import QuoteSheet
from nhl_ops.gateways.unabated_bet_types import bet_types
from nhl_ops.gateways.unabated_board import (
    BET_TYPES,
    PEOPLE,
    SOURCES,
    TEAMS,
    MarketEvent,
    directory,
    error_of,
    keyed_events,
    listed,
    public_events,
)
from nhl_ops.gateways.unabated_lines import LineReader
from nhl_ops.gateways.unabated_partner import EVENTS, partner_events
from nhl_ops.gateways.vendor import Fetch, Parsed, Payload, VendorContext, VendorRequest
from nhl_ops.gateways.wire import Node, document, load

Form = Literal["cdn", "api", "partner"]

PUBLIC_BOARD = "unabated_propodds"
KEYED_BOARD = "unabated_props_odds"
PARTNER_BOARD = "unabated_partner_props"
LISTS = (PEOPLE, TEAMS, SOURCES, BET_TYPES)
KEYED_PATHS = {
    PEOPLE: "market/nhl/props/people",
    TEAMS: "market/nhl/props/teams",
    SOURCES: "market/nhl/props/sources",
    BET_TYPES: "bettype",
    KEYED_BOARD: "market/nhl/props/odds",
}
PARTNER_PATHS = {
    PEOPLE: "v2/players",
    TEAMS: "v2/teams",
    SOURCES: "v2/marketSources",
    BET_TYPES: "v2/betTypes",
    PARTNER_BOARD: "v2/markets/playerProps",
}
BY_LEAGUE = frozenset({PEOPLE, TEAMS, PARTNER_BOARD})
"""What form C is asked for one league."""
NO_SPORTSBOOKS = {
    "7": "Sharp Book Price",
    "49": "Unabated line",
    "72": "PrizePicks",
    "73": "Underdog",
    "81": "Splash",
    "84": "DK Pick6",
    "90": "Sleeper",
}
"""Sources whose prices are synthetic or pick'em, so that they are known as such when nobody names them."""
SITE_HEADERS = {"Origin": "https://unabated.com", "Referer": "https://unabated.com/"}


class Config(PriceVendor):
    """Section [unabated]. bet_types: market by betTypeId, for boards whose bet types no list names."""

    form: Form
    cdn: HostPair
    api: HostPair
    partner: HostPair = HostPair(league="{league}/unabated-partner", live="https://partner-api.unabated.com")
    bet_types: dict[int, Market]


def vendor(config: Config, context: VendorContext) -> "UnabatedVendor":
    hosts = {"cdn": config.cdn, "api": config.api, "partner": config.partner}
    return UnabatedVendor(
        config.form,
        context.base_url(hosts[config.form]),
        context.secret("UNABATED_API_KEY"),
        lambda: int(context.now().timestamp() * 1000),
        config.bet_types,
        NO_SPORTSBOOKS,
    )


@dataclass(frozen=True)
class UnabatedVendor:
    """A source of prices.

    base_url: host of the form. now_ms: the clock gateway's time in epoch milliseconds, for the cache-buster.
    bet_types: market by betTypeId where the vendor's list names none; a bet type without market goes to the
    dead letters as `unknown_market`. books: names by book id for books that the payload does not name.
    """

    form: Form
    base_url: str
    api_key: str | None
    now_ms: Callable[[], int]
    bet_types: Mapping[int, Market]
    books: Mapping[str, str] = field(default_factory=dict)

    name: ClassVar[str] = "UNABATED"
    companion_endpoints: ClassVar[tuple[str, ...]] = LISTS

    def capture(self, fetch: Fetch) -> list[Payload]:
        """The whole board now; forms B and C ask first for the lists that the board refers to.

        Raises AccessDenied when form B or C has no key, VendorErrorBody for a 200 that carries an error,
        VendorContract for a list that is none.
        """
        if self.form == "cdn":
            url = f"{self.base_url.rstrip('/')}/markets/v2/league/6/propodds.json"
            volatile = {"v": str(self.now_ms())}
            return [fetch(VendorRequest(PUBLIC_BOARD, url, volatile=volatile, headers=SITE_HEADERS))]
        paths = KEYED_PATHS if self.form == "api" else PARTNER_PATHS
        return [_sound(fetch(self._keyed_request(endpoint, path))) for endpoint, path in paths.items()]

    def parse(self, payload: Payload, companions: Sequence[Payload] = ()) -> Parsed:
        """Quotes of one board, whatever its form; a companion payload holds none.

        companions: for a board of form B or C, the payloads of `companion_endpoints` captured with it. Without
        them its players are unknown and its prices dead letters. Raises VendorContract when it is no board at
        all, when a companion is no list, or when the prices say that points and assists are swapped.
        """
        sheet = QuoteSheet(payload)
        if payload.endpoint in LISTS:
            return sheet.parsed()
        root = load(payload)
        error = error_of(root)
        if error:
            sheet.reject("error_body", error, root.value)
            return sheet.parsed()
        lists = {companion.endpoint: listed(companion) for companion in companions}
        try:
            markets = bet_types(lists.get(BET_TYPES, {}), self.bet_types)
            reader = LineReader(sheet, directory(root, lists), markets, self.books)
            for event in _market_events(root):
                reader.read(event)
        except ShapeError as problem:
            raise broken(payload, problem) from None
        reader.finish()
        parsed = sheet.parsed()
        require_points_likelier_than_assists(payload, parsed.rows)
        return parsed

    def _keyed_request(self, endpoint: str, path: str) -> VendorRequest:
        if not self.api_key:
            raise AccessDenied(
                f"UNABATED: form {self.form} needs a key and none is set",
                'set UNABATED_API_KEY, or form = "cdn" in config/vendors.toml',
            )
        url = f"{self.base_url.rstrip('/')}/{path}"
        params = {"leagues": "6"} if self.form == "partner" and endpoint in BY_LEAGUE else {}
        return VendorRequest(endpoint, url, params=params, secret={"X-Api-Key": self.api_key})


def _market_events(root: Node) -> Iterator[MarketEvent]:
    """Every market event of a board of any form. Raises ShapeError when there is no board in it."""
    if not root["data"].is_null:
        return keyed_events(root["data"]["odds"])
    return public_events(root["odds"]) if root[EVENTS].is_null else partner_events(root[EVENTS])


def _sound(payload: Payload) -> Payload:
    error = error_of(document(payload))
    if error:
        raise VendorErrorBody(payload.endpoint, payload.url, error, status=200)
    if payload.endpoint in LISTS:
        listed(payload)
    return payload
