"""A small PlayNow answer in the content service's shape."""

from copy import deepcopy
from typing import Any

Json = dict[str, Any]


def price(decimal: float | None = 1.9, **fields: Any) -> Json:
    own = {"numerator": 9, "denominator": 10, "decimal": decimal, "displayOrder": 1, "priceType": "LP"}
    return own | {"handicapLow": None, "handicapHigh": None} | fields


def outcome(name: str, decimal: float | None = 1.9, **fields: Any) -> Json:
    own = {"id": f"9{name}", "marketId": "500001", "name": name, "active": True, "displayed": True}
    return own | {"status": "ACTIVE", "resulted": False, "prices": [price(decimal)]} | fields


def market(name: str, *outcomes: Json, handicap: float | None = None, **fields: Any) -> Json:
    own = {"id": f"5{name}", "eventId": "11990001", "name": name, "status": "ACTIVE", "active": True}
    return own | {"displayed": True, "handicapValue": handicap, "outcomes": list(outcomes)} | fields


def total(name: str, line: float | None = None, over: float = 1.8, under: float = 1.9) -> Json:
    return market(name, outcome("Over", over), outcome("Under", under), handicap=line)


def event(*markets: Json, **fields: Any) -> Json:
    own = {
        "id": "11990001",
        "name": "Carolina Hurricanes at New Jersey Devils",
        "active": True,
        "displayed": True,
        "status": "ACTIVE",
        "sortCode": "MTCH",
        "startTime": "2026-01-10T00:00:00Z",
        "started": False,
        "liveNow": False,
        "resulted": False,
        "settled": False,
        "isVoid": False,
        "competitionDrilldownTagId": "220",
        "teams": [
            {
                "side": "HOME",
                "name": "New Jersey Devils",
                "alternativeNames": [{"type": "SHORT", "value": "Devils"}],
            },
            {"side": "AWAY", "name": "Carolina Hurricanes", "alternativeNames": []},
        ],
        "markets": list(markets),
    }
    return own | fields


def answer(*events: Json) -> Json:
    return deepcopy({"data": {"events": list(events)}})


def full_answer() -> Json:
    """Every kind of market that is quoted, and some that are not."""
    return answer(
        event(
            market("Player 1+ Goals", outcome("Jack Hughes", 2.5), outcome("Sebastian Aho (CAR)", 2.7)),
            market("Player 2+ Goals", outcome("Jack Hughes", 11.0)),
            total("Jack Hughes Total Points 0.5", 0.5),
            total("Jake Allen Total Saves", 25.5),
            market("Jack Hughes Total Shots on Goal", outcome("1+", 1.01), outcome("4+", 2.4)),
            total("Jack Hughes Total Shots On Goal 2.5", 2.5),
            total("Jack Hughes Total Powerplay Points 0.5", 0.5),
            market("New Jersey Devils First Goalscorer", outcome("Jack Hughes", 5.25)),
        )
    )


DATA_FETCHING_EXCEPTION = {"data": None, "errors": [{"message": "DataFetchingException", "path": ["events"]}]}
