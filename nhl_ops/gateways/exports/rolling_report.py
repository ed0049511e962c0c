"""`rolling_report.md` and its page: windows that end at the newest slate, what moved, and the slates one by one."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from nhl_ops.contracts import evidence as tables
from nhl_ops.contracts.reports import MOVEMENT_COLUMNS, REPORT_DAILY, REPORT_ROLLING
from nhl_ops.gateways.exports import names, plots_ev, plots_forecasts, plots_odds, wording
from nhl_ops.gateways.exports.day_state import DayState, state_of
from nhl_ops.gateways.exports.html import write_html
from nhl_ops.gateways.exports.markdown import render, write_markdown
from nhl_ops.gateways.exports.withdrawn import left_out

SLATES_SHOWN = 30


@dataclass(frozen=True)
class RollingEvidence:
    """What the evidence tables hold of the longest window. An empty frame is a fact, too.

    `coverage` fact_odds_coverage_daily, `ev` fact_ev_summary_daily, `accuracy` fact_forecast_accuracy_daily; `moves` of
    the shortest window against the one before, by MOVEMENT_COLUMNS, what moved most first.
    """

    coverage: pd.DataFrame = field(default_factory=tables.FACT_ODDS_COVERAGE_DAILY.empty_frame)
    ev: pd.DataFrame = field(default_factory=tables.FACT_EV_SUMMARY_DAILY.empty_frame)
    accuracy: pd.DataFrame = field(default_factory=tables.FACT_FORECAST_ACCURACY_DAILY.empty_frame)
    moves: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(MOVEMENT_COLUMNS)))


def write_rolling_report(
    path: Path,
    rolling: pd.DataFrame,
    daily: pd.DataFrame,
    evidence: RollingEvidence,
    generated_at_utc: datetime,
) -> Path:
    """Write the report of the newest slate in `rolling` as Markdown.

    `rolling` has the columns of report_rolling (of any slates: the newest one's windows are shown), `daily`
    those of report_daily. Without a row in `rolling` the report says that nothing is published yet.
    """
    view = rolling_view(rolling, daily, evidence, generated_at_utc, suffix="md")
    return write_markdown(path, "rolling_report", view)


def write_rolling_html(
    path: Path,
    rolling: pd.DataFrame,
    daily: pd.DataFrame,
    evidence: RollingEvidence,
    generated_at_utc: datetime,
) -> Path:
    """Write the same report as a page with plots."""
    view = rolling_view(rolling, daily, evidence, generated_at_utc, suffix="html")
    plots = rolling_plots(recent(daily, view["ending"]), evidence)
    return write_html(path, render("rolling_report", view), view["state"], plots)


def rolling_plots(days: pd.DataFrame, evidence: RollingEvidence) -> dict[str, list[str]]:
    """Plots by the heading under which they stand. `days`: the slates shown, of report_daily."""
    return {
        "Coverage": [plots_odds.by_vendor(evidence.coverage)],
        "Claimed and observed": [
            plots_ev.claimed(evidence.ev),
            plots_ev.units(days),
            plots_ev.by_slate(evidence.ev),
        ],
        "Model against the books": [
            plots_forecasts.reliability(evidence.accuracy),
            plots_forecasts.losses(days),
        ],
    }


def rolling_view(
    rolling: pd.DataFrame,
    daily: pd.DataFrame,
    evidence: RollingEvidence,
    generated_at_utc: datetime,
    *,
    suffix: str,
) -> dict[str, Any]:
    """All that either form of the report shows; `suffix` of the daily reports that it links to."""
    ending = rolling["game_date"].max() if len(rolling) else None
    windows = REPORT_ROLLING.conform(rolling.loc[rolling["game_date"] == ending])
    days = recent(daily, ending)
    last = days.loc[days["game_date"] == ending].to_dict("records")
    links = [names.daily_report(date.fromisoformat(key), suffix) for key in days["game_date"]]
    return {
        "ending": ending,
        "last": last,
        "state": state_of_last(last[0]) if last else DayState.EMPTY,
        "withdrawn": left_out(windows),
        "windows": with_gap(windows.sort_values(["window_days", "window"])),
        "moves": evidence.moves.to_dict("records"),
        "moved_most": [moved_most(evidence.moves, subject) for subject in ("vendor", "market")],
        "slates": days.assign(report=links).to_dict("records"),
        "generated_at_utc": generated_at_utc,
    }


def state_of_last(figures: dict[str, Any]) -> DayState:
    reason = None if pd.isna(figures["outcome_reason"]) else figures["outcome_reason"]
    return state_of(figures["outcome"], reason, (), ())


def recent(daily: pd.DataFrame, ending: str | None) -> pd.DataFrame:
    """The newest slates up to the end, newest first."""
    days = REPORT_DAILY.conform(daily.loc[daily["game_date"] <= (ending or "")])
    return days.sort_values("game_date", ascending=False).head(SLATES_SHOWN)


def moved_most(moves: pd.DataFrame, subject: str) -> str:
    """A sentence about the vendor or market whose quotes moved most."""
    own = moves.loc[
        (moves["subject"] == subject) & moves["quotes_before"].notna() & moves["quotes_after"].notna()
    ]
    own = own.loc[own["quotes_before"] != own["quotes_after"]]
    if own.empty:
        return f"No {subject} moved, or there is no window before to compare with."
    row = own.iloc[0]
    name = wording.market_label(row["name"])
    by = "new" if not row["quotes_before"] else wording.percent(row["quotes_change_pct"])
    sizes = f"{row['quotes_before']:.1f} to {row['quotes_after']:.1f}"
    return f"The {subject} that moved most: {name}, from {sizes} quotes a game ({by})."


def with_gap(windows: pd.DataFrame) -> list[dict[str, Any]]:
    """Windows with what was observed minus claimed, and the model's log-loss minus the consensus's."""
    return windows.assign(
        roi_gap_pct=windows["realized_roi_pct"] - windows["mean_ev_pct"],
        log_loss_gap=windows["log_loss_model"] - windows["log_loss_consensus"],
    ).to_dict("records")
