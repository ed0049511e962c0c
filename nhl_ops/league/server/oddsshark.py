"""OddsShark: the page of player props and the scores of a day, from books that the league has already.

The page shows main lines of a few books that Unabated lists too, under plain names and team codes; a recorded
league knows nothing of this vendor, so its page is empty.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from nhl_ops.domain.markets import Market
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.board import Board
from nhl_ops.league.server.games import GameBook, GameState
from nhl_ops.league.server.people import People

SOURCE = "UNABATED"
RECORDED = "recorded"
BOOKS = {"1": "DraftKings", "2": "FanDuel", "4": "BetMGM", "20": "Caesars", "78": "bet365"}
"""Columns of the page: the source's book id and the name on the logo."""
TABS: Mapping[str, Market | None] = {
    "GOALS": Market.GOALS,
    "ASSISTS": Market.ASSISTS,
    "POINTS": Market.POINTS,
    "POWER PLAY POINTS": None,
    "SHOTS ON GOAL": Market.SOG,
    "BLOCKS": Market.BLOCKS,
}
CODES = {"LAK": "LA", "NJD": "NJ", "SJS": "SJ", "TBL": "TB"}
EVENT_BASE = 1_900_000
STATUS = {"FUT": "Scheduled", "PRE": "Scheduled", "LIVE": "In Progress", "FINAL": "Final", "OFF": "Final"}
LINE_COLUMNS = ["home_american", "away_american", "total", "over_american", "under_american"]
SHOWN = [
    "market",
    "game_id",
    "player_id",
    "player_name",
    "book_id",
    "line",
    "over_american",
    "under_american",
]


class Price(NamedTuple):
    side: str
    line: float
    american: int

    @property
    def info(self) -> str:
        return f"{self.side} {self.line:.1f}"

    @property
    def detail(self) -> str:
        return f"{self.american:+d}"


class Row(NamedTuple):
    """A player. cells: prices of Best Odds, then of each book."""

    player: str
    cells: list[Sequence[Price]]


class Event(NamedTuple):
    event_id: int
    away: str
    home: str
    rows: list[Row]


class Tab(NamedTuple):
    label: str
    events: list[Event]


Offers = dict[str, list[Price]]
"""Prices of one player and market by book id."""


class OddsShark:
    """The site at an instant. It keeps the page until a price or a game changes."""

    def __init__(self, dataset: LeagueDataset, games: GameBook, people: People) -> None:
        quotes = dataset.quotes
        mine = (quotes["vendor"] == SOURCE) & quotes["book_id"].isin(list(BOOKS)) & ~quotes["is_alternate"]
        mine &= quotes["market"].isin([market for market in TABS.values() if market])
        self.board = Board(quotes.loc[mine & (dataset.name != RECORDED)], games)
        self._games, self._people = games, people
        self._lines = {
            int(game_id): rows.to_dict("records")
            for game_id, rows in dataset.game_odds.sort_values("book_id", kind="stable").groupby("game_id")
        }
        templates = Environment(
            loader=PackageLoader("nhl_ops"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._page = templates.get_template("league_oddsshark.html.j2")

    def page(self, now: datetime) -> bytes:
        """The player-props page, HTML in UTF-8. Without prices its tabs are there and hold no rows."""
        return self.board.body("page", now, lambda: self._render(now))

    def scores(self, day: date, now: datetime) -> dict[str, Any]:
        """Games of an Eastern date with the lines of one book, null where none stands."""
        return {"scores": [self._score(game, now) for game in self._games.on(day.isoformat(), now)]}

    def _render(self, now: datetime) -> bytes:
        rows, games = self.board.standing(now)
        ordered = sorted(games.values(), key=lambda game: (game.start, game.game_id))
        offers = self._offers(self.board.quotes.iloc[rows])
        tabs = [
            Tab(
                label,
                [self._event(game, found) for game in ordered if (found := offers.get((m, game.game_id)))],
            )
            for label, m in TABS.items()
        ]
        return self._page.render(tabs=tabs, books=list(BOOKS.values())).encode()

    def _offers(self, quotes: pd.DataFrame) -> dict[tuple[str, int], dict[tuple[str, str], Offers]]:
        """Offers by market and game, then by the name shown and the person behind it."""
        found: dict[tuple[str, int], dict[tuple[str, str], Offers]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        for market, game, player_id, written, book, line, *prices in quotes[SHOWN].itertuples(
            index=False, name=None
        ):
            is_known = not pd.isna(player_id)
            name = self._people.by_id[int(player_id)].full_name if is_known else written.partition(" (")[0]
            person = (_plain(name), str(player_id) if is_known else written)
            found[market, game][person][book] += [
                Price(side, line, int(price))
                for side, price in zip("OU", prices, strict=True)
                if not pd.isna(price)
            ]
        return found

    def _event(self, game: GameState, players: Mapping[tuple[str, str], Offers]) -> Event:
        rows = [
            Row(name, [_best(offers), *(offers.get(book, []) for book in BOOKS)])
            for (name, _), offers in sorted(players.items())
        ]
        return Event(self._event_id(game), _code(game.away), _code(game.home), rows)

    def _event_id(self, game: GameState) -> int:
        return EVENT_BASE + self._games.number[game.game_id]

    def _score(self, game: GameState, now: datetime) -> dict[str, Any]:
        standing = (
            row
            for row in self._lines.get(game.game_id, [])
            if row["seen_from_utc"] <= now < row["seen_until_utc"]
        )
        row = next(standing, {})
        line = {name: _number(row.get(name)) for name in LINE_COLUMNS}
        return {
            "id": self._event_id(game),
            "date": int(game.start.timestamp()),
            "status": STATUS[game.phase(now)] if game.stands else "Postponed",
            "stadium": None,
            "total": line["total"],
            "overPrice": line["over_american"],
            "underPrice": line["under_american"],
            "overVotes": 0,
            "underVotes": 0,
            "teams": {
                "home": self._team(game.home, _score_of(game.home_score, game, now), line["home_american"]),
                "away": self._team(game.away, _score_of(game.away_score, game, now), line["away_american"]),
            },
        }

    def _team(self, tri: str, score: int | None, money_line: float | None) -> dict[str, Any]:
        team = self._people.teams[tri]
        names = {"name": _plain(team.place), "display_name": _plain(team.name), "abbreviation": _code(tri)}
        return {
            "names": names,
            "rotation": None,
            "moneyLine": money_line,
            "spread": None,
            "spreadPrice": None,
            "score": score,
            "votes": 0,
            "record": None,
        }


def _best(offers: Offers) -> list[Price]:
    """Of each side and line the longest price."""
    best: dict[tuple[str, float], Price] = {}
    for price in (price for prices in offers.values() for price in prices):
        best[price[:2]] = max(price, best.get(price[:2], price), key=lambda p: p.american)
    return list(best.values())


def _score_of(goals: int | None, game: GameState, now: datetime) -> int | None:
    """0 before the start, the final score after the end, unknown between."""
    return goals if game.has_ended(now) else None if game.has_started(now) else 0


def _number(value: Any) -> float | int | None:
    """As JSON has it: whole numbers without a fraction."""
    if value is None or pd.isna(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _code(tri: str) -> str:
    return CODES.get(tri, tri)


def _plain(name: str) -> str:
    """Without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
