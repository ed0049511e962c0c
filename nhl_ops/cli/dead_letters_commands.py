# ruff: noqa: PLC0415 - `nhl-ops --help` must not wait for Dagster
"""The options of `nhl-ops dead-letters`; the work is in dead_letters.py, imported when a command runs."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from nhl_ops.gateways.letters import Chosen

dead_letters_app = typer.Typer(
    help="Rows and payloads that broke their contract: see, replay, clear.", no_args_is_help=True
)
console = Console()

VENDOR = typer.Option("--vendor", metavar="NAME", help="UNABATED, PLAYNOW, NHL, ...")
DATE = typer.Option("--date", formats=["%Y-%m-%d"], metavar="DATE", help="Eastern date of the capture.")
RULE = typer.Option("--rule", metavar="RULE", help="The rule that was broken, as `list` names it.")
Vendor = Annotated[str | None, VENDOR]
Day = Annotated[datetime | None, DATE]
Rule = Annotated[str | None, RULE]
All = Annotated[bool, typer.Option("--all", help="Replayed and cleared ones too.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="Most entries to show.")]


@dead_letters_app.command("list")
def list_(
    vendor: Vendor = None, day: Day = None, rule: Rule = None, everything: All = False, limit: Limit = 50
) -> None:
    """How many there are, by vendor, date of capture and rule."""
    from nhl_ops.cli.dead_letters import list_letters

    raise typer.Exit(list_letters(console, chosen(vendor, day, rule, everything=everything), limit))


@dead_letters_app.command()
def show(
    vendor: Vendor = None, day: Day = None, rule: Rule = None, everything: All = False, limit: Limit = 20
) -> None:
    """The letters: what was expected where, what came, and the payload that it came in."""
    from nhl_ops.cli.dead_letters import show_letters

    raise typer.Exit(show_letters(console, chosen(vendor, day, rule, everything=everything), limit))


@dead_letters_app.command()
def replay(vendor: Annotated[str, VENDOR], day: Annotated[datetime, DATE], rule: Rule = None) -> None:
    """After a fix: parse their payloads again, store what is good by now, compute the slates it changes.

    A payload is replayed whole, also when a rule chooses it. Exit codes as of run-daily.
    """
    from nhl_ops.cli.dead_letters import replay_letters

    raise typer.Exit(replay_letters(console, vendor.upper(), day.date().isoformat(), rule))


@dead_letters_app.command()
def clear(
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept with them.")],
    vendor: Vendor = None,
    day: Day = None,
    rule: Rule = None,
) -> None:
    """Put letters aside that no fix will make good. They stay, with the reason, and stay counted."""
    from nhl_ops.cli.dead_letters import clear_letters

    raise typer.Exit(clear_letters(console, chosen(vendor, day, rule, everything=False), reason))


def chosen(vendor: str | None, day: datetime | None, rule: str | None, *, everything: bool) -> "Chosen":
    from nhl_ops.contracts.dead_letters import LetterState
    from nhl_ops.gateways.letters import Chosen

    states = tuple(LetterState) if everything else (LetterState.OPEN,)
    return Chosen(vendor.upper() if vendor else None, day.date().isoformat() if day else None, rule, states)
