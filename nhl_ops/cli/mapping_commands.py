# ruff: noqa: PLC0415 - `nhl-ops --help` must not wait for Dagster
"""The options of `nhl-ops mapping` and `nhl-ops gaps`; the work is in mapping.py, imported when a command runs."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

mapping_app = typer.Typer(help="Names that no rule could map to a player.", no_args_is_help=True)
gaps_app = typer.Typer()
console = Console()

DATE = typer.Option(
    "--date", formats=["%Y-%m-%d"], metavar="DATE", help="One slate; all published ones by default."
)
Name = Annotated[str, typer.Argument(help="The name as the vendor spells it.")]
PlayerId = Annotated[int, typer.Argument(help="NHL player id.", min=1)]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept beside the decision.")]


@mapping_app.command("review")
def mapping_review(
    day: Annotated[datetime | None, DATE] = None,
) -> None:
    """Unmapped names of published slates with their likeliest players."""
    from nhl_ops.cli.mapping import review

    raise typer.Exit(review(console, day.date().isoformat() if day else None))


@mapping_app.command("accept")
def mapping_accept(name: Name, player_id: PlayerId, reason: Reason) -> None:
    """The name means this player: a row of config/aliases.csv."""
    from nhl_ops.cli.mapping import accept

    raise typer.Exit(accept(console, name, player_id, reason))


@mapping_app.command("reject")
def mapping_reject(name: Name, player_id: PlayerId, reason: Reason) -> None:
    """The name is not this player: he is not suggested for it again."""
    from nhl_ops.cli.mapping import reject

    raise typer.Exit(reject(console, name, player_id, reason))


@gaps_app.command()
def gaps() -> None:
    """Published slates that would be computed otherwise now: an alias added, prices parsed since."""
    from nhl_ops.cli.mapping import gaps as show_gaps

    raise typer.Exit(show_gaps(console))
