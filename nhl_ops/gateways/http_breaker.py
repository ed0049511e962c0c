"""Circuit breakers: a vendor's host that fails again and again is left alone for a while, also by later processes.

The states and their changes are pybreaker's; where they are kept and what time it is are ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NoReturn
from urllib.parse import urlsplit

from pybreaker import STATE_CLOSED, STATE_HALF_OPEN, STATE_OPEN, CircuitBreaker, CircuitBreakerStorage

from nhl_ops.domain.failures import VendorError, VendorOutage
from nhl_ops.gateways.http_limits import NotAsked
from nhl_ops.gateways.http_memory import BreakerRow, HttpNotes
from nhl_ops.gateways.http_secrets import public_url
from nhl_ops.gateways.vendor import VendorRequest

SEVERITY = (STATE_CLOSED, STATE_HALF_OPEN, STATE_OPEN)


class CircuitOpen(NotAsked):
    """The vendor's host failed too often in a row; until when it is left alone stands in the cause."""


@dataclass(frozen=True)
class BreakerPolicy:
    """failures: outages in a row, each after its retries, that open a breaker. pause_sec: how long it stays open."""

    failures: int = 5
    pause_sec: float = 300.0


@dataclass
class Breaker:
    """The breaker of one vendor at one host. The embedded league's hosts differ by port, so a new league is asked."""

    notes: HttpNotes
    policy: BreakerPolicy
    name: str

    @property
    def state(self) -> str:
        """closed, open or half-open: the pause is over, and one request is on trial."""
        row = self.notes.breaker(self.name)
        return (
            STATE_HALF_OPEN if row.state == STATE_OPEN and self._left_alone_until(row) is None else row.state
        )

    @contextmanager
    def watching(self, request: VendorRequest) -> Iterator[None]:
        """Around one request: its outcome counts. Raises CircuitOpen instead of asking when the breaker is open.

        An answer that is refused or of the wrong shape is a sign of life; what never was asked counts for nothing.
        """
        circuit = self._circuit(request)
        try:
            yield
        except NotAsked:
            raise
        except VendorOutage as outage:
            circuit.call(_fail, outage)
        except VendorError:
            circuit.call(_succeed)
            raise
        else:
            circuit.call(_succeed)

    def _circuit(self, request: VendorRequest) -> CircuitBreaker:
        row = self.notes.breaker(self.name)
        until = self._left_alone_until(row)
        if until is not None:
            raise _open(request, row, until)
        circuit = CircuitBreaker(
            self.policy.failures,
            self.policy.pause_sec,
            state_storage=_Stored(self.notes, self.name, row),
            throw_new_error_on_trip=False,
        )
        if row.state == STATE_OPEN:
            circuit.half_open()
        return circuit

    def _left_alone_until(self, row: BreakerRow) -> datetime | None:
        if row.state != STATE_OPEN or row.opened_at_utc is None:
            return None
        until = row.opened_at_utc + timedelta(seconds=self.policy.pause_sec)
        return until if self.notes.now() < until else None


class _Stored(CircuitBreakerStorage):
    """A breaker's row: read once for a request, changed in the file at once."""

    def __init__(self, notes: HttpNotes, name: str, row: BreakerRow) -> None:
        super().__init__(name)
        self._notes = notes
        self._row = row

    def _set(self, row: BreakerRow) -> None:
        if row != self._row:
            self._notes.set_breaker(self._name, row)
            self._row = row

    @property
    def state(self) -> str:
        return self._row.state

    @state.setter
    def state(self, state: str) -> None:
        opened = self._notes.now() if state == STATE_OPEN else None
        self._set(replace(self._row, state=state, opened_at_utc=opened))

    @property
    def counter(self) -> int:
        return self._row.failures

    def increment_counter(self) -> None:
        self._notes.add_failure(self._name)
        self._row = self._notes.breaker(self._name)

    def reset_counter(self) -> None:
        self._set(replace(self._row, failures=0))

    @property
    def success_counter(self) -> int:
        return self._row.successes

    def increment_success_counter(self) -> None:
        self._set(replace(self._row, successes=self._row.successes + 1))

    def reset_success_counter(self) -> None:
        self._set(replace(self._row, successes=0))

    @property
    def opened_at(self) -> datetime | None:
        return self._row.opened_at_utc

    @opened_at.setter
    def opened_at(self, _: datetime) -> None:
        """The state's setter notes the time by our clock."""


def breaker_name(vendor: str, url: str) -> str:
    """Vendor and host with port."""
    return f"{vendor}@{urlsplit(url).netloc.rpartition('@')[2]}"


def worst(states: Iterator[str]) -> str:
    """The state that an operator should know of several."""
    return max(states, key=SEVERITY.index, default=STATE_CLOSED)


def _open(request: VendorRequest, row: BreakerRow, until: datetime) -> CircuitOpen:
    end = f"{until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    host = urlsplit(public_url(request)).netloc
    cause = f"not asked: {host} failed {row.failures} times in a row and is left alone until {end}"
    next_step = f"wait until {end}, then `nhl-ops run-daily --date {{slate}} --all`"
    return CircuitOpen(request.endpoint, public_url(request), cause, next_step)


def _fail(outage: VendorOutage) -> NoReturn:
    raise outage


def _succeed() -> None:
    pass
