"""Made-up rows of report_daily and report_rolling, and a reader of the Markdown made from them."""

from datetime import date

import pandas as pd
from markdown_it import MarkdownIt

from nhl_ops.contracts import reports
from nhl_ops_tests.gateways.exports_samples import SLATE


def daily_row(slate: date = SLATE, **changes: object) -> pd.DataFrame:
    row = {
        "game_date": slate.isoformat(),
        "outcome": "ok",
        "outcome_reason": None,
        "games": 8,
        "games_with_odds": 7,
        "quotes": 600,
        "quotes_mapped": 585,
        "books": 9,
        "players_projected": 320,
        "fallback_share": 0.031,
        "prices": 585,
        "best_bets": 23,
        "best_ev_pct": 5.4,
        "mean_ev_pct": 1.6,
        "bets_won": 8,
        "bets_lost": 13,
        "bets_void": 1,
        "bets_pending": 1,
        "profit_units": -2.31,
        "log_loss_model": 0.6712,
        "log_loss_consensus": 0.6688,
        "rows_scored": 281,
    }
    return reports.REPORT_DAILY.conform(pd.DataFrame([row | changes]))


def quiet_row(outcome: str, reason: str | None = None, games: int = 0, slate: date = SLATE) -> pd.DataFrame:
    """A slate on which there was nothing of the kind `outcome`."""
    names = [c.name for c in reports.REPORT_DAILY.columns]
    nothing = {n: None if reports.REPORT_DAILY.by_name[n].nullable else 0 for n in names[3:]}
    return daily_row(slate, **nothing | {"outcome": outcome, "outcome_reason": reason, "games": games})


def rolling_rows() -> pd.DataFrame:
    rows = [
        {
            "game_date": SLATE.isoformat(),
            "window": f"{days} days",
            "window_days": days,
            "slates": days - 1,
            "games": 8 * days,
            "quotes": 2_100 * days,
            "mapped_share": 0.9961,
            "best_bets": 20 * days,
            "bets_settled": 18 * days,
            "mean_ev_pct": 1.7,
            "realized_roi_pct": roi,
            "log_loss_model": 0.6701,
            "log_loss_consensus": 0.6668,
            "quotes_delta": -1_204,
            "mapped_share_delta": 0.0012,
            "best_bets_delta": 3,
            "mean_ev_delta_pct": 0.2,
            "realized_roi_delta_pct": None,
            "log_loss_model_delta": -0.0021,
            "slates_withdrawn": 0,
        }
        for days, roi in ((30, -1.9), (7, 3.4), (14, None))
    ]
    return reports.REPORT_ROLLING.conform(pd.DataFrame(rows))


def tables(markdown: str) -> list[list[list[str]]]:
    """Cells of every table as a viewer splits them."""
    found: list[list[list[str]]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and token.level >= 4 and found:
            found[-1][-1].append("".join(child.content for child in token.children or []))
    return found


def section(markdown: str, heading: str) -> str:
    return markdown.split(f"\n## {heading}\n")[1].partition("\n## ")[0]
