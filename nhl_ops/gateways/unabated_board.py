"""The shapes of an Unabated board, walked alike: market events with their scope, and who is who in them.

Form A (public board): `odds.{lg6:pt1:pregame}[]`, with `people`, `teams` and `marketSources` beside it.
Form B (keyed API): `data.odds.{league}.periodTypes.{name}.{pregame|live}.{marketKey}`.
Form C (partner API): `propsPeopleEvents.{lg6:pt1:pregame}[]`, see `unabated_partner`.
People, teams and sources of B and C, and the bet types, come from lists of their own: `listed` reads them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from nhl_ops.domain.escaping import quoted
from nhl_ops.gateways.drift import MESSAGE_CHARS, Defect, ShapeError, Told, broken, shown, unlike
from nhl_ops.gateways.vendor import Payload
from nhl_ops.gateways.wire import Node, document, id_text, text_or_none

NHL_LEAGUE = "6"
FULL_GAME = "1"
PHASES = ("pregame", "live")
PEOPLE, TEAMS, SOURCES = "unabated_people", "unabated_teams", "unabated_sources"
BET_TYPES = "unabated_bet_types"
INHERITED = (
    "marketId",
    "statusId",
    "isBlurred",
    "disabled",
    "sequenceNumber",
    "modifiedOn",
    "marketSourceId",
)
"""What an alternate line has from the line that carries it, unless it says otherwise."""

Row = Mapping[str, Any]
Lists = Mapping[str, Mapping[str, Row]]


BookLine = tuple[str, str, Any, bool]
"""A book's line as sent, or junk in its place: its path below its side without the point, the book's key (`ms1`
or `1`), its fields with the alternate lines that it carries, whether it is an alternate one itself."""


class MarketSide(NamedTuple):
    """One side of a market event. key starts with the side's index; where: its path below the event."""

    where: str
    key: str
    body: Any
    lines: Iterable[BookLine]


class MarketEvent(NamedTuple):
    """One player's market in one game.

    out_of_scope: why all its prices are dead letters. sides: None when it is no event at all.
    """

    body: Any
    path: str
    out_of_scope: Defect | None
    is_live: bool
    bet_type: str | None
    sides: list[MarketSide] | None


@dataclass(frozen=True)
class Directory:
    """Who is who: people by id, team abbreviations by id, book names by id."""

    people: Mapping[str, Row]
    teams: Mapping[str, str]
    books: Mapping[str, str]


def error_of(root: Node) -> str | None:
    """What the vendor says in a 200 that carries an error (`success: false`); None if it carries none."""
    if not isinstance(root.value, dict) or root["success"].value is not False:
        return None
    messages = root["messages"].value
    said = "; ".join(text_or_none(m) or shown(m) for m in messages) if isinstance(messages, list) else ""
    return unlike(
        "$.success", "true", Told(f"false: {quoted(said, MESSAGE_CHARS) if said else 'no message'}")
    )


def listed(payload: Payload) -> dict[str, Row]:
    """Rows by id of a list: bare or below `data`, as a list or as an object by id. Raises VendorContract."""
    root = document(payload)
    is_enveloped = isinstance(root.value, dict) and "data" in root.value
    rows = root["data"] if is_enveloped else root
    if not isinstance(rows.value, list | dict):
        raise broken(payload, error_of(root) or unlike(rows.path, "a list or an object by id", rows.value))
    return _by_id(rows)


def directory(root: Node, lists: Lists) -> Directory:
    """Who is who, from the board itself and, where it leaves that out, from the vendor's lists by endpoint."""
    inner = root if root["data"].is_null else root["data"]

    def rows(key: str, endpoint: str) -> dict[str, Row]:
        return {**lists.get(endpoint, {}), **_by_id(inner[key])}

    return Directory(
        people=rows("people", PEOPLE),
        teams=_names(rows("teams", TEAMS).items(), "abbreviation"),
        books=_names(rows("marketSources", SOURCES).items(), "name"),
    )


def public_events(odds: Node) -> Iterator[MarketEvent]:
    """Market events of form A's `odds`. Raises ShapeError when it is no object."""
    for body, path, scope, is_live in grouped(odds):
        yield _market_event(body, path, scope, is_live)


def keyed_events(odds: Node) -> Iterator[MarketEvent]:
    """Market events of form B's `data.odds`. Raises ShapeError when it is not built as it should be."""
    for name, _ in _fields(odds):
        league = odds[name]
        for period_name, _ in _fields(league["periodTypes"]):
            period = league["periodTypes"][period_name]
            for phase in _phases(period):
                place = period[phase].path
                scope = _scope(
                    id_text(league["leagueId"].value), id_text(period["periodTypeId"].value), phase, place
                )
                for key, body in _fields(period[phase]):
                    yield _market_event(body, f"{place}.{key}", scope, phase == "live")


def grouped(groups: Node) -> Iterator[tuple[Any, str, Defect | None, bool]]:
    """(body, path, out of scope, is live) of all rows under keys like `lg6:pt1:pregame`."""
    for key, events in _fields(groups):
        league, _, rest = key.partition(":")
        period, _, phase = rest.partition(":")
        scope = _scope(league.removeprefix("lg"), period.removeprefix("pt"), phase, f"{groups.path}.{key}")
        rows = events if isinstance(events, list) else [events]
        for i, body in enumerate(rows):
            yield body, f"{groups.path}.{key}[{i}]", scope, phase == "live"


def alternates_of(fields: Row, carried: Any) -> Iterator[tuple[int, Any]]:
    """The lines that a line carries, numbered in the order sent; junk comes as it is."""
    inherited = {key: fields[key] for key in INHERITED if key in fields}
    for i, alternate in enumerate(carried if isinstance(carried, list) else [carried]):
        own = alternate
        if isinstance(alternate, dict):
            own = inherited | alternate
            if None in alternate.values():
                own.update({key: value for key, value in inherited.items() if own[key] is None})
        yield i, own


def _market_event(body: Any, path: str, scope: Defect | None, is_live: bool) -> MarketEvent:
    found = body.get("sides") if isinstance(body, dict) else None
    if not isinstance(found, dict):
        return MarketEvent(body, path, scope, is_live, None, None)
    sides = [MarketSide(f".sides.{key}", key, side, _lines(side)) for key, side in found.items()]
    return MarketEvent(body, path, scope, is_live, id_text(body.get("betTypeId")), sides)


def _lines(side: Any) -> list[BookLine]:
    books = side.get("marketSourceLines", side) if isinstance(side, dict) else None
    if not isinstance(books, dict):
        return [("", "", side, False)]
    return [(book, book, fields, False) for book, fields in books.items()]


def _scope(league: str | None, period: str | None, phase: str, place: str) -> Defect | None:
    if league != NHL_LEAGUE:
        return Defect("other_league", f"league {NHL_LEAGUE}, the NHL", league, place)
    if period != FULL_GAME:
        return Defect("other_period", f"period {FULL_GAME}, the full game", period, place)
    return None if phase in PHASES else Defect("unknown_phase", " or ".join(PHASES), phase, place)


def _phases(period: Node) -> list[str]:
    """Keys of a period that hold markets: the known ones, and any other under which stands an object."""
    held = dict(_fields(period))
    known = [phase for phase in PHASES if held.get(phase) is not None]
    return known + [key for key, value in held.items() if key not in PHASES and isinstance(value, dict)]


def _fields(node: Node) -> Iterable[tuple[str, Any]]:
    if not isinstance(node.value, dict):
        raise ShapeError(node.path, "an object of odds", node.value)
    return node.value.items()


def _by_id(node: Node) -> dict[str, Row]:
    if isinstance(node.value, dict):
        return {key: row for key, row in node.value.items() if isinstance(row, dict)}
    rows = node.value if isinstance(node.value, list) else []
    keyed = ((id_text(row.get("id")), row) for row in rows if isinstance(row, dict))
    return {key: row for key, row in keyed if key is not None}


def _names(rows: Iterable[tuple[str, Row]], key: str) -> dict[str, str]:
    named = ((row_id, text_or_none(row.get(key))) for row_id, row in rows)
    return {row_id: name for row_id, name in named if name is not None}
