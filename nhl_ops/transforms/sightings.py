"""When a quote was seen and whether it still stood at as-of, read off the sightings of its payloads."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from nhl_ops.contracts.encoding import distinct
from nhl_ops.domain.slates import eastern

BODY_OUTCOMES = ("ok", "not_modified")
BOARD_OUTCOMES = (*BODY_OUTCOMES, "not_offered_yet")
"""Sightings that tell what a vendor offers at that moment, an empty board included."""

PAYLOAD = ["source_vendor", "payload_hash"]
BOARD_COLUMNS = [*PAYLOAD, "captured_at_utc", "game_date", "event_id_vendor", "quote_id"]
"""Of the raw quotes, what tells which quotes stood on which board."""

CAPTURE = [*PAYLOAD, "captured_at_utc"]


def end_of_slate(game_date: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """The midnight in New York that ends each slate."""
    ends = {
        text: pd.Timestamp(eastern(date.fromisoformat(text) + timedelta(days=1), 0))
        for text in game_date.unique()
    }
    return game_date.map(ends).astype("datetime64[us, UTC]")


def last_sighting(payloads: pd.DataFrame, raw_quotes: pd.DataFrame, sightings: pd.DataFrame) -> pd.DataFrame:
    """`payloads` (source_vendor, payload_hash, limit_utc) with sighted_at_utc: the last one by the limit.

    The capture that a payload's rows carry is a sighting too. Payloads first seen after the limit drop out.
    """
    bodies = sightings.loc[sightings["outcome"].isin(BODY_OUTCOMES), CAPTURE]
    _, captures = distinct(raw_quotes[CAPTURE], CAPTURE)
    times = pd.concat([bodies, captures], ignore_index=True).rename(
        columns={"captured_at_utc": "sighted_at_utc"}
    )
    found = pd.merge_asof(
        payloads.sort_values("limit_utc"),
        times.drop_duplicates().sort_values("sighted_at_utc"),
        left_on="limit_utc",
        right_on="sighted_at_utc",
        by=PAYLOAD,
    )
    return found[found["sighted_at_utc"].notna()]


def standing(
    facts: pd.DataFrame,
    raw_quotes: pd.DataFrame,
    sightings: pd.DataFrame,
    games: pd.DataFrame,
    capture_pass_minutes: float,
) -> pd.DataFrame:
    """The mapped facts that stand at their game's as-of, with last_seen_at_utc as of then.

    facts: stored FACT_PROP_ODDS rows with created_at_utc: of several mappings of a quote the newest counts.
    raw_quotes (BOARD_COLUMNS), sightings: what the slates read. games: DIM_GAMES.
    A vendor's board replaces its former one, and nothing counts from the start of the game on. So a quote
    stands if it is on the vendor's last board of its event, unless the vendor sent a board without the event
    later than the pass that this one belongs to (`capture_pass_minutes`: events are asked for one by one).
    """
    current = _current_mapping(facts, games)
    event = ["game_date", "source_vendor", "event_id_vendor"]
    limits = current[[*event, "limit_utc"]].drop_duplicates(event, keep="last")
    carriers = raw_quotes[[*event, "payload_hash"]].drop_duplicates().merge(limits, on=event)
    seen = last_sighting(carriers[[*PAYLOAD, "limit_utc"]].drop_duplicates(), raw_quotes, sightings)
    carriers = carriers.merge(seen, on=[*PAYLOAD, "limit_utc"])
    is_last = carriers["sighted_at_utc"] == carriers.groupby(event)["sighted_at_utc"].transform("max")
    boards = _vendor_boards(carriers, sightings)
    last = carriers[is_last].merge(boards, on=["game_date", "source_vendor", "limit_utc"], how="left")
    slack = pd.Timedelta(minutes=capture_pass_minutes)
    last = last[~(last["board_at_utc"] > last["sighted_at_utc"] + slack)]
    listed = raw_quotes[[*event, "payload_hash", "quote_id"]].merge(last, on=[*event, "payload_hash"])
    last_seen = listed.groupby(["game_date", "quote_id"])["sighted_at_utc"].max()
    return current.drop(columns=["last_seen_at_utc", "limit_utc"]).merge(
        last_seen.reset_index(name="last_seen_at_utc"), on=["game_date", "quote_id"]
    )


def newest_mapping(facts: pd.DataFrame) -> pd.DataFrame:
    """Each quote once: its newest mapping and, of two that were written at one instant, the one with both ids."""
    is_mapped = facts["game_id_nhl"].notna() & facts["player_id_nhl"].notna()
    ordered = facts.assign(is_mapped=is_mapped).sort_values(["created_at_utc", "is_mapped"], kind="stable")
    return ordered.drop_duplicates(["game_date", "quote_id"], keep="last").drop(columns="is_mapped")


def known_facts(facts: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """Newest mapping of each quote captured by its game's as-of (the slate's last, where it has no game), with
    as_of_utc: that instant, null for a slate without games."""
    newest = newest_mapping(facts)
    limits = newest.merge(
        games[["game_date", "game_id_nhl", "as_of_ts_utc"]].astype({"game_id_nhl": "Int64"}),
        on=["game_date", "game_id_nhl"],
        how="left",
    )["as_of_ts_utc"]
    last = newest["game_date"].map(games.groupby("game_date")["as_of_ts_utc"].max())
    limit = limits.set_axis(newest.index).fillna(last)
    return newest.assign(as_of_utc=limit)[(newest["captured_at_utc"] <= limit) | limit.isna()]


def _current_mapping(facts: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """The newest mapping of each quote, if it has both ids; limit_utc is as-of or just before the start."""
    newest = newest_mapping(facts)
    mapped = newest[newest["game_id_nhl"].notna() & newest["player_id_nhl"].notna()].astype(
        {"game_id_nhl": "int64", "player_id_nhl": "int64"}
    )
    before_start = games["start_time_utc"] - pd.Timedelta(microseconds=1)
    limit = before_start.where(before_start < games["as_of_ts_utc"], games["as_of_ts_utc"])
    limits = games.loc[games["is_playable"], ["game_date", "game_id_nhl"]].assign(
        limit_utc=limit.astype("datetime64[us, UTC]")
    )
    return mapped.merge(limits, on=["game_date", "game_id_nhl"])


def _vendor_boards(carriers: pd.DataFrame, sightings: pd.DataFrame) -> pd.DataFrame:
    """game_date, source_vendor, limit_utc, board_at_utc: the vendor's last board of any event by the limit.

    Boards come from the endpoints that carried quotes of the slate; a failed request is no board.
    """
    endpoints = (
        sightings[[*PAYLOAD, "endpoint"]]
        .merge(carriers[["game_date", *PAYLOAD]], on=PAYLOAD)[["game_date", "source_vendor", "endpoint"]]
        .drop_duplicates()
    )
    slate = ["game_date", "source_vendor", "limit_utc"]
    asked = carriers[slate].drop_duplicates().merge(endpoints, on=["game_date", "source_vendor"])
    boards = sightings.loc[
        sightings["outcome"].isin(BOARD_OUTCOMES), ["source_vendor", "endpoint", "captured_at_utc"]
    ].rename(columns={"captured_at_utc": "board_at_utc"})
    found = pd.merge_asof(
        asked.sort_values("limit_utc"),
        boards.sort_values("board_at_utc"),
        left_on="limit_utc",
        right_on="board_at_utc",
        by=["source_vendor", "endpoint"],
    )
    return found.groupby(slate)["board_at_utc"].max().reset_index()
