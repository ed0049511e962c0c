"""What every request keeps to, and what counts as a usable answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, PositiveInt
from requests import exceptions as rx

from nhl_ops.domain.escaping import quoted
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.http_secrets import public_url, seal
from nhl_ops.gateways.http_transport import CONTRADICTION
from nhl_ops.gateways.vendor import VendorRequest

UNTYPED = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
PAGE_TYPES = UNTYPED | {"text/html", "application/xhtml+xml"}
ACCEPT = {"json": "application/json", "html": "text/html, application/xhtml+xml, text/plain;q=0.5"}
EXCERPT_CHARS = 200
TRANSPORT_CAUSES = {
    rx.SSLError: "no trusted TLS connection",
    rx.ConnectTimeout: "no connection in time",
    rx.ReadTimeout: "the answer did not come in time",
    rx.ChunkedEncodingError: "the answer was cut off",
    rx.ContentDecodingError: "the answer is damaged: it cannot be decompressed",
}
CONNECTION_CAUSES = {
    "refused": "connection refused",
    "timed out": "the answer did not come in time",
    "takes too long": "the answer did not come in time",
    "NameResolution": "the host name is not known",
    CONTRADICTION: CONTRADICTION,
}


class HttpPolicy(BaseModel):
    """Limits of every request, with the keys of config/vendors.toml [http].

    Retries are at most 3 and cover all of connecting, status and reading. total_timeout_sec: an answer, from the
    sent request to its last byte. max_body_bytes: as sent and as decompressed. max_expansion: times that a body
    above 1 MB may grow by decompression.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect_timeout_sec: PositiveFloat = 5.0
    read_timeout_sec: PositiveFloat = 20.0
    total_timeout_sec: PositiveFloat = 120.0
    max_retries: int = Field(3, ge=0, le=3)
    backoff_sec: NonNegativeFloat = 0.5
    backoff_cap_sec: NonNegativeFloat = 20.0
    retry_after_cap_sec: NonNegativeFloat = 30.0
    max_body_bytes: PositiveInt = 150_000_000
    max_expansion: PositiveFloat = 200.0
    requests_per_sec: PositiveFloat = 5.0
    requests_per_sec_by_host: Mapping[str, PositiveFloat] = Field(default_factory=dict)
    user_agent: str = "Mozilla/5.0 (compatible; nhl-ops)"


@dataclass(frozen=True)
class HttpAnswer:
    """A usable answer: a body (decompressed, not parsed), or a 304 to a conditional request without one.

    url: without secrets and volatile parameters.
    """

    status: int
    body: bytes
    headers: Mapping[str, str]
    url: str


def require_kind(request: VendorRequest, answer: HttpAnswer) -> None:
    """Raises VendorContract when a body is not of the kind that the request accepts."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not answer.body.strip():
        broken(
            request, f"body: expected a document, found an empty body (HTTP {answer.status})", answer.status
        )
    if request.accepts == "html":
        if kind not in PAGE_TYPES:
            broken(
                request,
                f"Content-Type: expected a page, found {quoted(kind)}{excerpt(request, answer.body)}",
                answer.status,
            )
        return
    if "json" not in kind and kind not in UNTYPED:
        broken(
            request,
            f"Content-Type: expected JSON, found {quoted(kind)}{excerpt(request, answer.body)}",
            answer.status,
        )
    if answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        broken(
            request,
            f"body: expected a JSON document, found another{excerpt(request, answer.body)}",
            answer.status,
        )


def broken(request: VendorRequest, cause: str, status: int | None = None) -> NoReturn:
    raise VendorContract(request.endpoint, public_url(request), seal(request).hide(cause), status=status)


def excerpt(request: VendorRequest, body: bytes) -> str:
    """The start of a body that explains a failure, on one line, without any secret of the request."""
    sealed = seal(request)
    start = body[: 20 * EXCERPT_CHARS].decode("utf-8", "replace")
    text = sealed.hide(start)
    if len(body) > 20 * EXCERPT_CHARS:
        text = text[: -sealed.longest or None]
    text = " ".join(text.split())[:EXCERPT_CHARS]
    return f": {text}" if text else ""


def transport_cause(error: rx.RequestException) -> str:
    """A transport failure in words of our own."""
    for kind, cause in TRANSPORT_CAUSES.items():
        if isinstance(error, kind):
            return cause
    text = str(error)
    return next((cause for sign, cause in CONNECTION_CAUSES.items() if sign in text), "the connection failed")
