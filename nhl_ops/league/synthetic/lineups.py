"""Who dresses, in which role, and who is scratched, for every team and game.

A team-game is row 2 * game number for the home team and the next one for the away team.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhl_ops.league.synthetic.people import People
from nhl_ops.league.synthetic.schedule import Schedule

FORWARDS, DEFENCE = 12, 6
DRESSED = FORWARDS + DEFENCE
LATE = DRESSED
"""Column of the player who was expected to dress and is a late scratch; person -1 when there is none."""

LATE_SLOT = 2
LATE_SCRATCH_SHARE = 0.04
INJURY_START, INJURY_END = 0.011, 0.12
FORM_SD, NIGHT_SD = 0.05, 0.15
BACKUP_STARTS, BACKUP_STARTS_TIRED = 0.24, 0.75
ABSENT = -1_000.0


@dataclass(frozen=True)
class Lineups:
    """skaters: person by team-game and slot (forwards by rank, defencemen by rank, the late scratch).
    unit: power-play unit 1 or 2 of each, 0 = none. goalies: starter and backup. scratches: team_game and
    person."""

    skaters: np.ndarray
    unit: np.ndarray
    goalies: np.ndarray
    scratches: pd.DataFrame


def build_lineups(schedule: Schedule, people: People, rng: np.random.Generator) -> Lineups:
    """Line-ups by talent, form, injuries and membership on the day."""
    games = schedule.games
    side = games[["home", "away"]].to_numpy().reshape(-1)
    rested = games[["home_rested", "away_rested"]].to_numpy().reshape(-1)
    days, season = np.repeat(games["day"], 2).to_numpy(), np.repeat(games["season_no"], 2).to_numpy()
    skaters = np.full((len(side), DRESSED + 1), -1)
    goalies = np.empty((len(side), 2), dtype=int)
    scratched = []
    late = rng.random(len(side)) < LATE_SCRATCH_SHARE
    late[2 * int(np.flatnonzero(games["day"] == schedule.seasons[-1].anchor.toordinal())[0])] = True
    for key in range(int(season.max()) + 1):
        for team in np.unique(side):
            rows = np.flatnonzero((side == team) & (season == key))
            scores, members, crew = _scores(people, int(team), key, days[rows], rng)
            chosen = _dress(people.persons["group"].to_numpy()[crew], scores, late[rows])
            skaters[rows] = np.where(chosen < 0, -1, crew[chosen])
            goalies[rows] = crew[_choose_goalies(people, crew, scores, rested[rows], rng)]
            scratched.append(_scratched(people, crew, members, skaters[rows][:, :DRESSED], rows))
    unit = _power_play_units(skaters, people, season)
    return Lineups(skaters, unit, goalies, pd.concat(scratched, ignore_index=True))


def _scores(
    people: People, team: int, season_no: int, days: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coach's ranking (game by person of the crew), membership of the same shape, and the crew."""
    stints = people.stints
    mine = stints[
        (stints["franchise"] == team) & (stints["last_day"] >= days[0]) & (stints["first_day"] <= days[-1])
    ]
    crew = np.unique(mine["person"])
    members = np.zeros((len(days), len(crew)), dtype=bool)
    for stint in mine.itertuples():
        members[:, np.searchsorted(crew, stint.person)] |= (days >= stint.first_day) & (
            days <= stint.last_day
        )
    injured = _injuries(members.shape, rng)
    injured[:, crew == people.rookie] = False
    form = np.cumsum(FORM_SD * rng.normal(size=members.shape), axis=0)
    scores = people.talents.quality[season_no][crew] + form + NIGHT_SD * rng.normal(size=members.shape)
    return scores + ABSENT / 10 * injured + ABSENT * ~members, members, crew


def _injuries(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Spells that start rarely and end after eight games on average."""
    out = np.zeros(shape, dtype=bool)
    luck = rng.random(shape)
    for game in range(1, shape[0]):
        out[game] = np.where(out[game - 1], luck[game] > INJURY_END, luck[game] < INJURY_START)
    return out


def _dress(groups: np.ndarray, scores: np.ndarray, late: np.ndarray) -> np.ndarray:
    """Positions in the crew by slot. With a late scratch everybody below him moves up a slot."""
    out = np.full((len(scores), DRESSED + 1), -1)
    forwards = np.argsort(np.where(groups == "F", -scores, np.inf), axis=1)[:, : FORWARDS + 1]
    defence = np.argsort(np.where(groups == "D", -scores, np.inf), axis=1)[:, :DEFENCE]
    out[:, :FORWARDS] = np.where(
        late[:, None], np.delete(forwards, LATE_SLOT, axis=1), forwards[:, :FORWARDS]
    )
    out[:, FORWARDS:DRESSED] = defence
    out[late, LATE] = forwards[late, LATE_SLOT]
    return out


def _choose_goalies(
    people: People, crew: np.ndarray, scores: np.ndarray, rested: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Starter and backup: the better one by default, the other now and then and mostly on tired legs."""
    is_goalie = people.persons["group"].to_numpy()[crew] == "G"
    pair = np.argsort(np.where(is_goalie, -scores, np.inf), axis=1)[:, :2]
    swap = rng.random(len(scores)) < np.where(rested, BACKUP_STARTS, BACKUP_STARTS_TIRED)
    return np.where(swap[:, None], pair[:, ::-1], pair)


def _scratched(
    people: People, crew: np.ndarray, members: np.ndarray, dressed: np.ndarray, rows: np.ndarray
) -> pd.DataFrame:
    """Skaters on the roster who did not dress."""
    skater = people.persons["group"].to_numpy()[crew] != "G"
    plays = (dressed[:, :, None] == crew).any(axis=1)
    game, person = np.nonzero(members & ~plays & skater)
    return pd.DataFrame({"team_game": rows[game], "person": crew[person]})


def _power_play_units(skaters: np.ndarray, people: People, season: np.ndarray) -> np.ndarray:
    """Four forwards and a defenceman a unit, the best passers and shooters first."""
    talents = people.talents
    rows = season[:, None]
    skill = np.log(talents.assist[rows, skaters]) + 0.5 * np.log(talents.shots[rows, skaters])
    skill += 0.4 * talents.quality[rows, skaters]
    unit = np.zeros(skaters.shape, dtype=int)
    order = np.argsort(-skill[:, :FORWARDS], axis=1)
    np.put_along_axis(unit, order[:, :4], 1, axis=1)
    np.put_along_axis(unit, order[:, 4:8], 2, axis=1)
    order = FORWARDS + np.argsort(-skill[:, FORWARDS:DRESSED], axis=1)
    np.put_along_axis(unit, order[:, :1], 1, axis=1)
    np.put_along_axis(unit, order[:, 1:2], 2, axis=1)
    unit[:, LATE] = 1
    return unit
