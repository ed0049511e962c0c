"""`SingleGamePropProbabilities.csv`: every probability of the slate, a row a player, market and line."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.spec import Column, Dtype
from nhl_ops.domain.escaping import spreadsheet_cell
from nhl_ops.domain.markets import Market
from nhl_ops.gateways.files import write_atomically

DIGITS = 6
INSTANT_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def write_probabilities_csv(path: Path, probabilities: pd.DataFrame) -> Path:
    """Write the table as UTF-8 CSV under its column names, by slate, game, team, player, market and line.

    Floats have at most 6 decimals, times are ISO 8601 in UTC, and text never starts a formula.
    """
    frame = SINGLE_GAME_PROP_PROBABILITIES.conform(probabilities)
    order = {market: i for i, market in enumerate(Market)}
    by = ["game_date", "game_id_nhl", "team", "player_name", "player_id_nhl", "market", "line"]
    frame = frame.sort_values(by, key=lambda c: c.map(order) if c.name == "market" else c, kind="stable")
    shown = csv_cells(frame, SINGLE_GAME_PROP_PROBABILITIES.by_name)
    return write_atomically(path, lambda beside: write_csv(beside, shown))


def csv_cells(frame: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """The frame as a CSV shows it, by the stored types of its columns."""
    return pd.DataFrame({name: _cells(values, columns[name].dtype) for name, values in frame.items()})


def _cells(values: pd.Series, dtype: Dtype) -> pd.Series:
    if dtype is Dtype.FLOAT:
        return values.round(DIGITS)
    if dtype is Dtype.TIMESTAMP:
        return values.dt.strftime(INSTANT_FORMAT)
    if dtype is Dtype.BOOL:
        return values.map({True: "true", False: "false"})
    if dtype is Dtype.INT:
        return values
    return safe_text(values)


def safe_text(values: pd.Series) -> pd.Series:
    """Each distinct text made safe once; missing stays missing."""
    return values.map({text: spreadsheet_cell(str(text)) for text in values.dropna().unique()})


def write_csv(path: Path, shown: pd.DataFrame) -> None:
    shown.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
