"""Answers that hang, drip, swell or are no answers at all, over real sockets: bounded in time and memory."""

import gzip
import random
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from nhl_ops.domain.failures import VendorContract, VendorError, VendorOutage
from nhl_ops.gateways.http import HttpAnswer, HttpClient, HttpPolicy
from nhl_ops.gateways.vendor import VendorRequest
from nhl_ops_tests.gateways.wire_servers import drip, head, raw_server

ONCE = HttpPolicy(max_retries=0, read_timeout_sec=10, connect_timeout_sec=10)
MEGABYTE = 1_000_000


def ask(url: str, **limits: float) -> HttpAnswer:
    with HttpClient(ONCE.model_copy(update=limits)) as http:
        return http.get(VendorRequest("vendor_board", url))


def outcome(url: str) -> bytes | str:
    """The body, or the endpoint that a typed failure names."""
    try:
        return ask(url, read_timeout_sec=2, total_timeout_sec=3).body
    except VendorError as failure:
        return failure.endpoint


def swollen(times: int, length: int) -> bytes:
    """A gzip of blanks in a JSON object: about `length` bytes decompress to `times` as many, made piece by piece."""
    packer = zlib.compressobj(9, wbits=31)
    blanks = b" " * MEGABYTE
    pieces = [packer.compress(b"{"), *(packer.compress(blanks) for _ in range(times * length // MEGABYTE))]
    return b"".join([*pieces, packer.compress(b"}"), packer.flush()])


# -- time ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 ",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        head("Content-Length: 100000"),
        head("Transfer-Encoding: chunked") + b"1000\r\n",
    ],
    ids=["status", "headers", "body", "chunked"],
)
def test_an_answer_that_drips_ends_with_the_total_time_wherever_it_drips(start: bytes) -> None:
    def pieces() -> Iterator[bytes]:
        yield start
        yield from drip(b" " * 1000, 0.02)

    began = time.monotonic()
    with raw_server(pieces()) as url, pytest.raises(VendorOutage, match="did not come in time"):
        ask(url, total_timeout_sec=0.3)
    assert 0.25 <= time.monotonic() - began < 3.0


def test_a_slow_answer_within_the_total_time_is_taken() -> None:
    with raw_server(drip(head("Content-Length: 2") + b"{}", 0.001)) as url:
        assert ask(url).body == b"{}"


def test_a_silent_server_ends_with_the_read_timeout_before_the_total_time() -> None:
    def silence() -> Iterator[bytes]:
        time.sleep(0.4)
        yield b""

    with raw_server(silence()) as url, pytest.raises(VendorOutage, match="did not come in time"):
        ask(url, read_timeout_sec=0.1)


def test_two_answers_on_one_connection_do_not_mix() -> None:
    with raw_server(two_answers()) as url, HttpClient(ONCE) as http:
        bodies = [http.get(VendorRequest("vendor_board", url)).body for _ in range(2)]
    assert bodies == [b'{"n": 1}', b'{"n": 2}']


def two_answers() -> Iterator[bytes]:
    """Both on one connection: the second waits until the first was read."""
    for n in (1, 2):
        yield (
            f'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{{"n": {n}}}'
        ).encode()
        time.sleep(0.1)


# -- size ----------------------------------------------------------------------------------------------------


@contextmanager
def at_most(megabytes: int) -> Iterator[None]:
    """The memory that the code inside takes."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < megabytes * MEGABYTE


def test_a_gzip_that_expands_a_thousandfold_is_refused_in_bounded_memory() -> None:
    packed = swollen(1000, 100_000)
    assert len(packed) < 120_000
    with (
        raw_server(head("Content-Encoding: gzip") + packed) as url,
        at_most(40),
        pytest.raises(VendorContract, match="decompress to more than 200 times as many"),
    ):
        ask(url)


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_large_answer_in_chunks_is_no_bomb(*, is_packed: bool) -> None:
    """urllib3 counts no bytes of a chunked answer."""
    body = b'{"data":"' + random.Random(1).randbytes(MEGABYTE).hex().encode() + b'"}'
    sent = gzip.compress(body, 1) if is_packed else body
    packed = ("Content-Encoding: gzip",) if is_packed else ()

    def pieces() -> Iterator[bytes]:
        yield head("Transfer-Encoding: chunked", *packed)
        for start in range(0, len(sent), 65536):
            piece = sent[start : start + 65536]
            yield b"%x\r\n%s\r\n" % (len(piece), piece)
        yield b"0\r\n\r\n"

    with raw_server(pieces()) as url:
        assert ask(url).body == body


def test_a_small_limit_bounds_the_memory_of_a_bomb() -> None:
    with (
        raw_server(head("Content-Encoding: gzip") + swollen(1000, 100_000)) as url,
        at_most(4),
        pytest.raises(VendorContract, match="body of more than 500000 bytes"),
    ):
        ask(url, max_body_bytes=500_000)


def test_a_bomb_in_a_bomb_is_refused(httpserver: HTTPServer) -> None:
    packed = gzip.compress(swollen(1000, 20_000))
    headers = {"Content-Encoding": "gzip, gzip", "Content-Type": "application/json"}
    httpserver.expect_request("/board").respond_with_data(packed, headers=headers)
    with pytest.raises(VendorContract, match=r"decompress to more than|of more than"):
        ask(httpserver.url_for("/board"))


def test_a_small_body_may_be_as_repetitive_as_it_likes(httpserver: HTTPServer) -> None:
    packed = gzip.compress(b"{" + b" " * 900_000 + b"}")
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    httpserver.expect_request("/board").respond_with_data(packed, headers=headers)
    assert len(ask(httpserver.url_for("/board")).body) == 900_002


def test_gzip_members_that_hold_nothing_end_with_the_size_limit() -> None:
    nothing = gzip.compress(b"") * 5000

    def without_end() -> Iterator[bytes]:
        yield head("Content-Encoding: gzip")
        while True:
            yield nothing

    with raw_server(without_end()) as url, pytest.raises(VendorContract, match="more than 1000 bytes"):
        ask(url, max_body_bytes=1000)


def test_a_body_without_a_declared_length_ends_with_the_size_limit() -> None:
    def without_end() -> Iterator[bytes]:
        yield head() + b"{"
        while True:
            yield b" " * 100_000

    with raw_server(without_end()) as url, pytest.raises(VendorContract, match="more than 2000000 bytes"):
        ask(url, max_body_bytes=2_000_000)


@pytest.mark.parametrize("length", ["9" * 5000, "\u00b2", "-1", "1, 2"])
def test_a_length_that_is_none_is_a_typed_failure_or_ignored(length: str) -> None:
    answer = head().replace(b"\r\n\r\n", f"\r\nContent-Length: {length}\r\n\r\n".encode("latin-1")) + b"{}"
    with raw_server(answer) as url:
        assert outcome(url) in {b"{}", "vendor_board"}


def test_headers_without_end_are_an_outage() -> None:
    def without_end() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X-More: 1\r\n" * 1000

    with raw_server(without_end()) as url, pytest.raises(VendorOutage):
        ask(url)


@pytest.mark.parametrize("after", ["9" * 5000, "Fri, 31 Dec 99999 23:59:59 GMT", "-5", "\u00b2"])
def test_a_retry_after_beyond_all_bounds_is_no_crash(httpserver: HTTPServer, after: str) -> None:
    waits: list[float] = []
    with (
        raw_server(
            head(f"Retry-After: {after}", "Content-Length: 0", status="429 Slow"), head() + b"{}"
        ) as url,
        HttpClient(ONCE.model_copy(update={"max_retries": 1}), sleep=waits.append) as http,
    ):
        assert http.get(VendorRequest("vendor_board", url)).body == b"{}"
    assert len(waits) == 1
    assert 0 <= waits[0] <= 30


@pytest.mark.parametrize("location", ["http://[", "http://[::1", "//\u00ff/", "?", "#", "  "])
def test_a_redirect_to_no_url_is_a_typed_failure(location: str) -> None:
    answer = head(status="302 Found").replace(
        b"\r\n\r\n", f"\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
    )
    with raw_server(*[answer] * 7) as url, pytest.raises(VendorError):
        ask(url)


# -- any bytes -----------------------------------------------------------------------------------------------

PIECES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"HTTP/1.1 ",
            b"200 OK",
            b"304 ",
            b"\r\n",
            b"Content-Length: ",
            b"Content-Encoding: gzip",
            b"{}",
            b"0",
            b"Transfer-Encoding: chunked",
            b"Location: ",
            b"Retry-After: ",
            b"\x1f\x8b",
            b"HTTP/1.1 200 OK\r\n\r\n",
        ]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=8).map(b"".join))
@example(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip, gzip, gzip, gzip, gzip\r\n\r\n\x1f\x8b")
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n")
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}")
@example(b"HTTP/1.1 302 Found\r\nLocation: \xff\x00\r\n\r\n")
@example(b"HTTP/1.1 99999999 OK\r\n\r\n")
def test_any_bytes_are_an_answer_or_a_typed_failure(sent: bytes) -> None:
    with raw_server(sent) as url:
        came = outcome(url)
    assert came == "vendor_board" or came.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
