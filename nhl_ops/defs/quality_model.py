"""Is the model's output whole, current and coherent?"""

import pandas as pd

from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.defs.quality_check import Reasons, reasons, told
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.transforms.completeness import certainties, unprojected

WAGER = ["game_id_nhl", "player_id_nhl", "market"]


def both_teams_are_projected(run: SlateRun) -> Reasons:
    missing = unprojected(run.read(DIM_GAMES), run.read(SINGLE_GAME_PROP_PROBABILITIES))
    return told(
        missing, lambda row: f"empty model output: no {row.role} of {row.team} in game {row.game_id_nhl}"
    )


def model_is_current(run: SlateRun) -> Reasons:
    return of_another_model(run.read(SINGLE_GAME_PROP_PROBABILITIES), run.house.settings.model.version)


def of_another_model(rows: pd.DataFrame, version: str) -> Reasons:
    other = rows[rows["model_version"] != version]
    return reasons(other, f"predictions of another model version than {version}")


def nothing_is_certain(run: SlateRun) -> Reasons:
    return reasons(certainties(run.read(SINGLE_GAME_PROP_PROBABILITIES)), "probabilities of zero or one")


def ladders_fall(run: SlateRun) -> Reasons:
    rows = run.read(SINGLE_GAME_PROP_PROBABILITIES).sort_values([*WAGER, "line"])
    same = ~(rows[WAGER].ne(rows[WAGER].shift())).any(axis=1)
    rises = same & (rows["p_over"] > rows["p_over"].shift() + 1e-9)
    total = (rows[["p_over", "p_push", "p_under"]].sum(axis=1) - 1).abs() > 1e-6
    return reasons(rows[rises | total], "probabilities that do not fall along their ladder or do not add up")
