"""Assets of game lines: what the NHL, its partners and OddsShark quote on games, and each slate's facts of it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from nhl_ops.contracts.game_odds import FACT_GAME_ODDS, FACT_GAME_ODDS_ACCOUNTING, RAW_GAME_LINES
from nhl_ops.contracts.odds import RAW_ODDS_SIGHTINGS
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.defs.house import House
from nhl_ops.defs.odds import CHUNK, accounting_figures
from nhl_ops.defs.raw_odds import (
    SIGHTING_FIELDS,
    add_letters,
    capture_dates,
    capture_day,
    observed,
    parse_figures,
    payloads_of,
)
from nhl_ops.defs.refusals import UNUSABLE, refused_whole
from nhl_ops.defs.slate_run import Figures, SlateRun
from nhl_ops.defs.tables import Made, table_asset, table_assets
from nhl_ops.domain.capture_plan import LOOKBACK_DAYS
from nhl_ops.domain.failures import VendorContract
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways import nhl_game_odds, oddsshark
from nhl_ops.gateways.game_lines import line_letters
from nhl_ops.gateways.nhl import SCHEDULE
from nhl_ops.gateways.oddsshark_scores import parse_scores
from nhl_ops.gateways.vendor import Parsed, Payload, Rejected
from nhl_ops.transforms.game_odds import FACT_KEY, LineCaptures, normalize
from nhl_ops.transforms.sightings import BODY_OUTCOMES

SOURCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "NHL": (SCHEDULE,),
        nhl_game_odds.VENDOR: (nhl_game_odds.PARTNER_GAME,),
        oddsshark.OddsSharkVendor.name: oddsshark.SCORES,
    }
)
"""Endpoints whose payloads hold game lines, by the vendor under which they are captured."""


def read_lines(house: House, payload: Payload) -> Parsed:
    """Game lines of a payload; one that is of no use at all is one dead letter."""
    try:
        if payload.endpoint in oddsshark.SCORES:
            return parse_scores(payload)
        return house.nhl_game_odds.parse(payload)
    except VendorContract as problem:
        letter = Rejected(UNUSABLE, str(problem), payload.payload_path)
        return Parsed(RAW_GAME_LINES.empty_frame(), [letter])


def make_raw_game_lines(run: SlateRun) -> Made:
    """Lines of the payloads of the slates' capture dates that are not parsed yet."""
    frames, figures = [RAW_GAME_LINES.empty_frame()], {}
    dates = capture_dates(run.keys)
    parsed_before = run.house.warehouse.observations(RAW_GAME_LINES, dates, columns=["payload_hash"])
    known = set(parsed_before["payload_hash"])
    for key in dates:
        found = [p for vendor, ends in SOURCES.items() for p in payloads_of(run.house, vendor, key, ends)]
        parsed = []
        for payload in found:
            if payload.payload_hash not in known:
                parsed.append(read_lines(run.house, payload))
                add_letters(run.house, payload, line_letters(parsed[-1].rejected))
        frames += [p.rows for p in parsed if len(p.rows)]
        figures[key] = parse_figures(parsed) | refused_whole(parsed)
    return Made(pd.concat(frames, ignore_index=True), figures)


def make_game_odds(run: SlateRun) -> list[Made]:
    """Facts of the slates from the captures of their last days, a few slates at a time."""
    facts, accounting = [FACT_GAME_ODDS.empty_frame()], [FACT_GAME_ODDS_ACCOUNTING.empty_frame()]
    games = run.read(DIM_GAMES)
    stored = run.house.warehouse.observations(FACT_GAME_ODDS, run.keys, columns=FACT_KEY)
    seen: Figures = {}
    for keys in run.chunks(CHUNK):
        captures = captures_of(run.house, keys)
        new, counted = normalize(captures, games, keys, LOOKBACK_DAYS, stored)
        facts += [new] if len(new) else []
        accounting += [counted] if len(counted) else []
        seen |= {key: nothing_or_ok(key, games, counted, captures.sightings) for key in keys}
    counts = pd.concat(accounting, ignore_index=True)
    totals = accounting_figures(counts)
    figures = {key: seen[key] | totals.get(key, {}) for key in run.keys}
    return [Made(pd.concat(facts, ignore_index=True), figures), Made(counts)]


def nothing_or_ok(
    key: str, games: pd.DataFrame, accounting: pd.DataFrame, sightings: pd.DataFrame
) -> dict[str, object]:
    """The typed outcome of a slate's game lines."""
    own = accounting[accounting["game_date"] == key]
    asked = sightings[sightings["capture_date"] == key]
    if (own["accepted"] + own["duplicate"]).any():
        return {"outcome": str(SlateOutcome.OK)}
    if not (games["is_playable"] & (games["game_date"] == key)).any():
        return {"outcome": str(SlateOutcome.NO_GAMES)}
    if asked["outcome"].isin(BODY_OUTCOMES).any():
        return {"outcome": str(SlateOutcome.NOT_OFFERED)}
    return {"outcome": str(SlateOutcome.NO_HISTORY if asked.empty else SlateOutcome.VENDOR_DOWN)}


def captures_of(house: House, keys: Sequence[str]) -> LineCaptures:
    """Lines, sightings and quarantined items of the slates' capture dates; a payload without lines counts too."""
    dates = capture_dates(keys)
    sources = [(key, vendor, ends, *capture_day(key)) for key in dates for vendor, ends in SOURCES.items()]
    sightings = [
        (key, vendor, *row)
        for key, vendor, ends, start, end in sources
        for row in house.state.sightings_between(vendor, start, end)
        if row[0] in ends
    ]
    payloads = [
        (key, vendor, row[1], row[-1])
        for key, vendor, ends, start, end in sources
        for row in house.state.payloads_between(vendor, start, end)
        if row[0] in ends
    ]
    return LineCaptures(
        house.warehouse.observations(RAW_GAME_LINES, dates),
        observed(RAW_ODDS_SIGHTINGS, sightings, SIGHTING_FIELDS),
        quarantined(house, payloads),
    )


def quarantined(house: House, payloads: Sequence[tuple]) -> pd.DataFrame:
    """Payloads with the number of their dead letters of game lines."""
    frame = pd.DataFrame(
        payloads, columns=["capture_date", "source_vendor", "payload_hash", "captured_at_utc"]
    )
    letters = house.state.quarantined(frame["payload_hash"].tolist(), of_game_lines=True)
    counts = pd.DataFrame(letters, columns=["payload_hash", "rule", "quarantined"])
    by_payload = counts.groupby("payload_hash")["quarantined"].sum()
    return frame.assign(
        captured_at_utc=pd.to_datetime(frame["captured_at_utc"], utc=True),
        quarantined=frame["payload_hash"].map(by_payload).fillna(0).astype("int64"),
    )


GAME_LINES = [
    table_asset(
        RAW_GAME_LINES,
        make_raw_game_lines,
        [f"captured_{vendor.lower()}" for vendor in SOURCES],
    ),
    table_assets(
        "game_odds",
        [FACT_GAME_ODDS, FACT_GAME_ODDS_ACCOUNTING],
        make_game_odds,
        [RAW_GAME_LINES.name, DIM_GAMES.name],
    ),
]
