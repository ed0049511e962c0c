"""Frames to Parquet files and back, by contract: column order, types, nulls and a digest of the content."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from nhl_ops.contracts.spec import ARROW, Column, Dtype, TableSpec
from nhl_ops.domain.failures import WarehouseBroken
from nhl_ops.gateways.files import write_atomically

SEAL = re.compile(r"-([0-9a-f]{32})\.parquet$")
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
    """Digest of the rows without audit columns, in key order: equal work gives an equal digest.

    Of a file that an earlier contract wrote: over the columns that it has, as when it was written.
    """
    names = [name for name in spec.column_names if name in table.column_names]
    plain = table.select(names).sort_by([(k, "ascending") for k in spec.key]).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, plain.schema) as writer:
        writer.write_table(plain)
    return hashlib.blake2b(sink.getvalue(), digest_size=16).hexdigest()


def write_table(path: Path, table: pa.Table) -> Path:
    return write_atomically(path, lambda beside: pq.write_table(table, beside, compression="zstd"))


def write_sealed(folder: Path, prefix: str, table: pa.Table) -> Path:
    """A new file whose name ends with the digest of its bytes, so that damage shows."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    body = sink.getvalue()
    path = folder / f"{prefix}-{hashlib.blake2b(body, digest_size=16).hexdigest()}.parquet"
    return write_atomically(path, lambda beside: beside.write_bytes(body))


def is_sound(path: Path) -> bool:
    """The bytes of a sealed file are those that its name tells; a file of another name can at least be opened."""
    sealed = SEAL.search(path.name)
    if sealed is not None:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest() == sealed.group(1)
    try:
        pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        return False
    return True


def read_tables(spec: TableSpec, paths: Sequence[Path], where: pc.Expression | None = None) -> pa.Table:
    """All rows of these files; a column that an older file lacks reads as null.

    Raises WarehouseBroken naming a file that is damaged or gone.
    """
    if not paths:
        return spec.arrow_schema.empty_table()
    try:
        files = ds.dataset([str(p) for p in paths], schema=spec.arrow_schema, format="parquet")
        return files.to_table(filter=where)
    except (pa.ArrowException, OSError) as error:
        bad = next((path for path in paths if not path.exists() or not is_sound(path)), None)
        if bad is None:
            raise
        raise WarehouseBroken(
            f"stored file {bad} is damaged or gone", "`nhl-ops verify --repair` rebuilds it"
        ) from error


def split_by_partition(spec: TableSpec, frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows by partition key."""
    groups = frame.groupby(spec.partition_column, sort=True)
    return {str(key): rows for key, rows in groups}
