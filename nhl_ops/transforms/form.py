"""Form of each skater and goalie before the slate: shrunk, exponentially weighted ice time and rates.

Weights w_j = 2 ** -(days before the slate / half-life), over games before the slate that were known at as-of.

Ice time (seconds), in two steps, since roles change faster than a season and one game says little:

    base   = (sum w toi + base_prior_games * prior) / (sum w + base_prior_games)              slow half-life
    toi    = (sum w toi + recent_prior_games * base) / (sum w + recent_prior_games)           fast half-life

Rate per 60 minutes of market m, apart from ice time:

    level  = league rate now / league rate over the player's own window     (by position; 1 if both half-lives agree)
    prior  = league rate now * (toi / reference) ** ice_time_exponent * (shot rate / its prior) ** shots_exponent
    rate   = (level * sum w count + prior_hours * prior) / (sum w hours + prior_hours)
    rate_per_hour = rate * calibration * (playoff_factor in playoff games)

Without history this is the prior: a newcomer's ice time (below the position's mean) and the rate that goes with it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nhl_ops.contracts.projections import FEATURE_GOALIE_FORM, FEATURE_SKATER_FORM
from nhl_ops.domain.markets import SKATER_MARKETS, STAT_COLUMN, Market
from nhl_ops.domain.model_constants import ByPosition, ModelConstants
from nhl_ops.transforms.walk_forward import ALL_GAMES, Floats, Wanted, as_changes, decayed

Sums = dict[Wanted, Floats]

SEC_PER_HOUR = 3600.0
KEY = ["game_date", "game_id_nhl", "player_id_nhl", "as_of_ts_utc"]
STATS = [STAT_COLUMN[market] for market in SKATER_MARKETS]


def skater_form(history: pd.DataFrame, players: pd.DataFrame, constants: ModelConstants) -> pd.DataFrame:
    """FEATURE_SKATER_FORM for every skater of `players`, one row a market.

    history: fact_skater_games, all versions, any dates; players: dim_players of any number of slates.
    """
    skaters = players[players["position"] != "G"].reset_index(drop=True)
    if skaters.empty:
        return FEATURE_SKATER_FORM.empty_frame()
    changes = as_changes(history, [*STATS, "toi_sec"])
    changes["is_defence"] = (changes["position"] == "D").astype("int64")
    skaters["is_defence"] = (skaters["position"] == "D").astype("int64")
    own = decayed(changes, "player_id_nhl", skaters, "player_id_nhl", _wanted_of_players(constants))
    league = _league_sums(changes, skaters, constants)
    toi = _ice_time(own, skaters, constants)
    rates = _rates(own, league, toi, skaters, constants)
    games = np.rint(own["appearance", ALL_GAMES]).astype(np.int64)
    frames = [
        skaters[KEY].assign(
            market=market.value,
            games_played=games,
            toi_sec_mean=toi,
            rate_per_hour=rates[market],
            weight_sum=own["appearance", constants.skaters[market].half_life_days],
        )
        for market in SKATER_MARKETS
    ]
    return FEATURE_SKATER_FORM.conform(pd.concat(frames, ignore_index=True))


def goalie_form(history: pd.DataFrame, players: pd.DataFrame, constants: ModelConstants) -> pd.DataFrame:
    """FEATURE_GOALIE_FORM for every goalie of `players`: save_pct shrunk to the league's by `prior_shots`.

    history: fact_goalie_games, all versions; players: dim_players of any number of slates.
    """
    goalies = players[players["position"] == "G"].reset_index(drop=True)
    if goalies.empty:
        return FEATURE_GOALIE_FORM.empty_frame()
    columns = ["saves", "shots_against", "starts"]
    changes = as_changes(history.assign(starts=history["is_starter"].astype("float64")), columns).assign(
        league=0
    )
    half_life = constants.goalies.half_life_days
    weighted = [(column, half_life) for column in ("saves", "shots_against", "appearance")]
    own = decayed(changes, "player_id_nhl", goalies, "player_id_nhl", [*weighted, ("starts", ALL_GAMES)])
    moments, moment = _distinct(goalies.assign(league=0), ["game_date", "as_of_ts_utc", "league"])
    totals = changes.groupby(["league", "game_date", "known_at_utc"], as_index=False)[columns[:2]].sum()
    league = decayed(totals, "league", moments, "league", weighted[:2])
    start = constants.goalies.prior_shots
    league_pct = (league["saves", half_life] + start * constants.goalies.league_save_pct) / (
        league["shots_against", half_life] + start
    )
    save_pct = (own["saves", half_life] + start * league_pct[moment]) / (
        own["shots_against", half_life] + start
    )
    form = goalies[KEY].assign(
        games_played=np.rint(own["starts", ALL_GAMES]).astype(np.int64),
        save_pct=np.clip(save_pct, 0.0, 1.0),
        weight_sum=own["appearance", half_life],
    )
    return FEATURE_GOALIE_FORM.conform(form)


def is_playoff_game(game_id_nhl: pd.Series[int]) -> NDArray[np.bool_]:
    """NHL game ids are YYYYTTNNNN; TT = 03 is a playoff game."""
    return np.asarray(game_id_nhl.to_numpy(np.int64) // 10_000 % 100 == 3)


def _wanted_of_players(constants: ModelConstants) -> list[Wanted]:
    ice = constants.ice_time
    wanted: list[Wanted] = [("appearance", ALL_GAMES)]
    for half_life in (ice.recent_half_life_days, ice.base_half_life_days):
        wanted += [("toi_sec", half_life), ("appearance", half_life)]
    for market, values in constants.skaters.items():
        wanted += [(c, values.half_life_days) for c in (STAT_COLUMN[market], "toi_sec", "appearance")]
    return wanted


def _league_sums(changes: pd.DataFrame, skaters: pd.DataFrame, constants: ModelConstants) -> Sums:
    """Decayed league totals of each skater's position group, a value a skater row."""
    totals = changes.groupby(["is_defence", "game_date", "known_at_utc"], as_index=False)[
        [*STATS, "toi_sec"]
    ].sum()
    wanted = [
        (column, half_life)
        for market, values in constants.skaters.items()
        for half_life in (values.half_life_days, values.league_half_life_days)
        for column in (STAT_COLUMN[market], "toi_sec")
    ]
    moments, moment = _distinct(skaters, ["game_date", "as_of_ts_utc", "is_defence"])
    sums = decayed(totals, "is_defence", moments, "is_defence", wanted)
    return {want: values[moment] for want, values in sums.items()}


def _distinct(frame: pd.DataFrame, columns: list[str]) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Distinct rows of the columns, and for each row of the frame the position of its own."""
    group = frame.groupby(columns, sort=False).ngroup().to_numpy().astype(np.int64)
    return frame.loc[~frame.duplicated(columns), columns].reset_index(drop=True), group


def _ice_time(own: Sums, skaters: pd.DataFrame, constants: ModelConstants) -> Floats:
    ice = constants.ice_time
    base_seconds, base_games = (
        own["toi_sec", ice.base_half_life_days],
        own["appearance", ice.base_half_life_days],
    )
    base = base_seconds + ice.base_prior_games * _by_position(ice.prior_sec, skaters)
    base /= base_games + ice.base_prior_games
    recent = own["toi_sec", ice.recent_half_life_days] + ice.recent_prior_games * base
    return np.asarray(recent / (own["appearance", ice.recent_half_life_days] + ice.recent_prior_games))


def _rates(
    own: Sums, league: Sums, toi: Floats, skaters: pd.DataFrame, constants: ModelConstants
) -> dict[Market, Floats]:
    """Rate per hour of every market. Shots come first: the priors of the others look at them."""
    playoffs = is_playoff_game(skaters["game_id_nhl"])
    role = toi / _by_position(constants.ice_time.reference_sec, skaters)
    shot_ratio = np.ones(len(skaters))
    rates: dict[Market, Floats] = {}
    for market in sorted(SKATER_MARKETS, key=lambda m: m is not Market.SOG):
        values = constants.skaters[market]
        now, window = (
            _league_rate(league, market, half_life, skaters, constants)
            for half_life in (values.league_half_life_days, values.half_life_days)
        )
        exponent = _by_position(values.ice_time_exponent, skaters)
        prior = now * role**exponent * shot_ratio**values.shots_exponent
        count = own[STAT_COLUMN[market], values.half_life_days] * now / window
        hours = own["toi_sec", values.half_life_days] / SEC_PER_HOUR
        rate = (count + values.prior_hours * prior) / (hours + values.prior_hours)
        if market is Market.SOG:
            shot_ratio = rate / prior
        season = np.where(playoffs, values.playoff_factor, 1.0)
        rates[market] = rate * _by_position(values.calibration, skaters) * season
    return rates


def _league_rate(
    league: Sums, market: Market, half_life: float, skaters: pd.DataFrame, constants: ModelConstants
) -> Floats:
    start = constants.league_prior_hours
    start_rate = _by_position(constants.skaters[market].league_rate_per_hour, skaters)
    hours = league["toi_sec", half_life] / SEC_PER_HOUR
    return np.asarray((league[STAT_COLUMN[market], half_life] + start * start_rate) / (hours + start))


def _by_position(values: ByPosition, skaters: pd.DataFrame) -> Floats:
    return np.where(skaters["is_defence"].to_numpy() == 1, values.defence, values.forward)
