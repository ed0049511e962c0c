"""What is known of a game at an instant: its date, its state, and its score once it has ended."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

PREGAME = timedelta(minutes=30)
OFFICIAL_AFTER = timedelta(hours=3)
ALWAYS = datetime.min.replace(tzinfo=UTC)
PLAYED_STATES = frozenset({"OK", "TBD", "COMPLETED"})


@dataclass(frozen=True, slots=True)
class GameState:
    """One row of the dataset's games: what the schedule says from `valid_from` on."""

    game_id: int
    season: int
    game_date: str
    start: datetime
    end: datetime | None
    home: str
    away: str
    home_score: int | None
    away_score: int | None
    last_period_type: str | None
    schedule_state: str
    valid_from: datetime

    @property
    def stands(self) -> bool:
        """The game is to be played on this date: not postponed, suspended or cancelled."""
        return self.schedule_state in PLAYED_STATES

    @property
    def game_type(self) -> int:
        """1 preseason, 2 regular season, 3 playoffs: the third pair of digits of the id."""
        return self.game_id // 10_000 % 100

    def has_ended(self, now: datetime) -> bool:
        return self.stands and self.end is not None and self.end <= now

    def has_started(self, now: datetime) -> bool:
        return self.stands and self.start <= now

    def phase(self, now: datetime) -> str:
        """The NHL's gameState: FUT, PRE half an hour before the start, LIVE, FINAL, and OFF hours later."""
        if self.end is not None and self.has_ended(now):
            return "OFF" if now >= self.end + OFFICIAL_AFTER else "FINAL"
        if self.has_started(now):
            return "LIVE"
        return "PRE" if self.stands and now >= self.start - PREGAME else "FUT"


class GameBook:
    """All games by id and date; of a game with several states the last one that is valid counts."""

    def __init__(self, games: pd.DataFrame) -> None:
        self._states: dict[int, list[GameState]] = defaultdict(list)
        self._by_date: dict[str, list[GameState]] = defaultdict(list)
        for row in games.to_dict("records"):
            self._states[row["game_id"]].append(_state(row))
        for states in self._states.values():
            states.sort(key=lambda s: s.valid_from)
            for state in states:
                self._by_date[state.game_date].append(state)
        for on_date in self._by_date.values():
            on_date.sort(key=lambda s: (s.start, s.game_id))
        ids = sorted(self._states, key=lambda i: (self._states[i][0].game_date, i))
        self.number = {game_id: number for number, game_id in enumerate(ids)}
        self._season_dates = self._dates_by_season()
        self.state_changes = [
            s.valid_from for ss in self._states.values() for s in ss if s.valid_from > ALWAYS
        ]

    def state_of(self, game_id: int, now: datetime) -> GameState | None:
        """The game's state; None for an unknown id and for a game that is not announced yet."""
        states = self._states.get(game_id, [])
        at = bisect_right(states, now, key=lambda s: s.valid_from)
        return states[at - 1] if at else None

    def on(self, game_date: str, now: datetime) -> list[GameState]:
        """Games that stand under this Eastern date, by start."""
        return [s for s in self._by_date.get(game_date, []) if self.state_of(s.game_id, now) is s]

    def played_state(self, game_id: int) -> GameState:
        """The state under which the game was or will be played, whatever the time."""
        return self._states[game_id][-1]

    def season_dates(self, season: int, game_type: int) -> tuple[str, str] | None:
        """First and last date of a season's games of a type; None without any."""
        return self._season_dates.get((season, game_type))

    def _dates_by_season(self) -> dict[tuple[int, int], tuple[str, str]]:
        dates: dict[tuple[int, int], list[str]] = defaultdict(list)
        for states in self._states.values():
            dates[states[-1].season, states[-1].game_type].append(states[-1].game_date)
        return {key: (min(days), max(days)) for key, days in dates.items()}


def _state(row: dict[str, Any]) -> GameState:
    return GameState(
        game_id=row["game_id"],
        season=row["season"],
        game_date=row["game_date"],
        start=row["start_time_utc"].to_pydatetime(),
        end=None if pd.isna(row["end_time_utc"]) else row["end_time_utc"].to_pydatetime(),
        home=row["home"],
        away=row["away"],
        home_score=_integer(row["home_score"]),
        away_score=_integer(row["away_score"]),
        last_period_type=row["last_period_type"],
        schedule_state=row["schedule_state"],
        valid_from=ALWAYS if pd.isna(row["state_from_utc"]) else row["state_from_utc"].to_pydatetime(),
    )


def _integer(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
