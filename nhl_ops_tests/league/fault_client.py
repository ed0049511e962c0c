"""Letting a league's vendors fail from a test, and what plain sockets see of it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests

PATH = "/__league__/faults"


def fail(url: str, *rules: dict[str, Any], **plan: Any) -> dict[str, Any]:
    """Put a plan of these rules in force; what the control path says then."""
    answer = requests.post(url + PATH, json={"rules": rules, **plan}, timeout=5)
    answer.raise_for_status()
    return answer.json()


def mend(url: str) -> None:
    """Nothing fails any more."""
    requests.delete(url + PATH, timeout=5).raise_for_status()


def counts(url: str) -> list[tuple[int, int]]:
    """(hits, unchanged) by rule, over all plans."""
    plans = requests.get(url + PATH, timeout=5).json()["plans"]
    return [(rule["hits"], rule["unchanged"]) for plan in plans for rule in plan["rules"]]


@contextmanager
def failing(url: str, vendor: str, kind: str, **more: Any) -> Iterator[None]:
    """Within the block a vendor fails in one way; nothing fails after it."""
    fail(url, {"vendor": vendor, "kind": kind, **more})
    try:
        yield
    finally:
        mend(url)


def raw_get(url: str, path: str, timeout_sec: float = 2.0) -> tuple[bytes, OSError | None]:
    """All bytes of an answer, and the error that ended it; None when the server closed in order."""
    parts = urlsplit(url)
    seen = b""
    with socket.create_connection((str(parts.hostname), int(parts.port or 80)), timeout=timeout_sec) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
        try:
            while part := wire.recv(65536):
                seen += part
        except OSError as error:
            return seen, error
    return seen, None
