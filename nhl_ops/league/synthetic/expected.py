"""The generating means of every player in every game: what the oracle knows and the books only guess."""

from dataclasses import dataclass

import numpy as np

from nhl_ops.league.synthetic.lineups import DRESSED, FORWARDS, LATE, LATE_SLOT, Lineups
from nhl_ops.league.synthetic.people import People
from nhl_ops.league.synthetic.schedule import Schedule

MEAN_SHOTS, MEAN_GOALS, MEAN_BLOCKS, MEAN_HITS = 1.6, 0.167, 0.8, 1.2
"""League means a skater-game; assists follow from the goals."""

FIRST_ASSIST, SECOND_ASSIST = 0.95, 0.80
TEAM_ALPHA, SKATER_ALPHA, BLOCK_ALPHA, HIT_ALPHA = 0.03, 0.03, 0.126, 0.25
"""Extra-Poisson dispersion (Var = mu + alpha mu^2): a team's night, a skater's night."""

SHOT_ALPHA = (1 + TEAM_ALPHA) * (1 + SKATER_ALPHA) - 1

SLOT_TOI_SEC = np.array(
    [
        1190,
        1160,
        1130,
        1040,
        1010,
        980,
        860,
        830,
        800,
        650,
        620,
        590,
        1440,
        1380,
        1240,
        1190,
        1040,
        990,
        1130,
    ],
    dtype=float,
)
UNIT_SHOTS = np.array([0.97, 1.13, 1.04])
UNIT_SHOOTING = np.array([0.98, 1.05, 1.0])
POWER_PLAY_GOAL_SHARE = np.array([0.02, 0.34, 0.20])
HOME_EDGE, TIRED_OWN, TIRED_OPPONENT = 1.02, 0.96, 1.03
TEAM_LOG_SD = 0.05


@dataclass(frozen=True)
class Expected:
    """Means by team-game and slot, the late scratch in the last column (NaN when there is none).

    goals is the mean before assists are drawn; `assist_weights` is what a passer's chance is proportional to.
    saves and goals_against are means of the team-game's own goalie, `saves_alpha` his dispersion.
    """

    toi_sec: np.ndarray
    shots: np.ndarray
    goals: np.ndarray
    assists: np.ndarray
    blocks: np.ndarray
    hits: np.ndarray
    assist_weights: np.ndarray
    saves: np.ndarray
    goals_against: np.ndarray
    saves_alpha: np.ndarray


def line_mates() -> np.ndarray:
    """How much likelier a team-mate passes to a scorer (row) when they share a line or pair."""
    slots = np.arange(DRESSED)
    line = np.where(slots < FORWARDS, slots // 3, 10 + (slots - FORWARDS) // 2)
    factor = np.where(line[:, None] == line[None, :], 2.5, 1.0)
    np.fill_diagonal(factor, 0.0)
    return factor


def passing_weights(
    weights: np.ndarray, unit: np.ndarray, scorer: np.ndarray, on_power_play: np.ndarray
) -> np.ndarray:
    """Chance weights of the 18 dressed to assist, a row a goal.

    weights, unit: (n, 18) of the scorer's team. scorer: (n,) slot. on_power_play: (n,) bool.
    """
    even = line_mates()[scorer]
    scorer_unit = np.take_along_axis(unit, scorer[:, None], axis=1)
    together = (unit == scorer_unit) & (unit > 0) | (scorer_unit == 0) & (unit == 1)
    power = np.where(together, 1.0, 0.03) * (np.arange(DRESSED) != scorer[:, None])
    return weights * np.where(on_power_play[:, None], power, even)


def expect(schedule: Schedule, people: People, lineups: Lineups, rng: np.random.Generator) -> Expected:
    """Means from talent, role, opponent, goalie, home ice and rest, scaled to the league's level."""
    games, persons = schedule.games, lineups.skaters
    season = np.repeat(games["season_no"].to_numpy(), 2)[:, None]
    talents = people.talents
    toi = np.broadcast_to(SLOT_TOI_SEC, persons.shape) * (
        1 + 0.03 * np.clip(talents.quality[season, persons], -2, 2)
    )
    toi = np.where(persons < 0, np.nan, toi)
    for_shots, for_blocks = _context(schedule, rng)
    shots = talents.shots[season, persons] * toi * UNIT_SHOTS[lineups.unit] * for_shots[:, None]
    shots *= MEAN_SHOTS / shots[:, :DRESSED].mean()
    save_factor = _opponents(talents.save_factor[season[:, 0], lineups.goalies[:, 0]])
    goals = shots * talents.shooting[season, persons] * UNIT_SHOOTING[lineups.unit] * save_factor[:, None]
    goals *= MEAN_GOALS / goals[:, :DRESSED].mean()
    blocks = talents.blocks[season, persons] * toi * for_blocks[:, None]
    hits = talents.hits[season, persons] * toi
    weights = talents.assist[season, persons] * toi
    misses = shots - goals
    saves = _opponents(misses[:, :DRESSED].sum(axis=1))
    spread = _opponents((misses[:, :DRESSED] ** 2).sum(axis=1))
    return Expected(
        toi_sec=toi,
        shots=shots,
        goals=goals,
        assists=_expected_assists(goals, weights, lineups.unit),
        blocks=blocks * MEAN_BLOCKS / blocks[:, :DRESSED].mean(),
        hits=hits * MEAN_HITS / hits[:, :DRESSED].mean(),
        assist_weights=weights[:, :DRESSED],
        saves=saves,
        goals_against=_opponents(goals[:, :DRESSED].sum(axis=1)),
        saves_alpha=TEAM_ALPHA + (1 + TEAM_ALPHA) * SKATER_ALPHA * spread / saves**2,
    )


def _opponents(by_team_game: np.ndarray) -> np.ndarray:
    """The other side's value."""
    return by_team_game.reshape(-1, 2)[:, ::-1].reshape(-1)


def _context(schedule: Schedule, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Factors on a team-game's shots and on its blocks: opponent, home ice, rest of both sides."""
    games = schedule.games
    side = games[["home", "away"]].to_numpy().reshape(-1)
    season = np.repeat(games["season_no"].to_numpy(), 2)
    n_teams = int(side.max()) + 1
    allows, attacks = np.exp(np.cumsum(TEAM_LOG_SD * rng.normal(size=(2, season.max() + 1, n_teams)), axis=1))
    tired = ~games[["home_rested", "away_rested"]].to_numpy().reshape(-1)
    home = np.tile([HOME_EDGE, 1 / HOME_EDGE], len(games))
    shots = attacks[season, side] * _opponents(allows[season, side]) * home
    shots *= np.where(tired, TIRED_OWN, 1.0) * np.where(_opponents(tired), TIRED_OPPONENT, 1.0)
    return shots, _opponents(shots)


def _expected_assists(goals: np.ndarray, weights: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Sum over the team's scorers of goals times the chance to be one of the two passers."""
    out = np.zeros(goals.shape)
    for scorer in range(DRESSED):
        slots = np.full(len(goals), scorer)
        on_power_play = POWER_PLAY_GOAL_SHARE[unit[:, scorer]]
        for power, share in ((False, 1 - on_power_play), (True, on_power_play)):
            chance = passing_weights(
                weights[:, :DRESSED], unit[:, :DRESSED], slots, np.full(len(goals), power)
            )
            chance /= chance.sum(axis=1, keepdims=True)
            odds = chance / (1 - chance)
            included = FIRST_ASSIST * chance + SECOND_ASSIST * (
                chance * odds.sum(axis=1, keepdims=True) - chance * odds
            )
            out[:, :DRESSED] += (goals[:, scorer] * share)[:, None] * included
    relative = weights[:, LATE] / weights[:, LATE_SLOT]
    out[:, LATE] = out[:, LATE_SLOT] * relative
    return out
