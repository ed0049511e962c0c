"""Assets of the model: what was known before the slate, the projected distributions, their probabilities."""

from collections.abc import Callable, Sequence
from itertools import groupby

import pandas as pd

from nhl_ops.contracts import projections as tables
from nhl_ops.contracts.odds import FACT_PROP_ODDS
from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS, FACT_GOALIE_GAMES, FACT_SKATER_GAMES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.slate_run import Figures, SlateRun
from nhl_ops.defs.tables import Made, table_asset
from nhl_ops.transforms.form import goalie_form, skater_form
from nhl_ops.transforms.probabilities import prop_probabilities
from nhl_ops.transforms.projections import project_goalies, project_skaters
from nhl_ops.transforms.team_factors import team_factors


def of_seasons(run: SlateRun, make: Callable[[Sequence[str]], pd.DataFrame]) -> pd.DataFrame:
    """Work done season by season: each slate sees the history of its own season, in a range as alone."""
    groups = groupby(run.keys, key=run.house.history_start)
    frames = [make(list(keys)) for _, keys in groups]
    return pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)


def history(run: SlateRun, spec: TableSpec, keys: Sequence[str]) -> pd.DataFrame:
    """All results before the newest of these slates, as far back as the policy's history goes."""
    first = run.house.history_start(keys[0])
    return run.house.warehouse.observations(spec, since=first.isoformat(), before=keys[-1])


def by_slate(**figures: pd.Series) -> Figures:
    """Figures by slate from named aggregations."""
    table = pd.DataFrame(figures)
    return {str(key): dict(row) for key, row in table.to_dict("index").items()}


def make_skater_form(run: SlateRun) -> Made:
    def make(keys: Sequence[str]) -> pd.DataFrame:
        return skater_form(
            history(run, FACT_SKATER_GAMES, keys), run.read(DIM_PLAYERS, keys), run.house.settings.model
        )

    frame = of_seasons(run, make)
    return Made(frame, by_slate(players=frame.groupby("game_date")["player_id_nhl"].nunique()))


def make_goalie_form(run: SlateRun) -> Made:
    def make(keys: Sequence[str]) -> pd.DataFrame:
        return goalie_form(
            history(run, FACT_GOALIE_GAMES, keys), run.read(DIM_PLAYERS, keys), run.house.settings.model
        )

    return Made(of_seasons(run, make))


def make_team_factors(run: SlateRun) -> Made:
    def make(keys: Sequence[str]) -> pd.DataFrame:
        return team_factors(
            history(run, FACT_SKATER_GAMES, keys),
            history(run, FACT_GOALIE_GAMES, keys),
            run.read(DIM_GAMES, keys),
            run.house.settings.model,
        )

    return Made(of_seasons(run, make))


def projected(frame: pd.DataFrame) -> Made:
    slates = frame.groupby("game_date")
    return Made(
        frame,
        by_slate(
            players=slates["player_id_nhl"].nunique(),
            fallback_share=slates["is_fallback"].mean().astype(float),
            model_version=slates["model_version"].first(),
        ),
    )


def make_skater_markets(run: SlateRun) -> Made:
    form, factors = run.read(tables.FEATURE_SKATER_FORM), run.read(tables.FEATURE_TEAM_FACTORS)
    return projected(project_skaters(form, factors, run.read(DIM_PLAYERS), run.house.settings.model))


def make_goalie_markets(run: SlateRun) -> Made:
    form, factors = run.read(tables.FEATURE_GOALIE_FORM), run.read(tables.FEATURE_TEAM_FACTORS)
    return projected(project_goalies(form, factors, run.read(DIM_PLAYERS), run.house.settings.model))


OFFERED = ["game_date", "game_id_nhl", "player_id_nhl", "market", "line"]


def known_at_as_of(quotes: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """Quotes that were captured at or before the as-of of their game."""
    as_of = quotes.merge(games[["game_date", "game_id_nhl", "as_of_ts_utc"]], on=["game_date", "game_id_nhl"])
    return as_of[as_of["captured_at_utc"] <= as_of["as_of_ts_utc"]]


def make_probabilities(run: SlateRun) -> Made:
    skaters, goalies = run.read(tables.PROJECTION_SKATER_MARKETS), run.read(tables.PROJECTION_GOALIE_MARKETS)
    offered = (
        known_at_as_of(run.read(FACT_PROP_ODDS), run.read(DIM_GAMES))[OFFERED].dropna().drop_duplicates()
    )
    frame = prop_probabilities(skaters, goalies, run.read(DIM_PLAYERS), offered)
    slates = frame.groupby("game_date")
    return Made(frame, by_slate(players=slates["player_id_nhl"].nunique(), lines=slates.size()))


HISTORY = "captured_nhl"
"""The asset that brings the results of the seasons before."""
before = [
    FACT_SKATER_GAMES.name,
    HISTORY,
    DIM_PLAYERS.name,
]
before_goalies = [
    FACT_GOALIE_GAMES.name,
    HISTORY,
    DIM_PLAYERS.name,
]

PROJECTIONS = [
    table_asset(tables.FEATURE_SKATER_FORM, make_skater_form, before),
    table_asset(tables.FEATURE_GOALIE_FORM, make_goalie_form, before_goalies),
    table_asset(
        tables.FEATURE_TEAM_FACTORS, make_team_factors, [*before[:2], before_goalies[0], DIM_GAMES.name]
    ),
    table_asset(
        tables.PROJECTION_SKATER_MARKETS,
        make_skater_markets,
        [tables.FEATURE_SKATER_FORM.name, tables.FEATURE_TEAM_FACTORS.name, DIM_PLAYERS.name],
    ),
    table_asset(
        tables.PROJECTION_GOALIE_MARKETS,
        make_goalie_markets,
        [tables.FEATURE_GOALIE_FORM.name, tables.FEATURE_TEAM_FACTORS.name, DIM_PLAYERS.name],
    ),
    table_asset(
        tables.SINGLE_GAME_PROP_PROBABILITIES,
        make_probabilities,
        [
            tables.PROJECTION_SKATER_MARKETS.name,
            tables.PROJECTION_GOALIE_MARKETS.name,
            DIM_PLAYERS.name,
            DIM_GAMES.name,
            FACT_PROP_ODDS.name,
        ],
    ),
]
