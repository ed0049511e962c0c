"""Payloads of the NHL's schedule, rosters, boxscores and stats reports; their rows counted apart from the parsers."""

from datetime import date
from typing import Any

import orjson
import pandas as pd
from hypothesis import strategies as st

from nhl_ops.contracts import results
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.gateways.nhl import CapturedRoster, parse_rosters
from nhl_ops.gateways.nhl_boxscore import parse_boxscores
from nhl_ops.gateways.nhl_schedule import parse_schedules
from nhl_ops.gateways.nhl_stats import StatsReport, goalie_rows, skater_rows
from nhl_ops_tests.fuzz.cases import (
    ParserCase,
    Read,
    Sent,
    always,
    document_of,
    exactly,
    sent,
    usually,
    values_of,
)
from nhl_ops_tests.fuzz.damage import damaged, json_bodies, mixture, rendered
from nhl_ops_tests.gateways.nhl_samples import (
    boxscore,
    finished,
    game,
    goalie,
    goalie_row,
    person,
    realtime_row,
    report,
    roster,
    skater,
    summary_row,
    timeonice_row,
    week,
)
from nhl_ops_tests.gateways.wire_samples import payload_of

COUNTS = usually(1, 0, "2", 2.0, None, -1, "\u0661", "9" * 19, 2**63 - 1, 1.5, True)
GAME_IDS = usually(2025020600, "2025020601", 2025040001, None, 7, "9" * 19, -2025020600)
PLAYER_IDS = usually(1, 2, "3", None, "9" * 19, -1, 1.0)
PLAYER_NAMES = usually(
    {"default": "Aho"}, {"fr": "Aho"}, {"default": ""}, "Aho", None, {"default": "\u202e\U0001f3d2"}
)
DAYS = usually("2026-01-05", "2026-01-05T00:00:00", "20260105", "2026-13-01", "0001-01-01", None, "", 5)
ICE = usually("16:40", "00:00", "1:60", "999:59", "\u0661:00", "", None, 1000)
SECONDS = usually(1000.0, 0, 0.4, "1000", None, -1, 1e300, 2**63 - 1)
GAMES = st.one_of(
    st.builds(
        game,
        GAME_IDS,
        startTimeUTC=usually("2026-01-06T00:30:00Z", "2026-01-06", None, "", 5),
        gameState=usually("FUT", "LIVE", "OVER", "?", None),
        gameScheduleState=usually("OK", "PPD", "?", None),
        placeName=usually(None, {"default": "Montr\u00e9al"}, 7),
    ),
    st.builds(finished, GAME_IDS, COUNTS, COUNTS, usually("OT", "REG", "", None, 7)),
)
WEEKS = st.builds(
    lambda games, more, day: {
        "gameWeek": [*week(d2026_01_05=games)["gameWeek"], {"date": day, "games": more}]
    },
    st.lists(GAMES, max_size=2),
    st.lists(GAMES, max_size=2),
    DAYS,
)
PEOPLE = st.lists(
    st.builds(
        person,
        PLAYER_IDS,
        position=usually("C", "G", "F", None, ["C"]),
        lastName=PLAYER_NAMES,
        birthDate=DAYS,
        sweaterNumber=COUNTS,
    ),
    max_size=3,
)
ROSTERS = st.builds(
    lambda forwards, goalies: roster() | {"forwards": forwards, "goalies": goalies}, PEOPLE, PEOPLE
)
SKATERS = st.fixed_dictionaries(
    {},
    optional={
        "goals": COUNTS,
        "sog": COUNTS,
        "toi": ICE,
        "playerId": PLAYER_IDS,
        "position": usually("C", "G", "X"),
    },
)
GOALIES = st.fixed_dictionaries(
    {},
    optional={
        "toi": ICE,
        "saves": COUNTS,
        "starter": usually(True, None, 1),
        "playerId": PLAYER_IDS,
        "saveShotsAgainst": usually("33/35", "33", "", "/", "\u0661/\u0662", f"{'9' * 19}/1", None),
    },
)


def _boxscore(state: Any, day: Any, skaters: list[Any], goalies: list[Any], number: Any) -> dict[str, Any]:
    body = boxscore(gameState=state, gameDate=day, id=number)
    home = body["playerByGameStats"]["homeTeam"]
    home["defense"] += [skater(800 + n, "D") | changes for n, changes in enumerate(skaters)]
    home["goalies"] += [goalie(850 + n) | changes for n, changes in enumerate(goalies)]
    return body


BOXSCORES = st.builds(
    _boxscore,
    usually("OFF", "FINAL", "LIVE", None),
    DAYS,
    st.lists(SKATERS, max_size=2),
    st.lists(GOALIES, max_size=2),
    GAME_IDS,
)
ROW_FIELDS = {
    "gameId": GAME_IDS,
    "gameDate": DAYS,
    "homeRoad": usually("H", "R", "N", None),
    "positionCode": usually("C", "G"),
}


def _report(build: Any, counts: tuple[str, ...], ice: str) -> st.SearchStrategy[Any]:
    fields = st.fixed_dictionaries({}, optional={**ROW_FIELDS, **dict.fromkeys(counts, COUNTS), ice: SECONDS})
    rows = st.builds(lambda number, changes: build(number) | changes, PLAYER_IDS, fields)
    return st.lists(rows, max_size=4).map(lambda found: report(*found))


SUMMARIES = _report(summary_row, ("goals", "ppPoints"), "timeOnIcePerGame")
REALTIME = _report(realtime_row, ("hits",), "timeOnIcePerGame")
TIMEONICE = _report(timeonice_row, ("ppTimeOnIce",), "timeOnIce")
GOALIE_SUMMARIES = _report(goalie_row, ("saves", "gamesStarted"), "timeOnIce")


def _known(spec: TableSpec, rows: pd.DataFrame) -> tuple[TableSpec, pd.DataFrame]:
    """As the table has them: known since a time that only the caller can tell, equal versions once."""
    known = rows.assign(known_at_utc=rows["captured_at_utc"])
    return spec, spec.conform(known.drop_duplicates(list(spec.key)))


def read_schedule(payload: Sent) -> Read:
    parsed = parse_schedules([payload_of(payload.body)])
    return Read((_known(results.RAW_NHL_SCHEDULE, parsed.rows),), parsed.rejected, parsed.seen)


def read_roster(payload: Sent) -> Read:
    parsed = parse_rosters([CapturedRoster(payload_of(payload.body), "CAR", "2026-01-06")])
    return Read((_known(results.RAW_NHL_ROSTERS, parsed.rows),), parsed.rejected, parsed.seen)


def read_boxscore(payload: Sent) -> Read:
    boxes = parse_boxscores([payload_of(payload.body)])
    frames = (boxes.skaters, boxes.goalies, boxes.results)
    specs = (results.FACT_SKATER_GAMES, results.FACT_GOALIE_GAMES, results.FACT_GAME_RESULTS)
    assert (len(boxes.skaters) >= 30) == (len(boxes.goalies) >= 2) == (len(boxes.results) == 1)
    seen = len(boxes.results) + len(boxes.unfinished) + len(boxes.rejected)
    return Read(tuple(map(_known, specs, frames)), boxes.rejected, seen)


def read_skaters(payload: Sent) -> Read:
    others = {StatsReport(name): [payload_of(body)] for name, body in payload.beside}
    parsed = skater_rows({StatsReport.SKATER_SUMMARY: [payload_of(payload.body)], **others})
    return Read((_known(results.FACT_SKATER_GAMES, parsed.rows),), parsed.rejected, parsed.seen)


def read_goalies(payload: Sent) -> Read:
    parsed = goalie_rows({StatsReport.GOALIE_SUMMARY: [payload_of(payload.body)]})
    return Read((_known(results.FACT_GOALIE_GAMES, parsed.rows),), parsed.rejected, parsed.seen)


def counted_games(payload: Sent) -> range:
    """Every game that is listed; one for what is no schedule."""
    days = _rows(payload.body, "gameWeek")
    found = [values_of(day.get("games")) if isinstance(day, dict) else None for day in days or []]
    is_schedule = days is not None and None not in found and all(map(_is_dated, days))
    return exactly(sum(len(games or []) for games in found) if is_schedule else 1)


def _is_dated(day: dict[str, Any]) -> bool:
    try:
        return bool(date.fromisoformat(day["date"].strip()[:10]))
    except (KeyError, AttributeError, ValueError):
        return False


def counted_people(payload: Sent) -> range:
    """Everybody who is listed; one for what is no roster, and for a roster of nobody."""
    groups = [_rows(payload.body, key) for key in ("forwards", "defensemen", "goalies")]
    return exactly(1 if None in groups else max(1, sum(len(group or []) for group in groups)))


def counted_skaters(payload: Sent) -> range:
    """Rows without ice time are left out; those of the other reports count only where they fit no summary."""
    summary, *others = [_rows(body, "data") or [] for body in (payload.body, *dict(payload.beside).values())]
    idle = sum(_is_idle(row, "timeOnIcePerGame") for row in summary) + sum(
        _is_idle(row, "timeOnIce") for row in others[-1]
    )
    return range(len(summary) - idle, len(summary) + sum(map(len, others)) + 1)


def counted_goalies(payload: Sent) -> range:
    rows = values_of(document_of(payload)["data"]) or []
    return range(len(rows) - sum(_is_idle(row, "timeOnIce") for row in rows), len(rows) + 1)


def _is_idle(row: Any, key: str) -> bool:
    seconds = row.get(key) if isinstance(row, dict) else None
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds < 0.5


def _rows(body: bytes, key: str) -> list[Any] | None:
    try:
        root = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None
    return values_of(root.get(key)) if isinstance(root, dict) else None


def _beside(whole: Any, reports: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    return mixture((1, always(rendered(report(*map(whole, (1, 2, 3)))))), (2, damaged(reports)))


PARSERS = (
    ParserCase("nhl-schedule", sent(json_bodies(WEEKS)), read_schedule, counted_games),
    ParserCase(
        "nhl-roster",
        sent(json_bodies(ROSTERS)),
        read_roster,
        counted_people,
        (Sent(rendered(roster() | {"goalies": [person("9" * 19)]})),),
    ),
    ParserCase("nhl-boxscore", sent(json_bodies(BOXSCORES)), read_boxscore, lambda _: exactly(1)),
    ParserCase(
        "nhl-skater-stats",
        sent(
            json_bodies(SUMMARIES),
            **{
                StatsReport.SKATER_REALTIME.value: _beside(realtime_row, REALTIME),
                StatsReport.SKATER_TIMEONICE.value: _beside(timeonice_row, TIMEONICE),
            },
        ),
        read_skaters,
        counted_skaters,
    ),
    ParserCase("nhl-goalie-stats", sent(json_bodies(GOALIE_SUMMARIES)), read_goalies, counted_goalies),
)
