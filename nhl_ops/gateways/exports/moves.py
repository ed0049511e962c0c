"""What moved, in words: rows of `transforms.movements` with each figure in its own unit."""

from typing import Any

import pandas as pd

from nhl_ops.contracts.reports import Measure
from nhl_ops.gateways.exports import wording

ROWS_SHOWN = 10
SUBJECTS = {"vendor": "Vendors", "market": "Markets"}
LABELS = {
    Measure.QUOTES: "quotes a game",
    Measure.GAMES: "games quoted",
    Measure.MAPPED: "mapped share",
    Measure.EV: "mean EV",
    Measure.LOG_LOSS: "log-loss",
    Measure.BIAS: "P(over) minus overs",
}
VALUES = {
    Measure.QUOTES: wording.tenth,
    Measure.GAMES: wording.share,
    Measure.MAPPED: wording.share,
    Measure.EV: wording.percent,
    Measure.LOG_LOSS: wording.loss,
    Measure.BIAS: wording.points,
}
CHANGES = {
    Measure.QUOTES: wording.signed_tenth,
    Measure.GAMES: wording.points,
    Measure.MAPPED: wording.points,
    Measure.EV: wording.percent_points,
    Measure.LOG_LOSS: wording.signed_loss,
    Measure.BIAS: wording.points,
}


def rows_of(moves: pd.DataFrame) -> list[dict[str, Any]]:
    """The movements that reach furthest beyond their noise, or come nearest to it, as text."""
    return [worded(row) for row in moves.head(ROWS_SHOWN).to_dict("records")]


def worded(row: dict[str, Any]) -> dict[str, Any]:
    measure = Measure(row["measure"])
    said, changed = VALUES[measure], CHANGES[measure]
    noise = changed(row["noise"]).lstrip("+")
    return row | {
        "measure": LABELS[measure],
        "before": said(row["before"]),
        "after": said(row["after"]),
        "change": changed(row["change"]),
        "noise": noise if noise == wording.MISSING else f"±{noise}",
        "verdict": "moved" if row["is_beyond"] else "within noise" if pd.notna(row["noise"]) else "not known",
    }


def compared(moves: pd.DataFrame) -> int:
    """Figures with a noise to be judged by."""
    return int(moves["noise"].notna().sum())


def sentences(moves: pd.DataFrame) -> list[str]:
    """Of vendors and of markets: how many figures moved beyond their noise, and which one furthest."""
    return [f"{who}: {_said(moves.loc[moves['subject'] == subject])}" for subject, who in SUBJECTS.items()]


def _said(own: pd.DataFrame) -> str:
    known = compared(own)
    if not known:
        return "nothing to compare; two slates in each window are the least."
    beyond = own.loc[own["is_beyond"].astype(bool)]
    if beyond.empty:
        return f"none of {wording.plural(known, 'figure')} moved beyond its noise."
    first = worded(beyond.iloc[0].to_dict())
    name = wording.market_label(first["name"])
    return (
        f"{len(beyond)} of {wording.plural(known, 'figure')} moved beyond noise, furthest {name}, {first['measure']}: "
        f"{first['before']} to {first['after']} (noise {first['noise']})."
    )
