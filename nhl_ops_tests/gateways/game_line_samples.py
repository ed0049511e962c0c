"""Schedules with partner odds, partner games and OddsShark scores in the documented shapes."""

from collections import Counter
from copy import deepcopy
from typing import Any

from nhl_ops.gateways.vendor import Parsed
from nhl_ops_tests.gateways.nhl_samples import game, week

Json = dict[str, Any]
GAME_ID = 2025020600
START = "2026-01-06T23:30:00Z"


def quoted(prices: dict[int, tuple[Any, Any]], game_id: int = GAME_ID, **fields: Any) -> Json:
    """A game, MTL at LAK, with (away, home) values by partner id; None sends no value for that side."""
    body = game(game_id, **{"startTimeUTC": START, **fields})
    for place, key in enumerate(("awayTeam", "homeTeam")):
        listed = [(partner, pair[place]) for partner, pair in prices.items() if pair[place] is not None]
        body[key]["odds"] = [{"providerId": partner, "value": value} for partner, value in listed]
    return body


def schedule(*games: Json) -> Json:
    """A week whose games stand under 2026-01-06."""
    body = week(d2026_01_06=list(games))
    body["oddsPartners"] = [
        {"partnerId": 9, "country": "US", "name": "DraftKings"},
        {"partnerId": 7, "country": "CA", "name": "FanDuel"},
        {"partnerId": 6, "country": "FI", "name": "Veikkaus"},
    ]
    return body


def full_schedule() -> Json:
    return schedule(
        quoted({9: ("+120", "-142"), 7: ("2.25", "1.67"), 6: ("3.40", "1.95"), 3: ("4.37", "4.37")}),
        quoted({9: ("+225", "-278"), 7: ("3.25", "1.36"), 6: ("1.34", "3.25")}, GAME_ID + 1),
        quoted({9: ("-110", None)}, GAME_ID + 2, gameState="LIVE"),
    )


def named(description: str, value: Any, qualifier: Any = "") -> Json:
    return {"description": description, "value": value, "qualifier": qualifier}


def partner_game(*games: Json, updated: Any = "2026-01-06T18:00:38Z") -> Json:
    return {
        "currentOddsDate": "2026-01-05",
        "lastUpdatedUTC": updated,
        "bettingPartner": {"partnerId": 9, "country": "USA", "name": "DraftKings"},
        "games": list(games),
    }


def partner_quoted(home: list[Json], away: list[Json], **fields: Any) -> Json:
    own = {
        "gameId": GAME_ID,
        "gameType": 2,
        "startTimeUTC": START,
        "homeTeam": {"id": 26, "name": {"default": "Kings"}, "abbrev": "LAK", "odds": home},
        "awayTeam": {"id": 8, "abbrev": "MTL", "odds": away},
    }
    return deepcopy(own | fields)


def full_partner_game() -> Json:
    """The Over sits on the away team; the draw is sent under both."""
    home = [
        named("MONEY_LINE_2_WAY", -142.0),
        named("PUCK_LINE", 180.0, "-1.5"),
        named("OVER_UNDER", -105.0, "U6.5"),
        named("MONEY_LINE_3_WAY", 105.0),
        named("MONEY_LINE_3_WAY", 320.0, "Draw"),
        named("MONEY_LINE_2_WAY_TNB", -150.0),
    ]
    away = [
        named("MONEY_LINE_2_WAY", 120.0),
        named("PUCK_LINE", -210.0, "+1.5"),
        named("OVER_UNDER", -115.0, "O6.5"),
        named("MONEY_LINE_3_WAY", 190.0),
        named("MONEY_LINE_3_WAY", 320.0, "Draw"),
        named("MONEY_LINE_2_WAY_TNB", 130.0),
    ]
    return partner_game(partner_quoted(home, away))


def scored(**fields: Any) -> Json:
    """A game of OddsShark with every line open, Carolina at New Jersey, 2026-01-07 00:00 UTC."""
    own = {
        "id": 1900001, "date": 1767744000, "status": "PRE", "stadium": "Some Arena", "total": 6.5,
        "overPrice": -110, "underPrice": -110, "overVotes": 120, "underVotes": 80,
        "teams": {"home": shark_team("New Jersey Devils", "NJ"), "away": shark_team("Carolina Hurricanes", "CAR")},
    }  # fmt: skip
    own["teams"]["home"] |= {"moneyLine": -135, "spread": -1.5, "spreadPrice": 180}
    own["teams"]["away"] |= {"moneyLine": 115, "spread": 1.5, "spreadPrice": -210}
    return deepcopy(own | fields)


def shark_team(name: str, short: str) -> Json:
    names = {"name": name.rpartition(" ")[0], "display_name": name, "abbreviation": short}
    return {"names": names, "rotation": 52, "score": 0, "votes": 300, "record": "20-15-4"}


def with_team(body: Json, side: str, **fields: Any) -> Json:
    body["teams"][side] |= fields
    return body


def full_scores() -> Json:
    return {"scores": [scored(), scored(id=1900002, total=None)]}


def rules(parsed: Parsed) -> dict[str, int]:
    return dict(Counter(letter.rule for letter in parsed.rejected))
