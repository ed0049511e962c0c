"""Plots of what was quoted."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from nhl_ops.contracts.evidence import CoverageLevel
from nhl_ops.domain.books import book_key
from nhl_ops.domain.markets import Market
from nhl_ops.gateways.exports.plots import BLUE, drawing, label, listed, sentence
from nhl_ops.gateways.exports.wording import market_label, plural

COVERAGE = "Quotes by book and market"
BY_VENDOR = "Quotes by slate and vendor"
SHADES = LinearSegmentedColormap.from_list("shades", [(*to_rgb(BLUE), 0.04), (*to_rgb(BLUE), 0.6)])
ROW_IN, FRAME_IN = 0.24, 1.3
ROWS_SHOWN = 14
LEVEL_LABELS = 3
"""So many columns have room for labels that are not turned."""


def coverage(frame: pd.DataFrame) -> str:
    """Quotes of each book (all vendors and spellings) in each market, from fact_odds_coverage_daily. A figure."""
    rows = frame.loc[frame["level"] == CoverageLevel.BOOK_MARKET]
    if rows.empty:
        return sentence(COVERAGE, "No book quoted a player prop of this slate.")
    spelled = rows["book_name"].groupby(rows["book_name"].map(book_key)).transform("min")
    counts = rows.pivot_table("quotes", spelled, "market", "sum", fill_value=0)
    there_are = len(counts)
    counts = counts.reindex(columns=[str(m) for m in Market if m in counts])
    largest = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index[:ROWS_SHOWN]
    counts = counts.loc[largest].rename(columns=market_label)
    told = listed(
        f"{label(book)}: " + ", ".join(f"{number:,} {market}" for market, number in row.items())
        for book, row in counts.iterrows()
    )
    return _heatmap(COVERAGE, counts, "Market", _first_of("Book", len(counts), there_are), told)


def by_vendor(frame: pd.DataFrame) -> str:
    """Quotes of each vendor on each of the newest slates, from fact_odds_coverage_daily. A figure."""
    rows = frame.loc[frame["level"] == CoverageLevel.VENDOR]
    if rows.empty:
        return sentence(BY_VENDOR, "No vendor quoted a player prop in this window.")
    counts = rows.pivot_table("quotes", "game_date", "source_vendor", "sum", fill_value=0)
    shown = counts.sort_index(ascending=False).head(ROWS_SHOWN)
    totals = ", ".join(f"{vendor} {number:,}" for vendor, number in shown.sum().items())
    told = f"Quotes of the newest {plural(len(shown), 'slate')}, by vendor: {totals}."
    return _heatmap(BY_VENDOR, shown, "Vendor", _first_of("Slate (ET date)", len(shown), len(counts)), told)


def _first_of(what: str, shown: int, there_are: int) -> str:
    return what if shown == there_are else f"{what}, {shown} of {there_are}"


def _heatmap(title: str, counts: pd.DataFrame, xlabel: str, ylabel: str, told: str) -> str:
    """A cell a row and column, shaded by its count, with the count in it."""

    def draw(axes: Axes) -> None:
        axes.grid(visible=False)
        axes.pcolormesh(counts.to_numpy(), cmap=SHADES, vmin=0)
        axes.invert_yaxis()
        axes.set_xticks([i + 0.5 for i in range(counts.shape[1])], [label(c) for c in counts.columns])
        axes.set_yticks([i + 0.5 for i in range(counts.shape[0])], [label(r) for r in counts.index])
        axes.tick_params(length=0)
        if counts.shape[1] > LEVEL_LABELS:
            axes.set_xticks(
                axes.get_xticks(), axes.get_xticklabels(), rotation=30, ha="right", rotation_mode="anchor"
            )
        axes.spines[:].set_visible(False)
        for y, row in enumerate(counts.to_numpy()):
            for x, number in enumerate(row):
                axes.text(x + 0.5, y + 0.5, f"{int(number):,}", ha="center", va="center", size=8)
        axes.set(xlabel=f"{xlabel} (cells: quotes)", ylabel=ylabel)

    return drawing(title, draw, told=told, height_in=FRAME_IN + ROW_IN * len(counts))
