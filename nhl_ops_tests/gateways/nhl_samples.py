"""Small NHL answers in the real shapes."""

from copy import deepcopy
from typing import Any

Json = dict[str, Any]


def game(game_id: int = 2025020600, **fields: Any) -> Json:
    """A scheduled game; its partner odds mix American and decimal strings, as the feed does."""
    own = {
        "id": game_id,
        "season": 20252026,
        "gameType": 2,
        "startTimeUTC": "2026-01-06T00:30:00Z",
        "gameState": "FUT",
        "gameScheduleState": "OK",
        "awayTeam": {
            "id": 8, "commonName": {"default": "Canadiens", "fr": "Canadiens"}, "placeName": {"default": "Montréal"},
            "abbrev": "MTL", "odds": [{"providerId": 9, "value": "+120"}, {"providerId": 3, "value": "2.20"}],
        },
        "homeTeam": {
            "id": 26, "commonName": {"default": "Kings"}, "placeName": {"default": "Los Angeles"}, "abbrev": "LAK",
            "odds": [{"providerId": 9, "value": "-142"}],
        },
    }  # fmt: skip
    return deepcopy(own | fields)


def finished(
    game_id: int = 2025020600, away: int = 2, home: int = 3, period: str = "OT", **fields: Any
) -> Json:
    body = game(game_id, gameState="OFF", gameOutcome={"lastPeriodType": period}, **fields)
    body["awayTeam"]["score"], body["homeTeam"]["score"] = away, home
    return body


def week(**games_by_date: list[Json]) -> Json:
    """A week; keys are dates written d2026_01_05."""
    return {
        "gameWeek": [{"date": k[1:].replace("_", "-"), "games": games} for k, games in games_by_date.items()]
    }


def person(player_id: int, last: str = "Aho", position: str = "C", **fields: Any) -> Json:
    own = {"id": player_id, "firstName": {"default": "Sebastian"}, "lastName": {"default": last}}
    return own | {"sweaterNumber": 20, "positionCode": position, "birthDate": "1997-07-26"} | fields


def roster() -> Json:
    return {
        "forwards": [person(1), person(2, "Fehérváry", "L", sweaterNumber=None)],
        "defensemen": [person(3, position="D", birthDate=None)],
        "goalies": [person(4, position="G")],
    }


def skater(player_id: int, position: str = "C", **fields: Any) -> Json:
    own = {
        "playerId": player_id, "sweaterNumber": 8, "name": {"default": f"N. Skater{player_id}"}, "position": position,
        "goals": 0, "assists": 0, "points": 0, "plusMinus": 0, "pim": 0, "hits": 1, "powerPlayGoals": 0, "sog": 2,
        "faceoffWinningPctg": None, "toi": "16:40", "blockedShots": 1, "shifts": 20,
    }  # fmt: skip
    return own | fields


def goalie(player_id: int, **fields: Any) -> Json:
    own = {
        "playerId": player_id, "name": {"default": f"G. Goalie{player_id}"}, "position": "G",
        "saveShotsAgainst": "33/35", "goalsAgainst": 2, "toi": "60:00", "starter": True, "decision": "W",
        "shotsAgainst": 35, "saves": 33,
    }  # fmt: skip
    return own | fields


def side(first_id: int) -> Json:
    """Twelve forwards, six defenders, a goalie and a backup who did not play."""
    ids = range(first_id, first_id + 18)
    backup = {"toi": "00:00", "starter": False, "saveShotsAgainst": "0/0", "shotsAgainst": 0, "saves": 0}
    return {
        "forwards": [skater(i) for i in ids[:12]],
        "defense": [skater(i, "D") for i in ids[12:]],
        "goalies": [goalie(first_id + 50), goalie(first_id + 51, goalsAgainst=0, **backup)],
    }


def boxscore(**fields: Any) -> Json:
    """MTL 2 at LAK 3; the winner came in a shootout, so LAK's skaters have two goals."""
    home, away = side(100), side(200)
    home["forwards"][0] |= {"goals": 2, "assists": 0, "points": 2, "sog": 5, "powerPlayGoals": 1}
    away["defense"][0] |= {"goals": 2, "points": 2, "sog": 2}
    own = {
        "id": 2025020600, "season": 20252026, "gameType": 2, "gameDate": "2026-01-05",
        "startTimeUTC": "2026-01-06T00:30:00Z", "gameState": "OFF", "gameScheduleState": "OK",
        "awayTeam": {"id": 8, "abbrev": "MTL", "score": 2, "sog": 37},
        "homeTeam": {"id": 26, "abbrev": "LAK", "score": 3, "sog": 39},
        "playerByGameStats": {"awayTeam": away, "homeTeam": home},
        "gameOutcome": {"lastPeriodType": "SO"},
    }  # fmt: skip
    return own | fields


def report_row(player_id: int = 100, game_id: int = 2025020600, **fields: Any) -> Json:
    """What every stats report says of a player's game."""
    own = {
        "gameId": game_id, "gameDate": "2026-01-05", "homeRoad": "H", "teamAbbrev": "LAK", "opponentTeamAbbrev": "MTL",
        "playerId": player_id, "skaterFullName": f"Nick Skater{player_id}", "positionCode": "C",
    }  # fmt: skip
    return own | fields


def summary_row(player_id: int = 100, **fields: Any) -> Json:
    own = {
        "goals": 2,
        "assists": 0,
        "points": 2,
        "shots": 5,
        "ppGoals": 1,
        "ppPoints": 1,
        "timeOnIcePerGame": 1000.0,
    }
    return report_row(player_id) | own | fields


def realtime_row(player_id: int = 100, **fields: Any) -> Json:
    return report_row(player_id) | {"hits": 1, "blockedShots": 1} | fields


def timeonice_row(player_id: int = 100, **fields: Any) -> Json:
    return (
        report_row(player_id) | {"timeOnIce": 1000, "ppTimeOnIce": 144, "timeOnIcePerGame": 1000.0} | fields
    )


def goalie_row(player_id: int = 150, **fields: Any) -> Json:
    own = {
        "goalieFullName": "Gus Goalie150",
        "gamesStarted": 1,
        "shotsAgainst": 35,
        "saves": 33,
        "goalsAgainst": 2,
    }
    return report_row(player_id) | own | {"timeOnIce": 3600} | fields


def report(*rows: Json, total: int | None = None) -> Json:
    return {"data": list(rows), "total": len(rows) if total is None else total}
