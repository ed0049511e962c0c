"""The one HTTP client: GET a JSON document, or say in one typed failure why there is none.

What belongs here: time and size limits, retries, redirects, and what never gets into a message (secrets).
What does not: what a vendor's JSON means, the archive, breakers and budgets.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn, Self
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import requests
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, PositiveInt
from requests import exceptions as rx
from urllib3.exceptions import InvalidHeader, MaxRetryError
from urllib3.util import Retry

from nhl_ops.domain.failures import ConfigError, VendorContract, VendorDenied, VendorOutage, VendorRejected
from nhl_ops.gateways.vendor import VendorRequest

SECRET_NAMES = frozenset(
    {"key", "apikey", "api_key", "api-key", "x-api-key", "token", "access_token", "secret"}
)
CONDITIONAL_HEADERS = frozenset({"if-none-match", "if-modified-since"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
WORTH_A_RETRY = frozenset({408, 425, 429})
UNTYPED = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
MAX_REDIRECTS = 5
FIX_CONFIG = "correct config/vendors.toml or the vendor's key"
EXCERPT_CHARS = 200
CHUNK_BYTES = 64 * 1024
TRANSPORT_CAUSES = {
    rx.SSLError: "no trusted TLS connection",
    rx.ConnectTimeout: "no connection in time",
    rx.ReadTimeout: "the answer did not come in time",
    rx.ChunkedEncodingError: "the answer was cut off",
    rx.ContentDecodingError: "the answer is damaged: it cannot be decompressed",
}
CONNECTION_CAUSES = {
    "refused": "connection refused",
    "Read timed out": "the answer did not come in time",
    "NameResolution": "the host name is not known",
}


class HttpPolicy(BaseModel):
    """Limits of every request. Retries are at most 3 and cover all of connecting, status and reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect_timeout_sec: PositiveFloat = 5.0
    read_timeout_sec: PositiveFloat = 20.0
    total_timeout_sec: PositiveFloat = 120.0
    max_retries: int = Field(3, ge=0, le=3)
    backoff_sec: NonNegativeFloat = 0.5
    backoff_cap_sec: NonNegativeFloat = 20.0
    retry_after_cap_sec: NonNegativeFloat = 30.0
    max_body_bytes: PositiveInt = 150_000_000
    user_agent: str = "Mozilla/5.0 (compatible; nhl-ops)"


@dataclass(frozen=True)
class HttpAnswer:
    """A usable answer: a JSON body (decompressed, not parsed), or a 304 to a conditional request without one.

    url: without secrets and volatile parameters.
    """

    status: int
    body: bytes
    headers: Mapping[str, str]
    url: str


class _TryAgain(Exception):  # noqa: N818 - control flow between one attempt and the retry loop
    def __init__(self, outage: VendorOutage, retry_after: str | None = None) -> None:
        super().__init__(outage)
        self.outage = outage
        self.retry_after = retry_after


class HttpClient:
    """One session for all vendors, blind to the environment's proxies and .netrc. Close it, or use `with`."""

    def __init__(self, policy: HttpPolicy, elapsed: Callable[[], float] = time.monotonic) -> None:
        self.policy = policy
        self._elapsed = elapsed
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(
            {
                "User-Agent": policy.user_agent,
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
            }
        )
        self._retry = Retry(
            total=policy.max_retries,
            backoff_factor=policy.backoff_sec,
            backoff_max=policy.backoff_cap_sec,
            backoff_jitter=policy.backoff_sec,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    def get(self, request: VendorRequest) -> HttpAnswer:
        """The vendor's answer.

        Raises VendorOutage (refused, timed out, cut, 5xx, 429 after the retries), VendorDenied (401, 403),
        VendorRejected (other 4xx), VendorContract (not JSON, empty, too large, redirect to another host) or
        ConfigError (the base URL is not a URL).
        """
        retry = self._retry
        while True:
            try:
                return self._attempt(request)
            except _TryAgain as again:
                retry = self._spend(retry, request, again)
                time.sleep(self._pause(retry, again.retry_after))

    def _spend(self, retry: Retry, request: VendorRequest, again: _TryAgain) -> Retry:
        try:
            return retry.increment("GET", request.url)
        except MaxRetryError:
            raise again.outage from None

    def _pause(self, retry: Retry, retry_after: str | None) -> float:
        try:
            asked = None if retry_after is None else retry.parse_retry_after(retry_after)
        except InvalidHeader:
            asked = None
        return retry.get_backoff_time() if asked is None else min(asked, self.policy.retry_after_cap_sec)

    def _attempt(self, request: VendorRequest) -> HttpAnswer:
        deadline = self._elapsed() + self.policy.total_timeout_sec
        try:
            with self._open(request) as response:
                body = self._read(request, response, deadline)
        except (rx.InvalidURL, rx.MissingSchema, rx.InvalidSchema):
            raise ConfigError(
                f"{request.endpoint}: {public_url(request)!r} is not a URL", FIX_CONFIG
            ) from None
        except (rx.InvalidHeader, UnicodeError):
            cause = f"{request.endpoint}: the key has characters no header may have"
            raise ConfigError(cause, FIX_CONFIG) from None
        except rx.RequestException as error:
            raise _TryAgain(VendorOutage(request.endpoint, public_url(request), _cause(error))) from None
        return self._judge(request, response, body)

    def _open(self, request: VendorRequest) -> requests.Response:
        url, params = request.url, {**request.params, **request.volatile}
        for _ in range(MAX_REDIRECTS + 1):
            response = self._session.get(
                url,
                params=params,
                headers={**request.headers, **request.secret},
                timeout=(self.policy.connect_timeout_sec, self.policy.read_timeout_sec),
                allow_redirects=False,
                stream=True,
            )
            location = response.headers.get("Location")
            if response.status_code not in REDIRECTS or not location:
                return response
            response.close()
            url, params = self._within_host(request, url, urljoin(response.url, location)), {}
        _contract(request, f"answered with more than {MAX_REDIRECTS} redirects")

    def _within_host(self, request: VendorRequest, current: str, target: str) -> str:
        old, new = urlsplit(current), urlsplit(target)
        same = (old.scheme, old.netloc) == (new.scheme, new.netloc)
        upgrade = (old.scheme, new.scheme) == ("http", "https") and old.hostname == new.hostname
        if not same and not upgrade:
            _contract(request, f"redirects to another host, {new.scheme}://{new.hostname}; refused")
        return target

    def _read(self, request: VendorRequest, response: requests.Response, deadline: float) -> bytes:
        limit = self.policy.max_body_bytes
        body = bytearray()
        declared = response.headers.get("Content-Length", "0")
        if declared.isdigit() and int(declared) > limit:
            _contract(
                request, f"declares a body of {declared} bytes, more than the limit of {limit}", response
            )
        for chunk in response.iter_content(CHUNK_BYTES):
            body += chunk
            if len(body) > limit:
                _contract(request, f"sends a body of more than {limit} bytes", response)
            if self._elapsed() > deadline:
                seconds = self.policy.total_timeout_sec
                raise rx.ReadTimeout(f"body not complete after {seconds:g} s")
        return bytes(body)

    def _judge(self, request: VendorRequest, response: requests.Response, body: bytes) -> HttpAnswer:
        status, url = response.status_code, public_url(request)
        answer = HttpAnswer(status, body, response.headers, url)
        if status == 304 and any(name.lower() in CONDITIONAL_HEADERS for name in request.headers):
            return answer
        if 200 <= status < 300:
            _require_json(request, response, body)
            return answer
        cause = f"HTTP {status}{_excerpt(request, body)}"
        if status >= 500 or status in WORTH_A_RETRY:
            outage = VendorOutage(request.endpoint, url, cause, status=status)
            raise _TryAgain(outage, response.headers.get("Retry-After"))
        if status in {401, 403}:
            raise VendorDenied(request.endpoint, url, cause, status=status)
        if status >= 400:
            raise VendorRejected(request.endpoint, url, cause, status=status)
        _contract(request, f"HTTP {status} is not an answer to a plain request", response)


def public_url(request: VendorRequest) -> str:
    """The request's URL as logs and the archive may show it: no volatile parameter, secrets starred out."""
    parts = urlsplit(request.url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *request.params.items()]
    shown = urlencode([(k, "***" if k.lower() in SECRET_NAMES else v) for k, v in query], safe="*,:")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, shown, ""))


def _require_json(request: VendorRequest, response: requests.Response, body: bytes) -> None:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not body.strip():
        _contract(request, f"HTTP {response.status_code} with an empty body", response)
    if "json" not in kind and kind not in UNTYPED:
        _contract(request, f"expected JSON, got {kind}{_excerpt(request, body)}", response)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        _contract(request, f"expected a JSON document{_excerpt(request, body)}", response)


def _contract(request: VendorRequest, cause: str, response: requests.Response | None = None) -> NoReturn:
    status = None if response is None else response.status_code
    raise VendorContract(request.endpoint, public_url(request), cause, status=status)


def _excerpt(request: VendorRequest, body: bytes) -> str:
    """The start of a body that explains a failure, on one line, without any secret of the request."""
    secrets = [*request.secret.values(), *(v for k, v in request.params.items() if k.lower() in SECRET_NAMES)]
    text = body[: 20 * EXCERPT_CHARS].decode("utf-8", "replace")
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    text = " ".join(text.split())[:EXCERPT_CHARS]
    return f": {text}" if text else ""


def _cause(error: rx.RequestException) -> str:
    """A transport failure in words of our own: the library's text repeats headers and parameters."""
    for kind, cause in TRANSPORT_CAUSES.items():
        if isinstance(error, kind):
            return cause
    text = str(error)
    return next((cause for sign, cause in CONNECTION_CAUSES.items() if sign in text), "the connection failed")
