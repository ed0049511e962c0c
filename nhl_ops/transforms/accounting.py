"""What became of every row of every payload that a slate reads: counted alike for player props and game lines."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from nhl_ops.contracts.encoding import Ints, distinct
from nhl_ops.transforms.sightings import end_of_slate, last_sighting
from nhl_ops.transforms.walk_forward import days, microseconds

PAYLOAD = ["source_vendor", "payload_hash"]
SLATE_PAYLOAD = ["game_date", *PAYLOAD]
FLAGS = ["accepted", "duplicate", "mapped"]
NEVER = np.iinfo(np.int64).min
"""Microseconds that are no instant (NaT)."""


def is_read(capture_date: pd.Series[str], game_date: pd.Series[str], lookback_days: int) -> pd.Series[bool]:
    """A slate reads what was first captured on its own Eastern date or up to `lookback_days` before."""
    before = days(game_date) - days(capture_date)
    return pd.Series((before >= 0) & (before <= lookback_days), index=game_date.index)


def accounted(
    parsed: pd.DataFrame,
    quarantined: pd.DataFrame,
    own: pd.DataFrame,
    slates: list[str],
    lookback_days: int,
) -> pd.DataFrame:
    """A row for every payload and slate that reads it: seen = accepted + duplicate + other_slate + quarantined.

    parsed: every parsed row with source_vendor, payload_hash, capture_date, captured_at_utc. quarantined: the
    same columns and the number of dead letters of a payload, which may have no other rows. own: the rows of
    the slates with game_date and the FLAGS that are counted. Ordered by slate and capture.
    """
    pairs = _payloads(parsed, quarantined).merge(pd.DataFrame({"game_date": slates}), how="cross")
    pairs = pairs[is_read(pairs["capture_date"], pairs["game_date"], lookback_days)]
    pairs = pairs.merge(_flags(own), on=SLATE_PAYLOAD, how="left").fillna(dict.fromkeys(FLAGS, 0))
    pairs = pairs.assign(
        seen=pairs["parsed"] + pairs["quarantined"],
        other_slate=pairs["parsed"] - pairs["accepted"] - pairs["duplicate"],
    )
    return pairs.sort_values(["game_date", "captured_at_utc", *PAYLOAD], ignore_index=True)


def _flags(own: pd.DataFrame) -> pd.DataFrame:
    """SLATE_PAYLOAD and the number of rows with each of the FLAGS."""
    numbers, payloads = distinct(own[SLATE_PAYLOAD], SLATE_PAYLOAD)
    counts = {flag: np.bincount(numbers[own[flag].to_numpy()], minlength=len(payloads)) for flag in FLAGS}
    return payloads.assign(**counts)


def _payloads(parsed: pd.DataFrame, quarantined: pd.DataFrame) -> pd.DataFrame:
    """Every payload with the number of its parsed and quarantined rows."""
    origin = [*PAYLOAD, "capture_date", "captured_at_utc"]
    numbers, counted = distinct(parsed[origin], origin)
    counted["parsed"] = np.bincount(numbers, minlength=len(counted))
    rows = pd.concat([counted, quarantined[[*origin, "quarantined"]]], ignore_index=True)
    return rows.groupby(PAYLOAD, as_index=False).agg(
        capture_date=("capture_date", "min"),
        captured_at_utc=("captured_at_utc", "min"),
        parsed=("parsed", "sum"),
        quarantined=("quarantined", "sum"),
    )


def last_seen_on_slate(
    own: pd.DataFrame, parsed: pd.DataFrame, sightings: pd.DataFrame, numbers: Ints
) -> pd.Series[pd.Timestamp]:
    """The last sighting of what each row is (`encoding.numbered`), by number, until the end of the Eastern day;
    null where its payloads came later."""
    carrier, carried = distinct(own[SLATE_PAYLOAD], SLATE_PAYLOAD)
    carried = carried.assign(limit_utc=end_of_slate(carried["game_date"]), carrier=range(len(carried)))
    seen = last_sighting(carried, parsed, sightings)
    at = np.full(len(carried), NEVER)
    at[seen["carrier"]] = microseconds(seen["sighted_at_utc"])
    latest = pd.Series(at[carrier]).groupby(numbers).max().to_numpy()
    return pd.Series(latest.view("datetime64[us]")).dt.tz_localize("UTC")


def without_existing(
    facts: pd.DataFrame, existing_keys: pd.DataFrame, key: Mapping[str, str]
) -> pd.DataFrame:
    """Facts whose key (columns and their types) is not stored yet."""
    if existing_keys.empty:
        return facts.reset_index(drop=True)
    columns = list(key)
    known = existing_keys[columns].astype(dict(key)).drop_duplicates()
    marked = facts[columns].astype(dict(key)).merge(known, on=columns, how="left", indicator=True)
    return facts[(marked["_merge"] == "left_only").to_numpy()].reset_index(drop=True)
