"""Capture against real sockets: bytes are archived before anyone parses them, and every request is a sighting."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from nhl_ops.domain.failures import VendorContract
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.capture import Capturer, CaptureResult
from nhl_ops.gateways.http import HttpClient, HttpPolicy
from nhl_ops.gateways.state import State
from nhl_ops.gateways.vendor import Fetch, Payload, VendorRequest

NOON = datetime(2026, 1, 5, 17, tzinfo=UTC)
SLATE = "2026-01-05"
BODY = b'{"odds": {"line": 2.5}}'


@pytest.fixture
def capturer(tmp_path: Path) -> Iterator[Capturer]:
    with HttpClient(HttpPolicy(max_retries=0, backoff_sec=0)) as http:
        yield Capturer(http, Archive(tmp_path), State(tmp_path / "data" / "state.sqlite"))


def asking(*requests: VendorRequest) -> Callable[[Fetch], list[Payload]]:
    return lambda fetch: [fetch(request) for request in requests]


def board(server: HTTPServer, path: str = "/board", **parts: dict[str, str]) -> VendorRequest:
    return VendorRequest("unabated_board", server.url_for(path), **parts)


def run(capturer: Capturer, work: Callable[[Fetch], list[Payload]], at: datetime = NOON) -> CaptureResult:
    return capturer.run("UNABATED", SLATE, lambda: at, work)


def sightings(capturer: Capturer) -> list[tuple]:
    return capturer.state.sightings_between("UNABATED", NOON - timedelta(days=1), NOON + timedelta(days=1))


def payloads(capturer: Capturer) -> list[tuple]:
    return capturer.state.payloads_between("UNABATED", NOON - timedelta(days=1), NOON + timedelta(days=1))


def archived(capturer: Capturer) -> list[Path]:
    return sorted(capturer.archive.root.rglob("*.json.zst"))


def test_what_a_vendor_sends_is_archived_byte_for_byte(capturer: Capturer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data(BODY, content_type="application/json")
    result = run(capturer, asking(board(httpserver)))
    (payload,) = result.payloads
    assert result.outcome is SlateOutcome.OK
    assert (result.requests, result.size_bytes, result.error) == (1, len(BODY), None)
    assert payload.body == BODY
    assert payload.captured_at_utc == NOON
    assert capturer.archive.get(payload.payload_path, payload.payload_hash) == BODY


def test_bytes_are_archived_and_seen_before_anything_parses_them(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/board").respond_with_data(BODY, content_type="application/json")
    found: list[tuple[int, int]] = []

    def parse_and_fail(fetch: Fetch) -> list[Payload]:
        fetch(board(httpserver))
        found.append((len(archived(capturer)), len(sightings(capturer))))
        raise RuntimeError("a defect of the parser")

    with pytest.raises(RuntimeError, match="defect of the parser"):
        run(capturer, parse_and_fail)
    assert found == [(1, 1)]
    assert capturer.state.captured_times("UNABATED", SLATE) == set()


def test_equal_bytes_are_one_payload_with_a_sighting_each_time(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/board").respond_with_data(BODY, content_type="application/json")
    first = run(capturer, asking(board(httpserver)))
    second = run(capturer, asking(board(httpserver)), NOON + timedelta(days=1, hours=-1))
    assert first.payloads[0].payload_path == second.payloads[0].payload_path
    assert len(archived(capturer)) == len(payloads(capturer)) == 1
    assert [row[2][:13] for row in sightings(capturer)] == ["2026-01-05T17", "2026-01-06T16"]


def test_new_bytes_are_a_payload_of_their_own(capturer: Capturer, httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/board").respond_with_json({"price": -110})
    httpserver.expect_ordered_request("/board").respond_with_json({"price": -115})
    run(capturer, asking(board(httpserver)))
    run(capturer, asking(board(httpserver)), NOON + timedelta(hours=1))
    assert len(archived(capturer)) == len(payloads(capturer)) == 2


def test_cache_busters_and_keys_reach_the_vendor_and_not_the_sighting(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/board").respond_with_data(BODY, content_type="application/json")
    request = board(
        httpserver, params={"league": "nhl"}, volatile={"v": "1767632400"}, secret={"x-api-key": "s3cr3t"}
    )
    (payload,) = run(capturer, asking(request)).payloads
    sent, _ = httpserver.log[0]
    assert sent.args["v"] == "1767632400"
    assert sent.headers["x-api-key"] == "s3cr3t"
    (seen,) = sightings(capturer)
    assert seen[1] == payload.url == httpserver.url_for("/board") + "?league=nhl"


def test_a_complete_capture_is_recorded_under_its_time(capturer: Capturer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data(BODY, content_type="application/json")
    run(capturer, asking(board(httpserver)))
    assert capturer.state.captured_times("UNABATED", SLATE) == {NOON}


def test_a_vendor_that_is_down_is_an_outcome_and_a_sighting_with_its_cause(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/board").respond_with_data("busy", status=503)
    result = run(capturer, asking(board(httpserver)))
    assert result.outcome is SlateOutcome.VENDOR_DOWN
    assert result.payloads == []
    assert "503" in str(result.error)
    (seen,) = sightings(capturer)
    assert (seen[0], seen[4], seen[5]) == ("unabated_board", "vendor_down", None)
    assert "503" in seen[6]
    assert archived(capturer) == []
    assert capturer.state.captured_times("UNABATED", SLATE) == set()


@pytest.mark.parametrize("answer", [{"status": 404}, {"status": 403}, {"response_data": "<html>"}])
def test_a_vendor_that_refuses_or_answers_nonsense_is_rejected_and_not_down(
    capturer: Capturer, httpserver: HTTPServer, answer: dict
) -> None:
    httpserver.expect_request("/board").respond_with_data(**{"response_data": "no"} | answer)
    result = run(capturer, asking(board(httpserver)))
    assert result.outcome is SlateOutcome.REJECTED
    assert [row[4] for row in sightings(capturer)] == ["rejected"]


def test_an_answer_of_another_shape_makes_the_capture_rejected_and_keeps_the_bytes(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/board").respond_with_data(BODY, content_type="application/json")

    def read(fetch: Fetch) -> list[Payload]:
        payload = fetch(board(httpserver))
        raise VendorContract(payload.endpoint, payload.url, "there is no key `events`")

    result = run(capturer, read)
    assert result.outcome is SlateOutcome.REJECTED
    assert "there is no key `events`" in str(result.error)
    assert len(archived(capturer)) == 1
    assert capturer.state.captured_times("UNABATED", SLATE) == set()


def test_what_came_before_a_failure_counts_with_the_failures_outcome(
    capturer: Capturer, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/board").respond_with_data(BODY, content_type="application/json")
    httpserver.expect_request("/names").respond_with_data("busy", status=404)
    result = run(capturer, asking(board(httpserver), board(httpserver, "/names")))
    assert result.outcome is SlateOutcome.REJECTED
    assert [payload.body for payload in result.payloads] == [BODY]
    assert (result.requests, result.size_bytes) == (2, len(BODY))


def test_what_came_before_a_failure_stays_archived(capturer: Capturer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data(BODY, content_type="application/json")
    httpserver.expect_request("/names").respond_with_data("gone", status=500)
    result = run(capturer, asking(board(httpserver), board(httpserver, "/names"), board(httpserver, "/more")))
    assert result.requests == 2
    assert len(archived(capturer)) == 1
    assert {row[1].rsplit("/", 1)[1]: row[4] for row in sightings(capturer)} == {
        "board": "ok",
        "names": "vendor_down",
    }


def test_a_damaged_archive_write_leaves_no_sighting(capturer: Capturer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data(BODY, content_type="application/json")
    (capturer.archive.root / "outputs").write_text("a file where the archive's folder should be")
    with pytest.raises(OSError, match="outputs"):
        run(capturer, asking(board(httpserver)))
    assert sightings(capturer) == []
