"""Checks across rows and tables, each a sentence that is true when all is well."""

from functools import partial

from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.contracts.game_odds import FACT_GAME_ODDS_ACCOUNTING
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS
from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS
from nhl_ops.defs import quality_games, quality_model, quality_prices
from nhl_ops.defs.quality_check import quality_check

QUALITY_CHECKS = [
    quality_check(
        DIM_GAMES,
        "its_schedule_was_captured",
        "The NHL answered for this slate at least once: a slate without games is a fact, not a silence.",
        quality_games.schedule_was_captured,
    ),
    quality_check(
        DIM_GAMES,
        "every_scheduled_game_is_in_dim_games",
        "Every game that the schedule listed under this slate by its as-of is a row, playable or not.",
        quality_games.scheduled_games_are_there,
    ),
    quality_check(
        DIM_PLAYERS,
        "rosters_are_recent",
        "No team's newest roster or boxscore is old although it has played since.",
        quality_games.rosters_are_recent,
    ),
    quality_check(
        SINGLE_GAME_PROP_PROBABILITIES,
        "every_game_has_projections_of_both_teams",
        "Every game that stands has skaters and a goalie of each team: the model's output is not empty.",
        quality_model.both_teams_are_projected,
    ),
    quality_check(
        SINGLE_GAME_PROP_PROBABILITIES,
        "predictions_carry_the_current_model_version",
        "Every row was made with the constants that config/model.toml names now.",
        quality_model.model_is_current,
    ),
    quality_check(
        SINGLE_GAME_PROP_PROBABILITIES,
        "probabilities_lie_between_zero_and_one",
        "No wager is certain: over and under each have a chance.",
        quality_model.nothing_is_certain,
    ),
    quality_check(
        SINGLE_GAME_PROP_PROBABILITIES,
        "probabilities_fall_along_the_ladder",
        "P(over) never rises with the line, and over, push and under add up to one.",
        quality_model.ladders_fall,
    ),
    quality_check(
        FACT_ODDS_ACCOUNTING,
        "row_accounting_balances",
        "Of every payload, seen = accepted + duplicate + other slate + quarantined.",
        quality_prices.accounting_balances,
    ),
    quality_check(
        FACT_GAME_ODDS_ACCOUNTING,
        "row_accounting_balances",
        "Of every payload of game lines, seen = accepted + duplicate + other slate + quarantined.",
        partial(quality_prices.accounting_balances, spec=FACT_GAME_ODDS_ACCOUNTING),
    ),
    quality_check(
        FACT_PROP_ODDS,
        "every_scheduled_game_has_odds",
        "Every game that stands has at least one mapped price.",
        quality_prices.games_have_odds,
    ),
    quality_check(
        FACT_ODDS_ACCOUNTING,
        "every_game_without_odds_has_a_reason",
        "A game without a mapped price is not offered yet, its vendors are down or refused, or nobody asked then.",
        quality_prices.absences_have_a_reason,
    ),
    quality_check(
        EV_FAIR_PRICES,
        "no_price_after_puck_drop",
        "Every price was last seen before the game started and captured by as-of.",
        quality_prices.no_late_prices,
    ),
]
