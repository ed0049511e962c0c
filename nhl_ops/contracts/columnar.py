"""Rows of one slate as metadata of its materialization: column names once, then a list a row."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from nhl_ops.contracts.spec import Dtype, TableSpec

DIGITS = 6
Packed = Mapping[str, Any]


def pack(spec: TableSpec, frame: pd.DataFrame, columns: Sequence[str]) -> Packed:
    """`columns` of `frame` as JSON values, floats to six digits, nulls as None; rows in the order of the key."""
    order = [name for name in spec.key if name in columns]
    rows = frame.sort_values(order, ignore_index=True)[list(columns)] if order else frame[list(columns)]
    values = [_values(spec, rows[name]) for name in columns]
    return {"columns": list(columns), "rows": [list(row) for row in zip(*values, strict=True)]}


def _values(spec: TableSpec, column: "pd.Series[Any]") -> list[Any]:
    if spec.by_name[str(column.name)].dtype is Dtype.FLOAT:
        column = column.astype("float64").round(DIGITS)
    return [None if pd.isna(value) else value for value in column.astype("object").tolist()]


def unpack(spec: TableSpec, packed: Packed, constants: Mapping[str, str]) -> pd.DataFrame:
    """The frame again, with `constants` as the columns that are the same in every row.

    Raises KeyError when a column of the table is in neither.
    """
    frame = pd.DataFrame(packed["rows"], columns=packed["columns"])
    if frame.empty:
        return spec.empty_frame()
    return spec.conform(frame.assign(**constants))
