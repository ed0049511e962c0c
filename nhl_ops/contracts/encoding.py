"""Large frames with their strings as categories: each text once, a small number a row.

An encoded frame of a table holds its texts (STRING and DATE columns, varied ones apart) as unordered categories;
all else, and every value, is as `TableSpec.conform` says. Such frames are stored, read back, judged and grouped
several times faster. Categories are no order and may hold texts that no row has: group, sort and stack encoded
frames by the functions here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from nhl_ops.contracts.spec import Column, TableSpec, is_encoded

Ints = NDArray[np.int64]


def encode(spec: TableSpec, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame's columns of this table, encoded; those that are encoded already stay as they are."""
    return pd.DataFrame({c.name: _encoded(c, frame[c.name]) for c in spec.columns}, copy=False)


def is_encodable(column: Column) -> bool:
    return column.is_text and not column.is_varied


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with ordinary strings, None for null."""
    texts = [str(name) for name in frame.columns if is_encoded(frame[name])]
    return frame.assign(**{name: _texts(frame[name]) for name in texts})


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of the same columns one below the other, encoded where all of them are; empty ones count for nothing."""
    filled = [frame for frame in frames if len(frame)] or list(frames[:1])
    if len(filled) == 1:
        return filled[0].reset_index(drop=True)
    columns = {name: _stacked([f[name] for f in filled]) for name in filled[0].columns}
    return pd.DataFrame(columns, copy=False)


def numbered(frame: pd.DataFrame, columns: Sequence[str]) -> Ints:
    """A number for each row, by first appearance: the same where the columns are the same. Nulls are equal."""
    numbers: Ints = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        codes, count = _codes(frame[column])
        numbers = pd.factorize(numbers * (count + 1) + codes + 1)[0].astype(np.int64)
    return numbers


def distinct(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[Ints, pd.DataFrame]:
    """`numbered`, and by number the first row of each, with ordinary strings."""
    numbers = numbered(frame, columns)
    _, first = np.unique(numbers, return_index=True)
    return numbers, plain(frame.take(first)).reset_index(drop=True)


def ranked(values: pd.Series[Any]) -> Ints:
    """A number for each value, in the order of the values; nulls first."""
    if not is_encoded(values):
        return pd.factorize(values, sort=True)[0].astype(np.int64)
    order = np.empty(len(values.cat.categories) + 1, dtype=np.int64)
    order[np.argsort(values.cat.categories.to_numpy(dtype=object), kind="stable")] = np.arange(len(order) - 1)
    order[-1] = -1
    return order[values.cat.codes.to_numpy()]


def _encoded(column: Column, values: pd.Series[Any]) -> Any:
    if is_encoded(values) or not is_encodable(column):
        return values
    codes, texts = pd.factorize(values)
    return pd.Categorical.from_codes(cast(Sequence[int], codes), pd.Index(texts, dtype=object))


def _texts(values: pd.Series[Any]) -> Any:
    texts = np.full(len(values.cat.categories) + 1, None, dtype=object)
    texts[:-1] = values.cat.categories
    return texts[values.cat.codes.to_numpy()]


def _codes(values: pd.Series[Any]) -> tuple[Ints, int]:
    """A number for each value, -1 for null, and how many there are at most."""
    if is_encoded(values):
        return values.cat.codes.to_numpy().astype(np.int64), len(values.cat.categories)
    codes, found = pd.factorize(values)
    return codes.astype(np.int64), len(found)


def _stacked(parts: list[pd.Series[Any]]) -> Any:
    if all(is_encoded(part) for part in parts):
        return union_categoricals(parts)
    return pd.concat(parts, ignore_index=True)
