"""What a plain client sees of each fault, over a real socket."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import parsedate_to_datetime
from errno import ECONNREFUSED, ECONNRESET
from time import monotonic

import orjson
import pytest
import requests

from nhl_ops.league.dead_hosts import deaf_host, refusing_host
from nhl_ops.league.server.faults import FAULTS
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.league import tiny
from nhl_ops_tests.league.asking import CDN, PLAYNOW
from nhl_ops_tests.league.fault_client import (
    counts,
    fail,
    failing,
    mend,
    raw_get,
)

NOON = "2026-01-05T21:00:00+00:00"
BOARD = f"{CDN}?v=1"
EVENTS = f"{PLAYNOW}/event-list?drilldownTagIds=220&includeChildMarkets=true"
SCHEDULE = "/nhl-web/v1/schedule/2026-01-05"
BOARDS = [("UNABATED", BOARD), ("PLAYNOW", EVENTS), ("NHL", SCHEDULE)]
SHORT_SEC = 0.15
Get = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def server() -> Iterator[LeagueServer]:
    with LeagueServer(tiny.tiny_league(), now=tiny.instant(NOON)) as running:
        yield running


@pytest.fixture
def url(server: LeagueServer) -> Iterator[str]:
    yield server.url
    mend(server.url)
    server.clock.move_to(tiny.instant(NOON))


@pytest.fixture
def get(url: str) -> Get:
    def ask(path: str = BOARD, timeout_sec: float = 10.0) -> requests.Response:
        return requests.get(url + path, timeout=timeout_sec, allow_redirects=False)

    return ask


@pytest.mark.parametrize(("vendor", "path"), BOARDS)
def test_a_refused_caller_gets_a_reset_and_not_one_byte(url: str, vendor: str, path: str) -> None:
    with failing(url, vendor, "connection_refused"):
        seen, error = raw_get(url, path)
    assert (seen, error and error.errno) == (b"", ECONNRESET)


@pytest.mark.parametrize(("vendor", "path"), BOARDS)
def test_a_reset_in_the_body_comes_after_half_of_it(url: str, get: Get, vendor: str, path: str) -> None:
    whole = get(path).content
    with failing(url, vendor, "reset_mid_body"):
        seen, error = raw_get(url, path)
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            get(path)
    head, _, body = seen.partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in head
    assert (body, error and error.errno) == (whole[: len(whole) // 2], ECONNRESET)


def test_a_hanging_vendor_accepts_and_never_answers(url: str, get: Get) -> None:
    with failing(url, "UNABATED", "connect_hang"):
        seen, error = raw_get(url, BOARD, SHORT_SEC)
        assert (seen, type(error)) == (b"", TimeoutError)
        assert counts(url) == [(1, 0)]
    assert get().status_code == 200


def test_slow_drip_brings_the_true_answer_byte_by_byte_and_no_read_times_out(url: str, get: Get) -> None:
    nowhere = "/nhl-web/v1/roster/ZZZ/current"
    whole, begun = get(nowhere).content, monotonic()
    with failing(url, "NHL", "slow_drip", pause_sec=0.01):
        answer = get(nowhere, timeout_sec=SHORT_SEC)
    assert (answer.status_code, answer.content) == (404, whole)
    assert len(whole) * 0.01 > SHORT_SEC
    assert monotonic() - begun > SHORT_SEC, "the answer outlasts what a single read may take"


def test_a_drip_is_longer_than_any_timeout_of_a_read(url: str) -> None:
    with (
        failing(url, "UNABATED", "slow_drip", pause_sec=0.06),
        requests.get(url + BOARD, timeout=SHORT_SEC, stream=True) as answer,
    ):
        parts = [part for part, _ in zip(answer.iter_content(1), range(3), strict=False)]
    assert b"".join(parts) == b'{"o'


def test_the_redirect_leads_to_another_host(url: str, get: Get) -> None:
    with failing(url, "PLAYNOW", "redirect_elsewhere"):
        answer = get(EVENTS)
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://elsewhere.invalid/playnow/content-service/")


@pytest.mark.parametrize("code", [401, 403, 404, 408, 422, 429, 500, 502, 503, 504])
@pytest.mark.parametrize(("vendor", "path"), BOARDS)
def test_a_status_comes_without_retry_after(url: str, get: Get, vendor: str, path: str, code: int) -> None:
    with failing(url, vendor, f"status_{code}"):
        answer = get(path)
    assert answer.status_code == code
    assert "Retry-After" not in answer.headers
    assert list(answer.json()) == ["message"]


@pytest.mark.parametrize("wait", ["0", "7", "Tue, 06 Jan 2026 00:00:00 GMT"])
def test_429_says_when_to_come_again(url: str, get: Get, wait: str) -> None:
    with failing(url, "UNABATED", "status_429_retry_after", retry_after=wait):
        answer = get()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, wait)


def test_each_vendor_has_an_error_body_of_its_own_under_200(url: str, get: Get) -> None:
    bodies = {}
    for vendor, path in BOARDS:
        with failing(url, vendor, "error_body"):
            answer = get(path)
        assert answer.status_code == 200
        bodies[vendor] = answer.json()
    assert bodies["UNABATED"]["success"] is False
    assert bodies["PLAYNOW"]["data"] is None
    assert bodies["PLAYNOW"]["errors"]
    assert "message" in bodies["NHL"]


@pytest.mark.parametrize(("vendor", "path"), BOARDS)
def test_a_page_an_empty_body_and_another_content_type_come_with_200(
    url: str, get: Get, vendor: str, path: str
) -> None:
    whole = get(path)
    seen = {}
    for kind in ("html_page", "empty_body", "wrong_content_type"):
        with failing(url, vendor, kind):
            answer = get(path)
        seen[kind] = (answer.status_code, answer.headers["Content-Type"].partition(";")[0], answer.content)
    assert seen["html_page"][:2] == (200, "text/html")
    assert seen["html_page"][2].startswith(b"<!DOCTYPE html>")
    assert seen["empty_body"] == (200, "application/json", b"")
    assert seen["wrong_content_type"] == (200, "image/png", whole.content)


@pytest.mark.parametrize(("vendor", "path"), BOARDS)
def test_truncated_json_is_a_whole_answer_with_less_in_it(url: str, get: Get, vendor: str, path: str) -> None:
    whole = get(path).content
    with failing(url, vendor, "truncated_json"):
        cut = get(path)
    assert whole.startswith(cut.content)
    assert int(cut.headers["Content-Length"]) == len(cut.content) < len(whole)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(cut.content)


@pytest.mark.parametrize("kind", ["wrong_encoding_utf16", "wrong_encoding_latin1"])
@pytest.mark.parametrize(("vendor", "path"), BOARDS)
def test_the_wrong_encoding_is_declared_as_utf8_and_is_none(
    url: str, get: Get, vendor: str, path: str, kind: str
) -> None:
    with failing(url, vendor, kind):
        answer = get(path)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")
    readable = answer.content.decode("utf-16" if kind.endswith("16") else "latin-1")
    assert orjson.loads(readable).keys() == get(path).json().keys()


def test_gzip_expands_a_thousandfold(url: str) -> None:
    size = 4_000_000
    with failing(url, "UNABATED", "gzip_bomb", size_bytes=size):
        answer = requests.get(url + BOARD, timeout=10, stream=True)
        packed = answer.raw.read(decode_content=False)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(packed) < size / 950
    assert len(gzip.decompress(packed)) == size
    assert orjson.loads(zlib.decompress(packed, wbits=31)) == {}


@pytest.mark.parametrize("is_declared", [False, True])
def test_a_huge_body_is_a_json_object_of_that_size(url: str, get: Get, is_declared: bool) -> None:
    with failing(url, "PLAYNOW", "huge_body" + "_declared" * is_declared, size_bytes=3_000_001):
        answer = get(EVENTS)
    assert (answer.json(), len(answer.content)) == ({}, 3_000_001)
    assert ("Content-Length" in answer.headers) is is_declared


def test_three_hundred_megabytes_are_on_offer_without_being_made_first(url: str) -> None:
    with (
        failing(url, "PLAYNOW", "huge_body_declared"),
        requests.get(url + EVENTS, timeout=10, stream=True) as answer,
    ):
        assert answer.headers["Content-Length"] == "300000000"
        assert next(answer.iter_content(1_000))[:1] == b"{"


def test_deep_json_is_too_deep_for_a_parser(url: str, get: Get) -> None:
    with failing(url, "UNABATED", "deep_json", depth=3_000):
        body = get().content
    assert body.count(b"{") == body.count(b"}") == 3_000
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(body)


def test_a_stale_snapshot_is_the_answer_of_that_many_days_ago(
    url: str, server: LeagueServer, get: Get
) -> None:
    before = get().json()
    server.clock.move_to(tiny.instant(NOON) + timedelta(days=30))
    assert get().json()["odds"]["lg6:pt1:pregame"] == []
    with failing(url, "UNABATED", "stale_snapshot"):
        assert get().json() == before
    with failing(url, "UNABATED", "stale_snapshot", age_days=60):
        assert get().json()["odds"]["lg6:pt1:pregame"] == []


def test_answers_are_dated_by_the_virtual_clock_and_a_skew_moves_the_date(url: str, get: Get) -> None:
    noon = tiny.instant(NOON)
    assert parsedate_to_datetime(get().headers["Date"]) == noon
    with failing(url, "UNABATED", "clock_skew"):
        assert parsedate_to_datetime(get().headers["Date"]) == noon + timedelta(hours=1)
    with failing(url, "UNABATED", "clock_skew", skew_sec=-90):
        skewed = get()
    assert parsedate_to_datetime(skewed.headers["Date"]) == noon - timedelta(seconds=90)
    assert skewed.content == get().content


def test_a_caller_that_has_the_answer_still_sees_the_fault(url: str, get: Get) -> None:
    etag = get().headers["ETag"]
    with failing(url, "UNABATED", "truncated_json"):
        answer = requests.get(url + BOARD, headers={"If-None-Match": etag}, timeout=10)
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("kind", ["connect_hang", "slow_drip"])
def test_a_server_that_stops_lets_waiting_callers_go(kind: str) -> None:
    with LeagueServer(tiny.tiny_league()) as server, ThreadPoolExecutor() as pool:
        fail(server.url, {"vendor": "UNABATED", "kind": kind})
        waiting = pool.submit(raw_get, server.url, BOARD)
        while counts(server.url) != [(1, 0)]:
            pass
        begun = monotonic()
        server.stop()
        assert monotonic() - begun < 5
    _, error = waiting.result()
    assert error is not None
    assert error.errno == ECONNRESET


def test_a_refusing_and_a_deaf_host_are_what_they_are_called() -> None:
    with refusing_host() as refusing, pytest.raises(OSError) as refused:
        raw_get(refusing, "/", SHORT_SEC)
    assert refused.value.errno == ECONNREFUSED
    with deaf_host() as deaf, pytest.raises(requests.ConnectTimeout):
        requests.get(deaf, timeout=SHORT_SEC)


def test_every_kind_has_a_sentence(url: str) -> None:
    told = requests.get(f"{url}/__league__/faults/kinds", timeout=10).json()
    assert told == {kind: fault.description for kind, fault in FAULTS.items()}
    assert all(sentence.endswith(".") for sentence in told.values())
