"""The server's application: one mount a vendor, and the control path."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.clock import VirtualClock
from nhl_ops.league.server.control import control_routes
from nhl_ops.league.server.league import League
from nhl_ops.league.server.routes import (
    nhl_stats_routes,
    nhl_web_routes,
    playnow_routes,
    unabated_api_routes,
    unabated_cdn_routes,
)
from nhl_ops.league.server.wire import not_found

CONTROL = "/__league__"


def create_app(dataset: LeagueDataset, clock: VirtualClock) -> Starlette:
    """Every vendor's wire format from one dataset at the clock's instant. Serve it on loopback only."""
    league = League(dataset, clock)
    return Starlette(
        routes=[
            Mount("/nhl-web/v1", routes=nhl_web_routes(league)),
            Mount("/nhl-stats", routes=nhl_stats_routes(league)),
            Mount("/unabated-cdn", routes=unabated_cdn_routes(league)),
            Mount("/unabated-api", routes=unabated_api_routes(league)),
            Mount("/playnow", routes=playnow_routes(league)),
            Mount(CONTROL, routes=control_routes(league)),
        ],
        exception_handlers={404: _unknown_path},
    )


async def _unknown_path(request: Request, _error: Exception) -> Response:
    return not_found(request)
