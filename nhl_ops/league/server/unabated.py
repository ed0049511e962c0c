"""Unabated's wire: the public CDN file (form A), the keyed API (form B) and its lists, from the same offers.

Side 0 is over, side 1 under; a one-sided price has no side 1. The CDN writes times without a zone (UTC), the
price as `americanPrice` and books as `ms1`; the API writes `Z`, `price` and bare ids.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.games import GameBook
from nhl_ops.league.server.people import People
from nhl_ops.league.server.unabated_offers import (
    BET_TYPES,
    LEAGUE_ID,
    VENDOR,
    Line,
    Offer,
    UnabatedOffers,
)

STALE_BY = timedelta(hours=3)
"""How old the CDN's file is for a caller without a cache-buster."""
OVER, UNDER = 0, 1


class Unabated:
    """Bodies of both forms at an instant."""

    def __init__(self, dataset: LeagueDataset, games: GameBook, people: People) -> None:
        self._offers = UnabatedOffers(dataset, games, people)
        self._books = dataset.books.loc[dataset.books["vendor"] == VENDOR].to_dict("records")
        self._people = people

    def cdn(self, now: datetime, *, has_cache_buster: bool) -> bytes:
        """Form A: the whole board, three hours old without `v` or `t`."""
        at = now if has_cache_buster else now - STALE_BY
        return self._offers.board.body("A", at, lambda: orjson.dumps(self._cdn(at)))

    def api(self, bet_types: frozenset[int], now: datetime) -> bytes:
        """Form B; without bet types the whole board."""
        form = f"B{sorted(bet_types)}"
        return self._offers.board.body(form, now, lambda: orjson.dumps(self._api(bet_types, now)))

    def offers(self, now: datetime) -> list[Offer]:
        """Everything that stands, by event, person and bet type."""
        return self._offers.standing(now)

    def kept(self, form: str, now: datetime, build: Callable[[], bytes]) -> bytes:
        """The bytes that `build` makes of the board, kept until the board changes."""
        return self._offers.board.body(form, now, build)

    def bet_types(self) -> list[dict[str, Any]]:
        return [
            {
                "id": number,
                "name": name,
                "betOn": "player",
                "sides": "ou",
                "hasPoints": True,
                "canDraw": False,
                "active": True,
                "betRange": "event",
                "isFuture": False,
                "modifiedOn": None,
            }
            for number, name in sorted(BET_TYPES.values())
        ]

    def sources(self) -> list[dict[str, Any]]:
        return [
            {
                "id": int(book["book_id"]),
                "name": book["book_name"],
                "isActive": True,
                "statusId": 1,
                "propsStatusId": 1,
                "isEnabledForProps": True,
                "hasLiquidity": False,
            }
            for book in self._books
        ]

    def teams(self) -> dict[str, dict[str, Any]]:
        return {
            str(team_id): {
                "id": team_id,
                "name": self._people.teams[tri].name,
                "abbreviation": tri,
                "leagueId": LEAGUE_ID,
                "logoUrl": None,
            }
            for tri, team_id in self._offers.team_ids.items()
        }

    def people(self, now: datetime) -> dict[str, dict[str, Any]]:
        """The people on the board."""
        return self._folk(self._offers.standing(now))

    def _folk(self, offers: Iterable[Offer]) -> dict[str, dict[str, Any]]:
        return {str(i): self._offers.folk[i] for i in sorted({o.person_id for o in offers})}

    def _cdn(self, at: datetime) -> dict[str, Any]:
        offers = self._offers.standing(at)
        return {
            "odds": {f"lg{LEAGUE_ID}:pt1:pregame": [_cdn_row(o) for o in offers]},
            "people": self._folk(offers),
            "teams": self.teams(),
            "marketSources": self.sources(),
            "startDateTimeISO": None,
            "endDateTimeISO": None,
        }

    def _api(self, bet_types: frozenset[int], now: datetime) -> dict[str, Any]:
        offers = [o for o in self._offers.standing(now) if not bet_types or o.bet_type in bet_types]
        newest = max((line.since_us for o in offers for line in o.lines), default=None)
        keys = (f"eid{o.event.event_id}:bt{o.bet_type}:bst0:pt1:pid{o.person_id}:pregame" for o in offers)
        pregame = dict(zip(keys, map(_api_row, offers), strict=True))
        periods = {"game": {"periodTypeId": 1, "pregame": pregame}}
        data = {
            "lastUpdated": None if newest is None else newest // 1_000,
            "odds": {"nhl": {"leagueId": LEAGUE_ID, "periodTypes": periods}},
        }
        return envelope(data)


def envelope(data: Any) -> dict[str, Any]:
    """How form B wraps every good answer."""
    return {"success": True, "messages": [], "data": data}


def _cdn_row(offer: Offer) -> dict[str, Any]:
    away, home = offer.event.team_ids
    sides = {f"si{n}:pid{offer.person_id}": _cdn_side(offer, n) for n in (OVER, UNDER)}
    return {
        "eventId": offer.event.event_id,
        "eventStart": offer.event.start,
        "eventEnd": None,
        "eventName": offer.event.name,
        "statusId": 1,
        "gameClock": None,
        "periodTypeId": 1,
        "overtimeNumber": None,
        "live": False,
        "tournament": None,
        "personId": offer.person_id,
        "teamId": offer.team_id,
        "playerPosition": offer.position,
        "betTypeId": offer.bet_type,
        "betSubType": None,
        "sideName": None,
        "key": f"pt1:pregame:bt{offer.bet_type}:e{offer.event.event_id}",
        "eventTeams": {
            "0": {"id": away, "rotationNumber": None, "score": None},
            "1": {"id": home, "rotationNumber": None, "score": None},
        },
        "sides": {key: lines for key, lines in sides.items() if lines},
    }


def _cdn_side(offer: Offer, side: int) -> dict[str, dict[str, Any]]:
    """Books' lines on a side; a book without a price on it is absent."""
    return {
        f"ms{line.book_id}": {
            "marketLineId": line_id(line, side),
            "marketId": offer.market_id,
            "points": line.points,
            "price": price,
            "americanPrice": price,
            "sourcePrice": price,
            "sourceFormat": 1,
            "statusId": 1,
            "sequenceNumber": line.since_us * 1_000,
            "isBlurred": False,
            "bacr": None,
            "ge": None,
            "modifiedOn": line.modified,
            "alternateLines": [
                {"points": points, "americanPrice": alternate, "marketLineId": 0}
                for points, alternate in alternates_on(line, side)
            ],
        }
        for line in offer.lines
        if (price := price_on(line, side)) is not None
    }


def _api_row(offer: Offer) -> dict[str, Any]:
    away, home = offer.event.team_ids
    sides = {n: _api_side(offer, n) for n in (OVER, UNDER)}
    return {
        "eventId": offer.event.event_id,
        "isLive": False,
        "eventStart": f"{offer.event.start}Z",
        "statusId": 1,
        "betTypeId": offer.bet_type,
        "betSubType": None,
        "eventName": offer.event.name,
        "playerPosition": offer.position,
        "eventTeams": {"0": {"teamId": away, "sideIndex": 0}, "1": {"teamId": home, "sideIndex": 1}},
        "sides": {
            f"si{n}:pid{offer.person_id}": {
                "sideIndex": n,
                "sideName": "",
                "teamId": offer.team_id,
                "personId": offer.person_id,
                "marketSourceLines": lines,
            }
            for n, lines in sides.items()
            if lines
        },
    }


def _api_side(offer: Offer, side: int) -> dict[str, dict[str, Any]]:
    return {
        str(line.book_id): {
            "marketId": offer.market_id,
            "marketLineId": line_id(line, side),
            "marketSourceId": line.book_id,
            "points": line.points,
            "price": price,
            "sourcePrice": price,
            "sourceFormat": 1,
            "statusId": 1,
            "sequenceNumber": line.since_us // 1_000,
            "disabled": False,
            "modifiedOn": f"{line.modified}Z",
            "deepLink": None,
            "alternateLines": [
                {"alternateNumber": n, "points": points, "price": alternate, "statusId": 1}
                for n, (points, alternate) in enumerate(alternates_on(line, side), 1)
            ],
        }
        for line in offer.lines
        if (price := price_on(line, side)) is not None
    }


def price_on(line: Line, side: int) -> int | None:
    """The main line's American price on a side; None where the book has none."""
    return line.over if side == OVER else line.under


def alternates_on(line: Line, side: int) -> list[tuple[float, int]]:
    """Points and American price of a book's alternate lines on a side."""
    priced = ((points, over if side == OVER else under) for points, over, under in line.alternates)
    return [(points, price) for points, price in priced if price is not None]


def line_id(line: Line, side: int) -> int:
    """The vendor's marketLineId."""
    return line.number * 2 + side
