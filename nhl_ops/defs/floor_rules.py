"""Which slates lie below a floor, and what could not be judged: figures and limits in, verdicts out."""

from collections.abc import Iterable, Mapping

import pandas as pd

from nhl_ops.defs.verdicts import Judged
from nhl_ops.domain.floors import (
    ClockFloor,
    FreshnessFloor,
    HoldFloor,
    MirrorFloor,
    TwoSidedFloor,
    VolumeFloor,
)
from nhl_ops.transforms.odds_floors import holds, mirrored, one_sided, volumes


def judge_volumes(
    offers: pd.DataFrame, games: Mapping[str, int], expected: Mapping[str, list[str]], floor: VolumeFloor
) -> Judged:
    judged = Judged()
    for key, vendors in expected.items():
        if not games.get(key):
            continue
        found = volumes(offers, games, key, floor)
        for vendor in vendors:
            rows = found[found["source_vendor"] == vendor]
            days = int(rows["days"].max()) if len(rows) else 0
            if days < floor.min_days:
                judged.note(
                    key,
                    f"{vendor} is not judged yet: {days} of {floor.min_days} days with about as many games",
                )
                continue
            low = rows["offers"] < floor.min_share_of_median * rows["median"]
            for row in rows[low & (rows["median"] >= floor.min_median)].itertuples(index=False):
                judged.fault(
                    key,
                    f"{vendor} {row.market}: {row.offers} offers, where {row.days} days with about as many games "
                    f"have a median of {row.median:.0f}",
                )
    return judged


def judge_sides(prices: pd.DataFrame, floor: TwoSidedFloor) -> Judged:
    judged, books = Judged(), one_sided(prices, floor)
    bad = (books["lines"] >= floor.min_lines) & (books["one_sided_share"] > floor.max_one_sided_share)
    for row in books[bad].itertuples(index=False):
        judged.fault(
            str(row.game_date),
            f"{row.source_vendor} {row.book_name}: {row.one_sided_share:.0%} of {row.lines} lines have one side alone",
        )
    return judged


def judge_holds(prices: pd.DataFrame, floor: HoldFloor) -> Judged:
    judged, books = Judged(), holds(prices, floor)
    bad = (books["lines"] >= floor.min_lines) & (books["outside_share"] > floor.max_share_outside)
    for row in books[bad].itertuples(index=False):
        judged.fault(
            str(row.game_date),
            f"{row.source_vendor} {row.book_name}: the hold of {row.outside_share:.0%} of {row.lines} two-way prices "
            f"lies outside of {floor.hold_min:.0%} to {floor.hold_max:.0%}: {row.lowest:.1%} to {row.highest:.1%}",
        )
    return judged


def judge_mirrors(prices: pd.DataFrame, floor: MirrorFloor) -> Judged:
    judged, books = Judged(), mirrored(prices, floor)
    bad = (books["lines"] >= floor.min_lines) & (books["mirrored_share"] > floor.max_mirrored_share)
    for row in books[bad].itertuples(index=False):
        judged.fault(
            str(row.game_date),
            f"{row.source_vendor} {row.book_name}: at {row.mirrored_share:.0%} of {row.lines} lines its over is the "
            "other books' under, as if its sides were swapped",
        )
    return judged


def judge_freshness(newest: pd.DataFrame, expected: Mapping[str, list[str]], floor: FreshnessFloor) -> Judged:
    """A vendor without a quote is as old as can be, unless nobody quotes the slate."""
    judged = Judged()
    for key, vendors in expected.items():
        rows = newest[newest["game_date"] == key]
        ages = dict(zip(rows["source_vendor"], rows["newest_quote_age_sec"], strict=True))
        if not ages:
            judged.note(key, "no vendor quotes the slate, so that nothing can be old")
            continue
        for vendor in vendors:
            age = ages.get(vendor)
            if age is None:
                judged.fault(key, f"{vendor} has no quote of the slate, though others do")
            elif age > floor.max_age_sec:
                hours, limit = age / 3600, floor.max_age_sec / 3600
                judged.fault(
                    key, f"{vendor}: the newest quote is {hours:.1f} h old at as-of, limit {limit:g} h"
                )
    return judged


def judge_clocks(
    keys: Iterable[str], told: Mapping[str, Mapping[str, Mapping[str, object]]], floor: ClockFloor
) -> Judged:
    judged = Judged()
    for key in keys:
        for vendor, figures in told.items():
            skew = figures.get(key, {}).get("skew_sec")
            if isinstance(skew, int | float) and abs(skew) > floor.max_skew_sec:
                side = "ahead of" if skew > 0 else "behind"
                judged.fault(
                    key,
                    f"{vendor}'s clock is {abs(skew):,.0f} s {side} ours, limit {floor.max_skew_sec:g} s: set this "
                    "machine's clock, since as-of hangs on it; if it is right, the vendor's is wrong",
                )
    return judged
