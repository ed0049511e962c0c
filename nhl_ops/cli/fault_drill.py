"""`nhl-ops league drill`: vendor by fault, and what comes of each."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from nhl_ops.cli.show import COLOUR
from nhl_ops.defs.fault_drill import open_drill
from nhl_ops.defs.fault_drill_house import SUBJECTS, Subject
from nhl_ops.defs.fault_drill_league import KINDS
from nhl_ops.defs.house import open_house
from nhl_ops.domain.failures import ConfigError
from nhl_ops.domain.fault_drill import FaultCase
from nhl_ops.gateways.exports.markdown import table
from nhl_ops.gateways.files import write_atomically

MEGABYTE = 1_000_000
COLUMNS = {
    "Vendor": "text",
    "Fault": "text",
    "Outcome": "text",
    "Requests": "count",
    "Waits": "text",
    "Accepted": "count",
    "Duplicate": "count",
    "Other slate": "count",
    "Quarantined": "text",
    "Mapped": "count",
    "Priced": "count",
    "Others": "count",
    "Run": "text",
    "Exit": "count",
    "MB": "text",
}


def drill_vendors(console: Console, vendors: Sequence[str], kinds: Sequence[str], out: Path | None) -> int:
    """Run the cases that are asked for, show them, and write them to a file when one is given."""
    if out is not None and out.suffix not in FORMATS:
        raise ConfigError(
            f"the table cannot be written to {out.name}", f"end its name in {' or '.join(FORMATS)}"
        )
    subjects, wanted = chosen_subjects(vendors), chosen_kinds(kinds)
    pairs = [(subject, kind) for subject in subjects for kind in wanted]
    with open_drill(open_house().settings) as drill:
        cases = [
            drill.run(subject, kind)
            for subject, kind in track(pairs, "faults", console=console, transient=True)
        ]
    console.print(cases_table(cases))
    unbalanced = [case for case in cases if not case.is_balanced]
    for case in unbalanced:
        console.print(Text(f"{case.subject} {case.kind}: its rows do not add up", style="red"))
    if out is not None:
        write_atomically(out, lambda file: file.write_bytes(FORMATS[out.suffix](cases)))
        console.print(Text(f"written to {out}"))
    return 1 if unbalanced else 0


def chosen_subjects(vendors: Iterable[str]) -> list[Subject]:
    """Forms of the vendors that are named, all of them by default. Raises ConfigError for an unknown name."""
    names = [name.strip().upper() for name in vendors]
    known = {s.name.upper() for s in SUBJECTS.values()} | {s.vendor for s in SUBJECTS.values()}
    _require_known("vendor", names, known, SUBJECTS)
    return [s for s in SUBJECTS.values() if not names or {s.name.upper(), s.vendor} & set(names)]


def chosen_kinds(kinds: Iterable[str]) -> list[str]:
    """Kinds of fault, all by default. Raises ConfigError for an unknown one."""
    names = [name.strip().lower() for name in kinds]
    _require_known("kind of fault", names, set(KINDS), KINDS)
    return [kind for kind in KINDS if not names or kind in names]


def _require_known(what: str, names: Sequence[str], known: set[str], shown: Iterable[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ConfigError(f"no {what} is called {', '.join(unknown)}", f"choose from: {', '.join(shown)}")


def row_of(case: FaultCase) -> dict[str, object]:
    """A case by the columns of the table."""
    rules = ", ".join(f"{rule} {count}" for rule, count in case.quarantined_by_rule.items())
    error = f" ({case.error_class})" if case.error_class else ""
    untouched = "" if case.hits or case.kind == "none" else " (nothing to change)"
    values: tuple[object, ...] = (
        case.subject,
        f"{case.kind}{untouched}",
        f"{case.outcome.value}{error}",
        case.attempts,
        ", ".join(f"{wait:.1f}" for wait in case.waits),
        case.accepted,
        case.duplicate,
        case.other_slate,
        rules,
        case.mapped,
        case.priced,
        sum(case.others.values()),
        case.status.value,
        case.status.exit_code,
        f"{case.peak_bytes / MEGABYTE:.1f}",
    )
    return dict(zip(COLUMNS, values, strict=True))


def cases_table(cases: Sequence[FaultCase]) -> Table:
    shown = Table(show_edge=False)
    for name, kind in COLUMNS.items():
        shown.add_column(name, justify="right" if kind == "count" else "left")
    for case in cases:
        shown.add_row(
            *(Text(str(value)) for value in row_of(case).values()),
            style=COLOUR[case.status] if case.status.exit_code else None,
        )
    return shown


def as_markdown(cases: Sequence[FaultCase]) -> bytes:
    columns = [(name, name, kind) for name, kind in COLUMNS.items()]
    return f"{table([row_of(case) for case in cases], columns)}\n".encode()


def as_json(cases: Sequence[FaultCase]) -> bytes:
    return orjson.dumps([_plain(case) for case in cases], option=orjson.OPT_INDENT_2)


def _plain(case: FaultCase) -> dict[str, object]:
    derived = {"is_balanced": case.is_balanced, "exit_code": case.status.exit_code}
    return {**vars(case), "quarantined_by_rule": dict(case.quarantined_by_rule)} | derived


FORMATS = {".md": as_markdown, ".json": as_json}
