"""Hosts that fail before a request: addresses of their own, since a vendor's mount fails after it was asked."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"


@contextmanager
def refusing_host() -> Iterator[str]:
    """Address of a port that is held and not listened on: every connection is refused (ECONNREFUSED)."""
    with socket.socket() as held:
        held.bind((LOOPBACK, 0))
        yield f"http://{LOOPBACK}:{held.getsockname()[1]}"


@contextmanager
def deaf_host() -> Iterator[str]:
    """Address of a port whose queue is full: a connection is neither made nor refused."""
    with socket.socket() as deaf:
        deaf.bind((LOOPBACK, 0))
        deaf.listen(0)
        waiting = [socket.socket() for _ in range(2)]
        for caller in waiting:
            caller.setblocking(False)
            caller.connect_ex(deaf.getsockname())
        try:
            yield f"http://{LOOPBACK}:{deaf.getsockname()[1]}"
        finally:
            for caller in waiting:
                caller.close()
