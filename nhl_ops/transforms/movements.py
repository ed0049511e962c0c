"""Which vendors and markets moved between two windows of slates, beyond their noise. Only shown; nothing decides by it.

Every figure is a ratio of sums over slates, so that a week of few games is no fall; its noise is the spread between the
slates.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from nhl_ops.contracts.evidence import AccuracyLevel, CoverageLevel, EvLevel
from nhl_ops.contracts.reports import MOVEMENT_COLUMNS, Measure
from nhl_ops.domain.intervals import Ratio, noise, ratio

DIGITS = 6
VENDOR, MARKET = "vendor", "market"
ROW = ["subject", "name", "measure"]
FIGURES = ["before", "after", "change", "noise"]
PARTS = [*ROW, "game_date", "part", "whole"]


def movements(
    slate: str, days: int, coverage: pd.DataFrame, ev: pd.DataFrame, accuracy: pd.DataFrame
) -> pd.DataFrame:
    """MOVEMENT_COLUMNS, what moved furthest in units of its noise first.

    The window of `days` days that ends with the slate (ISO date), against as many days before. coverage:
    FACT_ODDS_COVERAGE_DAILY, ev: FACT_EV_SUMMARY_DAILY, accuracy: FACT_FORECAST_ACCURACY_DAILY of those days.
    """
    parts = pd.concat([_covered(coverage), _claimed(ev), _forecast(accuracy)], ignore_index=True)
    turn, start = _earlier(slate, days - 1), _earlier(slate, 2 * days - 1)
    parts = parts.loc[(parts["whole"] > 0) & parts["game_date"].between(start, slate)]
    pairs = {
        row: (_ratio(group.loc[group["game_date"] < turn]), _ratio(group.loc[group["game_date"] >= turn]))
        for row, group in parts.groupby(ROW)
    }
    compared = sum(_has_noise(before, after) for before, after in pairs.values())
    rows = [(*row, *_moved(before, after, compared)) for row, (before, after) in pairs.items()]
    frame = pd.DataFrame(rows, columns=list(MOVEMENT_COLUMNS))
    return _furthest_first(frame.astype(dict.fromkeys(FIGURES, "float64")))


def _furthest_first(frame: pd.DataFrame) -> pd.DataFrame:
    size = frame["change"].abs()
    steps = (size / frame["noise"]).where(size > 0, 0 * frame["noise"])
    ranked = frame.assign(steps=steps).sort_values(
        ["steps", "subject", "name", "measure"], ascending=[False, False, True, True], ignore_index=True
    )
    return ranked[list(MOVEMENT_COLUMNS)]


def _earlier(slate: str, days: int) -> str:
    return (date.fromisoformat(slate) - timedelta(days=days)).isoformat()


def _ratio(parts: pd.DataFrame) -> Ratio | None:
    return ratio(parts["part"].tolist(), parts["whole"].tolist()) if len(parts) else None


def _has_noise(before: Ratio | None, after: Ratio | None) -> bool:
    return before is not None and after is not None and min(before.clusters, after.clusters) > 1


def _moved(before: Ratio | None, after: Ratio | None, compared: int) -> tuple[object, ...]:
    """The columns of a movement after those that name it."""
    values = [None if side is None else round(side.value, DIGITS) for side in (before, after)]
    slates = [0 if side is None else side.clusters for side in (before, after)]
    if before is None or after is None:
        return (*values, None, None, *slates, False)
    change = round(after.value - before.value, DIGITS)
    if not _has_noise(before, after):
        return (*values, change, None, *slates, False)
    spread = round(noise(before, after, compared), DIGITS)
    return (*values, change, spread, *slates, abs(change) > spread)


def _covered(coverage: pd.DataFrame) -> pd.DataFrame:
    """By vendor: quotes and games quoted of the games scheduled, mapped of the quotes; by market: quotes."""
    is_slate = (coverage["level"] == CoverageLevel.SLATE) & (coverage["games_scheduled"] > 0)
    games = coverage.loc[is_slate].set_index("game_date")["games_scheduled"]
    vendors = coverage.loc[coverage["level"] == CoverageLevel.VENDOR].assign(
        subject=VENDOR, name=lambda r: r["source_vendor"]
    )
    markets = coverage.loc[coverage["level"] == CoverageLevel.BOOK_MARKET].assign(
        subject=MARKET, name=lambda r: r["market"]
    )
    return pd.concat(
        [
            _per_game(Measure.QUOTES, pd.concat([vendors, markets]), "quotes", games),
            _per_game(Measure.GAMES, vendors, "games_quoted", games),
            _parts(
                vendors.assign(measure=Measure.MAPPED, part=vendors["quotes_mapped"], whole=vendors["quotes"])
            ),
        ]
    )


def _per_game(measure: Measure, rows: pd.DataFrame, column: str, games: pd.Series[int]) -> pd.DataFrame:
    """A part for every slate with games: who did not quote it has a zero there."""
    counts = rows.pivot_table(column, "game_date", ["subject", "name"], "sum", fill_value=0)
    long = counts.reindex(games.index, fill_value=0).melt(ignore_index=False, value_name="part")
    return _parts(
        long.rename_axis("game_date")
        .reset_index()
        .assign(measure=measure, whole=lambda r: r["game_date"].map(games))
    )


def _claimed(ev: pd.DataFrame) -> pd.DataFrame:
    """Mean EV by vendor and market, over the prices that have it."""
    levels = {EvLevel.VENDOR.value: VENDOR, EvLevel.MARKET.value: MARKET}
    rows = ev.loc[ev["level"].isin(levels) & ev["mean_ev_pct"].notna()]
    whole = rows["prices_with_ev"]
    return _parts(
        rows.assign(
            subject=rows["level"].map(levels),
            measure=Measure.EV,
            part=rows["mean_ev_pct"] * whole,
            whole=whole,
        )
    )


def _forecast(accuracy: pd.DataFrame) -> pd.DataFrame:
    """Log-loss and bias by market, over the standard lines that were decided."""
    rows = accuracy.loc[accuracy["level"] == AccuracyLevel.LINE]
    said = {Measure.LOG_LOSS: rows["log_loss"], Measure.BIAS: rows["mean_p_over"] - rows["over_rate"]}
    return pd.concat(
        [
            _parts(
                rows.assign(
                    subject=MARKET,
                    name=rows["market"],
                    measure=measure,
                    part=values * rows["predictions"],
                    whole=rows["predictions"],
                )
            )
            for measure, values in said.items()
        ]
    )


def _parts(rows: pd.DataFrame) -> pd.DataFrame:
    """PARTS, a row a figure and slate."""
    sums = rows.groupby([*ROW, "game_date"], as_index=False)[["part", "whole"]].sum()
    return sums[PARTS].astype({"part": np.float64, "whole": np.float64})
