"""The warehouse: immutable Parquet files, a file a table, slate and scope, written beside and renamed.

Observations are appended (a row that is there already adds nothing) and read whole; derivations are read from
their own scope, else from what is published. No process ever locks another out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nhl_ops.contracts.publications import SLATE_PUBLICATIONS
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind, TableSpec
from nhl_ops.domain.failures import MissingInput
from nhl_ops.gateways.publication import Published
from nhl_ops.gateways.state import SliceRow, State
from nhl_ops.gateways.tables import (
    content_digest,
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
            write_table(seed, spec.arrow_schema.empty_table())

    # -- observations ----------------------------------------------------------------------------------------

    def append(
        self, spec: TableSpec, frame: pd.DataFrame, audit: Audit, *, bulk: bool = False
    ) -> dict[str, int]:
        """Add the rows whose key is not stored yet; returns new rows by partition.

        `bulk` stores a load of many days as one file instead of a file a day.
        """
        fresh = frame[~self._is_stored(spec, frame)]
        fresh = fresh.drop_duplicates(list(spec.key), keep="first")
        parts = split_by_partition(spec, fresh)
        if bulk and parts:
            stored = to_arrow(spec, fresh, audit.values())
            write_sealed(self.folder / spec.name / BULK, audit.run_id[:8], stored)
        elif parts:
            for key, rows in parts.items():
                stored = to_arrow(spec, rows, audit.values())
                write_sealed(self._partition(spec, key), audit.run_id[:8], stored)
        return {key: len(rows) for key, rows in parts.items()}

    def _is_stored(self, spec: TableSpec, frame: pd.DataFrame) -> pd.Series:
        key = list(spec.key)
        stored = self.observations(spec, sorted(frame[spec.partition_column].unique()), columns=key)
        marked = frame[key].merge(stored.drop_duplicates().assign(stored=True), on=key, how="left")
        return pd.Series(marked["stored"].notna().to_numpy(), index=frame.index)

    def observations(
        self,
        spec: TableSpec,
        keys: Iterable[str] | None = None,
        *,
        since: str | None = None,
        before: str | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Rows of these partitions, or of all in [since, before)."""
        column = pc.field(spec.partition_column)
        if keys is not None:
            wanted = [date.fromisoformat(k) for k in keys]
            where = column.isin(pa.array(wanted, pa.date32()))
            folders = [self._partition(spec, k.isoformat()) for k in wanted]
        else:
            where = column >= date.fromisoformat(since or "0001-01-01")
            where &= column < date.fromisoformat(before or "9999-12-31")
            folders = sorted((self.folder / spec.name).glob(f"{spec.partition_column}=*"))
        files = [path for folder in folders for path in sorted(folder.glob("*.parquet"))]
        files += sorted((self.folder / spec.name / BULK).glob("*.parquet"))
        return to_frame(spec, read_tables(spec, files, where), columns)

    def newest(self, spec: TableSpec) -> str | None:
        """Newest partition that holds rows: published for a derivation, stored for an observation."""
        if spec.kind is Kind.DERIVATION:
            return self.published.newest()
        keys = self.observations(spec, columns=[spec.partition_column])[spec.partition_column]
        return None if keys.empty else str(keys.max())

    # -- derivations -----------------------------------------------------------------------------------------

    def write_slices(
        self,
        spec: TableSpec,
        frame: pd.DataFrame,
        keys: Sequence[str],
        audit: Audit,
        inputs: Mapping[str, Mapping[str, str]],
    ) -> None:
        """Store one slice a slate, empty ones too: computed and empty is not the same as not computed.

        `inputs` gives for each slate the digests, by table, of what the slice was made from.
        """
        parts = split_by_partition(spec, frame)
        strays = sorted(set(parts) - set(keys))
        if strays:
            raise ValueError(f"{spec.name}: rows of slates {strays} that this run does not cover")
        rows = []
        for key in keys:
            table = to_arrow(spec, parts.get(key, spec.empty_frame()), audit.values())
            write_table(self.slice_of(spec, key, audit.scope_id), table)
            digest = content_digest(spec, table)
            rows.append(
                SliceRow(spec.name, key, audit.scope_id, len(table), digest, dict(inputs[key]), audit.run_id)
            )
        self.state.record_slices(rows)

    def slice_paths(self, spec: TableSpec, keys: Sequence[str], scope_id: str) -> dict[str, tuple[Path, str]]:
        """By slate: file and digest, the own scope's else the published; a slate without either is left out."""
        own = self.state.slices(scope_id, keys)
        found: dict[str, tuple[Path, str]] = {}
        for key in keys:
            row = own.get((spec.name, key))
            if row is not None:
                found[key] = (self.slice_of(spec, key, scope_id), row.digest)
            elif (entry := self.published.table(key, spec.name)) is not None:
                found[key] = entry
        return found

    def read_slices(
        self, spec: TableSpec, keys: Sequence[str], scope_id: str, *, missing_ok: bool = False
    ) -> tuple[pd.DataFrame, dict[str, str]]:
        """Rows of these slates and the digest of each slice. Raises MissingInput naming what to materialize."""
        found = self.slice_paths(spec, keys, scope_id)
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
