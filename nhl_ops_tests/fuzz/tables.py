"""Do frames meet their contract? Asked of each alone where that is quick, and of all at once where it takes long."""

from collections import defaultdict
from dataclasses import replace

import pandas as pd

from nhl_ops.contracts.schema import violations
from nhl_ops.contracts.spec import TableSpec


def require_a_table(spec: TableSpec, frame: pd.DataFrame) -> None:
    """Columns, types and key."""
    assert frame.columns.tolist() == spec.column_names
    assert frame.dtypes.astype(str).to_dict() == {c.name: c.pandas_dtype for c in spec.columns}
    assert not frame.duplicated(list(spec.key)).any()


def require_contracts(tables: list[tuple[TableSpec, pd.DataFrame]]) -> None:
    """All rows of a table at once, since a validation takes long; keys are those of one payload each."""
    by_name: dict[str, list[pd.DataFrame]] = defaultdict(list)
    specs = {spec.name: replace(spec, key=()) for spec, _ in tables}
    for spec, frame in tables:
        if len(frame):
            by_name[spec.name].append(frame)
    for name, frames in by_name.items():
        assert violations(specs[name], pd.concat(frames, ignore_index=True)) == []
