"""Events that name no teams: the game in which their people play, or none and why.

A source may list players without saying who meets whom. Its people are sought among the players of every game of
the date. An event is a game when all of its people who are recognised play in that one. Two things are held
against it: a date on which many of the people that the source lists do not play is not the source's date, and a
price that was seen after the game's start may be of another game.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhl_ops.domain.mapping import EventMethod, MappingMethod
from nhl_ops.domain.markets import GOALIE_MARKETS
from nhl_ops.transforms.people import PERSON_COLUMNS, resolve

EVENT = ["source_vendor", "event_id_vendor", "game_date"]
PAGE = ["source_vendor", "payload_hash", "game_date"]
MIN_PEOPLE = 10
"""People of a payload and date from which on their number tells whether the date is right."""

MIN_PRESENT = 0.8
"""Least share of them that plays on the date. Nearly all do on the right date; on another one, about as many as
there are teams that play on both."""


def games_of_people(
    quotes: pd.DataFrame,
    games: pd.DataFrame,
    players: pd.DataFrame,
    aliases: pd.DataFrame,
    tolerance: pd.Timedelta,
) -> pd.DataFrame:
    """game_id_nhl, event_reason and event_method by the index of `quotes`, which name no teams.

    quotes: raw quote columns. games: DIM_GAMES. players: DIM_PLAYERS. tolerance: how far the game's start may be
    from the one that the vendor gives.
    """
    people = quotes.assign(is_goalie=quotes["market"].isin(GOALIE_MARKETS))
    person_no, event_no, page_no = (
        people.groupby(key, dropna=False, sort=False).ngroup() for key in (PERSON_COLUMNS, EVENT, PAGE)
    )
    rows = people[["game_date", "start_time_utc", "captured_at_utc"]].assign(
        row=people.index, person_no=person_no, event_no=event_no, page_no=page_no
    )
    persons = people[PERSON_COLUMNS].assign(person_no=person_no).drop_duplicates("person_no")
    found = _games_of_persons(persons, players, aliases)
    rows = rows.join(found, on="person_no")
    rows = rows.join(_games_of_events(rows), on="event_no")
    doubts = rows["page_no"].map(_dates_doubted(rows))
    rows["event_reason"] = _first_reason(doubts, rows["event_reason"])
    starts = games.set_index(["game_date", "game_id_nhl"])["start_time_utc"]
    starts = rows[["game_date", "game_id_nhl"]].join(starts, on=["game_date", "game_id_nhl"])[
        "start_time_utc"
    ]
    rows["event_reason"] = _first_reason(rows["event_reason"], _times_doubted(rows, starts, tolerance))
    is_open = rows["event_reason"].notna()
    method = np.where(is_open, EventMethod.UNRESOLVED.value, EventMethod.PEOPLE.value)
    answers = rows.assign(game_id_nhl=rows["game_id_nhl"].mask(is_open), event_method=method)
    return answers.set_index("row")[["game_id_nhl", "event_reason", "event_method"]]


def _games_of_persons(persons: pd.DataFrame, players: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """By person_no: game_id_nhl, person_reason, and is_present, whether somebody of the name plays on the date."""
    answers = resolve(persons, players, aliases, ["game_date"])
    decided = persons.assign(player_id_nhl=answers["player_id_nhl"].array)
    decided = decided.merge(players[["game_date", "player_id_nhl", "game_id_nhl"]], how="left")
    games = decided.drop_duplicates("person_no").set_index("person_no")["game_id_nhl"]
    return pd.DataFrame(
        {
            "game_id_person": games.reindex(answers.index).astype("Int64"),
            "person_reason": answers["mapping_reason"],
            "is_present": answers["mapping_method"] != MappingMethod.UNRESOLVED,
        }
    )


def _games_of_events(rows: pd.DataFrame) -> pd.DataFrame:
    """By event_no: game_id_nhl and event_reason: the one game in which the people of an event play."""
    votes = rows.drop_duplicates(["event_no", "person_no"]).groupby("event_no")
    games, reason = votes["game_id_person"].nunique(), votes["person_reason"].first()
    several = "its people play in " + games.astype(str) + " games of the date"
    reason = "the event names no teams, and " + several.where(games > 1, reason.where(games == 0))
    return pd.DataFrame(
        {"game_id_nhl": votes["game_id_person"].first(), "event_reason": reason.astype(object)}
    )


def _dates_doubted(rows: pd.DataFrame) -> pd.Series[str]:
    """By page_no, for pages of a source whose date is not believed: why."""
    pages = rows.drop_duplicates(["page_no", "person_no"]).groupby("page_no")
    people, present, day = pages.size(), pages["is_present"].sum(), pages["game_date"].first()
    is_doubted = (people >= MIN_PEOPLE) & (present < MIN_PRESENT * people)
    listed = present.astype(str) + " of the " + people.astype(str) + " people listed with it play on " + day
    return ("the event names no teams, and its date is doubtful: only " + listed)[is_doubted]


def _times_doubted(
    rows: pd.DataFrame, starts: pd.Series[pd.Timestamp], tolerance: pd.Timedelta
) -> pd.Series[str]:
    """Why the game is not believed by its start, else null."""
    game = "game " + rows["game_id_nhl"].astype(str)
    late = "the event names no teams, and the price was seen after the start of " + game
    far = "the event names no teams, and " + game + " starts too far from the vendor's time"
    is_far = (rows["start_time_utc"] - starts).abs() > tolerance
    return late.where(rows["captured_at_utc"] >= starts, far.where(is_far)).astype(object)


def _first_reason(one: pd.Series[str], other: pd.Series[str]) -> pd.Series[str]:
    return one.where(one.notna(), other).astype(object)
