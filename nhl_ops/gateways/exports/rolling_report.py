"""`rolling_report.md` and its page: windows that end at the newest slate, what moved, and the slates one by one."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from nhl_ops.contracts import evidence as tables
from nhl_ops.contracts.reports import MOVEMENT_COLUMNS, REPORT_DAILY, REPORT_ROLLING
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.exports import claims, moves, names, plots_ev, plots_forecasts, plots_odds
from nhl_ops.gateways.exports.daily_report import figures_of, said_first
from nhl_ops.gateways.exports.day_state import DayState
from nhl_ops.gateways.exports.html import write_html
from nhl_ops.gateways.exports.markdown import render, write_markdown
from nhl_ops.gateways.exports.withdrawn import left_out

SLATES_SHOWN = 30


@dataclass(frozen=True)
class RollingEvidence:
    """What the evidence tables hold of the longest window. An empty frame is a fact, too.

    `coverage` fact_odds_coverage_daily, `ev` fact_ev_summary_daily, `accuracy` fact_forecast_accuracy_daily; `moves` of
    the shortest window against the one before, by MOVEMENT_COLUMNS, the furthest beyond its noise first.
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
    plots = rolling_plots(recent(daily, newest(rolling)), evidence)
    return write_html(path, render("rolling_report", view), view["state"], plots)


def rolling_digest(slate: date, rolling: pd.DataFrame) -> str:
    """The windows that end with the slate as one table of Markdown; `rolling` has the columns of report_rolling."""
    windows = rolling.loc[rolling["game_date"] == slate.isoformat()].sort_values(["window_days", "window"])
    return render("rolling_digest", {"windows": windows.to_dict("records")})


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
    ending = newest(rolling)
    windows = REPORT_ROLLING.conform(rolling.loc[rolling["game_date"] == ending])
    days = recent(daily, ending)
    links = [names.daily_report(date.fromisoformat(key), suffix) for key in days["game_date"]]
    claimed = claims.by_bucket(evidence.ev)
    return {
        **said_of_newest(days, ending, slate_of(generated_at_utc), suffix),
        "withdrawn": left_out(windows),
        "windows": compared(windows.sort_values(["window_days", "window"]), daily),
        "moved": moves.sentences(evidence.moves),
        "moves": moves.rows_of(evidence.moves),
        "moves_found": len(evidence.moves),
        "moves_compared": moves.compared(evidence.moves),
        "claims": claimed,
        "claims_note": claims.band_note(claimed),
        "claims_slates": evidence.ev["game_date"].nunique(),
        "slates": days.assign(report=links).to_dict("records"),
        "generated_at_utc": generated_at_utc,
        "is_page": suffix == "html",
    }


def said_of_newest(days: pd.DataFrame, ending: str | None, today: date, suffix: str) -> dict[str, Any]:
    """What the newest slate was and what to do about it, in the words of its own report."""
    if ending is None:
        return {"ending": None, "state": DayState.EMPTY}
    slate = date.fromisoformat(ending)
    return {"ending": slate, "last_report": names.daily_report(slate, suffix)} | said_first(
        slate, today, figures_of(slate, days), (), ()
    )


def newest(rolling: pd.DataFrame) -> str | None:
    return rolling["game_date"].max() if len(rolling) else None


def recent(daily: pd.DataFrame, ending: str | None) -> pd.DataFrame:
    """The newest slates up to the end, newest first."""
    days = REPORT_DAILY.conform(daily.loc[daily["game_date"] <= (ending or "")])
    return days.sort_values("game_date", ascending=False).head(SLATES_SHOWN)


def compared(windows: pd.DataFrame, daily: pd.DataFrame) -> list[dict[str, Any]]:
    """Windows with observed minus claimed, the model's log-loss minus the consensus's, and the overs scored."""
    return windows.assign(
        roi_gap_pct=windows["realized_roi_pct"] - windows["mean_ev_pct"],
        log_loss_gap=windows["log_loss_model"] - windows["log_loss_consensus"],
        rows_scored=[scored(daily, row.game_date, row.window_days) for row in windows.itertuples()],
    ).to_dict("records")


def scored(daily: pd.DataFrame, ending: str, days: int) -> int:
    first = (date.fromisoformat(ending) - timedelta(days=days - 1)).isoformat()
    return int(daily.loc[daily["game_date"].between(first, ending), "rows_scored"].sum())
