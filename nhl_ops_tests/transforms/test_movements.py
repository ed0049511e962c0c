"""Which vendor or market moved between two windows, and whether that is more than the spread between slates."""

from datetime import date, timedelta

import pandas as pd
import pytest

from nhl_ops.contracts import evidence
from nhl_ops.contracts.reports import MOVEMENT_COLUMNS, Measure
from nhl_ops.transforms.movements import movements
from nhl_ops_tests.evidence_frames import accuracy, coverage, ev_summary

SLATE, DAY_BEFORE, LAST_WEEK = "2026-01-07", "2026-01-06", "2025-12-31"
NO_COVERAGE = evidence.FACT_ODDS_COVERAGE_DAILY.empty_frame()
NO_EV = evidence.FACT_EV_SUMMARY_DAILY.empty_frame()
NO_SCORES = evidence.FACT_FORECAST_ACCURACY_DAILY.empty_frame()


def days_up_to(end: str, number: int) -> list[str]:
    return [(date.fromisoformat(end) - timedelta(days=n)).isoformat() for n in reversed(range(number))]


def quoted(day: str, games: int, mapped: float = 1.0, **vendors: int) -> pd.DataFrame:
    """Quotes by vendor; all of them are of one market."""
    rows: list[dict[str, object]] = [{"level": "slate", "quotes": sum(vendors.values())}]
    for vendor, quotes in vendors.items():
        counts = {"source_vendor": vendor, "quotes": quotes, "quotes_mapped": int(mapped * quotes)}
        rows.append({"level": "vendor", "games_quoted": min(games, quotes), **counts})
        rows.append({"level": "book_market", "book_name": "b", "market": "SOG", **counts})
    return coverage(*[{"game_date": day, "games_scheduled": games, **row} for row in rows])


def week(end: str, games: int, *quotes: int) -> list[pd.DataFrame]:
    """Slates up to the end, each with so many quotes of vendor A."""
    return [quoted(day, games, A=n) for day, n in zip(days_up_to(end, len(quotes)), quotes, strict=True)]


def moved(*days: pd.DataFrame, ev: pd.DataFrame = NO_EV, scores: pd.DataFrame = NO_SCORES) -> pd.DataFrame:
    shown = pd.concat(days) if days else NO_COVERAGE
    return movements(SLATE, 7, shown, ev, scores).set_index(["subject", "name", "measure"])


def row_of(frame: pd.DataFrame, measure: Measure, name: str = "A", subject: str = "vendor") -> pd.Series:
    return frame.loc[(subject, name, str(measure))]


def test_a_change_within_the_spread_of_the_slates_is_no_move() -> None:
    frame = moved(*week(LAST_WEEK, 10, 80, 120, 90, 110), *week(SLATE, 10, 70, 125, 95, 130))
    row = row_of(frame, Measure.QUOTES)
    assert (row["before"], row["after"], row["change"]) == (10, 10.5, 0.5)
    assert row["noise"] > 3
    assert not row["is_beyond"]


def test_a_change_beyond_the_spread_stands_first_however_small() -> None:
    counts = {
        LAST_WEEK: ((80, 10), (82, 900), (81, 20), (79, 800)),
        SLATE: ((40, 10), (41, 90), (42, 20), (39, 80)),
    }
    frame = moved(
        *[
            quoted(day, 10, A=a, B=b)
            for end, pairs in counts.items()
            for day, (a, b) in zip(days_up_to(end, 4), pairs, strict=True)
        ]
    )
    calm, wild = (row_of(frame, Measure.QUOTES, name) for name in "AB")
    assert frame.index[0] == ("vendor", "A", "quotes")
    assert calm["is_beyond"]
    assert abs(wild["change"]) > abs(calm["change"])
    assert not wild["is_beyond"]


def test_noise_grows_with_the_number_of_figures_compared() -> None:
    numbers = {LAST_WEEK: (80, 82, 81, 79), SLATE: (78, 80, 81, 77)}
    pairs = [(day, n) for end, ns in numbers.items() for day, n in zip(days_up_to(end, 4), ns, strict=True)]
    alone = moved(*[quoted(day, 10, A=n) for day, n in pairs])
    among = moved(*[quoted(day, 10, A=n, B=50, C=50) for day, n in pairs])
    assert row_of(alone, Measure.GAMES)["noise"] == 0
    assert row_of(among, Measure.QUOTES)["noise"] > row_of(alone, Measure.QUOTES)["noise"]


def test_a_week_of_few_games_is_no_fall() -> None:
    frame = moved(*week(LAST_WEEK, 10, 100, 100), quoted(DAY_BEFORE, 1, A=10), quoted(SLATE, 2, A=20))
    assert row_of(frame, Measure.QUOTES)["change"] == 0


def test_a_vendor_that_went_has_zeros_and_moved() -> None:
    here = [quoted(day, 10, A=100 + n, B=50) for n, day in enumerate(days_up_to(LAST_WEEK, 4))]
    gone = [quoted(day, 10, B=50) for day in days_up_to(SLATE, 4)]
    frame = moved(*here, *gone)
    quotes, games = (row_of(frame, m) for m in (Measure.QUOTES, Measure.GAMES))
    assert (quotes["after"], games["before"], games["after"]) == (0, 1, 0)
    assert quotes["is_beyond"]
    assert games["is_beyond"]
    assert pd.isna(row_of(frame, Measure.MAPPED)["after"]), "nothing to be mapped is no share"


def test_one_slate_on_a_side_tells_no_noise() -> None:
    frame = moved(quoted(LAST_WEEK, 10, A=100), *week(SLATE, 10, 10, 11))
    row = row_of(frame, Measure.QUOTES)
    assert (row["slates_before"], row["slates_after"]) == (1, 2)
    assert row["change"] == pytest.approx(-8.95)
    assert pd.isna(row["noise"])
    assert not frame["is_beyond"].any()


def test_a_window_without_games_is_no_window_to_compare_with() -> None:
    row = row_of(moved(quoted(LAST_WEEK, 0), quoted(SLATE, 10, A=50)), Measure.QUOTES)
    assert pd.isna(row["before"])
    assert pd.isna(row["change"])
    assert row["after"] == 5


def test_the_mapped_share_is_of_all_quotes_of_the_window() -> None:
    days = [quoted(LAST_WEEK, 10, A=100), quoted(DAY_BEFORE, 10, 0.5, A=300), quoted(SLATE, 10, A=100)]
    row = row_of(moved(*days), Measure.MAPPED)
    assert (row["before"], row["after"]) == (1, 250 / 400)


def test_ev_is_weighted_by_the_prices_that_have_it() -> None:
    sog = {"level": "market", "name": "SOG"}
    ev = ev_summary(
        {"game_date": LAST_WEEK, **sog, "prices_with_ev": 10, "mean_ev_pct": -3.0},
        {"game_date": DAY_BEFORE, **sog, "prices_with_ev": 30, "mean_ev_pct": -5.0},
        {"game_date": SLATE, **sog, "prices_with_ev": 10, "mean_ev_pct": -1.0},
        {"game_date": SLATE, "level": "book", "name": "b", "prices_with_ev": 10, "mean_ev_pct": 9.0},
    )
    row = row_of(moved(ev=ev), Measure.EV, "SOG", "market")
    assert row[["before", "after", "change"]].tolist() == [-3, -4, -1]


def test_forecasts_are_weighted_by_what_was_decided() -> None:
    line = {"level": "line", "market": "SOG", "bin": -1}
    last = line | {"game_date": SLATE}
    scores = accuracy(
        {"game_date": LAST_WEEK, **line, "predictions": 50, "log_loss": 0.6, "mean_p_over": 0.5, "over_rate": 0.5},
        {**last, "line": 1.5, "predictions": 10, "log_loss": 0.5, "mean_p_over": 0.6, "over_rate": 0.4},
        {**last, "line": 2.5, "predictions": 30, "log_loss": 0.7, "mean_p_over": 0.4, "over_rate": 0.3},
        {**last, "level": "bin", "predictions": 90, "log_loss": 9.0},
    )  # fmt: skip
    frame = moved(scores=scores)
    loss, bias = (row_of(frame, m, "SOG", "market") for m in (Measure.LOG_LOSS, Measure.BIAS))
    assert loss[["before", "after", "change"]].tolist() == pytest.approx([0.6, 0.65, 0.05])
    assert bias[["before", "after"]].tolist() == pytest.approx([0.0, (10 * 0.2 + 30 * 0.1) / 40])


def test_later_slates_move_nothing() -> None:
    days = [quoted(LAST_WEEK, 10, A=100), quoted(SLATE, 10, A=90)]
    later = quoted("2026-01-08", 10, A=900)
    pd.testing.assert_frame_equal(moved(*days), moved(*days, later))


def test_no_evidence_is_no_movement() -> None:
    frame = movements(SLATE, 7, NO_COVERAGE, NO_EV, NO_SCORES)
    assert frame.empty
    assert tuple(frame.columns) == MOVEMENT_COLUMNS
