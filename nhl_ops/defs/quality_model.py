"""Is the model's output whole, current and coherent?"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nhl_ops.contracts.projections import (
    PROJECTION_GOALIE_MARKETS,
    PROJECTION_SKATER_MARKETS,
    SINGLE_GAME_PROP_PROBABILITIES,
)
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.defs.quality_check import Reasons, reasons, told
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.domain.checks import GamePolicy
from nhl_ops.transforms.completeness import certainties, unprojected

PREDICTIONS = (PROJECTION_SKATER_MARKETS, PROJECTION_GOALIE_MARKETS, SINGLE_GAME_PROP_PROBABILITIES)
WAGER = ["game_id_nhl", "player_id_nhl", "market"]


def both_teams_are_projected(run: SlateRun) -> Reasons:
    policy = run.house.settings.policy.games
    return thin_output(run.read(DIM_GAMES), run.read(SINGLE_GAME_PROP_PROBABILITIES), policy)


def thin_output(games: pd.DataFrame, probabilities: pd.DataFrame, policy: GamePolicy) -> Reasons:
    """See `unprojected`."""
    least = {"skater": policy.min_skaters_projected, "goalie": policy.min_goalies_projected}

    def words(row: Any) -> str:
        where = f"of {row.team} in game {row.game_id_nhl}"
        if not row.found:
            return f"empty model output: no {row.role} {where}"
        return f"thin model output: {row.found} {row.role}s {where}, at least {row.least} are expected"

    return told(unprojected(games, probabilities, least), words)


def model_is_current(run: SlateRun) -> Reasons:
    version = run.house.settings.model.version
    return of_another_model({spec.name: run.read(spec) for spec in PREDICTIONS}, version)


def of_another_model(tables: Mapping[str, pd.DataFrame], version: str) -> Reasons:
    """Slates with rows that another model made. tables: rows with model_version, by name."""
    other = [rows[rows["model_version"] != version].assign(table=name) for name, rows in tables.items()]
    counts = pd.concat(other).groupby(["game_date", "table", "model_version"]).size().reset_index(name="rows")
    return told(
        counts, lambda row: f"{row.table}: {row.rows} predictions of {row.model_version}, not {version}"
    )


def nothing_is_certain(run: SlateRun) -> Reasons:
    return reasons(certainties(run.read(SINGLE_GAME_PROP_PROBABILITIES)), "probabilities of zero or one")


def ladders_fall(run: SlateRun) -> Reasons:
    rows = run.read(SINGLE_GAME_PROP_PROBABILITIES).sort_values([*WAGER, "line"])
    same = ~(rows[WAGER].ne(rows[WAGER].shift())).any(axis=1)
    rises = same & (rows["p_over"] > rows["p_over"].shift() + 1e-9)
    total = (rows[["p_over", "p_push", "p_under"]].sum(axis=1) - 1).abs() > 1e-6
    return reasons(rows[rises | total], "probabilities that do not fall along their ladder or do not add up")
