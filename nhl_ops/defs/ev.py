"""Assets of fair prices, best bets, their audit, and settlement."""

from collections.abc import Sequence

import pandas as pd

from nhl_ops.contracts import ev as tables
from nhl_ops.contracts.evidence import FACT_FORECAST_ACCURACY_DAILY
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS
from nhl_ops.contracts.projections import (
    PROJECTION_GOALIE_MARKETS,
    PROJECTION_SKATER_MARKETS,
    SINGLE_GAME_PROP_PROBABILITIES,
)
from nhl_ops.contracts.results import (
    DIM_GAMES,
    DIM_PLAYERS,
    FACT_GAME_RESULTS,
    FACT_GOALIE_GAMES,
    FACT_SKATER_GAMES,
    RAW_NHL_SCHEDULE,
)
from nhl_ops.defs.measures import packed_by_slate
from nhl_ops.defs.odds import CHUNK, captures_of, facts_of
from nhl_ops.defs.results import schedule_around
from nhl_ops.defs.slate_run import Figures, SlateRun
from nhl_ops.defs.tables import Made, table_asset
from nhl_ops.transforms.best_bets import best_bets
from nhl_ops.transforms.claims_evidence import forecast_accuracy
from nhl_ops.transforms.fair_prices import fair_prices
from nhl_ops.transforms.prob_audit import prob_audit
from nhl_ops.transforms.settlements import Results, final_statistics, settle_slate
from nhl_ops.transforms.sightings import BOARD_COLUMNS, standing


def prices_of(run: SlateRun, keys: Sequence[str]) -> pd.DataFrame:
    """Fair prices of a few slates: the quotes that stand at as-of, against the other books and the model."""
    policy = run.house.settings.policy.ev
    games, captures = run.read(DIM_GAMES, keys), captures_of(run, keys, BOARD_COLUMNS)
    facts = facts_of(run.house, keys)
    run.rest_on(FACT_ODDS_ACCOUNTING, keys)
    quotes = standing(facts, captures.raw_quotes, captures.sightings, games, policy.capture_pass_minutes)
    probabilities = run.read(SINGLE_GAME_PROP_PROBABILITIES, keys)
    return fair_prices(quotes, games, run.read(DIM_PLAYERS, keys), probabilities, policy)


def make_fair_prices(run: SlateRun) -> Made:
    frames = [prices_of(run, keys) for keys in run.chunks(CHUNK)]
    frame = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    slates = frame.groupby("game_date")
    figures: Figures = {
        str(key): {
            "books": int(rows["book_name"].nunique()),
            "players": int(rows["player_id_nhl"].nunique()),
            "two_way_share": float((rows["devig_basis"] == "two_way").mean()),
            "with_consensus": int(rows["prob_consensus"].notna().sum()),
            "above_zero_ev": int((rows["ev_pct"] > 0).sum()),
        }
        for key, rows in slates
    }
    return Made(frame, figures)


def make_best_bets(run: SlateRun) -> Made:
    frame = best_bets(run.read(tables.EV_FAIR_PRICES), run.house.settings.policy.ev)
    figures: Figures = {
        str(key): {
            "best_ev_pct": float(rows["ev_pct"].max()),
            "mean_ev_pct": float(rows["ev_pct"].mean()),
            "suspect": int(rows["is_suspect"].sum()),
        }
        for key, rows in frame.groupby("game_date")
    }
    return Made(frame, figures)


def make_prob_audit(run: SlateRun) -> Made:
    return Made(
        prob_audit(
            run.read(tables.EV_MULTI_BOOK_BEST_BETS),
            run.read(tables.EV_FAIR_PRICES),
            pd.concat([run.read(PROJECTION_SKATER_MARKETS), run.read(PROJECTION_GOALIE_MARKETS)]),
            run.read(SINGLE_GAME_PROP_PROBABILITIES),
            run.house.settings.policy.ev,
        )
    )


def make_settlements(run: SlateRun) -> Made:
    prices, bets = run.read(tables.EV_FAIR_PRICES), run.read(tables.EV_MULTI_BOOK_BEST_BETS)
    results = Results(
        finals=run.read(FACT_GAME_RESULTS),
        skaters=run.read(FACT_SKATER_GAMES),
        goalies=run.read(FACT_GOALIE_GAMES),
        schedule=schedule_around(run),
    )
    now = pd.Timestamp(run.now)
    frame = settle_slate(prices, bets, results, now)
    accuracy = forecast_accuracy(
        run.read(SINGLE_GAME_PROP_PROBABILITIES), final_statistics(results, now), prices
    )
    counts = frame.groupby(["game_date", "outcome"]).size().unstack(fill_value=0).to_dict("index")
    scored = packed_by_slate(FACT_FORECAST_ACCURACY_DAILY, accuracy, run.keys)
    return Made(
        frame,
        {k: {str(o): int(n) for o, n in counts.get(k, {}).items()} | scored[k] for k in run.keys},
    )


EV = [
    table_asset(
        tables.EV_FAIR_PRICES,
        make_fair_prices,
        [FACT_PROP_ODDS.name, DIM_GAMES.name, DIM_PLAYERS.name, SINGLE_GAME_PROP_PROBABILITIES.name],
    ),
    table_asset(tables.EV_MULTI_BOOK_BEST_BETS, make_best_bets, [tables.EV_FAIR_PRICES.name]),
    table_asset(
        tables.EV_PROB_AUDIT,
        make_prob_audit,
        [
            tables.EV_MULTI_BOOK_BEST_BETS.name,
            tables.EV_FAIR_PRICES.name,
            SINGLE_GAME_PROP_PROBABILITIES.name,
            PROJECTION_SKATER_MARKETS.name,
            PROJECTION_GOALIE_MARKETS.name,
        ],
    ),
    table_asset(
        tables.FACT_PROP_SETTLEMENTS,
        make_settlements,
        [
            tables.EV_FAIR_PRICES.name,
            tables.EV_MULTI_BOOK_BEST_BETS.name,
            SINGLE_GAME_PROP_PROBABILITIES.name,
            FACT_GAME_RESULTS.name,
            FACT_SKATER_GAMES.name,
            FACT_GOALIE_GAMES.name,
            RAW_NHL_SCHEDULE.name,
        ],
    ),
]
