"""Checks across rows and tables, each a sentence that is true when all is well."""

from functools import partial

from nhl_ops.contracts.ev import EV_FAIR_PRICES, EV_PROB_AUDIT, FACT_PROP_SETTLEMENTS
from nhl_ops.contracts.game_odds import FACT_GAME_ODDS, FACT_GAME_ODDS_ACCOUNTING
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS, MAPPING_REVIEW
from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.reports import REPORT_ROLLING
from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS, FACT_GAME_RESULTS
from nhl_ops.defs import quality_agreement, quality_games, quality_model, quality_prices
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
        "Every game that the schedule listed under this slate by its as-of is a row, with its teams and its start.",
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
        "Every game that stands has enough skaters and a goalie of each team: the model's output is not thin.",
        quality_model.both_teams_are_projected,
    ),
    quality_check(
        SINGLE_GAME_PROP_PROBABILITIES,
        "predictions_carry_the_current_model_version",
        "Every projection and probability was made with the constants that config/model.toml names now.",
        quality_model.model_is_current,
    ),
    quality_check(
        SINGLE_GAME_PROP_PROBABILITIES,
        "probabilities_lie_between_zero_and_one",
        "No wager is certain: over and under each have a chance, and a push where the line is whole.",
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
        "Of every payload, seen = accepted + duplicate + other slate + quarantined, and what is accepted is a fact.",
        quality_prices.accounting_balances,
    ),
    quality_check(
        FACT_GAME_ODDS_ACCOUNTING,
        "row_accounting_balances",
        "Of every payload of game lines the same: nothing is lost between it and the facts.",
        partial(
            quality_prices.accounting_balances,
            spec=FACT_GAME_ODDS_ACCOUNTING,
            facts=FACT_GAME_ODDS,
            key="line_id",
        ),
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
        "A game without a mapped price is not offered yet, its vendors are down or refused, or nobody can be asked.",
        quality_prices.absences_have_a_reason,
    ),
    quality_check(
        EV_FAIR_PRICES,
        "no_price_after_puck_drop",
        "Every price was last seen before the game started and captured by as-of.",
        quality_prices.no_late_prices,
    ),
    quality_check(
        SINGLE_GAME_PROP_PROBABILITIES,
        "nobody_of_the_slate_is_missing",
        "Every player and team of the slate has his features, projections and probabilities in every market.",
        quality_agreement.nobody_is_missing,
    ),
    quality_check(
        FACT_GAME_RESULTS,
        "every_final_game_has_its_statistics",
        "Every final game has the skaters and the starting goalie of both teams, and their goals make the score.",
        quality_agreement.finals_have_statistics,
    ),
    quality_check(
        MAPPING_REVIEW,
        "every_unmapped_name_waits_for_review",
        "Every name of a quote without a player is in the queue.",
        quality_agreement.names_are_reviewed,
    ),
    quality_check(
        EV_PROB_AUDIT,
        "every_best_bet_is_a_price_with_its_audit",
        "Every best bet is a price of the slate, in the order of its EV, and its audit comes to that EV.",
        quality_agreement.bets_are_prices,
    ),
    quality_check(
        FACT_PROP_SETTLEMENTS,
        "every_price_is_settled_or_pending",
        "Every price has one settlement, and every best bet is found in them.",
        quality_agreement.prices_are_settled,
    ),
    quality_check(
        REPORT_ROLLING,
        "reports_count_what_the_tables_hold",
        "Games, prices and best bets of the daily report are those of the tables, and no window is missing.",
        quality_agreement.reports_count,
    ),
]
