"""The Odds API v4: sports, events and odds at the virtual time, and snapshots of the past every five minutes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import groupby
from typing import Any

from nhl_ops.domain.odds import decimal_from_american
from nhl_ops.domain.slates import slate_of
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.games import GameBook, GameState
from nhl_ops.league.server.odds_api_offers import WITHOUT_PROPS, Book, OddsApiOffers, Prices
from nhl_ops.league.server.people import People
from nhl_ops.league.server.wire import utc_z

SPORT = "icehockey_nhl"
FEATURED = frozenset({"h2h", "spreads", "totals"})
DAYS_LISTED = 7
SNAPSHOT_EVERY = timedelta(minutes=5)
SNAPSHOT_SECOND = 38
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SPORTS = [
    {
        "key": key,
        "group": "Ice Hockey",
        "title": title,
        "description": words,
        "active": True,
        "has_outrights": out,
    }
    for key, title, words, out in (
        (SPORT, "NHL", "US Ice Hockey", False),
        ("icehockey_nhl_championship_winner", "NHL Championship Winner", "Stanley Cup Winner", True),
    )
]


@dataclass(frozen=True)
class Wanted:
    """What a caller asks of an event. bookmakers, when given, override regions."""

    markets: Collection[str]
    regions: Collection[str]
    bookmakers: Collection[str]
    is_decimal: bool

    def includes(self, book: Book) -> bool:
        return book.key in self.bookmakers if self.bookmakers else book.region in self.regions


class OddsApi:
    """Bodies of the API. has_prices: without, every event comes with no bookmaker."""

    def __init__(
        self, dataset: LeagueDataset, games: GameBook, people: People, *, has_prices: bool = True
    ) -> None:
        self._games = games
        self._offers = OddsApiOffers(dataset, games, people)
        self._has_prices = has_prices
        self._game_ids = {event_id(game_id): game_id for game_id in games.number}

    def events(self, at: datetime) -> list[dict[str, Any]]:
        """Games of the next days that are announced and not over, by start."""
        return [self._head(game) for game in self._listed(at)]

    def odds(self, wanted: Wanted, at: datetime) -> list[dict[str, Any]]:
        """Featured markets of all events."""
        return [
            self._head(game) | {"bookmakers": self._books(game, wanted, at, _featured_book)}
            for game in self._listed(at)
        ]

    def event_odds(self, wanted_id: str, wanted: Wanted, at: datetime) -> dict[str, Any] | None:
        """One event; None when it is not known, put off or over."""
        game_id = self._game_ids.get(wanted_id)
        game = None if game_id is None else self._games.state_of(game_id, at)
        if game is None or not _is_on(game, at):
            return None
        return self._head(game) | {"bookmakers": self._books(game, wanted, at, _event_book)}

    def _listed(self, at: datetime) -> list[GameState]:
        first = slate_of(at) - timedelta(days=1)
        dates = ((first + timedelta(days=n)).isoformat() for n in range(DAYS_LISTED + 1))
        games = [game for day in dates for game in self._games.on(day, at) if _is_on(game, at)]
        return sorted(games, key=lambda g: (g.start, g.game_id))

    def _head(self, game: GameState) -> dict[str, Any]:
        away, home = self._offers.teams(game)
        return {
            "id": event_id(game.game_id),
            "sport_key": SPORT,
            "sport_title": "NHL",
            "commence_time": utc_z(game.start),
            "home_team": home,
            "away_team": away,
        }

    def _books(
        self, game: GameState, wanted: Wanted, at: datetime, shape: Callable[..., dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Books that price the game; one without any of the markets asked for has none."""
        if not self._has_prices:
            return []
        prices = [*self._offers.lines(game, at), *self._offers.props(game, at)]
        mine = sorted((p for p in prices if wanted.includes(p.book)), key=lambda p: (p.book, p.market))
        books = [
            shape(book, [_market(p, wanted) for p in group if p.market in wanted.markets])
            for book, group in groupby(mine, lambda p: p.book)
        ]
        return books + [shape(book, []) for book in WITHOUT_PROPS if prices and wanted.includes(book)]


def snapshot_at(wanted: datetime, now: datetime) -> datetime:
    """The last snapshot at or before an instant, none later than now."""
    offset = timedelta(seconds=SNAPSHOT_SECOND)
    steps = (min(wanted, now) - EPOCH - offset) // SNAPSHOT_EVERY
    return EPOCH + offset + steps * SNAPSHOT_EVERY


def snapshot(data: Any, taken: datetime, now: datetime) -> dict[str, Any]:
    """How the past is wrapped; the newest snapshot has no next one."""
    following = taken + SNAPSHOT_EVERY
    return {
        "timestamp": utc_z(taken),
        "previous_timestamp": utc_z(taken - SNAPSHOT_EVERY),
        "next_timestamp": utc_z(following) if following <= now else None,
        "data": data,
    }


def event_id(game_id: int) -> str:
    """32 hex digits that stay with the game, also when it is put off."""
    return blake2b(f"odds api {game_id}".encode(), digest_size=16).hexdigest()


def markets_in(events: Iterable[Mapping[str, Any]]) -> set[str]:
    """Distinct markets of an answer."""
    return {m["key"] for event in events for book in event["bookmakers"] for m in book["markets"]}


def _is_on(game: GameState, at: datetime) -> bool:
    return game.stands and not game.has_ended(at)


def _market(prices: Prices, wanted: Wanted) -> dict[str, Any]:
    return {
        "key": prices.market,
        "last_update": utc_z(EPOCH + timedelta(microseconds=prices.updated_us)),
        "outcomes": [
            {"name": name}
            | ({} if player is None else {"description": player})
            | {"price": round(decimal_from_american(price), 2) if wanted.is_decimal else price}
            | ({} if point is None else {"point": point})
            for name, player, price, point in prices.outcomes
        ],
    }


def _event_book(book: Book, markets: list[dict[str, Any]]) -> dict[str, Any]:
    return {"key": book.key, "title": book.title, "markets": markets}


def _featured_book(book: Book, markets: list[dict[str, Any]]) -> dict[str, Any]:
    times = {"last_update": max(m["last_update"] for m in markets)} if markets else {}
    return {"key": book.key, "title": book.title, **times, "markets": markets}
