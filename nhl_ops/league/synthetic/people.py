"""Who plays in the league: identities, lasting talents and who belongs to which team when."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from nhl_ops.league.synthetic.names import full_names, playnow_name, unabated_name
from nhl_ops.league.synthetic.teams import Franchise

ROSTER_POSITIONS = ("C",) * 5 + ("L",) * 5 + ("R",) * 5 + ("D",) * 8 + ("G",) * 3
GROUP = {"C": "F", "L": "F", "R": "F", "D": "D", "G": "G"}
DRIFT_LOG_SD = 0.07
"""How much a talent changes from one season to the next."""

TEAM_NAMESAKES = ("VAN", "C", "D")
LEAGUE_NAMESAKES = (("CAR", "C"), ("MTL", "D"))
NAMESAKE_QUALITY = 1.2
ROOKIE_QUALITY = 1.4


@dataclass(frozen=True)
class Talents:
    """Rows are seasons, columns people. Rates per hour of ice time at even terms; `shooting` is goals a shot.

    quality ranks teammates for ice time; assist is a weight; save_factor multiplies the shooters' chances.
    """

    quality: np.ndarray
    shots: np.ndarray
    shooting: np.ndarray
    assist: np.ndarray
    blocks: np.ndarray
    hits: np.ndarray
    save_factor: np.ndarray


@dataclass(frozen=True)
class People:
    """persons: a row a person (its index is the person number everywhere in this package) with player_id,
    first_name, last_name, position, group (F, D, G), birth_date, sweater_number, unabated_person_id,
    unabated_name, playnow_name. stints: franchise, person, first_day, last_day (ordinals, both included)."""

    persons: pd.DataFrame
    talents: Talents
    stints: pd.DataFrame
    rookie: int


def make_persons(positions: list[str], born: list[int], rng: np.random.Generator) -> pd.DataFrame:
    """Identities for the given positions and years of birth; NHL-like ids in no order of talent."""
    n = len(positions)
    names = full_names(n, rng)
    ids = 8_470_000 + np.cumsum(rng.integers(1, 14, n))
    days = rng.integers(0, 365, n)
    births = [
        (date(year, 1, 1) + timedelta(days=int(day))).isoformat()
        for year, day in zip(born, days, strict=True)
    ]
    return pd.DataFrame(
        {
            "player_id": rng.permutation(ids),
            "first_name": [first for first, _ in names],
            "last_name": [last for _, last in names],
            "position": positions,
            "group": [GROUP[p] for p in positions],
            "birth_date": births,
            "sweater_number": pd.array(rng.integers(2, 99, n), dtype="Int64"),
            "unabated_person_id": 20_000 + rng.permutation(4 * n)[:n],
        }
    )


def draw_talents(groups: np.ndarray, quality: np.ndarray, seasons: int, rng: np.random.Generator) -> Talents:
    """Log-normal talents around the means of forwards and defencemen, drifting from season to season."""
    forward = groups == "F"
    n = len(groups)

    def talent(f_mean: float, d_mean: float, by_quality: float, log_sd: float) -> np.ndarray:
        base = np.log(np.where(forward, f_mean, d_mean)) + by_quality * quality + log_sd * rng.normal(size=n)
        return np.exp(base + np.cumsum(DRIFT_LOG_SD * rng.normal(size=(seasons, n)), axis=0))

    return Talents(
        quality=quality + np.cumsum(0.25 * rng.normal(size=(seasons, n)), axis=0),
        shots=talent(7.2, 3.8, 0.06, 0.15),
        shooting=talent(0.115, 0.057, 0.05, 0.13),
        assist=talent(1.0, 0.68, 0.14, 0.20),
        blocks=talent(2.1, 3.9, -0.04, 0.20),
        hits=talent(4.6, 3.5, -0.05, 0.48),
        save_factor=np.exp(np.cumsum(0.06 * rng.normal(size=(seasons, n)), axis=0)),
    )


def name_the_namesakes(persons: pd.DataFrame, pairs: list[tuple[int, int]]) -> None:
    """Give the second of each pair the full name of the first."""
    for first, second in pairs:
        for column in ("first_name", "last_name"):
            persons.loc[second, column] = persons.at[first, column]


def spell_for_vendors(persons: pd.DataFrame, tags: dict[int, str]) -> None:
    """Add each vendor's spelling: one of them uses the nickname, not always the same one."""
    names = list(zip(persons["first_name"], persons["last_name"], strict=True))
    short_at_unabated = persons["player_id"] % 2 == 0
    persons["unabated_name"] = [
        unabated_name(first, last, uses_nickname=short)
        for (first, last), short in zip(names, short_at_unabated, strict=True)
    ]
    persons["playnow_name"] = [
        playnow_name(first, last, uses_nickname=not short, tag=tags.get(person, ""))
        for person, ((first, last), short) in enumerate(zip(names, short_at_unabated, strict=True))
    ]


def namesake_tags(
    persons: pd.DataFrame, pairs: list[tuple[int, int]], home: dict[int, Franchise]
) -> dict[int, str]:
    """PlayNow's tag of each namesake: the team, or the position when both are on one team."""
    tags = {}
    for pair in pairs:
        same_team = home[pair[0]] is home[pair[1]]
        for person in pair:
            tags[person] = persons.at[person, "group"] if same_team else home[person].code
    return tags
