"""How much of each statistic a team produces and allows against the league, before the slate.

    factor = (sum w count / league mean + prior_games) / (sum w + prior_games), within [factor_min, factor_max]

with w = 2 ** -(days before the slate / half-life) over the team's games, counts of both teams' skaters summed a
team-game, and the league's mean at the same half-life. SAVES counts shots on goal against all goalies of a team, so
its `for_factor` is the shots that a team takes and its `against_factor` the shots that it allows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhl_ops.contracts.projections import FEATURE_TEAM_FACTORS
from nhl_ops.domain.markets import SKATER_MARKETS, STAT_COLUMN, Market
from nhl_ops.domain.model_constants import ModelConstants
from nhl_ops.transforms.walk_forward import Floats, Wanted, as_changes, decayed

MARKETS = tuple(Market)
SKATER_STATS = [STAT_COLUMN[market] for market in SKATER_MARKETS]
TEAM_STAT = {market: STAT_COLUMN[market] for market in SKATER_MARKETS} | {Market.SAVES: "shots_against"}
GAMES = {market: "skater_games" for market in SKATER_MARKETS} | {Market.SAVES: "goalie_games"}


def team_factors(
    skater_history: pd.DataFrame, goalie_history: pd.DataFrame, games: pd.DataFrame, constants: ModelConstants
) -> pd.DataFrame:
    """FEATURE_TEAM_FACTORS: a row for every game of `games`, team and market.

    skater_history, goalie_history: fact_skater_games and fact_goalie_games, all versions, any dates; games:
    dim_games of any number of slates.
    """
    if games.empty:
        return FEATURE_TEAM_FACTORS.empty_frame()
    asked = pd.concat(
        [games.rename(columns={side: "team"}) for side in ("home_team", "away_team")], ignore_index=True
    )[["game_date", "game_id_nhl", "team", "as_of_ts_utc"]].assign(league=0)
    changes = _team_games(skater_history, goalie_history)
    produced, allowed, league = (
        decayed(changes, entity, asked, asked_entity, _wanted(constants))
        for entity, asked_entity in (("team", "team"), ("opponent", "team"), ("league", "league"))
    )
    frames = [
        asked.assign(
            market=market.value,
            for_factor=_factor(produced, league, market, constants),
            against_factor=_factor(allowed, league, market, constants),
            league_mean=_league_mean(
                league, market, constants.teams[market].league_half_life_days, constants
            ),
        )
        for market in MARKETS
    ]
    return FEATURE_TEAM_FACTORS.conform(pd.concat(frames, ignore_index=True))


def _team_games(skater_history: pd.DataFrame, goalie_history: pd.DataFrame) -> pd.DataFrame:
    """What each team produced a game, as changes; a goalie's shots against are his opponent's product."""
    goalies = goalie_history.rename(columns={"team": "opponent", "opponent": "team"})
    parts = [
        _totals(as_changes(skater_history, SKATER_STATS), SKATER_STATS, "skater_games"),
        _totals(as_changes(goalies, ["shots_against"]), ["shots_against"], "goalie_games"),
    ]
    return pd.concat(parts, ignore_index=True).fillna(
        dict.fromkeys([*TEAM_STAT.values(), *GAMES.values()], 0.0)
    )


def _totals(changes: pd.DataFrame, stats: list[str], games: str) -> pd.DataFrame:
    key = ["known_at_utc", "game_date", "game_id_nhl", "team", "opponent"]
    totals = changes.groupby(key, as_index=False)[stats].sum()
    first = ~totals.duplicated(["game_id_nhl", "team"])
    return totals.assign(**{games: first.astype("float64")}, league=0)


def _wanted(constants: ModelConstants) -> list[Wanted]:
    return [
        (column, half_life)
        for market, values in constants.teams.items()
        for half_life in (values.half_life_days, values.league_half_life_days)
        for column in (TEAM_STAT[market], GAMES[market])
    ]


def _league_mean(
    league: dict[Wanted, Floats], market: Market, half_life: float, constants: ModelConstants
) -> Floats:
    start = constants.league_prior_games
    total = league[TEAM_STAT[market], half_life] + start * constants.teams[market].league_mean
    return np.asarray(total / (league[GAMES[market], half_life] + start))


def _factor(
    team: dict[Wanted, Floats], league: dict[Wanted, Floats], market: Market, constants: ModelConstants
) -> Floats:
    values = constants.teams[market]
    half_life = values.half_life_days
    relative = team[TEAM_STAT[market], half_life] / _league_mean(league, market, half_life, constants)
    factor = (relative + values.prior_games) / (team[GAMES[market], half_life] + values.prior_games)
    return np.clip(factor, constants.factor_min, constants.factor_max)
