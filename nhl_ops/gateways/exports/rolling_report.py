"""`rolling_report.md`: windows that end at the newest slate, and the slates in them one by one."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from nhl_ops.contracts.reports import REPORT_DAILY, REPORT_ROLLING
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.exports.markdown import write_markdown

SLATES_SHOWN = 30


def write_rolling_report(
    path: Path, rolling: pd.DataFrame, daily: pd.DataFrame, generated_at_utc: datetime
) -> Path:
    """Write the report of the newest slate in `rolling`.

    `rolling` has the columns of report_rolling (of any slates: the newest one's windows are shown), `daily`
    those of report_daily. Without a row in `rolling` the report says that nothing is published yet.
    """
    ending = rolling["game_date"].max() if len(rolling) else None
    windows = REPORT_ROLLING.conform(rolling.loc[rolling["game_date"] == ending]).sort_values("window_days")
    days = REPORT_DAILY.conform(daily.loc[daily["game_date"] <= (ending or "")])
    days = days.sort_values("game_date", ascending=False).head(SLATES_SHOWN)
    view = {
        "ending": ending,
        "windows": with_gap(windows),
        "slates": days.assign(report=days["game_date"].map(daily_report_of)).to_dict("records"),
        "generated_at_utc": generated_at_utc,
    }
    return write_markdown(path, "rolling_report", view)


def daily_report_of(game_date: str) -> str:
    return names.daily_report(date.fromisoformat(game_date))


def with_gap(windows: pd.DataFrame) -> list[dict[str, Any]]:
    """Windows with what was observed minus claimed, and the model's log-loss minus the consensus's."""
    return windows.assign(
        roi_gap_pct=windows["realized_roi_pct"] - windows["mean_ev_pct"],
        log_loss_gap=windows["log_loss_model"] - windows["log_loss_consensus"],
    ).to_dict("records")
