"""Which prices The Odds API shows of a game at an instant: the US sportsbooks of the Unabated board once more."""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from nhl_ops.domain.markets import Market
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.board import Board, micros
from nhl_ops.league.server.games import GameBook, GameState
from nhl_ops.league.server.people import People
from nhl_ops.league.server.unabated_offers import VENDOR

ANYTIME = "player_goal_scorer_anytime"
MARKET_KEYS: Mapping[str, str] = MappingProxyType(
    {
        Market.POINTS: "player_points",
        Market.ASSISTS: "player_assists",
        Market.GOALS: "player_goals",
        Market.SOG: "player_shots_on_goal",
        Market.BLOCKS: "player_blocked_shots",
        Market.SAVES: "player_total_saves",
        "POWER_PLAY_POINTS": "player_power_play_points",
    }
)
UNQUOTED = ("player_goal_scorer_first", "player_goal_scorer_last")
"""Market keys that exist and that nobody in this league quotes."""
PROPS = frozenset(
    {ANYTIME, *UNQUOTED, *MARKET_KEYS.values(), *(f"{key}_alternate" for key in MARKET_KEYS.values())}
)


class Book(NamedTuple):
    """A book as this vendor lists it."""

    key: str
    title: str
    region: str


BOOKS: Mapping[str, Book] = MappingProxyType(
    {
        "DraftKings": Book("draftkings", "DraftKings", "us"),
        "FanDuel": Book("fanduel", "FanDuel", "us"),
        "BetMGM": Book("betmgm", "BetMGM", "us"),
        "Caesars": Book("williamhill_us", "Caesars", "us"),
        "BetRivers": Book("betrivers", "BetRivers", "us"),
        "Bovada": Book("bovada", "Bovada", "us"),
        "Fanatics": Book("fanatics", "Fanatics", "us"),
        "Hard Rock": Book("hardrockbet", "Hard Rock Bet", "us2"),
    }
)
"""Books by their name in the dataset; this vendor has no others."""
WITHOUT_PROPS = (Book("mybookieag", "MyBookie.ag", "us"), Book("kalshi", "Kalshi", "us_ex"))
"""Books that list every game and quote nothing of it."""
NO_ACCENTS = frozenset({"fanduel"})


class Prices(NamedTuple):
    """All prices of one book in one market of a game, under one time. outcomes: name, player, American, point."""

    book: Book
    market: str
    updated_us: int
    outcomes: list[tuple[str, str | None, int, float | None]]


class OddsApiOffers:
    """Player props and game lines by game and instant.

    A price that stands at the start goes on in play, refreshed every minute.
    """

    def __init__(self, dataset: LeagueDataset, games: GameBook, people: People) -> None:
        listed = dataset.books.loc[
            (dataset.books["vendor"] == VENDOR) & dataset.books["book_name"].isin(list(BOOKS))
        ]
        self._books = {str(i): BOOKS[n] for i, n in zip(listed["book_id"], listed["book_name"], strict=True)}
        mine = dataset.quotes["vendor"].eq(VENDOR) & dataset.quotes["book_id"].isin(list(self._books))
        board = Board(dataset.quotes.loc[mine & dataset.quotes["market"].isin(list(MARKET_KEYS))], games)
        quotes = board.quotes.assign(since=board.price_since_us)
        self._props = _ByGame(_prop_columns(quotes, self._books, people))
        lines = dataset.game_odds.loc[dataset.game_odds["book_id"].isin(list(self._books))]
        self._lines = _ByGame(_line_columns(lines, self._books))
        self._names = {tri: team_name(team.name) for tri, team in people.teams.items()}

    def teams(self, game: GameState) -> tuple[str, str]:
        """(away, home) by their full names."""
        return self._names[game.away], self._names[game.home]

    def props(self, game: GameState, at: datetime) -> Iterator[Prices]:
        """Prices by book and market, outcomes by player and line."""
        rows, live_us = self._props.standing(game, at)
        for (book, market), group in groupby(rows, lambda r: (r["book"], r["market"])):
            listed = list(group)
            updated = live_us or max(r["since"] for r in listed)
            yield Prices(book, market, updated, [o for row in listed for o in _outcomes(row)])

    def lines(self, game: GameState, at: datetime) -> Iterator[Prices]:
        """Two-way money lines and totals by book."""
        rows, live_us = self._lines.standing(game, at)
        away, home = self.teams(game)
        for row in rows:
            updated = live_us or row["since"]
            sides = [(away, None, row["away"], None), (home, None, row["home"], None)]
            yield Prices(row["book"], "h2h", updated, sides)
            totals = [("Over", None, row["over"], row["total"]), ("Under", None, row["under"], row["total"])]
            yield Prices(row["book"], "totals", updated, totals)


class _ByGame:
    """Rows of a frame by game. Columns game_id, since, from_us and until_us and what else is served."""

    def __init__(self, frame: pd.DataFrame) -> None:
        order = np.argsort(frame["game_id"].to_numpy(), kind="stable")
        self._columns = {name: frame[name].to_numpy()[order] for name in frame.columns}
        self._game_ids = self._columns["game_id"]

    def standing(self, game: GameState, at: datetime) -> tuple[list[dict[str, Any]], int | None]:
        """Rows that stand, and the minute of the last refresh when the game is on."""
        is_on = game.has_started(at)
        at_us = micros(game.start - timedelta(microseconds=1) if is_on else at)
        first, last = np.searchsorted(self._game_ids, [game.game_id, game.game_id + 1])
        columns = {name: values[first:last] for name, values in self._columns.items()}
        stands = (columns["from_us"] <= at_us) & (at_us < columns["until_us"])
        picked = [values[stands].tolist() for values in columns.values()]
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*picked, strict=True)]
        return rows, micros(at.replace(second=0, microsecond=0)) if is_on else None


def team_name(name: str) -> str:
    """As this vendor spells it: accents kept, no dot in St Louis."""
    return name.replace("St. ", "St ")


def _prop_columns(quotes: pd.DataFrame, books: Mapping[str, Book], people: People) -> pd.DataFrame:
    book = quotes["book_id"].astype(str).map(books)
    keys = [book.map(lambda b: b.key), quotes["market"], quotes["line"], quotes["is_alternate"]]
    players = [
        _spelling(person, written, key in NO_ACCENTS, people)
        for person, written, key in zip(quotes["player_id"], quotes["player_name"], keys[0], strict=True)
    ]
    one_sided = quotes["under_american"].isna()
    markets = [
        market_key(market, line, is_alternate=alternate, one_sided=single)
        for market, line, alternate, single in zip(*keys[1:], one_sided, strict=True)
    ]
    frame = pd.DataFrame(
        {
            "game_id": quotes["game_id"],
            "book": book,
            "book_key": keys[0],
            "market": markets,
            "player": players,
            "line": quotes["line"].astype("float64"),
            "over": quotes["over_american"].astype("int64"),
            "under": quotes["under_american"].astype("float64"),
            "since": quotes["since"],
            **_life(quotes),
        }
    )
    return frame.sort_values(["book_key", "market", "player", "line"], kind="stable")


def _line_columns(lines: pd.DataFrame, books: Mapping[str, Book]) -> pd.DataFrame:
    prices = {
        "away": "away_american",
        "home": "home_american",
        "over": "over_american",
        "under": "under_american",
    }
    priced = lines.dropna(subset=["total", *prices.values()])
    life = _life(priced)
    frame = pd.DataFrame(
        {
            "game_id": priced["game_id"],
            "book": priced["book_id"].astype(str).map(books),
            "total": priced["total"].astype("float64"),
            **{name: priced[column].astype("int64") for name, column in prices.items()},
            "since": life["from_us"],
            **life,
        }
    )
    return frame.sort_values("book", kind="stable")


def _life(frame: pd.DataFrame) -> dict[str, Any]:
    instants = {"from_us": frame["seen_from_utc"], "until_us": frame["seen_until_utc"]}
    return {name: series.astype("datetime64[us, UTC]").astype("int64") for name, series in instants.items()}


def market_key(market: str, line: float, *, is_alternate: bool, one_sided: bool) -> str:
    """Under which key a price is listed: a goal at any time, yes only, is a market of its own."""
    if market == Market.GOALS and line == 0.5 and one_sided and not is_alternate:
        return ANYTIME
    return f"{MARKET_KEYS[market]}_alternate" if is_alternate else MARKET_KEYS[market]


def _spelling(player_id: Any, written: str, is_plain: bool, people: People) -> str:
    """The full name; a tag such as (2004) that the board needs stays."""
    name = written
    if not pd.isna(player_id):
        tag = written.partition("(")
        name = " ".join(filter(None, (people.by_id[int(player_id)].full_name, tag[1] + tag[2])))
    return _without_accents(name) if is_plain else name


def _without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def _outcomes(row: Mapping[str, Any]) -> Iterator[tuple[str, str | None, int, float | None]]:
    yes_no = row["market"] == ANYTIME
    point = None if yes_no else row["line"]
    yield "Yes" if yes_no else "Over", row["player"], row["over"], point
    if row["under"] == row["under"]:
        yield "No" if yes_no else "Under", row["player"], int(row["under"]), point
