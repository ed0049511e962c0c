"""How people come to teams: first rosters, summer moves and retirements, trades, a rookie tonight."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from nhl_ops.league.synthetic.people import (
    GROUP,
    LEAGUE_NAMESAKES,
    NAMESAKE_QUALITY,
    ROOKIE_QUALITY,
    ROSTER_POSITIONS,
    TEAM_NAMESAKES,
    People,
    draw_talents,
    make_persons,
    name_the_namesakes,
    namesake_tags,
    spell_for_vendors,
)
from nhl_ops.league.synthetic.schedule import Schedule
from nhl_ops.league.synthetic.teams import Franchise

CAMP_DAYS = 12
SUMMER_MOVE_SHARE = 0.12
RETIREMENT_SHARE = 0.08
TRADES_PER_TEAM = 0.35


@dataclass
class Roster:
    """The membership book while it is being written. `members` maps a team to its people now."""

    positions: list[str] = field(default_factory=list)
    born: list[int] = field(default_factory=list)
    members: list[list[int]] = field(default_factory=list)
    since: dict[int, int] = field(default_factory=dict)
    stints: list[tuple[int, int, int, int]] = field(default_factory=list)
    fixed: set[int] = field(default_factory=set)

    def new_person(self, position: str, born: int) -> int:
        self.positions.append(position)
        self.born.append(born)
        return len(self.positions) - 1

    def join(self, team: int, person: int, day: int) -> None:
        self.members[team].append(person)
        self.since[person] = day

    def leave(self, team: int, person: int, last_day: int) -> None:
        self.members[team].remove(person)
        self.stints.append((team, person, self.since.pop(person), last_day))

    def swap(self, teams: tuple[int, int], people: tuple[int, int], day: int) -> None:
        """Both change teams; `day` is their first with the new one."""
        for team, person in zip(teams, people, strict=True):
            self.leave(team, person, day - 1)
        for team, person in zip(teams, people[::-1], strict=True):
            self.join(team, person, day)


def build_people(schedule: Schedule, franchises: tuple[Franchise, ...], rng: np.random.Generator) -> People:
    """All people of the league's seasons with their talents and stints."""
    book = Roster(members=[[] for _ in franchises])
    first_days = schedule.games.groupby("season_no")["day"].min() - CAMP_DAYS
    year = schedule.seasons[-1].anchor.year
    for team in range(len(franchises)):
        for position in ROSTER_POSITIONS:
            book.join(team, book.new_person(position, year - int(rng.integers(19, 37))), first_days.iloc[0])
    pairs = _choose_namesakes(book, franchises)
    for season in schedule.seasons:
        if season.number:
            _summer(book, first_days.iloc[season.number], year, rng)
        _trades(book, schedule.games, season.number, season.anchor, rng)
    last_day = int(schedule.games["day"].max())
    rookie = _rookie_tonight(book, schedule, year)
    for team, members in enumerate(book.members):
        for person in list(members):
            book.leave(team, person, last_day + 1)
    return _finish(
        book, franchises, rng, pairs=pairs, rookie=rookie, seasons=len(schedule.seasons), last_day=last_day
    )


def _choose_namesakes(book: Roster, franchises: tuple[Franchise, ...]) -> list[tuple[int, int]]:
    """A pair on one team with different positions and a pair on two teams; neither is ever traded."""
    codes = [f.code for f in franchises]

    def member(code: str, position: str) -> int:
        return next(p for p in book.members[codes.index(code)] if book.positions[p] == position)

    code, first, second = TEAM_NAMESAKES
    pairs = [(member(code, first), member(code, second))]
    pairs.append((member(*LEAGUE_NAMESAKES[0]), member(*LEAGUE_NAMESAKES[1])))
    book.fixed |= {person for pair in pairs for person in pair}
    return pairs


def _summer(book: Roster, day: int, year: int, rng: np.random.Generator) -> None:
    """Some retire and are replaced by newcomers; some change places with a player of the same position."""
    movers: dict[str, list[tuple[int, int]]] = {}
    for team, members in enumerate(book.members):
        for person in list(members):
            fate = rng.random()
            position = book.positions[person]
            if person in book.fixed:
                continue
            if fate < RETIREMENT_SHARE:
                book.leave(team, person, day - 1)
                book.join(team, book.new_person(position, year - int(rng.integers(19, 23))), day)
            elif fate < RETIREMENT_SHARE + SUMMER_MOVE_SHARE:
                movers.setdefault(position, []).append((team, person))
    for moving in movers.values():
        for (team_a, a), (team_b, b) in zip(moving[::2], moving[1::2], strict=False):
            if team_a != team_b:
                book.swap((team_a, team_b), (a, b), day)


def _trades(
    book: Roster, games: pd.DataFrame, season_no: int, anchor: date, rng: np.random.Generator
) -> None:
    """Two teams exchange players of one position on a day between the season's start and its anchor."""
    start = int(games.loc[games["season_no"] == season_no, "day"].min())
    count = max(2, round(TRADES_PER_TEAM * len(book.members)))
    for day in np.sort(rng.integers(start + 5, anchor.toordinal() - 1, count)):
        team_a, team_b = (int(t) for t in rng.choice(len(book.members), 2, replace=False))
        position = str(rng.choice(["C", "L", "R", "D"]))
        offered = [
            [p for p in book.members[t] if book.positions[p] == position and p not in book.fixed]
            for t in (team_a, team_b)
        ]
        a, b = (int(rng.choice(people)) for people in offered)
        if book.since[a] < day and book.since[b] < day:
            book.swap((team_a, team_b), (a, b), int(day))


def _rookie_tonight(book: Roster, schedule: Schedule, year: int) -> int:
    """A centre called up for the anchor's second game: he has no game before it."""
    anchor = schedule.seasons[-1].anchor.toordinal()
    tonight = schedule.games[schedule.games["day"] == anchor]
    rookie = book.new_person("C", year - 19)
    book.join(int(tonight.iloc[1]["home"]), rookie, anchor)
    return rookie


def _finish(
    book: Roster,
    franchises: tuple[Franchise, ...],
    rng: np.random.Generator,
    *,
    pairs: list[tuple[int, int]],
    rookie: int,
    seasons: int,
    last_day: int,
) -> People:
    """Identities and talents for everyone in the book."""
    stints = pd.DataFrame(book.stints, columns=["franchise", "person", "first_day", "last_day"])
    persons = make_persons(book.positions, book.born, rng)
    persons.loc[rookie, ["sweater_number", "birth_date"]] = [pd.NA, None]
    name_the_namesakes(persons, pairs)
    home = {int(row.person): franchises[row.franchise] for row in stints.itertuples()}
    spell_for_vendors(persons, namesake_tags(persons, pairs, home))
    quality = rng.normal(size=len(persons))
    quality[sorted(book.fixed)] = NAMESAKE_QUALITY
    quality[rookie] = ROOKIE_QUALITY
    groups = np.array([GROUP[p] for p in book.positions])
    talents = draw_talents(groups, quality, seasons, rng)
    stints["is_open"] = stints["last_day"] > last_day
    return People(
        persons, talents, stints.sort_values(["first_day", "franchise", "person"], kind="stable"), rookie
    )
