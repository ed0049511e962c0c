"""Slate dates: one slate is one Eastern game date. The only place that turns instants into slates and back."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")

GAME_LENGTH = timedelta(hours=2, minutes=45)
"""Nominal length of a game from its start, overtime included; the NHL publishes no end time."""

OVER_AFTER = timedelta(hours=12)
"""So long after its start a game is over, and a board that lists none later is an old one."""

RESULT_KNOWN_AFTER_END = timedelta(hours=3)


class AsOfMode(StrEnum):
    """Which moment a slate is priced at."""

    LIVE = "live"
    PRETIP = "pretip"
    MORNING = "morning"


class SlateOutcome(StrEnum):
    """What became of a slate. The kinds of nothing are apart from each other and from an error."""

    OK = "ok"
    NO_GAMES = "no_games"
    NOT_OFFERED = "not_offered_yet"
    NO_HISTORY = "endpoint_serves_no_history"
    VENDOR_DOWN = "vendor_down"
    REJECTED = "rejected"
    NOT_ASKED = "not_asked"
    SWITCHED_OFF = "switched_off"
    HELD = "held"
    FAILED = "failed"


FAILED_OUTCOMES = frozenset({SlateOutcome.VENDOR_DOWN, SlateOutcome.REJECTED})
"""A vendor did not do its part."""

STOPPED = frozenset({SlateOutcome.HELD, SlateOutcome.FAILED})
"""The run did not finish the slate."""

BROKEN_OUTCOMES = FAILED_OUTCOMES | STOPPED | {SlateOutcome.NOT_ASKED}
"""Something failed that should not. Every other kind of nothing is a fact of the day."""


def slate_of(instant: datetime) -> date:
    """The Eastern date of an aware instant."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; parse vendor times as UTC first")
    return instant.astimezone(EASTERN).date()


def eastern(slate: date, hour: int, minute: int = 0) -> datetime:
    """The UTC instant of a wall-clock time in New York on that date."""
    return datetime.combine(slate, time(hour, minute), EASTERN).astimezone(UTC)


def slates_between(start: date, end: date) -> list[date]:
    """Both ends included; an end before the start is an error."""
    if end < start:
        raise ValueError(f"range ends ({end}) before it starts ({start}); swap --start and --end")
    return [start + timedelta(days=i) for i in range((end - start).days + 1)]


def result_known_at(start_time_utc: datetime) -> datetime:
    """When a result's first version counts as known: three hours after its game's (nominal) end."""
    return start_time_utc + GAME_LENGTH + RESULT_KNOWN_AFTER_END


def as_of(mode: AsOfMode, slate: date, now: datetime, start_time_utc: datetime) -> datetime:
    """The as-of instant of one game of a slate: nothing later may shape its numbers."""
    if mode is AsOfMode.LIVE:
        return now
    if mode is AsOfMode.MORNING:
        return min(now, eastern(slate, 10))
    return min(now, start_time_utc)


def season_of(slate: date) -> int:
    """NHL season id of a date, 20252026 for 2025-10-07 (the league year turns in July)."""
    first = slate.year if slate.month >= 7 else slate.year - 1
    return first * 10_000 + first + 1


def season_starts(slate: date) -> date:
    """The first day of the league year that the date is in."""
    return date(season_of(slate) // 10_000, 7, 1)
