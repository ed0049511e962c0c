"""The rules of a table as a pandera schema, and its violations row by row."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from nhl_ops.contracts.encoding import plain
from nhl_ops.contracts.spec import Column, TableSpec, is_encoded


@dataclass(frozen=True)
class Violation:
    """One rule that some rows of a slate break."""

    key: str
    rule: str
    rows: int
    example: str


def frame_schema(spec: TableSpec, encoded: Collection[str] = ()) -> pa.DataFrameSchema:
    """Types, nulls, allowed values, bounds and the unique key; `encoded` columns hold categories."""
    types = {c.name: "category" if c.name in encoded else c.pandas_dtype for c in spec.columns}
    return pa.DataFrameSchema(
        {c.name: pa.Column(types[c.name], _checks(c), nullable=c.nullable) for c in spec.columns},
        unique=list(spec.key),
        strict=True,
        name=spec.name,
    )


def _checks(column: Column) -> list[pa.Check]:
    checks = []
    if column.allowed:
        words = [str(a) for a in column.allowed]
        checks.append(pa.Check.isin(words, error=f"is one of {', '.join(words)}"))
    if column.ge is not None:
        checks.append(pa.Check.ge(column.ge, error=f"is at least {column.ge:g}"))
    if column.le is not None:
        checks.append(pa.Check.le(column.le, error=f"is at most {column.le:g}"))
    if column.gt is not None:
        checks.append(pa.Check.gt(column.gt, error=f"is above {column.gt:g}"))
    if column.lt is not None:
        checks.append(pa.Check.lt(column.lt, error=f"is below {column.lt:g}"))
    return checks


EVERY_SLATE = "every slate"
WORDS = {
    "not_nullable": "is never null",
    "multiple_fields_uniqueness": "is unique, with the other key columns",
}


def violations(spec: TableSpec, frame: pd.DataFrame) -> list[Violation]:
    """Every broken rule by slate, with the number of rows and one offending value."""
    ordered = frame.reset_index(drop=True)
    found = _broken_rules(spec, ordered)
    is_sound = ~ordered[spec.partition_column].isin({v.key for v in found})
    no_slate_is_named = any(v.key == EVERY_SLATE for v in found)
    return found if no_slate_is_named else [*found, *_broken_nulls(spec, ordered[is_sound])]


def _broken_nulls(spec: TableSpec, frame: pd.DataFrame) -> list[Violation]:
    pairs = [(rule, column, rule.broken(frame, column)) for rule in spec.nulls for column in rule.columns]
    return [
        Violation(str(key), f"{column} is {rule}", len(rows), str(rows[column].iloc[0])[:80])
        for rule, column, broken in pairs
        for key, rows in frame[broken].groupby(spec.partition_column, observed=True)
    ]


def _broken_rules(spec: TableSpec, ordered: pd.DataFrame) -> list[Violation]:
    encoded = {str(name) for name in ordered.columns if is_encoded(ordered[name])}
    try:
        frame_schema(spec, encoded).validate(ordered, lazy=True)
    except pa.errors.SchemaErrors as error:
        if encoded:
            return _broken_rules(spec, plain(ordered))
        cases = error.failure_cases
        keys = (
            ordered[spec.partition_column]
            .astype(object)
            .reindex(pd.Index(cases["index"]))
            .fillna(EVERY_SLATE)
        )
        rules = cases["column"].astype(str) + " " + cases["check"].astype(str).replace(WORDS)
        return [
            Violation(
                str(key), str(rule), int(rows["index"].nunique()), str(rows["failure_case"].iloc[0])[:80]
            )
            for (key, rule), rows in cases.assign(key=keys.to_numpy(), rule=rules).groupby(["key", "rule"])
        ]
    return []
