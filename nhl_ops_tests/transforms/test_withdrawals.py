"""A withdrawn card counts in no figure of claims, and the windows say how many are left out."""

import pandas as pd

from nhl_ops.contracts.evidence import FACT_EV_SUMMARY_DAILY, FACT_ODDS_COVERAGE_DAILY
from nhl_ops.contracts.reports import REPORT_DAILY, REPORT_ROLLING
from nhl_ops.contracts.schema import violations
from nhl_ops.transforms.rolling_windows import report_rolling
from nhl_ops.transforms.withdrawals import with_withdrawn, without_claims
from nhl_ops_tests.evidence_frames import coverage, ev_summary, rows

GOOD, BAD = "2026-01-04", "2026-01-05"
DAYS = rows(
    REPORT_DAILY,
    {"game_date": GOOD, "outcome": "ok", "games": 2, "quotes": 100, "best_bets": 2, "best_ev_pct": 3.0,
     "mean_ev_pct": 2.0, "bets_won": 1, "bets_lost": 1, "profit_units": 0.5},
    {"game_date": BAD, "outcome": "ok", "games": 1, "quotes": 50, "best_bets": 8, "best_ev_pct": 90.0,
     "mean_ev_pct": 40.0, "bets_lost": 8, "profit_units": -8.0, "log_loss_model": 0.6,
     "log_loss_consensus": 0.6, "rows_scored": 9},
)  # fmt: skip


def test_a_window_claims_and_realises_only_what_was_not_withdrawn() -> None:
    days = without_claims(REPORT_DAILY, DAYS, {BAD})
    assert violations(REPORT_DAILY, days) == []
    row = report_rolling([BAD], days, (7,)).iloc[0]
    assert row[["best_bets", "bets_settled", "mean_ev_pct", "realized_roi_pct"]].tolist() == [2, 2, 2.0, 25.0]
    assert row[["slates", "games", "quotes", "log_loss_model"]].tolist() == [2, 3, 150, 0.6]


def test_evidence_of_a_withdrawn_slate_keeps_its_prices_and_loses_its_claims() -> None:
    claimed = {
        "prices": 30,
        "p50_ev_pct": -4.0,
        "best_bets": 8,
        "best_bets_mean_ev_pct": 40.0,
        "bets_settled": 8,
    }
    claimed |= {"bets_won": 1, "bets_profit_units": -6.0, "prices_settled": 20, "settled_profit_units": -9.0}
    summary = ev_summary({"game_date": GOOD, **claimed}, {"game_date": BAD, **claimed})
    left = without_claims(FACT_EV_SUMMARY_DAILY, summary, {BAD})
    pd.testing.assert_frame_equal(left[:1], summary[:1])
    emptied = left.iloc[1]
    assert (emptied["prices"], emptied["p50_ev_pct"]) == (30, -4.0)
    assert [emptied[name] for name in ("best_bets", "bets_settled", "bets_won", "prices_settled")] == [0] * 4
    nulls = ["best_bets_mean_ev_pct", "bets_profit_units", "settled_mean_ev_pct", "settled_profit_units"]
    assert emptied[nulls].isna().all()


def test_what_does_not_hang_on_the_card_stays() -> None:
    seen = coverage({"game_date": BAD, "quotes": 50})
    pd.testing.assert_frame_equal(without_claims(FACT_ODDS_COVERAGE_DAILY, seen, {BAD}), seen)


def test_each_window_counts_the_withdrawn_slates_of_its_days() -> None:
    rolling = with_withdrawn(report_rolling([BAD], DAYS, (1, 7)), {BAD, GOOD, "2026-01-06", "2025-12-01"})
    assert violations(REPORT_ROLLING, rolling) == []
    assert rolling.set_index("window")["slates_withdrawn"].to_dict() == {
        "1 days": 1,
        "7 days": 2,
        "season": 2,
    }
