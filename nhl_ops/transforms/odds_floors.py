"""Figures by which a vendor's prices are judged against their floors. Whether they pass is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from statistics import median

import pandas as pd

from nhl_ops.domain.floors import HoldFloor, MirrorFloor, TwoSidedFloor, VolumeFloor

VENDOR_MARKET = ["source_vendor", "market"]
BOOK = ["game_date", "source_vendor", "book_name"]
LINE = [*BOOK, "book_id", "game_id_nhl", "player_id_nhl", "market", "line"]
ROUNDING = 1e-9
"""Of a sum of two implied probabilities: a hold of exactly zero must not count as negative."""


def similar_days(slate: str, games: Mapping[str, int], floor: VolumeFloor) -> list[str]:
    """Earlier ISO dates within the history whose number of games is about that of the slate."""
    first = (date.fromisoformat(slate) - timedelta(days=floor.history_days)).isoformat()
    return [
        day
        for day, count in sorted(games.items())
        if first <= day < slate and count > 0 and abs(count - games[slate]) <= floor.similar_games
    ]


def volumes(offers: pd.DataFrame, games: Mapping[str, int], slate: str, floor: VolumeFloor) -> pd.DataFrame:
    """VENDOR_MARKET with offers, days and median: a slate's distinct offers and those of its similar days.

    offers: game_date, VENDOR_MARKET, offers of the slate and of days before. days: the similar days on which the
    vendor quoted anything; on the others it was down or not asked. median: scaled to the slate's number of games.
    """
    days = similar_days(slate, games, floor)
    quoted = set(zip(offers["source_vendor"], offers["game_date"], strict=True))
    by_day = offers[offers["game_date"].isin([*days, slate])].pivot_table(
        index=VENDOR_MARKET, columns="game_date", values="offers", aggfunc="sum", fill_value=0
    )
    rows = []
    for row in by_day.reindex(columns=[*days, slate], fill_value=0).reset_index().to_dict("records"):
        past = [row[day] * games[slate] / games[day] for day in days if (row["source_vendor"], day) in quoted]
        figures = (row[slate], len(past), median(past) if past else None)
        rows.append((row["source_vendor"], row["market"], *figures))
    return pd.DataFrame(rows, columns=[*VENDOR_MARKET, "offers", "days", "median"]).astype(
        {"median": "float64"}
    )


def one_sided(prices: pd.DataFrame, floor: TwoSidedFloor) -> pd.DataFrame:
    """BOOK with lines and one_sided_share, over the main lines of the markets that have two sides.

    prices: EV_FAIR_PRICES with is_alternate; a line without hold has one side alone.
    """
    is_main = ~prices["is_alternate"] & ~prices["market"].isin(list(floor.yes_only_markets))
    lines = prices.loc[is_main, [*LINE, "hold"]].drop_duplicates(LINE)
    shares = lines.assign(one_sided_share=lines["hold"].isna()).groupby(BOOK)["one_sided_share"]
    return pd.DataFrame({"lines": shares.size(), "one_sided_share": shares.mean()}).reset_index()


def holds(prices: pd.DataFrame, floor: HoldFloor) -> pd.DataFrame:
    """BOOK with lines, outside_share, lowest and highest hold, over the two-way prices that one can take.

    prices: EV_FAIR_PRICES; those of synthetic books and pick'em sites have no margin of a book.
    """
    two_way = prices[prices["hold"].notna() & prices["is_bettable"]].drop_duplicates(LINE)
    is_inside = two_way["hold"].between(floor.hold_min - ROUNDING, floor.hold_max + ROUNDING)
    by_book = two_way.assign(is_outside=~is_inside).groupby(BOOK)
    return pd.DataFrame(
        {
            "lines": by_book.size(),
            "outside_share": by_book["is_outside"].mean(),
            "lowest": by_book["hold"].min(),
            "highest": by_book["hold"].max(),
        }
    ).reset_index()


def mirrored(prices: pd.DataFrame, floor: MirrorFloor) -> pd.DataFrame:
    """BOOK with lines and mirrored_share: lines at which its P(over) is nearer to the others' P(under).

    prices: EV_FAIR_PRICES. With two books alone each mirrors the other, and nothing tells which one is wrong.
    """
    lines = prices[prices["prob_devig_book"].notna() & prices["prob_consensus"].notna()].drop_duplicates(LINE)
    telling = lines[(lines["prob_consensus"] - 0.5).abs() >= floor.min_edge]
    is_mirrored = (telling["prob_devig_book"] - 0.5) * (telling["prob_consensus"] - 0.5) < 0
    shares = telling.assign(mirrored_share=is_mirrored).groupby(BOOK)["mirrored_share"]
    return pd.DataFrame({"lines": shares.size(), "mirrored_share": shares.mean()}).reset_index()
