"""The HTTP client against real sockets."""

import gzip
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import ValidationError
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from nhl_ops.domain.failures import (
    ConfigError,
    FailureClass,
    VendorContract,
    VendorDenied,
    VendorError,
    VendorOutage,
    VendorRejected,
)
from nhl_ops.gateways.http import HttpClient, HttpPolicy
from nhl_ops.gateways.http_limits import NotAsked, Uncounted
from nhl_ops.gateways.vendor import VendorRequest

KEY = "s3cr3t-key-value"
QUICK = HttpPolicy(backoff_sec=0, read_timeout_sec=10, connect_timeout_sec=10)
NO_RETRY = QUICK.model_copy(update={"max_retries": 0})


@pytest.fixture
def client() -> Iterator[HttpClient]:
    with HttpClient(QUICK) as http:
        yield http


def ask(server: HTTPServer, path: str = "/board", **parts: dict[str, str]) -> VendorRequest:
    return VendorRequest("vendor_board", server.url_for(path), **parts)


def fails_with(kind: type[VendorError], request: VendorRequest, policy: HttpPolicy = QUICK) -> VendorError:
    with HttpClient(policy) as http, pytest.raises(kind) as caught:
        http.get(request)
    return caught.value


@contextmanager
def raw_server(*answers: bytes) -> Iterator[str]:
    """A server that sends these bytes, a connection each, and closes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/board"
    finally:
        thread.join(5)
        listener.close()


def test_a_compressed_body_comes_back_decompressed(httpserver: HTTPServer, client: HttpClient) -> None:
    packed = gzip.compress(b'{"odds": {}}')
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json", "ETag": '"v1"'}
    httpserver.expect_request("/board").respond_with_data(packed, headers=headers)
    answer = client.get(ask(httpserver))
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b'{"odds": {}}', '"v1"')


def test_parameters_headers_and_user_agent_are_sent(httpserver: HTTPServer, client: HttpClient) -> None:
    seen: list[Request] = []

    def handle(request: Request) -> Response:
        seen.append(request)
        return Response("{}", content_type="application/json")

    httpserver.expect_request("/board").respond_with_handler(handle)
    client.get(
        ask(httpserver, params={"a": "1,2"}, headers={"Origin": "https://x"}, secret={"X-Api-Key": KEY})
    )
    assert seen[0].args["a"] == "1,2"
    assert seen[0].headers["Origin"] == "https://x"
    assert seen[0].headers["X-Api-Key"] == KEY
    assert "nhl-ops" in seen[0].headers["User-Agent"]


def test_trap_4_the_cache_buster_is_sent_and_not_shown(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_request("/board", query_string={"lang": "en", "v": "1767900000000"}).respond_with_json(
        {}
    )
    answer = client.get(ask(httpserver, params={"lang": "en"}, volatile={"v": "1767900000000"}))
    assert answer.url == httpserver.url_for("/board?lang=en")


def test_secret_parameters_and_user_info_are_starred_out_of_the_url(
    httpserver: HTTPServer, client: HttpClient
) -> None:
    httpserver.expect_request("/board", query_string={"apiKey": KEY, "regions": "us"}).respond_with_json({})
    url = httpserver.url_for("/board").replace("http://", f"http://user:{KEY}@")
    answer = client.get(VendorRequest("vendor_board", url, {"apiKey": KEY, "regions": "us"}))
    assert answer.url == httpserver.url_for("/board?apiKey=***&regions=us")


def test_a_server_error_is_asked_again(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_ordered_request("/board").respond_with_data("down", status=503)
    httpserver.expect_ordered_request("/board").respond_with_json({"ok": 1})
    assert client.get(ask(httpserver)).status == 200
    assert len(httpserver.log) == 2


def test_a_vendor_that_stays_down_is_an_outage_after_three_retries(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data("overloaded", status=502)
    failure = fails_with(VendorOutage, ask(httpserver))
    assert len(httpserver.log) == 4
    assert failure.is_transient
    assert failure.status == 502
    assert "HTTP 502: overloaded" in str(failure)


def test_429_waits_as_long_as_retry_after_says(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_ordered_request("/board").respond_with_data(
        "", status=429, headers={"Retry-After": "1"}
    )
    httpserver.expect_ordered_request("/board").respond_with_json({})
    began = time.monotonic()
    client.get(ask(httpserver))
    assert 1.0 <= time.monotonic() - began < 10.0


def in_seconds() -> str:
    return "3600"


def as_a_date() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)


@pytest.mark.parametrize("asked", [in_seconds, as_a_date])
def test_retry_after_is_honoured_up_to_the_cap(httpserver: HTTPServer, asked: Callable[[], str]) -> None:
    httpserver.expect_ordered_request("/board").respond_with_data(
        "", status=429, headers={"Retry-After": asked()}
    )
    httpserver.expect_ordered_request("/board").respond_with_json({})
    began = time.monotonic()
    with HttpClient(QUICK.model_copy(update={"retry_after_cap_sec": 0.2})) as http:
        http.get(ask(httpserver))
    assert 0.2 <= time.monotonic() - began < 10.0


def test_a_retry_after_that_is_no_time_is_ignored(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_ordered_request("/board").respond_with_data(
        "", status=429, headers={"Retry-After": "soon"}
    )
    httpserver.expect_ordered_request("/board").respond_with_json({})
    assert client.get(ask(httpserver)).status == 200


def test_429_after_all_retries_is_an_outage_and_not_an_empty_board(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data("slow down", status=429)
    assert fails_with(VendorOutage, ask(httpserver)).status == 429


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_refused_request_is_not_asked_again(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/board").respond_with_data("no such thing", status=status)
    failure = fails_with(VendorRejected, ask(httpserver))
    assert len(httpserver.log) == 1
    assert not failure.is_transient
    assert f"vendor_board ({httpserver.url_for('/board')}): HTTP {status}: no such thing" in str(failure)
    assert "Next: " in str(failure)


@pytest.mark.parametrize("status", [401, 403])
def test_denied_access_has_its_own_class_and_never_repeats_the_key(
    httpserver: HTTPServer, status: int
) -> None:
    body = f"invalid key '{KEY}'"
    httpserver.expect_request("/board").respond_with_data(body, status=status)
    failure = fails_with(VendorDenied, ask(httpserver, secret={"X-Api-Key": KEY}, params={"token": KEY}))
    assert failure.failure_class is FailureClass.PERMISSION
    assert "invalid key '***'" in str(failure)
    assert KEY not in "".join(traceback.format_exception(failure))


def test_a_refused_connection_is_an_outage_that_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    request = VendorRequest(
        "vendor_board", f"http://127.0.0.1:{port}/board", {"v": "1"}, secret={"X-Api-Key": KEY}
    )
    failure = fails_with(VendorOutage, request)
    assert "connection refused" in str(failure)
    assert failure.status is None
    assert KEY not in "".join(traceback.format_exception(failure))


def test_an_answer_that_does_not_come_in_time_is_an_outage(httpserver: HTTPServer) -> None:
    def handle(_: Request) -> Response:
        time.sleep(0.4)
        return Response("{}", content_type="application/json")

    httpserver.expect_request("/board").respond_with_handler(handle)
    failure = fails_with(VendorOutage, ask(httpserver), NO_RETRY.model_copy(update={"read_timeout_sec": 0.1}))
    assert "did not come in time" in str(failure)


def test_a_body_that_trickles_beyond_the_total_time_is_an_outage(httpserver: HTTPServer) -> None:
    ticks = iter(range(0, 10_000, 60))
    httpserver.expect_request("/board").respond_with_data(
        "{" + " " * 500_000 + "}", content_type="application/json"
    )
    with (
        HttpClient(NO_RETRY, elapsed=lambda: next(ticks)) as http,
        pytest.raises(VendorOutage, match="did not come in time"),
    ):
        http.get(ask(httpserver))


def test_a_body_that_is_cut_off_is_asked_for_again() -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\nConnection: close\r\n\r\n"
    )
    with raw_server(head + b'{"a"', head + b'{"a": 1}') as url, HttpClient(QUICK) as http:
        assert http.get(VendorRequest("vendor_board", url)).body == b'{"a": 1}'


def test_a_body_that_is_cut_off_every_time_is_an_outage() -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\nConnection: close\r\n\r\n"
    )
    with raw_server(head + b'{"a"') as url:
        failure = fails_with(VendorOutage, VendorRequest("vendor_board", url), NO_RETRY)
    assert "cut off" in str(failure)


def test_a_body_that_cannot_be_decompressed_is_an_outage(httpserver: HTTPServer) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    httpserver.expect_request("/board").respond_with_data(b"not gzip at all", headers=headers)
    assert "cannot be decompressed" in str(fails_with(VendorOutage, ask(httpserver)))


def test_a_declared_size_beyond_the_limit_is_refused_unread(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data(
        "{" + " " * 2000 + "}", content_type="application/json"
    )
    failure = fails_with(VendorContract, ask(httpserver), QUICK.model_copy(update={"max_body_bytes": 1000}))
    assert "declares a body of 2002 bytes, more than the limit of 1000" in str(failure)


def test_the_size_limit_holds_for_the_decompressed_body(httpserver: HTTPServer) -> None:
    packed = gzip.compress(b"{" + b" " * 5_000_000 + b"}")
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    httpserver.expect_request("/board").respond_with_data(packed, headers=headers)
    policy = QUICK.model_copy(update={"max_body_bytes": 100_000})
    assert len(packed) < 100_000
    assert "more than 100000 bytes" in str(fails_with(VendorContract, ask(httpserver), policy))


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/problem+json", "text/plain"]
)
def test_json_is_taken_under_its_types_and_untyped(
    httpserver: HTTPServer, client: HttpClient, kind: str
) -> None:
    httpserver.expect_request("/board").respond_with_data("\n [1]", content_type=kind)
    assert client.get(ask(httpserver)).body == b"\n [1]"


def test_a_web_page_instead_of_json_is_a_contract_failure_and_not_retried(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data(
        "<html>\n  Access   Denied</html>", content_type="text/html"
    )
    failure = fails_with(VendorContract, ask(httpserver))
    assert "expected JSON, found 'text/html': <html> Access Denied</html>" in str(failure)
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("body", ["", "  \n", "OK", "<xml/>"])
def test_a_body_that_is_no_json_document_is_a_contract_failure(httpserver: HTTPServer, body: str) -> None:
    httpserver.expect_request("/board").respond_with_data(body, content_type="application/json")
    assert fails_with(VendorContract, ask(httpserver)).failure_class is FailureClass.CONTRACT


def test_redirects_within_the_host_are_followed(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_request("/now").respond_with_data("", status=307, headers={"Location": "/board?day=1"})
    httpserver.expect_request("/board", query_string={"day": "1"}).respond_with_json({"ok": True})
    answer = client.get(ask(httpserver, "/now"))
    assert answer.status == 200
    assert answer.url == httpserver.url_for("/now")


def test_a_redirect_to_another_host_is_refused_and_the_key_stays_home(httpserver: HTTPServer) -> None:
    with HTTPServer(port=0) as elsewhere:
        location = elsewhere.url_for("/board")
        httpserver.expect_request("/board").respond_with_data("", status=302, headers={"Location": location})
        failure = fails_with(VendorContract, ask(httpserver, secret={"X-Api-Key": KEY}))
        assert elsewhere.log == []
    assert "redirects to another host" in str(failure)


def test_redirects_in_a_circle_are_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data("", status=302, headers={"Location": "/board"})
    assert "more than 5 redirects" in str(fails_with(VendorContract, ask(httpserver)))


def test_304_answers_a_conditional_request_only(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_request("/board").respond_with_data("", status=304)
    answer = client.get(ask(httpserver, headers={"If-None-Match": '"v1"'}))
    assert (answer.status, answer.body) == (304, b"")
    assert fails_with(VendorContract, ask(httpserver)).status == 304


def test_proxies_of_the_environment_play_no_part(
    httpserver: HTTPServer, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    httpserver.expect_request("/board").respond_with_json({})
    assert client.get(ask(httpserver)).status == 200


@pytest.mark.parametrize("url", ["content.unabated.com/board", "ftp://host/board", "http://"])
def test_a_base_url_that_is_none_is_a_config_error(client: HttpClient, url: str) -> None:
    with pytest.raises(ConfigError, match=r"is not a URL\. Next: correct config/vendors\.toml"):
        client.get(VendorRequest("vendor_board", url))


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY}\u2019"])
def test_a_key_that_no_header_may_have_is_a_config_error_without_the_key(
    client: HttpClient, key: str
) -> None:
    with pytest.raises(ConfigError, match="the key has characters no header may have") as caught:
        client.get(VendorRequest("vendor_board", "http://127.0.0.1:9/", secret={"X-Api-Key": key}))
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_policy_has_no_unknown_keys_and_at_most_three_retries() -> None:
    with pytest.raises(ValidationError, match="retrys"):
        HttpPolicy.model_validate({"retrys": 1})
    with pytest.raises(ValidationError, match="max_retries"):
        HttpPolicy(max_retries=4)


def page(server: HTTPServer) -> VendorRequest:
    return VendorRequest("vendor_page", server.url_for("/page"), accepts="html")


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/xhtml+xml", "text/plain"])
def test_a_page_is_taken_where_the_request_accepts_one(
    httpserver: HTTPServer, client: HttpClient, kind: str
) -> None:
    httpserver.expect_request("/page").respond_with_data("<html><p>Props</p></html>", content_type=kind)
    assert client.get(page(httpserver)).body == b"<html><p>Props</p></html>"
    assert httpserver.log[0][0].headers["Accept"].startswith("text/html")


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("{}", "application/json", "expected a page, found 'application/json'"),
        ("%PDF", "application/pdf", "expected a page, found 'application/pdf'"),
        (" \n", "text/html", "empty body"),
    ],
)
def test_what_is_no_page_is_a_contract_failure(
    httpserver: HTTPServer, body: str, kind: str, words: str
) -> None:
    httpserver.expect_request("/page").respond_with_data(body, content_type=kind)
    assert words in str(fails_with(VendorContract, page(httpserver)))


class Stubborn(Uncounted):
    """Lets so many attempts go out."""

    def __init__(self, attempts: int) -> None:
        self.left = attempts

    def asks(self, request: VendorRequest) -> None:
        if self.left == 0:
            raise NotAsked(request.endpoint, "", "the budget is used up")
        self.left -= 1


def test_a_meter_that_forbids_the_first_attempt_is_heard(httpserver: HTTPServer, client: HttpClient) -> None:
    with pytest.raises(NotAsked, match="budget is used up"):
        client.get(ask(httpserver), Stubborn(0))
    assert httpserver.log == []


def test_a_meter_that_forbids_a_retry_leaves_the_vendors_own_failure(
    httpserver: HTTPServer, client: HttpClient
) -> None:
    httpserver.expect_request("/board").respond_with_data("down", status=503)
    with pytest.raises(VendorOutage, match="HTTP 503") as caught:
        client.get(ask(httpserver), Stubborn(2))
    assert not isinstance(caught.value, NotAsked)
    assert len(httpserver.log) == 2


def test_waits_between_retries_grow_with_a_random_part_up_to_the_cap(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_data("down", status=503)
    waits: list[float] = []
    policy = HttpPolicy(backoff_sec=4.0, backoff_cap_sec=13.0)
    with HttpClient(policy, sleep=waits.append) as http, pytest.raises(VendorOutage):
        http.get(ask(httpserver))
    assert waits[0] == 0
    assert 8 <= waits[1] <= 12
    assert waits[2] == 13
