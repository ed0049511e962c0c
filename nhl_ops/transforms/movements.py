"""Which vendor or market moved most between two windows of slates. Only shown; nothing decides by it."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from nhl_ops.contracts.evidence import CoverageLevel, EvLevel
from nhl_ops.contracts.reports import MOVEMENT_COLUMNS

DIGITS = 6
VENDOR, MARKET = "vendor", "market"


def movements(slate: str, days: int, coverage: pd.DataFrame, ev: pd.DataFrame) -> pd.DataFrame:
    """A row a vendor and a market, the one whose quotes moved most first; columns MOVEMENT_COLUMNS.

    The window of `days` days that ends with the slate (ISO date), against as many days before. coverage:
    FACT_ODDS_COVERAGE_DAILY, ev: FACT_EV_SUMMARY_DAILY of those days. Quotes are distinct quotes by scheduled game,
    so that a week of few games is no fall; EV is weighted by prices. A window without games has nulls.
    """
    after, before = _window(coverage, slate, days), _window(coverage, _earlier(slate, days), days)
    ev_after, ev_before = _window(ev, slate, days), _window(ev, _earlier(slate, days), days)
    moved = pd.DataFrame(
        {
            "quotes_before": _quotes_a_game(before),
            "quotes_after": _quotes_a_game(after),
            "ev_before_pct": _mean_ev(ev_before),
            "ev_after_pct": _mean_ev(ev_after),
        }
    ).rename_axis(["subject", "name"])
    moved = _without_gaps(moved, has_before=_games(before) > 0, has_after=_games(after) > 0)
    change = moved["quotes_after"] - moved["quotes_before"]
    larger = moved[["quotes_before", "quotes_after"]].max(axis=1)
    moved = moved.assign(
        quotes_change_pct=100 * change / moved["quotes_before"].where(moved["quotes_before"] > 0),
        ev_change_pct=moved["ev_after_pct"] - moved["ev_before_pct"],
        moved=(change.abs() / larger.where(larger > 0)).fillna(0.0),
    ).reset_index()
    ranked = moved.sort_values(
        ["moved", "subject", "name"], ascending=[False, False, True], ignore_index=True
    )
    return ranked[list(MOVEMENT_COLUMNS)].round(DIGITS)


def _earlier(slate: str, days: int) -> str:
    return (date.fromisoformat(slate) - timedelta(days=days)).isoformat()


def _window(frame: pd.DataFrame, slate: str, days: int) -> pd.DataFrame:
    return frame.loc[frame["game_date"].between(_earlier(slate, days - 1), slate)]


def _games(coverage: pd.DataFrame) -> float:
    return float(coverage.loc[coverage["level"] == CoverageLevel.SLATE, "games_scheduled"].sum())


def _quotes_a_game(coverage: pd.DataFrame) -> pd.Series[float]:
    """By subject and name."""
    vendors = coverage.loc[coverage["level"] == CoverageLevel.VENDOR].groupby("source_vendor")["quotes"].sum()
    markets = coverage.loc[coverage["level"] == CoverageLevel.BOOK_MARKET].groupby("market")["quotes"].sum()
    games = _games(coverage)
    both: pd.Series[float] = pd.concat({VENDOR: vendors, MARKET: markets}).astype("float64")
    return both / games if games else both.iloc[:0]


def _mean_ev(ev: pd.DataFrame) -> pd.Series[float]:
    """By subject and name, weighted by the prices that have EV."""
    levels = {EvLevel.VENDOR.value: VENDOR, EvLevel.MARKET.value: MARKET}
    rows = ev.loc[ev["level"].isin(levels) & ev["mean_ev_pct"].notna()]
    weighed = rows.assign(sum=rows["mean_ev_pct"] * rows["prices_with_ev"], level=rows["level"].map(levels))
    sums = weighed.groupby(["level", "name"])[["sum", "prices_with_ev"]].sum()
    return sums["sum"] / sums["prices_with_ev"].where(sums["prices_with_ev"] > 0)


def _without_gaps(moved: pd.DataFrame, *, has_before: bool, has_after: bool) -> pd.DataFrame:
    """No quote in a window that had games is a zero; in one that had none it stays null."""
    filled = {name: 0.0 for name, has in (("quotes_before", has_before), ("quotes_after", has_after)) if has}
    return moved.fillna(filled)
