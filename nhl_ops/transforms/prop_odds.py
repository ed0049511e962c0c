"""From parsed quotes to facts: every distinct quote of a slate once, every row of a payload accounted for.

A slate reads the payloads that were first captured on its own Eastern date or up to `lookback_days` before.
Quotes of other slates in them are counted here and left to those slates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhl_ops.contracts.encoding import Ints, numbered, ranked
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS
from nhl_ops.transforms.accounting import PAYLOAD, accounted, is_read, last_seen_on_slate, without_existing
from nhl_ops.transforms.identity import map_quotes
from nhl_ops.transforms.walk_forward import microseconds

QUOTE = ["game_date", "quote_id"]
KEY_TYPES = {
    "game_date": "object",
    "quote_id": "object",
    "game_id_nhl": "Int64",
    "player_id_nhl": "Int64",
}
FACT_KEY = list(KEY_TYPES)


@dataclass(frozen=True)
class Captures:
    """What was captured for a set of slates.

    raw_quotes: RAW_*_ODDS rows of every vendor for the capture dates of the slates, which may be encoded (see
    `contracts.encoding`); the facts are then encoded as well. sightings:
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
    quotes = captures.raw_quotes
    is_own = quotes["game_date"].isin(slates) & is_read(
        quotes["capture_date"], quotes["game_date"], lookback_days
    )
    rows = _in_order_of_capture(quotes, is_own)
    own = quotes[[*QUOTE, *PAYLOAD]].take(rows)
    quote_no = numbered(own, QUOTE)
    is_repeat = pd.Series(quote_no).duplicated().to_numpy()
    accepted = quotes.take(rows[~is_repeat]).reset_index(drop=True)
    accepted = map_quotes(accepted, reference.games, reference.players, reference.aliases)
    mapped = np.zeros(len(own), dtype=bool)
    mapped[~is_repeat] = accepted["game_id_nhl"].notna() & accepted["player_id_nhl"].notna()
    own = own.assign(accepted=~is_repeat, duplicate=is_repeat, mapped=mapped)
    accounting = accounted(quotes, captures.quarantined, own, slates, lookback_days)
    last_seen = last_seen_on_slate(own, quotes, captures.sightings, quote_no)
    facts = accepted.assign(last_seen_at_utc=last_seen).dropna(subset="last_seen_at_utc")
    new = without_existing(FACT_PROP_ODDS.conform(facts), existing_keys, KEY_TYPES)
    return new, FACT_ODDS_ACCOUNTING.conform(accounting)


def _in_order_of_capture(quotes: pd.DataFrame, chosen: pd.Series[bool]) -> Ints:
    """Positions of the chosen rows. Four columns are sorted, and not the frame."""
    payload = [ranked(quotes[name]) for name in reversed(PAYLOAD)]
    order = np.lexsort(
        [quotes["row_number"].to_numpy(dtype=np.int64), *payload, microseconds(quotes["captured_at_utc"])]
    )
    return order[chosen.to_numpy()[order]]
