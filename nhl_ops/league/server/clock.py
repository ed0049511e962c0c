"""The league's virtual time: it stands still, is moved, or ticks with real time from where it stands."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock


class VirtualClock:
    """Safe to use from several threads."""

    def __init__(self, start: datetime) -> None:
        self._lock = Lock()
        self._base = _utc(start)
        self._since_base: Callable[[], float] | None = None

    @property
    def ticking(self) -> bool:
        return self._since_base is not None

    def now(self) -> datetime:
        """The virtual instant, aware, UTC."""
        with self._lock:
            return self._now()

    def move_to(self, instant: datetime) -> None:
        """Set the time, forwards or backwards. Raises ValueError for an instant without a zone."""
        with self._lock:
            self._base += _utc(instant) - self._now()

    def start_ticking(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Tick from the present virtual instant with the seconds that `monotonic` counts."""
        with self._lock:
            self._base, begun = self._now(), monotonic()
            self._since_base = lambda: monotonic() - begun

    def stop(self) -> None:
        """Stand still where the time is."""
        with self._lock:
            self._base, self._since_base = self._now(), None

    def _now(self) -> datetime:
        if self._since_base is None:
            return self._base
        return self._base + timedelta(seconds=self._since_base())


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; write it like 2026-01-05T22:30:00+00:00")
    return instant.astimezone(UTC)
