"""`nhl-ops publish`: what readers see of a slate, put back or marked as not to be used."""

from collections import Counter
from collections.abc import Callable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nhl_ops.cli.session import Session, open_session
from nhl_ops.defs.card_moves import roll_back, rolling_behind, tell_the_instance, withdraw
from nhl_ops.defs.locking import exclusive
from nhl_ops.domain.cards import BetChangeKind, Revision
from nhl_ops.domain.failures import MissingInput
from nhl_ops.gateways.publication import Published
from nhl_ops.gateways.publication_manifest import Publication
from nhl_ops.gateways.state_publications import PublicationRow

SLATES_SHOWN = 14
CHANGED = {
    BetChangeKind.ADDED: "added",
    BetChangeKind.REMOVED: "removed",
    BetChangeKind.PRICE: "at another price",
    BetChangeKind.EV: "with another EV",
}
"""Best bets of a version, against the one before."""


def show_status(console: Console, slate: str | None) -> int:
    """Of one slate: what readers see, every move, and what each version changed. Of all: a line for each."""
    with open_session(asks_vendors=False) as session:
        if slate is None:
            _show_last(console, session.house.warehouse.published)
        else:
            _show_slate(console, session, slate)
        _tell_behind(console, rolling_behind(session.house))
    return 0


def _show_last(console: Console, published: Published) -> None:
    undated = published.shown_undated()
    seen = [p for key in published.slates()[-SLATES_SHOWN:] if (p := published.publication(key))]
    for publication in seen:
        console.print(_line(publication, is_undated=publication.game_date == undated))
    if not seen:
        console.print("Nothing is published. `nhl-ops run-daily --all` publishes tonight's slate.")


def _show_slate(console: Console, session: Session, slate: str) -> None:
    published = session.house.warehouse.published
    console.print(_line(_of(session, slate), is_undated=slate == published.shown_undated()))
    console.print(_moves_table(session.house.state.publications([slate])))
    for revision in max(published.history(slate), key=lambda seen: seen.version).revisions:
        console.print(_changes(revision))


def roll_back_card(console: Console, slate: str, to: str | None, by: str, reason: str) -> int:
    return _move(console, lambda session: roll_back(session.house, slate, to, by, reason))


def withdraw_card(console: Console, slate: str, by: str, reason: str) -> int:
    return _move(console, lambda session: withdraw(session.house, slate, by, reason))


def _move(console: Console, move: Callable[[Session], Publication]) -> int:
    with open_session() as session, exclusive(session.root):
        session.house.warehouse.published.reconcile()
        publication = move(session)
        tell_the_instance(session.instance, publication)
        undated = session.house.warehouse.published.shown_undated()
        behind = rolling_behind(session.house)
    console.print(_line(publication, is_undated=publication.game_date == undated))
    _tell_behind(console, behind)
    return 0


def _tell_behind(console: Console, slate: str | None) -> None:
    if slate is not None:
        told = f"The rolling report of {slate} was written before a card of its windows was withdrawn or put back"
        console.print(Text(f"{told}: `nhl-ops run-daily --date {slate} --run-diagnostics` counts anew."))


def _of(session: Session, slate: str) -> Publication:
    found = session.house.warehouse.published.publication(slate)
    if found is None:
        raise MissingInput(
            f"{slate} is not published", f"`nhl-ops run-daily --date {slate} --all` publishes it"
        )
    return found


def _line(publication: Publication, *, is_undated: bool) -> Text:
    """A withdrawn card says so before anything else."""
    line = Text(f"{publication.game_date}: ")
    if publication.withdrawn is not None:
        line.append(publication.withdrawn.sentence + ". ", style="bold red")
    line.append(f"Readers see version {publication.version} of {publication.latest_version}")
    line.append(
        f", published {publication.published_at_utc:%Y-%m-%d %H:%M} UTC by scope {publication.scope_id[:8]}"
    )
    if publication.action == "rollback":
        line.append(f"; rolled back by {publication.by}: {publication.reason}", style="yellow")
    if is_undated:
        line.append("; the names without a date show it")
    return line.append(".")


def _changes(revision: Revision) -> str:
    """What a version changed in the best bets, counted; the daily report lists them one by one."""
    kinds = Counter(CHANGED[change.kind] for change in revision.changes)
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "the same best bets"
    return f"Version {revision.version} after {revision.since}: {told}."


def _moves_table(moves: list[PublicationRow]) -> Table:
    table = Table(show_edge=False)
    for heading in ("Move", "When (UTC)", "What", "Version", "Scope", "By", "Reason"):
        table.add_column(heading, justify="right" if heading in {"Move", "Version"} else "left")
    for move in moves:
        by = move.moved_by or f"run {move.run_id[:8]}"
        table.add_row(
            str(move.seq),
            f"{move.at_utc:%Y-%m-%d %H:%M:%S}",
            move.action,
            str(move.version),
            move.scope_id[:8],
            Text(by),
            Text(move.reason or ""),
        )
    return table
