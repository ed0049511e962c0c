"""`nhl-ops demo`: the main job on the embedded league, as a newcomer meets it."""

from datetime import timedelta

from rich.console import Console

from nhl_ops.cli.daily import work
from nhl_ops.cli.session import open_session
from nhl_ops.cli.show import show_parked
from nhl_ops.defs.steps import Step, assets_of
from nhl_ops.domain.slates import AsOfMode, slate_of
from nhl_ops.gateways.exports import names

PAST_SLATES = 7
LEAGUE_GROWS_OLD_DAYS = 14


def run_demo(console: Console) -> int:
    """Backfill the last seven slates as one range, then tonight's. Returns the exit code."""
    with open_session() as session:
        show_parked(console, session)
        if session.days_behind > LEAGUE_GROWS_OLD_DAYS:
            console.print(
                f"The synthetic league is {session.days_behind} days old; `make clean` lets a new one be built."
            )
        tonight = slate_of(session.house.clock.now())
        past = [(tonight - timedelta(days=n)).isoformat() for n in range(PAST_SLATES, 0, -1)]
        assets = assets_of(list(Step))
        console.print(f"[bold]1. The last {PAST_SLATES} slates, as one run over a range[/bold]")
        first = work(console, session, past, assets, AsOfMode.PRETIP)
        console.print(f"\n[bold]2. Tonight, {tonight}[/bold]")
        second = work(console, session, [tonight.isoformat()], assets, AsOfMode.LIVE)
        show_next(console)
    return max(first.exit_code, second.exit_code, key=lambda code: (code == 1, code))


def show_next(console: Console) -> None:
    console.print("\n[bold]Where to look[/bold]")
    console.print(f"  {names.BEST_BETS_WORKBOOK}   tonight's best bets and every price behind them")
    console.print(f"  {names.MONITORING}/   the daily report, the rolling report, the run and ingest status")
    console.print(f"  {names.AUDITS}/   every number of every bet, from projected mean to EV")
    console.print("  data/db/nhl_backtest.duckdb   all published tables, for any SQL tool (read-only)")
    console.print("[bold]What to try next[/bold]")
    console.print("  make dev   the Dagster UI: graph, metadata, checks, materialize a slate")
    console.print("  .venv/bin/nhl-ops run-daily --all   the same card from the command")
    console.print("  .venv/bin/nhl-ops --help")
