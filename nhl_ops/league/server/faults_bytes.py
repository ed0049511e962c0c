"""Faults of the body's bytes: cut, encoded otherwise, declared otherwise, too large, too deep, another's answer."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from email.utils import format_datetime

from nhl_ops.league.server.faults_exchange import JSON, Act, Answer, Exchange, Fault, headers
from nhl_ops.league.server.faults_trees import accented

CHUNK_BYTES = 1 << 20
GZIP_WINDOW = 31
IMAGE = b"image/png"


def rewritten(change: Callable[[bytes], bytes], content_type: bytes | None = None) -> Act:
    """The true answer with its bytes changed."""

    async def act(exchange: Exchange) -> bool:
        answer = await exchange.true_answer()
        body = change(answer.body)
        await exchange.reply(answer.with_body(body, content_type))
        return body != answer.body or content_type is not None

    return act


def truncated(body: bytes) -> bytes:
    return body[: len(body) * 2 // 3]


def utf16(body: bytes) -> bytes:
    return body.decode().encode("utf-16")


def latin1(body: bytes) -> bytes:
    """Every a, e and o of a person's or team's name gets an accent first, so that UTF-8 cannot read it."""
    return accented(body).decode().encode("latin-1", "replace")


async def gzip_bomb(exchange: Exchange) -> bool:
    extra = {"content-type": JSON.decode(), "content-encoding": "gzip"}
    await exchange.start(200, headers(extra))
    press = zlib.compressobj(9, wbits=GZIP_WINDOW)
    async for chunk in _filler(exchange):
        await exchange.part(press.compress(chunk))
    await exchange.part(press.flush(), is_last=True)
    return True


def huge(*, is_declared: bool) -> Act:
    async def act(exchange: Exchange) -> bool:
        size = {"content-length": str(exchange.options.size_bytes)} if is_declared else {}
        await exchange.start(200, headers({"content-type": JSON.decode(), **size}))
        async for chunk in _filler(exchange):
            await exchange.part(chunk)
        await exchange.part(b"", is_last=True)
        return True

    return act


async def _filler(exchange: Exchange) -> AsyncIterator[bytes]:
    """A JSON object of `size_bytes`, nearly all of it blanks; other requests get their turn between chunks."""
    left = exchange.options.size_bytes - 2
    yield b"{"
    while left > 0 and not exchange.released.is_set():
        yield b" " * min(left, CHUNK_BYTES)
        left -= CHUNK_BYTES
        await asyncio.sleep(0)
    yield b"}"


async def deep(exchange: Exchange) -> bool:
    levels = exchange.options.depth
    body = b'{"data":' * levels + b"null" + b"}" * levels
    await exchange.reply(Answer(200, [(b"content-type", JSON)], body))
    return True


async def month_old(exchange: Exchange) -> bool:
    """The answer of `age_days` ago; its status may be another, too."""
    await exchange.reply(await exchange.true_answer(timedelta(days=exchange.options.age_days)))
    return True


async def clock_skew(exchange: Exchange) -> bool:
    answer = await exchange.true_answer()
    told = exchange.now.replace(microsecond=0) + timedelta(seconds=exchange.options.skew_sec)
    date = (b"date", format_datetime(told, usegmt=True).encode())
    await exchange.reply(Answer(answer.status, [*answer.headers, date], answer.body))
    return True


BYTE_FAULTS = {
    "truncated_json": Fault(
        "The first two thirds of the true body, as if they were all.", rewritten(truncated)
    ),
    "wrong_encoding_utf16": Fault("The true body as UTF-16, declared as it always is.", rewritten(utf16)),
    "wrong_encoding_latin1": Fault(
        "The true body with accented names as ISO 8859-1, declared as it always is.", rewritten(latin1)
    ),
    "wrong_content_type": Fault("The true body, declared as an image.", rewritten(bytes, IMAGE)),
    "gzip_bomb": Fault(
        "A gzip answer that expands about 1000-fold, to `size_bytes` (300 MB).",
        gzip_bomb,
        frozenset({"size_bytes"}),
    ),
    "huge_body": Fault(
        "An object of `size_bytes` (300 MB), its length not declared.",
        huge(is_declared=False),
        frozenset({"size_bytes"}),
    ),
    "huge_body_declared": Fault(
        "An object of `size_bytes` (300 MB), with its Content-Length.",
        huge(is_declared=True),
        frozenset({"size_bytes"}),
    ),
    "deep_json": Fault("An object nested `depth` times (100,000).", deep, frozenset({"depth"})),
    "stale_snapshot": Fault(
        "The answer of `age_days` ago (30), as from a cache.", month_old, frozenset({"age_days"})
    ),
    "clock_skew": Fault(
        "The true answer with a Date header off by `skew_sec` seconds (3600).",
        clock_skew,
        frozenset({"skew_sec"}),
    ),
}
