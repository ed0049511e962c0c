"""Assets of prices: the normalized facts with their accounting, and the names that nothing mapped."""

from collections.abc import Mapping, Sequence

import dagster as dg
import pandas as pd

from nhl_ops.contracts import odds as tables
from nhl_ops.contracts.encoding import stacked
from nhl_ops.contracts.evidence import FACT_MAPPING_QUALITY_DAILY, FACT_ODDS_COVERAGE_DAILY
from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS
from nhl_ops.defs.aliases import read_rejections
from nhl_ops.defs.house import House
from nhl_ops.defs.measures import packed_by_slate
from nhl_ops.defs.raw_odds import capture_dates
from nhl_ops.defs.slate_run import Figures, SlateRun
from nhl_ops.defs.tables import Made, table_asset, table_assets
from nhl_ops.domain.capture_plan import LOOKBACK_DAYS
from nhl_ops.domain.run_summary import Counted
from nhl_ops.gateways.exports.ingest_status import counted_figures
from nhl_ops.gateways.exports.markdown import table
from nhl_ops.gateways.state import State
from nhl_ops.transforms.ingest import counted, newest_quotes
from nhl_ops.transforms.mapping_review import mapping_review
from nhl_ops.transforms.odds_evidence import mapping_quality, odds_coverage
from nhl_ops.transforms.prop_odds import FACT_KEY, Captures, Reference, normalize
from nhl_ops.transforms.sightings import newest_mapping
from nhl_ops.transforms.slate_reports import known_facts

CHUNK = 7
"""Slates whose raw quotes are held in memory at a time."""


def make_facts(run: SlateRun) -> list[Made]:
    """Facts of the slates from the captures of their last days, a few slates at a time."""
    facts, accounting = [tables.FACT_PROP_ODDS.empty_frame()], [tables.FACT_ODDS_ACCOUNTING.empty_frame()]
    reference = Reference(run.read(DIM_GAMES), run.read(DIM_PLAYERS), run.house.aliases)
    stored = run.house.warehouse.observations(tables.FACT_PROP_ODDS, run.keys, columns=FACT_KEY)
    for keys in run.chunks(CHUNK):
        captures = captures_of(run, keys, encoded=True)
        new, counted = normalize(captures, reference, keys, LOOKBACK_DAYS, stored)
        facts.append(new)
        accounting += [counted] if len(counted) else []
    counts = pd.concat(accounting, ignore_index=True)
    sightings = run.house.warehouse.observations(tables.RAW_ODDS_SIGHTINGS, capture_dates(run.keys))
    by_vendor = counted_by_vendor(run.house, counts, sightings, reference.games)
    figures: Figures = {
        key: {"by_vendor": {vendor: counted_figures(c) for vendor, c in found.items()}}
        for key, found in by_vendor.items()
    }
    return [Made(stacked(facts), accounting_figures(counts)), Made(counts, figures)]


def counted_by_vendor(
    house: House, accounting: pd.DataFrame, sightings: pd.DataFrame, games: pd.DataFrame
) -> Mapping[str, Mapping[str, Counted]]:
    """By slate and vendor, what became of the quotes of the payloads that the accounting names."""
    letters = house.state.quarantined(accounting["payload_hash"].unique().tolist())
    return counted(accounting, letters, newest_quotes(accounting, sightings, games))


def captures_of(
    run: SlateRun, keys: Sequence[str], columns: Sequence[str] | None = None, *, encoded: bool = False
) -> Captures:
    """Raw quotes, sightings and quarantined rows of the slates' capture dates; empty boards count as payloads.

    columns: of the raw quotes, all by default; they may be `encoded`.
    """
    warehouse = run.house.warehouse
    dates = capture_dates(keys)
    quotes = [
        warehouse.observations(spec, dates, columns=columns, encoded=encoded)
        for spec in tables.RAW_QUOTES.values()
    ]
    payloads = warehouse.observations(tables.RAW_ODDS_PAYLOADS, dates)
    sightings = warehouse.observations(tables.RAW_ODDS_SIGHTINGS, dates)
    return captures_from(run.house.state, quotes, payloads, sightings)


def captures_from(
    state: State, quotes: Sequence[pd.DataFrame], payloads: pd.DataFrame, sightings: pd.DataFrame
) -> Captures:
    """Captures of parsed quotes by vendor and of their payloads, with the rows that the state quarantined."""
    letters = state.quarantined(payloads["payload_hash"].tolist())
    counts = pd.DataFrame(letters, columns=["payload_hash", "rule", "quarantined"])
    by_payload = counts.groupby("payload_hash", as_index=False)["quarantined"].sum()
    return Captures(
        stacked(quotes),
        sightings,
        payloads.merge(by_payload, how="left").astype({"quarantined": "Int64"}).fillna({"quarantined": 0}),
    )


def facts_of(house: House, keys: Sequence[str]) -> pd.DataFrame:
    """Stored facts of these slates, every mapping that a quote ever had, with created_at_utc."""
    columns = [*tables.FACT_PROP_ODDS.column_names, "created_at_utc"]
    return house.warehouse.observations(tables.FACT_PROP_ODDS, keys, columns=columns)


def make_mapping_review(run: SlateRun) -> Made:
    """The review queue of the slates; its first rows stand in the metadata of each."""
    facts = newest_mapping(facts_of(run.house, run.keys))
    queue = mapping_review(facts, run.read(DIM_PLAYERS), read_rejections(run.house.config_folder))
    waiting = queue[queue["rank"] == 1]
    figures = measured_odds(run, facts)
    for key, rows in waiting.groupby("game_date"):
        figures[str(key)] |= {
            "names": len(rows),
            "quotes": int(rows["quotes"].sum()),
            "queue": dg.MetadataValue.md(table(rows.head(20).to_dict("records"), REVIEW_COLUMNS)),
        }
    return Made(queue, figures)


def measured_odds(run: SlateRun, facts: pd.DataFrame) -> Figures:
    """Coverage and mapping quality of the slates. facts: the newest mapping of each quote."""
    games = run.read(DIM_GAMES)
    coverage = odds_coverage(
        run.keys, known_facts(facts, games), games, run.read(tables.FACT_ODDS_ACCOUNTING)
    )
    covered = packed_by_slate(FACT_ODDS_COVERAGE_DAILY, coverage, run.keys)
    mapped = packed_by_slate(FACT_MAPPING_QUALITY_DAILY, mapping_quality(facts), run.keys)
    return {key: covered[key] | mapped[key] for key in run.keys}


def accounting_figures(accounting: pd.DataFrame) -> Figures:
    columns = ["seen", "accepted", "duplicate", "other_slate", "quarantined", "mapped"]
    totals = accounting.groupby("game_date")[columns].sum()
    return {
        str(key): {name: int(value) for name, value in row.items()}
        | ({"mapped_share": row["mapped"] / row["accepted"]} if row["accepted"] else {})
        for key, row in totals.to_dict("index").items()
    }


REVIEW_COLUMNS = [
    ("Vendor", "source_vendor", "text"),
    ("Name", "player_name_raw", "text"),
    ("Quotes", "quotes", "count"),
    ("Why", "reason", "long"),
    ("Likely", "candidate_name", "text"),
    ("Id", "candidate_id", "count"),
    ("Score", "score", "share"),
]


ODDS = [
    table_assets(
        "prop_odds",
        [tables.FACT_PROP_ODDS, tables.FACT_ODDS_ACCOUNTING],
        make_facts,
        [
            *(spec.name for spec in tables.RAW_QUOTES.values()),
            tables.RAW_ODDS_SIGHTINGS.name,
            DIM_GAMES.name,
            DIM_PLAYERS.name,
        ],
    ),
    table_asset(
        tables.MAPPING_REVIEW,
        make_mapping_review,
        [tables.FACT_PROP_ODDS.name, tables.FACT_ODDS_ACCOUNTING.name, DIM_GAMES.name, DIM_PLAYERS.name],
    ),
]
