"""What a command prints at its end."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nhl_ops.cli.session import Session
from nhl_ops.defs.house import House
from nhl_ops.defs.publishing import notes_of
from nhl_ops.domain.run_summary import RunStatus, RunSummary
from nhl_ops.gateways.exports import wording

COLOUR = {
    RunStatus.SUCCEEDED: "green",
    RunStatus.DEGRADED: "yellow",
    RunStatus.FAILED: "red",
    RunStatus.SKIPPED: "cyan",
}
SLATES_SHOWN = 14


def show_parked(console: Console, session: Session) -> None:
    """Say that another world's data was put aside, and that it is safe."""
    if session.parked:
        place = f".worlds/{session.parked}"
        console.print(f"The {session.parked} world was parked in {place}; it comes back when you use it.")


def show_summary(console: Console, summary: RunSummary) -> None:
    """Slate, games, quotes by vendor, mapped share, best five bets, checks, files, time."""
    console.print(slates_table(summary))
    if summary.best_bets:
        console.print(bets_table(summary))
    failed = [c for c in summary.checks if not c.passed]
    console.print(f"Checks: {len(summary.checks) - len(failed)} passed, {len(failed)} failed")
    for check in failed[:10]:
        console.print(Text(f"  {check.slate or 'all slates'} {check.name}: {check.detail}", style="yellow"))
    for vendor in summary.vendors:
        if vendor.error:
            console.print(Text(f"  {vendor.vendor}: {vendor.outcome.value}: {vendor.error}", style="yellow"))
    for held in summary.held:
        console.print(Text(f"  {held.slate} is held back: {held.reason}", style="yellow"))
    for failure in summary.failures:
        console.print(
            Text(
                f"  {failure.step or 'the run'}: {failure.message}\n  next: {failure.next_command}",
                style="red",
            )
        )
    for file in summary.files:
        console.print(Text(f"  {file}", style="dim"))
    colour = COLOUR[summary.status]
    console.print(
        f"[{colour}]{summary.status.value}[/{colour}] in {summary.seconds:.1f} s · run {summary.run_id[:8]} · "
        f"priced {summary.as_of_mode.value}"
    )


def show_notes(console: Console, house: House, keys: Sequence[str], run_id: str) -> None:
    """Say of each slate that this run published whether it took the place of a withdrawn card, or is withdrawn."""
    for key in keys:
        publication = house.warehouse.published.publication(key)
        if publication is not None and publication.run_id == run_id:
            for note in notes_of(publication).values():
                console.print(Text(f"  {key}: {note}", style="yellow"))


def slates_table(summary: RunSummary) -> Table:
    vendors = sorted({v for f in summary.figures for v in f.quotes_by_vendor})
    table = Table(title=None, show_edge=False)
    table.add_column("Slate")
    table.add_column("Outcome")
    for name in ("Games", *(f"Quotes {v}" for v in vendors), "Mapped", "Best bets"):
        table.add_column(name, justify="right")
    for figures in summary.figures[-SLATES_SHOWN:]:
        table.add_row(
            figures.slate.isoformat(),
            figures.outcome.value.replace("_", " "),
            str(figures.games),
            *(f"{figures.quotes_by_vendor.get(v, 0):,}" for v in vendors),
            wording.share(figures.mapped_share),
            str(figures.best_bets),
        )
    return table


def bets_table(summary: RunSummary) -> Table:
    table = Table(title=f"Best bets of {summary.slates[-1]}", show_edge=False, title_justify="left")
    for name in ("#", "Player", "Market", "Book"):
        table.add_column(name)
    for name in ("Price", "EV vs consensus", "EV vs model"):
        table.add_column(name, justify="right")
    for bet in summary.best_bets[:5]:
        wager = f"{wording.side_label(bet.side)} {wording.line(bet.line)} {wording.market_label(bet.market)}"
        table.add_row(
            str(bet.rank),
            Text(f"{bet.player_name} ({bet.team} v {bet.opponent})"),
            wager,
            Text(bet.book_name),
            wording.american(bet.price_american),
            wording.percent(bet.ev_pct) + (" ?" if bet.is_suspect else ""),
            wording.percent(bet.ev_model_pct),
        )
    return table
