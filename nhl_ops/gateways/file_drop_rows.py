"""Rows of a dropped file as columns of texts, equal texts read once; and which rows were seen together.

A pass is what was seen together. It is known as of its last instant, never earlier, and nothing in it says that
a price which it does not list was taken down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from nhl_ops.gateways import file_drop_cells as cells
from nhl_ops.gateways.file_drop_cells import Fault
from nhl_ops.gateways.file_drop_contract import Layout
from nhl_ops.gateways.file_drop_reader import Texts

Objects = NDArray[np.object_]
Ints = NDArray[np.int64]

PASS_GAP_US = 60_000_000
PASS_SPAN_US = 300_000_000
"""A pass ends where nothing was seen for a minute, after five minutes, and at midnight in New York."""


class Column(NamedTuple):
    """A column of texts: `values[codes[i]]` is the text of row i."""

    codes: Ints
    values: list[str]


class Answers(NamedTuple):
    """What a reader said of each row: a value, or None and the fault. has_faults: whether any has one."""

    values: Objects
    faults: Objects
    has_faults: bool


@dataclass(frozen=True)
class Prices:
    """Prices of a file, one a row, in the order of the file.

    table: the contract's columns, as texts. source: position of each in the file's rows. rows: number of each
    in the file.
    """

    layout: Layout
    table: pa.Table
    source: Ints
    rows: Ints

    def __len__(self) -> int:
        return len(self.source)

    def column(self, name: str) -> Column:
        """A column's texts without white space around them; a column that the file lacks is empty."""
        if name not in self.table.column_names or not len(self):
            return Column(np.zeros(len(self), dtype=np.int64), [""])
        encoded = self.table[name].combine_chunks().dictionary_encode()
        values = [text.strip() for text in encoded.dictionary.to_pylist()]
        return Column(encoded.indices.to_numpy().astype(np.int64), values)

    def samples(self, positions: Ints) -> list[dict[str, object]]:
        """The cells of these prices, empty ones left out."""
        found = self.table.take(pa.array(positions)).to_pylist()
        return [
            {"row": int(row), **{name: text for name, text in cell.items() if text}}
            for row, cell in zip(self.rows[positions], found, strict=True)
        ]


def prices_of(texts: Texts) -> Prices:
    """A row a price: daily props have an over and an under in one row, and American odds."""
    layout, table = texts.columns.layout, texts.table
    if layout is Layout.ONE_PRICE:
        return Prices(layout, table, np.arange(len(texts.rows)), texts.rows)
    over, under = (_texts(table, name) for name in ("over_price", "under_price"))
    has_over, has_under = (over != "") | (under == ""), under != ""
    source = np.concatenate([np.flatnonzero(has_over), np.flatnonzero(has_under)])
    is_under = np.repeat([False, True], [has_over.sum(), has_under.sum()])
    order = np.argsort(source, kind="stable")
    source, is_under = source[order], is_under[order]
    made = {
        "price": np.where(is_under, under[source], over[source]),
        "side": np.where(is_under, "under", "over").astype(object),
        "price_format": np.full(len(source), "american", dtype=object),
    }
    long = table.take(pa.array(source)).drop_columns(["over_price", "under_price"])
    for name, values in made.items():
        long = long.append_column(name, pa.array(values, pa.string()))
    return Prices(layout, long, source, texts.rows[source])


def seen_at(prices: Prices, not_after_us: int | None = None) -> Answers:
    """Microseconds since 1970 at which each price was seen; a fault beyond `not_after_us`."""
    return answers(lambda text: cells.seen(text, not_after_us), prices.column("seen_at"))


def passes(seen: Answers) -> Ints:
    """Number of the pass to which each price belongs, from 0 on in the order of time; -1 for a fault."""
    numbers = np.full(len(seen.values), -1, dtype=np.int64)
    is_told = pd.isna(seen.faults)
    instants, place = np.unique(seen.values[is_told].astype(np.int64), return_inverse=True)
    numbers[is_told] = _pass_of_instants(instants)[place]
    return numbers


def answers(read: Callable[..., Any], *columns: Column) -> Answers:
    """`read` of every row's texts in these columns, called once for equal rows."""
    codes = columns[0].codes
    told: list[tuple[str, ...]] = [(text,) for text in columns[0].values]
    for column in columns[1:]:
        width = len(column.values)
        mixed, found = pd.factorize(codes * width + column.codes)
        codes = mixed.astype(np.int64)
        told = [(*told[a], column.values[b]) for a, b in (divmod(int(f), width) for f in found)]
    values, faults = np.empty(len(told), dtype=object), np.empty(len(told), dtype=object)
    for i, texts in enumerate(told):
        answer = read(*texts)
        target = faults if isinstance(answer, Fault) else values
        target[i] = answer
    has_faults = bool((faults != None).any())  # noqa: E711 - element by element
    return Answers(values[codes], faults[codes] if has_faults else np.full(len(codes), None), has_faults)


def _pass_of_instants(instants: Ints) -> Ints:
    local = pd.to_datetime(instants, unit="us", utc=True).tz_convert("America/New_York")
    day = local.tz_localize(None).floor("D").to_numpy()
    is_apart = (np.diff(instants) > PASS_GAP_US) | (day[1:] != day[:-1])
    numbers, number, began = np.zeros(len(instants), dtype=np.int64), 0, 0
    for i in range(1, len(instants)):
        if is_apart[i - 1] or instants[i] - instants[began] > PASS_SPAN_US:
            number, began = number + 1, i
        numbers[i] = number
    return numbers


def _texts(table: pa.Table, name: str) -> Objects:
    return np.array([text.strip() for text in table[name].to_pylist()], dtype=object)
