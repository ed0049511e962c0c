"""Small documents in The Odds API's shape."""

from copy import deepcopy
from typing import Any

Json = dict[str, Any]

EVENT_ID = "e912304de2b2ce35b473ce2ecd43d5f4"
START = "2026-01-07T00:00:00Z"
UPDATED = "2026-01-06T21:31:07Z"


def over(
    player: str | None = "Tage Thompson", price: object = 105, point: object = 3.5, **fields: Any
) -> Json:
    return {"name": "Over", "description": player, "price": price, "point": point} | fields


def under(
    player: str | None = "Tage Thompson", price: object = -135, point: object = 3.5, **fields: Any
) -> Json:
    return over(player, price, point) | {"name": "Under"} | fields


def yes(player: str = "Cole Caufield", price: object = 160, **fields: Any) -> Json:
    return {"name": "Yes", "description": player, "price": price} | fields


def no(player: str = "Cole Caufield", price: object = -210, **fields: Any) -> Json:
    return yes(player, price) | {"name": "No"} | fields


def market(key: str | None, *outcomes: object, **fields: Any) -> Json:
    return {"key": key, "last_update": UPDATED, "outcomes": list(outcomes)} | fields


def book(*markets: object, key: str | None = "draftkings", title: str = "DraftKings", **fields: Any) -> Json:
    return {"key": key, "title": title, "markets": list(markets)} | fields


def event(*books: object, **fields: Any) -> Json:
    own = {
        "id": EVENT_ID,
        "sport_key": "icehockey_nhl",
        "sport_title": "NHL",
        "commence_time": START,
        "home_team": "Buffalo Sabres",
        "away_team": "Montréal Canadiens",
        "bookmakers": list(books),
    }
    return deepcopy(own | fields)


def listed(event_id: str = EVENT_ID, start: str = START, **fields: Any) -> Json:
    """An event as the list of events has it."""
    own = event(id=event_id, commence_time=start)
    del own["bookmakers"]
    return own | fields


def snapshot(data: object, taken: str = "2026-01-05T16:45:39Z") -> Json:
    """How the past is wrapped."""
    return {"timestamp": taken, "previous_timestamp": None, "next_timestamp": None, "data": data}


def full_event(**fields: Any) -> Json:
    """Every kind of market that is quoted, and some that are not: 14 outcomes, 4 of them not quoted."""
    return event(
        book(
            market("player_shots_on_goal", over(), under(), over("Lane Hutson", -125, 1.5)),
            market("player_goal_scorer_anytime", yes(), no(), yes("Tage Thompson", 150)),
            market("player_total_saves", over("Sam Montembeault", -110, 24.5)),
        ),
        book(
            market("player_shots_on_goal_alternate", over(price=-250, point=2.5), over(price=260, point=4.5)),
            market("player_goal_scorer_first", yes("Tage Thompson", 900)),
            market("player_power_play_points", over(point=0.5), under(point=0.5)),
            market("h2h", {"name": "Buffalo Sabres", "price": -120}),
            market("player_points", over(price=-150, point=0.5)),
            key="fanduel",
            title="FanDuel",
        ),
        book(key="kalshi", title="Kalshi"),
        **fields,
    )
