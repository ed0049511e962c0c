"""The NHL's public API: what to ask, and the rosters as rows.

Facts of the format: names are localised objects of which `default` always exists. The schedule is in `nhl_schedule`,
boxscores in `nhl_boxscore`, the stats reports in `nhl_stats`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from nhl_ops.contracts.results import (
    OFF_THE_DATE,
    POSITIONS,
    RAW_NHL_ROSTERS,
)
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.drift import ShapeError, Told, broken, rejected, unlike
from nhl_ops.gateways.nhl_rows import fact_frame, stamp
from nhl_ops.gateways.nhl_schedule import schedule_games
from nhl_ops.gateways.nhl_stats import next_page, report_requests
from nhl_ops.gateways.vendor import Fetch, Parsed, Payload, Rejected, VendorRequest
from nhl_ops.gateways.wire import Node, load

SCHEDULE, ROSTER, BOXSCORE = "nhl_schedule", "nhl_roster", "nhl_boxscore"
FINISHED = frozenset({"FINAL", "OFF"})
ROSTER_GROUPS = ("forwards", "defensemen", "goalies")
ROSTER_VERSION = ("team", "player_name", "position", "birth_date", "sweater_number")


Row = dict[str, Any]


@dataclass(frozen=True)
class NhlClient:
    """Requests to the NHL. web_url: up to `/v1`; stats_url: up to `/stats/rest/en`."""

    web_url: str
    stats_url: str

    def week(self, fetch: Fetch, day: date) -> Payload:
        """The seven days from that date. Raises VendorContract for no schedule, VendorOutdated for an old one."""
        week = fetch(self.schedule(day))
        schedule_games(week)
        return week

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
        """Ids of games listed as finished under a date, each once. Raises VendorContract for no schedule."""
        finished = [row["game_id_nhl"] for row in _of_slate(week, slate) if row["game_state"] in FINISHED]
        return list(dict.fromkeys(finished))

    def unfinished_games(self, week: Payload, slate: str) -> list[int]:
        """Ids of games that stand under a date and are not finished. Raises VendorContract for no schedule."""
        return [
            row["game_id_nhl"]
            for row in _of_slate(week, slate)
            if row["game_state"] not in FINISHED and row["schedule_state"] not in OFF_THE_DATE
        ]

    def _web(self, endpoint: str, path: str) -> VendorRequest:
        return VendorRequest(endpoint, f"{self.web_url.rstrip('/')}/{path}")


def require_players(roster: Payload, team: str, slate: str) -> None:
    """Raises VendorContract when a roster is empty or has a player who breaks the format."""
    letters = parse_rosters([CapturedRoster(roster, team, slate)]).rejected
    if letters:
        raise broken(roster, letters[0].detail)


def _of_slate(week: Payload, slate: str) -> list[Row]:
    return [row for row in schedule_games(week) if row["game_date"] == slate]


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
                rejected(
                    "empty_roster",
                    unlike("$", f"players of {team} for {game_date}", Told("none")),
                    payload.url,
                )
            )
        for player in players:
            try:
                rows.append({**stamp(payload), "game_date": game_date, "team": team, **_roster_row(player)})
            except ShapeError as problem:
                letters.append(rejected("malformed_player", str(problem), player.value))
    return Parsed(fact_frame(RAW_NHL_ROSTERS, rows, ROSTER_VERSION), letters)


def _roster_players(payload: Payload) -> Sequence[Node]:
    try:
        root = load(payload)
        return [player for group in ROSTER_GROUPS for player in root[group].each()]
    except ShapeError as problem:
        raise broken(payload, problem) from None


def _roster_row(player: Node) -> Row:
    position = player["positionCode"].text()
    if position not in POSITIONS:
        raise ShapeError(player["positionCode"].path, "a known position", position)
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
