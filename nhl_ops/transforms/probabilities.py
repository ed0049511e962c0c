"""P(over), P(push) and P(under) of every line of the standard ladder and every offered line, given that he plays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.domain.distributions import line_probabilities
from nhl_ops.domain.markets import STANDARD_LADDER

PLAYER = ["game_date", "game_id_nhl", "player_id_nhl"]
PROJECTION = [*PLAYER, "market"]
PROJECTED = [*PROJECTION, "mean", "dispersion", "is_fallback", "model_version", "as_of_ts_utc"]
NAMES = ["player_name", "team", "opponent", "position"]


def prop_probabilities(
    skaters: pd.DataFrame, goalies: pd.DataFrame, players: pd.DataFrame, offered_lines: pd.DataFrame
) -> pd.DataFrame:
    """SINGLE_GAME_PROP_PROBABILITIES, ordered by slate, game, player, market and line.

    skaters, goalies: the projection tables; players: dim_players of the same slates; offered_lines: game_date,
    game_id_nhl, player_id_nhl, market, line, in any order and with repeats. An offered line of somebody without
    a projection in that market gives no row. Raises ValueError for a line that is neither whole nor a half.
    """
    projections = pd.concat([f for f in (skaters, goalies) if len(f)] or [skaters], ignore_index=True)
    lines = _lines(projections, offered_lines)
    named = projections[PROJECTED].merge(players[[*PLAYER, *NAMES]], how="left", on=PLAYER, validate="m:1")
    rows = named.iloc[lines["row"].to_numpy()].reset_index(drop=True)
    line = lines["line"].to_numpy(np.float64)
    over, push, under = line_probabilities(line, rows["mean"], rows["dispersion"])
    return SINGLE_GAME_PROP_PROBABILITIES.conform(
        rows.assign(line=line, p_over=over, p_push=push, p_under=under)
    )


def _lines(projections: pd.DataFrame, offered_lines: pd.DataFrame) -> pd.DataFrame:
    """Distinct (row of the projections, line), ordered as the table is."""
    numbered = projections[PROJECTION].assign(row=np.arange(len(projections)))
    ladder = pd.DataFrame(
        [(market.value, line) for market, lines in STANDARD_LADDER.items() for line in lines],
        columns=["market", "line"],
    )
    offered = numbered.merge(offered_lines[[*PROJECTION, "line"]].drop_duplicates(), on=PROJECTION)
    lines = pd.concat([numbered.merge(ladder, on="market"), offered])[["row", "line"]].drop_duplicates()
    order = projections.sort_values(PROJECTION, kind="stable").index
    rank = np.empty(len(projections), dtype=np.int64)
    rank[order.to_numpy()] = np.arange(len(projections))
    return lines.iloc[np.lexsort((lines["line"].to_numpy(), rank[lines["row"].to_numpy()]))]
