"""Which vendor or market moved most between two windows."""

import pandas as pd
import pytest

from nhl_ops.contracts.evidence import FACT_EV_SUMMARY_DAILY, FACT_ODDS_COVERAGE_DAILY
from nhl_ops.contracts.reports import MOVEMENT_COLUMNS
from nhl_ops.transforms.movements import movements
from nhl_ops_tests.evidence_frames import coverage, ev_summary

SLATE, DAY_BEFORE, LAST_WEEK = "2026-01-07", "2026-01-06", "2025-12-31"
EV = FACT_EV_SUMMARY_DAILY.empty_frame()


def quoted(day: str, games: int, **vendors: int) -> pd.DataFrame:
    """Quotes by vendor; all of them are of one market."""
    rows = [{"level": "slate", "quotes": sum(vendors.values())}]
    rows += [{"level": "vendor", "source_vendor": v, "quotes": n} for v, n in vendors.items()]
    rows += [
        {"level": "book_market", "source_vendor": v, "book_name": "b", "market": "SOG", "quotes": n}
        for v, n in vendors.items()
    ]
    return coverage(*[{"game_date": day, "games_scheduled": games, **row} for row in rows])


def moved(*days: pd.DataFrame, ev: pd.DataFrame = EV) -> pd.DataFrame:
    return movements(SLATE, 7, pd.concat(days), ev)


def test_what_moved_most_stands_first() -> None:
    frame = moved(quoted(LAST_WEEK, 10, A=100, B=100, C=100), quoted(SLATE, 10, A=90, B=30, C=120))
    assert frame["name"].tolist()[0] == "B"
    assert frame.set_index("name").loc["B", "quotes_change_pct"] == pytest.approx(-70)
    assert frame.set_index("name").loc["SOG", ["quotes_before", "quotes_after"]].tolist() == [30, 24]


def test_a_week_of_few_games_is_no_fall() -> None:
    frame = moved(quoted(LAST_WEEK, 10, A=100), quoted(DAY_BEFORE, 1, A=10), quoted(SLATE, 2, A=20))
    assert frame["quotes_change_pct"].tolist() == [0, 0]


def test_a_vendor_that_came_or_went_moved_as_far_as_one_can() -> None:
    frame = moved(quoted(LAST_WEEK, 10, A=100, GONE=50), quoted(SLATE, 10, A=50, NEW=1)).set_index("name")
    assert set(frame.index[:2]) == {"GONE", "NEW"}
    assert frame.loc["GONE", ["quotes_after", "quotes_change_pct"]].tolist() == [0, -100]
    assert frame.loc["NEW", "quotes_before"] == 0
    assert pd.isna(frame.loc["NEW", "quotes_change_pct"])


def test_a_window_without_games_is_no_window_to_compare_with() -> None:
    frame = moved(quoted(LAST_WEEK, 0), quoted(SLATE, 10, A=50)).set_index("name")
    assert pd.isna(frame.loc["A", "quotes_before"])
    assert frame.loc["A", "quotes_after"] == 5


def test_ev_is_weighted_by_the_prices_that_have_it() -> None:
    ev = ev_summary(
        {"game_date": LAST_WEEK, "level": "market", "name": "SOG", "prices_with_ev": 10, "mean_ev_pct": -3.0},
        {
            "game_date": DAY_BEFORE,
            "level": "market",
            "name": "SOG",
            "prices_with_ev": 30,
            "mean_ev_pct": -5.0,
        },
        {"game_date": SLATE, "level": "market", "name": "SOG", "prices_with_ev": 10, "mean_ev_pct": -1.0},
        {"game_date": SLATE, "level": "book", "name": "b", "prices_with_ev": 10, "mean_ev_pct": 9.0},
    )
    row = moved(quoted(LAST_WEEK, 10, A=1), quoted(SLATE, 10, A=1), ev=ev).set_index("name").loc["SOG"]
    assert row[["ev_before_pct", "ev_after_pct", "ev_change_pct"]].tolist() == [-3, -4, -1]


def test_later_slates_move_nothing() -> None:
    days = [quoted(LAST_WEEK, 10, A=100), quoted(SLATE, 10, A=90)]
    later = quoted("2026-01-08", 10, A=900)
    pd.testing.assert_frame_equal(moved(*days), moved(*days, later))


def test_no_evidence_is_no_movement() -> None:
    frame = movements(SLATE, 7, FACT_ODDS_COVERAGE_DAILY.empty_frame(), EV)
    assert frame.empty
    assert tuple(frame.columns) == MOVEMENT_COLUMNS
