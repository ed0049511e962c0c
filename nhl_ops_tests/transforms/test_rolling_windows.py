"""Windows over report_daily: their figures, the season, and the change against the window before."""

from datetime import date

import pandas as pd
import pytest

from nhl_ops.contracts.reports import REPORT_DAILY, REPORT_ROLLING, SEASON
from nhl_ops.contracts.schema import violations
from nhl_ops.transforms.rolling_windows import first_day_needed, named_windows, report_rolling

Row = dict[str, object]
SLATE, NEXT = "2026-01-05", "2026-01-06"


def days(*rows: Row) -> pd.DataFrame:
    defaults = {c.name: None if c.nullable else 0 for c in REPORT_DAILY.columns} | {"outcome": "ok"}
    return REPORT_DAILY.conform(pd.DataFrame([{**defaults, **row} for row in rows]))


HISTORY = days(
    {"game_date": "2025-12-30", "games": 9, "quotes": 100, "quotes_mapped": 90, "best_bets": 1, "mean_ev_pct": 8.0},
    {"game_date": "2025-12-31", "games": 3, "quotes": 100, "quotes_mapped": 100, "best_bets": 1, "mean_ev_pct": 2.0,
     "bets_won": 1, "profit_units": 1.5, "log_loss_model": 0.7, "log_loss_consensus": 0.6, "rows_scored": 10},
    {"game_date": "2026-01-01", "games": 0},
    {"game_date": SLATE, "games": 5, "quotes": 300, "quotes_mapped": 297, "best_bets": 3, "mean_ev_pct": 4.0,
     "bets_won": 1, "bets_lost": 2, "bets_void": 1, "profit_units": -0.5, "log_loss_model": 0.6,
     "log_loss_consensus": 0.5, "rows_scored": 30},
)  # fmt: skip


def test_a_window_covers_its_days_and_weighs_by_rows() -> None:
    row = report_rolling([SLATE], HISTORY, (6,)).iloc[0]
    assert row[["slates", "games", "quotes", "best_bets", "bets_settled"]].tolist() == [2, 8, 400, 4, 4]
    assert row["mapped_share"] == pytest.approx(397 / 400)
    assert row["mean_ev_pct"] == pytest.approx((2.0 + 3 * 4.0) / 4)
    assert row["realized_roi_pct"] == pytest.approx(100 * 1.0 / 4)
    assert row["log_loss_model"] == pytest.approx((0.7 * 10 + 0.6 * 30) / 40)
    assert row["log_loss_consensus"] == pytest.approx((0.6 * 10 + 0.5 * 30) / 40)


def test_a_window_without_bets_claims_and_realizes_nothing() -> None:
    row = report_rolling(["2026-01-01"], HISTORY, (1,)).iloc[0]
    assert row[["slates", "quotes", "best_bets"]].tolist() == [0, 0, 0]
    assert row[["mapped_share", "mean_ev_pct", "realized_roi_pct", "log_loss_model"]].isna().all()


def test_windows_of_a_slate_do_not_see_later_slates() -> None:
    later = pd.concat([HISTORY, days({"game_date": NEXT, "games": 7})], ignore_index=True)
    pd.testing.assert_frame_equal(report_rolling([SLATE], HISTORY), report_rolling([SLATE], later))
    assert report_rolling([SLATE], HISTORY)["window"].tolist() == ["7 days", "14 days", "30 days", "season"]


def rolling(slate: str = SLATE, windows: tuple[int, ...] = (4,)) -> pd.DataFrame:
    return report_rolling([slate], HISTORY, windows).set_index("window")


def test_a_window_stands_next_to_the_one_of_as_many_days_before() -> None:
    row = rolling().loc["4 days"]
    assert row[["quotes_delta", "best_bets_delta"]].tolist() == [300 - 200, 3 - 2]
    assert row["mapped_share_delta"] == pytest.approx(297 / 300 - 190 / 200)
    assert row["mean_ev_delta_pct"] == pytest.approx(4.0 - 5.0)
    assert row["realized_roi_delta_pct"] == pytest.approx(100 * -0.5 / 3 - 100 * 1.5)
    assert row["log_loss_model_delta"] == pytest.approx(0.6 - 0.7)


def test_nothing_changed_against_a_window_without_slates() -> None:
    deltas = [name for name in REPORT_ROLLING.column_names if "_delta" in name]
    assert rolling(windows=(7,)).loc["7 days", deltas].isna().all()


def test_a_figure_that_the_window_before_does_not_have_has_no_change() -> None:
    row = rolling("2025-12-31", (1,)).loc["1 days"]
    assert row["quotes_delta"] == 0
    assert pd.isna(row["realized_roi_delta_pct"])


def test_the_season_starts_with_its_first_slate_that_has_games() -> None:
    before = days(
        {"game_date": "2025-06-20", "games": 1, "quotes": 7}, {"game_date": "2025-12-01", "games": 0}
    )
    row = report_rolling([SLATE], pd.concat([before, HISTORY]), (2,)).set_index("window").loc[SEASON]
    assert row[["window_days", "slates", "quotes"]].tolist() == [7, 3, 500]
    assert pd.isna(row["quotes_delta"])


def test_windows_and_season_of_equal_length_are_two_rows() -> None:
    frame = report_rolling([SLATE, NEXT], HISTORY, (7, 14))
    assert not violations(REPORT_ROLLING, frame)
    assert len(frame) == 6


def test_a_season_without_a_slate_yet_is_a_window_of_a_day() -> None:
    row = report_rolling(["2025-09-01"], HISTORY, (7,)).set_index("window").loc[SEASON]
    assert row[["window_days", "slates", "quotes"]].tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("slate", "first"),
    [(date(2026, 1, 2), date(2025, 7, 1)), (date(2025, 7, 10), date(2025, 5, 12))],
)
def test_windows_look_back_to_the_season_or_the_longest_window_before(slate: date, first: date) -> None:
    assert first_day_needed(slate, (7, 30)) == first


def test_a_row_from_before_windows_had_names_is_named_by_its_days() -> None:
    old = rolling(windows=(7, 14)).reset_index().assign(window=[None, None, SEASON])
    assert named_windows(old)["window"].tolist() == ["7 days", "14 days", SEASON]
