"""What a table is. Schemas, checks, Dagster column schemas and the data dictionary derive from `TableSpec`."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa


class Kind(StrEnum):
    """Observations are append-only and keyed by what was seen; derivations belong to a scope."""

    OBSERVATION = "observation"
    DERIVATION = "derivation"


class Dtype(StrEnum):
    """Stored type; in frames a DATE is an ISO string and a TIMESTAMP is datetime64[us, UTC]."""

    INT = "int64"
    FLOAT = "float64"
    STRING = "string"
    BOOL = "bool"
    TIMESTAMP = "timestamp[us, UTC]"
    DATE = "date"


ARROW: dict[Dtype, pa.DataType] = {
    Dtype.INT: pa.int64(),
    Dtype.FLOAT: pa.float64(),
    Dtype.STRING: pa.string(),
    Dtype.BOOL: pa.bool_(),
    Dtype.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    Dtype.DATE: pa.date32(),
}
PANDAS: dict[Dtype, str] = {
    Dtype.INT: "int64",
    Dtype.FLOAT: "float64",
    Dtype.STRING: "object",
    Dtype.BOOL: "bool",
    Dtype.TIMESTAMP: "datetime64[us, UTC]",
    Dtype.DATE: "object",
}
PANDAS_NULLABLE = PANDAS | {Dtype.INT: "Int64", Dtype.BOOL: "boolean"}


@dataclass(frozen=True)
class Column:
    """One column. `ge`, `le`, `gt`, `lt` and `allowed` are rules that a row must meet.

    is_varied: hardly two rows have the same value, so that a list of the distinct ones saves nothing.
    """

    name: str
    dtype: Dtype
    description: str
    nullable: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()
    ge: float | None = None
    le: float | None = None
    is_varied: bool = False
    gt: float | None = None
    lt: float | None = None

    @property
    def is_text(self) -> bool:
        """Held as strings in frames."""
        return self.dtype in (Dtype.STRING, Dtype.DATE)

    @property
    def pandas_dtype(self) -> str:
        return (PANDAS_NULLABLE if self.nullable else PANDAS)[self.dtype]


@dataclass(frozen=True)
class NullRule:
    """When nullable columns are null. `when` says so in words, `is_null` row by row.

    is_exact: they are null then and at no other time; else they may be null at no other time.
    """

    columns: tuple[str, ...]
    when: str
    is_null: Callable[[pd.DataFrame], "pd.Series[bool]"]
    is_exact: bool = True

    def __str__(self) -> str:
        return f"null {'exactly' if self.is_exact else 'only'} when {self.when}"

    def broken(self, frame: pd.DataFrame, column: str) -> "pd.Series[bool]":
        """The rows in which the column breaks the rule."""
        null, may_be = frame[column].isna(), self.is_null(frame).astype(bool)
        return null != may_be if self.is_exact else null & ~may_be


@dataclass(frozen=True)
class TableSpec:
    """One table: its columns without the audit columns, which the warehouse adds to every row.

    `partition_column` names the daily partition: the slate for facts and derivations, the Eastern capture
    date for raw odds.
    """

    name: str
    group: str
    kind: Kind
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    partition_column: str = "game_date"
    max_age_hours: float | None = None
    nulls: tuple[NullRule, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {c.name: c for c in self.columns}

    @cached_property
    def column_names(self) -> list[str]:
        return [c.name for c in self.columns]

    @cached_property
    def stored_columns(self) -> tuple[Column, ...]:
        return (*self.columns, *AUDIT_COLUMNS)

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """Schema of a stored file, audit columns included."""
        return pa.schema([pa.field(c.name, ARROW[c.dtype], nullable=True) for c in self.stored_columns])

    @cached_property
    def _empty(self) -> pd.DataFrame:
        return pd.DataFrame({c.name: pd.Series(dtype=c.pandas_dtype) for c in self.columns})

    def empty_frame(self) -> pd.DataFrame:
        return self._empty.copy()

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with exactly this table's columns, in order and typed; an encoded string stays encoded.

        Raises KeyError with the missing column's name: a missing column is a contract failure, never null.
        """
        missing = [c for c in self.column_names if c not in frame.columns]
        if missing:
            raise KeyError(
                f"{self.name}: column(s) {missing} are missing; the frame has {list(frame.columns)}"
            )
        chosen = (
            frame[self.column_names] if list(frame.columns) != self.column_names else frame.copy(deep=False)
        )
        types = {
            c.name: c.pandas_dtype
            for c in self.columns
            if chosen[c.name].dtype != c.pandas_dtype and not is_encoded(chosen[c.name])
        }
        return chosen.astype(types, copy=False) if types else chosen


def is_encoded(values: "pd.Series[Any]") -> bool:
    """The column holds categories (see `contracts.encoding`)."""
    return isinstance(values.dtype, pd.CategoricalDtype)


AUDIT_COLUMNS = (
    Column("run_id", Dtype.STRING, "Dagster run that wrote the row."),
    Column("scope_id", Dtype.STRING, "Backfill, else root run, else run that the row belongs to."),
    Column("created_at_utc", Dtype.TIMESTAMP, "When the row was written, by the clock gateway."),
)


def string(
    name: str,
    description: str,
    *,
    nullable: bool = False,
    allowed: tuple[str, ...] = (),
    is_varied: bool = False,
) -> Column:
    return Column(name, Dtype.STRING, description, nullable, allowed=allowed, is_varied=is_varied)


def integer(
    name: str,
    description: str,
    *,
    nullable: bool = False,
    unit: str = "",
    ge: float | None = None,
    is_varied: bool = False,
) -> Column:
    return Column(name, Dtype.INT, description, nullable, unit, ge=ge, is_varied=is_varied)


def number(
    name: str,
    description: str,
    *,
    nullable: bool = False,
    unit: str = "",
    ge: float | None = None,
    le: float | None = None,
) -> Column:
    return Column(name, Dtype.FLOAT, description, nullable, unit, ge=ge, le=le)


def probability(name: str, description: str, *, nullable: bool = False) -> Column:
    return Column(name, Dtype.FLOAT, description, nullable, "probability", ge=0.0, le=1.0)


def chance(name: str, description: str, *, nullable: bool = False) -> Column:
    """A probability of something that may happen and may not: neither 0 nor 1."""
    return Column(name, Dtype.FLOAT, description, nullable, "probability", gt=0.0, lt=1.0)


def flag(name: str, description: str, *, nullable: bool = False) -> Column:
    return Column(name, Dtype.BOOL, description, nullable)


def instant(name: str, description: str, *, nullable: bool = False) -> Column:
    return Column(name, Dtype.TIMESTAMP, description, nullable, "UTC")


def day(name: str, description: str, *, nullable: bool = False) -> Column:
    return Column(name, Dtype.DATE, description, nullable, "ET date")
