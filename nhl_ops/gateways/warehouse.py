"""The warehouse: immutable Parquet files, a file a table, slate and scope, written beside and renamed.

Observations are appended (a row that is there already adds nothing) and read whole; derivations are read from
their own scope, else from what is published. No process ever locks another out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nhl_ops.contracts.encoding import numbered, stacked
from nhl_ops.contracts.publications import SLATE_PUBLICATIONS
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind, TableSpec, is_encoded
from nhl_ops.domain.failures import MissingInput
from nhl_ops.gateways.publication import Published
from nhl_ops.gateways.state import SliceRow, State
from nhl_ops.gateways.tables import (
    content_digest,
    newest_in,
    read_tables,
    split_by_partition,
    to_arrow,
    to_frame,
    write_sealed,
    write_table,
)

WAREHOUSE_ROOT = "data/warehouse"
BULK = "bulk"
"""Folder of an observation's loads of many days."""


@dataclass(frozen=True)
class Audit:
    """What the warehouse adds to every row."""

    run_id: str
    scope_id: str
    created_at_utc: datetime

    def values(self) -> dict[str, object]:
        return {"run_id": self.run_id, "scope_id": self.scope_id, "created_at_utc": self.created_at_utc}


class Warehouse:
    """Tables below `root` (the project folder)."""

    def __init__(self, root: Path, state: State) -> None:
        self.root = root
        self.folder = root / WAREHOUSE_ROOT
        self.state = state
        self.published = Published(root, state)
        for spec in [*TABLES.values(), SLATE_PUBLICATIONS]:
            self._seed(spec)

    def _seed(self, spec: TableSpec) -> None:
        """An empty file a table, so that a reader meets an empty table and not a missing one."""
        is_derived = spec.kind is Kind.DERIVATION
        seed = self.published.seed(spec.name) if is_derived else self.folder / spec.name / "_schema.parquet"
        if not seed.exists() or pq.read_schema(seed) != spec.arrow_schema:
            write_table(spec, seed, spec.arrow_schema.empty_table())

    # -- observations ----------------------------------------------------------------------------------------

    def append(
        self, spec: TableSpec, frame: pd.DataFrame, audit: Audit, *, bulk: bool = False
    ) -> dict[str, int]:
        """Add the rows whose key is not stored yet; returns new rows by partition.

        `bulk` stores a load of many days as one file instead of a file a day.
        """
        fresh = self._not_stored(spec, frame)
        parts = split_by_partition(spec, fresh)
        if bulk and parts:
            stored = to_arrow(spec, fresh, audit.values())
            write_sealed(spec, self.folder / spec.name / BULK, audit.run_id[:8], stored)
        elif parts:
            for key, rows in parts.items():
                stored = to_arrow(spec, rows, audit.values())
                write_sealed(spec, self._partition(spec, key), audit.run_id[:8], stored)
        return {key: len(rows) for key, rows in parts.items()}

    def _not_stored(self, spec: TableSpec, frame: pd.DataFrame) -> pd.DataFrame:
        """The first row of each key that is not stored yet."""
        key = list(spec.key)
        is_large = any(is_encoded(frame[name]) for name in key)
        keys = sorted(frame[spec.partition_column].unique())
        stored = self.observations(spec, keys, columns=key, encoded=is_large)
        numbers = numbered(stacked([stored, frame[key]]), key) if len(frame) else np.empty(0, dtype=np.int64)
        known, numbers = np.split(numbers, [len(stored)]) if len(frame) else (numbers, numbers)
        is_new = ~(pd.Series(numbers).duplicated().to_numpy() | np.isin(numbers, known))
        return frame if is_new.all() else frame[is_new]

    def observations(
        self,
        spec: TableSpec,
        keys: Iterable[str] | None = None,
        *,
        since: str | None = None,
        before: str | None = None,
        columns: Sequence[str] | None = None,
        encoded: bool = False,
    ) -> pd.DataFrame:
        """Rows of these partitions, or of all in [since, before); `encoded` as in `contracts.encoding`."""
        column = pc.field(spec.partition_column)
        if keys is not None:
            wanted = [date.fromisoformat(k) for k in keys]
            where = column.isin(pa.array(wanted, pa.date32()))
            folders = [self._partition(spec, k.isoformat()) for k in wanted]
        else:
            first, end = since or "0001-01-01", before or "9999-12-31"
            where = (column >= date.fromisoformat(first)) & (column < date.fromisoformat(end))
            every = sorted((self.folder / spec.name).glob(f"{spec.partition_column}=*"))
            folders = [folder for folder in every if first <= folder.name.partition("=")[2] < end]
        names = list(columns or spec.column_names)
        return to_frame(
            spec, self._picked(spec, folders, where, names, encoded=encoded), names, encoded=encoded
        )

    def distinct(
        self, spec: TableSpec, keys: Iterable[str], by: Sequence[str], of: Sequence[str]
    ) -> pd.DataFrame:
        """Observations of these partitions: `by` and, in `rows`, how many differ in `of`."""
        wanted = [date.fromisoformat(k) for k in keys]
        where = pc.field(spec.partition_column).isin(pa.array(wanted, pa.date32()))
        folders = [self._partition(spec, k.isoformat()) for k in wanted]
        rows = self._picked(spec, folders, where, [*by, *of]).group_by([*by, *of]).aggregate([])
        counted = rows.group_by(list(by)).aggregate([([], "count_all")])
        return to_frame(spec, counted, by).assign(rows=counted.column("count_all").to_numpy())

    def _picked(
        self,
        spec: TableSpec,
        folders: Sequence[Path],
        where: pc.Expression,
        columns: Sequence[str],
        *,
        encoded: bool = False,
    ) -> pa.Table:
        """Columns of the files of these partitions, and of the rows of bulk files that are meant."""
        files = [path for folder in folders for path in sorted(folder.glob("*.parquet"))]
        table = read_tables(spec, files, columns=columns, encoded=encoded)
        bulk = sorted((self.folder / spec.name / BULK).glob("*.parquet"))
        if not bulk:
            return table
        return pa.concat_tables([table, read_tables(spec, bulk, where, columns=columns, encoded=encoded)])

    def newest(self, spec: TableSpec) -> str | None:
        """Newest partition that holds rows: published for a derivation, stored for an observation."""
        if spec.kind is Kind.DERIVATION:
            return self.published.newest()
        folders = (self.folder / spec.name).glob(f"{spec.partition_column}=*")
        days = [folder.name.partition("=")[2] for folder in folders if any(folder.glob("*.parquet"))]
        bulk = (self.folder / spec.name / BULK).glob("*.parquet")
        return max([*days, *(newest_in(path, spec.partition_column) for path in bulk)], default=None)

    # -- derivations -----------------------------------------------------------------------------------------

    def write_slices(
        self,
        spec: TableSpec,
        frame: pd.DataFrame,
        keys: Sequence[str],
        audit: Audit,
        inputs: Mapping[str, Mapping[str, str]],
    ) -> dict[str, str]:
        """Store one slice a slate, empty ones too: computed and empty is not the same as not computed. Returns the
        digest of each.

        `inputs` gives for each slate the digests, by table, of what the slice was made from.
        """
        parts = split_by_partition(spec, frame)
        strays = sorted(set(parts) - set(keys))
        if strays:
            raise ValueError(f"{spec.name}: rows of slates {strays} that this run does not cover")
        rows = []
        for key in keys:
            table = to_arrow(spec, parts.get(key, spec.empty_frame()), audit.values())
            write_table(spec, self.slice_of(spec, key, audit.scope_id), table)
            digest = content_digest(spec, table)
            rows.append(
                SliceRow(spec.name, key, audit.scope_id, len(table), digest, dict(inputs[key]), audit.run_id)
            )
        self.state.record_slices(rows)
        return {row.key: row.digest for row in rows}

    def slice_paths(
        self, spec: TableSpec, keys: Sequence[str], scope_id: str, *, held: Collection[str] = ()
    ) -> dict[str, tuple[Path, str]]:
        """By slate: file and digest, the own scope's else the published; a slate without either is left out.

        held: slates of which the published one counts, whatever the own scope computed.
        """
        own = self.state.slices(scope_id, [key for key in keys if key not in held])
        found: dict[str, tuple[Path, str]] = {}
        for key in keys:
            row = own.get((spec.name, key))
            if row is not None:
                found[key] = (self.slice_of(spec, key, scope_id), row.digest)
            elif (entry := self.published.table(key, spec.name)) is not None:
                found[key] = entry
        return found

    def read_slices(
        self,
        spec: TableSpec,
        keys: Sequence[str],
        scope_id: str,
        *,
        missing_ok: bool = False,
        held: Collection[str] = (),
    ) -> tuple[pd.DataFrame, dict[str, str]]:
        """Rows of these slates and the digest of each slice, as `slice_paths` finds them.

        Raises MissingInput naming what to materialize.
        """
        found = self.slice_paths(spec, keys, scope_id, held=held)
        missing = [k for k in keys if k not in found]
        if missing and not missing_ok:
            raise MissingInput(
                f"{spec.name} has not been computed for {missing[0]}"
                + (f" and {len(missing) - 1} more slates" if len(missing) > 1 else ""),
                f"run `nhl-ops backfill --start {missing[0]} --end {missing[-1]}`, or materialize it first",
            )
        frame = to_frame(spec, read_tables(spec, [path for path, _ in found.values()]))
        return frame, {key: digest for key, (_, digest) in found.items()}

    def _partition(self, spec: TableSpec, key: str) -> Path:
        return self.folder / spec.name / f"{spec.partition_column}={key}"

    def slice_of(self, spec: TableSpec, key: str, scope_id: str) -> Path:
        """The file of a derived table of one slate in one scope."""
        return self._partition(spec, key) / f"{scope_id}.parquet"
