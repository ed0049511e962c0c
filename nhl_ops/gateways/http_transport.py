"""The wire: one time limit for a whole answer, a limit on its bytes, and secrets that appear only on the socket.

A library's read timeout starts anew with every byte, so that an answer which drips would never time out.
"""

import http.client
import io
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import quote_plus

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

CONTRADICTION = "the answer's headers contradict each other"
_secrets: ContextVar[Mapping[str, str]] = ContextVar("secrets", default=MappingProxyType({}))


class AnswerTooLong(Exception):  # noqa: N818 - not an OSError: no library may take it for a broken connection
    """An answer sent more bytes than the limit, headers included."""


@dataclass(frozen=True)
class WireLimits:
    """Of one answer: seconds from the sent request to the last byte, and bytes as they come."""

    total_sec: float
    max_bytes: int
    elapsed: Callable[[], float]


@contextmanager
def carrying(secrets: Mapping[str, str]) -> Iterator[None]:
    """Requests sent inside carry these secrets, by stand-in."""
    token = _secrets.set(secrets)
    try:
        yield
    finally:
        _secrets.reset(token)


class LimitedAdapter(HTTPAdapter):
    """Connections whose answers keep the limits."""

    def __init__(self, limits: WireLimits) -> None:
        self._answer = staticmethod(partial(_LimitedResponse, limits))
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        answer = {"response_class": self._answer}
        plain = type("_Plain", (_Revealing, HTTPConnection), answer)
        secure = type("_Secure", (_Revealing, HTTPSConnection), answer)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }


def wire_bytes(response: requests.Response) -> int:
    """Bytes that an answer took on the wire so far, headers included; urllib3 counts none of a chunked one."""
    answer = response.raw._original_response
    assert isinstance(answer, _LimitedResponse), "the answer came through LimitedAdapter"
    return answer.wire.received


class _Revealing:
    """Puts the secrets in as a request goes to the socket."""

    def putrequest(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        super().putrequest(method, _reveal(url, quote_plus), *args, **kwargs)  # type: ignore[misc]

    def putheader(self, header: str, *values: str) -> None:
        super().putheader(header, *(_reveal(value, str) for value in values))  # type: ignore[misc]


def _reveal(text: str, escape: Callable[[str], str]) -> str:
    for mark, secret in _secrets.get().items():
        text = text.replace(mark, escape(secret))
    return text


class _LimitedResponse(http.client.HTTPResponse):
    def __init__(self, limits: WireLimits, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.wire = _LimitedStream(self.fp.detach(), sock, limits)
        self.fp = io.BufferedReader(self.wire)

    def begin(self) -> None:
        """Lines that are no headers are dropped, since urllib3 would log them, whatever they repeat.

        Lengths that contradict each other are refused here, where the socket is closed, and not by urllib3.
        """
        super().begin()
        self.headers.set_payload("")
        self.headers.defects.clear()
        declared = self.headers.get_all("Content-Length", [])
        if len({length.strip() for header in declared for length in header.split(",")}) > 1:
            raise http.client.HTTPException(CONTRADICTION)


class _LimitedStream(io.RawIOBase):
    """What a socket sends, until the time or the bytes are used up."""

    def __init__(self, stream: io.RawIOBase, sock: socket.socket, limits: WireLimits) -> None:
        self._stream = stream
        self._sock = sock
        self._limits = limits
        self._pause_sec = sock.gettimeout()
        self._deadline = limits.elapsed() + limits.total_sec
        self._left = limits.max_bytes
        self.received = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        seconds = self._deadline - self._limits.elapsed()
        if seconds <= 0:
            raise TimeoutError("the answer takes too long")
        self._sock.settimeout(seconds if self._pause_sec is None else min(self._pause_sec, seconds))
        count = self._stream.readinto(buffer)
        self.received += count or 0
        self._left -= count or 0
        if self._left < 0:
            raise AnswerTooLong
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()
