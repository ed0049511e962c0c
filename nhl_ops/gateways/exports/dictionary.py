"""The data dictionary, written from the contracts: docs/data_dictionary.md is what `data_dictionary` returns.

What belongs here: how a `TableSpec` reads as Markdown. What does not: any word about a table that is not in its
contract.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from nhl_ops.contracts.publications import SLATE_PUBLICATIONS
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import AUDIT_COLUMNS, Column, TableSpec
from nhl_ops.domain.escaping import markdown_code, markdown_text

COMMAND = "make docs"
GROUPS = {
    "results": "Reference and results",
    "odds": "Odds",
    "projections": "Projections",
    "ev": "Expected value",
    "outcomes": "Outcomes",
    "reports": "Reports",
    "publication": "Publication",
    "evidence": "Evidence",
}
INTRODUCTION = f"""# Data dictionary

Every table of nhl_ops, from `nhl_ops/contracts/`. Do not edit this page: `{COMMAND}` writes it again after a change of
a contract.

`data/db/nhl_backtest.duckdb` has a view of each table under the same name. It shows all stored rows of an
observation and the published rows of a derivation. Its columns carry these descriptions as comments.

- **Observation**: keyed by what was seen. Rows are added, none is changed or deleted.
- **Derivation**: computed for a slate by a run. A later run of the slate makes its rows anew.
- **Partition**: the date by which the rows are stored: the slate, or the Eastern date of a capture.
- **Fresh for**: how old the newest stored date (of a derivation: the newest published slate) may be, counted from the
  end of that Eastern date.
- Rules are checked for every row: a slate with a row that breaks one is held back.
- `timestamp` columns are UTC. `probability` is from 0 to 1; `%` means that 5.3 is 5.3%."""


SHOWN = {**TABLES, SLATE_PUBLICATIONS.name: SLATE_PUBLICATIONS}
"""Every view of the catalog."""


def data_dictionary(tables: Mapping[str, TableSpec] = SHOWN) -> str:
    """The whole page as Markdown; ends with a newline. Raises KeyError for a group that `GROUPS` does not name."""
    rank = {group: position for position, group in enumerate(GROUPS)}
    ordered = sorted(tables.values(), key=lambda spec: rank[spec.group])
    parts = [INTRODUCTION, _index(ordered), _audit_columns()]
    for group, specs in groupby(ordered, key=lambda spec: spec.group):
        parts += [f"## {GROUPS[group]}", *map(_table, specs)]
    return "\n\n".join(parts) + "\n"


def _index(specs: Iterable[TableSpec]) -> str:
    rows = [
        (f"[{spec.name}](#{spec.name})", spec.kind.value, GROUPS[spec.group], str(len(spec.columns)))
        for spec in specs
    ]
    return _grid(("Table", "Kind", "Group", "Columns"), rows)


def _audit_columns() -> str:
    heading = "## Columns of every row\n\nThe warehouse adds these to each row of each table."
    return f"{heading}\n\n{_columns(AUDIT_COLUMNS)}"


def _table(spec: TableSpec) -> str:
    facts = [
        f"- {spec.kind.value.capitalize()}, partitioned by {markdown_code(spec.partition_column)}.",
        f"- Key: {', '.join(map(markdown_code, spec.key))}.",
    ]
    if spec.max_age_hours is not None:
        facts.append(f"- Fresh for {spec.max_age_hours:g} hours.")
    facts += [
        f"- {', '.join(map(markdown_code, rule.columns))}: {markdown_text(str(rule))}." for rule in spec.nulls
    ]
    described = markdown_text(spec.description)
    return "\n\n".join([f"### {spec.name}", described, "\n".join(facts), _columns(spec.columns)])


def _columns(columns: Sequence[Column]) -> str:
    rows = [
        (
            markdown_code(c.name),
            f"{c.dtype.value}{', may be null' if c.nullable else ''}",
            c.unit,
            markdown_text(c.description),
            markdown_text(_rules(c)),
        )
        for c in columns
    ]
    return _grid(("Column", "Type", "Unit", "Meaning", "Rules"), rows)


def _rules(column: Column) -> str:
    bounds = [
        f"{word} {limit:g}"
        for word, limit in (
            ("at least", column.ge),
            ("at most", column.le),
            ("above", column.gt),
            ("below", column.lt),
        )
        if limit is not None
    ]
    allowed = [f"one of {', '.join(column.allowed)}"] if column.allowed else []
    return "; ".join([*allowed, *bounds])


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table without padding, so that one changed cell is one changed line."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(data_dictionary())
