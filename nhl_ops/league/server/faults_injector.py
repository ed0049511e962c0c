"""Between the socket and the vendors' routes: lets requests fail by the plan; dates answers by the virtual clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from threading import Event
from typing import Any

from nhl_ops.league.server.faults import FAULTS, Faults
from nhl_ops.league.server.faults_exchange import App, Exchange, Receive, Scope, Send
from nhl_ops.league.server.faults_formats import VENDOR_OF_MOUNT


class FaultInjector:
    """Middleware. Paths that are no vendor's, the control path among them, never fail.

    earlier: the application as it was some time ago. released: set when the server ends; who waits, stops.
    """

    def __init__(
        self,
        app: App,
        faults: Faults,
        now: Callable[[], datetime],
        earlier: Callable[[timedelta], App],
        released: Event,
    ) -> None:
        self._app = app
        self._faults = faults
        self._now = now
        self._earlier = earlier
        self._released = released

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        mount, _, path = scope["path"].lstrip("/").partition("/")
        now = self._now()
        rule = self._faults.take(mount, f"/{path}", now) if mount in VENDOR_OF_MOUNT else None
        if rule is None:
            await self._app(scope, receive, send)
            return
        exchange = Exchange(
            app=self._app,
            earlier=self._earlier,
            scope=scope,
            receive=receive,
            send=send,
            vendor=VENDOR_OF_MOUNT[mount],
            options=rule.rule,
            now=now,
            released=self._released,
        )
        if not await FAULTS[rule.rule.kind].act(exchange):
            rule.missed()


class VirtualDate:
    """Middleware: answers carry the virtual instant as their Date, as a vendor's carry the true one."""

    def __init__(self, app: App, now: Callable[[], datetime]) -> None:
        self._app = app
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                sent = list(message["headers"])
                if not any(name == b"date" for name, _ in sent):
                    told = format_datetime(self._now().replace(microsecond=0), usegmt=True)
                    sent.append((b"date", told.encode()))
                message = {**message, "headers": sent}
            await send(message)

        await self._app(scope, receive, dated)
