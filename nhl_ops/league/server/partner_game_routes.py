"""The path of the NHL's partner game."""

from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nhl_ops.league.server.league import League
from nhl_ops.league.server.partner_game import PartnerGame
from nhl_ops.league.server.wire import answer, not_found


def partner_game_routes(league: League) -> list[Route]:
    """To be mounted with the NHL's web routes."""

    @cache
    def partner_game() -> PartnerGame:
        return PartnerGame(league.dataset.game_odds, league.games, league.people)

    async def now(request: Request) -> Response:
        body = partner_game().body(request.path_params["country"], league.clock.now())
        return not_found(request) if body is None else answer(request, body)

    return [Route("/partner-game/{country}/now", now)]
