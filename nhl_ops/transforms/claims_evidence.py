"""What was claimed and what came of it, and how good the forecasts were: rows of the evidence tables of these."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nhl_ops.contracts.evidence import (
    FACT_EV_SUMMARY_DAILY,
    FACT_FORECAST_ACCURACY_DAILY,
    AccuracyLevel,
    EvLevel,
)
from nhl_ops.domain.markets import STANDARD_LADDER, Side
from nhl_ops.domain.settlement import Outcome

BUCKETS = (-np.inf, -5.0, 0.0, 2.0, 5.0, np.inf)
BUCKET_NAMES = ("below -5 %", "-5 to 0 %", "0 to 2 %", "2 to 5 %", "5 % and more")
"""Of claimed EV; an edge belongs to the higher bucket."""
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
THRESHOLDS = (0, 2, 5)
BINS = 10
NO_LINE, NO_BIN = -1.0, -1
PREDICTION = ["game_date", "game_id_nhl", "player_id_nhl", "market", "line"]


def ev_summary(
    slates: list[str], prices: pd.DataFrame, bets: pd.DataFrame, settlements: pd.DataFrame
) -> pd.DataFrame:
    """FACT_EV_SUMMARY_DAILY; each slate has its slate row.

    prices: EV_FAIR_PRICES. bets: EV_MULTI_BOOK_BEST_BETS. settlements: FACT_PROP_SETTLEMENTS of the same slates.
    """
    outcome = settlements[["game_date", "quote_id", "outcome", "profit_units"]]
    rows = prices.merge(outcome, on=["game_date", "quote_id"], how="left")
    is_bet = rows["quote_id"].isin(bets["quote_id"])
    rows = rows.assign(is_bet=is_bet, is_decided=rows["outcome"].isin([Outcome.WON, Outcome.LOST]))
    cut = pd.cut(rows["ev_pct"], BUCKETS, right=False, labels=list(BUCKET_NAMES))
    named = {
        EvLevel.SLATE: pd.Series("", index=rows.index),
        EvLevel.MARKET: rows["market"],
        EvLevel.VENDOR: rows["source_vendor"],
        EvLevel.BOOK: rows["book_name"],
        EvLevel.BUCKET: cut.astype("object"),
    }
    records = [
        r for level, name in named.items() for r in _records(rows.assign(level=level.value, name=name))
    ]
    bare = sorted(set(slates) - set(rows["game_date"]))
    records += [_figures(rows.iloc[:0], slate, EvLevel.SLATE, "") for slate in bare]
    frame = pd.DataFrame(records, columns=FACT_EV_SUMMARY_DAILY.column_names)
    counts = [c.name for c in FACT_EV_SUMMARY_DAILY.columns if c.dtype.value == "int64"]
    frame[counts] = frame[counts].astype("int64")
    key = list(FACT_EV_SUMMARY_DAILY.key)
    return frame.sort_values(key, ignore_index=True)[FACT_EV_SUMMARY_DAILY.column_names]


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    groups = rows.groupby(["game_date", "level", "name"], observed=True)
    return [_figures(group, *map(str, key)) for key, group in groups]


def _figures(rows: pd.DataFrame, slate: str, level: str, name: str) -> dict[str, Any]:
    ev = rows["ev_pct"].dropna()
    bets = rows[rows["is_bet"]]
    decided, decided_bets = rows[rows["is_decided"] & rows["ev_pct"].notna()], bets[bets["is_decided"]]
    return {
        "game_date": slate,
        "level": level,
        "name": name,
        "prices": len(rows),
        "prices_with_ev": len(ev),
        **{f"above_{t}_pct": int((ev > t).sum()) for t in THRESHOLDS},
        "mean_ev_pct": _mean(ev),
        **{f"{q}_ev_pct": float(ev.quantile(p)) if len(ev) else None for q, p in QUANTILES.items()},
        "mean_ev_model_pct": _mean(rows["ev_model_pct"].dropna()),
        "best_bets": len(bets),
        "best_bets_mean_ev_pct": _mean(bets["ev_pct"]),
        "bets_settled": len(decided_bets),
        "bets_won": int((decided_bets["outcome"] == Outcome.WON).sum()),
        "bets_profit_units": _total(decided_bets["profit_units"]),
        "prices_settled": len(decided),
        "settled_mean_ev_pct": _mean(decided["ev_pct"]),
        "settled_profit_units": _total(decided["profit_units"]),
    }


def _mean(values: pd.Series[float]) -> float | None:
    return float(values.mean()) if len(values) else None


def _total(values: pd.Series[float]) -> float | None:
    return float(values.sum()) if len(values) else None


def forecast_accuracy(
    probabilities: pd.DataFrame, statistics: pd.DataFrame, prices: pd.DataFrame
) -> pd.DataFrame:
    """FACT_FORECAST_ACCURACY_DAILY: standard lines and their tenths of P(over).

    probabilities: SINGLE_GAME_PROP_PROBABILITIES. statistics: game_id_nhl, player_id_nhl, market, is_in, stat of
    final games. prices: EV_FAIR_PRICES. A push tells nothing and is left out; P(over) is of no push.
    """
    standard = pd.DataFrame(
        [(m.value, line) for m, lines in STANDARD_LADDER.items() for line in lines],
        columns=["market", "line"],
    )
    played = statistics.loc[statistics["is_in"].astype("boolean").fillna(False), [*PREDICTION[1:4], "stat"]]
    rows = probabilities.merge(standard, on=["market", "line"]).merge(played, on=PREDICTION[1:4])
    rows = rows[rows["stat"] != rows["line"]]
    p = rows["p_over"] / (1.0 - rows["p_push"])
    rows = rows.assign(p=p.clip(1e-9, 1.0 - 1e-9), is_over=(rows["stat"] > rows["line"]).astype("float64"))
    overs = prices[(prices["side"] == Side.OVER) & prices["prob_consensus"].notna()]
    consensus = overs.groupby(PREDICTION)["prob_consensus"].mean().rename("consensus").reset_index()
    rows = rows.merge(consensus, on=PREDICTION, how="left")
    rows = rows.assign(
        loss=_log_loss(rows["p"], rows["is_over"]),
        brier=(rows["p"] - rows["is_over"]) ** 2,
        loss_priced=_log_loss(rows["p"], rows["is_over"]).where(rows["consensus"].notna()),
        loss_consensus=_log_loss(rows["consensus"].clip(1e-9, 1.0 - 1e-9), rows["is_over"]),
        tenth=np.minimum((rows["p"] * BINS).astype("int64"), BINS - 1),
    )
    lines = _scores(rows.assign(level=AccuracyLevel.LINE.value, bin=NO_BIN))
    bins = _scores(rows.assign(level=AccuracyLevel.BIN.value, line=NO_LINE, bin=rows["tenth"]))
    frame = pd.concat([lines, bins], ignore_index=True)
    return frame[FACT_FORECAST_ACCURACY_DAILY.column_names]


def _scores(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby(list(FACT_FORECAST_ACCURACY_DAILY.key), as_index=False).agg(
        predictions=("p", "size"),
        mean_p_over=("p", "mean"),
        over_rate=("is_over", "mean"),
        log_loss=("loss", "mean"),
        brier=("brier", "mean"),
        predictions_priced=("consensus", "count"),
        log_loss_priced=("loss_priced", "mean"),
        log_loss_consensus=("loss_consensus", "mean"),
        model_version=("model_version", "first"),
    )


def _log_loss(p: pd.Series[float], is_over: pd.Series[float]) -> pd.Series[float]:
    return pd.Series(-np.log(np.where(is_over > 0.5, p, 1.0 - p)), index=p.index)
