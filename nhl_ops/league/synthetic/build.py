"""One seed and one anchor date in, one whole league out."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
import pandas as pd

from nhl_ops.domain.slates import eastern, season_of
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.synthetic import frames
from nhl_ops.league.synthetic.books import books_frame
from nhl_ops.league.synthetic.calendar import Season
from nhl_ops.league.synthetic.expected import Expected, expect
from nhl_ops.league.synthetic.game_odds import build_game_odds
from nhl_ops.league.synthetic.games import Played, play
from nhl_ops.league.synthetic.lineups import Lineups, build_lineups
from nhl_ops.league.synthetic.offers import build_offers
from nhl_ops.league.synthetic.people import People
from nhl_ops.league.synthetic.quotes import build_quotes, price_times
from nhl_ops.league.synthetic.rosters import build_people
from nhl_ops.league.synthetic.schedule import Schedule, build_schedule
from nhl_ops.league.synthetic.teams import Franchise, choose_franchises, teams_frame

ANCHOR_TIME_ET = (17, 30)
HORIZON = timedelta(days=21)
ANCHOR_SHARE_OF_SEASON = 45 / 82
YEAR = timedelta(weeks=52)
UNPRICED_FROM_END = 4
"""The fourth slate from the end of the priced window has games and no odds."""


class Stream(IntEnum):
    """One random stream a subject, so that a change in one leaves the others as they were."""

    SCHEDULE = 0
    PEOPLE = 1
    LINEUPS = 2
    CONTEXT = 3
    GAMES = 4
    PRICE_TIMES = 5
    OFFERS = 6
    GAME_ODDS = 7


@dataclass(frozen=True)
class World:
    """The league before it is put into frames. `codes` is the tri-code of each team-game."""

    franchises: tuple[Franchise, ...]
    schedule: Schedule
    people: People
    lineups: Lineups
    expected: Expected
    played: Played
    codes: np.ndarray


def build_synthetic(
    seed: int,
    anchor: date,
    *,
    n_teams: int = 32,
    priced_slates: int = 90,
    priced_ahead: int = 3,
    games_per_team: int = 82,
    seasons: int = 2,
) -> LeagueDataset:
    """The league of a seed as it stands around the anchor, the same for the same arguments.

    The season is laid around the anchor, whatever its date: a game day at 45/82 of `games_per_team`. Seasons
    are named by the league year of their anchor (`season_of`), earlier ones by the years before, so that game
    ids (first year, 02, number) agree with the anchor's season; a date of a season that straddles July may
    name another one. Played are `seasons` - 1 whole seasons and the current one up to three weeks after the
    anchor, results of those weeks included. Prices: the last `priced_slates` slates with games up to the
    anchor (one of them unpriced, when there are four) and `priced_ahead` after it.
    Raises ValueError for arguments that give no league.
    """
    _check(
        priced_slates=priced_slates, priced_ahead=priced_ahead, games_per_team=games_per_team, seasons=seasons
    )
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(len(Stream))]
    world = _play_the_league(streams, anchor, n_teams, games_per_team, seasons)
    prices = _price_the_slates(
        streams, world, priced_days(world.schedule, anchor, priced_slates, priced_ahead)
    )
    days = world.schedule.game_days()
    return LeagueDataset(
        name=f"synthetic-{seed}-{anchor.isoformat()}",
        anchor_utc=eastern(anchor, *ANCHOR_TIME_ET),
        first_slate=days[0],
        last_slate=days[-1],
        **_result_frames(world, seasons),
        **prices,
    )


def priced_days(schedule: Schedule, anchor: date, behind: int, ahead: int) -> list[date]:
    """Slates that carry odds."""
    days = schedule.game_days()
    past = [day for day in days if day <= anchor][-behind:]
    if len(past) >= UNPRICED_FROM_END:
        del past[-UNPRICED_FROM_END]
    return past + [day for day in days if day > anchor][:ahead]


def _play_the_league(
    streams: list[np.random.Generator], anchor: date, n_teams: int, games_per_team: int, seasons: int
) -> World:
    franchises = choose_franchises(n_teams)
    schedule = build_schedule(
        _seasons(anchor, seasons),
        franchises,
        streams[Stream.SCHEDULE],
        games_per_team=games_per_team,
        anchor_game=round(games_per_team * ANCHOR_SHARE_OF_SEASON),
        horizon=anchor + HORIZON,
    )
    people = build_people(schedule, franchises, streams[Stream.PEOPLE])
    lineups = build_lineups(schedule, people, streams[Stream.LINEUPS])
    expected = expect(schedule, people, lineups, streams[Stream.CONTEXT])
    played = play(expected, lineups, streams[Stream.GAMES])
    codes = frames.team_codes(schedule, franchises)
    return World(franchises, schedule, people, lineups, expected, played, codes)


def _price_the_slates(
    streams: list[np.random.Generator], world: World, slates: list[date]
) -> dict[str, pd.DataFrame]:
    """The frames quotes, oracle and game_odds."""
    games = world.schedule.games
    times = price_times(slates, streams[Stream.PRICE_TIMES])
    numbers = np.flatnonzero(games["day"].isin([day.toordinal() for day in slates]))
    team_games = np.sort(np.concatenate([2 * numbers, 2 * numbers + 1]))
    rookie = world.people.rookie
    offers = build_offers(team_games, world.lineups, world.expected, rookie, streams[Stream.OFFERS])
    quotes, oracle = build_quotes(offers, games, world.codes, world.people, times)
    odds = build_game_odds(numbers, games, world.expected, times, streams[Stream.GAME_ODDS])
    return {"quotes": quotes, "oracle": oracle, "game_odds": odds}


def _result_frames(world: World, seasons: int) -> dict[str, pd.DataFrame]:
    """Every frame that has no price in it."""
    schedule, people, lineups = inner = world.schedule, world.people, world.lineups
    return {
        "teams": teams_frame(world.franchises, seasons),
        "players": frames.players_frame(people),
        "rosters": frames.rosters_frame(schedule, people, world.franchises),
        "games": frames.games_frame(schedule, world.played, world.codes),
        "skater_games": frames.skater_games_frame(*inner, world.played, world.codes),
        "goalie_games": frames.goalie_games_frame(*inner, world.played, world.codes),
        "scratches": frames.scratches_frame(schedule, people, lineups, world.codes),
        "books": books_frame(),
        "people_ids": frames.people_ids_frame(people),
    }


def _seasons(anchor: date, count: int) -> list[Season]:
    """The anchor's season last; each earlier one has its own anchor 52 weeks before, on the same weekday."""
    current = season_of(anchor)
    return [
        Season(number, current - 10_001 * back, anchor - back * YEAR)
        for number, back in enumerate(range(count - 1, -1, -1))
    ]


def _check(**given: int) -> None:
    least = {"priced_slates": 1, "priced_ahead": 0, "games_per_team": 20, "seasons": 1}
    for name, value in given.items():
        if value < least[name]:
            raise ValueError(f"{name} is {value}; give at least {least[name]}")
