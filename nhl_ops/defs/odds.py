"""Assets of prices: payloads and sightings, parsed quotes, and the normalized facts with their accounting."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import dagster as dg
import pandas as pd

from nhl_ops.contracts import odds as tables
from nhl_ops.contracts.encoding import encode, stacked
from nhl_ops.contracts.evidence import FACT_MAPPING_QUALITY_DAILY, FACT_ODDS_COVERAGE_DAILY
from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.aliases import read_rejections
from nhl_ops.defs.house import House
from nhl_ops.defs.measures import PAYLOADS, packed_by_slate
from nhl_ops.defs.refusals import UNUSABLE, Board, newest_bodies, refusal
from nhl_ops.defs.slate_run import Figures, SlateRun
from nhl_ops.defs.tables import Made, table_asset, table_assets
from nhl_ops.domain.capture_plan import LOOKBACK_DAYS
from nhl_ops.domain.failures import VendorContract
from nhl_ops.domain.run_summary import Counted
from nhl_ops.domain.slates import eastern
from nhl_ops.gateways.exports.ingest_status import counted_figures
from nhl_ops.gateways.exports.markdown import table
from nhl_ops.gateways.quotes import parse_payload
from nhl_ops.gateways.state import State
from nhl_ops.gateways.vendor import OddsVendor, Parsed, Payload, Rejected
from nhl_ops.transforms.ingest import counted, newest_quotes
from nhl_ops.transforms.mapping_review import mapping_review
from nhl_ops.transforms.odds_evidence import mapping_quality, odds_coverage
from nhl_ops.transforms.prop_odds import FACT_KEY, Captures, Reference, normalize
from nhl_ops.transforms.sightings import known_facts, newest_mapping

CHUNK = 7
"""Slates whose raw quotes are held in memory at a time."""


def capture_dates(keys: Sequence[str]) -> list[str]:
    """Eastern dates on which prices of these slates may have been captured."""
    days = {date.fromisoformat(key) - timedelta(days=n) for key in keys for n in range(LOOKBACK_DAYS + 1)}
    return sorted(day.isoformat() for day in days)


def capture_day(key: str) -> tuple[datetime, datetime]:
    """First instant of an Eastern date and of the next."""
    day = date.fromisoformat(key)
    return eastern(day, 0), eastern(day + timedelta(days=1), 0)


def make_payloads(run: SlateRun) -> list[Made]:
    """What the archive and its sightings hold of the slates' capture dates."""
    return [Made(frame) for frame in payloads_and_sightings(run.house, run.keys)]


def payloads_and_sightings(house: House, keys: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """RAW_ODDS_PAYLOADS and RAW_ODDS_SIGHTINGS of the slates' capture dates, from the state."""
    payloads, sightings = [], []
    for key in capture_dates(keys):
        start, end = capture_day(key)
        for vendor in house.odds_vendors:
            payloads += [(key, vendor, *row) for row in house.state.payloads_between(vendor, start, end)]
            sightings += [(key, vendor, *row) for row in house.state.sightings_between(vendor, start, end)]
    return (
        observed(tables.RAW_ODDS_PAYLOADS, payloads, PAYLOAD_FIELDS),
        observed(tables.RAW_ODDS_SIGHTINGS, sightings, SIGHTING_FIELDS),
    )


PAYLOAD_FIELDS = ["capture_date", "source_vendor", "endpoint", "payload_hash", "payload_path", "size_bytes"]
PAYLOAD_FIELDS += ["http_status", "captured_at_utc"]
SIGHTING_FIELDS = [
    "capture_date",
    "source_vendor",
    "endpoint",
    "url",
    "captured_at_utc",
    "http_status",
    "outcome",
]
SIGHTING_FIELDS += ["payload_hash", "error"]


def observed(spec: TableSpec, rows: Sequence[tuple], fields: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=fields)
    return spec.conform(frame.assign(captured_at_utc=pd.to_datetime(frame["captured_at_utc"], utc=True)))


def raw_odds_asset(vendor: str, spec: TableSpec) -> dg.AssetsDefinition:
    return table_asset(spec, lambda run: make_raw_odds(run, vendor), [f"captured_{vendor.lower()}"])


def make_raw_odds(run: SlateRun, vendor: str) -> Made:
    """Quotes of a vendor's payloads that were not parsed before, all slates in them, encoded."""
    spec = tables.RAW_QUOTES[vendor]
    frames, figures, earlier = [spec.empty_frame()], {}, list[Board]()
    dates = capture_dates(run.keys)
    parsed_before = run.house.warehouse.observations(spec, dates, columns=["payload_hash"])
    known = set(parsed_before["payload_hash"])
    for key in dates:
        boards = boards_of(run.house, vendor, key, known)
        frames += [board.parsed.rows for board in boards]
        newest = newest_bodies(run.house.state.sightings_between(vendor, *capture_day(key)))
        figures[key] = (
            parse_figures([board.parsed for board in boards])
            | {PAYLOADS: [board.payload_hash for board in boards]}
            | refusal([*earlier, *boards], newest, known)
        )
        earlier += [replace(board, is_news=False) for board in boards]
    return Made(stacked(frames), figures)


def boards_of(house: House, vendor: str, key: str, known: Collection[str] = frozenset()) -> list[Board]:
    """Every payload of an Eastern date but those known by their hash, parsed, its rows encoded, its body let go."""
    hashes = [row[1] for row in house.state.payloads_between(vendor, *capture_day(key))]
    had_letters = {row[0] for row in house.state.quarantined(hashes)}
    boards = []
    for payload in each_payload(house, vendor, key, known):
        parsed = parse(house, vendor, payload)
        rows = encode(tables.RAW_QUOTES[vendor], parsed.rows)
        is_news = payload.payload_hash not in had_letters
        boards.append(Board(payload.payload_hash, replace(parsed, rows=rows), is_news))
    return boards


def parse_figures(parsed: Sequence[Parsed]) -> dict[str, object]:
    """What a vendor's payloads of one date held."""
    return {
        "payloads_parsed": len(parsed),
        "seen": sum(p.seen for p in parsed),
        "quarantined": sum(len(p.rejected) for p in parsed),
    }


def payloads_of(
    house: House, vendor: str, key: str, endpoints: Collection[str] | None = None
) -> list[Payload]:
    """Archived payloads that were first captured on an Eastern date, of all endpoints or of these."""
    return list(each_payload(house, vendor, key, endpoints=endpoints))


def each_payload(
    house: House,
    vendor: str,
    key: str,
    known: Collection[str] = frozenset(),
    endpoints: Collection[str] | None = None,
) -> Iterator[Payload]:
    """`payloads_of` but for those `known` by their hash: one body at a time is read, and held in memory."""
    for endpoint, digest, path, _, _, at in house.state.payloads_between(vendor, *capture_day(key)):
        if digest not in known and (endpoints is None or endpoint in endpoints):
            body = house.archive.get(path, digest)
            yield Payload(vendor, endpoint, "", datetime.fromisoformat(at), digest, path, body)


def parse(house: House, vendor: str, payload: Payload) -> Parsed:
    """Quotes of a payload; what breaks the contract goes to the dead letters, if need be all of it."""
    source = house.odds_vendors[vendor]
    try:
        parsed = parse_payload(source, payload, companions_of(house, source, payload))
    except VendorContract as problem:
        letter = Rejected(UNUSABLE, str(problem), payload.payload_path)
        parsed = Parsed(tables.RAW_QUOTES[vendor].empty_frame(), [letter])
    add_letters(house, payload, parsed.rejected)
    return parsed


def add_letters(house: House, payload: Payload, rejected: Sequence[Rejected]) -> None:
    """Dead letters of one parse of a payload, equal ones counted."""
    letters = pd.DataFrame(
        [(r.rule, r.detail, r.sample) for r in rejected], columns=["rule", "detail", "sample"]
    )
    at = payload.captured_at_utc.isoformat()
    house.state.add_dead_letters(
        (payload.vendor, payload.payload_hash, rule, detail, sample, at, count)
        for (rule, detail, sample), count in letters.value_counts(sort=False).items()
    )


def companions_of(house: House, source: OddsVendor, payload: Payload) -> list[Payload]:
    """The newest bodies, at the payload's capture, of the endpoints that it refers to."""
    found = [
        house.state.payload_at(source.name, e, payload.captured_at_utc) for e in source.companion_endpoints
    ]
    return [
        Payload(
            source.name,
            row[0],
            "",
            payload.captured_at_utc,
            row[1],
            row[2],
            house.archive.get(row[2], row[1]),
        )
        for row in found
        if row is not None
    ]


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
        "odds_payloads",
        [tables.RAW_ODDS_PAYLOADS, tables.RAW_ODDS_SIGHTINGS],
        make_payloads,
        [f"captured_{vendor.lower()}" for vendor in tables.RAW_QUOTES],
    ),
    *(raw_odds_asset(vendor, spec) for vendor, spec in tables.RAW_QUOTES.items()),
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
