"""What the claimed EV came to, by bucket of claimed EV. Only shown; nothing decides by it."""

from typing import Any

import pandas as pd

from nhl_ops.contracts.evidence import EvLevel
from nhl_ops.domain.intervals import clustered_roi_interval
from nhl_ops.gateways.exports.wording import plural

COUNTS = ["best_bets", "bets_settled", "bets_won"]
ALL = "all"


def by_bucket(summary: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a bucket with best bets, by claimed EV, and a last row "all"; [] without a best bet.

    `summary` has the columns of fact_ev_summary_daily, of one slate or more. Claimed and observed are in percent of
    the stake and cover the same bets: those won or lost, one unit on each, and of a slate with pushes their claim is
    the mean of all. `low` and `high` are the 95% interval of the observed.
    """
    buckets = summary.loc[(summary["level"] == EvLevel.BUCKET) & (summary["best_bets"] > 0)]
    if buckets.empty:
        return []
    found = [_figures(str(name), rows) for name, rows in buckets.groupby("name")]
    found.sort(key=lambda row: row["order"])
    return [*found, _figures(ALL, summary.loc[summary["level"] == EvLevel.SLATE])]


def _figures(bucket: str, rows: pd.DataFrame) -> dict[str, Any]:
    bets, settled, won = (int(rows[name].sum()) for name in COUNTS)
    counts = {"bucket": bucket, "bets": bets, "won": won, "lost": settled - won, "open": bets - settled}
    claims = rows["best_bets_mean_ev_pct"]
    order = (claims * rows["best_bets"]).sum() / max(bets, 1)
    decided = rows.loc[rows["bets_settled"] > 0]
    if decided.empty:
        nothing = dict.fromkeys(("claimed", "profit", "observed", "low", "high"))
        return counts | nothing | {"order": order}
    profit = float(decided["bets_profit_units"].sum())
    low, high = clustered_roi_interval(
        *(decided[name].tolist() for name in ("bets_won", "bets_settled", "bets_profit_units"))
    )
    return counts | {
        "order": order,
        "claimed": (decided["best_bets_mean_ev_pct"] * decided["bets_settled"]).sum() / settled,
        "profit": profit,
        "observed": 100 * profit / settled,
        "low": low,
        "high": high,
    }


def band_note(claims: list[dict[str, Any]]) -> str:
    """What the interval of the observed ROI is, and of how many bets."""
    decided = claims[-1]["won"] + claims[-1]["lost"] if claims else 0
    return (
        f"95% interval of the ROI of the {plural(decided, 'bet')} won or lost: Wilson's of the share won, at the mean "
        "return of a bet won, or that of the spread between slates where it is wider. "
        "ROI is only observed, never tuned on."
    )
