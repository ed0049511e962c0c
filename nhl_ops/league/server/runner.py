"""The server in a thread of this process, on a loopback port."""

import asyncio
import socket
from datetime import datetime
from threading import Event, Thread
from types import TracebackType
from typing import Any

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.app import create_app
from nhl_ops.league.server.clock import VirtualClock
from nhl_ops.league.server.faults import FaultPlan, Faults
from nhl_ops.league.server.faults_exchange import TRANSPORT

LOOPBACK = "127.0.0.1"
STOP_WAIT_SEC = 10.0


class OpenTransport(AutoHTTPProtocol):  # type: ignore[misc,valid-type]
    """uvicorn's protocol, which also hands every request the transport of its connection, in `scope["state"]`:
    a fault can reset it."""

    app_state: dict[str, Any]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}


class LeagueServer:
    """Serves a league until it is stopped; usable as a context manager.

    `now` is the virtual instant at the start, by default the dataset's anchor; `port` 0 takes a free port;
    `faults` is the plan in force from the start. The socket is bound at once, so the URL is valid, and waits,
    before the server answers.
    """

    def __init__(
        self,
        dataset: LeagueDataset,
        now: datetime | None = None,
        port: int = 0,
        faults: FaultPlan | None = None,
    ) -> None:
        self.clock = VirtualClock(now or dataset.anchor_utc)
        self._dataset = dataset
        self._port = port
        self._plan = faults or FaultPlan()
        self._released = Event()
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """http://127.0.0.1:port. Raises RuntimeError before the start."""
        if self._socket is None:
            raise RuntimeError("the league's server is not running; call start() first")
        return f"http://{LOOPBACK}:{self._socket.getsockname()[1]}"

    def start(self) -> "LeagueServer":
        """Bind and serve. Raises OSError when the port is taken."""
        if self._socket is not None:
            raise RuntimeError(f"the league's server is running already at {self.url}")
        self._socket = _listen(self._port)
        self._released.clear()
        config = uvicorn.Config(
            create_app(self._dataset, self.clock, Faults(self._plan), self._released),
            http=OpenTransport,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            lifespan="off",
            ws="none",
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="league-server", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Finish open requests, release those that a fault holds, and close the port; nothing happens when it is
        not running."""
        if self._socket is None or self._server is None or self._thread is None:
            return
        self._released.set()
        self._server.should_exit = True
        self._thread.join(STOP_WAIT_SEC)
        self._socket.close()
        self._socket = self._server = self._thread = None

    def __enter__(self) -> "LeagueServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
