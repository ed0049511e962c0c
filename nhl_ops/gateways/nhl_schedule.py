"""The NHL's schedule, a week from a date: its games as rows, and whether it is an old week out of a cache.

Facts of the format: a game belongs to the Eastern date that the schedule lists it under, not to the UTC date of its
start; betting odds in it mix forms and sides and are read in `nhl_game_odds`. Of a date to come an old schedule says
what a new one says, but games of the days before it are still to come in it. So a slate's week is asked for from the
day before.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from nhl_ops.contracts.results import GAME_STATES, OFF_THE_DATE, RAW_NHL_SCHEDULE, SCHEDULE_STATES
from nhl_ops.domain.failures import VendorContract, VendorOutdated
from nhl_ops.domain.slates import OVER_AFTER
from nhl_ops.gateways.drift import ROOT, ShapeError, Told, broken, rejected, unlike
from nhl_ops.gateways.nhl_rows import OTHER_KIND, fact_frame, game_kind, rule_of, stamp
from nhl_ops.gateways.vendor import Parsed, Payload, Rejected
from nhl_ops.gateways.wire import Node, load, microseconds

STATE_NAMES = {"OVER": "FINAL"}
"""OVER is what the feed says between the last second and FINAL."""
TO_COME = frozenset({"FUT", "PRE"})
UNTIMED = frozenset({*OFF_THE_DATE, "TBD"})
"""Schedule states of a game whose start tells nothing."""
ASKED = re.compile(r"/schedule/(\d{4}-\d{2}-\d{2})$")
MICROSECOND = timedelta(microseconds=1)
SCHEDULE_VERSION: tuple[str, ...] = (
    "game_date",
    "start_time_utc",
    "home_team",
    "away_team",
    "game_state",
    "schedule_state",
)
SCHEDULE_VERSION += ("home_score", "away_score", "last_period_type")

Row = dict[str, Any]


def parse_schedules(payloads: Sequence[Payload]) -> Parsed:
    """Games of weeks in the columns of RAW_NHL_SCHEDULE without known_at_utc.

    Dead letters: a payload that is no schedule, or an old one, a game that breaks the format, a game of another kind.
    """
    rows: list[Row] = []
    letters: list[Rejected] = []
    for payload in payloads:
        try:
            listed, broken_games = _schedule_rows(payload)
        except (VendorContract, VendorOutdated) as problem:
            rule = "not_a_schedule" if isinstance(problem, VendorContract) else "outdated_schedule"
            letters.append(rejected(rule, str(problem), payload.url))
            continue
        rows += listed
        letters += [letter for _, letter in broken_games]
    return Parsed(fact_frame(RAW_NHL_SCHEDULE, rows, SCHEDULE_VERSION), letters)


def schedule_games(week: Payload) -> list[Row]:
    """Games of a week that fit the format, as rows of RAW_NHL_SCHEDULE.

    Raises VendorContract for no schedule or one of other dates, VendorOutdated for an old one.
    """
    return _schedule_rows(week)[0]


def require_games(week: Payload, slate: str) -> None:
    """Raises VendorContract when a game listed under a date breaks the format: it would be missing in silence."""
    for day, letter in _schedule_rows(week)[1]:
        if day == slate and letter.rule != OTHER_KIND:
            raise broken(week, letter.detail)


def _schedule_rows(payload: Payload) -> tuple[list[Row], list[tuple[str, Rejected]]]:
    """Games, and by date those that are none."""
    rows: list[Row] = []
    letters: list[tuple[str, Rejected]] = []
    try:
        days = [(day["date"].day(), day["games"]) for day in load(payload)["gameWeek"].each()]
        listed = [(day, game) for day, games in days for game in games.each()]
    except ShapeError as problem:
        raise broken(payload, problem) from None
    for day, game in listed:
        try:
            rows.append({**stamp(payload), "game_date": day, **_schedule_row(game)})
        except ShapeError as problem:
            letter = rejected(rule_of(problem, "malformed_game"), str(problem), game.value)
            letters.append((day, letter))
    _require_current(payload, [day for day, _ in days], rows)
    return rows, letters


def _schedule_row(game: Node) -> Row:
    game_id, season, game_type = game_kind(game["id"])
    state, schedule_state = game["gameState"].text(), game["gameScheduleState"].text()
    state = STATE_NAMES.get(state, state)
    if state not in GAME_STATES:
        raise ShapeError(game["gameState"].path, "a known game state", state)
    if schedule_state not in SCHEDULE_STATES:
        raise ShapeError(game["gameScheduleState"].path, "a known schedule state", schedule_state)
    home, away, last_period = game["homeTeam"], game["awayTeam"], game["gameOutcome"]
    return {
        "game_id_nhl": game_id,
        "season": season,
        "game_type": game_type,
        "start_time_utc": game["startTimeUTC"].instant(),
        "home_team": home["abbrev"].text(),
        "away_team": away["abbrev"].text(),
        "home_team_name": _team_name(home),
        "away_team_name": _team_name(away),
        "game_state": state,
        "schedule_state": schedule_state,
        "home_score": None if home["score"].is_null else home["score"].count(),
        "away_score": None if away["score"].is_null else away["score"].count(),
        "last_period_type": None if last_period.is_null else last_period["lastPeriodType"].text(),
    }


def _team_name(team: Node) -> str | None:
    parts = [team[key]["default"].text() for key in ("placeName", "commonName") if not team[key].is_null]
    return " ".join(parts) or None


def _require_current(payload: Payload, days: Sequence[str], rows: Sequence[Row]) -> None:
    """The week lists the date that it was asked from, and of the games that must be over one has begun in it: a
    single game that nobody closed is no sign of a cache."""
    asked = ASKED.search(payload.url)
    if asked is None:
        return
    if days and asked[1] not in days:
        problem = unlike(f"{ROOT}.gameWeek", f"the days from {asked[1]} on", Told(f"{days[0]} to {days[-1]}"))
        raise _outdated(payload, problem) if max(days) < asked[1] else broken(payload, problem)
    over_by = microseconds(payload.captured_at_utc) - OVER_AFTER // MICROSECOND
    over = [r for r in rows if r["schedule_state"] not in UNTIMED and r["start_time_utc"] < over_by]
    if over and all(row["game_state"] in TO_COME for row in over):
        game = f"game {over[0]['game_id_nhl']} of {over[0]['game_date']}, gameState"
        found = Told(f"{over[0]['game_state']} at {payload.captured_at_utc:%Y-%m-%d %H:%M} UTC")
        raise _outdated(payload, unlike(game, "a game that is over by then", found))


def _outdated(payload: Payload, problem: str) -> VendorOutdated:
    return VendorOutdated(payload.endpoint, payload.url, f"an old schedule: {problem}")
