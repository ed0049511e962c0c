"""Windows over the slates in figures, and what changed since the window before. Nothing here decides."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from nhl_ops.contracts.reports import REPORT_ROLLING, SEASON
from nhl_ops.domain.slates import season_starts

DIGITS = 6
DELTAS = {
    "quotes": "quotes_delta",
    "mapped_share": "mapped_share_delta",
    "best_bets": "best_bets_delta",
    "mean_ev_pct": "mean_ev_delta_pct",
    "realized_roi_pct": "realized_roi_delta_pct",
    "log_loss_model": "log_loss_model_delta",
}
"""Figure and the column of its change."""


def first_day_needed(slate: date, windows: tuple[int, ...]) -> date:
    """The earliest slate that the windows of this one look at: its season's, or the longest window before."""
    return min(season_starts(slate), slate - timedelta(days=2 * max(windows) - 1))


def report_rolling(
    slates: list[str], daily: pd.DataFrame, windows: tuple[int, ...] = (7, 14, 30)
) -> pd.DataFrame:
    """REPORT_ROLLING, a row for each slate and window of that many days up to and with the slate, and its season.

    daily: REPORT_DAILY rows of the slates and of the days from `first_day_needed` on, as far as there are any.
    """
    rows = [_compared(daily, slate, days) for slate in slates for days in windows]
    rows += [_season(daily, slate) for slate in slates]
    return REPORT_ROLLING.conform(pd.DataFrame(rows, columns=REPORT_ROLLING.column_names).round(DIGITS))


def named_windows(rolling: pd.DataFrame) -> pd.DataFrame:
    """REPORT_ROLLING in which a row from before windows had names has that of its days."""
    days = rolling["window_days"].astype("string") + " days"
    return rolling.assign(window=rolling["window"].where(rolling["window"].notna(), days).astype("object"))


def _compared(daily: pd.DataFrame, slate: str, days: int) -> dict[str, object]:
    """A window with its changes against the one of as many days that ends where it starts."""
    end = date.fromisoformat(slate)
    now, before = _window(daily, end, days), _window(daily, end - timedelta(days=days), days)
    named = {"game_date": slate, "window": f"{days} days", "window_days": days}
    if not before["slates"]:
        return named | now
    return named | now | {delta: _change(now[name], before[name]) for name, delta in DELTAS.items()}


def _season(daily: pd.DataFrame, slate: str) -> dict[str, object]:
    end = date.fromisoformat(slate)
    played = daily.loc[
        daily["game_date"].between(season_starts(end).isoformat(), slate) & (daily["games"] > 0)
    ]
    first = date.fromisoformat(played["game_date"].min()) if len(played) else end
    days = (end - first).days + 1
    return {"game_date": slate, "window": SEASON, "window_days": days} | _window(daily, end, days)


def _change(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def _window(daily: pd.DataFrame, end: date, days: int) -> dict[str, float | None]:
    first = (end - timedelta(days=days - 1)).isoformat()
    rows = daily[daily["game_date"].between(first, end.isoformat())]
    quotes, settled = rows["quotes"].sum(), (rows["bets_won"] + rows["bets_lost"]).sum()
    return {
        "slates": (rows["games"] > 0).sum(),
        "games": rows["games"].sum(),
        "quotes": quotes,
        "mapped_share": rows["quotes_mapped"].sum() / quotes if quotes else None,
        "best_bets": rows["best_bets"].sum(),
        "bets_settled": settled,
        "mean_ev_pct": _weighted(rows["mean_ev_pct"], rows["best_bets"]),
        "realized_roi_pct": 100.0 * rows["profit_units"].sum() / settled if settled else None,
        "log_loss_model": _weighted(rows["log_loss_model"], rows["rows_scored"]),
        "log_loss_consensus": _weighted(rows["log_loss_consensus"], rows["rows_scored"]),
    }


def _weighted(values: pd.Series[float], weights: pd.Series[int]) -> float | None:
    weight = weights[values.notna()].sum()
    return float((values * weights).sum() / weight) if weight else None
