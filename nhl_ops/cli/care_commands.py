# ruff: noqa: PLC0415 - `nhl-ops --help` must not wait for Dagster
"""Commands for the person on duty: what is wrong, and trying again."""

from typing import Annotated

import typer
from rich.console import Console

care_app = typer.Typer()
console = Console()

RunId = Annotated[
    str | None,
    typer.Argument(help="The run's id or its beginning; by default the newest that did not end well."),
]


@care_app.command()
def triage(run: RunId = None) -> None:
    """What failed in a run, since when, what it holds back and what to do. Exit code as of the run."""
    from nhl_ops.cli.triage import triage as tell

    raise typer.Exit(tell(console, run))


@care_app.command()
def rerun(run: RunId = None) -> None:
    """A run that failed once more: in its scope (A), as a new run (B), or refused with the reason (C)."""
    from nhl_ops.cli.triage import rerun as again

    raise typer.Exit(again(console, run))


@care_app.command()
def health() -> None:
    """Store, state, sources, freshness, runs, queue, disk, dead letters, schedules. Exit code 0, 3 or 1."""
    from nhl_ops.cli.health import health as look

    raise typer.Exit(look(console))
