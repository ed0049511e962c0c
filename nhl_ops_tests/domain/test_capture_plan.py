"""When a slate is captured."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from nhl_ops.domain.capture_plan import can_be_asked, is_past, odds_times, results_time
from nhl_ops.domain.settings import CapturePolicy, Source
from nhl_ops.domain.slates import eastern

SLATE = date(2026, 1, 5)
LATER = eastern(date(2026, 3, 1), 12)
POLICY = CapturePolicy(fixed_passes_et=(time(10), time(17)), max_scrapes_per_slate=3, results_hour_et=10)


def scrapes(count: int) -> list[datetime]:
    return [eastern(SLATE, 9) + timedelta(hours=n) for n in range(count)]


def test_a_past_slate_is_captured_at_each_of_its_scrapes() -> None:
    assert odds_times(SLATE, LATER, scrapes(3), POLICY) == scrapes(3)


@pytest.mark.parametrize("count", [0, 4])
def test_without_scrapes_or_beyond_the_cap_the_fixed_passes_count(count: int) -> None:
    assert odds_times(SLATE, LATER, scrapes(count), POLICY) == [eastern(SLATE, 10), eastern(SLATE, 17)]


def test_nothing_is_captured_in_the_future() -> None:
    assert odds_times(SLATE, eastern(SLATE, 9, 30), scrapes(3), POLICY) == scrapes(1)


def test_results_come_the_next_morning_or_not_yet() -> None:
    due = eastern(SLATE + timedelta(days=1), 10)
    assert results_time(SLATE, due, POLICY) == due
    assert results_time(SLATE, due - timedelta(minutes=1), POLICY) is None


def test_a_slate_is_past_when_its_eastern_date_is_over() -> None:
    assert not is_past(SLATE, datetime(2026, 1, 6, 4, 59, tzinfo=UTC))
    assert is_past(SLATE, datetime(2026, 1, 6, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("source", "day_after", "asked"),
    [(Source.LIVE, 0, True), (Source.LIVE, 1, False), (Source.LEAGUE, 1, True)],
)
def test_a_past_board_can_be_asked_of_the_league_alone(source: Source, day_after: int, asked: bool) -> None:
    noon = datetime(2026, 1, SLATE.day + day_after, 17, tzinfo=UTC)
    assert can_be_asked(SLATE, noon, source) is asked
