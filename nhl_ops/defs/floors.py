"""Floors under what vendors bring, as checks: config/policy.toml says where each lies and whether it blocks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import dagster as dg
import pandas as pd

from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS, RAW_ODDS_SIGHTINGS
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.materializations import newest_figures
from nhl_ops.defs.odds import CHUNK, capture_dates
from nhl_ops.defs.partitions import SLATES
from nhl_ops.defs.run_record import capture_asset
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import checked_slates, judge
from nhl_ops.domain.floors import (
    ClockFloor,
    Floor,
    FloorPolicy,
    FloorSeverity,
    FreshnessFloor,
    HoldFloor,
    TwoSidedFloor,
    VolumeFloor,
)
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.file_drop import FileDropVendor
from nhl_ops.transforms.ingest import newest_quotes
from nhl_ops.transforms.odds_floors import holds, one_sided, volumes

NHL = "NHL"
NOT_ASKED = {SlateOutcome.NO_HISTORY.value, SlateOutcome.SWITCHED_OFF.value}
SHOWN = 5
"""Faults of one slate that a verdict spells out."""
OFFER = ("event_id_vendor", "player_name_raw", "line", "side", "book_id")


@dataclass
class Judged:
    """By slate: what lies below the floor, and what could not be judged."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def fault(self, key: str, words: str) -> None:
        self.faults.setdefault(key, []).append(words)

    def note(self, key: str, words: str) -> None:
        self.notes.setdefault(key, []).append(words)


@dataclass(frozen=True)
class Evidence:
    """What floors are judged by: a run, and the figures of its captures by vendor and slate."""

    run: SlateRun
    captured: Callable[[str], Mapping[str, Mapping[str, object]]]

    @property
    def vendors(self) -> list[str]:
        """Enabled vendors that are asked; a file drop comes when a person drops it."""
        enabled = self.run.house.odds_vendors.items()
        return [name for name, vendor in enabled if not isinstance(vendor, FileDropVendor)]

    def expected(self) -> Mapping[str, list[str]]:
        """By slate, the vendors that could be asked for it."""
        told = {vendor: self.captured(vendor) for vendor in self.vendors}
        return {
            key: [v for v, figures in told.items() if figures.get(key, {}).get("outcome") not in NOT_ASKED]
            for key in self.run.keys
        }


def floor_check(
    spec: TableSpec,
    name: str,
    description: str,
    floor_of: Callable[[FloorPolicy], Floor],
    decide: Callable[[Evidence, FloorPolicy], Judged],
) -> dg.AssetChecksDefinition:
    """A check of each slate. It can block; whether it does, the operator says."""

    @dg.asset_check(asset=spec.name, name=name, description=description, blocking=True, partitions_def=SLATES)
    def _check(context: dg.AssetCheckExecutionContext, house: HouseResource) -> dg.AssetCheckResult:
        run = checked_slates(context, house)
        policy, instance = run.house.settings.policy.floors, context.op_execution_context.instance
        evidence = Evidence(run, lambda vendor: newest_figures(instance, capture_asset(vendor), run.keys))
        judged = decide(evidence, policy) if run.keys else Judged()
        verdicts = {key: in_words(judged.faults.get(key, ())) for key in run.keys}
        notes = {key: words for key, said in judged.notes.items() if (words := in_words(said))}
        blocking = floor_of(policy).severity is FloorSeverity.BLOCKING
        return judge(context, run, spec, name, verdicts, blocking=blocking, notes=notes)

    return _check


def in_words(said: Sequence[str]) -> str | None:
    rest = f"; and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return "; ".join(said[:SHOWN]) + rest or None


def enough_offers(evidence: Evidence, policy: FloorPolicy) -> Judged:
    run, floor = evidence.run, policy.volume
    days = history(run.keys, floor.history_days)
    by = ("game_date", "source_vendor", "market")
    weeks = [days[start : start + CHUNK] for start in range(0, len(days), CHUNK)]
    counted = [run.house.warehouse.distinct(FACT_PROP_ODDS, week, by, OFFER) for week in weeks]
    offers = pd.concat(counted, ignore_index=True)
    games = run.read_earlier(DIM_GAMES, days)
    playable = games[games["is_playable"]].groupby("game_date").size()
    counts = {str(key): int(count) for key, count in playable.items()}
    return judge_volumes(offers.rename(columns={"rows": "offers"}), counts, evidence.expected(), floor)


def history(keys: Iterable[str], days_before: int) -> list[str]:
    """These ISO dates and the days before each, in order."""
    days = {date.fromisoformat(key) - timedelta(days=n) for key in keys for n in range(days_before + 1)}
    return sorted(day.isoformat() for day in days)


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


def both_sides(evidence: Evidence, policy: FloorPolicy) -> Judged:
    facts = evidence.run.read(FACT_PROP_ODDS)[["game_date", "quote_id", "is_alternate"]]
    prices = evidence.run.read(EV_FAIR_PRICES).merge(
        facts.drop_duplicates(["game_date", "quote_id"]), on=["game_date", "quote_id"]
    )
    return judge_sides(prices, policy.two_sided)


def judge_sides(prices: pd.DataFrame, floor: TwoSidedFloor) -> Judged:
    judged, books = Judged(), one_sided(prices, floor)
    bad = (books["lines"] >= floor.min_lines) & (books["one_sided_share"] > floor.max_one_sided_share)
    for row in books[bad].itertuples(index=False):
        judged.fault(
            str(row.game_date),
            f"{row.source_vendor} {row.book_name}: {row.one_sided_share:.0%} of {row.lines} lines have one side alone",
        )
    return judged


def plausible_holds(evidence: Evidence, policy: FloorPolicy) -> Judged:
    return judge_holds(evidence.run.read(EV_FAIR_PRICES), policy.hold)


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


def fresh_quotes(evidence: Evidence, policy: FloorPolicy) -> Judged:
    run = evidence.run
    sightings = run.read(RAW_ODDS_SIGHTINGS, capture_dates(run.keys))
    newest = newest_quotes(run.read(FACT_ODDS_ACCOUNTING), sightings, run.read(DIM_GAMES))
    return judge_freshness(newest, evidence.expected(), policy.freshness)


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


def true_clocks(evidence: Evidence, policy: FloorPolicy) -> Judged:
    told = {vendor: evidence.captured(vendor) for vendor in [NHL, *evidence.vendors]}
    return judge_clocks(evidence.run.keys, told, policy.clock)


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


FLOOR_CHECKS = [
    floor_check(
        FACT_PROP_ODDS,
        "every_vendor_offers_as_much_as_usual",
        "Each vendor and market has about as many offers as on earlier days with about as many games.",
        lambda floors: floors.volume,
        enough_offers,
    ),
    floor_check(
        FACT_ODDS_ACCOUNTING,
        "every_vendor_quotes_are_fresh",
        "The newest quote of each enabled vendor is not too old at the slate's as-of.",
        lambda floors: floors.freshness,
        fresh_quotes,
    ),
    floor_check(
        FACT_ODDS_ACCOUNTING,
        "every_vendor_clock_agrees_with_ours",
        "The Date of the vendors' answers is that of the clock that as-of goes by.",
        lambda floors: floors.clock,
        true_clocks,
    ),
    floor_check(
        EV_FAIR_PRICES,
        "two_way_markets_have_both_sides",
        "Of each book's main lines few lack their over or under, in markets that have both.",
        lambda floors: floors.two_sided,
        both_sides,
    ),
    floor_check(
        EV_FAIR_PRICES,
        "holds_of_two_way_prices_are_plausible",
        "Few of each book's two-way prices have a margin that no book has.",
        lambda floors: floors.hold,
        plausible_holds,
    ),
]
