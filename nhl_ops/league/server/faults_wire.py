"""Faults of the connection and of the answer's head: no answer, half an answer, slow answers, statuses.

How they are real. The league's vendors and its control path share one listening port, so the server knows whom
a caller wants only from the request. Everything that a host can do after that is done on the connection's own
socket, which `runner.OpenTransport` hands to each request: `connection_refused` and `reset_mid_body` set
SO_LINGER to 0 and close, so that the kernel sends RST and the caller's read fails with ECONNRESET, before the
first byte or after half of the body; `connect_hang` keeps the accepted connection and never writes. What comes
before a request, a SYN that is refused or not answered, needs an address of its own:
`nhl_ops.league.dead_hosts` has both.
"""

import asyncio
from http import HTTPStatus

import orjson

from nhl_ops.league.server.faults_exchange import JSON, Act, Answer, Exchange, Fault, headers
from nhl_ops.league.server.faults_formats import FORMATS

FLUSH_SEC = 0.03
ELSEWHERE = "https://elsewhere.invalid/"
PAGE = b"""<!DOCTYPE html>
<html><head><title>Just a moment...</title></head>
<body><h1>Checking your browser</h1><p>This page is shown while the site is being checked.</p></body></html>
"""
STATUSES = (401, 403, 404, 408, 422, 429, 500, 502, 503, 504)


async def refuse(exchange: Exchange) -> bool:
    await exchange.reset()
    return True


async def reset_mid_body(exchange: Exchange) -> bool:
    answer = await exchange.true_answer()
    kept = [(name, value) for name, value in answer.headers if name != b"content-length"]
    await exchange.start(answer.status, [*kept, (b"content-length", b"%d" % len(answer.body))])
    await exchange.part(answer.body[: len(answer.body) // 2])
    await asyncio.sleep(FLUSH_SEC)
    await exchange.reset()
    return True


async def hang(exchange: Exchange) -> bool:
    await exchange.silence()
    return True


async def drip(exchange: Exchange) -> bool:
    """The true answer, one byte a pause: no single read ever times out."""
    answer = await exchange.true_answer()
    await exchange.start(answer.status, answer.headers)
    for byte in answer.body:
        await exchange.part(bytes([byte]))
        if not await exchange.pause():
            await exchange.reset()
            return True
    await exchange.part(b"", is_last=True)
    return True


async def redirect(exchange: Exchange) -> bool:
    target = ELSEWHERE + exchange.scope["path"].lstrip("/")
    await exchange.reply(Answer(301, headers({"location": target}), b""))
    return True


async def error_body(exchange: Exchange) -> bool:
    body = orjson.dumps(FORMATS[exchange.vendor].error)
    await exchange.reply(Answer(200, [(b"content-type", JSON)], body))
    return True


async def page(exchange: Exchange) -> bool:
    await exchange.reply(Answer(200, headers({"content-type": "text/html; charset=utf-8"}), PAGE))
    return True


async def empty(exchange: Exchange) -> bool:
    await exchange.reply(Answer(200, [(b"content-type", JSON)], b""))
    return True


def status(code: int, *, tells_when: bool = False) -> Act:
    async def act(exchange: Exchange) -> bool:
        extra = {"retry-after": exchange.options.retry_after} if tells_when else {}
        body = orjson.dumps({"message": HTTPStatus(code).phrase})
        await exchange.reply(Answer(code, [(b"content-type", JSON), *headers(extra)], body))
        return True

    return act


def _statuses() -> dict[str, Fault]:
    return {
        f"status_{code}": Fault(f"HTTP {code} {HTTPStatus(code).phrase}, without Retry-After.", status(code))
        for code in STATUSES
    }


WIRE_FAULTS = {
    "connection_refused": Fault("The connection is reset before a byte of an answer.", refuse),
    "reset_mid_body": Fault("Head and half of the true body, then a TCP reset.", reset_mid_body),
    "connect_hang": Fault("The connection is accepted and never answered.", hang),
    "slow_drip": Fault(
        "The true answer, one byte every `pause_sec` seconds (0.5).", drip, frozenset({"pause_sec"})
    ),
    "redirect_elsewhere": Fault("HTTP 301 to another host.", redirect),
    **_statuses(),
    "status_429_retry_after": Fault(
        "HTTP 429 with Retry-After: `retry_after` (1).",
        status(429, tells_when=True),
        frozenset({"retry_after"}),
    ),
    "error_body": Fault("HTTP 200 with the error body that is the vendor's own.", error_body),
    "html_page": Fault("HTTP 200 with an HTML page in place of the answer.", page),
    "empty_body": Fault("HTTP 200 with no body.", empty),
}
