"""The NHL's stats reports (REST, a row a player and game): paging, and three skater reports joined to one.

Facts of the format: `total` counts all rows and not the page's; a page has at most 10,000 rows; ice time of
a game comes as a float of seconds "per game"; a report can lack a game, and new fields are null on old
seasons. Figures of the power play that are absent are null, never 0.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

import pandas as pd

from nhl_ops.contracts.results import FACT_GOALIE_GAMES, FACT_SKATER_GAMES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.gateways.drift import ShapeError, Told, broken, rejected, unlike
from nhl_ops.gateways.nhl_rows import (
    GOALIE_STATISTICS,
    SKATER_STATISTICS,
    fact_frame,
    game_kind,
    rule_of,
    stamp,
)
from nhl_ops.gateways.vendor import Parsed, Payload, Rejected, VendorRequest
from nhl_ops.gateways.wire import Node, load

PAGE_ROWS = 10_000
STABLE_ORDER = '[{"property":"gameId","direction":"ASC"},{"property":"playerId","direction":"ASC"}]'
SKATER_POSITIONS = frozenset({"C", "L", "R", "D"})
SIDES = {"H": True, "R": False}
SUMMARY_COUNTS = {"goals": "goals", "assists": "assists", "points": "points", "shots_on_goal": "shots"}
SUMMARY_COUNTS |= {"power_play_goals": "ppGoals"}
REALTIME_COUNTS = {"blocked_shots": "blockedShots", "hits": "hits"}
GOALIE_COUNTS = {"shots_against": "shotsAgainst", "saves": "saves", "goals_against": "goalsAgainst"}

Row = dict[str, Any]
Key = tuple[int, int]


class StatsReport(StrEnum):
    """Reports in use, by their path."""

    SKATER_SUMMARY = "skater/summary"
    SKATER_REALTIME = "skater/realtime"
    SKATER_TIMEONICE = "skater/timeonice"
    GOALIE_SUMMARY = "goalie/summary"

    @property
    def endpoint(self) -> str:
        return f"nhl_stats_{self.value.replace('/', '_')}"


class _Found(NamedTuple):
    """A report's row, and where it comes from."""

    source: Row
    node: Node


def report_requests(stats_url: str, first: date, last: date) -> list[VendorRequest]:
    """First pages of every report for the games from first to last (Eastern dates, both included)."""
    params = {
        "isAggregate": "false",
        "isGame": "true",
        "cayenneExp": f'gameDate>="{first.isoformat()}" and gameDate<="{last.isoformat()}"',
        "sort": STABLE_ORDER,
        "start": "0",
        "limit": str(PAGE_ROWS),
    }
    return [VendorRequest(r.endpoint, f"{stats_url.rstrip('/')}/{r.value}", params) for r in StatsReport]


def next_page(request: VendorRequest, payload: Payload) -> VendorRequest | None:
    """The request for the rows after this page; None when the page was the last.

    Raises VendorContract when the page is no report, or is empty before the total is reached.
    """
    try:
        root = load(payload)
        rows, total = len(list(root["data"].each())), root["total"].count()
    except ShapeError as problem:
        raise broken(payload, problem) from None
    start = int(request.params["start"]) + rows
    if start >= total:
        return None
    if rows == 0:
        raise broken(payload, unlike("$.data", f"rows from {start} of {total} on", Told("an empty page")))
    return VendorRequest(request.endpoint, request.url, {**request.params, "start": str(start)})


def skater_rows(pages: Mapping[StatsReport, Sequence[Payload]]) -> Parsed:
    """Skater games in the columns of FACT_SKATER_GAMES without known_at_utc; skaters without ice time left
    out.

    pages: payloads by report. A game and player of the summary without its realtime row is a dead letter
    (hits and blocks would be made up), and so is a realtime row without its summary. Raises VendorContract
    when a payload is no report.
    """
    letters: list[Rejected] = []
    summary = _by_key(pages, StatsReport.SKATER_SUMMARY, letters)
    realtime = _by_key(pages, StatsReport.SKATER_REALTIME, letters)
    ice = _by_key(pages, StatsReport.SKATER_TIMEONICE, letters)
    rows = []
    for key, found in summary.items():
        try:
            rows.append(_skater(found, realtime.pop(key, None), ice.get(key)))
        except ShapeError as problem:
            letters.append(rejected(rule_of(problem, "malformed_row"), str(problem), found.node.value))
    for orphan in realtime.values():
        detail = unlike(orphan.node.path, "a summary of this game and player", Told("none"))
        letters.append(rejected("no_summary_row", detail, orphan.node.value))
    return Parsed(_frame(FACT_SKATER_GAMES, rows, SKATER_STATISTICS), letters)


def goalie_rows(pages: Mapping[StatsReport, Sequence[Payload]]) -> Parsed:
    """Goalie games in the columns of FACT_GOALIE_GAMES without known_at_utc; without ice time left out."""
    letters: list[Rejected] = []
    rows = []
    for found in _by_key(pages, StatsReport.GOALIE_SUMMARY, letters).values():
        try:
            rows.append(_goalie(found))
        except ShapeError as problem:
            letters.append(rejected(rule_of(problem, "malformed_row"), str(problem), found.node.value))
    return Parsed(_frame(FACT_GOALIE_GAMES, rows, GOALIE_STATISTICS), letters)


def _by_key(
    pages: Mapping[StatsReport, Sequence[Payload]], report: StatsReport, letters: list[Rejected]
) -> dict[Key, _Found]:
    """Rows of a report by game and player; a row that pages repeat is a dead letter."""
    found: dict[Key, _Found] = {}
    for payload in pages[report]:
        try:
            rows = list(load(payload)["data"].each())
        except ShapeError as problem:
            raise broken(payload, problem) from None
        source = stamp(payload)
        for row in rows:
            try:
                key = (row["gameId"].integer(), row["playerId"].integer())
            except ShapeError as problem:
                letters.append(rejected(rule_of(problem, "malformed_row"), str(problem), row.value))
                continue
            if key in found:
                letters.append(
                    rejected(
                        "duplicate_row",
                        unlike(row.path, "a game and player once", Told("they came before")),
                        row.value,
                    )
                )
            else:
                found[key] = _Found(source, row)
    return found


def _frame(spec: TableSpec, rows: Sequence[Row], version: Sequence[str]) -> pd.DataFrame:
    return fact_frame(spec, [row for row in rows if row["toi_sec"] > 0], version)


def _head(found: _Found, name: str) -> Row:
    row = found.node
    game_id, season, game_type = game_kind(row["gameId"])
    side = row["homeRoad"].text()
    if side not in SIDES:
        raise ShapeError(row["homeRoad"].path, "H or R", side)
    return {
        **found.source,
        "game_date": row["gameDate"].day(),
        "game_id_nhl": game_id,
        "season": season,
        "game_type": game_type,
        "team": row["teamAbbrev"].text(),
        "opponent": row["opponentTeamAbbrev"].text(),
        "is_home": SIDES[side],
        "player_id_nhl": row["playerId"].integer(),
        "player_name": row[name].text(),
        "source": "stats_rest",
    }


def _skater(found: _Found, realtime: _Found | None, ice: _Found | None) -> Row:
    row = found.node
    if realtime is None:
        raise ShapeError(
            row.path, "a realtime row of this game and player, with hits and blocks", Told("none")
        )
    position = row["positionCode"].text()
    if position not in SKATER_POSITIONS:
        raise ShapeError(row["positionCode"].path, "a known position", position)
    points = row["ppPoints"]
    power_play_ice = Node(None) if ice is None else ice.node["ppTimeOnIce"]
    return _head(found, "skaterFullName") | {
        "position": position,
        **row.counts(SUMMARY_COUNTS),
        **realtime.node.counts(REALTIME_COUNTS),
        "power_play_points": None if points.is_null else points.count(),
        "toi_sec": row["timeOnIcePerGame"].rounded() if ice is None else ice.node["timeOnIce"].rounded(),
        "power_play_toi_sec": None if power_play_ice.is_null else power_play_ice.rounded(),
    }


def _goalie(found: _Found) -> Row:
    row = found.node
    return _head(found, "goalieFullName") | {
        "is_starter": row["gamesStarted"].count() > 0,
        **row.counts(GOALIE_COUNTS),
        "toi_sec": row["timeOnIce"].rounded(),
    }
