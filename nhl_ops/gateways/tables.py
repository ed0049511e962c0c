"""Frames to Parquet files and back, by contract: column order, types, nulls and a digest of the content."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from nhl_ops.contracts.spec import ARROW, Column, Dtype, TableSpec
from nhl_ops.gateways.files import write_atomically

FLOAT_DIGITS = 9
"""Digits behind the point that a stored float keeps, so that equal work leaves equal tables."""


def to_arrow(spec: TableSpec, frame: pd.DataFrame, audit: Mapping[str, object]) -> pa.Table:
    """The stored form of a frame of this table, audit columns added."""
    conformed = spec.conform(frame)
    arrays = [_column_to_arrow(c, conformed[c.name]) for c in spec.columns]
    rows = len(conformed)
    added = spec.stored_columns[len(spec.columns) :]
    arrays += [pa.repeat(pa.scalar(audit[c.name], ARROW[c.dtype]), rows) for c in added]
    return pa.Table.from_arrays(arrays, schema=spec.arrow_schema)


def _column_to_arrow(column: Column, values: pd.Series) -> pa.Array:
    if column.dtype is Dtype.DATE:
        return pa.array(values, pa.string(), from_pandas=True).cast(pa.date32())
    if column.dtype is Dtype.FLOAT:
        return pa.array(values.round(FLOAT_DIGITS), pa.float64(), from_pandas=True)
    return pa.array(values, ARROW[column.dtype], from_pandas=True)


def to_frame(spec: TableSpec, table: pa.Table, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """A stored table as a frame; audit columns are left out unless named in `columns`."""
    names = list(columns or spec.column_names)
    by_name = {c.name: c for c in spec.stored_columns}
    frame = {}
    for name in names:
        column, values = by_name[name], table.column(name)
        if column.dtype is Dtype.DATE:
            values = values.cast(pa.string())
        frame[name] = values.to_pandas(types_mapper=_nullable_types if column.nullable else None)
    return pd.DataFrame(frame).astype({name: by_name[name].pandas_dtype for name in names})


def _nullable_types(dtype: pa.DataType) -> object:
    return {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}.get(dtype)


def content_digest(spec: TableSpec, table: pa.Table) -> str:
    """Digest of the rows without audit columns, in key order: equal work gives an equal digest."""
    plain = table.select(spec.column_names).sort_by([(k, "ascending") for k in spec.key]).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, plain.schema) as writer:
        writer.write_table(plain)
    return hashlib.blake2b(sink.getvalue(), digest_size=16).hexdigest()


def write_table(path: Path, table: pa.Table) -> Path:
    return write_atomically(path, lambda beside: pq.write_table(table, beside, compression="zstd"))


def read_tables(
    spec: TableSpec,
    paths: Sequence[Path],
    where: pc.Expression | None = None,
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """All rows of these files; a column that an older file lacks reads as null."""
    names = None if columns is None else list(columns)
    if not paths:
        empty = spec.arrow_schema.empty_table()
        return empty if names is None else empty.select(names)
    return ds.dataset([str(p) for p in paths], schema=spec.arrow_schema, format="parquet").to_table(
        columns=names, filter=where
    )


def newest_in(path: Path, column: str) -> str:
    """The largest value of a date column, read off the statistics of a file that has rows."""
    found = pq.read_metadata(path)
    number = found.schema.names.index(column)
    groups = (found.row_group(group).column(number) for group in range(found.num_row_groups))
    return str(max(chunk.statistics.max for chunk in groups))


def split_by_partition(spec: TableSpec, frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows by partition key."""
    groups = frame.groupby(spec.partition_column, sort=True)
    return {str(key): rows for key, rows in groups}
