"""The one HTTP client: GET a document, or say in one typed failure why there is none.

What belongs here: one request with its retries, redirects and limits (`http_policy`, `http_limits`,
`http_transport`, `http_secrets`). What does not: what a vendor's answer means, the archive, breakers and budgets.
"""

import time
from collections.abc import Callable
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
from requests import exceptions as rx
from requests_ratelimiter import LimiterSession
from urllib3.exceptions import InvalidHeader, MaxRetryError
from urllib3.util import Retry

from nhl_ops.domain.failures import ConfigError, VendorDenied, VendorOutage, VendorRejected
from nhl_ops.gateways.http_limits import HostLimiter, Meter, NotAsked, Uncounted
from nhl_ops.gateways.http_policy import (
    ACCEPT,
    HttpAnswer,
    HttpPolicy,
    broken,
    excerpt,
    require_kind,
    transport_cause,
)
from nhl_ops.gateways.http_secrets import FIX_CONFIG, SECRET_NAMES, Sealed, public_url, seal
from nhl_ops.gateways.http_transport import AnswerTooLong, LimitedAdapter, WireLimits, carrying, wire_bytes
from nhl_ops.gateways.vendor import VendorRequest

__all__ = ["SECRET_NAMES", "HttpAnswer", "HttpClient", "HttpPolicy", "public_url"]

CONDITIONAL_HEADERS = frozenset({"if-none-match", "if-modified-since"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
WORTH_A_RETRY = frozenset({408, 425, 429})
MAX_REDIRECTS = 5
CHUNK_BYTES = 64 * 1024
HEADER_BYTES = 1_000_000
SMALL_BODY = 1_000_000


class _TryAgain(Exception):  # noqa: N818 - control flow between one attempt and the retry loop
    def __init__(self, outage: VendorOutage, retry_after: str | None = None) -> None:
        super().__init__(outage)
        self.outage = outage
        self.retry_after = retry_after


class _Session(LimiterSession):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: which redirects are followed, and how, is decided here and not in requests."""


class HttpClient:
    """One session for all vendors, blind to the environment's proxies and .netrc. Close it, or use `with`.

    elapsed, sleep: seconds of a clock that never goes back, and the wait between requests.
    """

    def __init__(
        self,
        policy: HttpPolicy,
        elapsed: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.policy = policy
        self._sleep = sleep
        limiter = HostLimiter(policy.requests_per_sec, policy.requests_per_sec_by_host, elapsed, sleep)
        self._session = _Session(limiter=limiter, limit_statuses=())
        adapter = LimitedAdapter(
            WireLimits(policy.total_timeout_sec, policy.max_body_bytes + HEADER_BYTES, elapsed)
        )
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)
        self._session.trust_env = False
        self._session.headers.update({"User-Agent": policy.user_agent, "Accept-Encoding": "gzip, deflate"})
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

    def get(self, request: VendorRequest, meter: Meter | None = None) -> HttpAnswer:
        """The vendor's answer; the meter counts every attempt.

        Raises VendorOutage (refused, timed out, cut, 5xx, 429 after the retries), VendorDenied (401, 403),
        VendorRejected (other 4xx), VendorContract (not the kind of document that is accepted, empty, too large,
        redirect to another host), NotAsked (the meter forbids it) or ConfigError (no URL, no key for a header).
        """
        meter = meter or Uncounted()
        sealed, retry, failed = seal(request), self._retry, None
        while True:
            try:
                meter.asks(request)
                return self._attempt(request, sealed, meter)
            except NotAsked as stop:
                raise failed or stop from None
            except _TryAgain as again:
                failed = again.outage
                retry = self._spend(retry, request, failed)
                self._sleep(self._pause(retry, again.retry_after))

    def _spend(self, retry: Retry, request: VendorRequest, failed: VendorOutage) -> Retry:
        try:
            return retry.increment("GET", request.endpoint)
        except MaxRetryError:
            raise failed from None

    def _pause(self, retry: Retry, retry_after: str | None) -> float:
        try:
            asked = None if retry_after is None else retry.parse_retry_after(retry_after)
        except (InvalidHeader, ValueError, OverflowError):
            asked = None
        return retry.get_backoff_time() if asked is None else min(asked, self.policy.retry_after_cap_sec)

    def _attempt(self, request: VendorRequest, sealed: Sealed, meter: Meter) -> HttpAnswer:
        url = public_url(request)
        try:
            with carrying(sealed.secrets), self._open(request, sealed) as response:
                meter.answered(response.headers)
                body = self._read(request, response)
        except (rx.InvalidURL, rx.MissingSchema, rx.InvalidSchema):
            raise ConfigError(f"{request.endpoint}: {url!r} is not a URL", FIX_CONFIG) from None
        except rx.RequestException as error:
            outage = VendorOutage(request.endpoint, url, transport_cause(error))
            raise _TryAgain(outage) from None
        except AnswerTooLong:
            limit = self.policy.max_body_bytes
            broken(request, f"sends an answer of more than {limit} bytes")
        meter.received(len(body))
        return self._judge(request, HttpAnswer(response.status_code, body, response.headers, url))

    def _open(self, request: VendorRequest, sealed: Sealed) -> requests.Response:
        url = sealed.url
        for _ in range(MAX_REDIRECTS + 1):
            response = self._session.get(
                url,
                headers={"Accept": ACCEPT[request.accepts], **sealed.headers},
                timeout=(self.policy.connect_timeout_sec, self.policy.read_timeout_sec),
                allow_redirects=False,
                stream=True,
            )
            location = response.headers.get("Location")
            if response.status_code not in REDIRECTS or not location:
                return response
            response.close()
            url = self._within_host(request, url, sealed.seal(location))
        broken(request, f"answered with more than {MAX_REDIRECTS} redirects")

    def _within_host(self, request: VendorRequest, current: str, location: str) -> str:
        try:
            target = urljoin(current, location)
            old, new = urlsplit(current), urlsplit(target)
        except ValueError:
            broken(request, "redirects to something that is not a URL")
        same = (old.scheme, old.netloc) == (new.scheme, new.netloc)
        upgrade = (old.scheme, new.scheme) == ("http", "https") and old.hostname == new.hostname
        if not same and not upgrade:
            broken(request, f"redirects to another host, {new.scheme}://{new.hostname}; refused")
        return target

    def _read(self, request: VendorRequest, response: requests.Response) -> bytes:
        limit, status = self.policy.max_body_bytes, response.status_code
        declared = response.headers.get("Content-Length", "")
        if declared.isdecimal() and (len(declared) > 18 or int(declared) > limit):
            broken(
                request, f"declares a body of {declared[:30]} bytes, more than the limit of {limit}", status
            )
        body = bytearray()
        for chunk in response.iter_content(CHUNK_BYTES):
            body += chunk
            if len(body) > limit:
                broken(request, f"sends a body of more than {limit} bytes", status)
            sent = wire_bytes(response)
            if len(body) > SMALL_BODY and len(body) > self.policy.max_expansion * sent:
                times = f"{self.policy.max_expansion:g} times"
                broken(request, f"sends {sent} bytes that decompress to more than {times} as many", status)
        return bytes(body)

    def _judge(self, request: VendorRequest, answer: HttpAnswer) -> HttpAnswer:
        status, url = answer.status, answer.url
        if status == 304 and any(name.lower() in CONDITIONAL_HEADERS for name in request.headers):
            return answer
        if 200 <= status < 300:
            require_kind(request, answer)
            return answer
        cause = f"HTTP {status}{excerpt(request, answer.body)}"
        if status >= 500 or status in WORTH_A_RETRY:
            outage = VendorOutage(request.endpoint, url, cause, status=status)
            raise _TryAgain(outage, answer.headers.get("Retry-After"))
        if status in {401, 403}:
            raise VendorDenied(request.endpoint, url, cause, status=status)
        if status >= 400:
            raise VendorRejected(request.endpoint, url, cause, status=status)
        broken(request, f"HTTP {status} is not an answer to a plain request", status)
