"""From a vendor's events and people to NHL ids: decided by evidence, or left undecided with the reason.

Works on distinct events and people of any number of slates and puts the answers back on the quotes. An event is
the game of its date and teams; one that names no teams is the game in which its people play (`teamless`). A person
is sought among the players of the two teams of his event (`people`).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nhl_ops.contracts.encoding import distinct, plain
from nhl_ops.domain.mapping import EventMethod, MappingMethod, mapping_score
from nhl_ops.domain.markets import GOALIE_MARKETS
from nhl_ops.transforms.people import PERSON_COLUMNS, objects, resolve, tri_codes
from nhl_ops.transforms.teamless import games_of_people

START_TOLERANCE = pd.Timedelta(hours=12)
DOUBLEHEADER_MARGIN = pd.Timedelta(hours=2)
"""By how much nearer one of two games of the same teams must be: they cannot start within three hours."""

EVENT_COLUMNS = ["game_date", "home_team_raw", "away_team_raw", "start_time_utc"]
EVENT_ANSWERS = ["game_id_nhl", "event_reason", "event_method"]
ALIAS_COLUMNS = ["alias_name", "player_name", "player_id", "valid_from", "valid_to", "source"]
NO_TEAMS = "the event names no teams"
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SLATE_GAME = ["game_date", "game_id_nhl"]


def map_quotes(
    quotes: pd.DataFrame, games: pd.DataFrame, players: pd.DataFrame, aliases: pd.DataFrame
) -> pd.DataFrame:
    """The quotes with game_id_nhl, event_method, player_id_nhl, mapping_method, mapping_reason and mapping_score.

    quotes: columns of FACT_PROP_ODDS without those. games: DIM_GAMES. players: DIM_PLAYERS. aliases: of
    `check_aliases`.
    """
    in_events = map_events(quotes, games)
    is_teamless = quotes["home_team_raw"].isna() & quotes["away_team_raw"].isna()
    if is_teamless.any():
        found = games_of_people(plain(quotes[is_teamless]), games, players, aliases, START_TOLERANCE)
        for column in EVENT_ANSWERS:
            in_events.loc[found.index, column] = found[column].array
    return map_players(in_events, players, aliases)


def map_events(quotes: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """The quotes with game_id_nhl (null when undecided), event_reason (why) and event_method.

    quotes: EVENT_COLUMNS. games: DIM_GAMES. An event is the game of the same Eastern date, away and home team
    whose start lies within twelve hours of the vendor's; of two such games the one that is clearly nearer.
    """
    event_no, events = distinct(quotes[EVENT_COLUMNS], EVENT_COLUMNS)
    events["event_no"] = range(len(events))
    days = [date.fromisoformat(d) for d in events["game_date"]]
    events["home_team"] = objects(tri_codes(events["home_team_raw"], days))
    events["away_team"] = objects(tri_codes(events["away_team_raw"], days))
    fixture = ["game_date", "home_team", "away_team"]
    scheduled = games[[*fixture, "game_id_nhl", "start_time_utc", "is_playable"]]
    found = _nearest(events.merge(scheduled, on=fixture, how="left", suffixes=("", "_nhl")))
    found["event_reason"] = _event_reasons(found, games)
    undecided = found["event_reason"].notna()
    found["game_id_nhl"] = found["game_id_nhl"].astype("Int64").mask(undecided)
    found["event_method"] = np.where(undecided, EventMethod.UNRESOLVED.value, EventMethod.TEAMS.value)
    return _with_answers(quotes, found.set_index("event_no")[EVENT_ANSWERS], event_no)


def map_players(quotes: pd.DataFrame, players: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """The quotes with player_id_nhl, mapping_method, mapping_reason and mapping_score.

    quotes: raw quote columns with EVENT_ANSWERS. players: DIM_PLAYERS. aliases: ALIAS_COLUMNS of `check_aliases`.
    """
    person = [*PERSON_COLUMNS, "game_id_nhl", "is_by_people"]
    people = quotes.assign(
        is_goalie=quotes["market"].isin(GOALIE_MARKETS),
        is_by_people=quotes["event_method"] == EventMethod.PEOPLE.value,
    )
    person_no, people = distinct(people[[*person, "event_reason", "event_method"]], person)
    people["person_no"] = range(len(people))
    answers = pd.DataFrame(
        {
            "player_id_nhl": pd.array([pd.NA] * len(people), dtype="Int64"),
            "mapping_method": MappingMethod.UNRESOLVED.value,
            "mapping_reason": people["event_reason"].to_numpy(dtype=object),
            "mapping_score": 0.0,
        },
        index=pd.Index(people["person_no"]),
    )
    known = people[people["game_id_nhl"].notna()].astype({"game_id_nhl": "int64"})
    decided = resolve(known, players, aliases, SLATE_GAME)
    methods = zip(decided["mapping_method"], decided["is_supported"], known["event_method"], strict=True)
    decided["mapping_score"] = [
        mapping_score(MappingMethod(m), bool(s), EventMethod(e)) for m, s, e in methods
    ]
    _say_where_nobody_is_known(decided, known, players)
    for column in answers.columns:
        answers.loc[decided.index, column] = decided[column].array
    return _with_answers(quotes.drop(columns="event_reason"), answers, person_no)


def check_aliases(aliases: pd.DataFrame) -> pd.DataFrame:
    """The alias table, typed. Raises ValueError with the row's number for a row that cannot be applied."""
    missing = [c for c in ALIAS_COLUMNS if c not in aliases.columns]
    if missing:
        raise ValueError(f"aliases: column(s) {missing} are missing; expected {ALIAS_COLUMNS}")
    table = aliases[ALIAS_COLUMNS].astype(object)
    table = table.mask(table.isna() | (table == ""), None)
    for number, row in enumerate(table.itertuples(index=False), start=2):
        if row.alias_name is None:
            raise ValueError(f"aliases, line {number}: alias_name is empty")
        if (row.player_name is None) == (row.player_id is None):
            raise ValueError(f"aliases, line {number} ({row.alias_name!s}): give player_name or player_id")
        for bound in (row.valid_from, row.valid_to):
            if bound is not None and not _ISO_DATE.fullmatch(str(bound)):
                raise ValueError(f"aliases, line {number} ({row.alias_name!s}): {bound!s} is not YYYY-MM-DD")
    table["player_id"] = pd.to_numeric(table["player_id"]).astype("Int64")
    return table


def _with_answers(quotes: pd.DataFrame, answers: pd.DataFrame, number: NDArray[Any]) -> pd.DataFrame:
    position = answers.index.get_indexer(pd.Index(number))
    return quotes.assign(**{str(column): answers[column].array[position] for column in answers})


def _nearest(found: pd.DataFrame) -> pd.DataFrame:
    """Each event once, with its likeliest game, that game's distance in time (gap), and the id of a rival.

    A game that was taken off the date comes after one that stands. A rival is another game of the same teams and
    date that stands as well and is not clearly farther from the vendor's time.
    """
    gap = (found["start_time_utc"] - found["start_time_utc_nhl"]).abs()
    found = found.assign(gap=gap, is_off=~found["is_playable"].eq(True))
    ordered = found.sort_values(["event_no", "is_off", "gap", "game_id_nhl"], kind="stable")
    first = ordered.drop_duplicates("event_no")
    second = ordered[ordered.duplicated("event_no")].drop_duplicates("event_no").set_index("event_no")
    second = second.reindex(first["event_no"]).set_axis(first.index)
    is_close = (second["gap"] - first["gap"] < DOUBLEHEADER_MARGIN) & (second["is_off"] == first["is_off"])
    return first.assign(rival=second["game_id_nhl"].where(is_close))


def _event_reasons(found: pd.DataFrame, games: pd.DataFrame) -> list[str | None]:
    swapped = set(zip(games["game_date"], games["away_team"], games["home_team"], strict=True))
    return [_event_reason(row, swapped) for row in found.itertuples(index=False)]


def _event_reason(row: Any, swapped: set[tuple[str, str, str]]) -> str | None:
    if pd.isna(row.away_team_raw) and pd.isna(row.home_team_raw):
        return NO_TEAMS
    sides = ((row.away_team_raw, row.away_team), (row.home_team_raw, row.home_team))
    unknown = [repr(raw) for raw, tri in sides if not tri]
    if unknown:
        return f"no NHL team is spelt {' or '.join(unknown)}"
    fixture = f"{row.away_team} at {row.home_team} on {row.game_date}"
    if pd.isna(row.gap):
        is_swapped = (row.game_date, row.home_team, row.away_team) in swapped
        way = f"{fixture} is scheduled with home and away the other way round"
        return way if is_swapped else f"no game {fixture}"
    return _time_reason(row, fixture)


def _time_reason(row: Any, fixture: str) -> str | None:
    if row.gap > START_TOLERANCE:
        return f"{fixture} starts {row.gap.total_seconds() / 3600:.0f} h away from the vendor's time"
    if not pd.isna(row.rival):
        twice = f"games {int(row.game_id_nhl)} and {int(row.rival)}"
        return f"{fixture} is played twice and the vendor's time does not tell which: {twice}"
    return None


def _say_where_nobody_is_known(decided: pd.DataFrame, known: pd.DataFrame, players: pd.DataFrame) -> None:
    """The reason of a game of which no player is known: it was taken off the date, or rosters are missing."""
    has_players = pd.MultiIndex.from_frame(known[SLATE_GAME]).isin(
        pd.MultiIndex.from_frame(players[SLATE_GAME].drop_duplicates())
    )
    empty = known.loc[~has_players, SLATE_GAME]
    decided.loc[~has_players, "mapping_reason"] = [
        f"no player is known for game {game} on {day}: it was taken off this date, or its rosters are missing"
        for day, game in empty.itertuples(index=False)
    ]
