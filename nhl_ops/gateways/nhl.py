"""The NHL's public API: what to ask, and the week's schedule and the rosters as rows.

Facts of the format: a game belongs to the Eastern date that the schedule lists it under, not to the UTC
date of its start; names are localised objects of which `default` always exists; betting odds in the
schedule mix forms and sides and are not read. Boxscores are in `nhl_boxscore`, the stats reports in
`nhl_stats`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from nhl_ops.contracts.results import (
    GAME_STATES,
    OFF_THE_DATE,
    POSITIONS,
    RAW_NHL_ROSTERS,
    RAW_NHL_SCHEDULE,
    SCHEDULE_STATES,
)
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.nhl_rows import fact_frame, game_kind, rule_of, stamp
from nhl_ops.gateways.nhl_stats import next_page, report_requests
from nhl_ops.gateways.vendor import Fetch, Parsed, Payload, Rejected, VendorRequest
from nhl_ops.gateways.wire import Node, ShapeError, broken, load, rejected, unlike

SCHEDULE, ROSTER, BOXSCORE = "nhl_schedule", "nhl_roster", "nhl_boxscore"
FINISHED = frozenset({"FINAL", "OFF"})
STATE_NAMES = {"OVER": "FINAL"}
"""OVER is what the feed says between the last second and FINAL."""
ROSTER_GROUPS = ("forwards", "defensemen", "goalies")
SCHEDULE_VERSION: tuple[str, ...] = (
    "game_date",
    "start_time_utc",
    "home_team",
    "away_team",
    "game_state",
    "schedule_state",
)
SCHEDULE_VERSION += ("home_score", "away_score", "last_period_type")
ROSTER_VERSION = ("team", "player_name", "position", "birth_date", "sweater_number")


Row = dict[str, Any]


@dataclass(frozen=True)
class NhlClient:
    """Requests to the NHL. web_url: up to `/v1`; stats_url: up to `/stats/rest/en`."""

    web_url: str
    stats_url: str

    def schedule(self, day: date) -> VendorRequest:
        """The seven days from that date."""
        return self._web(SCHEDULE, f"schedule/{day.isoformat()}")

    def roster(self, team: str) -> VendorRequest:
        """The current roster of a tri-code."""
        return self._web(ROSTER, f"roster/{team}/current")

    def boxscore(self, game_id: int) -> VendorRequest:
        return self._web(BOXSCORE, f"gamecenter/{game_id}/boxscore")

    def day_reports(self, day: date) -> list[VendorRequest]:
        """First pages of the stats reports of one date."""
        return report_requests(self.stats_url, day, day)

    def history_requests(self, start: date, end: date) -> list[list[VendorRequest]]:
        """First pages of the stats reports from start to end, both included, month by month."""
        return [report_requests(self.stats_url, first, last) for first, last in _months(start, end)]

    def pages(self, fetch: Fetch, first: VendorRequest) -> list[Payload]:
        """All pages of a report. Raises VendorContract when a page is no report or pages end too early."""
        payloads = []
        request: VendorRequest | None = first
        while request is not None:
            payloads.append(fetch(request))
            request = next_page(request, payloads[-1])
        return payloads

    def teams_of(self, week: Payload, slate: str) -> list[str]:
        """Tri-codes of the teams listed under a date. Raises VendorContract for no schedule."""
        rows = _of_slate(week, slate)
        return sorted({team for row in rows for team in (row["home_team"], row["away_team"])})

    def finished_games(self, week: Payload, slate: str) -> list[int]:
        """Ids of games listed as finished under a date. Raises VendorContract for no schedule."""
        return [row["game_id_nhl"] for row in _of_slate(week, slate) if row["game_state"] in FINISHED]

    def unfinished_games(self, week: Payload, slate: str) -> list[int]:
        """Ids of games that stand under a date and are not finished. Raises VendorContract for no schedule."""
        return [
            row["game_id_nhl"]
            for row in _of_slate(week, slate)
            if row["game_state"] not in FINISHED and row["schedule_state"] not in OFF_THE_DATE
        ]

    def _web(self, endpoint: str, path: str) -> VendorRequest:
        return VendorRequest(endpoint, f"{self.web_url.rstrip('/')}/{path}")


def parse_schedules(payloads: Sequence[Payload]) -> Parsed:
    """Games of weeks in the columns of RAW_NHL_SCHEDULE without known_at_utc.

    Dead letters: a payload that is no schedule, a game that breaks the format, a game of another kind.
    """
    rows: list[Row] = []
    letters: list[Rejected] = []
    for payload in payloads:
        try:
            listed, broken_games = _schedule_rows(payload)
        except VendorContract as problem:
            letters.append(rejected("not_a_schedule", str(problem), payload.url))
            continue
        rows += listed
        letters += broken_games
    return Parsed(fact_frame(RAW_NHL_SCHEDULE, rows, SCHEDULE_VERSION), letters)


class CapturedRoster(NamedTuple):
    """A roster payload, whose body names neither its team nor the slate that it was captured for."""

    payload: Payload
    team: str
    game_date: str


def parse_rosters(captured: Sequence[CapturedRoster]) -> Parsed:
    """Players of rosters in the columns of RAW_NHL_ROSTERS without known_at_utc.

    Dead letters: a payload that is no roster, a roster without players, a player who breaks the format.
    """
    rows: list[Row] = []
    letters: list[Rejected] = []
    for payload, team, game_date in captured:
        try:
            players = _roster_players(payload)
        except VendorContract as problem:
            letters.append(rejected("not_a_roster", str(problem), payload.url))
            continue
        if not players:
            letters.append(
                rejected("empty_roster", f"the roster of {team} for {game_date} is empty", payload.url)
            )
        for player in players:
            try:
                rows.append({**stamp(payload), "game_date": game_date, "team": team, **_roster_row(player)})
            except ShapeError as problem:
                letters.append(rejected("malformed_player", str(problem), player.value))
    return Parsed(fact_frame(RAW_NHL_ROSTERS, rows, ROSTER_VERSION), letters)


def _of_slate(week: Payload, slate: str) -> list[Row]:
    return [row for row in _schedule_rows(week)[0] if row["game_date"] == slate]


def _schedule_rows(payload: Payload) -> tuple[list[Row], list[Rejected]]:
    rows: list[Row] = []
    letters: list[Rejected] = []
    try:
        days = load(payload)["gameWeek"].each()
        listed = [(day["date"].day(), game) for day in days for game in day["games"].each()]
    except ShapeError as problem:
        raise broken(payload, problem) from None
    for day, game in listed:
        try:
            rows.append({**stamp(payload), "game_date": day, **_schedule_row(game)})
        except ShapeError as problem:
            letters.append(rejected(rule_of(problem, "malformed_game"), str(problem), game.value))
    return rows, letters


def _schedule_row(game: Node) -> Row:
    game_id, season, game_type = game_kind(game["id"])
    state, schedule_state = game["gameState"].text(), game["gameScheduleState"].text()
    state = STATE_NAMES.get(state, state)
    if state not in GAME_STATES:
        raise ShapeError(game["gameState"].path, unlike("a known game state", state))
    if schedule_state not in SCHEDULE_STATES:
        raise ShapeError(game["gameScheduleState"].path, unlike("a known schedule state", schedule_state))
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


def _roster_players(payload: Payload) -> Sequence[Node]:
    try:
        root = load(payload)
        return [player for group in ROSTER_GROUPS for player in root[group].each()]
    except ShapeError as problem:
        raise broken(payload, problem) from None


def _roster_row(player: Node) -> Row:
    position = player["positionCode"].text()
    if position not in POSITIONS:
        raise ShapeError(player["positionCode"].path, unlike("a known position", position))
    number, born = player["sweaterNumber"], player["birthDate"]
    return {
        "player_id_nhl": player["id"].integer(),
        "player_name": f"{player['firstName']['default'].text()} {player['lastName']['default'].text()}",
        "position": position,
        "birth_date": None if born.is_null else born.day(),
        "sweater_number": None if number.is_null else number.count(),
    }


def _months(start: date, end: date) -> Iterator[tuple[date, date]]:
    first = start
    while first <= end:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        yield first, min(end, date.fromordinal(following.toordinal() - 1))
        first = following
