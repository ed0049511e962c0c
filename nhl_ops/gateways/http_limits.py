"""How much is asked: requests a second by host, and requests and seconds of a run."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from ipaddress import ip_address
from typing import Any, Protocol
from urllib.parse import urlsplit

from requests_ratelimiter import HostBucketFactory, InMemoryBucket, Limiter, Rate, RateItem

from nhl_ops.domain.failures import VendorOutage
from nhl_ops.gateways.vendor import VendorRequest


class NotAsked(VendorOutage):
    """The vendor was left alone: no request of this call went out."""


class BudgetSpent(NotAsked):
    """The run has used up its requests or its seconds for asking vendors."""


class Meter(Protocol):
    """Who counts what a request costs; `asks` may forbid it."""

    def asks(self, request: VendorRequest) -> None:
        """Before each attempt. Raises NotAsked."""
        ...

    def answered(self, headers: Mapping[str, str]) -> None:
        """An attempt brought an answer's headers; also those of an error."""
        ...

    def received(self, size_bytes: int) -> None:
        """An attempt brought a whole body, of so many bytes once decompressed."""
        ...


class Uncounted:
    """A meter that lets all through and keeps nothing."""

    def asks(self, request: VendorRequest) -> None:
        pass

    def answered(self, headers: Mapping[str, str]) -> None:
        pass

    def received(self, size_bytes: int) -> None:
        pass


class Budget:
    """Requests on the wire, and seconds spent asking (waits included), that one run may use; None: no limit."""

    def __init__(
        self,
        max_requests: int | None = None,
        max_sec: float | None = None,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self.max_requests = max_requests
        self.max_sec = max_sec
        self.requests = 0
        self._elapsed = elapsed
        self._spent_sec = 0.0
        self._since: float | None = None

    @property
    def spent_sec(self) -> float:
        running = 0.0 if self._since is None else self._elapsed() - self._since
        return self._spent_sec + running

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Time inside counts."""
        self._since = self._elapsed()
        try:
            yield
        finally:
            self._spent_sec = self.spent_sec
            self._since = None

    def take(self, request: VendorRequest, url: str) -> None:
        """One request. Raises BudgetSpent when there is none left, or no time. url: public."""
        if self.max_requests is not None and self.requests >= self.max_requests:
            raise _spent(request, url, f"{self.max_requests} requests", "run_max_requests")
        if self.max_sec is not None and self.spent_sec >= self.max_sec:
            raise _spent(request, url, f"{self.max_sec:g} s", "run_max_sec")
        self.requests += 1


def _spent(request: VendorRequest, url: str, budget: str, key: str) -> BudgetSpent:
    cause = f"not asked: this run's budget of {budget} for asking vendors is used up"
    next_step = (
        f"run fewer slates at a time or raise {key} in config/vendors.toml [http], then "
        "`nhl-ops run-daily --date {slate} --all`"
    )
    return BudgetSpent(request.endpoint, url, cause, next_step)


class HostLimiter(Limiter):
    """At most so many requests a second to each host: a rolling window, shared by the threads of a process.

    per_sec: of hosts that by_host does not name. Loopback hosts (the embedded league) have no limit but a named one.
    """

    def __init__(
        self,
        per_sec: float,
        by_host: Mapping[str, float],
        elapsed: Callable[[], float],
        sleep: Callable[[float], object],
    ) -> None:
        super().__init__(_HostBuckets(per_sec, by_host, elapsed), buffer_ms=0)
        self._by_host = by_host
        self._sleep = sleep

    def try_acquire(self, name: str = "", weight: int = 1, **_: object) -> bool:
        """Wait for the turn of a host, `name` with or without its port; what requests-ratelimiter calls."""
        host = urlsplit(f"//{name}").hostname or ""
        if host not in self._by_host and is_loopback(host):
            return True
        while wait_ms := self._wait_ms(host, weight):
            self._sleep(wait_ms / 1000)
        return True

    def _wait_ms(self, host: str, weight: int) -> int:
        with self.lock:
            item = self.bucket_factory.wrap_item(host, weight)
            bucket = self.bucket_factory.get(item)
            bucket.leak(item.timestamp)
            return 0 if bucket.put(item) else max(1, bucket.waiting(item))


class _HostBuckets(HostBucketFactory):
    """A bucket a host, with the host's own rate; emptied as it is used, not by a thread in the background."""

    def __init__(self, per_sec: float, by_host: Mapping[str, float], elapsed: Callable[[], float]) -> None:
        super().__init__(rates=[])
        self._per_sec = per_sec
        self._by_host = by_host
        self._elapsed = elapsed

    def get(self, item: RateItem) -> InMemoryBucket:
        if item.name not in self.buckets:
            rate = rate_of(self._by_host.get(item.name, self._per_sec))
            self.buckets[item.name] = _Bucket(rate, self._elapsed)
        return self.buckets[item.name]


class _Bucket(InMemoryBucket):
    def __init__(self, rate: Rate, elapsed: Callable[[], float]) -> None:
        super().__init__([rate])
        self._elapsed = elapsed

    def now(self) -> Any:
        return int(self._elapsed() * 1000)


def rate_of(per_sec: float) -> Rate:
    """5.0 is 5 requests in any second, 0.2 is 1 in any 5 seconds."""
    share = Fraction(per_sec).limit_denominator(1000)
    return Rate(share.numerator, 1000 * share.denominator)


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
