"""What one capture takes: attempts, bytes, the vendor's quota and how far its clock is from ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from nhl_ops.gateways.http_limits import Budget
from nhl_ops.gateways.http_secrets import public_url
from nhl_ops.gateways.vendor import VendorRequest

QUOTA_LEFT, QUOTA_USED = "x-requests-remaining", "x-requests-used"
QUOTA_HEADERS = (QUOTA_LEFT, QUOTA_USED, "x-requests-last")
HALF_A_SECOND = timedelta(seconds=0.5)


@dataclass
class Tally:
    """The meter of one capture (`http_limits.Meter`). quota: by header, from the last answer that had it."""

    budget: Budget
    clock: Callable[[], datetime] | None = None
    asked: list[VendorRequest] = field(default_factory=list)
    attempts: int = 0
    retries: int = 0
    not_modified: int = 0
    received_bytes: int = 0
    quota: dict[str, float] = field(default_factory=dict)
    skew_sec: float | None = None
    _is_first: bool = True

    def begin(self, request: VendorRequest) -> None:
        """A vendor's module asks for something; attempts follow."""
        self.asked.append(request)
        self._is_first = True

    def asks(self, request: VendorRequest) -> None:
        self.budget.take(request, public_url(request))
        self.attempts += 1
        self.retries += not self._is_first
        self._is_first = False

    def answered(self, headers: Mapping[str, str]) -> None:
        self.quota |= {name: n for name in QUOTA_HEADERS if (n := _count(headers.get(name))) is not None}
        skew = None if self.clock is None else _skew_sec(headers, self.clock())
        if skew is not None and abs(skew) >= abs(self.skew_sec or 0.0):
            self.skew_sec = skew

    def received(self, size_bytes: int) -> None:
        self.received_bytes += size_bytes


def _count(text: str | None) -> float | None:
    """A number of credits; None for anything else, so that nothing but numbers is kept of a header."""
    whole, _, fraction = (text or "").strip().partition(".")
    is_number = whole.isascii() and whole.isdecimal() and len(whole) <= 15
    return float(f"{whole}.{fraction or 0}") if is_number and (fraction or "0").isdecimal() else None


def _skew_sec(headers: Mapping[str, str], now: datetime) -> float | None:
    """The vendor's clock minus ours: its `Date` (whole seconds), plus the `Age` of a cache's copy."""
    try:
        date = parsedate_to_datetime(headers.get("Date", ""))
        at = date.replace(tzinfo=date.tzinfo or UTC) + timedelta(seconds=_count(headers.get("Age")) or 0.0)
    except (ValueError, OverflowError):
        return None
    return (at + HALF_A_SECOND - now).total_seconds()
