"""When the prices and results of a slate are captured."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from nhl_ops.domain.settings import CapturePolicy, Source
from nhl_ops.domain.slates import eastern, slate_of

LOOKBACK_DAYS = 3
"""A slate reads the odds payloads of its own Eastern date and of this many days before it."""


def is_past(slate: date, now: datetime) -> bool:
    """The slate's Eastern date is over."""
    return slate < slate_of(now)


def can_be_asked(slate: date, now: datetime, source: Source) -> bool:
    """Boards of the slate are served: of tonight and later by every host, of the past by the embedded league alone."""
    return source is Source.LEAGUE or not is_past(slate, now)


def odds_times(
    slate: date, now: datetime, scrapes: Sequence[datetime], policy: CapturePolicy
) -> list[datetime]:
    """Instants at which the boards of a past slate are asked, up to now.

    Each recorded scrape time; beyond `max_scrapes_per_slate`, or where none is recorded, the fixed passes.
    """
    fixed = [eastern(slate, t.hour, t.minute) for t in policy.fixed_passes_et]
    times = list(scrapes) if 0 < len(scrapes) <= policy.max_scrapes_per_slate else fixed
    return sorted({t for t in times if t <= now})


def results_time(slate: date, now: datetime, policy: CapturePolicy) -> datetime | None:
    """When a past slate's results are captured: the next morning, or not yet."""
    due = eastern(slate + timedelta(days=1), policy.results_hour_et)
    return due if due <= now else None
