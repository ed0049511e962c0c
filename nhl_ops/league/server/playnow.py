"""PlayNow's content service (OpenBet): event list and events by id at the virtual time.

A backend failure is HTTP 200 with `errors` and null `data`. Without `includeChildMarkets=true` no markets
come. Events that have started are gone. Ids are strings.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from math import gcd
from typing import Any

import numpy as np
import pandas as pd

from nhl_ops.domain.markets import Market
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.board import Board, numbered
from nhl_ops.league.server.games import GameBook, GameState
from nhl_ops.league.server.people import People
from nhl_ops.league.server.playnow_names import market_name, outcome_is_player, rung
from nhl_ops.league.server.wire import utc_z

VENDOR = "PLAYNOW"
NHL_COMPETITION = "220"
EVENT_BASE, MARKET_BASE, OUTCOME_BASE = 11_820_000, 500_000, 40_000_000
OUTCOMES_A_QUOTE = 2
_SIDES = {"Over": "H", "Under": "L"}


class PlayNow:
    """Bodies of the content service."""

    def __init__(self, dataset: LeagueDataset, games: GameBook, people: People) -> None:
        self.board = Board(dataset.quotes.loc[dataset.quotes["vendor"] == VENDOR], games)
        self._games, self._people = games, people
        quotes = self.board.quotes
        one_sided = quotes["under_decimal"].isna()
        is_ladder = (quotes["market"] == Market.SOG) & quotes["is_alternate"] & one_sided
        names = _market_names(quotes, is_ladder, people)
        markets = numbered(quotes[["game_id"]].assign(name=names))
        outcomes = numbered(quotes[["player_name", "line"]].assign(market=markets))
        self._columns = {
            "game_id": quotes["game_id"].to_numpy(),
            "market_id": MARKET_BASE + markets,
            "outcome_id": OUTCOME_BASE + OUTCOMES_A_QUOTE * outcomes,
            "name": np.array(names, dtype="object"),
            "market": quotes["market"].to_numpy(dtype="object"),
            "player": quotes["player_name"].to_numpy(dtype="object"),
            "line": quotes["line"].to_numpy(),
            "over": quotes["over_decimal"].to_numpy(),
            "under": quotes["under_decimal"].to_numpy(),
            "is_ladder": is_ladder.to_numpy(),
        }

    def event_list(self, params: Mapping[str, str], now: datetime) -> dict[str, Any]:
        """Events of a competition that have a price, by start."""
        if "drilldownTagIds" not in params:
            return backend_failure("drilldownTagIds is missing")
        wanted = NHL_COMPETITION in params["drilldownTagIds"].split(",")
        events = self._events(now, with_markets=_child_markets(params)) if wanted else []
        return {"data": {"events": events}}

    def events_by_ids(self, params: Mapping[str, str], now: datetime) -> dict[str, Any]:
        """Those of the ids that are on the board; others are simply absent."""
        if not params.get("eventIds"):
            return backend_failure("eventIds is missing")
        ids = set(params["eventIds"].split(","))
        events = self._events(now, with_markets=_child_markets(params), ids=ids)
        return {"data": {"events": events}}

    def _events(
        self, now: datetime, *, with_markets: bool, ids: set[str] | None = None
    ) -> list[dict[str, Any]]:
        rows, games = self.board.standing(now)
        rows = rows[np.lexsort([self._columns["outcome_id"][rows], self._columns["market_id"][rows]])]
        game_ids = self._columns["game_id"][rows]
        return [
            self._event(game, rows[game_ids == game.game_id], with_markets=with_markets)
            for game in sorted(games.values(), key=lambda g: (g.start, g.game_id))
            if ids is None or self._event_id(game) in ids
        ]

    def _event_id(self, game: GameState) -> str:
        return str(EVENT_BASE + self._games.number[game.game_id])

    def _event(self, game: GameState, rows: np.ndarray, *, with_markets: bool) -> dict[str, Any]:
        away, home = (_plain(self._people.teams[tri].name) for tri in (game.away, game.home))
        count = len(np.unique(self._columns["market_id"][rows]))
        event_id = self._event_id(game)
        body = {
            "id": event_id,
            "name": f"{away} at {home}",
            "active": True,
            "displayed": True,
            "status": "ACTIVE",
            "sortCode": "MTCH",
            "startTime": utc_z(game.start),
            "started": False,
            "liveNow": False,
            "liveBettingAvailable": True,
            "resulted": False,
            "settled": False,
            "isVoid": False,
            "competitionDrilldownTagId": NHL_COMPETITION,
            "marketCount": count,
            "marketCounts": {"fixedOdds": count, "total": count},
            "teams": [
                {"side": "HOME", "name": home, "alternativeNames": []},
                {"side": "AWAY", "name": away, "alternativeNames": []},
            ],
            "type": {"id": NHL_COMPETITION, "name": "NHL"},
            "class": {"id": "25", "name": "North America"},
            "category": {"id": "7", "name": "Hockey", "code": "ICEHOCKEY"},
            "externalIds": [],
        }
        return body | {"markets": self._markets(event_id, rows)} if with_markets else body

    def _markets(self, event_id: str, rows: np.ndarray) -> list[dict[str, Any]]:
        columns = [column[rows].tolist() for column in self._columns.values()]
        records = (dict(zip(self._columns, row, strict=True)) for row in zip(*columns, strict=True))
        groups = groupby(records, lambda r: r["market_id"])
        return [_market(event_id, order, list(group)) for order, (_, group) in enumerate(groups, 1)]


def _market(event_id: str, order: int, quotes: list[dict[str, Any]]) -> dict[str, Any]:
    first, market_id = quotes[0], str(quotes[0]["market_id"])
    is_total = not outcome_is_player(first["market"]) and not first["is_ladder"]
    outcomes = [outcome for quote in quotes for outcome in _outcomes(quote, market_id)]
    return {
        "id": market_id,
        "eventId": event_id,
        "templateMarketId": None,
        "name": first["name"],
        "type": None,
        "subType": "HL" if is_total else "--",
        "groupCode": None,
        "status": "ACTIVE",
        "active": True,
        "displayed": True,
        "displayOrder": order,
        "betInRun": False,
        "handicapValue": first["line"] if is_total else None,
        "minimumAccumulator": 1,
        "maximumAccumulator": 20,
        "channels": ["I", "M"],
        "outcomes": [o | {"displayOrder": n} for n, o in enumerate(outcomes, 1)],
    }


def backend_failure(reason: str) -> dict[str, Any]:
    """The body of a failure, sent with HTTP 200."""
    return {"data": None, "errors": [{"code": "DataFetchingException", "message": reason}]}


def _outcomes(quote: Mapping[str, Any], market_id: str) -> Iterator[dict[str, Any]]:
    """Player or rung, yes only; else Over and, where it is offered, Under with the handicap."""
    outcome_id, over = quote["outcome_id"], quote["over"]
    if outcome_is_player(quote["market"]):
        yield _outcome(outcome_id, market_id, quote["player"], over)
    elif quote["is_ladder"]:
        yield _outcome(outcome_id, market_id, rung(quote["line"]), over)
    else:
        yield _outcome(outcome_id, market_id, "Over", over, handicap=quote["line"])
        if not np.isnan(quote["under"]):
            yield _outcome(outcome_id + 1, market_id, "Under", quote["under"], handicap=quote["line"])


def _outcome(
    outcome_id: int, market_id: str, name: str, decimal: float, *, handicap: float | None = None
) -> dict[str, Any]:
    profit = round((decimal - 1) * 100)
    shared = gcd(profit, 100)
    low = None if handicap is None else f"{handicap:.1f}"
    return {
        "id": str(outcome_id),
        "marketId": market_id,
        "name": name,
        "type": None,
        "subType": None if handicap is None else _SIDES[name],
        "active": True,
        "displayed": True,
        "status": "ACTIVE",
        "resulted": False,
        "prices": [
            {
                "numerator": profit // shared,
                "denominator": 100 // shared,
                "decimal": decimal,
                "displayOrder": 1,
                "priceType": "LP",
                "handicapLow": low,
                "handicapHigh": None,
            }
        ],
    }


def _market_names(quotes: pd.DataFrame, is_ladder: pd.Series, people: People) -> list[str]:
    full = {tri: _plain(team.name) for tri, team in people.teams.items()}
    columns = [quotes[c] for c in ("market", "player_name", "line", "player_team")]
    return [
        market_name(market, player, line, full.get(team), is_ladder=ladder)
        for market, player, line, team, ladder in zip(*columns, is_ladder, strict=True)
    ]


def _child_markets(params: Mapping[str, str]) -> bool:
    return params.get("includeChildMarkets", "false").lower() == "true"


def _plain(name: str) -> str:
    """Without accents: PlayNow writes Montreal."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
