"""The rules of a table as a pandera schema, and its violations row by row."""

from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from nhl_ops.contracts.spec import Column, TableSpec


@dataclass(frozen=True)
class Violation:
    """One rule that some rows of a slate break."""

    key: str
    rule: str
    rows: int
    example: str


def frame_schema(spec: TableSpec) -> pa.DataFrameSchema:
    """Types, nulls, allowed values, bounds and the unique key."""
    return pa.DataFrameSchema(
        {c.name: pa.Column(c.pandas_dtype, _checks(c), nullable=c.nullable) for c in spec.columns},
        unique=list(spec.key),
        strict=True,
        name=spec.name,
    )


def _checks(column: Column) -> list[pa.Check]:
    checks = []
    if column.allowed:
        checks.append(
            pa.Check.isin([str(a) for a in column.allowed], name=f"is one of {', '.join(column.allowed)}")
        )
    if column.ge is not None:
        checks.append(pa.Check.ge(column.ge, name=f"is at least {column.ge:g}"))
    if column.le is not None:
        checks.append(pa.Check.le(column.le, name=f"is at most {column.le:g}"))
    return checks


def violations(spec: TableSpec, frame: pd.DataFrame) -> list[Violation]:
    """Every broken rule by slate, with the number of rows and one offending value."""
    ordered = frame.reset_index(drop=True)
    try:
        frame_schema(spec).validate(ordered, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        keys = ordered[spec.partition_column].reindex(pd.Index(cases["index"])).fillna("every slate")
        cases = cases.assign(
            key=keys.to_numpy(), rule=cases["column"].astype(str) + " " + cases["check"].astype(str)
        )
        return [
            Violation(
                str(key), str(rule), int(rows["index"].nunique()), repr(rows["failure_case"].iloc[0])[:80]
            )
            for (key, rule), rows in cases.groupby(["key", "rule"], sort=True)
        ]
    return []
