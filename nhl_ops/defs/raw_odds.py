"""What vendors sent and what its payloads held: the archive's payloads and sightings, and the parsed quotes."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import dagster as dg
import pandas as pd

from nhl_ops.contracts import odds as tables
from nhl_ops.contracts.encoding import encode, stacked
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.house import House
from nhl_ops.defs.measures import PAYLOADS
from nhl_ops.defs.refusals import UNUSABLE, Board, newest_bodies, refusal
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import Made, table_asset, table_assets
from nhl_ops.domain.capture_plan import LOOKBACK_DAYS
from nhl_ops.domain.failures import VendorContract
from nhl_ops.domain.slates import eastern
from nhl_ops.gateways.quotes import parse_payload
from nhl_ops.gateways.vendor import OddsVendor, Parsed, Payload, Rejected

PAYLOAD_FIELDS = [
    "capture_date",
    "source_vendor",
    "endpoint",
    "payload_hash",
    "payload_path",
    "size_bytes",
    "http_status",
    "captured_at_utc",
]
SIGHTING_FIELDS = [
    "capture_date",
    "source_vendor",
    "endpoint",
    "url",
    "captured_at_utc",
    "http_status",
    "outcome",
    "payload_hash",
    "error",
]


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


RAW_ODDS = [
    table_assets(
        "odds_payloads",
        [tables.RAW_ODDS_PAYLOADS, tables.RAW_ODDS_SIGHTINGS],
        make_payloads,
        [f"captured_{vendor.lower()}" for vendor in tables.RAW_QUOTES],
    ),
    *(raw_odds_asset(vendor, spec) for vendor, spec in tables.RAW_QUOTES.items()),
]
