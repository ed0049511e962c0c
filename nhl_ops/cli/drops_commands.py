# ruff: noqa: PLC0415 - `nhl-ops --help` must not wait for Dagster
"""The options of `nhl-ops drops`; the work is in drops.py, imported when a command runs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

drops_app = typer.Typer(help="Odds that you bought or kept, as files in data/inbox/.", no_args_is_help=True)
console = Console()


@drops_app.command("template")
def drops_template(
    out: Annotated[
        Path,
        typer.Option("--out", help="File to write: .csv, .csv.gz, .csv.zst or .parquet.", metavar="FILE"),
    ],
) -> None:
    """An empty file in the documented format."""
    from nhl_ops.cli.drops import write_template

    raise typer.Exit(write_template(console, out.resolve()))


@drops_app.command("check")
def drops_check(file: Annotated[Path, typer.Argument(help="File to look at; it is not ingested.")]) -> None:
    """What a file would bring: rows accepted, and the others by reason."""
    from nhl_ops.cli.drops import check_file
    from nhl_ops.defs.house import open_house

    limit = open_house().settings.vendors.section("FILE_DROP").max_file_bytes
    raise typer.Exit(check_file(console, file.resolve(), datetime.now(UTC), limit))
