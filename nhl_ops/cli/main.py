"""`nhl-ops`: the commands."""

import logging
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from nhl_ops.cli.care_commands import care_app
from nhl_ops.cli.dead_letters_commands import dead_letters_app
from nhl_ops.cli.drops_commands import drops_app
from nhl_ops.cli.evidence_commands import evidence_app, golden_app, prune_app
from nhl_ops.cli.keep_commands import keep_app
from nhl_ops.cli.mapping_commands import gaps_app, mapping_app
from nhl_ops.cli.publish_commands import publish_app
from nhl_ops.domain.failure_signatures import as_failure
from nhl_ops.domain.failures import CodeDefect
from nhl_ops.domain.slates import AsOfMode

app = typer.Typer(
    name="nhl-ops",
    help="NHL player-prop odds: from vendors to published best bets, for tonight or for a range of slates.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
league_app = typer.Typer(help="The embedded league: a whole NHL on a loopback server.", no_args_is_help=True)
export_app = typer.Typer(help="Published tables as files.", no_args_is_help=True)
app.add_typer(league_app, name="league")
app.add_typer(export_app, name="export")
app.add_typer(mapping_app, name="mapping")
app.add_typer(gaps_app)
app.add_typer(dead_letters_app, name="dead-letters")
app.add_typer(care_app)
app.add_typer(publish_app, name="publish")
app.add_typer(keep_app)
app.add_typer(evidence_app, name="evidence")
app.add_typer(prune_app)
app.add_typer(golden_app)
app.add_typer(drops_app, name="drops")

console = Console()

DAY = ["%Y-%m-%d"]
Start = Annotated[
    datetime, typer.Option("--start", formats=DAY, metavar="DATE", help="First slate, YYYY-MM-DD.")
]
End = Annotated[datetime, typer.Option("--end", formats=DAY, metavar="DATE", help="Last slate, included.")]
Mode = Annotated[
    AsOfMode | None,
    typer.Option(
        help="Moment that is priced: live = now, pretip = each game's start, morning = 10:00 Eastern. "
        "By default live for tonight and pretip for a past slate."
    ),
]


def days_of(start: datetime, end: datetime) -> tuple[date, date]:
    """Both ends as dates. Raises BadParameter when the range ends before it starts."""
    if end < start:
        raise typer.BadParameter(
            f"the range ends ({end.date()}) before it starts ({start.date()}); swap --start and --end"
        )
    return start.date(), end.date()


@app.command("run-daily")
def run_daily(
    day: Annotated[
        datetime | None,
        typer.Option(
            "--date", formats=DAY, metavar="DATE", help="Slate (Eastern date); tonight's by default."
        ),
    ] = None,
    run_all: Annotated[
        bool, typer.Option("--all", envvar="NHL_OPS_RUN_ALL", help="Every step, in order.")
    ] = False,
    odds_ingestion: Annotated[
        bool,
        typer.Option(
            "--run-odds-ingestion", envvar="NHL_OPS_RUN_ODDS_INGESTION", help="Capture, parse, map."
        ),
    ] = False,
    projections: Annotated[
        bool,
        typer.Option(
            "--run-projections", envvar="NHL_OPS_RUN_PROJECTIONS", help="Features to probabilities."
        ),
    ] = False,
    ev: Annotated[
        bool, typer.Option("--run-ev", envvar="NHL_OPS_RUN_EV", help="Fair prices and best bets.")
    ] = False,
    outcomes: Annotated[
        bool, typer.Option("--run-outcomes", envvar="NHL_OPS_RUN_OUTCOMES", help="Results and settlement.")
    ] = False,
    diagnostics: Annotated[
        bool, typer.Option("--run-diagnostics", envvar="NHL_OPS_RUN_DIAGNOSTICS", help="Reports.")
    ] = False,
    as_of_mode: Mode = None,
    accept_degraded: Annotated[
        bool,
        typer.Option(
            "--accept-degraded", help="Publish even a card with fewer prices than the published one."
        ),
    ] = False,
) -> None:
    """The day's work for one slate. Without a switch nothing runs and a skip is recorded.

    Exit code 0: all that was asked for succeeded. 3: degraded (a vendor failed, the rest is published). 1: failed.
    """
    from nhl_ops.cli.daily import run_steps
    from nhl_ops.defs.steps import Step

    switches = [odds_ingestion, projections, ev, outcomes, diagnostics]
    steps = [step for step, on in zip(Step, switches, strict=True) if on or run_all]
    raise typer.Exit(run_steps(console, steps, day.date() if day else None, as_of_mode, accept_degraded))


@app.command()
def backfill(
    start: Start,
    end: End,
    as_of_mode: Mode = AsOfMode.PRETIP,
) -> None:
    """The whole graph over a range of slates, as one run."""
    from nhl_ops.cli.daily import run_range

    raise typer.Exit(run_range(console, *days_of(start, end), as_of_mode))


@app.command()
def demo() -> None:
    """The main job on the embedded league: seven past slates as one range, then tonight's card."""
    from nhl_ops.cli.demo import run_demo

    raise typer.Exit(run_demo(console))


@app.command()
def dev(port: Annotated[int, typer.Option(help="Port of the UI on 127.0.0.1.")] = 3000) -> None:
    """The Dagster UI on loopback, with the embedded league ticking beside it."""
    from nhl_ops.cli.dev import run_ui

    raise typer.Exit(run_ui(console, port))


@league_app.command("serve")
def league_serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8765,
    ticking: Annotated[bool, typer.Option(help="Let the virtual time run.")] = False,
) -> None:
    """Serve the league until Ctrl-C; NHL_OPS_LEAGUE=recorded and NHL_OPS_LEAGUE_DATA choose a recorded one."""
    from nhl_ops.cli.dev import serve_league

    raise typer.Exit(serve_league(console, port, ticking))


@league_app.command("drill")
def league_drill(
    vendor: Annotated[
        list[str] | None,
        typer.Option("--vendor", metavar="NAME", help="UNABATED, NHL, ...; several times for several. All."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND", help="status_503, ...; several times for several. All."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also write the table: .md or .json.", metavar="FILE")
    ] = None,
) -> None:
    """Let each vendor fail in each way on a small league of its own, and show what comes of it.

    It touches nothing of the project. Exit code 1: rows of a case did not add up.
    """
    from nhl_ops.cli.fault_drill import drill_vendors

    raise typer.Exit(drill_vendors(console, vendor or [], kind or [], out and out.resolve()))


@export_app.command("probabilities")
def export_probabilities(
    start: Start,
    end: End,
    out: Annotated[Path, typer.Option("--out", help="Parquet file to write.", metavar="FILE")],
) -> None:
    """Published probabilities of every skater and starting goalie who played."""
    from nhl_ops.cli.export import write_probabilities

    raise typer.Exit(write_probabilities(console, *days_of(start, end), out.resolve()))


def main() -> None:
    """Entry point: a failure the house can name is one message on stderr and exit code 1; a defect has its trace."""
    logging.getLogger("dagster").setLevel(logging.ERROR)
    try:
        app()
    except Exception as error:
        failure = as_failure(error)
        if isinstance(failure, CodeDefect) and failure is not error:
            raise
        message = Text.assemble((str(failure.failure_class), "red"), " ", str(failure))
        Console(stderr=True).print(message, soft_wrap=True)
        sys.exit(1)
