"""One request that a fault answers: the true answer behind it, the socket below it, and what the rule asks for."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]

TRANSPORT = "transport"
"""Under this name `scope["state"]` holds the connection's transport."""
JSON = b"application/json; charset=utf-8"
POLL_SEC = 0.05
OF_THE_BODY = frozenset({b"content-length", b"content-type", b"etag"})
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class FaultOptions(BaseModel):
    """What a rule may set beside its kind; each kind takes some of them.

    every: of the places that a mutation can change, each so-many-th, from the first on. field: the key that
    is renamed, by default the vendor's keys of prices.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    size_bytes: Annotated[int, Field(ge=2)] = 300_000_000
    depth: Annotated[int, Field(ge=1)] = 100_000
    pause_sec: Annotated[float, Field(ge=0)] = 0.5
    retry_after: str = "1"
    skew_sec: float = 3600.0
    age_days: Annotated[float, Field(gt=0)] = 30.0
    every: Annotated[int, Field(ge=1)] = 2
    field: str | None = None


@dataclass(frozen=True)
class Answer:
    """A whole answer as the wire has it."""

    status: int
    headers: Headers
    body: bytes

    def with_body(self, body: bytes, content_type: bytes | None = None) -> "Answer":
        """This answer with another body; the length follows, the entity tag goes."""
        sent = dict(self.headers).get(b"content-type", JSON)
        kept = [(name, value) for name, value in self.headers if name not in OF_THE_BODY]
        return Answer(self.status, [*kept, (b"content-type", content_type or sent)], body)


@dataclass(frozen=True)
class Exchange:
    """A request on its way to `app`; `earlier` gives the application as it was some time ago."""

    app: App
    earlier: Callable[[timedelta], App]
    scope: Scope
    receive: Receive
    send: Send
    vendor: str
    options: FaultOptions
    now: datetime
    released: Event

    async def true_answer(self, ago: timedelta | None = None) -> Answer:
        """What the vendor would have said, as to a caller that has nothing cached."""
        headers = [(n, v) for n, v in self.scope["headers"] if n not in (b"if-none-match", b"range")]
        messages: list[dict[str, Any]] = []

        async def keep(message: dict[str, Any]) -> None:
            messages.append(message)

        app = self.app if ago is None else self.earlier(ago)
        await app({**self.scope, "headers": headers}, self.receive, keep)
        body = b"".join(m.get("body", b"") for m in messages if m["type"] == "http.response.body")
        return Answer(messages[0]["status"], messages[0]["headers"], body)

    async def reply(self, answer: Answer) -> None:
        kept = [(name, value) for name, value in answer.headers if name != b"content-length"]
        await self.start(answer.status, [*kept, (b"content-length", b"%d" % len(answer.body))])
        await self.part(answer.body, is_last=True)

    async def start(self, status: int, headers: Headers) -> None:
        await self.send({"type": "http.response.start", "status": status, "headers": list(headers)})

    async def part(self, body: bytes, *, is_last: bool = False) -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": not is_last})

    async def reset(self) -> None:
        """End the connection with a TCP reset: what is not yet sent is lost."""
        transport = self.scope["state"][TRANSPORT]
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        transport.abort()
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def silence(self) -> None:
        """Say nothing until the caller goes away; the end of the server resets the connection."""
        left = asyncio.create_task(self._left())
        while not left.done() and not self.released.is_set():
            await asyncio.wait([left], timeout=POLL_SEC)
        if not left.done():
            left.cancel()
            await self.reset()

    async def pause(self) -> bool:
        """Wait `pause_sec`; False once the server ends."""
        waited = 0.0
        while waited < self.options.pause_sec and not self.released.is_set():
            step = min(POLL_SEC, self.options.pause_sec - waited)
            await asyncio.sleep(step)
            waited += step
        return not self.released.is_set()

    async def _left(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass


Act = Callable[[Exchange], Awaitable[bool]]
"""Answers the request; False when it could only pass the true answer on, because nothing in it could be changed."""


@dataclass(frozen=True)
class Fault:
    """A way to fail. `options`: the names of the FaultOptions that it takes."""

    description: str
    act: Act
    options: frozenset[str] = frozenset()


def headers(values: Mapping[str, str]) -> Headers:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in values.items()]
