"""From parsed quotes to facts: every distinct quote of a slate once, every row of a payload accounted for.

A slate reads the payloads that were first captured on its own Eastern date or up to `lookback_days` before.
Quotes of other slates in them are counted here and left to those slates.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS
from nhl_ops.transforms.identity import map_events, map_players
from nhl_ops.transforms.sightings import end_of_slate, last_sighting
from nhl_ops.transforms.walk_forward import days

PAYLOAD = ["source_vendor", "payload_hash"]
FACT_KEY = ["game_date", "quote_id", "game_id_nhl", "player_id_nhl"]


@dataclass(frozen=True)
class Captures:
    """What was captured for a set of slates.

    raw_quotes: RAW_*_ODDS rows of every vendor for the capture dates of the slates. sightings:
    RAW_ODDS_SIGHTINGS of the same dates. quarantined: source_vendor, payload_hash, capture_date,
    captured_at_utc and the number of rows that went to the dead letters (a payload may have no others).
    """

    raw_quotes: pd.DataFrame
    sightings: pd.DataFrame
    quarantined: pd.DataFrame


@dataclass(frozen=True)
class Reference:
    """What quotes are mapped to: DIM_GAMES, DIM_PLAYERS and the alias table (`identity.check_aliases`)."""

    games: pd.DataFrame
    players: pd.DataFrame
    aliases: pd.DataFrame


def normalize(
    captures: Captures,
    reference: Reference,
    slates: list[str],
    lookback_days: int,
    existing_keys: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """New FACT_PROP_ODDS rows and the FACT_ODDS_ACCOUNTING of the slates (ISO dates).

    existing_keys: FACT_KEY of the stored facts; those rows are not written again. The first row of a quote in
    the order of capture is accepted, each later one is a duplicate of the payload that repeats it. The
    accounting follows from the captures alone, so that a rerun repeats it exactly. A quote that cannot be
    mapped is a fact all the same.
    """
    quotes = captures.raw_quotes.sort_values(["captured_at_utc", *PAYLOAD, "row_number"], ignore_index=True)
    is_read = quotes["game_date"].isin(slates) & _is_read(
        quotes["capture_date"], quotes["game_date"], lookback_days
    )
    own = quotes[is_read]
    is_first = ~own.duplicated(["game_date", "quote_id"])
    accepted = map_events(own[is_first], reference.games)
    accepted = map_players(accepted, reference.players, reference.aliases)
    is_mapped = accepted["game_id_nhl"].notna() & accepted["player_id_nhl"].notna()
    counts = {
        "accepted": own[is_first],
        "duplicate": own[~is_first],
        "mapped": accepted[is_mapped],
    }
    accounting = _accounting(_payloads(captures, quotes), counts, slates, lookback_days)
    facts = accepted.merge(_last_seen_on_slate(own, captures), on=["game_date", "quote_id"])
    facts = FACT_PROP_ODDS.conform(facts)
    return _without_existing(facts, existing_keys), accounting


def _is_read(capture_date: pd.Series[str], game_date: pd.Series[str], lookback_days: int) -> pd.Series[bool]:
    before = days(game_date) - days(capture_date)
    return pd.Series((before >= 0) & (before <= lookback_days), index=game_date.index)


def _payloads(captures: Captures, quotes: pd.DataFrame) -> pd.DataFrame:
    """Every payload with the number of its parsed and quarantined rows."""
    origin = [*PAYLOAD, "capture_date", "captured_at_utc"]
    parsed = quotes.groupby(origin).size().reset_index(name="parsed")
    rows = pd.concat([parsed, captures.quarantined[[*origin, "quarantined"]]], ignore_index=True)
    return rows.groupby(PAYLOAD, as_index=False).agg(
        capture_date=("capture_date", "min"),
        captured_at_utc=("captured_at_utc", "min"),
        parsed=("parsed", "sum"),
        quarantined=("quarantined", "sum"),
    )


def _accounting(
    payloads: pd.DataFrame, rows: dict[str, pd.DataFrame], slates: list[str], lookback_days: int
) -> pd.DataFrame:
    pairs = payloads.merge(pd.DataFrame({"game_date": slates}), how="cross")
    pairs = pairs[_is_read(pairs["capture_date"], pairs["game_date"], lookback_days)]
    for name, frame in rows.items():
        counted = frame.groupby(["game_date", *PAYLOAD], as_index=False).agg(n=("quote_id", "size"))
        pairs = pairs.merge(counted.rename(columns={"n": name}), on=["game_date", *PAYLOAD], how="left")
    pairs = pairs.fillna(dict.fromkeys(rows, 0))
    pairs = pairs.assign(
        seen=pairs["parsed"] + pairs["quarantined"],
        other_slate=pairs["parsed"] - pairs["accepted"] - pairs["duplicate"],
    )
    ordered = pairs.sort_values(["game_date", "captured_at_utc", *PAYLOAD], ignore_index=True)
    return FACT_ODDS_ACCOUNTING.conform(ordered)


def _last_seen_on_slate(own: pd.DataFrame, captures: Captures) -> pd.DataFrame:
    """game_date, quote_id, last_seen_at_utc: the last sighting until the end of the Eastern day."""
    carried = own[["game_date", "source_vendor", "payload_hash"]].drop_duplicates()
    carried["limit_utc"] = end_of_slate(carried["game_date"])
    carried = last_sighting(carried, captures.raw_quotes, captures.sightings)
    seen = own[["game_date", "quote_id", "source_vendor", "payload_hash"]].merge(
        carried, on=["game_date", "source_vendor", "payload_hash"]
    )
    latest = seen.groupby(["game_date", "quote_id"])["sighted_at_utc"].max()
    return latest.reset_index(name="last_seen_at_utc")


def _without_existing(facts: pd.DataFrame, existing_keys: pd.DataFrame) -> pd.DataFrame:
    key = dict(zip(FACT_KEY, ("object", "object", "Int64", "Int64"), strict=True))
    marked = facts[FACT_KEY].merge(
        existing_keys[FACT_KEY].astype(key).drop_duplicates(), on=FACT_KEY, how="left", indicator=True
    )
    return facts[(marked["_merge"] == "left_only").to_numpy()].reset_index(drop=True)
