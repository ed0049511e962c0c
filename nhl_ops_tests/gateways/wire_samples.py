"""Payloads for parser tests, and the recorded ones that lie outside the repository."""

import gzip
import os
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from nhl_ops.gateways.vendor import Fetch, Payload, VendorRequest

UNLIKE = re.compile(r"(?P<place>[^ ].*): expected (?P<expected>.+), found (?P<found>.+)")
CAPTURED_AT = datetime(2026, 1, 6, 22, 30, tzinfo=UTC)
SHARED_DATA = Path(os.environ.get("NHL_OPS_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")


def payload_of(
    body: object, vendor: str = "NHL", endpoint: str = "endpoint", url: str = "http://vendor/x"
) -> Payload:
    """An archived payload of a JSON value, or of raw bytes."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    digest = sha256(content).hexdigest()
    return Payload(vendor, endpoint, url, CAPTURED_AT, digest, f"raw/{digest}.json.zst", content)


def answering(*bodies: object, vendor: str = "NHL") -> tuple[Fetch, list[VendorRequest]]:
    """A fetch that answers with these bodies in turn, and the requests that it was asked."""
    asked: list[VendorRequest] = []
    waiting = list(bodies)

    def fetch(request: VendorRequest) -> Payload:
        asked.append(request)
        return payload_of(waiting.pop(0), vendor, request.endpoint, request.url)

    return fetch, asked


def recorded(pattern: str) -> list[Path]:
    """Recorded files below payloads/; the test is skipped where they are absent."""
    found = sorted((SHARED_DATA / "payloads").glob(pattern))
    if not found:
        pytest.skip(f"recorded payloads payloads/{pattern} are not at hand (set NHL_OPS_SHARED_DATA)")
    return found


def lines(path: Path) -> list[bytes]:
    """Lines of a .jsonl.gz file."""
    with gzip.open(path) as file:
        return file.read().splitlines()


def require_unlike(text: str) -> None:
    """The text of a dead letter or contract failure says where, what was expected and what came."""
    assert UNLIKE.search(text), f"no place, expected or found: {text}"
