"""Which prices of a vendor stand at an instant."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from nhl_ops.league.server.games import GameBook, GameState

FOREVER = np.iinfo("int64").max
KEPT_BOARDS = 4
_OFFER = ["book_id", "game_id", "player_id", "player_name", "market", "line", "is_alternate"]
_PRICES = ["over_american", "under_american", "over_decimal", "under_decimal"]


def micros(instant: datetime) -> int:
    """Microseconds since 1970 of an aware instant."""
    whole = int(instant.astimezone(UTC).replace(microsecond=0).timestamp())
    return whole * 1_000_000 + instant.microsecond


def numbered(keys: pd.DataFrame) -> np.ndarray:
    """The place of each row's key among the sorted distinct keys."""
    return keys.groupby(list(keys.columns), sort=True).ngroup().to_numpy()


class Board:
    """Quotes of one vendor. `quotes` keeps the dataset's rows, `price_since_us` says since when each price is
    the book's, the same price at following scrapes counted as one."""

    def __init__(self, quotes: pd.DataFrame, games: GameBook) -> None:
        self.quotes = quotes.reset_index(drop=True)
        self._games = games
        self._from = _instants_us(self.quotes["seen_from_utc"])
        self._until = _instants_us(self.quotes["seen_until_utc"])
        self._codes, self._game_ids = pd.factorize(self.quotes["game_id"])
        self.price_since_us = self._price_since()
        self._changes = self._change_instants()
        self._built: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def standing(self, now: datetime) -> tuple[np.ndarray, dict[int, GameState]]:
        """Row numbers of the prices that stand, and their games, which are on and have not started."""
        at = micros(now)
        rows = np.flatnonzero((self._from <= at) & (at < self._until))
        codes = self._codes[rows]
        is_open = np.zeros(len(self._game_ids), dtype=bool)
        games = {}
        for code in np.unique(codes):
            game = self._games.state_of(int(self._game_ids[code]), now)
            if game is not None and game.stands and not game.has_started(now):
                is_open[code] = True
                games[game.game_id] = game
        return rows[is_open[codes]], games

    def body(self, form: str, now: datetime, build: Callable[[], bytes]) -> bytes:
        """The bytes that `build` makes, kept until a price or a game of this board changes."""
        key = (form, int(np.searchsorted(self._changes, micros(now), side="right")))
        if key in self._built:
            self._built.move_to_end(key)
            return self._built[key]
        self._built[key] = build()
        if len(self._built) > KEPT_BOARDS:
            self._built.popitem(last=False)
        return self._built[key]

    def _price_since(self) -> np.ndarray:
        """Since when a price stands: equal prices of an offer that follow without a gap are one."""
        keys = [pd.factorize(self.quotes[c])[0] for c in (*_OFFER, *_PRICES)]
        order = np.lexsort([self._from, *keys])
        same = np.ones(len(order), dtype=bool)
        for key in keys:
            same[1:] &= key[order][1:] == key[order][:-1]
        same[1:] &= self._from[order][1:] == self._until[order][:-1]
        same[:1] = False
        first = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
        since = np.empty_like(self._from)
        since[order] = self._from[order][first]
        return since

    def _change_instants(self) -> np.ndarray:
        states = [self._games.played_state(int(g)) for g in self._game_ids]
        starts = [micros(s.start) for s in states]
        changes = [micros(t) for t in self._games.state_changes]
        return np.unique(np.concatenate([self._from, self._until, np.array(starts + changes, dtype="int64")]))


def _instants_us(instants: pd.Series) -> np.ndarray:
    """Microseconds since 1970; null is for ever."""
    values = instants.dt.tz_convert(UTC).dt.tz_localize(None).astype("datetime64[us]")
    return np.where(instants.isna(), FOREVER, values.to_numpy().astype("int64"))
