"""The two shapes of an Unabated board, walked alike: market events with their scope, and who is who in them.

Form A (public board): `odds.{lg6:pt1:pregame}[]`, with `people`, `teams` and `marketSources` beside it.
Form B (keyed API): `data.odds.{league}.periodTypes.{name}.{pregame|live}.{marketKey}`; people, teams and
sources come from endpoints of their own, as `{"success": true, "data": {"<id>": {...}}}`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from nhl_ops.gateways.wire import Node, ShapeError, id_text, text_or_none

NHL_LEAGUE = "6"
FULL_GAME = "1"
PHASES = ("pregame", "live")
PEOPLE, TEAMS, SOURCES = "unabated_people", "unabated_teams", "unabated_sources"


class MarketEvent(NamedTuple):
    """One player's market in one game. out_of_scope: rule under which all its prices are dead letters."""

    body: Any
    path: str
    out_of_scope: str | None
    is_live: bool


@dataclass(frozen=True)
class Directory:
    """Who is who: people by id, team abbreviations by id, book names by id."""

    people: Mapping[str, Mapping[str, Any]]
    teams: Mapping[str, str]
    books: Mapping[str, str]


def error_of(root: Node) -> str | None:
    """What the vendor says in a 200 that carries an error (`success: false`); None if it carries none."""
    if root["success"].value is not False:
        return None
    messages = root["messages"].value
    said = "; ".join(str(m) for m in messages) if isinstance(messages, list) else ""
    return f"success is false: {said[:200] or 'no message'}"


def market_events(root: Node) -> Iterator[MarketEvent]:
    """Every market event of a board of either form. Raises ShapeError when there is no board in it."""
    if root["data"].is_null:
        yield from _public_events(root["odds"])
    else:
        yield from _keyed_events(root["data"]["odds"])


def directory(root: Node, companions: Mapping[str, Node]) -> Directory:
    """Who is who, from the board itself and, for form B, from its companion payloads by endpoint."""
    inner = root if root["data"].is_null else root["data"]

    def rows(key: str, endpoint: str) -> dict[str, Mapping[str, Any]]:
        beside = companions[endpoint]["data"] if endpoint in companions else Node(None)
        return _by_id(beside) | _by_id(inner[key])

    return Directory(
        people=rows("people", PEOPLE),
        teams=_names(rows("teams", TEAMS).items(), "abbreviation"),
        books=_names(rows("marketSources", SOURCES).items(), "name"),
    )


def _public_events(odds: Node) -> Iterator[MarketEvent]:
    for key, events in _fields(odds):
        league, _, rest = key.partition(":")
        period, _, phase = rest.partition(":")
        scope = _scope(league.removeprefix("lg"), period.removeprefix("pt"), phase)
        listed = events if isinstance(events, list) else [events]
        for i, body in enumerate(listed):
            yield MarketEvent(body, f"{odds.path}.{key}[{i}]", scope, phase == "live")


def _keyed_events(odds: Node) -> Iterator[MarketEvent]:
    for name, _ in _fields(odds):
        league = odds[name]
        for period_name, _ in _fields(league["periodTypes"]):
            period = league["periodTypes"][period_name]
            for phase in PHASES:
                if period[phase].is_null:
                    continue
                scope = _scope(
                    id_text(league["leagueId"].value), id_text(period["periodTypeId"].value), phase
                )
                for key, body in _fields(period[phase]):
                    yield MarketEvent(body, f"{period[phase].path}.{key}", scope, phase == "live")


def _scope(league: str | None, period: str | None, phase: str) -> str | None:
    if league != NHL_LEAGUE:
        return "other_league"
    if period != FULL_GAME:
        return "other_period"
    return None if phase in PHASES else "unknown_phase"


def _fields(node: Node) -> Iterable[tuple[str, Any]]:
    if not isinstance(node.value, dict):
        raise ShapeError(node.path, "expected an object of odds")
    return node.value.items()


def _by_id(node: Node) -> dict[str, Mapping[str, Any]]:
    if isinstance(node.value, dict):
        return {key: row for key, row in node.value.items() if isinstance(row, dict)}
    rows = node.value if isinstance(node.value, list) else []
    keyed = ((id_text(row.get("id")), row) for row in rows if isinstance(row, dict))
    return {key: row for key, row in keyed if key is not None}


def _names(rows: Iterable[tuple[str, Mapping[str, Any]]], key: str) -> dict[str, str]:
    named = ((row_id, text_or_none(row.get(key))) for row_id, row in rows)
    return {row_id: name for row_id, name in named if name is not None}
