"""Projected mean and dispersion of every player and market, given that he plays (a goalie: that he starts).

Skaters:  mean_base = rate_per_hour * toi_sec_mean / 3600
          mean      = mean_base * opponent's against_factor * home_factor
Saves:    mean_base = league_mean * own team's against_factor * save_pct * calibration
          mean      = mean_base * opponent's for_factor * home_factor

home_factor is the market's constant at home and its inverse away. The distribution is Poisson where the market's
dispersion alpha is 0, else the negative binomial with Var = mu + alpha mu^2; alpha was estimated given the mean. For
saves mean and alpha are those of the negative binomial that fits the lines best: starts that end early (5 to 7 in
100) make the low tail heavier than the family has it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhl_ops.contracts.projections import PROJECTION_GOALIE_MARKETS, PROJECTION_SKATER_MARKETS
from nhl_ops.domain.distributions import distribution_of
from nhl_ops.domain.markets import SKATER_MARKETS, Market
from nhl_ops.domain.model_constants import ModelConstants
from nhl_ops.transforms.walk_forward import Floats

PLAYER = ["game_date", "game_id_nhl", "player_id_nhl"]
FACTOR = ["game_date", "game_id_nhl", "team", "market"]
SEC_PER_HOUR = 3600.0


def project_skaters(
    form: pd.DataFrame, factors: pd.DataFrame, players: pd.DataFrame, constants: ModelConstants
) -> pd.DataFrame:
    """PROJECTION_SKATER_MARKETS from feature_skater_form, feature_team_factors and dim_players of the same slates.

    Raises ValueError when a player's game has no team factors or his form has no player.
    """
    rows = _with_player(form, players)
    against = _factor_of(rows, factors, "opponent", "against_factor")
    home = _home(rows, {m.value: constants.skaters[m].home_factor for m in SKATER_MARKETS})
    base = (rows["rate_per_hour"] * rows["toi_sec_mean"] / SEC_PER_HOUR).to_numpy()
    dispersion = {m.value: constants.skaters[m].dispersion for m in SKATER_MARKETS}
    projected = _projected(rows, base, against, home, dispersion, constants)
    return PROJECTION_SKATER_MARKETS.conform(projected)


def project_goalies(
    form: pd.DataFrame, factors: pd.DataFrame, players: pd.DataFrame, constants: ModelConstants
) -> pd.DataFrame:
    """PROJECTION_GOALIE_MARKETS (saves, if he starts) from feature_goalie_form, the factors and dim_players.

    Raises ValueError when a goalie's game has no team factors or his form has no player.
    """
    rows = _with_player(form, players).assign(market=Market.SAVES.value, toi_sec_mean=np.nan)
    goalies = constants.goalies
    shots_allowed = _factor_of(rows, factors, "team", "against_factor")
    league_shots = _factor_of(rows, factors, "team", "league_mean")
    base = league_shots * shots_allowed * rows["save_pct"].to_numpy() * goalies.calibration
    opponent = _factor_of(rows, factors, "opponent", "for_factor")
    home = _home(rows, {Market.SAVES.value: goalies.home_factor})
    projected = _projected(rows, base, opponent, home, {Market.SAVES.value: goalies.dispersion}, constants)
    return PROJECTION_GOALIE_MARKETS.conform(projected)


def _with_player(form: pd.DataFrame, players: pd.DataFrame) -> pd.DataFrame:
    rows = form.merge(
        players[[*PLAYER, "team", "opponent", "is_home"]], how="left", on=PLAYER, validate="m:1"
    )
    if rows["team"].isna().any():
        missing = rows.loc[rows["team"].isna(), PLAYER].drop_duplicates().head(5).to_numpy().tolist()
        raise ValueError(
            f"feature form has (slate, game, player) {missing} that dim_players lacks; compute both of one run"
        )
    return rows


def _factor_of(rows: pd.DataFrame, factors: pd.DataFrame, side: str, column: str) -> Floats:
    """One column of the factors for the team in `side` (team or opponent), a value a row."""
    wanted = rows[["game_date", "game_id_nhl", side, "market"]].rename(columns={side: "team"})
    values = wanted.merge(factors[[*FACTOR, column]], how="left", on=FACTOR, validate="m:1")[column]
    if values.isna().any():
        missing = wanted[values.isna().to_numpy()].drop_duplicates().head(5).to_numpy().tolist()
        raise ValueError(
            f"feature_team_factors lacks (slate, game, team, market) {missing}; compute it for these games first"
        )
    return values.to_numpy(np.float64)


def _home(rows: pd.DataFrame, factor_by_market: dict[str, float]) -> Floats:
    factor = rows["market"].map(factor_by_market).to_numpy(np.float64)
    return np.where(rows["is_home"].to_numpy(bool), factor, 1.0 / factor)


def _projected(
    rows: pd.DataFrame,
    base: Floats,
    opponent: Floats,
    home: Floats,
    dispersion: dict[str, float],
    constants: ModelConstants,
) -> pd.DataFrame:
    family = {market: distribution_of(alpha).value for market, alpha in dispersion.items()}
    return rows.assign(
        mean=base * opponent * home,
        mean_base=base,
        opponent_factor=opponent,
        home_factor=home,
        distribution=rows["market"].map(family),
        dispersion=rows["market"].map(dispersion),
        is_fallback=rows["weight_sum"] == 0.0,
        model_version=constants.version,
    )
