"""The constants of the projection model (config/model.toml): no value has a default, each has a unit."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from nhl_ops.domain.markets import SKATER_MARKETS, Market

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class Constants(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ByPosition(Constants):
    """One value for centres and wings, one for defencemen."""

    forward: float
    defence: float


class IceTime(Constants):
    """Ice time: a fast mean shrunk to a slow mean shrunk to the position's prior.

    `reference_sec` is the position's usual ice time, against which the ice-time exponents of the rates are meant.
    """

    recent_half_life_days: Positive
    recent_prior_games: Positive
    base_half_life_days: Positive
    base_prior_games: Positive
    prior_sec: ByPosition
    reference_sec: ByPosition


class SkaterMarket(Constants):
    """One skater market; see transforms/form.py and transforms/projections.py for the formulas.

    half_life_days, prior_hours: decay of a player's own games, and weight of the prior in hours of ice time.
    league_half_life_days: decay of the league's rate; shorter than half_life_days moves players with the league.
    ice_time_exponent: how the prior rate grows with the projected ice time.
    shots_exponent: how the prior rate grows with the player's shot rate; 0 = not at all.
    calibration, playoff_factor: multipliers of the rate. home_factor: multiplier at home, its inverse away.
    dispersion: alpha of Var = mu + alpha mu^2, given the mean; 0 = Poisson.
    league_rate_per_hour: the league's rate before any history.
    """

    half_life_days: Positive
    league_half_life_days: Positive
    prior_hours: Positive
    ice_time_exponent: ByPosition
    shots_exponent: float
    calibration: ByPosition
    playoff_factor: Positive
    home_factor: Positive
    dispersion: NotNegative
    league_rate_per_hour: ByPosition


class Goalies(Constants):
    """Saves of a starter. `prior_shots` is the weight of the league's save percentage, in shots."""

    half_life_days: Positive
    prior_shots: Positive
    league_save_pct: Annotated[float, Field(gt=0, lt=1)]
    calibration: Positive
    home_factor: Positive
    dispersion: NotNegative


class TeamMarket(Constants):
    """What a team produces and allows in one market (SAVES: shots on goal), a team-game."""

    half_life_days: Positive
    prior_games: Positive
    league_half_life_days: Positive
    league_mean: Positive


class ModelConstants(Constants):
    """All of config/model.toml. `version` goes into every projected row.

    league_prior_hours, league_prior_games: weight of the values "before any history" against the league's own.
    factor_min, factor_max: bounds of every team factor.
    """

    version: Annotated[str, Field(min_length=1)]
    league_prior_hours: Positive
    league_prior_games: Positive
    factor_min: Annotated[float, Field(gt=0, le=1)]
    factor_max: Annotated[float, Field(ge=1)]
    ice_time: IceTime
    skaters: dict[Market, SkaterMarket]
    goalies: Goalies
    teams: dict[Market, TeamMarket]

    @model_validator(mode="after")
    def every_market_has_constants(self) -> Self:
        for section, found, needed in (
            ("skaters", set(self.skaters), set(SKATER_MARKETS)),
            ("teams", set(self.teams), set(Market)),
        ):
            if found != needed:
                raise ValueError(f"[{section}.*] has {sorted(found)}; it needs {sorted(needed)}")
        return self
