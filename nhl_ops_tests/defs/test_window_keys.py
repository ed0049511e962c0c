"""How far back a publication reads: never further than its windows look, whatever the length of the history."""

from datetime import date

from nhl_ops.contracts.evidence import DAILY_EVIDENCE
from nhl_ops.contracts.reports import REPORT_DAILY
from nhl_ops.defs.reporting import window_keys

SLATE = date(2026, 3, 1)
WINDOWS = (7, 14, 30)


def test_report_daily_is_read_from_the_season_on() -> None:
    keys = window_keys(WINDOWS, [SLATE], REPORT_DAILY)
    assert (keys[0], keys[-1]) == ("2025-07-01", "2026-03-01")


def test_evidence_is_read_of_the_longest_window_of_days() -> None:
    for spec in DAILY_EVIDENCE:
        keys = window_keys(WINDOWS, [SLATE], spec)
        assert (keys[0], keys[-1], len(keys)) == ("2026-01-31", "2026-03-01", 30)


def test_evidence_is_read_of_the_shortest_window_and_the_one_before() -> None:
    assert len(window_keys((7,), [SLATE], DAILY_EVIDENCE[0])) == 14


def test_slates_of_a_range_share_the_days_that_both_look_at() -> None:
    keys = window_keys(WINDOWS, [SLATE, date(2026, 3, 2)], DAILY_EVIDENCE[0])
    assert (keys[0], keys[-1], len(keys)) == ("2026-01-31", "2026-03-02", 31)
