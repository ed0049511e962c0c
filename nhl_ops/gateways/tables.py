"""Frames to Parquet files and back, by contract: column order, types, nulls and a digest of the content."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from nhl_ops.contracts.encoding import is_encodable
from nhl_ops.contracts.spec import ARROW, Column, Dtype, TableSpec, is_encoded
from nhl_ops.domain.failures import WarehouseBroken
from nhl_ops.gateways.files import write_atomically

SEAL = re.compile(r"-([0-9a-f]{32})\.parquet$")
FLOAT_DIGITS = 9
"""Digits behind the point that a stored float keeps, so that equal work leaves equal tables."""

DICTIONARY = pa.dictionary(pa.int32(), pa.string())


def to_arrow(spec: TableSpec, frame: pd.DataFrame, audit: Mapping[str, object]) -> pa.Table:
    """The stored form of a frame of this table, audit columns added; encoded strings are dictionaries."""
    conformed = spec.conform(frame)
    rows, added = len(conformed), spec.stored_columns[len(spec.columns) :]
    arrays = [_column_to_arrow(c, conformed[c.name]) for c in spec.columns]
    arrays += [_repeated(audit[c.name], ARROW[c.dtype], rows) for c in added]
    return pa.Table.from_arrays(arrays, names=spec.arrow_schema.names)


def _repeated(value: object, dtype: pa.DataType, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, dtype), rows)


def _column_to_arrow(column: Column, values: pd.Series) -> pa.Array:
    if is_encoded(values):
        return _texts_to_arrow(column, values.array)
    if column.dtype is Dtype.DATE:
        return pa.array(values, pa.string(), from_pandas=True).cast(pa.date32())
    if column.dtype is Dtype.FLOAT:
        return pa.array(values.round(FLOAT_DIGITS), pa.float64(), from_pandas=True)
    return pa.array(values, ARROW[column.dtype], from_pandas=True)


def _texts_to_arrow(column: Column, values: pd.Categorical) -> pa.Array:
    """Dictionary of the texts that some row has; days are no dictionary."""
    counts = np.bincount(values.codes[values.codes >= 0], minlength=len(values.categories))
    used = values if counts.all() else values.remove_unused_categories()
    texts = pa.array(used.categories, pa.string()).cast(ARROW[column.dtype])
    array = pa.DictionaryArray.from_arrays(pa.array(used.codes, mask=used.codes < 0), texts)
    return array.dictionary_decode() if column.dtype is Dtype.DATE else array


def to_frame(
    spec: TableSpec, table: pa.Table, columns: Sequence[str] | None = None, *, encoded: bool = False
) -> pd.DataFrame:
    """A stored table as a frame; audit columns are left out unless named in `columns`."""
    names = list(columns or spec.column_names)
    by_name = {c.name: c for c in spec.stored_columns}
    frame = {name: _column_to_pandas(by_name[name], table.column(name), encoded) for name in names}
    types = {n: by_name[n].pandas_dtype for n in names if not is_encoded(frame[n])}
    return pd.DataFrame(frame, copy=False).astype(types, copy=False)


def _column_to_pandas(column: Column, values: pa.ChunkedArray, encoded: bool) -> pd.Series:
    if encoded and is_encodable(column):
        return pd.Series(_categories(values))
    if column.dtype is Dtype.DATE:
        values = values.cast(pa.string())
    return values.to_pandas(types_mapper=_nullable_types if column.nullable else None)


def _categories(values: pa.ChunkedArray) -> pd.Categorical:
    if not len(values):
        return pd.Categorical([])
    held = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    whole = pa.concat_arrays(held.unify_dictionaries().chunks)
    codes = whole.indices.fill_null(-1).to_numpy()
    texts = whole.dictionary.cast(pa.string()).to_pandas()
    return pd.Categorical.from_codes(codes, pd.Index(texts, dtype=object), validate=False)


def _nullable_types(dtype: pa.DataType) -> object:
    return {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}.get(dtype)


def content_digest(spec: TableSpec, table: pa.Table) -> str:
    """Digest of the rows without audit columns, in key order: equal work gives an equal digest.

    Of a file that an earlier contract wrote: over the columns that it has, as when it was written.
    """
    fields = [spec.arrow_schema.field(name) for name in spec.column_names if name in table.column_names]
    plain = table.select([f.name for f in fields]).cast(pa.schema(fields))
    plain = plain.sort_by([(k, "ascending") for k in spec.key]).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, plain.schema) as writer:
        writer.write_table(plain)
    return hashlib.blake2b(sink.getvalue(), digest_size=16).hexdigest()


def write_table(spec: TableSpec, path: Path, table: pa.Table) -> Path:
    """A file of this table under a name of its own."""
    return write_atomically(path, lambda beside: _write(spec, table, beside))


def _write(spec: TableSpec, table: pa.Table, sink: object) -> None:
    """Of varied columns a file holds no dictionaries and no statistics: they would cost more than they save."""
    listed = [c.name for c in spec.stored_columns if not c.is_varied]
    pq.write_table(table, sink, compression="zstd", use_dictionary=listed, write_statistics=listed)


def write_sealed(spec: TableSpec, folder: Path, prefix: str, table: pa.Table) -> Path:
    """A new file whose name ends with the digest of its bytes, so that damage shows."""
    sink = pa.BufferOutputStream()
    _write(spec, table, sink)
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


def read_tables(
    spec: TableSpec,
    paths: Sequence[Path],
    where: pc.Expression | None = None,
    *,
    columns: Sequence[str] | None = None,
    encoded: bool = False,
) -> pa.Table:
    """All rows of these files; a column that an older file lacks reads as null. `encoded`: strings as dictionaries.

    Raises WarehouseBroken naming a file that is damaged or gone.
    """
    names = list(columns or spec.arrow_schema.names)
    schema, texts = spec.arrow_schema, set()
    if encoded:
        texts = {c.name for c in spec.columns if c.dtype is Dtype.STRING and is_encodable(c)}
        schema = pa.schema([f.with_type(DICTIONARY) if f.name in texts else f for f in schema])
    if not paths:
        return schema.empty_table().select(names)
    reader = ds.ParquetFileFormat(dictionary_columns=texts)
    try:
        files = ds.dataset([str(p) for p in paths], schema=schema, format=reader)
        return files.to_table(names, filter=where)
    except (pa.ArrowException, OSError) as error:
        bad = next((path for path in paths if not path.exists() or not is_sound(path)), None)
        if bad is None:
            raise
        raise WarehouseBroken(
            f"stored file {bad} is damaged or gone", "`nhl-ops verify --repair` rebuilds it"
        ) from error


def newest_in(path: Path, column: str) -> str:
    """The largest value of a date column, read off the statistics of a file that has rows."""
    found = pq.read_metadata(path)
    number = found.schema.names.index(column)
    groups = (found.row_group(group).column(number) for group in range(found.num_row_groups))
    return str(max(chunk.statistics.max for chunk in groups))


def split_by_partition(spec: TableSpec, frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows by partition key."""
    groups = frame.groupby(spec.partition_column, sort=True, observed=True)
    return {str(key): rows for key, rows in groups}
