# ruff: noqa: PLC0415 - `nhl-ops --help` must not wait for Dagster
"""The options of `nhl-ops publish`; the work is in publish.py, imported when a command runs."""

import getpass
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

publish_app = typer.Typer(
    help="What readers see: which version of a slate's card, rolled back or withdrawn.", no_args_is_help=True
)
console = Console()

DATE = typer.Option("--date", formats=["%Y-%m-%d"], metavar="DATE", help="Slate (Eastern date).")
Slate = Annotated[datetime, DATE]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept, and readers see it.")]
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who; the user of this machine by default.")
]
To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="SCOPE",
        help="Scope (its start is enough) of the version to show again; by default the one before.",
    ),
]


@publish_app.command()
def status(day: Annotated[datetime | None, DATE] = None) -> None:
    """Versions of a slate's card and every move of it; without a date, what readers see of the last slates."""
    from nhl_ops.cli.publish import show_status

    raise typer.Exit(show_status(console, day.date().isoformat() if day else None))


@publish_app.command()
def rollback(day: Slate, reason: Reason, to: To = None, by: By = None) -> None:
    """Show a former version of a slate again: its tables, files and manifest in one step."""
    from nhl_ops.cli.publish import roll_back_card

    raise typer.Exit(roll_back_card(console, day.date().isoformat(), to, by or getpass.getuser(), reason))


@publish_app.command()
def withdraw(day: Slate, reason: Reason, by: By = None) -> None:
    """Mark a slate's card as not to be used, with the reason at the head of every file. A later run publishes anew."""
    from nhl_ops.cli.publish import withdraw_card

    raise typer.Exit(withdraw_card(console, day.date().isoformat(), by or getpass.getuser(), reason))
