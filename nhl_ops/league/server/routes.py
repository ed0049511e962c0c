"""The vendors' paths, parameters and headers."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from nhl_ops.domain.slates import slate_of
from nhl_ops.league.server.cayenne import FilterError
from nhl_ops.league.server.league import League
from nhl_ops.league.server.unabated import envelope
from nhl_ops.league.server.wire import answer, not_found

Builder = Callable[[Request, datetime], Any]
CDN_HEADERS = {"access-control-allow-origin": "*", "cache-control": "public, max-age=30"}


def nhl_web_routes(league: League) -> list[Route]:
    def on_date(kind: str) -> Route:
        async def endpoint(request: Request) -> Response:
            wanted, now = request.path_params["day"], league.clock.now()
            if wanted == "now":
                return RedirectResponse(request.url.path.removesuffix("now") + slate_of(now).isoformat())
            day = _date(wanted)
            if day is None:
                return not_found(request)
            body = league.nhl.schedule(day, now) if kind == "schedule" else league.nhl.score(day, now)
            return answer(request, body)

        return Route(f"/{kind}/{{day}}", endpoint)

    async def boxscore(request: Request) -> Response:
        body = league.nhl.boxscore(request.path_params["game_id"], league.clock.now())
        return not_found(request) if body is None else answer(request, body)

    async def roster(request: Request) -> Response:
        wanted = request.path_params["season"]
        season = int(wanted) if wanted.isdecimal() and len(wanted) == 8 else None
        if season is None and wanted != "current":
            return not_found(request)
        body = league.nhl.roster(request.path_params["tri"], season, league.clock.now())
        return not_found(request) if body is None else answer(request, body)

    return [
        on_date("schedule"),
        on_date("score"),
        Route("/gamecenter/{game_id:int}/boxscore", boxscore),
        Route("/roster/{tri}/{season}", roster),
    ]


def nhl_stats_routes(league: League) -> list[Route]:
    async def report(request: Request) -> Response:
        name = "{kind}/{report}".format(**request.path_params)
        try:
            body = league.stats.page(name, request.query_params, league.clock.now())
        except FilterError as error:
            return answer(request, {"message": str(error)}, status=400)
        return not_found(request) if body is None else answer(request, body)

    return [Route("/stats/rest/en/{kind}/{report}", report)]


def unabated_cdn_routes(league: League) -> list[Route]:
    async def props(request: Request) -> Response:
        busted = bool({"v", "t"} & set(request.query_params))
        body = league.unabated.cdn(league.clock.now(), has_cache_buster=busted)
        return answer(request, body, headers=CDN_HEADERS)

    return [Route("/markets/v2/league/6/propodds.json", props)]


def unabated_api_routes(league: League) -> list[Route]:
    """Every path needs a key, whichever."""

    def keyed(path: str, build: Builder) -> Route:
        async def endpoint(request: Request) -> Response:
            if not request.headers.get("x-api-key", "").strip():
                refusal = {
                    "success": False,
                    "data": None,
                    "messages": ["A valid X-Api-Key header is required."],
                }
                return answer(request, refusal, status=401)
            try:
                body = build(request, league.clock.now())
            except ValueError as error:
                refusal = {"success": False, "data": None, "messages": [str(error)]}
                return answer(request, refusal, status=400)
            return answer(request, body)

        return Route(path, endpoint)

    def odds(request: Request, now: datetime) -> bytes:
        wanted = frozenset(int(value) for value in request.query_params.getlist("betTypeId"))
        return league.unabated.api(wanted, now)

    return [
        keyed("/market/nhl/props/odds", odds),
        keyed("/bettype", lambda _request, _now: envelope(league.unabated.bet_types())),
        keyed("/market/nhl/props/sources", lambda _request, _now: envelope(league.unabated.sources())),
        keyed("/market/nhl/props/teams", lambda _request, _now: envelope(league.unabated.teams())),
        keyed("/market/nhl/props/people", lambda _request, now: envelope(league.unabated.people(now))),
    ]


def playnow_routes(league: League) -> list[Route]:
    async def event_list(request: Request) -> Response:
        return answer(request, league.playnow.event_list(request.query_params, league.clock.now()))

    async def events_by_ids(request: Request) -> Response:
        return answer(request, league.playnow.events_by_ids(request.query_params, league.clock.now()))

    base = "/content-service/api/v1/q"
    return [Route(f"{base}/event-list", event_list), Route(f"{base}/events-by-ids", events_by_ids)]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-05") else None
    except ValueError:
        return None
