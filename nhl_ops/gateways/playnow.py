"""PlayNow (OpenBet content service): one book's board, the event list first, then events in batches.

Facts of the format: a backend failure is HTTP 200 with `errors` and null `data`; of an outcome's prices LP
is the one offered; teams are told apart by `teams[].side`; outcomes called Over are keyed by their own id;
there is no time or sequence of a price. Every outcome seen becomes a quote or a dead letter.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from nhl_ops.domain.escaping import quoted
from nhl_ops.domain.failures import VendorErrorBody
from nhl_ops.domain.settings import HostPair, PriceVendor
from nhl_ops.gateways.drift import MESSAGE_CHARS, ShapeError, Told, broken, sample_of, unlike
from nhl_ops.gateways.plausibility import require_points_likelier_than_assists
from nhl_ops.gateways.playnow_markets import NHL_COMPETITION, EventReader
from nhl_ops.gateways.quotes import QuoteSheet
from nhl_ops.gateways.vendor import Fetch, Parsed, Payload, VendorContext, VendorRequest
from nhl_ops.gateways.wire import Node, id_text, load

EVENT_LIST = "playnow_event_list"
EVENTS_BY_IDS = "playnow_events_by_ids"
CHANNEL = {"lang": "en-US", "channel": "I"}
SITE_HEADERS = {"Origin": "https://www.playnow.com", "Referer": "https://www.playnow.com/sports/"}
ATTEMPTS = 3


class Config(PriceVendor):
    """Section [playnow]. batch_size: events a request."""

    content: HostPair
    batch_size: Annotated[int, Field(ge=1, le=50)]


def vendor(config: Config, context: VendorContext) -> "PlayNowVendor":
    return PlayNowVendor(context.base_url(config.content), config.batch_size, sleep=context.sleep)


@dataclass(frozen=True)
class PlayNowVendor:
    """A source of prices.

    base_url: of the content service, up to `/q`. batch_size: events a request; the whole board in one answer
    is over 100 MB. retry_wait_sec: first pause after a 200 that carries an error; it doubles. sleep: the pause.
    """

    base_url: str
    batch_size: int = 8
    retry_wait_sec: float = 0.5
    sleep: Callable[[float], object] = time.sleep

    name: ClassVar[str] = "PLAYNOW"
    companion_endpoints: ClassVar[tuple[str, ...]] = ()

    def capture(self, fetch: Fetch) -> list[Payload]:
        """The event list and, in batches, its events with their markets. An empty board is the list alone.

        Raises VendorErrorBody when a 200 carries an error three times in a row.
        """
        listing = self._ask(fetch, self._request(EVENT_LIST, "event-list", self._list_params()))
        ids = _event_ids(listing)
        batches = [ids[i : i + self.batch_size] for i in range(0, len(ids), self.batch_size)]
        return [listing, *(self._ask(fetch, self._batch_request(batch)) for batch in batches)]

    def parse(self, payload: Payload, companions: Sequence[Payload] = ()) -> Parsed:  # noqa: ARG002 - none here
        """Quotes of one payload; an event list holds none. Raises VendorContract for any other document."""
        sheet = QuoteSheet(payload)
        root = load(payload)
        error = error_of(root)
        if error:
            sheet.reject("error_body", error, root.value)
            return sheet.parsed()
        reader = EventReader(sheet)
        try:
            for event in root["data"]["events"].each():
                reader.read(event)
        except ShapeError as problem:
            raise broken(payload, problem) from None
        reader.finish()
        parsed = sheet.parsed()
        require_points_likelier_than_assists(payload, parsed.rows)
        return parsed

    def _list_params(self) -> dict[str, str]:
        return {
            "drilldownTagIds": NHL_COMPETITION,
            "eventSortsIncluded": "MTCH",
            "includeChildMarkets": "false",
        }

    def _batch_request(self, ids: Sequence[str]) -> VendorRequest:
        params = {"eventIds": ",".join(ids), "includeChildMarkets": "true"}
        return self._request(EVENTS_BY_IDS, "events-by-ids", params)

    def _request(self, endpoint: str, path: str, params: dict[str, str]) -> VendorRequest:
        url = f"{self.base_url.rstrip('/')}/{path}"
        return VendorRequest(endpoint, url, params | CHANNEL, headers=SITE_HEADERS)

    def _ask(self, fetch: Fetch, request: VendorRequest) -> Payload:
        retrying = Retrying(
            sleep=self.sleep,
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential_jitter(multiplier=self.retry_wait_sec, jitter=self.retry_wait_sec),
            retry=retry_if_exception_type(VendorErrorBody),
            reraise=True,
        )
        return retrying(lambda: _sound(fetch(request)))


def error_of(root: Node) -> str | None:
    """What a 200 says that carries an error; None if it carries none."""
    errors = root["errors"].value
    if errors:
        return unlike("$.errors", "none", Told(quoted(sample_of(errors), MESSAGE_CHARS)))
    return unlike("$.data", "an object", None) if root["data"].is_null else None


def _sound(payload: Payload) -> Payload:
    error = error_of(load(payload))
    if error:
        raise VendorErrorBody(payload.endpoint, payload.url, error, status=200)
    return payload


def _event_ids(listing: Payload) -> list[str]:
    try:
        ids = [id_text(event["id"].value) for event in load(listing)["data"]["events"].each()]
    except ShapeError as problem:
        raise broken(listing, problem) from None
    return list(dict.fromkeys(event_id for event_id in ids if event_id is not None))
