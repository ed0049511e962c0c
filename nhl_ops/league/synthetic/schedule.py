"""The league's games as facts of a schedule: ids, days, starts, rest, and one game that was postponed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from nhl_ops.domain.slates import eastern
from nhl_ops.league.synthetic.calendar import Fixture, Season, fixtures
from nhl_ops.league.synthetic.teams import Franchise

REGULAR_SEASON = "02"
MATINEES = {5: (0.25, time(13, 0)), 6: (0.35, time(15, 0))}
"""Weekday -> share of afternoon games and their Eastern start."""


@dataclass(frozen=True)
class Postponement:
    """A game put off. It stands on `first_day` as PPD and, from `rescheduled_utc` on, on its later day."""

    game_id: int
    first_day: date
    first_start_utc: datetime
    rescheduled_utc: datetime


@dataclass(frozen=True)
class Schedule:
    """games: a row a game in order of play with game_id, season, season_no, day (ordinal of the day it is
    played on), home, away (franchise indices), home_rested, away_rested (did not play the day before),
    start_time_utc. Its index is the game number."""

    seasons: list[Season]
    games: pd.DataFrame
    postponement: Postponement | None

    def game_days(self) -> list[date]:
        return [date.fromordinal(day) for day in sorted(self.games["day"].unique())]


def build_schedule(
    seasons: list[Season],
    franchises: tuple[Franchise, ...],
    rng: np.random.Generator,
    *,
    games_per_team: int,
    anchor_game: int,
    horizon: date,
) -> Schedule:
    """All games up to the horizon. `anchor_game` is the one that teams play on a season's anchor."""
    frames = []
    for season in seasons:
        games = fixtures(season, len(franchises), games_per_team, anchor_game, rng)
        frames.append(_frame([g for g in games if g.day <= horizon], season))
    games = pd.concat(frames, ignore_index=True)
    anchor = seasons[-1].anchor
    postponed, later_day = _choose_postponed(games, anchor)
    postponement = None
    starts = [
        _start(franchises[home], date.fromordinal(day), anchor, share)
        for home, day, share in zip(games["home"], games["day"], rng.random(len(games)), strict=True)
    ]
    if postponed is not None:
        first_day = date.fromordinal(games.at[postponed, "day"])
        postponement = Postponement(
            int(games.at[postponed, "game_id"]),
            first_day,
            starts[postponed],
            eastern(first_day + timedelta(days=1), 15),
        )
        games.loc[postponed, "day"] = later_day
        host = franchises[games.at[postponed, "home"]]
        starts[postponed] = eastern(date.fromordinal(later_day), *host.evening_et)
    games["start_time_utc"] = pd.Series(starts, dtype="datetime64[us, UTC]")
    return Schedule(seasons, _with_rest(games), postponement)


def _frame(games: list[Fixture], season: Season) -> pd.DataFrame:
    first_year = season.season // 10_000
    return pd.DataFrame(
        {
            "game_id": [int(f"{first_year}{REGULAR_SEASON}{n:04d}") for n in range(1, len(games) + 1)],
            "season": season.season,
            "season_no": season.number,
            "day": [g.day.toordinal() for g in games],
            "home": [g.home for g in games],
            "away": [g.away for g in games],
        }
    )


def _start(home: Franchise, day: date, anchor: date, share: float) -> datetime:
    """Evening in the home team's zone, some weekend afternoons; the anchor's games are all at night."""
    matinee, at = MATINEES.get(day.weekday(), (0.0, time(0)))
    if day != anchor and share < matinee:
        return eastern(day, at.hour, at.minute)
    return eastern(day, *home.evening_et)


def _choose_postponed(games: pd.DataFrame, anchor: date) -> tuple[int | None, int]:
    """A game of the last two weeks and the first later day before the anchor on which both teams are free."""
    last = anchor.toordinal()
    days = games["day"].to_numpy()
    off = {last - gap for gap in range(1, 15)} - set(days.tolist())
    for number in games.index[(days >= last - 14) & (days <= last - 5)][::-1]:
        teams = games.loc[number, ["home", "away"]].tolist()
        mine = games["home"].isin(teams) | games["away"].isin(teams)
        busy = set(games.loc[mine & (games.index != number), "day"])
        for day in range(int(games.at[number, "day"]) + 2, last):
            if day not in busy and day not in off and not {day - 1, day + 1} <= busy:
                return int(number), day
    return None, 0


def _with_rest(games: pd.DataFrame) -> pd.DataFrame:
    """Flags of teams that did not play the day before, and the order of play as the index."""
    games = games.sort_values(["start_time_utc", "game_id"], kind="stable")
    sides = pd.concat([games["home"], games["away"]])
    played = set(zip(sides, pd.concat([games["day"], games["day"]]), strict=True))
    for side in ("home", "away"):
        pairs = zip(games[side], games["day"] - 1, strict=True)
        games[f"{side}_rested"] = np.array([pair not in played for pair in pairs])
    return games.reset_index(drop=True)
