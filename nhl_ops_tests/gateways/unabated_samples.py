"""A small Unabated board, its three forms and the vendor's lists."""

from copy import deepcopy
from typing import Any

Json = dict[str, Any]

BET_TYPES = {70: "ASSISTS", 73: "POINTS", 86: "SOG", 88: "BLOCKS", 129: "GOALS"}
PEOPLE = {
    "44999": {
        "id": 44999,
        "firstName": "Sébastien",
        "lastName": "Håkan",
        "position": "C",
        "birthDate": "1997-07-26",
    },
    "45000": {"id": 45000, "firstName": "Bo", "lastName": "Ek", "position": "D", "birthDate": None},
}
TEAMS = {"734": {"id": 734, "abbreviation": "CAR"}, "747": {"id": 747, "abbreviation": "DAL"}}
SOURCES = [{"id": 1, "name": "DraftKings"}, {"id": 2, "name": "FanDuel"}]
BET_TYPE_NAMES = {70: "Assists", 73: "Points", 86: "Shots on Goal", 88: "Blocked Shots", 129: "Goals"}


def line(points: float | None = 2.5, price: int | None = -120, **fields: Any) -> Json:
    """A line of form A."""
    own = {
        "marketLineId": 987654321,
        "marketId": 55500011,
        "points": points,
        "price": price,
        "americanPrice": price,
        "statusId": 1,
        "sequenceNumber": 1767900000000000001,
        "isBlurred": False,
        "modifiedOn": "2026-01-06T19:02:11.123",
    }
    return own | fields


def event(over: Json | None = None, under: Json | None = None, person: int = 44999, **fields: Any) -> Json:
    """A market event of form A; `over` and `under` are lines by book key."""
    sides = {f"si{i}:pid{person}": lines for i, lines in enumerate((over, under)) if lines is not None}
    own = {
        "eventId": 104900,
        "eventStart": "2026-01-07T00:00:00",
        "eventName": "Stars Dallas DAL @ Hurricanes Carolina CAR",
        "statusId": 1,
        "periodTypeId": 1,
        "live": False,
        "personId": person,
        "teamId": 734,
        "playerPosition": "C",
        "betTypeId": 86,
        "betSubType": None,
        "eventTeams": {"0": {"id": 747}, "1": {"id": 734}},
        "sides": sides,
    }
    return own | fields


def board(*events: Json, group: str = "lg6:pt1:pregame", **top: Any) -> Json:
    """Form A."""
    own = {"odds": {group: list(events)}, "people": PEOPLE, "teams": TEAMS, "marketSources": SOURCES}
    return deepcopy(own | top)


def full_board() -> Json:
    """Both sides at two books, an alternate line and a one-sided goal market."""
    alternates = [
        {"points": 3.5, "americanPrice": 190, "marketLineId": 0},
        {"points": 4.5, "americanPrice": None},
    ]
    return board(
        event({"ms1": line(alternateLines=alternates), "ms2": line(price=-118)}, {"ms1": line(price=-110)}),
        event({"ms1": line(None, 260, marketId=7)}, betTypeId=129),
        event(
            {"ms1": line(0.5, 100, marketId=8)},
            {"ms1": line(0.5, -130, marketId=8)},
            betTypeId=70,
            person=45000,
        ),
    )


def keyed_board(*events: Json, phase: str = "pregame", league: int = 6, period: int = 1) -> Json:
    """Form B of the same events: other names and nesting, and no people, teams or sources."""
    markets = {f"eid{e['eventId']}:bt{e['betTypeId']}:{i}:{phase}": _keyed(e) for i, e in enumerate(events)}
    periods = {"game": {"periodTypeId": period, phase: markets}}
    odds = {"nhl": {"leagueId": league, "periodTypes": periods}}
    return {"success": True, "messages": [], "data": {"lastUpdated": 1767898931000, "odds": odds}}


def bet_type(number: int, name: str, **fields: Any) -> Json:
    """A row of form B's list of bet types."""
    own = {
        "id": number,
        "name": name,
        "betOn": "player",
        "sides": "ou",
        "betRange": "event",
        "isFuture": False,
    }
    return own | fields


def companions() -> dict[str, Json]:
    """Bodies of the endpoints that form B refers to."""
    names = [bet_type(number, name) for number, name in BET_TYPE_NAMES.items()]
    return {
        "unabated_people": {"success": True, "data": PEOPLE},
        "unabated_teams": {"success": True, "data": TEAMS},
        "unabated_sources": {"success": True, "data": {str(s["id"]): s for s in SOURCES}},
        "unabated_bet_types": {"success": True, "data": names},
    }


def partner_bet_type(number: int, name: str, **fields: Any) -> Json:
    """A row of form C's list of bet types."""
    return {"id": number, "name": name, "marketTypeId": 3, "active": True, "leagues": [6]} | fields


def partner_companions() -> dict[str, list[Json]]:
    """Bodies of the lists that form C refers to: bare arrays."""
    return {
        "unabated_people": list(PEOPLE.values()),
        "unabated_teams": list(TEAMS.values()),
        "unabated_sources": SOURCES,
        "unabated_bet_types": [partner_bet_type(*item) for item in BET_TYPE_NAMES.items()],
    }


def partner_board(*events: Json, group: str = "lg6:pt1:pregame") -> Json:
    """Form C of form A's events: those of one player and event in one row."""
    rows: dict[tuple[int, int], Json] = {}
    for form_a in events:
        kept = ("eventId", "eventStart", "eventName", "personId", "teamId", "playerPosition", "eventTeams")
        key = (form_a["eventId"], form_a["personId"])
        row = rows.setdefault(key, {k: form_a[k] for k in kept} | {"propsMarketSourcesLines": {}})
        for side, lines in form_a["sides"].items():
            for book, fields in lines.items():
                source = row["propsMarketSourcesLines"].setdefault(f"{side[:3]}:{book}:an0", {})
                own = {"marketSourceId": int(book.removeprefix("ms")), "alternateNumber": 0}
                source[f"bt{form_a['betTypeId']}"] = fields | own
    return deepcopy({"propsPeopleEvents": {group: list(rows.values())}})


def _keyed(form_a: Json) -> Json:
    person = form_a["personId"]
    sides = {
        key: {"sideIndex": int(key[2]), "personId": person, "marketSourceLines": _keyed_lines(lines)}
        for key, lines in form_a["sides"].items()
    }
    start = form_a["eventStart"] + "Z"
    teams = {index: {"teamId": team["id"]} for index, team in form_a["eventTeams"].items()}
    kept = {key: form_a[key] for key in ("eventId", "statusId", "betTypeId", "teamId", "playerPosition")}
    return kept | {"isLive": form_a["live"], "eventStart": start, "eventTeams": teams, "sides": sides}


def _keyed_lines(lines: Json) -> Json:
    return {key.removeprefix("ms"): _keyed_line(fields) for key, fields in lines.items()}


def _keyed_line(fields: Json) -> Json:
    kept = {key: value for key, value in fields.items() if key not in {"americanPrice", "isBlurred"}}
    if "alternateLines" in kept:
        alternates = [{"points": a["points"], "price": a["americanPrice"]} for a in kept["alternateLines"]]
        kept["alternateLines"] = alternates
    return kept | {"modifiedOn": kept["modifiedOn"] + "Z"}
