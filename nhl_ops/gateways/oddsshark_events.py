"""Events of OddsShark's scores: when a game of the player-props page starts, and between whom."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from nhl_ops.domain.failures import VendorContract
from nhl_ops.domain.teams import tri_code
from nhl_ops.gateways.drift import ShapeError, broken
from nhl_ops.gateways.oddsshark_scores import EPOCH_SECONDS, NAMES
from nhl_ops.gateways.vendor import Payload
from nhl_ops.gateways.wire import Node, eastern_day, id_text, load, text_or_none


class Event(NamedTuple):
    """A game of the scores: start in microseconds since 1970, None if it is no time; its teams as spelt there
    (None if they are not) and their tri-codes where known."""

    start_us: int | None
    home: str | None = None
    away: str | None = None
    home_code: str | None = None
    away_code: str | None = None


class Events(NamedTuple):
    """Events by id, and why a day's scores could not be read."""

    by_id: Mapping[str, Event]
    problems: Sequence[VendorContract]


def events_of(scores: Sequence[Payload]) -> Events:
    """Events of the days' scores; of equal ids the first stands."""
    found: dict[str, Event] = {}
    problems = []
    for payload in scores:
        try:
            for game in load(payload)["scores"].each():
                event_id = id_text(game["id"].value)
                if event_id is not None:
                    found.setdefault(event_id, _event(game))
        except ShapeError as problem:
            problems.append(broken(payload, problem))
        except VendorContract as problem:
            problems.append(problem)
    return Events(found, problems)


def _event(game: Node) -> Event:
    try:
        seconds = game["date"].integer()
    except ShapeError:
        return Event(None)
    if seconds not in EPOCH_SECONDS:
        return Event(None)
    start_us = seconds * 1_000_000
    day = date.fromisoformat(eastern_day(start_us))
    home, away = (_spellings(game, side) for side in ("home", "away"))
    home_code, away_code = (
        next(filter(None, (tri_code(t, day) for t in side)), None) for side in (home, away)
    )
    return Event(start_us, next(iter(home), None), next(iter(away), None), home_code, away_code)


def _spellings(game: Node, side: str) -> list[str]:
    try:
        names = game["teams"][side]["names"]
        return [text for text in (text_or_none(names[key].value) for key in NAMES) if text]
    except ShapeError:
        return []
