"""Captures under the HTTP policy: what is asked again or not at all, and what a capture took."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import zstandard
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.capture import Capturer, CaptureResult
from nhl_ops.gateways.clock import FixedClock
from nhl_ops.gateways.http import HttpClient, HttpPolicy
from nhl_ops.gateways.http_breaker import BreakerPolicy
from nhl_ops.gateways.http_limits import Budget
from nhl_ops.gateways.http_memory import HttpMemory
from nhl_ops.gateways.state import State
from nhl_ops.gateways.vendor import Fetch, Payload, VendorRequest
from nhl_ops_tests.gateways.wire_servers import head, raw_server

NOON = datetime(2026, 1, 5, 17, tzinfo=UTC)
SLATE = "2026-01-05"
BODY = b'{"odds": {"line": 2.5}}'


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def capturer(tmp_path: Path, clock: FixedClock) -> Iterator[Capturer]:
    state = State(tmp_path / "data" / "state.sqlite")
    with HttpClient(HttpPolicy(max_retries=0, backoff_sec=0)) as http:
        yield Capturer(
            http,
            Archive(tmp_path),
            state,
            memory=HttpMemory(state.path, clock.now),
            breaker_policy=BreakerPolicy(failures=2, pause_sec=60),
            conditional=True,
            clock=clock.now,
        )


def board(server: HTTPServer, path: str = "/board", **parts: dict[str, str]) -> VendorRequest:
    return VendorRequest("unabated_board", server.url_for(path), **parts)


def run(
    capturer: Capturer, *requests: VendorRequest, hour: int = 0, vendor: str = "UNABATED"
) -> CaptureResult:
    def work(fetch: Fetch) -> list[Payload]:
        return [fetch(request) for request in requests]

    return capturer.run(vendor, SLATE, lambda: NOON + timedelta(hours=hour), work)


def sightings(capturer: Capturer) -> list[tuple]:
    return capturer.state.sightings_between("UNABATED", NOON - timedelta(days=1), NOON + timedelta(days=1))


def outcomes(capturer: Capturer) -> list[tuple]:
    """(status, outcome, has a body) in order of time."""
    return [(row[3], row[4], row[5] is not None) for row in sightings(capturer)]


class Versioned:
    """A vendor with validators; counts the bodies that it had to send."""

    def __init__(self, server: HTTPServer, body: bytes = BODY, *, modified: bool = False) -> None:
        self.body, self.modified, self.sent = body, modified, 0
        self.asked: list[Request] = []
        server.expect_request("/board").respond_with_handler(self)

    def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        name, asked = ("Last-Modified", "If-Modified-Since") if self.modified else ("ETag", "If-None-Match")
        value = "Mon, 05 Jan 2026 16:00:00 GMT" if self.modified else f'"{hash(self.body)}"'
        if request.headers.get(asked) == value:
            return Response(status=304, headers={name: value})
        self.sent += 1
        return Response(self.body, headers={name: value}, content_type="application/json")


# -- conditional requests ------------------------------------------------------------------------------------


@pytest.mark.parametrize("modified", [False, True])
def test_a_body_that_did_not_change_is_not_sent_again_and_sighted_again(
    capturer: Capturer, httpserver: HTTPServer, modified: bool
) -> None:
    vendor = Versioned(httpserver, modified=modified)
    first, second = run(capturer, board(httpserver)), run(capturer, board(httpserver), hour=1)
    assert vendor.sent == 1
    assert second.outcome is SlateOutcome.OK
    assert (second.not_modified, second.attempts, second.retries, second.received_bytes) == (1, 1, 0, 0)
    (before,), (after,) = first.payloads, second.payloads
    assert after == replace(before, captured_at_utc=NOON + timedelta(hours=1))
    assert outcomes(capturer) == [(200, "ok", True), (304, "not_modified", True)]
    assert sightings(capturer)[0][5] == sightings(capturer)[1][5]


def test_a_body_that_changed_is_sent_and_asked_for_by_its_new_validator(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    vendor = Versioned(httpserver)
    run(capturer, board(httpserver))
    vendor.body = b'{"odds": {"line": 3.5}}'
    changed = run(capturer, board(httpserver), hour=1)
    again = run(capturer, board(httpserver), hour=2)
    assert [p.body for p in (*changed.payloads, *again.payloads)] == [vendor.body] * 2
    assert (vendor.sent, changed.not_modified, again.not_modified) == (2, 0, 1)


def test_a_cache_buster_does_not_hide_that_it_is_the_same_body(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    vendor = Versioned(httpserver)
    for n in range(3):
        run(capturer, board(httpserver, volatile={"v": str(n)}), hour=n)
    assert [request.args["v"] for request in vendor.asked] == ["0", "1", "2"]
    assert vendor.sent == 1


def test_the_validators_outlive_the_process(capturer: Capturer, httpserver: HTTPServer) -> None:
    vendor = Versioned(httpserver)
    run(capturer, board(httpserver))
    later = replace(capturer, memory=HttpMemory(capturer.state.path, lambda: NOON), budget=Budget())
    assert run(later, board(httpserver), hour=1).not_modified == 1
    assert vendor.sent == 1


@pytest.mark.parametrize("changes", [{"conditional": False}, {"memory": None}])
def test_who_does_not_allow_it_gets_the_body_every_time(
    capturer: Capturer, httpserver: HTTPServer, changes: dict
) -> None:
    vendor = Versioned(httpserver)
    plain = replace(capturer, **changes)
    assert [run(plain, board(httpserver), hour=n).not_modified for n in range(2)] == [0, 0]
    assert vendor.sent == 2


def test_another_vendors_validators_are_not_used(capturer: Capturer, httpserver: HTTPServer) -> None:
    vendor = Versioned(httpserver)
    run(capturer, board(httpserver), vendor="NHL")
    run(capturer, board(httpserver), vendor="NHL_RESULTS")
    assert vendor.sent == 2


def test_a_vendor_that_stops_to_give_validators_is_asked_plainly(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    seen: list[Request] = []

    def handle(request: Request) -> Response:
        seen.append(request)
        headers = {"ETag": '"1"'} if len(seen) == 1 else {}
        return Response(BODY, content_type="application/json", headers=headers)

    httpserver.expect_request("/board").respond_with_handler(handle)
    for n in range(3):
        run(capturer, board(httpserver), hour=n)
    assert [request.headers.get("If-None-Match") for request in seen] == [None, '"1"', None]


def remove(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


def exchange(path: Path) -> None:
    path.write_bytes(zstandard.ZstdCompressor().compress(b'{"odds": "of somebody else"}'))


@pytest.mark.parametrize("damage", [remove, cut, exchange])
def test_an_archived_body_that_is_lost_is_asked_for_again_and_put_back(
    capturer: Capturer, httpserver: HTTPServer, damage: Callable[[Path], None]
) -> None:
    vendor = Versioned(httpserver)
    (before,) = run(capturer, board(httpserver)).payloads
    damage(capturer.archive.root / before.payload_path)
    result = run(capturer, board(httpserver), hour=30)
    (after,) = result.payloads
    assert after.body == BODY
    assert after.payload_path == before.payload_path
    assert capturer.archive.get(after.payload_path, after.payload_hash) == BODY
    assert (vendor.sent, result.requests, result.attempts, result.not_modified) == (2, 1, 2, 0)
    assert run(capturer, board(httpserver), hour=31).not_modified == 1


def test_a_304_that_nobody_asked_for_is_not_archived_as_an_empty_body(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    vendor = Versioned(httpserver)
    own = {"If-None-Match": f'"{hash(BODY)}"'}
    (payload,) = run(capturer, board(httpserver, headers=own)).payloads
    assert payload.body == BODY
    assert len(vendor.asked) == 2


# -- what a capture took -------------------------------------------------------------------------------------


def test_attempts_retries_and_bytes_are_counted(capturer: Capturer, httpserver: HTTPServer) -> None:
    answers = iter(
        [Response("busy", 503), Response("busy", 503), Response(BODY, content_type="application/json")]
    )
    httpserver.expect_request("/board").respond_with_handler(lambda _: next(answers))
    httpserver.expect_request("/more").respond_with_json({"a": 1})
    with HttpClient(HttpPolicy(backoff_sec=0)) as http:
        result = run(replace(capturer, http=http), board(httpserver), board(httpserver, "/more"))
    assert (result.requests, result.attempts, result.retries) == (2, 4, 2)
    assert result.received_bytes == 2 * len("busy") + result.size_bytes


def test_a_failed_capture_tells_what_it_took(capturer: Capturer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data(BODY, content_type="application/json")
    httpserver.expect_request("/names").respond_with_data("gone", status=500)
    result = run(capturer, board(httpserver), board(httpserver, "/names"))
    assert result.outcome is SlateOutcome.VENDOR_DOWN
    assert (result.requests, result.attempts, result.received_bytes) == (2, 2, len(BODY) + 4)


def test_the_last_quota_headers_are_kept_also_of_an_error(capturer: Capturer, httpserver: HTTPServer) -> None:
    first = {"x-requests-remaining": "480", "x-requests-used": "20", "X-Requests-Last": "10"}
    httpserver.expect_request("/board").respond_with_json({}, headers=first)
    httpserver.expect_request("/more").respond_with_data(
        "quota", status=401, headers={"x-requests-remaining": "0"}
    )
    result = run(capturer, board(httpserver), board(httpserver, "/more"))
    assert result.quota == {"x-requests-remaining": 0, "x-requests-used": 20, "x-requests-last": 10}


@pytest.mark.parametrize("value", ["many", "", "-1", "1e9", "nan", "\u00b2", "9" * 400])
def test_a_quota_that_is_no_count_is_not_kept(capturer: Capturer, httpserver: HTTPServer, value: str) -> None:
    httpserver.expect_request("/board").respond_with_json({}, headers={"x-requests-remaining": value})
    assert run(capturer, board(httpserver)).quota == {}


@pytest.mark.parametrize(
    ("headers", "skew"),
    [
        ({"Date": format_datetime(NOON, usegmt=True)}, 0.5),
        ({"Date": format_datetime(NOON + timedelta(hours=1), usegmt=True)}, 3600.5),
        ({"Date": format_datetime(NOON - timedelta(hours=1), usegmt=True)}, -3599.5),
        ({"Date": format_datetime(NOON - timedelta(seconds=90), usegmt=True), "Age": "90"}, 0.5),
        ({"Date": "yesterday"}, None),
        ({"Date": "Mon, 05 Jan 99999 17:00:00 GMT"}, None),
        ({"Date": format_datetime(NOON, usegmt=True), "Age": "9" * 15}, None),
    ],
)
def test_the_vendors_clock_is_compared_with_ours(
    capturer: Capturer, headers: dict[str, str], skew: float | None
) -> None:
    assert run_against(capturer, headers).skew_sec == skew


def run_against(capturer: Capturer, *answers: dict[str, str]) -> CaptureResult:
    """A request an answer, of a server that adds no header of its own."""
    bytes_of = [head("Content-Length: 2", *(f"{k}: {v}" for k, v in a.items())) + b"{}" for a in answers]
    with raw_server(*bytes_of) as url:
        return run(capturer, *[VendorRequest("unabated_board", url)] * len(answers))


def test_the_largest_skew_of_a_capture_is_told(capturer: Capturer) -> None:
    dates = [format_datetime(NOON + timedelta(minutes=n), usegmt=True) for n in (1, -5, 2)]
    assert run_against(capturer, *({"Date": date} for date in dates)).skew_sec == -299.5


def test_without_a_clock_there_is_no_skew(capturer: Capturer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_json({}, headers={"Date": format_datetime(NOON)})
    assert run(replace(capturer, clock=None), board(httpserver)).skew_sec is None


# -- breaker and budget --------------------------------------------------------------------------------------


def test_a_vendor_that_fails_again_and_again_is_left_alone_and_asked_after_the_pause(
    capturer: Capturer, httpserver: HTTPServer, clock: FixedClock
) -> None:
    httpserver.expect_request("/board").respond_with_data("busy", status=503)
    states = [run(capturer, board(httpserver), hour=n).breaker for n in range(2)]
    assert states == ["closed", "open"]
    alone = run(capturer, board(httpserver), hour=2)
    assert alone.outcome is SlateOutcome.VENDOR_DOWN
    assert (alone.breaker, alone.requests, alone.attempts) == ("open", 1, 0)
    assert "is left alone until 2026-01-05 17:01:00 UTC" in str(alone.error)
    assert len(httpserver.log) == 2
    clock.instant += timedelta(seconds=60)
    httpserver.clear()
    httpserver.expect_request("/board").respond_with_json({})
    assert run(capturer, board(httpserver), hour=3).breaker == "closed"


def test_an_open_breaker_is_found_by_a_later_process_and_spares_other_vendors(
    capturer: Capturer, httpserver: HTTPServer, clock: FixedClock
) -> None:
    httpserver.expect_request("/board").respond_with_data("busy", status=503)
    httpserver.expect_request("/week").respond_with_json({})
    for n in range(2):
        run(capturer, board(httpserver), hour=n)
    later = replace(capturer, memory=HttpMemory(capturer.state.path, clock.now))
    assert run(later, board(httpserver), hour=2).attempts == 0
    assert run(later, board(httpserver, "/week"), vendor="NHL").outcome is SlateOutcome.OK


def test_without_a_memory_a_vendor_is_asked_every_time(capturer: Capturer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data("busy", status=503)
    plain = replace(capturer, memory=None)
    assert [run(plain, board(httpserver), hour=n).attempts for n in range(4)] == [1, 1, 1, 1]


def test_the_budget_is_one_for_all_captures_of_a_capturer(capturer: Capturer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_json({})
    modest = replace(capturer, budget=Budget(max_requests=3))
    results = [run(modest, board(httpserver), board(httpserver), hour=n) for n in range(3)]
    assert [r.attempts for r in results] == [2, 1, 0]
    assert [r.outcome for r in results] == [
        SlateOutcome.OK,
        SlateOutcome.VENDOR_DOWN,
        SlateOutcome.VENDOR_DOWN,
    ]
    assert "budget of 3 requests" in str(results[1].error)
    assert {r.breaker for r in results} == {"closed"}
    assert f"nhl-ops run-daily --date {SLATE} --all" in str(results[1].error)


# -- failures beside bodies ----------------------------------------------------------------------------------


def test_a_failure_and_a_body_of_one_instant_are_both_sighted(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    """Whichever came first: a capture that is run again asks under the same instant."""
    httpserver.expect_ordered_request("/board").respond_with_data("busy", status=503)
    httpserver.expect_ordered_request("/board").respond_with_json({})
    httpserver.expect_ordered_request("/board").respond_with_data("busy", status=503)
    for _ in range(3):
        run(capturer, board(httpserver, params={"league": "nhl"}))
    url = httpserver.url_for("/board") + "?league=nhl"
    assert {(row[1], row[4]) for row in sightings(capturer)} == {
        (url, "ok"),
        (f"failed:{url}", "vendor_down"),
    }
    assert len(capturer.state.payloads_of_slate("UNABATED", ["unabated_board"], SLATE)) == 1


def test_in_the_league_a_failure_is_sighted_without_its_port(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/board").respond_with_data("busy", status=503)
    run(replace(capturer, league_url=httpserver.url_for("").rstrip("/")), board(httpserver))
    assert [row[1] for row in sightings(capturer)] == ["failed:league:/board"]
