"""`nhl-ops drops`: an empty file of the contract, and what a filled one would bring. Neither touches the project."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import typer
from rich.console import Console
from rich.text import Text

from nhl_ops.domain.escaping import plain_text
from nhl_ops.domain.failures import AccessDenied, MissingInput
from nhl_ops.gateways import file_drop_report as report
from nhl_ops.gateways.file_drop_contract import DropError, template
from nhl_ops.gateways.file_drop_folder import read_unchanged
from nhl_ops.gateways.file_drop_pages import findings_of, open_drop
from nhl_ops.gateways.files import write_atomically

ALL_GOOD, REFUSED, SOME_REJECTED = 0, 1, 3
TYPES = {
    "game_date": pa.date32(),
    "start_time": pa.timestamp("us", tz="UTC"),
    "line": pa.float64(),
    "price": pa.float64(),
    "seen_at": pa.timestamp("us", tz="UTC"),
    "updated_at": pa.timestamp("us", tz="UTC"),
    "birth_date": pa.date32(),
}
"""Columns of a Parquet template that are no text."""


def write_template(console: Console, out: Path) -> int:
    """An empty CSV or Parquet file with the contract's columns. Raises AccessDenied when `out` exists."""
    writers = {".csv": pa_csv.write_csv, ".parquet": pq.write_table}
    write = writers.get(out.suffix.lower())
    if write is None:
        raise typer.BadParameter(f"{out.name} must end in .csv or .parquet")
    if out.exists():
        raise AccessDenied(f"{out} exists and is not overwritten", "choose another name")
    empty = pa.table({name: pa.array([], TYPES.get(name, pa.string())) for name in template()})
    write_atomically(out, lambda beside: write(empty, beside))
    console.print(Text(f"{out}: {empty.num_columns} columns, no rows. docs/file_drops.md says what goes in."))
    return 0


def check_file(console: Console, path: Path, now: datetime, max_file_bytes: int) -> int:
    """Print what ingesting a file at `now` would bring.

    Returns 0 when every price would be accepted, 3 when some would be rejected, 1 when the file would be.
    """
    try:
        body = read_unchanged(path.resolve(), max_file_bytes)
    except FileNotFoundError as error:
        raise MissingInput(f"{path} is not there", "check the path") from error
    except DropError as problem:
        return _refuse(console, path, problem)
    except OSError as error:
        raise AccessDenied(
            f"{path} cannot be read: {error.strerror}", "name a file that this user may read"
        ) from error
    if body is None:
        raise MissingInput(f"{path} changed while it was read", "wait until it has been copied")
    try:
        found = findings_of(open_drop(body, now, limit=max_file_bytes))
    except DropError as problem:
        return _refuse(console, path, problem)
    name = plain_text(path.name, 120)
    digest = sha256(body).hexdigest()
    if not found.accepted:
        why = report.nothing_usable(found)
        _print(console, report.of_rejected(name, body, digest, None, why, found))
        return REFUSED
    _print(console, report.of_check(name, body, digest, found))
    return SOME_REJECTED if found.rejected else ALL_GOOD


def _refuse(console: Console, path: Path, problem: DropError) -> int:
    name = plain_text(path.name, 120)
    console.print(Text(f"{name} would be rejected: {plain_text(str(problem), 1_000)}."), soft_wrap=True)
    return REFUSED


def _print(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)
