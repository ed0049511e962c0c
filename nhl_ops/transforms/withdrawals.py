"""Withdrawn cards in windows of slates: their bets count in no figure of what was claimed and what came of it.

What a vendor sent and what the model said of such a slate counts as ever: it does not hang on the card.
"""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta

import pandas as pd

from nhl_ops.contracts.evidence import FACT_EV_SUMMARY_DAILY
from nhl_ops.contracts.reports import REPORT_DAILY
from nhl_ops.contracts.spec import TableSpec

COUNTS = {
    REPORT_DAILY.name: ["best_bets", "bets_won", "bets_lost", "bets_void", "bets_pending"],
    FACT_EV_SUMMARY_DAILY.name: ["best_bets", "bets_settled", "bets_won", "prices_settled"],
}
"""By table: what is zero of a slate without bets."""
FIGURES = {
    REPORT_DAILY.name: ["best_ev_pct", "mean_ev_pct", "profit_units"],
    FACT_EV_SUMMARY_DAILY.name: [
        "best_bets_mean_ev_pct",
        "bets_profit_units",
        "settled_mean_ev_pct",
        "settled_profit_units",
    ],
}
"""By table: what is null of it."""


def without_claims(spec: TableSpec, rows: pd.DataFrame, withdrawn: AbstractSet[str]) -> pd.DataFrame:
    """Rows of a table by slate, those of withdrawn slates as if no bet had been made and no claim settled."""
    is_out = rows["game_date"].isin(withdrawn)
    zeros = {name: rows[name].mask(is_out, 0) for name in COUNTS.get(spec.name, [])}
    nulls = {name: rows[name].mask(is_out) for name in FIGURES.get(spec.name, [])}
    return rows.assign(**zeros, **nulls)


def with_withdrawn(rolling: pd.DataFrame, withdrawn: AbstractSet[str]) -> pd.DataFrame:
    """REPORT_ROLLING with the number of withdrawn slates in each window."""
    ends, days = rolling["game_date"], rolling["window_days"]
    counts = [
        sum(_first(end, length) <= slate <= end for slate in withdrawn)
        for end, length in zip(ends, days, strict=True)
    ]
    return rolling.assign(slates_withdrawn=pd.array(counts, dtype="Int64"))


def _first(end: str, days: int) -> str:
    return (date.fromisoformat(end) - timedelta(days=int(days) - 1)).isoformat()
