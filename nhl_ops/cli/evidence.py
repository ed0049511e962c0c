"""`nhl-ops evidence rebuild`, `nhl-ops evidence runs` and `nhl-ops prune`."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nhl_ops.cli.session import Session, open_session
from nhl_ops.contracts.evidence import RUN, RunState
from nhl_ops.defs.evidence_rebuild import Match, Rebuilt, rebuild
from nhl_ops.defs.locking import exclusive
from nhl_ops.defs.pruning import prune
from nhl_ops.defs.registry import registered_between, sync_registry
from nhl_ops.domain.failures import MissingInput
from nhl_ops.domain.slates import slate_of, slates_between
from nhl_ops.gateways.exports import wording

DIFFERENCES_SHOWN = 5


def rebuild_evidence(console: Console, start: date, end: date, out: Path | None) -> int:
    """Returns 1 when a table of a slate is not what is published."""
    with open_session(asks_vendors=False) as session, TemporaryDirectory() as scratch:
        published = session.house.warehouse.published
        keys = [k for s in slates_between(start, end) if published.is_published(k := s.isoformat())]
        if not keys:
            raise MissingInput(
                f"nothing is published between {start} and {end}",
                f"run `nhl-ops backfill --start {start} --end {end}` first",
            )
        found = list(rebuild(session.house, session.instance, keys, out or Path(scratch)))
    show_rebuilt(console, found)
    wrong = [r for r in found if r.match is not Match.IDENTICAL]
    for one in wrong[:DIFFERENCES_SHOWN]:
        console.print(Text(f"{one.table} {one.slate}: {one.match}. {one.first_difference}".rstrip()))
    if wrong:
        console.print("Next: nhl-ops run-daily --date <slate> --all computes a slate and its evidence again.")
    return 1 if wrong else 0


def show_rebuilt(console: Console, found: Iterable[Rebuilt]) -> None:
    counts: dict[str, Counter[Match]] = {}
    rows: Counter[str] = Counter()
    for one in found:
        counts.setdefault(one.table, Counter())[one.match] += 1
        rows[one.table] += one.rows
    table = Table("Table", *(match.value.capitalize() for match in Match), "Rows", title="Slates, rebuilt")
    for name, matches in counts.items():
        table.add_row(name, *(f"{matches[match]:,}" for match in Match), f"{rows[name]:,}")
    console.print(table)


def show_runs(console: Console, days: int) -> int:
    with open_session(asks_vendors=False) as session:
        sync_registry(session.house, session.instance)
        rows = latest_of_runs(session, days)
    console.print(runs_table(rows))
    for row in rows.to_dict("records"):
        if told := "; ".join(
            row[name] for name in ("missing", "error_summary") if isinstance(row[name], str)
        ):
            console.print(Text(f"{row['run_id_dagster'][:8]}  {told}"), soft_wrap=True)
    return 0


def runs_table(rows: pd.DataFrame) -> Table:
    """A line a run, whole at 80 characters."""
    table = Table(box=SIMPLE_HEAD)
    for heading in ("Run", "State", "Slates", "By", "Out", "Held", "Seconds"):
        table.add_column(heading, no_wrap=True)
    for row in rows.to_dict("records"):
        table.add_row(
            row["run_id_dagster"][:8],
            row["state"],
            slates_told(row),
            row["launched_by"],
            wording.count(row["published"]),
            wording.count(row["held"]),
            wording.MISSING if pd.isna(row["seconds"]) else f"{row['seconds']:,.1f}",
        )
    return table


def slates_told(row: Mapping[Hashable, Any]) -> str:
    first, last = row["first_slate"], row["last_slate"]
    if pd.isna(first):
        return wording.MISSING
    return str(first) if first == last else f"{first} +{int(row['slates']) - 1}"


def latest_of_runs(session: Session, days: int) -> pd.DataFrame:
    """The newest state of each run that was created in the last days, the newest run first."""
    today = slate_of(datetime.now(UTC))
    rows = registered_between(session.house, today - timedelta(days=days - 1), today)
    runs = rows[rows["step"] == RUN].assign(is_end=lambda r: r["state"] != RunState.STARTED)
    newest = runs.sort_values(["at_utc", "is_end"]).drop_duplicates("run_id_dagster", keep="last")
    return newest.sort_values("at_utc", ascending=False)


def prune_runs(console: Console, keep_days: int, *, dry_run: bool) -> int:
    before = datetime.now(UTC) - timedelta(days=keep_days)
    with open_session(asks_vendors=False) as session, exclusive(session.root):
        gone = list(prune(session.house, session.instance, before, rehearse=dry_run))
    verb = "would leave" if dry_run else "left"
    files, size = sum(p.files for p in gone), sum(p.size_bytes for p in gone)
    console.print(
        f"{len(gone)} run(s) that ended before {before:%Y-%m-%d %H:%M} UTC {verb} the instance, with {files:,} "
        f"unpublished tables ({size / 1e6:,.1f} MB)."
    )
    if gone and not dry_run:
        console.print("Their events are in data/event_log/; every published slate is as it was.")
    return 0
