"""What Unabated's board holds at an instant: events, people, and every book's line on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from nhl_ops.domain.markets import Market
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.board import Board, numbered
from nhl_ops.league.server.games import GameBook, GameState
from nhl_ops.league.server.people import People

VENDOR = "UNABATED"
LEAGUE_ID = 6
BET_TYPES = {
    Market.ASSISTS: (70, "Assists"),
    Market.POINTS: (73, "Points"),
    Market.SOG: (86, "Shots on Goal"),
    Market.BLOCKS: (88, "Blocked Shots"),
    Market.GOALS: (129, "Goals"),
    Market.SAVES: (150, "Saves"),
}
"""150 is this league's own: Unabated's id for saves is not established, and `/bettype` names it."""

EVENT_BASE, TEAM_BASE, MARKET_BASE = 104_000, 720, 55_000_000
BOOKS_A_MARKET = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """A book's main line of one offer. `number` tells it from all others; `alternates` are line, over, under.

    since_us is when its price was first seen, `modified` the same as 2026-01-08T19:02:11.123 (UTC).
    """

    number: int
    book_id: int
    points: float
    over: int
    under: int | None
    since_us: int
    modified: str
    alternates: tuple[tuple[float, int, int | None], ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A game as Unabated has it; start is UTC without a zone, side 0 the away team, side 1 the home team."""

    event_id: int
    start: str
    name: str
    team_ids: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Offer:
    """All books' lines on one person, event and bet type."""

    event: Event
    person_id: int
    position: str | None
    team_id: int | None
    bet_type: int
    market_id: int
    lines: list[Line]


class UnabatedOffers:
    """The board's contents by instant, under ids that are Unabated's own and never change."""

    def __init__(self, dataset: LeagueDataset, games: GameBook, people: People) -> None:
        mine = (dataset.quotes["vendor"] == VENDOR) & dataset.quotes["market"].isin(list(BET_TYPES))
        self.board = Board(dataset.quotes.loc[mine], games)
        quotes = self.board.quotes
        self._games, self._people = games, people
        self.team_ids = {tri: TEAM_BASE + n for n, tri in enumerate(sorted(people.teams))}
        event_ids = EVENT_BASE + quotes["game_id"].map(games.number).to_numpy(dtype="int64")
        bet_types = quotes["market"].map({m: number for m, (number, _) in BET_TYPES.items()})
        person_ids = _person_ids(quotes, dataset.people_ids)
        keys = pd.DataFrame({"event": event_ids, "person": person_ids, "bet_type": bet_types})
        book_ids = quotes["book_id"].astype("int64")
        self._columns = {
            "market_id": MARKET_BASE + numbered(keys),
            "book_number": pd.factorize(book_ids, sort=True)[0],
            "book_id": book_ids.to_numpy(),
            "line": quotes["line"].to_numpy(),
            "over": quotes["over_american"].to_numpy(dtype="int64"),
            "under": quotes["under_american"].to_numpy(dtype="float64", na_value=np.nan),
            "is_alternate": quotes["is_alternate"].to_numpy(),
            "since": self.board.price_since_us,
            "game_id": quotes["game_id"].to_numpy(),
            "person_id": person_ids,
            "bet_type": bet_types.to_numpy(dtype="int64"),
            "team": quotes["player_team"].to_numpy(dtype="object"),
        }
        self.folk = _folk(quotes, person_ids, people)

    def standing(self, now: datetime) -> list[Offer]:
        """Everything that stands, by event, person and bet type."""
        rows, games = self.board.standing(now)
        events = {game_id: self._event(game) for game_id, game in games.items()}
        picked = {name: column[rows] for name, column in self._columns.items()}
        order = np.lexsort([picked[c] for c in ("line", "is_alternate", "book_number", "market_id")])
        instants = picked["since"].astype("datetime64[us]").astype("datetime64[ms]")
        picked["modified"] = np.datetime_as_string(instants)
        names = list(picked)
        records = (
            dict(zip(names, row, strict=True))
            for row in zip(*[column[order].tolist() for column in picked.values()], strict=True)
        )
        return [self._offer(events, list(group)) for _, group in groupby(records, lambda r: r["market_id"])]

    def _offer(self, events: dict[int, Event], records: list[dict[str, Any]]) -> Offer:
        first = records[0]
        team = next((r["team"] for r in records if isinstance(r["team"], str)), None)
        return Offer(
            event=events[first["game_id"]],
            person_id=first["person_id"],
            position=self.folk[first["person_id"]]["position"],
            team_id=None if team is None else self.team_ids[team],
            bet_type=first["bet_type"],
            market_id=first["market_id"],
            lines=list(_lines(records)),
        )

    def _event(self, game: GameState) -> Event:
        """Its name is "Stars Dallas DAL @ Hurricanes Carolina CAR"."""
        teams = [self._people.teams[tri] for tri in (game.away, game.home)]
        return Event(
            event_id=EVENT_BASE + self._games.number[game.game_id],
            start=f"{game.start:%Y-%m-%dT%H:%M:%S}",
            name=" @ ".join(f"{t.common} {t.place} {t.tri}" for t in teams),
            team_ids=(self.team_ids[game.away], self.team_ids[game.home]),
        )


def _lines(records: list[dict[str, Any]]) -> Iterator[Line]:
    """A line a book. The main line is two-sided and no alternate where there is one."""
    for _, group in groupby(records, lambda r: r["book_number"]):
        prices = sorted(group, key=lambda r: (r["under"] != r["under"], r["is_alternate"]))
        main = prices[0]
        yield Line(
            number=main["market_id"] * BOOKS_A_MARKET + main["book_number"],
            book_id=main["book_id"],
            points=main["line"],
            over=main["over"],
            under=_price(main["under"]),
            since_us=main["since"],
            modified=main["modified"],
            alternates=tuple((r["line"], r["over"], _price(r["under"])) for r in prices[1:]),
        )


def _price(american: float) -> int | None:
    return None if np.isnan(american) else int(american)


def _person_ids(quotes: pd.DataFrame, people_ids: pd.DataFrame) -> np.ndarray:
    """The vendor's id of each quote's player: by player id, else by the name as written."""
    ids = people_ids.set_index("player_key")["unabated_person_id"]
    by_player = quotes["player_id"].astype("string").map(ids)
    found = by_player.fillna(quotes["player_name"].map(ids))
    if found.isna().any():
        missing = sorted(quotes.loc[found.isna(), "player_name"].unique())
        raise KeyError(f"people_ids lacks an Unabated id for {missing[:5]} ({len(missing)} in all)")
    return found.to_numpy(dtype="int64")


def _folk(quotes: pd.DataFrame, person_ids: np.ndarray, people: People) -> dict[int, dict[str, Any]]:
    """People as the board lists them, by id. The name is the one written on the quotes; position and birth
    date are those of the player behind it, null when nobody knows or the record names two different ones."""
    faces = quotes[["player_name", "player_id"]].assign(person_id=person_ids).drop_duplicates()
    names = dict(zip(faces["person_id"].tolist(), faces["player_name"].tolist(), strict=True))
    players = faces.dropna(subset=["player_id"]).groupby("person_id")["player_id"].agg(list).to_dict()
    folk = {}
    for person_id, name in names.items():
        behind = [people.by_id[player_id] for player_id in players.get(person_id, [])]
        first, _, last = name.partition(" ")
        folk[person_id] = {
            "id": person_id,
            "firstName": first,
            "lastName": last,
            "position": _agreed({p.position for p in behind}),
            "jerseyNumber": None,
            "birthDate": _agreed({p.birth_date for p in behind}),
            "leagueId": LEAGUE_ID,
            "headshotUrl": None,
        }
    return folk


def _agreed(values: set[str | None]) -> str | None:
    return next(iter(values)) if len(values) == 1 else None
