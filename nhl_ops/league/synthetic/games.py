"""What happened: shots, goals, passes, overtime and shootouts, blocks and ice time, goalies' nights.

Goals are shots that went in and assists are drawn goal by goal, so that every total agrees with every other.
A draw is broken as often by adding a goal to a team as by taking one away: no mean moves.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhl_ops.league.synthetic.expected import (
    BLOCK_ALPHA,
    FIRST_ASSIST,
    HIT_ALPHA,
    POWER_PLAY_GOAL_SHARE,
    SECOND_ASSIST,
    SKATER_ALPHA,
    TEAM_ALPHA,
    Expected,
    passing_weights,
)
from nhl_ops.league.synthetic.lineups import DRESSED, Lineups

DRAW_BROKEN_SHARE = 0.55
CLOSE_GAME_IN_OVERTIME_SHARE = 0.35
ICE_TIME_SEC, SHIFT_SEC = 17_700.0, 47
PULLED_FROM_GOALS, PULLED_SHARE = 5, 0.30
PULLED_FRACTION = (0.3, 0.7)
"""Share of the game that a pulled starter saw."""


@dataclass(frozen=True)
class Scorers:
    """A row a goal: team_game, scorer (slot), on_power_play, first and second (slots; -1 = none)."""

    team_game: np.ndarray
    scorer: np.ndarray
    on_power_play: np.ndarray
    first: np.ndarray
    second: np.ndarray


@dataclass(frozen=True)
class Played:
    """Counts by team-game and dressed slot, score and last period by game, a row a goalie who dressed."""

    shots: np.ndarray
    goals: np.ndarray
    assists: np.ndarray
    blocks: np.ndarray
    hits: np.ndarray
    power_play_goals: np.ndarray
    power_play_points: np.ndarray
    plus_minus: np.ndarray
    pim: np.ndarray
    toi_sec: np.ndarray
    power_play_toi_sec: np.ndarray
    shifts: np.ndarray
    score: np.ndarray
    last_period: np.ndarray
    goalies: pd.DataFrame


def play(expected: Expected, lineups: Lineups, rng: np.random.Generator) -> Played:
    """Every game once."""
    shots, blocks, hits, night = _counts(expected, rng)
    chance = np.clip(expected.goals[:, :DRESSED] / expected.shots[:, :DRESSED], 0, 0.9)
    goals = rng.binomial(shots, chance)
    _break_draws(goals, shots, rng)
    score, last_period = _results(goals, rng)
    unit = lineups.unit[:, :DRESSED]
    scorers = _draw_scorers(goals, expected.assist_weights, unit, rng)
    power_goals, power_passes = _by_slot(scorers, goals.shape, scorers.on_power_play)
    all_goals, assists = _by_slot(scorers, goals.shape, np.ones(len(scorers.scorer), dtype=bool))
    toi, power_toi = _ice_time(expected, unit, night, last_period, rng)
    even_for = (all_goals + assists) - (power_goals + power_passes)
    return Played(
        shots=shots,
        goals=goals,
        assists=assists,
        blocks=blocks,
        hits=hits,
        power_play_goals=power_goals,
        power_play_points=power_goals + power_passes,
        plus_minus=_plus_minus(even_for, goals, power_goals, toi, rng),
        pim=2 * rng.poisson(0.25, goals.shape),
        toi_sec=toi,
        power_play_toi_sec=power_toi,
        shifts=np.maximum(1, (toi / SHIFT_SEC + 1.5 * rng.normal(size=toi.shape)).round()).astype(int),
        score=score,
        last_period=last_period,
        goalies=_goalies(shots, goals, score, last_period, rng),
    )


def _gamma(alpha: float, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Multipliers of mean 1 and variance alpha."""
    return rng.gamma(1 / alpha, alpha, shape)


def _counts(
    expected: Expected, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Shots, blocks and hits, and the skater's night, which his ice time follows."""
    shape = (len(expected.shots), DRESSED)
    night = _gamma(SKATER_ALPHA, shape, rng)
    team = _gamma(TEAM_ALPHA, (shape[0], 1), rng)
    shots = rng.poisson(expected.shots[:, :DRESSED] * night * team)
    blocks = rng.poisson(expected.blocks[:, :DRESSED] * _gamma(BLOCK_ALPHA, shape, rng))
    hits = rng.poisson(expected.hits[:, :DRESSED] * _gamma(HIT_ALPHA, shape, rng))
    return shots, blocks, hits, night


def _break_draws(goals: np.ndarray, shots: np.ndarray, rng: np.random.Generator) -> None:
    """Turn about half of the draws into one-goal games, in place: a save becomes a goal or a goal a save."""
    totals = goals.sum(axis=1).reshape(-1, 2)
    drawn = np.flatnonzero((totals[:, 0] == totals[:, 1]) & (rng.random(len(totals)) < DRAW_BROKEN_SHARE))
    add = (rng.random(len(drawn)) < 0.5) | (totals[drawn, 0] == 0)
    rows = 2 * drawn + (rng.random(len(drawn)) < 0.5)
    room = np.where(add[:, None], np.sqrt(goals[rows] + 0.3) * (shots[rows] - goals[rows]), goals[rows])
    slot = np.argmax(room / rng.exponential(size=room.shape), axis=1)
    possible = room.sum(axis=1) > 0
    goals[rows[possible], slot[possible]] += np.where(add, 1, -1)[possible]


def _results(goals: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Final scores (game by side) and the last period; a draw goes to the shootout, whose winner gets one."""
    score = goals.sum(axis=1).reshape(-1, 2).copy()
    gap = np.abs(score[:, 0] - score[:, 1])
    overtime = (gap == 1) & (rng.random(len(score)) < CLOSE_GAME_IN_OVERTIME_SHARE)
    last_period = np.where(gap == 0, "SO", np.where(overtime, "OT", "REG"))
    shootouts = np.flatnonzero(gap == 0)
    score[shootouts, (rng.random(len(shootouts)) < 0.5).astype(int)] += 1
    return score, last_period


def _draw_scorers(
    goals: np.ndarray, weights: np.ndarray, unit: np.ndarray, rng: np.random.Generator
) -> Scorers:
    """Expand goals and draw up to two different passers for each."""
    row, slot = np.nonzero(goals)
    times = goals[row, slot]
    team_game, scorer = np.repeat(row, times), np.repeat(slot, times)
    on_power_play = rng.random(len(scorer)) < POWER_PLAY_GOAL_SHARE[unit[team_game, scorer]]
    chance = passing_weights(weights[team_game], unit[team_game], scorer, on_power_play)
    order = np.argsort(-chance / rng.exponential(size=chance.shape), axis=1)
    luck = rng.random(len(scorer))
    first = np.where(luck < FIRST_ASSIST, order[:, 0], -1)
    second = np.where(luck < SECOND_ASSIST, order[:, 1], -1)
    return Scorers(team_game, scorer, on_power_play, first, second)


def _by_slot(scorers: Scorers, shape: tuple[int, ...], which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Goals and assists by team-game and slot, of the chosen goals."""
    goals, assists = np.zeros(shape, dtype=int), np.zeros(shape, dtype=int)
    np.add.at(goals, (scorers.team_game[which], scorers.scorer[which]), 1)
    for passer in (scorers.first, scorers.second):
        there = which & (passer >= 0)
        np.add.at(assists, (scorers.team_game[there], passer[there]), 1)
    return goals, assists


def _ice_time(
    expected: Expected, unit: np.ndarray, night: np.ndarray, last_period: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Seconds on the ice, in all and on the power play. Five skaters share the game, three the overtime."""
    planned = (
        expected.toi_sec[:, :DRESSED] * (1 + 0.25 * (night - 1)) * np.exp(0.06 * rng.normal(size=night.shape))
    )
    overtime = np.repeat(np.where(last_period == "SO", 900, np.where(last_period == "OT", 450, 0)), 2)
    budget = ICE_TIME_SEC + overtime - rng.uniform(0, 600, len(planned))
    toi = planned * (budget / planned.sum(axis=1))[:, None]
    advantage = rng.gamma(4, 75, len(planned))[:, None]
    share = np.array([0.01, 0.58, 0.36])[unit] * np.exp(0.15 * rng.normal(size=unit.shape))
    return toi.round().astype(int), np.minimum(advantage * share, 0.6 * toi).round().astype(int)


def _plus_minus(
    on_for: np.ndarray, goals: np.ndarray, power_goals: np.ndarray, toi: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Even-strength goals for and against that the skater was on the ice for; who had a point was."""
    even = (goals - power_goals).sum(axis=1)
    against = even.reshape(-1, 2)[:, ::-1].reshape(-1)
    share = np.clip(toi / 3600, 0, 0.6)
    others = np.maximum(even[:, None] - on_for, 0)
    return on_for + rng.binomial(others, 0.7 * share) - rng.binomial(against[:, None], share)


def _goalies(
    shots: np.ndarray, goals: np.ndarray, score: np.ndarray, last_period: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Starter (goalie 0) and backup (1) of each team-game, with what they faced and their decision."""
    against = _opposite(goals.sum(axis=1))
    saves = _opposite(shots.sum(axis=1)) - against
    pulled = (against >= PULLED_FROM_GOALS) & (rng.random(len(against)) < PULLED_SHARE)
    part = np.where(pulled, rng.uniform(*PULLED_FRACTION, len(against)), 1.0)
    first_saves = np.where(pulled, rng.binomial(saves, part), saves)
    first_goals = np.where(pulled, np.maximum(against - 1 - rng.binomial(2, 0.4, len(against)), 3), against)
    length = 3600 + np.repeat(np.where(last_period == "SO", 300, np.where(last_period == "OT", 150, 0)), 2)
    first_toi = np.where(pulled, (length * part).round(), length).astype(int)
    own, other = score.reshape(-1), _opposite(score.reshape(-1))
    beyond = np.repeat(last_period != "REG", 2)
    result = np.where(own > other, "W", np.where(beyond, "O", "L"))
    in_goal = np.where(pulled & (own > other), 1, 0)
    frames = []
    for number, (made, let_in, toi) in enumerate(
        [
            (first_saves, first_goals, first_toi),
            (saves - first_saves, against - first_goals, length - first_toi),
        ]
    ):
        frames.append(
            pd.DataFrame(
                {
                    "team_game": np.arange(len(against)),
                    "goalie": number,
                    "shots_against": made + let_in,
                    "saves": made,
                    "goals_against": let_in,
                    "toi_sec": toi,
                    "decision": np.where(in_goal == number, result, None),
                }
            )
        )
    return pd.concat(frames, ignore_index=True).sort_values(["team_game", "goalie"], ignore_index=True)


def _opposite(by_team_game: np.ndarray) -> np.ndarray:
    return by_team_game.reshape(-1, 2)[:, ::-1].reshape(-1)
