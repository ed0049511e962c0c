"""Floors under what vendors bring, as checks: config/policy.toml says where each lies."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import dagster as dg
import pandas as pd

from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS, RAW_ODDS_SIGHTINGS
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.checks import slate_check
from nhl_ops.defs.floor_rules import (
    judge_clocks,
    judge_freshness,
    judge_holds,
    judge_sides,
    judge_volumes,
)
from nhl_ops.defs.materializations import newest_figures
from nhl_ops.defs.odds import CHUNK
from nhl_ops.defs.raw_odds import capture_dates
from nhl_ops.defs.run_record import capture_asset
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.verdicts import Judged
from nhl_ops.domain.floors import FloorPolicy
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.file_drop import FileDropVendor
from nhl_ops.transforms.ingest import newest_quotes

NHL = "NHL"
NOT_ASKED = {SlateOutcome.NO_HISTORY.value, SlateOutcome.SWITCHED_OFF.value}
OFFER = ("event_id_vendor", "player_name_raw", "line", "side", "book_id")


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
    spec: TableSpec, name: str, description: str, decide: Callable[[Evidence, FloorPolicy], Judged]
) -> dg.AssetChecksDefinition:
    """A check of each slate by what its captures told."""

    def judged(context: dg.AssetCheckExecutionContext, run: SlateRun) -> Judged:
        instance = context.op_execution_context.instance
        evidence = Evidence(run, lambda vendor: newest_figures(instance, capture_asset(vendor), run.keys))
        return decide(evidence, run.house.settings.policy.floors)

    return slate_check(spec.name, name, description, judged)


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


def both_sides(evidence: Evidence, policy: FloorPolicy) -> Judged:
    facts = evidence.run.read(FACT_PROP_ODDS)[["game_date", "quote_id", "is_alternate"]]
    prices = evidence.run.read(EV_FAIR_PRICES).merge(
        facts.drop_duplicates(["game_date", "quote_id"]), on=["game_date", "quote_id"]
    )
    return judge_sides(prices, policy.two_sided)


def plausible_holds(evidence: Evidence, policy: FloorPolicy) -> Judged:
    return judge_holds(evidence.run.read(EV_FAIR_PRICES), policy.hold)


def fresh_quotes(evidence: Evidence, policy: FloorPolicy) -> Judged:
    run = evidence.run
    sightings = run.read(RAW_ODDS_SIGHTINGS, capture_dates(run.keys))
    newest = newest_quotes(run.read(FACT_ODDS_ACCOUNTING), sightings, run.read(DIM_GAMES))
    return judge_freshness(newest, evidence.expected(), policy.freshness)


def true_clocks(evidence: Evidence, policy: FloorPolicy) -> Judged:
    told = {vendor: evidence.captured(vendor) for vendor in [NHL, *evidence.vendors]}
    return judge_clocks(evidence.run.keys, told, policy.clock)


FLOOR_CHECKS = [
    floor_check(
        FACT_PROP_ODDS,
        "every_vendor_offers_as_much_as_usual",
        "Each vendor and market has about as many offers as on earlier days with about as many games.",
        enough_offers,
    ),
    floor_check(
        FACT_ODDS_ACCOUNTING,
        "every_vendor_quotes_are_fresh",
        "The newest quote of each enabled vendor is not too old at the slate's as-of.",
        fresh_quotes,
    ),
    floor_check(
        FACT_ODDS_ACCOUNTING,
        "every_vendor_clock_agrees_with_ours",
        "The Date of the vendors' answers is that of the clock that as-of goes by.",
        true_clocks,
    ),
    floor_check(
        EV_FAIR_PRICES,
        "two_way_markets_have_both_sides",
        "Of each book's main lines few lack their over or under, in markets that have both.",
        both_sides,
    ),
    floor_check(
        EV_FAIR_PRICES,
        "holds_of_two_way_prices_are_plausible",
        "Few of each book's two-way prices have a margin that no book has.",
        plausible_holds,
    ),
]
