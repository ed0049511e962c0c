"""Paths of Unabated's partner API v2. Every one needs a key, whichever, in the header or the query."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nhl_ops.league.server.league import League
from nhl_ops.league.server.unabated_offers import LEAGUE_ID
from nhl_ops.league.server.unabated_partner import partner_bet_types, partner_board, partner_players
from nhl_ops.league.server.wire import answer

KEY = "x-api-key"
REFUSAL = {"message": "A valid x-api-key is required."}


def unabated_partner_routes(league: League) -> list[Route]:
    """`leagues` is a comma list of league ids; without the NHL's among them a board or list is empty."""

    def keyed(path: str, build: Callable[[datetime], Any], empty: Any) -> Route:
        async def endpoint(request: Request) -> Response:
            key = request.headers.get(KEY) or request.query_params.get(KEY) or ""
            if not key.strip():
                return answer(request, REFUSAL, status=401)
            wants_nhl = empty is None or _wants_nhl(request.query_params.get("leagues", ""))
            return answer(request, build(league.clock.now()) if wants_nhl else empty)

        return Route(path, endpoint)

    return [
        keyed(
            "/v2/markets/playerProps",
            lambda now: partner_board(league.unabated, now),
            {"propsPeopleEvents": {}},
        ),
        keyed("/v2/players", lambda now: partner_players(league.unabated, now), []),
        keyed("/v2/teams", lambda _: list(league.unabated.teams().values()), []),
        keyed("/v2/marketSources", lambda _: league.unabated.sources(), None),
        keyed("/v2/betTypes", lambda _: partner_bet_types(league.unabated), None),
    ]


def _wants_nhl(leagues: str) -> bool:
    wanted = {part.strip() for part in leagues.split(",")} - {""}
    return not wanted or str(LEAGUE_ID) in wanted
