"""The clock gateway, and the one place outside cli/ and defs/ that reads the environment."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import requests

LEAGUE_URL = "NHL_OPS_LEAGUE_URL"


class Clock(Protocol):
    """Where `now` comes from."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class LeagueClock:
    """The virtual time of the embedded league, moved by its control path. elapsed: seconds of the machine."""

    def __init__(
        self, league_url: str, timeout_sec: float = 5.0, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self.url = f"{league_url}/__league__/clock"
        self.timeout_sec = timeout_sec
        self._elapsed = elapsed
        self._told: tuple[datetime, float | None] | None = None

    def now(self) -> datetime:
        return self._take(requests.get(self.url, timeout=self.timeout_sec))

    def move_to(self, instant: datetime) -> None:
        self._take(requests.post(self.url, json={"now": instant.isoformat()}, timeout=self.timeout_sec))

    def reckoned(self) -> datetime:
        """The time by what the league told last, without asking: where it stands, or what has ticked since."""
        if self._told is None:
            return self.now()
        instant, since = self._told
        return instant if since is None else instant + timedelta(seconds=self._elapsed() - since)

    def _take(self, answer: requests.Response) -> datetime:
        answer.raise_for_status()
        told = answer.json()
        instant = datetime.fromisoformat(told["now"])
        self._told = instant, self._elapsed() if told.get("ticking") else None
        return instant


class FixedClock:
    """A clock that a test moves by hand."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


def environment_reader() -> Callable[[str], str | None]:
    """Read access to the environment for those that are handed it: secrets, source and league settings."""
    return os.environ.get
