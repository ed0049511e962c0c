"""The Odds API (v4): player props of many books, the free list of events first, then paid odds event by event.

Facts of the format: event odds cost a credit a market that is answered and region, snapshots of the past ten
times that; a bad key or a spent quota is 401, a bad parameter 422, too fast 429. The key is a query parameter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from nhl_ops.domain.failures import AccessDenied, VendorOutdated
from nhl_ops.domain.settings import HostPair, PriceVendor
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.drift import ShapeError
from nhl_ops.gateways.odds_api_ask import EVENT_ODDS, Round
from nhl_ops.gateways.odds_api_board import board_of, events_due, is_outdated, listed_event
from nhl_ops.gateways.odds_api_credits import (
    PAST_EVENTS,
    PAST_FACTOR,
    CreditLedger,
    FileLedger,
    region_units,
)
from nhl_ops.gateways.odds_api_lines import SPORT, EventReader
from nhl_ops.gateways.plausibility import require_points_likelier_than_assists
from nhl_ops.gateways.quotes import QuoteSheet
from nhl_ops.gateways.vendor import Fetch, Parsed, Payload, VendorContext, VendorRequest
from nhl_ops.gateways.wire import microseconds

EVENTS = "odds_api_events"
PAST_EVENT_LIST = "odds_api_past_events"
PAST_EVENT_ODDS = "odds_api_past_event_odds"
LISTS = frozenset({EVENTS, PAST_EVENT_LIST})
DECIMAL = "_decimal"
"""End of an endpoint's name whose prices were asked for in decimal odds: the payload itself does not say."""

Region = Literal["us", "us2", "us_dfs", "us_ex", "uk", "eu", "au", "fr", "se"]
Key = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


class Config(PriceVendor):
    """Section [odds_api]. bookmakers, when given, are asked for instead of regions.

    daily_credit_cap: credits that captures of one Eastern day may cost.
    """

    host: HostPair
    regions: tuple[Region, ...]
    bookmakers: tuple[Key, ...]
    markets: Annotated[tuple[Key, ...], Field(min_length=1)]
    odds_format: Literal["american", "decimal"]
    daily_credit_cap: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _asks_somebody(self) -> "Config":
        if not self.regions and not self.bookmakers:
            raise ValueError("name at least one of regions or bookmakers")
        return self


def vendor(config: Config, context: VendorContext) -> "OddsApiVendor":
    return OddsApiVendor(
        config,
        context.base_url(config.host),
        context.secret("ODDS_API_KEY"),
        context.now,
        FileLedger(context.state_file, OddsApiVendor.name),
    )


@dataclass(frozen=True)
class OddsApiVendor:
    """A source of prices. base_url: of the host, without /v4. now: the clock gateway's time."""

    config: Config
    base_url: str
    api_key: str | None = field(repr=False)
    now: Callable[[], datetime]
    ledger: CreditLedger

    name: ClassVar[str] = "ODDS_API"
    companion_endpoints: ClassVar[tuple[str, ...]] = ()

    def capture(self, fetch: Fetch) -> list[Payload]:
        """The list of events, and the odds of each of today's and tomorrow's that has not started.

        Raises AccessDenied without a key; VendorDenied (401), VendorOutage (429 and outages), VendorOutdated and
        VendorErrorBody at once; MarketsRefused (422), CreditCapReached and EventsGone at the end, with
        the rest archived.
        """
        now = self.now()
        asked = self._round(fetch)
        board = asked.listing(self._request(EVENTS, f"sports/{SPORT}/events", {}), 0)
        if is_outdated(board, microseconds(now)):
            raise VendorOutdated(
                EVENTS, asked.url, "every event that it lists began long ago: a cache's old copy"
            )
        for event_id in events_due(board, microseconds(now), slate_of(now)):
            asked.event(partial(self._event_odds, event_id), 1)
        return asked.finish()

    def capture_past(self, fetch: Fetch, instants: Sequence[datetime]) -> list[Payload]:
        """What `capture` would have seen at past instants, from the vendor's snapshots (a paid plan's).

        It costs ten times as much, under the cap of the day on which it is asked. Raises like `capture`.
        """
        asked = self._round(fetch)
        for instant in instants:
            at = {"date": f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
            request = self._request(PAST_EVENT_LIST, f"historical/sports/{SPORT}/events", at)
            board = asked.listing(request, PAST_EVENTS)
            for event_id in events_due(board, microseconds(instant), slate_of(instant)):
                asked.event(partial(self._past_event_odds, at, event_id), PAST_FACTOR)
        return asked.finish()

    def parse(self, payload: Payload, companions: Sequence[Payload] = ()) -> Parsed:  # noqa: ARG002 - none here
        """Quotes of one payload; a list of events holds none. Raises VendorContract for any other document.

        A quote of a snapshot of the past counts as captured when the snapshot was taken.
        """
        board = board_of(payload)
        sheet = QuoteSheet(board.known_at(payload))
        if board.error:
            sheet.reject("error_body", board.error, board.error)
        reader = EventReader(sheet, is_decimal=payload.endpoint.endswith(DECIMAL))
        for event in board.events:
            if payload.endpoint not in LISTS:
                reader.read(event)
                continue
            try:
                listed_event(event)
            except ShapeError as problem:
                sheet.reject("malformed_event", str(problem), event.value)
        reader.finish()
        parsed = sheet.parsed()
        require_points_likelier_than_assists(payload, parsed.rows)
        return parsed

    def _round(self, fetch: Fetch) -> Round:
        config, url = self.config, f"{self.base_url.rstrip('/')}/v4/sports/{SPORT}/events"
        units = region_units(len(config.regions), len(config.bookmakers))
        day = slate_of(self.now())
        return Round(fetch, self.ledger, day, config.daily_credit_cap, units, list(config.markets), url)

    def _event_odds(self, event_id: str, markets: Sequence[str]) -> VendorRequest:
        path = f"sports/{SPORT}/events/{event_id}/odds"
        return self._request(self._priced(EVENT_ODDS), path, self._terms(markets))

    def _past_event_odds(self, at: dict[str, str], event_id: str, markets: Sequence[str]) -> VendorRequest:
        path = f"historical/sports/{SPORT}/events/{event_id}/odds"
        return self._request(self._priced(PAST_EVENT_ODDS), path, at | self._terms(markets))

    def _priced(self, endpoint: str) -> str:
        return endpoint + DECIMAL if self.config.odds_format == "decimal" else endpoint

    def _terms(self, markets: Sequence[str]) -> dict[str, str]:
        config = self.config
        books = {"bookmakers": ",".join(config.bookmakers)} if config.bookmakers else {}
        asked = books or {"regions": ",".join(config.regions)}
        return asked | {"markets": ",".join(markets), "oddsFormat": config.odds_format}

    def _request(self, endpoint: str, path: str, params: dict[str, str]) -> VendorRequest:
        if not self.api_key:
            raise AccessDenied(
                "ODDS_API: the vendor needs a key and none is set",
                "set ODDS_API_KEY, or enabled = false in config/vendors.toml [odds_api]",
            )
        url = f"{self.base_url.rstrip('/')}/v4/{path}"
        return VendorRequest(endpoint, url, params | {"dateFormat": "iso", "apiKey": self.api_key})
