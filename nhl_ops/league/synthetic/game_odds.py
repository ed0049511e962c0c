"""Moneylines and totals of the priced games, from the same means as everything else."""

from datetime import date, datetime

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from nhl_ops.league.dataset import GAME_ODDS_COLUMNS
from nhl_ops.league.synthetic.books import BOOKS, UNABATED, Book, american_price, with_margin
from nhl_ops.league.synthetic.expected import TEAM_ALPHA, Expected
from nhl_ops.league.synthetic.lineups import DRESSED
from nhl_ops.league.synthetic.probabilities import count_pmf, over_table, sum_pmf

TOP_GOALS = 16
TOTALS = (5.5, 6.5)
HOLD = 0.045
CHANGE_AT = 2
"""Price time at which the opening line gives way to the closing one."""


def build_game_odds(
    numbers: np.ndarray,
    games: pd.DataFrame,
    expected: Expected,
    times: dict[date, list[datetime]],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Opening and closing line of every Unabated sportsbook for the given game numbers."""
    home = count_pmf(expected.goals[2 * numbers, :DRESSED].sum(axis=1), TEAM_ALPHA, TOP_GOALS)
    away = count_pmf(expected.goals[2 * numbers + 1, :DRESSED].sum(axis=1), TEAM_ALPHA, TOP_GOALS)
    home_wins = (home * np.cumsum(away, axis=1)).sum(axis=1) - 0.5 * (home * away).sum(axis=1)
    overs = over_table(sum_pmf(home, away))[:, [int(t) for t in TOTALS]]
    main = np.argmin(np.abs(overs - 0.5), axis=1)
    prob_over = overs[np.arange(len(numbers)), main]
    start = games["start_time_utc"].iloc[numbers].reset_index(drop=True)
    at = [times[date.fromordinal(day)] for day in games["day"].iloc[numbers]]
    opening = pd.Series([t[0] for t in at], dtype="datetime64[us, UTC]")
    change = pd.Series([t[CHANGE_AT] for t in at], dtype="datetime64[us, UTC]")
    change = change.where(change < start, start)
    frames = []
    for book in (b for b in BOOKS if b.vendor == UNABATED and b.is_sportsbook):
        for seen_from, seen_until in ((opening, change), (change, start)):
            frames.append(
                pd.DataFrame(
                    {
                        "game_id": games["game_id"].to_numpy()[numbers],
                        "book_id": book.book_id,
                        **_pair(("home_american", "away_american"), home_wins, book, rng),
                        "total": np.array(TOTALS)[main],
                        **_pair(("over_american", "under_american"), prob_over, book, rng),
                        "seen_from_utc": seen_from,
                        "seen_until_utc": seen_until,
                    }
                )
            )
    out = pd.concat(frames, ignore_index=True)
    return out[out["seen_from_utc"] < out["seen_until_utc"]].reset_index(drop=True)[GAME_ODDS_COLUMNS]


def _pair(
    names: tuple[str, str], prob: np.ndarray, book: Book, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    believed = expit(logit(prob) + book.noise * rng.normal(size=len(prob)))
    sides = with_margin(believed, np.full(len(prob), HOLD))
    step = np.array(book.step)
    return {name: american_price(side, step).astype("int64") for name, side in zip(names, sides, strict=True)}
