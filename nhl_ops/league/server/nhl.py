"""api-web.nhle.com/v1: schedule, score, boxscore and rosters at the virtual time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from nhl_ops.domain.slates import EASTERN, season_of, slate_of
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.boxscore import Boxes
from nhl_ops.league.server.games import GameBook, GameState
from nhl_ops.league.server.people import People, Person
from nhl_ops.league.server.schedule_odds import ScheduleOdds, odds_partners
from nhl_ops.league.server.wire import utc_z

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
ASSETS = "https://assets.nhle.com"
REGULAR_SEASON, PLAYOFFS = 2, 3


class NhlWeb:
    """Bodies of the web API. Every method takes the virtual instant; None means 404."""

    def __init__(self, dataset: LeagueDataset, games: GameBook, people: People) -> None:
        self._games = games
        self._people = people
        self._boxes = Boxes(dataset, people)
        self._odds = ScheduleOdds(dataset.game_odds)

    def schedule(self, first: date, now: datetime) -> dict[str, Any]:
        """Seven days from a date."""
        week = [self._day(first + n * DAY, now) for n in range(7)]
        season = season_of(first)
        start, end = self._games.season_dates(season, REGULAR_SEASON) or (None, None)
        playoffs = self._games.season_dates(season, PLAYOFFS)
        return {
            "nextStartDate": (first + WEEK).isoformat(),
            "previousStartDate": (first - WEEK).isoformat(),
            "gameWeek": week,
            "oddsPartners": odds_partners(),
            "preSeasonStartDate": start,
            "regularSeasonStartDate": start,
            "regularSeasonEndDate": end,
            "playoffEndDate": playoffs[1] if playoffs else end,
            "numberOfGames": sum(day["numberOfGames"] for day in week),
        }

    def score(self, day: date, now: datetime) -> dict[str, Any]:
        """One day with scores."""
        around = [day + n * DAY for n in range(-3, 4)]
        return {
            "prevDate": (day - DAY).isoformat(),
            "currentDate": day.isoformat(),
            "nextDate": (day + DAY).isoformat(),
            "gameWeek": [{k: v for k, v in self._day(d, now).items() if k != "games"} for d in around],
            "oddsPartners": odds_partners(),
            "games": [self._score_game(g, now) for g in self._games.on(day.isoformat(), now)],
        }

    def boxscore(self, game_id: int, now: datetime) -> dict[str, Any] | None:
        """One game; before its end without any statistics, as nothing of it is known."""
        game = self._games.state_of(game_id, now)
        if game is None:
            return None
        body = {
            "id": game.game_id,
            "season": game.season,
            "gameType": game.game_type,
            "limitedScoring": False,
            "gameDate": game.game_date,
            **self._times(game),
            "tvBroadcasts": [],
            "gameState": game.phase(now),
            "gameScheduleState": game.schedule_state,
            "periodDescriptor": _period(game, now),
            "regPeriods": 3,
            "awayTeam": self._box_team(game, game.away, now),
            "homeTeam": self._box_team(game, game.home, now),
        }
        if game.has_ended(now):
            body["clock"] = {
                "timeRemaining": "00:00",
                "secondsRemaining": 0,
                "running": False,
                "inIntermission": False,
            }
            body["playerByGameStats"] = {
                "awayTeam": self._boxes.team_box(game_id, game.away),
                "homeTeam": self._boxes.team_box(game_id, game.home),
            }
            body["gameOutcome"] = {"lastPeriodType": game.last_period_type}
        return body

    def roster(self, tri: str, season: int | None, now: datetime) -> dict[str, Any] | None:
        """The team's present roster, or everybody who has been on it in a season so far."""
        if tri not in self._people.teams:
            return None
        today = slate_of(now)
        if season is None:
            first = last = today.isoformat()
        else:
            first, last = f"{season // 10_000}-07-01", min(f"{season % 10_000}-06-30", today.isoformat())
        people = self._people.on_roster(tri, first, last) if first <= last else []
        groups = {"forwards": "CLR", "defensemen": "D", "goalies": "G"}
        named = season or season_of(today)
        return {
            group: [_roster_person(p, tri, named) for p in people if p.position in positions]
            for group, positions in groups.items()
        }

    def _day(self, day: date, now: datetime) -> dict[str, Any]:
        games = self._games.on(day.isoformat(), now)
        return {
            "date": day.isoformat(),
            "dayAbbrev": f"{day:%a}".upper(),
            "numberOfGames": len(games),
            "datePromo": [],
            "games": [self._schedule_game(g, now) for g in games],
        }

    def _schedule_game(self, game: GameState, now: datetime) -> dict[str, Any]:
        body = {
            "id": game.game_id,
            "season": game.season,
            "gameType": game.game_type,
            "neutralSite": False,
            **self._times(game),
            "gameState": game.phase(now),
            "gameScheduleState": game.schedule_state,
            "tvBroadcasts": [],
            "awayTeam": self._schedule_team(game, "away", now),
            "homeTeam": self._schedule_team(game, "home", now),
            "periodDescriptor": _period(game, now),
        }
        if game.has_ended(now):
            body["gameOutcome"] = {"lastPeriodType": game.last_period_type}
            winner = self._boxes.winning_goalie(game.game_id)
            if winner is not None:
                body["winningGoalie"] = _winner(self._people.by_id[winner])
        names = f"{game.away}-vs-{game.home}".lower()
        day = game.game_date.replace("-", "/")
        body["gameCenterLink"] = f"/gamecenter/{names}/{day}/{game.game_id}"
        return body

    def _schedule_team(self, game: GameState, side: str, now: datetime) -> dict[str, Any]:
        tri = game.away if side == "away" else game.home
        body = self._team(tri) | {f"{side}SplitSquad": False}
        if game.has_ended(now):
            body["score"] = game.away_score if side == "away" else game.home_score
        elif not game.has_started(now) and slate_of(now).isoformat() == game.game_date:
            odds = self._odds.of(game.game_id, side, now)
            if odds:
                body["odds"] = odds
        return body

    def _score_game(self, game: GameState, now: datetime) -> dict[str, Any]:
        return {
            "id": game.game_id,
            "season": game.season,
            "gameType": game.game_type,
            "gameDate": game.game_date,
            **self._times(game),
            "tvBroadcasts": [],
            "gameState": game.phase(now),
            "gameScheduleState": game.schedule_state,
            "awayTeam": self._score_team(game, game.away, now),
            "homeTeam": self._score_team(game, game.home, now),
        }

    def _score_team(self, game: GameState, tri: str, now: datetime) -> dict[str, Any]:
        return self._box_team(game, tri, now) | {"name": {"default": self._people.teams[tri].common}}

    def _box_team(self, game: GameState, tri: str, now: datetime) -> dict[str, Any]:
        body = self._team(tri)
        if game.has_ended(now):
            body["score"] = game.home_score if tri == game.home else game.away_score
            body["sog"] = self._boxes.team_shots(game.game_id, tri)
        return body

    def _team(self, tri: str) -> dict[str, Any]:
        team = self._people.teams[tri]
        return {
            "id": team.team_id,
            "commonName": {"default": team.common},
            "placeName": {"default": team.place},
            "placeNameWithPreposition": {"default": team.place},
            "abbrev": tri,
            "logo": f"{ASSETS}/logos/nhl/svg/{tri}_light.svg",
            "darkLogo": f"{ASSETS}/logos/nhl/svg/{tri}_dark.svg",
        }

    def _times(self, game: GameState) -> dict[str, Any]:
        """Start and zone; of the arena nothing is known but its town."""
        place = self._people.teams[game.home].place
        offset = f"{game.start.astimezone(EASTERN):%z}"
        return {
            "venue": {"default": place},
            "startTimeUTC": utc_z(game.start.astimezone(UTC)),
            "easternUTCOffset": f"{offset[:3]}:{offset[3:]}",
        }


def _period(game: GameState, now: datetime) -> dict[str, Any]:
    """The last period of a finished game; number 1 before and during, as nothing of it is known."""
    if not game.has_ended(now):
        return {"number": 1, "periodType": "REG", "maxRegulationPeriods": 3}
    numbers = {"REG": 3, "OT": 4, "SO": 5}
    kind = game.last_period_type or "REG"
    return {"number": numbers[kind], "periodType": kind, "maxRegulationPeriods": 3}


def _winner(goalie: Person) -> dict[str, Any]:
    return {
        "playerId": goalie.player_id,
        "firstInitial": {"default": f"{goalie.first[:1]}."},
        "lastName": {"default": goalie.last},
    }


def _roster_person(person: Person, tri: str, season: int) -> dict[str, Any]:
    """A missing sweater number is left out, as the NHL does; what the league does not know is null."""
    body = {
        "id": person.player_id,
        "headshot": f"{ASSETS}/mugs/nhl/{season}/{tri}/{person.player_id}.png",
        "firstName": {"default": person.first},
        "lastName": {"default": person.last},
        "positionCode": person.position,
        "shootsCatches": None,
        "birthDate": person.birth_date,
    }
    if person.sweater_number is not None:
        body["sweaterNumber"] = person.sweater_number
    return body
