"""Unabated's partner API v2 (form C): one row a player and event, with all bet types in it, and its lists.

The board is `propsPeopleEvents` alone; people, teams, sources and bet types come as lists, which form A and B
have as well and which are written here as form C has them.
"""

from datetime import datetime
from itertools import groupby
from typing import Any

import orjson

from nhl_ops.league.server.unabated import OVER, UNDER, Unabated, alternates_on, line_id, price_on
from nhl_ops.league.server.unabated_offers import LEAGUE_ID, Line, Offer

GROUP = f"lg{LEAGUE_ID}:pt1:pregame"
PROPS = 3
"""marketTypeId of a prop."""


def partner_board(unabated: Unabated, now: datetime) -> bytes:
    """`/v2/markets/playerProps` of the NHL."""
    return unabated.kept("C", now, lambda: orjson.dumps(_board(unabated.offers(now))))


def partner_bet_types(unabated: Unabated) -> list[dict[str, Any]]:
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "internalName": row["name"].replace(" ", ""),
            "nameShort": row["name"],
            "nameMobile": row["name"],
            "description": None,
            "marketTypeId": PROPS,
            "active": True,
            "leagues": [LEAGUE_ID],
        }
        for row in unabated.bet_types()
    ]


def partner_players(unabated: Unabated, now: datetime) -> list[dict[str, Any]]:
    """The people on the board. `team` is null: no consumer shows what is in it."""
    return [
        {**person, "preferredName": None, "country": None, "team": None}
        for person in unabated.people(now).values()
    ]


def _board(offers: list[Offer]) -> dict[str, Any]:
    players = groupby(offers, key=lambda offer: (offer.event.event_id, offer.person_id))
    return {"propsPeopleEvents": {GROUP: [_row(list(own)) for _, own in players]}}


def _row(offers: list[Offer]) -> dict[str, Any]:
    """All bet types of one player in one event."""
    first = offers[0]
    sources: dict[str, dict[str, Any]] = {}
    for offer in offers:
        for line in offer.lines:
            for side in (OVER, UNDER):
                price = price_on(line, side)
                if price is not None:
                    key = f"si{side}:ms{line.book_id}:an0"
                    sources.setdefault(key, {})[f"bt{offer.bet_type}"] = _line(offer, line, side, price)
    return {
        "eventId": first.event.event_id,
        "eventStart": first.event.start,
        "eventName": first.event.name,
        "personId": first.person_id,
        "teamId": next((o.team_id for o in offers if o.team_id is not None), None),
        "playerPosition": first.position,
        "eventTeams": {
            str(side): {"id": team_id, "rotationNumber": None, "score": None}
            for side, team_id in enumerate(first.event.team_ids)
        },
        "propsMarketSourcesLines": sources,
    }


def _line(offer: Offer, line: Line, side: int, price: int) -> dict[str, Any]:
    common = {
        "marketId": offer.market_id,
        "marketSourceId": line.book_id,
        "sourceFormat": 1,
        "sourceData": None,
        "statusId": 1,
        "sequenceNumber": line.since_us * 1_000,
        "createdOn": line.modified,
        "modifiedOn": line.modified,
    }

    def at(number: int, line_number: int | None, points: float, american: int) -> dict[str, Any]:
        prices = {"price": american, "americanPrice": american, "sourcePrice": american}
        return {
            "marketLineId": line_number,
            "points": points,
            **prices,
            "alternateNumber": number,
            **common,
        }

    ladder = alternates_on(line, side)
    return {
        **at(0, line_id(line, side), line.points, price),
        "alternateLines": [at(n, None, *rung) for n, rung in enumerate(ladder, 1)],
        "bestAltPoints": None,
        "bestAltPrice": None,
    }
