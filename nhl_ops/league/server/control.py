"""The control path: the one thing a vendor does not have. It moves the virtual clock and lets vendors fail."""

from datetime import date, datetime

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nhl_ops.league.server.faults import FAULTS, Faults, PlanError, read_plan
from nhl_ops.league.server.league import League
from nhl_ops.league.server.wire import answer


def control_routes(league: League, faults: Faults) -> list[Route]:
    return [*_clock_routes(league), *_fault_routes(faults)]


def _clock_routes(league: League) -> list[Route]:
    async def show_clock(request: Request) -> Response:
        return answer(request, _clock(league))

    async def set_clock(request: Request) -> Response:
        """Body {"now": iso} moves it, {"ticking": bool} starts or stops it; both may come together."""
        try:
            wish = orjson.loads(await request.body())
            instant = datetime.fromisoformat(wish["now"]) if "now" in wish else None
            if instant is not None:
                league.clock.move_to(instant)
            if "ticking" in wish:
                (league.clock.start_ticking if wish["ticking"] else league.clock.stop)()
        except (ValueError, TypeError) as error:
            return answer(request, {"message": f"clock not set: {error}"}, status=400)
        return answer(request, _clock(league))

    async def capture_times(request: Request) -> Response:
        try:
            slate = date.fromisoformat(request.query_params.get("slate", ""))
        except ValueError as error:
            return answer(request, {"message": f"give ?slate=YYYY-MM-DD: {error}"}, status=400)
        return answer(request, {"capture_times": league.capture_times(slate)})

    async def health(request: Request) -> Response:
        return answer(request, league.figures() | _clock(league))

    return [
        Route("/clock", show_clock, methods=["GET"]),
        Route("/clock", set_clock, methods=["POST"]),
        Route("/capture-times", capture_times),
        Route("/health", health),
    ]


def _fault_routes(faults: Faults) -> list[Route]:
    async def show_faults(request: Request) -> Response:
        return answer(request, faults.shown())

    async def set_faults(request: Request) -> Response:
        """Body: a plan (league.server.faults), or a list of its rules. It replaces the plan of its name."""
        try:
            faults.put(read_plan(await request.body()))
        except PlanError as error:
            return answer(request, {"message": f"faults not set: {error}"}, status=400)
        return answer(request, faults.shown())

    async def clear_faults(request: Request) -> Response:
        """All plans, or with ?name= that one."""
        faults.clear(request.query_params.get("name"))
        return answer(request, faults.shown())

    async def kinds(request: Request) -> Response:
        return answer(request, {kind: fault.description for kind, fault in FAULTS.items()})

    return [
        Route("/faults", show_faults, methods=["GET"]),
        Route("/faults", set_faults, methods=["POST"]),
        Route("/faults", clear_faults, methods=["DELETE"]),
        Route("/faults/kinds", kinds),
    ]


def _clock(league: League) -> dict[str, object]:
    return {"now": league.clock.now().isoformat(), "ticking": league.clock.ticking}
