"""Published slates that are no longer what would be computed: a name decided since, or prices parsed since."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from nhl_ops.contracts.game_odds import RAW_GAME_LINES
from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS
from nhl_ops.defs.house import House
from nhl_ops.defs.odds import facts_of
from nhl_ops.defs.raw_odds import capture_dates
from nhl_ops.transforms.identity import map_quotes
from nhl_ops.transforms.sightings import newest_mapping

IDS = ["game_id_nhl", "player_id_nhl"]
HOW = ["event_method", "mapping_method", "mapping_reason", "mapping_score"]
PUBLISHED_ONLY = ""
"""A scope that computed nothing: what is read is what readers see."""


@dataclass(frozen=True)
class StaleSlate:
    """A published slate and why it is to be computed again."""

    slate: str
    reason: str


def stale_slates(house: House, keys: Sequence[str]) -> list[StaleSlate]:
    """Stale ones among published slates, by date; a slate that is stale for two reasons has two entries."""
    found = [*_mapped_otherwise(house, keys), *_parsed_since(house, keys)]
    return sorted(found, key=lambda stale: (stale.slate, stale.reason))


def _mapped_otherwise(house: House, keys: Sequence[str]) -> list[StaleSlate]:
    """Slates whose names today's aliases map to others than when they were published."""
    facts = newest_mapping(facts_of(house, keys)).reset_index(drop=True)
    if facts.empty:
        return []
    games, _ = house.warehouse.read_slices(DIM_GAMES, keys, PUBLISHED_ONLY)
    players, _ = house.warehouse.read_slices(DIM_PLAYERS, keys, PUBLISHED_ONLY)
    mapped = map_quotes(facts.drop(columns=[*IDS, *HOW]), games, players, house.aliases)
    changed = facts[(mapped[IDS].fillna(0) != facts[IDS].fillna(0)).any(axis=1).to_numpy()]
    return [
        StaleSlate(str(key), f"{len(rows)} quote(s) are mapped otherwise now: {_names(rows)}")
        for key, rows in changed.groupby("game_date")
    ]


def _names(rows: pd.DataFrame) -> str:
    names = sorted(rows["player_name_raw"].unique())
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _parsed_since(house: House, keys: Sequence[str]) -> list[StaleSlate]:
    """Slates with prices that were parsed after they were published: a replay, or a run that failed after it."""
    seen = [house.warehouse.published.publication(key) for key in keys]
    published = {p.game_date: pd.Timestamp(p.published_at_utc) for p in seen if p is not None}
    counts: dict[str, int] = {}
    for spec in (*RAW_QUOTES.values(), RAW_GAME_LINES):
        raw = house.warehouse.observations(
            spec, capture_dates(keys), columns=["game_date", "capture_date", "created_at_utc"]
        )
        own = raw[raw["game_date"].isin(keys) & (raw["capture_date"] <= raw["game_date"])]
        later = own[own["created_at_utc"] > own["game_date"].map(published)]
        for key, rows in later.groupby("game_date").size().items():
            counts[str(key)] = counts.get(str(key), 0) + int(rows)
    return [
        StaleSlate(key, f"{rows} price(s) were parsed after it was published") for key, rows in counts.items()
    ]
