"""Bodies of forms that mutations know, made up in the documented shapes."""

from typing import Any


def _outcome(name: str, price: int) -> dict[str, Any]:
    return {"name": name, "description": "Some Player", "price": price, "point": 2.5}


ODDS_API: dict[str, Any] = {
    "id": "0123456789abcdef0123456789abcdef",
    "sport_key": "icehockey_nhl",
    "commence_time": "2026-01-06T00:00:00Z",
    "home_team": "Buffalo Sabres",
    "away_team": "Montréal Canadiens",
    "bookmakers": [
        {
            "key": "draftkings",
            "title": "DraftKings",
            "markets": [
                {
                    "key": "player_shots_on_goal",
                    "last_update": "2026-01-05T20:31:07Z",
                    "outcomes": [_outcome("Over", -120), _outcome("Under", -106)],
                }
            ],
        }
    ],
}
ODDSSHARK: dict[str, Any] = {
    "scores": [
        {
            "id": 1900001,
            "date": 1767657600,
            "status": "",
            "total": 6.5,
            "overPrice": -110,
            "underPrice": -110,
            "teams": {
                "home": {
                    "names": {
                        "name": "New Jersey",
                        "display_name": "New Jersey Devils",
                        "abbreviation": "NJ",
                    },
                    "moneyLine": -135,
                    "spread": -1.5,
                    "spreadPrice": 180,
                },
                "away": {
                    "names": {"name": "Carolina", "display_name": "Hurricanes", "abbreviation": "CAR"},
                    "moneyLine": 115,
                    "spread": 1.5,
                    "spreadPrice": -210,
                },
            },
        }
    ]
}
PARTNER: dict[str, Any] = {
    "propsPeopleEvents": {
        "lg6:pt1:pregame": [
            {
                "eventId": 104900,
                "eventStart": "2026-01-06T00:00:00",
                "personId": 44999,
                "eventTeams": {"0": {"id": 747}, "1": {"id": 734}},
                "propsMarketSourcesLines": {
                    f"si{side}:ms2:an0": {
                        "bt86": {
                            "marketLineId": 987654321 + side,
                            "marketId": 55500011,
                            "marketSourceId": 2,
                            "points": 2.5,
                            "price": -115,
                            "americanPrice": -115,
                            "modifiedOn": "2026-01-05T19:02:11.123",
                        }
                    }
                    for side in (0, 1)
                },
            }
        ]
    }
}
PAGE = b"""<!DOCTYPE html>
<html><body>
<div class="tab-group foil"><button class="button--tab-primary">SHOTS ON GOAL</button></div>
<div class="player-props--container tab">
<div class="player-props--header"><div class="player-props--item"><img alt="DraftKings" src="x.png"></div></div>
<div class="props-game-info"><span class="props-teams">CAR @ NJ -</span></div>
<div class="player-props--row" data-event="1900001"><span class="player-name">Some Player</span>
<div class="book-row">best</div>
<div class="book-row"><div class="player-props-odds">
<div><span class="odds-info">O 2.5</span><span class="odds-detail">-120</span></div>
<div><span class="odds-info">U 2.5</span><span class="odds-detail">+100</span></div>
<div><span class="odds-info">O 3.5</span><span class="odds-detail">+210</span></div>
</div></div></div></div>
</body></html>
"""
