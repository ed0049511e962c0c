"""OddsShark's paths."""

from datetime import date
from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nhl_ops.league.server.league import League
from nhl_ops.league.server.oddsshark import OddsShark
from nhl_ops.league.server.wire import answer, not_found

PAGE = "text/html; charset=UTF-8"


def oddsshark_routes(league: League) -> list[Route]:
    """The player-props page, and the scores of a date where JSON is asked for."""

    @cache
    def site() -> OddsShark:
        return OddsShark(league.dataset, league.games, league.people)

    async def props(_request: Request) -> Response:
        return Response(site().page(league.clock.now()), media_type=PAGE)

    async def scores(request: Request) -> Response:
        day = _date(request.path_params["day"])
        if day is None or request.query_params.get("_format") != "json":
            return not_found(request)
        return answer(request, site().scores(day, league.clock.now()))

    return [Route("/nhl/odds/player-props", props), Route("/api/scores/nhl/{day}", scores)]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-05") else None
    except ValueError:
        return None
