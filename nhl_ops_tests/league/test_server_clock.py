"""The virtual clock stands, moves and ticks."""

from datetime import UTC, datetime, timedelta

import pytest

from nhl_ops.league.server.clock import VirtualClock

START = datetime(2026, 1, 5, 22, 30, tzinfo=UTC)


class Seconds:
    """A monotonic counter that a test turns by hand."""

    def __init__(self) -> None:
        self.value = 100.0

    def __call__(self) -> float:
        return self.value


def test_it_stands_still_until_it_is_moved() -> None:
    clock = VirtualClock(START)
    assert clock.now() == clock.now() == START
    clock.move_to(START - timedelta(days=3))
    assert clock.now() == START - timedelta(days=3)


def test_it_answers_in_utc_whatever_zone_it_is_given() -> None:
    clock = VirtualClock(datetime.fromisoformat("2026-01-05T17:30:00-05:00"))
    assert clock.now().isoformat() == "2026-01-05T22:30:00+00:00"


def test_ticking_goes_on_from_the_virtual_instant() -> None:
    clock, seconds = VirtualClock(START), Seconds()
    clock.start_ticking(seconds)
    seconds.value += 90
    assert clock.now() == START + timedelta(seconds=90)


def test_a_ticking_clock_that_is_moved_ticks_on_from_there() -> None:
    clock, seconds = VirtualClock(START), Seconds()
    clock.start_ticking(seconds)
    seconds.value += 10
    clock.move_to(START + timedelta(hours=5))
    seconds.value += 1
    assert clock.now() == START + timedelta(hours=5, seconds=1)


def test_stopping_keeps_the_time_that_was_reached() -> None:
    clock, seconds = VirtualClock(START), Seconds()
    clock.start_ticking(seconds)
    seconds.value += 7
    clock.stop()
    seconds.value += 1000
    assert (clock.now(), clock.ticking) == (START + timedelta(seconds=7), False)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        VirtualClock(START).move_to(datetime(2026, 1, 5, 22, 30))  # noqa: DTZ001
