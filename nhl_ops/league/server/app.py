"""The server's application: one mount a vendor, and the control path."""

from datetime import datetime, timedelta
from functools import lru_cache
from threading import Event
from typing import Any, cast

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Router

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.clock import VirtualClock
from nhl_ops.league.server.control import control_routes
from nhl_ops.league.server.faults import Faults
from nhl_ops.league.server.faults_injector import FaultInjector, VirtualDate
from nhl_ops.league.server.league import League
from nhl_ops.league.server.odds_api_routes import odds_api_routes
from nhl_ops.league.server.oddsshark_routes import oddsshark_routes
from nhl_ops.league.server.partner_game_routes import partner_game_routes
from nhl_ops.league.server.routes import (
    nhl_stats_routes,
    nhl_web_routes,
    playnow_routes,
    unabated_api_routes,
    unabated_cdn_routes,
)
from nhl_ops.league.server.unabated_partner_routes import unabated_partner_routes
from nhl_ops.league.server.wire import not_found

CONTROL = "/__league__"


def create_app(
    dataset: LeagueDataset, clock: VirtualClock, faults: Faults | None = None, released: Event | None = None
) -> Starlette:
    """Every vendor's wire format from one dataset at the clock's instant. Serve it on loopback only.

    faults: what fails; none by default. released: set when the server ends, so that no answer waits on.
    """
    league, faults = League(dataset, clock), faults or Faults()

    @lru_cache(maxsize=4)
    def earlier(ago: timedelta) -> Router:
        return Router(vendor_mounts(cast(League, _Earlier(league, ago))))

    ended = released or Event()
    failing = Middleware(FaultInjector, faults=faults, now=clock.now, earlier=earlier, released=ended)
    return Starlette(
        routes=[*vendor_mounts(league), Mount(CONTROL, routes=control_routes(league, faults))],
        middleware=[Middleware(VirtualDate, now=clock.now), failing],
        exception_handlers={404: _unknown_path},
    )


def vendor_mounts(league: League) -> list[Mount]:
    return [
        Mount("/nhl-web/v1", routes=[*nhl_web_routes(league), *partner_game_routes(league)]),
        Mount("/nhl-stats", routes=nhl_stats_routes(league)),
        Mount("/unabated-cdn", routes=unabated_cdn_routes(league)),
        Mount("/unabated-api", routes=unabated_api_routes(league)),
        Mount("/unabated-partner", routes=unabated_partner_routes(league)),
        Mount("/playnow", routes=playnow_routes(league)),
        Mount("/oddsshark", routes=oddsshark_routes(league)),
        Mount("/odds-api", routes=odds_api_routes(league)),
    ]


class _Earlier:
    """A league as it was some time ago: its clock lags, all else is the league's own."""

    def __init__(self, league: League, ago: timedelta) -> None:
        self._league = league
        self._ago = ago

    @property
    def clock(self) -> "_Earlier":
        return self

    def now(self) -> datetime:
        return self._league.clock.now() - self._ago

    def __getattr__(self, name: str) -> Any:
        return getattr(self._league, name)


async def _unknown_path(request: Request, _error: Exception) -> Response:
    return not_found(request)
