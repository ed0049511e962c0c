"""Servers that say exactly these bytes, at the pace that a test wants."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def raw_server(*answers: bytes | Iterable[bytes]) -> Iterator[str]:
    """A connection an answer: its bytes, or its pieces as they come, then the end."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            for answer in answers:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    for piece in [answer] if isinstance(answer, bytes) else answer:
                        connection.sendall(piece)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/board"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def head(*lines: str, status: str = "200 OK") -> bytes:
    """The head of an answer; JSON unless a line says otherwise."""
    kind = (
        [] if any(line.startswith("Content-Type") for line in lines) else ["Content-Type: application/json"]
    )
    return "\r\n".join([f"HTTP/1.1 {status}", *kind, *lines, "Connection: close", "", ""]).encode()


def drip(data: bytes, every_sec: float) -> Iterator[bytes]:
    """A byte at a time."""
    for n in range(len(data)):
        yield data[n : n + 1]
        time.sleep(every_sec)


class Hands:
    """A clock that moves when somebody sleeps, and by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def elapsed(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def ticking(self, step: float) -> Callable[[], float]:
        """As elapsed, a step later with every look."""

        def look() -> float:
            self.seconds += step
            return self.seconds

        return look
