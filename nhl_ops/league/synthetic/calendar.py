"""Which team meets which on which day: a season laid so that the anchor is a game day near its middle."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

GAMES_BY_WEEKDAY = np.array([6.0, 11.0, 4.0, 11.0, 5.0, 12.0, 5.0])
"""League games of a 32-team Monday to Sunday."""

ANCHOR_GAMES = 8
OFF_DAY_BEFORE_ANCHOR = 4
HOLIDAYS_BEFORE_ANCHOR = (21, 22, 23)
PAUSE_AFTER_ANCHOR = (24, 25, 26, 27, 28, 29)
BACK_TO_BACK_REFUSED = 0.55


@dataclass(frozen=True)
class Season:
    """A season of the league. `season` is the NHL id; `number` counts from 0."""

    number: int
    season: int
    anchor: date


@dataclass(frozen=True)
class Fixture:
    """Home and away are indices of franchises."""

    day: date
    home: int
    away: int


def fixtures(
    season: Season, n_teams: int, games_per_team: int, anchor_game: int, rng: np.random.Generator
) -> list[Fixture]:
    """Every game of the season in the order of its days.

    Each team plays `games_per_team` games, at most one a day and hardly ever three days in a row, and has
    played about `anchor_game` of them on the season's anchor. The anchor carries `ANCHOR_GAMES` games (all
    teams in a small league), the fourth day before it none.
    """
    queue = _pairings(n_teams, games_per_team, rng)
    offset = _first_offset(season, n_teams, round((anchor_game - 0.5) * n_teams / 2), rng.random(400))
    played: list[set[int]] = [set(), set(), set()]
    home_games = np.zeros(n_teams, dtype=int)
    out: list[Fixture] = []
    rounding = rng.random(1_000)
    for number, share in enumerate(rounding):
        if not queue:
            break
        day = season.anchor + timedelta(days=offset + number)
        wanted = _capacity(season, day, n_teams, share)
        today = _play_day(queue, wanted, n_teams, played, rng, exactly=day == season.anchor)
        for a, b in today:
            home, away = (a, b) if home_games[a] <= home_games[b] else (b, a)
            home_games[home] += 1
            out.append(Fixture(day, home, away))
        played = [*played[1:], {team for pair in today for team in pair}]
    return out


def _pairings(n_teams: int, games_per_team: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Perfect matchings one after another: everyone meets everyone before anyone meets again."""
    rounds: list[list[tuple[int, int]]] = []
    while len(rounds) < games_per_team:
        circle = rng.permutation(n_teams)
        cycle = []
        for turn in range(n_teams - 1):
            ring = np.concatenate([circle[:1], np.roll(circle[1:], turn)])
            cycle.append([(int(ring[i]), int(ring[-1 - i])) for i in range(n_teams // 2)])
        rounds += [cycle[i] for i in rng.permutation(len(cycle))]
    return [pair for matching in rounds[:games_per_team] for pair in matching]


def _capacity(season: Season, day: date, n_teams: int, share: float) -> int:
    """Games wanted on a day; `share` (0..1) rounds the fraction in a small league's quota by chance."""
    gap = (day - season.anchor).days
    if gap == 0:
        return min(ANCHOR_GAMES, n_teams // 2)
    if -gap in (OFF_DAY_BEFORE_ANCHOR, *HOLIDAYS_BEFORE_ANCHOR) or gap in PAUSE_AFTER_ANCHOR:
        return 0
    return int(GAMES_BY_WEEKDAY[day.weekday()] * n_teams / 32 + share)


def _first_offset(season: Season, n_teams: int, games_before: int, rounding: np.ndarray) -> int:
    """The day, counted from the anchor, to start on so that about `games_before` games precede the anchor."""
    offset, games = 0, 0
    while games < games_before:
        offset -= 1
        day = season.anchor + timedelta(days=offset)
        games += _capacity(season, day, n_teams, rounding[-offset % len(rounding)])
    return offset


def _play_day(
    queue: list[tuple[int, int]],
    wanted: int,
    n_teams: int,
    played: list[set[int]],
    rng: np.random.Generator,
    *,
    exactly: bool,
) -> list[tuple[int, int]]:
    """Take today's games off the queue in its order: back-to-backs now and then, a third day in a row never.

    `exactly` looks down the whole queue and takes tired teams too, the last, until the number is met.
    """
    today: list[tuple[int, int]] = []
    busy: set[int] = set()
    tired = played[-1] & played[-2]
    window = sorted(queue, key=lambda pair: bool(set(pair) & tired)) if exactly else queue[: 2 * n_teams]
    for pair in window:
        if len(today) == wanted:
            break
        teams = set(pair)
        if teams & busy:
            continue
        if not exactly and (teams & tired or (teams & played[-1] and rng.random() < BACK_TO_BACK_REFUSED)):
            continue
        today.append(pair)
        busy |= teams
    for pair in today:
        queue.remove(pair)
    return today
