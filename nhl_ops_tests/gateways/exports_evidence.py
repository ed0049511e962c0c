"""Made-up evidence of the slate of exports_samples."""

import pandas as pd

from nhl_ops.gateways.exports.daily_report import DailyEvidence
from nhl_ops_tests import evidence_frames as frames
from nhl_ops_tests.gateways.exports_samples import BOOKS, MARKETS

PERCENTILES = {
    "p05_ev_pct": -9.0,
    "p25_ev_pct": -6.5,
    "p50_ev_pct": -5.0,
    "p75_ev_pct": -3.1,
    "p95_ev_pct": 1.7,
}
COUNTS = {"prices": 97, "prices_with_ev": 83, "above_0_pct": 11, "above_2_pct": 5, "above_5_pct": 2}
BUCKETS = (
    ("0% to 1%", 0.6, 9, 9, 4, -0.7),
    ("1% to 2%", 1.4, 9, 8, 3, -1.1),
    ("2% to 4%", 2.9, 5, 4, 1, -0.51),
)
SETTLED = {
    "best_bets": 23,
    "best_bets_mean_ev_pct": 1.6,
    "bets_settled": 21,
    "bets_won": 8,
    "bets_profit_units": -2.31,
}


def coverage(books: list[str] = BOOKS) -> pd.DataFrame:
    slate = {"level": "slate", "quotes": 600, "games_scheduled": 7}
    vendors = [
        {
            "level": "vendor",
            "source_vendor": v,
            "quotes": q,
            "quotes_mapped": q - 9,
            "newest_quote_age_sec": 312.0,
        }
        for v, q in (("UNABATED", 534), ("PLAYNOW", 66))
    ]
    cells = [
        {
            "level": "book_market",
            "source_vendor": "UNABATED",
            "book_name": b,
            "market": m,
            "quotes": 7 * i + j,
        }
        for i, b in enumerate(books)
        for j, m in enumerate(MARKETS)
    ]
    return frames.coverage(slate, *vendors, *cells)


def ev_summary() -> pd.DataFrame:
    slate = {"level": "slate", **COUNTS, **PERCENTILES, **SETTLED, "mean_ev_pct": -4.6}
    markets = [slate | {"level": "market", "name": m} for m in MARKETS]
    buckets = [
        {"level": "bucket", "name": n, "best_bets": b, "best_bets_mean_ev_pct": ev, "bets_settled": s}
        | {"bets_won": w, "bets_profit_units": p}
        for n, ev, b, s, w, p in BUCKETS
    ]
    return frames.ev_summary(slate, *markets, *buckets)


def accuracy() -> pd.DataFrame:
    bins = [
        {
            "level": "bin",
            "market": m,
            "line": -1.0,
            "bin": b,
            "predictions": 20 + b,
            "mean_p_over": b / 10 + 0.05,
        }
        | {"over_rate": round((b / 10 + 0.03) * (20 + b)) / (20 + b)}
        for m in ("SOG", "POINTS")
        for b in range(1, 8)
    ]
    return frames.accuracy(*bins)


def runs() -> pd.DataFrame:
    steps = [("captured_unabated", 8.25), ("ev_fair_prices", 2.5), ("report_daily", 0.75), ("run", 14.0)]
    return frames.runs(*[{"run_id_dagster": "5f0c", "step": s, "seconds": sec} for s, sec in steps])


def daily_evidence(**changes: pd.DataFrame) -> DailyEvidence:
    mapped = {
        "source_vendor": "UNABATED",
        "subject": "player",
        "method": "exact_name",
        "quotes": 585,
        "names": 120,
    }
    full = {"coverage": coverage(), "mapping": frames.mapping(mapped), "ev": ev_summary()}
    return DailyEvidence(**full | {"accuracy": accuracy(), "runs": runs()} | changes)
