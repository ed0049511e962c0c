"""`run-daily` and `backfill`: one run, then what it did."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from uuid import uuid4

import dagster as dg
from rich.console import Console

from nhl_ops.cli.progress import step_progress
from nhl_ops.cli.session import Session, open_session
from nhl_ops.cli.show import show_notes, show_parked, show_summary
from nhl_ops.defs.locking import exclusive
from nhl_ops.defs.partitions import SLATES
from nhl_ops.defs.registry import register_failure, sync_registry
from nhl_ops.defs.run_files import write_run_files
from nhl_ops.defs.runs import launch
from nhl_ops.defs.scopes import ACCEPT_DEGRADED_TAG, SKIPPED_TAG
from nhl_ops.defs.steps import Step, assets_of
from nhl_ops.domain.failures import ConfigError, WarehouseBroken
from nhl_ops.domain.run_summary import RunStatus, RunSummary
from nhl_ops.domain.slates import AsOfMode, slate_of, slates_between
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.exports.daily_run import write_daily_run


def run_steps(
    console: Console, steps: list[Step], slate: date | None, mode: AsOfMode | None, accept_degraded: bool
) -> int:
    """One slate. Returns the exit code."""
    with open_session() as session:
        show_parked(console, session)
        (key,) = slate_keys(slate or slate_of(session.house.clock.now()))
        if not steps:
            return record_skip(console, session, key)
        tags = {ACCEPT_DEGRADED_TAG: "yes"} if accept_degraded else {}
        return work(console, session, [key], assets_of(steps), mode, tags).exit_code


def run_range(console: Console, start: date, end: date, mode: AsOfMode | None) -> int:
    """The whole graph over a range. Returns the exit code."""
    with open_session() as session:
        show_parked(console, session)
        keys = slate_keys(start, end)
        return work(console, session, keys, assets_of(list(Step)), mode).exit_code


def slate_keys(start: date, end: date | None = None) -> list[str]:
    """Partition keys of a range. Raises ConfigError for dates that are no slates."""
    last = end or start
    if last < start:
        raise ConfigError(f"the range ends ({last}) before it starts ({start})", "swap --start and --end")
    keys = [slate.isoformat() for slate in slates_between(start, last)]
    known = SLATES.get_partition_keys()
    outside = [key for key in keys if not known[0] <= key <= known[-1]]
    if outside:
        raise ConfigError(
            f"{outside[0]} is no slate: they run from {known[0]} to {known[-1]}", "choose another date"
        )
    return keys


def work(
    console: Console,
    session: Session,
    keys: Sequence[str],
    assets: Sequence[str],
    mode: AsOfMode | None,
    tags: Mapping[str, str] = MappingProxyType({}),
    *,
    job: str = "slates",
    parent: dg.DagsterRun | None = None,
) -> RunSummary:
    """Materialize the assets, write the run's files, show the result. parent: the run that this re-executes."""
    title = keys[0] if len(keys) == 1 else f"{keys[0]}..{keys[-1]}"
    with exclusive(session.root):
        with step_progress(console, title, 2 * len(assets)) as on_event:
            try:
                run = launch(
                    session.instance,
                    session.root,
                    job,
                    keys,
                    assets=assets,
                    mode=mode,
                    tags=tags,
                    on_event=on_event,
                    parent=parent,
                )
            except WarehouseBroken as failure:
                register_failure(session.house, job, keys, failure)
                raise
        summary = write_run_files(session.house, session.instance, run)
    show_summary(console, summary)
    show_notes(console, session.house, keys, summary.run_id)
    missing = [key for key in keys if not session.house.warehouse.published.is_published(key)]
    if missing and summary.status is RunStatus.SUCCEEDED:
        console.print(f"Computed, not published: {', '.join(missing[:7])}. A slate is published by --all.")
    return summary


def record_skip(console: Console, session: Session, key: str) -> int:
    """A run that was asked for nothing: recorded in the instance and in its file, so that silence has a reason."""
    now = datetime.now(UTC)
    run_id = str(uuid4())
    slate = date.fromisoformat(key)
    session.instance.add_run(
        dg.DagsterRun(
            job_name="slates",
            run_id=run_id,
            status=dg.DagsterRunStatus.CANCELED,
            tags={"dagster/partition": key, SKIPPED_TAG: "no step was switched on"},
        )
    )
    summary = RunSummary(run_id, (slate,), AsOfMode.LIVE, now, now, RunStatus.SKIPPED)
    path = session.root / names.daily_run(slate)
    if not path.exists():
        write_daily_run(path, summary)
    sync_registry(session.house, session.instance)
    console.print(
        f"Nothing was asked for, so nothing ran for {key}; the skip is recorded as run {run_id[:8]}."
    )
    console.print("Switch steps on, for example: nhl-ops run-daily --all")
    return summary.exit_code
