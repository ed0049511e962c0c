"""One dataset behind one clock: what every route of the server answers from."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.clock import VirtualClock
from nhl_ops.league.server.games import GameBook
from nhl_ops.league.server.nhl import NhlWeb
from nhl_ops.league.server.people import People
from nhl_ops.league.server.playnow import PlayNow
from nhl_ops.league.server.stats_rest import StatsRest
from nhl_ops.league.server.unabated import Unabated


class League:
    """The vendors' halves of a league, each indexed when it is first asked for."""

    def __init__(self, dataset: LeagueDataset, clock: VirtualClock) -> None:
        self.dataset = dataset
        self.clock = clock
        self._capture_times: dict[date, list[datetime]] = {}

    @cached_property
    def games(self) -> GameBook:
        return GameBook(self.dataset.games)

    @cached_property
    def people(self) -> People:
        return People(self.dataset)

    @cached_property
    def nhl(self) -> NhlWeb:
        return NhlWeb(self.dataset, self.games, self.people)

    @cached_property
    def stats(self) -> StatsRest:
        return StatsRest(self.dataset, self.games, self.people)

    @cached_property
    def unabated(self) -> Unabated:
        return Unabated(self.dataset, self.games, self.people)

    @cached_property
    def playnow(self) -> PlayNow:
        return PlayNow(self.dataset, self.games, self.people)

    def capture_times(self, slate: date) -> list[datetime]:
        """The dataset's, worked out once a slate."""
        if slate not in self._capture_times:
            self._capture_times[slate] = self.dataset.capture_times(slate)
        return self._capture_times[slate]

    def figures(self) -> dict[str, Any]:
        """What the league is and holds."""
        frames = ("teams", "players", "games", "skater_games", "goalie_games", "books", "quotes")
        return {
            "name": self.dataset.name,
            "anchor_utc": self.dataset.anchor_utc.isoformat(),
            "first_slate": self.dataset.first_slate.isoformat(),
            "last_slate": self.dataset.last_slate.isoformat(),
            "figures": {name: len(getattr(self.dataset, name)) for name in frames},
        }
