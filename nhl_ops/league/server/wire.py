"""What all vendors' answers share: JSON bytes, entity tags, forms of times."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json; charset=utf-8"


def answer(
    request: Request, body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer with its ETag, or 304 and no body when the caller has it. `body` may be ready bytes."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    tag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    extra = {"etag": tag, **(headers or {})}
    if status == 200 and tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=extra)
    return Response(content, status, extra, JSON)


def not_found(request: Request, message: str = "Not Found") -> Response:
    return answer(request, {"message": message}, status=404)


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def utc_z(instant: datetime) -> str:
    """2026-10-08T02:30:00Z"""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def minutes_seconds(seconds: int) -> str:
    """ "14:09" for 849 seconds."""
    return f"{seconds // 60:02d}:{seconds % 60:02d}"
