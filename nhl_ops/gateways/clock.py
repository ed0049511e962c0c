"""The clock gateway, and the one place outside cli/ and defs/ that reads the environment."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
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
    """The virtual time of the embedded league, moved by its control path."""

    def __init__(self, league_url: str, timeout_sec: float = 5.0) -> None:
        self.url = f"{league_url}/__league__/clock"
        self.timeout_sec = timeout_sec

    def now(self) -> datetime:
        answer = requests.get(self.url, timeout=self.timeout_sec)
        answer.raise_for_status()
        return datetime.fromisoformat(answer.json()["now"])

    def move_to(self, instant: datetime) -> None:
        answer = requests.post(self.url, json={"now": instant.isoformat()}, timeout=self.timeout_sec)
        answer.raise_for_status()


class FixedClock:
    """A clock that a test moves by hand."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


def environment_reader() -> Callable[[str], str | None]:
    """Read access to the environment for those that are handed it: secrets, source and league settings."""
    return os.environ.get
