"""rolling_report.md, and claimed EV next to what came of it."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.contracts.evidence import FACT_EV_SUMMARY_DAILY
from nhl_ops.contracts.reports import REPORT_ROLLING
from nhl_ops.gateways.exports import claims
from nhl_ops.gateways.exports.rolling_report import RollingEvidence, write_rolling_report
from nhl_ops_tests.evidence_frames import ev_summary
from nhl_ops_tests.gateways import exports_samples as samples
from nhl_ops_tests.gateways.exports_report_rows import daily_row, quiet_row, rolling_rows, section, tables


def rolling(path: Path, windows: pd.DataFrame, days: pd.DataFrame) -> str:
    written = write_rolling_report(
        path / "rolling_report.md", windows, days, RollingEvidence(), samples.WRITTEN
    )
    return written.read_text()


def test_windows_stand_short_to_long_with_claimed_and_observed(tmp_path: Path) -> None:
    text = rolling(tmp_path, rolling_rows(), daily_row())
    rows = tables(section(text, "Claimed and observed"))[0]
    assert [row[0] for row in rows[1:]] == ["7 days", "14 days", "30 days"]
    assert rows[1][3:] == ["+1.7%", "+0.2 pts", "+3.4%", "\N{EN DASH}", "+1.7 pts"]
    assert rows[2][5:] == ["\N{EN DASH}"] * 3
    assert "ROI is only observed: nothing here reads it to decide anything." in text


def test_the_report_says_how_many_withdrawn_slates_each_window_leaves_out(tmp_path: Path) -> None:
    windows = rolling_rows().assign(slates_withdrawn=pd.array([2, 0, 1], dtype="Int64"))
    told = "Left out of best bets, EV and ROI because their cards are withdrawn: 14 days: 1 slate, 30 days: 2 slates."
    assert told in section(rolling(tmp_path, windows, daily_row()), "Claimed and observed")
    assert "withdrawn" not in rolling(tmp_path, rolling_rows(), daily_row())


def test_windows_from_before_withdrawn_slates_were_counted_are_shown(tmp_path: Path) -> None:
    old = rolling_rows().drop(columns="slates_withdrawn").assign(slates_withdrawn=pd.NA)
    assert "withdrawn" not in rolling(tmp_path, old, daily_row())


def test_slates_stand_newest_first_each_with_its_report(tmp_path: Path) -> None:
    older = samples.SLATE - timedelta(days=1)
    days = pd.concat([quiet_row("no_games", slate=older), daily_row()])
    text = section(rolling(tmp_path, rolling_rows(), days), "Slates")
    rows = tables(text)[0]
    assert [row[:2] for row in rows[1:]] == [["2026-01-07", "ok"], ["2026-01-06", "no games"]]
    assert "(daily_report_2026-01-06.md)" in text


def test_only_the_newest_windows_and_no_later_slates_are_shown(tmp_path: Path) -> None:
    later = daily_row(samples.SLATE + timedelta(days=1))
    older = rolling_rows().assign(game_date="2026-01-01", window="90 days")
    text = rolling(tmp_path, pd.concat([older, rolling_rows()]), pd.concat([later, daily_row()]))
    assert text.splitlines()[2] == (
        "**OK: The slate was priced.** That is the newest slate, "
        "[daily_report_2026-01-07.md](daily_report_2026-01-07.md)."
    )
    assert "2026-01-08" not in text
    assert len(tables(section(text, "Coverage"))[0]) == 4


def test_a_rolling_report_before_the_first_slate_says_what_to_do(tmp_path: Path) -> None:
    text = rolling(tmp_path, REPORT_ROLLING.empty_frame(), daily_row().iloc[:0])
    assert "**What to do:** `nhl-ops run-daily --all` makes the first one." in text


def bucket(name: str, slate: str = "2026-01-07", **figures: object) -> dict[str, object]:
    return {"level": "bucket", "name": name, "game_date": slate, **figures}


def decided(bets: int, settled: int, won: int, profit: float, ev_pct: float) -> dict[str, object]:
    return {
        "best_bets": bets,
        "bets_settled": settled,
        "bets_won": won,
        "bets_profit_units": profit,
        "best_bets_mean_ev_pct": ev_pct,
    }


def test_claims_stand_from_small_to_large_with_the_whole_last() -> None:
    low, high = decided(3, 2, 1, 0.2, 1.0), decided(2, 0, 0, None, 6.0)
    whole = {"level": "slate", **decided(5, 2, 1, 0.2, 3.0)}
    rows = claims.by_bucket(ev_summary(bucket("5 % and more", **high), bucket("0 to 2 %", **low), whole))
    assert [row["bucket"] for row in rows] == ["0 to 2 %", "5 % and more", "all"]
    assert [(row["bets"], row["won"], row["lost"], row["open"]) for row in rows] == [
        (3, 1, 1, 1),
        (2, 0, 0, 2),
        (5, 1, 1, 3),
    ]
    assert rows[0]["observed"] == pytest.approx(10.0)
    assert (rows[1]["claimed"], rows[1]["observed"], rows[1]["low"]) == (None, None, None)


def test_claims_of_several_slates_are_weighed_by_their_settled_bets() -> None:
    one = bucket("0 to 2 %", "2026-01-05", **decided(1, 1, 1, 0.9, 0.2))
    two = bucket("0 to 2 %", "2026-01-06", **decided(4, 3, 1, -1.3, 0.8))
    pending = bucket("0 to 2 %", "2026-01-07", **decided(5, 0, 0, None, 1.9))
    row = claims.by_bucket(ev_summary(one, two, pending))[0]
    assert (row["bets"], row["won"], row["lost"], row["open"]) == (10, 2, 2, 6)
    assert row["claimed"] == pytest.approx(0.65)
    assert row["observed"] == pytest.approx(-10.0)
    assert row["low"] < -10 < row["high"]


def test_claims_of_nothing_are_nothing() -> None:
    assert claims.by_bucket(FACT_EV_SUMMARY_DAILY.empty_frame()) == []
