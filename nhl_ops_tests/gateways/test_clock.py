"""Where `now` comes from: the machine, the league, or a test."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from nhl_ops.gateways.clock import FixedClock, LeagueClock, SystemClock, environment_reader
from nhl_ops.league.server.clock import VirtualClock

EVENING = datetime(2026, 1, 20, 22, 30, tzinfo=UTC)
PATH = "/__league__/clock"


def test_the_systems_clock_is_now_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_the_leagues_clock_is_what_its_control_path_says(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH, method="GET").respond_with_json({"now": "2026-01-20T22:30:00+00:00"})
    assert LeagueClock(httpserver.url_for("")).now() == EVENING


def test_moving_the_leagues_clock_sends_the_instant_with_its_zone(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH, method="POST").respond_with_json({"now": "2026-01-20T22:30:00+00:00"})
    LeagueClock(httpserver.url_for("")).move_to(EVENING.astimezone(timezone(timedelta(hours=-5))))
    (request, _), *others = httpserver.log
    assert others == []
    assert json.loads(request.data) == {"now": "2026-01-20T17:30:00-05:00"}


def test_the_league_is_at_the_instant_it_was_moved_to(httpserver: HTTPServer) -> None:
    virtual = VirtualClock(EVENING)

    def answer(request: Request) -> Response:
        if request.method == "POST":
            virtual.move_to(datetime.fromisoformat(json.loads(request.data)["now"]))
        return Response(json.dumps({"now": virtual.now().isoformat()}))

    httpserver.expect_request(PATH).respond_with_handler(answer)
    clock = LeagueClock(httpserver.url_for(""))
    clock.move_to(EVENING - timedelta(days=3))
    assert clock.now() == EVENING - timedelta(days=3)


@pytest.mark.parametrize("act", [lambda clock: clock.now(), lambda clock: clock.move_to(EVENING)])
def test_a_refusal_is_an_error_and_not_a_time(httpserver: HTTPServer, act) -> None:
    httpserver.expect_request(PATH).respond_with_data("no", status=500)
    with pytest.raises(requests.HTTPError, match="500"):
        act(LeagueClock(httpserver.url_for("")))


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock = FixedClock(EVENING)
    assert clock.now() == clock.now() == EVENING
    clock.instant += timedelta(hours=1)
    assert clock.now() == EVENING + timedelta(hours=1)


def test_the_environment_is_read_when_asked_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    env = environment_reader()
    assert env("NHL_OPS_TEST_SETTING") is None
    monkeypatch.setenv("NHL_OPS_TEST_SETTING", "on")
    assert env("NHL_OPS_TEST_SETTING") == "on"


@pytest.mark.parametrize(("ticking", "later"), [(False, timedelta(0)), (True, timedelta(seconds=90))])
def test_the_leagues_time_is_reckoned_from_what_it_told_last(
    httpserver: HTTPServer, ticking: bool, later: timedelta
) -> None:
    httpserver.expect_request(PATH).respond_with_json({"now": EVENING.isoformat(), "ticking": ticking})
    seconds = iter([10.0, 100.0])
    clock = LeagueClock(httpserver.url_for(""), elapsed=lambda: next(seconds))
    clock.move_to(EVENING)
    assert clock.reckoned() == EVENING + later
    assert len(httpserver.log) == 1, "it does not ask again"


def test_a_league_that_told_nothing_yet_is_asked(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_json({"now": EVENING.isoformat(), "ticking": False})
    clock = LeagueClock(httpserver.url_for(""))
    assert [clock.reckoned(), clock.reckoned()] == [EVENING, EVENING]
    assert len(httpserver.log) == 1
