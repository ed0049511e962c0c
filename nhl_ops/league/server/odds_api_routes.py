"""The Odds API's paths, parameters, refusals and the quota that its headers tell.

Mounted at a path of its own; every path needs a key, whichever. Refusals have the vendor's error codes.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nhl_ops.league.server.league import League
from nhl_ops.league.server.odds_api import (
    FEATURED,
    SPORT,
    SPORTS,
    OddsApi,
    Wanted,
    markets_in,
    snapshot,
    snapshot_at,
)
from nhl_ops.league.server.odds_api_offers import PROPS
from nhl_ops.league.server.wire import answer

QUOTA = 5_000_000
REGIONS = frozenset({"us", "us2", "us_dfs", "us_ex", "uk", "eu", "au", "fr", "se"})
BOOKS_A_REGION = 10
PAST_FACTOR = 10
PROPS_FROM = datetime(2023, 5, 3, 5, 30, tzinfo=UTC)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
HELP = "https://the-odds-api.com/liveapi/guides/v4/api-error-codes.html"

Params = Mapping[str, str]
Handler = Callable[[Request, datetime], tuple[Any, int]]
"""Body and cost in credits of a request at an instant; raises _Refusal."""


class _Refusal(Exception):  # noqa: N818 - an answer, inside this module
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, "error_code": code, "details_url": f"{HELP}#{code.lower()}"}


def odds_api_routes(league: League, quota: int = QUOTA) -> list[Route]:
    """quota: credits that each key has. A league that is a record shows its events without prices: its quotes
    came by way of this very vendor and are served as another's."""
    used: Counter[str] = Counter()

    @cache
    def api() -> OddsApi:
        has_prices = league.dataset.name != "recorded"
        return OddsApi(league.dataset, league.games, league.people, has_prices=has_prices)

    def keyed(path: str, handle: Handler, *, is_free: bool = False) -> Route:
        async def endpoint(request: Request) -> Response:
            key, cost, status = request.query_params.get("apiKey", "").strip(), 0, 200
            try:
                _admit(request, key, is_spent=not is_free and used[key] >= quota)
                body, cost = handle(request, league.clock.now())
            except _Refusal as refusal:
                status, body = refusal.status, refusal.body
            used[key] += cost
            return answer(request, body, status=status, headers=_quota(quota, used[key], cost))

        return Route(path, endpoint)

    return [
        keyed("/v4/sports", lambda _request, _now: (SPORTS, 0), is_free=True),
        *(
            keyed(f"/v4/sports/{{sport}}/{path}", handle(api), is_free=path == "events")
            for path, handle in LIVE.items()
        ),
        *(keyed(f"/v4/historical/sports/{{sport}}/{path}", handle(api)) for path, handle in PAST.items()),
    ]


def _events(api: Callable[[], OddsApi]) -> Handler:
    def handle(request: Request, now: datetime) -> tuple[Any, int]:
        return _within(api().events(now), request.query_params), 0

    return handle


def _odds(api: Callable[[], OddsApi]) -> Handler:
    def handle(request: Request, now: datetime) -> tuple[Any, int]:
        wanted = _wanted(request.query_params, FEATURED)
        events = _within(api().odds(wanted, now), request.query_params)
        return events, len(wanted.markets) * _regions(wanted) if markets_in(events) else 0

    return handle


def _event_odds(api: Callable[[], OddsApi]) -> Handler:
    def handle(request: Request, now: datetime) -> tuple[Any, int]:
        wanted = _wanted(request.query_params, FEATURED | PROPS)
        event = _found(api(), request, wanted, now)
        return event, len(markets_in([event])) * _regions(wanted)

    return handle


def _past_events(api: Callable[[], OddsApi]) -> Handler:
    def handle(request: Request, now: datetime) -> tuple[Any, int]:
        taken = snapshot_at(_date(request.query_params), now)
        events = _within(api().events(taken), request.query_params)
        return snapshot(events, taken, now), 1 if events else 0

    return handle


def _past_odds(api: Callable[[], OddsApi]) -> Handler:
    def handle(request: Request, now: datetime) -> tuple[Any, int]:
        wanted, taken = (
            _wanted(request.query_params, FEATURED),
            snapshot_at(_date(request.query_params), now),
        )
        events = _within(api().odds(wanted, taken), request.query_params)
        cost = PAST_FACTOR * len(wanted.markets) * _regions(wanted) if markets_in(events) else 0
        return snapshot(events, taken, now), cost

    return handle


def _past_event_odds(api: Callable[[], OddsApi]) -> Handler:
    def handle(request: Request, now: datetime) -> tuple[Any, int]:
        wanted, date = _wanted(request.query_params, FEATURED | PROPS), _date(request.query_params)
        if date < PROPS_FROM and not FEATURED.issuperset(wanted.markets):
            code = "HISTORICAL_MARKETS_UNAVAILABLE_AT_DATE"
            raise _Refusal(
                422, code, f"Additional markets are available after {PROPS_FROM:%Y-%m-%dT%H:%M:%SZ}"
            )
        taken = snapshot_at(date, now)
        event = _found(api(), request, wanted, taken)
        return snapshot(event, taken, now), PAST_FACTOR * len(markets_in([event])) * _regions(wanted)

    return handle


LIVE = {"events": _events, "odds": _odds, "events/{event_id}/odds": _event_odds}
PAST = {"events": _past_events, "odds": _past_odds, "events/{event_id}/odds": _past_event_odds}


def _admit(request: Request, key: str, *, is_spent: bool) -> None:
    if not key:
        raise _Refusal(401, "MISSING_KEY", "API key is missing")
    if is_spent:
        raise _Refusal(401, "OUT_OF_USAGE_CREDITS", "Usage quota has been reached")
    if request.path_params.get("sport", SPORT) != SPORT:
        raise _Refusal(404, "UNKNOWN_SPORT", "Unknown sport")


def _found(api: OddsApi, request: Request, wanted: Wanted, at: datetime) -> dict[str, Any]:
    event = api.event_odds(request.path_params["event_id"], wanted, at)
    if event is None:
        raise _Refusal(404, "EVENT_NOT_FOUND", "Event not found. The event may have expired")
    return event


def _wanted(params: Params, supported: frozenset[str]) -> Wanted:
    markets, regions, books = (_names(params, key) for key in ("markets", "regions", "bookmakers"))
    unknown = [m for m in markets if m not in FEATURED | PROPS]
    if unknown:
        raise _Refusal(422, "INVALID_MARKET", f"Invalid markets: {', '.join(unknown)}")
    elsewhere = [m for m in markets if m not in supported]
    if elsewhere:
        words = f"Markets not supported by this endpoint: {', '.join(elsewhere)}"
        raise _Refusal(422, "INVALID_MARKET", words)
    if not regions and not books:
        raise _Refusal(422, "MISSING_REGION", "Missing regions parameter")
    if not books and not REGIONS.issuperset(regions):
        raise _Refusal(422, "INVALID_REGION", "Invalid regions parameter")
    odds_format = params.get("oddsFormat", "decimal")
    if odds_format not in {"american", "decimal"}:
        raise _Refusal(422, "INVALID_ODDS_FORMAT", "Invalid oddsFormat parameter")
    return Wanted(markets or ["h2h"], regions, books, odds_format == "decimal")


def _names(params: Params, key: str) -> list[str]:
    return list(dict.fromkeys(filter(None, map(str.strip, params.get(key, "").split(",")))))


def _regions(wanted: Wanted) -> int:
    return -(-len(wanted.bookmakers) // BOOKS_A_REGION) if wanted.bookmakers else len(wanted.regions)


def _date(params: Params) -> datetime:
    text = params.get("date")
    if not text:
        raise _Refusal(422, "MISSING_HISTORICAL_TIMESTAMP", "Missing date parameter")
    return _instant(text, "INVALID_HISTORICAL_TIMESTAMP", "date")


def _within(events: list[dict[str, Any]], params: Params) -> list[dict[str, Any]]:
    """Events that start between commenceTimeFrom and commenceTimeTo, where those are given."""
    for key, code, keeps in (
        ("commenceTimeFrom", "INVALID_COMMENCE_TIME_FROM", str.__ge__),
        ("commenceTimeTo", "INVALID_COMMENCE_TIME_TO", str.__le__),
    ):
        if params.get(key):
            _instant(params[key], code, key)
            events = [e for e in events if keeps(e["commence_time"], params[key])]
    return events


def _instant(text: str, code: str, name: str) -> datetime:
    """A time in whole seconds with a Z, the one form that this vendor takes."""
    try:
        at = datetime.fromisoformat(text) if INSTANT.fullmatch(text) else None
    except ValueError:
        at = None
    if at is None:
        raise _Refusal(422, code, f"Invalid {name} parameter: use the form 2026-01-05T12:00:00Z")
    return at


def _quota(quota: int, used: int, cost: int) -> dict[str, str]:
    left = {"x-requests-remaining": max(quota - used, 0), "x-requests-used": used, "x-requests-last": cost}
    return {name: str(value) for name, value in left.items()}
