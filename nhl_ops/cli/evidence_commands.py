# ruff: noqa: PLC0415 - `nhl-ops --help` must not wait for Dagster
"""The options of `nhl-ops evidence ...`, `prune` and `golden-run`; the work is in evidence.py and golden.py."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

DAY = ["%Y-%m-%d"]

evidence_app = typer.Typer(
    help="What runs left behind: the registry, and the evidence tables made again.", no_args_is_help=True
)
prune_app = typer.Typer()
golden_app = typer.Typer()
console = Console()


@evidence_app.command()
def rebuild(
    start: Annotated[
        datetime, typer.Option("--start", formats=DAY, metavar="DATE", help="First slate, YYYY-MM-DD.")
    ],
    end: Annotated[
        datetime, typer.Option("--end", formats=DAY, metavar="DATE", help="Last slate, included.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder to keep the rebuilt tables in.", metavar="DIR"),
    ] = None,
) -> None:
    """Make the daily evidence again from the event log and its export alone, and compare it with the published one.

    Exit code 1: a table differs or no log tells it.
    """
    from nhl_ops.cli.evidence import rebuild_evidence

    raise typer.Exit(rebuild_evidence(console, start.date(), end.date(), out and out.resolve()))


@evidence_app.command()
def runs(
    days: Annotated[int, typer.Option("--days", help="Runs created in so many last days.", min=1)] = 7,
) -> None:
    """The registry: every run of the last days, skipped, failed and killed ones too."""
    from nhl_ops.cli.evidence import show_runs

    raise typer.Exit(show_runs(console, days))


@prune_app.command()
def prune(
    keep_days: Annotated[
        int, typer.Option("--keep-days", help="Runs that ended in so many last days stay.", min=0)
    ] = 90,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Take old runs out of Dagster's storage: exported first, then deleted, with the tables that nobody published.

    What is published stays, and so do the registry, the manifests and the archive.
    """
    from nhl_ops.cli.evidence import prune_runs

    raise typer.Exit(prune_runs(console, keep_days, dry_run=dry_run))


@golden_app.command("golden-run")
def golden_run(
    update: Annotated[
        bool, typer.Option("--update", help="Record the results of today's code instead of comparing.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why the numbers change; it goes to CHANGELOG.md.")
    ] = None,
) -> None:
    """Run a fixed slate of a fixed league and compare every table and file with the recorded ones.

    Exit code 1: something differs; the first differing rows are shown.
    """
    from nhl_ops.cli.golden import check_golden, update_golden

    raise typer.Exit(update_golden(console, reason) if update else check_golden(console))
