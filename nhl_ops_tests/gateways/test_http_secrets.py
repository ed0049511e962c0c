"""A planted secret reaches the vendor and nothing that a capture leaves."""

import html
import json
import logging
import sqlite3
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from nhl_ops.domain.failures import ConfigError
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.capture import Capturer, CaptureResult
from nhl_ops.gateways.http import HttpClient, HttpPolicy
from nhl_ops.gateways.http_memory import HttpMemory
from nhl_ops.gateways.http_secrets import SECRET_NAMES, public_url, seal
from nhl_ops.gateways.state import State
from nhl_ops.gateways.vendor import VendorRequest
from nhl_ops_tests.gateways.wire_servers import head, raw_server

NOON = datetime(2026, 1, 5, 17, tzinfo=UTC)
KEY = 'Pl4nted/S3cret+K"y&=%'
FORMS = {KEY, quote(KEY, safe=""), quote(KEY), quote_plus(KEY), json.dumps(KEY)[1:-1], html.escape(KEY)}

Placed = Callable[[str], VendorRequest]


def in_a_header(url: str) -> VendorRequest:
    return VendorRequest("vendor_board", url, {"sport": "nhl"}, secret={"X-Api-Key": KEY})


def in_a_parameter(url: str) -> VendorRequest:
    return VendorRequest("vendor_board", url, {"sport": "nhl", "apiKey": KEY})


def in_a_volatile_parameter(url: str) -> VendorRequest:
    return VendorRequest("vendor_board", url, {"sport": "nhl"}, volatile={"token": KEY})


def in_the_urls_query(url: str) -> VendorRequest:
    return VendorRequest("vendor_board", f"{url}?sport=nhl&access_token={quote_plus(KEY)}")


def in_the_urls_user(url: str) -> VendorRequest:
    return VendorRequest("vendor_board", url.replace("//", f"//me:{quote(KEY, safe='')}@"), {"sport": "nhl"})


PLACES = [in_a_header, in_a_parameter, in_a_volatile_parameter, in_the_urls_query, in_the_urls_user]


@pytest.fixture
def capturer(tmp_path: Path) -> Iterator[Capturer]:
    state = State(tmp_path / "data" / "state.sqlite")
    with HttpClient(HttpPolicy(max_retries=1, backoff_sec=0, read_timeout_sec=5)) as http:
        yield Capturer(
            http,
            Archive(tmp_path),
            state,
            memory=HttpMemory(state.path, lambda: NOON),
            conditional=True,
            clock=lambda: NOON,
        )


def capture(capturer: Capturer, *requests: VendorRequest) -> CaptureResult:
    return capturer.run("VENDOR", "2026-01-05", lambda: NOON, lambda fetch: [fetch(r) for r in requests])


def leftovers(root: Path) -> str:
    """All bytes of all files, archived bodies unpacked, and all rows, with the files' names."""
    texts = []
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.suffix == ".zst":
            content += zstandard.ZstdDecompressor().decompress(content)
        texts.append(f"{path} {content.decode('latin-1')}")
    with sqlite3.connect(root / "data" / "state.sqlite") as db:
        tables = [row[0] for row in db.execute("select name from sqlite_master where type='table'")]
        texts += [repr(db.execute(f"select * from {table}").fetchall()) for table in tables]
    return "\n".join(texts)


def assert_clean(text: str) -> None:
    found = [form for form in FORMS if form.lower() in text.lower()]
    assert not found, f"{found} in {text[:2000]}"


def echo(request: Request, status: int) -> Response:
    """An error that repeats all that it was sent."""
    said = f"bad key {KEY!r} {json.dumps(KEY)} {request.full_path} {request.headers}"
    headers = {
        "x-requests-remaining": KEY,
        "Location": f"/other?apiKey={quote_plus(KEY)}",
        "ETag": f'"{KEY}"',
    }
    return Response(said, status, headers, content_type="text/html")


@pytest.mark.parametrize("place", PLACES)
def test_the_vendor_gets_the_secret(capturer: Capturer, httpserver: HTTPServer, place: Placed) -> None:
    seen: list[Request] = []

    def handle(request: Request) -> Response:
        seen.append(request)
        return Response("{}", content_type="application/json", headers={"ETag": '"1"'})

    httpserver.expect_request("/board").respond_with_handler(handle)
    assert capture(capturer, place(httpserver.url_for("/board"))).error is None
    (request,) = seen
    given = [request.headers.get("X-Api-Key"), *request.args.values()]
    given += [request.authorization.password] if request.authorization else []
    assert KEY in given
    assert request.args["sport"] == "nhl"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "status", [200, 301, 400, 401, 404, 418, 429, 500, "refused", "cut", "bad headers", "html"]
)
def test_nothing_that_a_capture_leaves_holds_it(
    capturer: Capturer,
    httpserver: HTTPServer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    place: Placed,
    status: int | str,
) -> None:
    caplog.set_level(logging.DEBUG)
    ours = threading.get_ident()
    with address_of(httpserver, status) as url:
        result = capture(capturer, place(url), place(url))
    logged = [record for record in caplog.records if record.thread == ours]
    assert any(record.name.startswith("urllib3") for record in logged), "the libraries log at DEBUG"
    formatter = logging.Formatter("%(name)s %(message)s %(pathname)s")
    assert_clean("\n".join(formatter.format(record) + repr(record.args) for record in logged))
    assert_clean(leftovers(capturer.archive.root))
    assert_clean(repr(result))
    assert_clean("".join(capfd.readouterr()))


def address_of(httpserver: HTTPServer, status: int | str) -> AbstractContextManager[str]:
    """A server that behaves like that, and repeats the key wherever it can."""
    if status == "refused":
        return nullcontext("http://127.0.0.1:9/board")
    if isinstance(status, str):
        return raw_server(*[RAW[status]] * 4)
    answers = httpserver.expect_request("/board")
    if status == 200:
        answers.respond_with_json({"ok": 1}, headers={"ETag": f'"{KEY}"'})
    else:
        answers.respond_with_handler(lambda request: echo(request, status))
    httpserver.expect_request("/other").respond_with_handler(lambda request: echo(request, 404))
    return nullcontext(httpserver.url_for("/board"))


RAW = {
    "cut": head("Content-Length: 99") + b"{",
    "bad headers": head(KEY, f": {KEY}", f"{KEY} : 2") + b"{}",
    "html": head("Content-Type: text/html") + f"<html>{KEY}</html>".encode(),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("status", [301, 401, 404, 500, "refused", "cut", "bad headers", "html"])
def test_no_exception_of_a_failure_holds_it(httpserver: HTTPServer, place: Placed, status: int | str) -> None:
    with (
        HttpClient(HttpPolicy(max_retries=0, read_timeout_sec=5)) as http,
        address_of(httpserver, status) as url,
    ):
        try:
            http.get(place(url))
        except Exception as failure:  # noqa: BLE001 - whatever it is
            assert_clean("".join(chained(failure)))
        else:
            assert status == "bad headers"


def chained(failure: BaseException | None) -> Iterator[str]:
    """All that a traceback could print, also of causes that are suppressed."""
    while failure is not None:
        yield "".join(traceback.format_exception(failure))
        yield repr(failure.args) + repr(vars(failure))
        failure = failure.__cause__ or failure.__context__


@pytest.mark.parametrize("name", sorted(SECRET_NAMES))
def test_every_name_of_a_secret_is_starred_whatever_its_case(name: str) -> None:
    request = VendorRequest("vendor_board", "https://vendor.example/board", {name.upper(): KEY, "day": "1"})
    assert public_url(request) == f"https://vendor.example/board?{name.upper()}=***&day=1"
    assert_clean(seal(request).url)


@given(st.text(min_size=1, max_size=30), st.text(max_size=60), st.text(max_size=60))
def test_a_text_that_repeats_a_secret_is_hidden_in_every_form(secret: str, before: str, after: str) -> None:
    sealed = seal(VendorRequest("vendor_board", "https://vendor.example/board", {"apiKey": secret}))
    bare = secret.strip().removeprefix("Basic ")
    for form in {bare, quote(bare, safe=""), quote_plus(bare)} - {""}:
        hidden = sealed.hide(f"{before}|{form}|{after}")
        assert f"|{form}|" not in hidden or form in "***"


def test_a_secret_at_the_edge_of_an_excerpt_does_not_show_its_start(httpserver: HTTPServer) -> None:
    body = "x" + " " * (4000 - 1 - len(KEY) // 2) + KEY + " " * 100
    httpserver.expect_request("/board").respond_with_data(body, status=404)
    with (
        HttpClient(HttpPolicy(max_retries=0)) as http,
        pytest.raises(Exception, match="HTTP 404: x") as caught,
    ):
        http.get(in_a_header(httpserver.url_for("/board")))
    assert KEY[:4] not in str(caught.value)


@pytest.mark.parametrize("key", ["two\r\nlines", "no\u2019latin", "\x00", " starts blank"])
def test_a_key_that_no_header_may_have_is_named_without_the_key(key: str) -> None:
    with pytest.raises(ConfigError, match="the key has characters no header may have") as caught:
        seal(VendorRequest("vendor_board", "https://vendor.example/", secret={"X-Api-Key": key}))
    assert key.strip() not in "".join(chained(caught.value))


def test_an_address_that_is_none_is_a_config_error_without_it() -> None:
    for reader in (seal, public_url):
        with pytest.raises(ConfigError, match="vendor_board: its address is not a URL") as caught:
            reader(VendorRequest("vendor_board", f"https://[{KEY}", {}))
        assert_clean(str(caught.value))
