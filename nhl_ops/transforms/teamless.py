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
    person_no = people.groupby(PERSON_COLUMNS, dropna=False, sort=False).ngroup()
    people = people.assign(person_no=person_no, row=quotes.index)
    persons = people.drop_duplicates("person_no")[["person_no", *PERSON_COLUMNS]]
    found = _games_of_persons(persons, players, aliases)
    rows = people[["row", "person_no", "payload_hash", *EVENT, "start_time_utc", "captured_at_utc"]]
    rows = rows.merge(found, left_on="person_no", right_index=True, how="left")
    rows = rows.merge(_games_of_events(rows), on=EVENT, how="left", suffixes=("_person", ""))
    rows["event_reason"] = _first_reason(_dates_doubted(rows), rows["event_reason"])
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
    """EVENT, game_id_nhl and event_reason: the one game in which the people of an event play."""
    votes = rows.drop_duplicates([*EVENT, "person_no"])
    events = votes.groupby(EVENT, as_index=False).agg(
        games=("game_id_person", "nunique"),
        game_id_nhl=("game_id_person", "first"),
        people=("person_no", "size"),
        person_reason=("person_reason", "first"),
    )
    several = "its people play in " + events["games"].astype(str) + " games of the date"
    reason = several.where(events["games"] > 1, events["person_reason"].where(events["games"] == 0))
    reason = "the event names no teams, and " + reason
    return events.assign(event_reason=reason.astype(object))[[*EVENT, "game_id_nhl", "event_reason"]]


def _dates_doubted(rows: pd.DataFrame) -> pd.Series[str]:
    """Why the date of a page of the source is not believed, else null."""
    listed = rows.drop_duplicates([*PAGE, "person_no"])
    pages = listed.groupby(PAGE, as_index=False).agg(
        people=("person_no", "size"), present=("is_present", "sum")
    )
    is_doubted = (pages["people"] >= MIN_PEOPLE) & (pages["present"] < MIN_PRESENT * pages["people"])
    said = (
        "the event names no teams, and its date is doubtful: only "
        + pages["present"].astype(str)
        + " of the "
        + pages["people"].astype(str)
        + " people listed with it play on "
        + pages["game_date"]
    )
    pages = pages.assign(doubt=said.where(is_doubted).astype(object))
    return rows[PAGE].merge(pages, on=PAGE, how="left")["doubt"].set_axis(rows.index)


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
