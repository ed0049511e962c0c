"""The oracle: true probabilities of every line, from the generating means of a player who plays."""

import numpy as np

from nhl_ops.domain.markets import Market
from nhl_ops.league.synthetic.expected import BLOCK_ALPHA, SHOT_ALPHA, TEAM_ALPHA, Expected
from nhl_ops.league.synthetic.games import PULLED_FRACTION, PULLED_FROM_GOALS, PULLED_SHARE

SKATER_TOP, SAVES_TOP = 8, 60
"""Largest counts that are told apart."""


def count_pmf(mean: np.ndarray, alpha: np.ndarray | float, top: int) -> np.ndarray:
    """P(X = 0..top) of negative binomials with Var = mean + alpha mean^2 (alpha > 0); shape (n, top + 1)."""
    size = 1 / np.broadcast_to(alpha, mean.shape)
    spread = mean / size
    out = np.empty((len(mean), top + 1))
    out[:, 0] = (1 + spread) ** -size
    for k in range(top):
        out[:, k + 1] = out[:, k] * (k + size) / (k + 1) * spread / (1 + spread)
    return out


def over_table(pmf: np.ndarray) -> np.ndarray:
    """Column k is P(X > k + 0.5)."""
    return np.clip(1 - np.cumsum(pmf, axis=1), 0, 1)


def sum_pmf(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Distribution of the sum of two independent counts, row by row, cut at the same top."""
    out = np.zeros_like(one)
    for k in range(one.shape[1]):
        out[:, k:] += one[:, k : k + 1] * other[:, : other.shape[1] - k]
    return out


def skater_tables(expected: Expected, cells: tuple[np.ndarray, np.ndarray]) -> dict[Market, np.ndarray]:
    """`over_table` of each skater market for the given cells (team-games and slots)."""
    goals = count_pmf(expected.goals[cells], SHOT_ALPHA, SKATER_TOP)
    assists = count_pmf(expected.assists[cells], TEAM_ALPHA, SKATER_TOP)
    pmfs = {
        Market.SOG: count_pmf(expected.shots[cells], SHOT_ALPHA, SKATER_TOP),
        Market.POINTS: sum_pmf(goals, assists),
        Market.ASSISTS: assists,
        Market.GOALS: goals,
        Market.BLOCKS: count_pmf(expected.blocks[cells], BLOCK_ALPHA, SKATER_TOP),
    }
    return {market: over_table(pmf) for market, pmf in pmfs.items()}


def saves_table(expected: Expected, team_games: np.ndarray) -> np.ndarray:
    """`over_table` of the starter's saves, the chance to be pulled included."""
    mean, alpha = expected.saves[team_games], expected.saves_alpha[team_games]
    goals = over_table(count_pmf(expected.goals_against[team_games], TEAM_ALPHA, PULLED_FROM_GOALS))
    pulled = PULLED_SHARE * goals[:, PULLED_FROM_GOALS - 1 : PULLED_FROM_GOALS]
    whole = over_table(count_pmf(mean, alpha, SAVES_TOP))
    parts = [
        over_table(count_pmf(mean * part, alpha, SAVES_TOP)) for part in np.linspace(*PULLED_FRACTION, 5)
    ]
    return (1 - pulled) * whole + pulled * np.mean(parts, axis=0)
