"""What the claimed EV came to: observed profit by bucket of claimed EV. Only shown; nothing decides by it."""

from typing import Any

import pandas as pd

from nhl_ops.domain.settlement import Outcome

EDGES = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Lower edges of the buckets, in percent of the stake."""


def label(lower: float, upper: float) -> str:
    if upper == float("inf"):
        return f"{lower:g}% and more"
    return f"below {upper:g}%" if lower == float("-inf") else f"{lower:g}% to {upper:g}%"


def by_bucket(settlements: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a bucket of claimed EV with published bets, and a last row "all"; [] without published bets.

    `settlements` has the columns of fact_prop_settlements. Mean claimed EV and observed ROI cover the same
    bets: those won or lost, one unit on each. Pushes, voids and pending bets are counted apart.
    """
    bets = settlements.dropna(subset=["bet_id", "ev_pct"])
    if bets.empty:
        return []
    edges = [float("-inf"), *EDGES, float("inf")]
    bucket = pd.cut(bets["ev_pct"], edges, right=False, labels=False)
    rows = [
        {"bucket": label(edges[int(i)], edges[int(i) + 1])} | _figures(group)
        for i, group in bets.groupby(bucket)
    ]
    return [*rows, {"bucket": "all"} | _figures(bets)]


def _figures(bets: pd.DataFrame) -> dict[str, Any]:
    decided = bets.loc[bets["outcome"].isin([Outcome.WON, Outcome.LOST])]
    profit = decided["profit_units"].sum() if len(decided) else None
    return {
        "bets": len(bets),
        "won": int((bets["outcome"] == Outcome.WON).sum()),
        "lost": int((bets["outcome"] == Outcome.LOST).sum()),
        "void": int(bets["outcome"].isin([Outcome.PUSH, Outcome.VOID]).sum()),
        "pending": int((bets["outcome"] == Outcome.PENDING).sum()),
        "claimed": decided["ev_pct"].mean() if len(decided) else None,
        "profit": profit,
        "observed": None if profit is None else 100 * profit / len(decided),
    }
