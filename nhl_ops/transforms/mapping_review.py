"""Who was not mapped, and who he may be: likely spellings for a person to accept or reject, never an answer.

A candidate is a player of either team of the event, or of any team of the date if the event names none, of the same
kind (goalie or skater), scored by the similarity of the normalized names (rapidfuzz, Jaro-Winkler of the whole name
and of its sorted words).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from nhl_ops.contracts.odds import MAPPING_REVIEW
from nhl_ops.domain.identity import name_key
from nhl_ops.domain.markets import GOALIE_MARKETS

PERSON = ["game_date", "source_vendor", "player_name_raw", "player_team_raw", "game_id_nhl", "is_goalie"]
CANDIDATES = 3
LIKELY = 0.75


def similarity(one: str, other: str) -> float:
    """0 to 1 of two name keys: the better of spelling as written and words in any order."""
    return max(JaroWinkler.similarity(one, other), fuzz.token_sort_ratio(one, other) / 100.0)


def mapping_review(facts: pd.DataFrame, players: pd.DataFrame, rejections: pd.DataFrame) -> pd.DataFrame:
    """MAPPING_REVIEW: a row for each unmapped person of a slate and likely candidate, best first.

    facts: FACT_PROP_ODDS, the newest mapping of each quote. players: DIM_PLAYERS. rejections: alias_name,
    player_id of pairs that a person ruled out. A person without any likely candidate has one row without one.
    """
    is_open = facts["player_id_nhl"].isna() | facts["game_id_nhl"].isna()
    unmapped = facts.assign(
        is_goalie=facts["market"].isin(GOALIE_MARKETS),
        has_teams=facts["home_team_raw"].notna() | facts["away_team_raw"].notna(),
    )[is_open]
    if unmapped.empty:
        return MAPPING_REVIEW.empty_frame()
    people = unmapped.groupby(PERSON, dropna=False, as_index=False).agg(
        quotes=("quote_id", "nunique"),
        reason=("mapping_reason", "first"),
        has_teams=("has_teams", "first"),
    )
    ruled_out = {(name_key(n), int(i)) for n, i in rejections[["alias_name", "player_id"]].to_numpy()}
    by_game = dict(list(players.groupby(["game_date", "game_id_nhl"])))
    by_date = dict(list(players.drop_duplicates(["game_date", "player_id_nhl"]).groupby("game_date")))
    rows = [
        row
        for person in people.to_dict("records")
        for row in _rows(person, _sought_among(person, by_game, by_date), ruled_out)
    ]
    return MAPPING_REVIEW.conform(pd.DataFrame(rows, columns=[*MAPPING_REVIEW.column_names]))


def _sought_among(
    person: dict[Any, Any], by_game: dict[Any, pd.DataFrame], by_date: dict[Any, pd.DataFrame]
) -> pd.DataFrame | None:
    if pd.isna(person["game_id_nhl"]) and not person["has_teams"]:
        return by_date.get(person["game_date"])
    return by_game.get((person["game_date"], person["game_id_nhl"]))


def _rows(
    person: dict[Any, Any], players: pd.DataFrame | None, ruled_out: set[tuple[str, int]]
) -> Iterator[dict[Any, Any]]:
    likely = [] if players is None else _likely(person, players, ruled_out)
    nobody: list[dict[Any, Any]] = [dict.fromkeys(["candidate_id", "candidate_name", "candidate_team"])]
    for rank, candidate in enumerate(likely or nobody, start=1):
        yield person | {"rank": rank, "score": None} | candidate


def _likely(
    person: dict[Any, Any], players: pd.DataFrame, ruled_out: set[tuple[str, int]]
) -> list[dict[Any, Any]]:
    key = name_key(str(person["player_name_raw"]))
    of_kind = players[(players["position"] == "G") == person["is_goalie"]]
    scored: list[dict[Any, Any]] = [
        {
            "candidate_id": int(row.player_id_nhl),
            "candidate_name": row.player_name,
            "candidate_team": row.team,
            "score": round(similarity(key, str(row.name_key)), 4),
        }
        for row in of_kind.itertuples(index=False)
        if (key, int(row.player_id_nhl)) not in ruled_out
    ]
    likely = [row for row in scored if row["score"] >= LIKELY]
    return sorted(likely, key=lambda row: (-row["score"], row["candidate_id"]))[:CANDIDATES]
