"""`fact_run_registry`: what came of every run and step, kept by the commands and by a sensor.

The rows are read off the instance, so that keeping them twice adds nothing. What cannot be stored (a full disk)
waits in a file whose room is taken in advance.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pandas as pd

from nhl_ops.contracts.evidence import FACT_RUN_REGISTRY, RUN, RunState
from nhl_ops.defs.event_log import EventLog
from nhl_ops.defs.house import House
from nhl_ops.defs.partitions import SLATES
from nhl_ops.defs.run_record import FAILED_OUTCOMES, RunRecord, read_record, vendor_outcomes
from nhl_ops.defs.run_summaries import held_by, status_of
from nhl_ops.defs.runs import slates_of
from nhl_ops.defs.scopes import AS_OF_MODE_TAG, BACKFILL_TAG, SKIPPED_TAG
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.defs.tables import asset_spec
from nhl_ops.defs.versions import code_version
from nhl_ops.domain.failures import Failure
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.spool import Spool
from nhl_ops.gateways.warehouse import Audit

SPOOL = "data/run_registry.spool"
WRITER = "registry"
MARGIN = timedelta(hours=1)
"""How far before its newest row the registry looks again: two processes may end runs at once."""
ERROR_CHARS = 500
ENDED = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED}
RUN_REGISTRY = asset_spec(FACT_RUN_REGISTRY, [])
Row = dict[str, object]


def sync_registry(house: House, instance: dg.DagsterInstance) -> int:
    """Add what the instance knows of runs and the registry does not; returns the number of new rows."""
    since = newest_row(house)
    changed = dg.RunsFilter(updated_after=None if since is None else since - MARGIN)
    records = sorted(instance.get_run_records(changed), key=lambda r: r.update_timestamp)
    known = ended_runs(house, {created_on(r) for r in records})
    rows = [row for r in records if r.dagster_run.run_id not in known for row in rows_of(house, instance, r)]
    return keep(house, rows)


def keep_records(house: House, instance: dg.DagsterInstance) -> None:
    """What the instance alone knows of runs that have ended, as files: their rows of the registry and their events."""
    sync_registry(house, instance)
    ended = instance.get_run_records(dg.RunsFilter(statuses=list(ENDED)))
    EventLog(instance, house.root).export_new(record.dagster_run.run_id for record in ended)


def register_run(house: House, instance: dg.DagsterInstance, run_id: str, told: RunRecord) -> int:
    """Add one run of which the record is at hand; returns the number of new rows."""
    record = instance.get_run_record_by_id(run_id)
    return 0 if record is None else keep(house, rows_of(house, instance, record, told))


def register_failure(house: House, job: str, keys: Sequence[str], failure: Failure) -> None:
    """A run that the instance itself could not record, because its storage failed."""
    now = datetime.now(UTC)
    base = {
        "run_date": slate_of(now).isoformat(),
        "run_id_dagster": f"unrecorded-{now:%Y%m%dT%H%M%S%f}",
        "job": job,
        "launched_by": "command",
    }
    slates = {"first_slate": keys[0], "last_slate": keys[-1]} if keys else {}
    told = {"failure_class": str(failure.failure_class), "error_summary": shortened(str(failure))}
    keep(house, [{**base, **slates, **told, **state_row(RUN, RunState.FAILED, now), "slates": len(keys)}])


def keep(house: House, rows: Sequence[Row]) -> int:
    """Store rows, those that waited first; what cannot be stored waits for the next time."""
    spool = Spool(house.root / SPOOL)
    try:
        with spool.drained() as waiting:
            frame = as_frame([*(json.loads(line) for line in waiting), *rows])
            audit = Audit(WRITER, WRITER, datetime.now(UTC))
            new = house.warehouse.append(FACT_RUN_REGISTRY, frame, audit) if len(frame) else {}
        spool.reserve()
        return sum(new.values())
    except OSError:
        for row in rows:
            spool.add(json.dumps(row, default=str))
        return 0


def as_frame(rows: Iterable[Row]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=FACT_RUN_REGISTRY.column_names)
    return FACT_RUN_REGISTRY.conform(frame.assign(at_utc=pd.to_datetime(frame["at_utc"], utc=True)))


def newest_row(house: House) -> datetime | None:
    newest = house.warehouse.newest(FACT_RUN_REGISTRY)
    if newest is None:
        return None
    times = house.warehouse.observations(FACT_RUN_REGISTRY, [newest], columns=["at_utc"])["at_utc"]
    return None if times.empty else times.max().to_pydatetime()


def ended_runs(house: House, days: Iterable[str]) -> set[str]:
    """Runs created on these days whose end is registered."""
    rows = house.warehouse.observations(FACT_RUN_REGISTRY, days, columns=["run_id_dagster", "step", "state"])
    is_end = (rows["step"] == RUN) & (rows["state"] != RunState.STARTED)
    return set(rows.loc[is_end, "run_id_dagster"])


def created_on(record: dg.RunRecord) -> str:
    """Eastern date on which a run was created."""
    return slate_of(record.create_timestamp.astimezone(UTC)).isoformat()


def rows_of(
    house: House, instance: dg.DagsterInstance, record: dg.RunRecord, told: RunRecord | None = None
) -> list[Row]:
    """States of a run and, once it has ended, of its steps. told: its events, where they were read already."""
    run = record.dagster_run
    keys = [key for key in slates_of(run) if SLATES.has_partition_key(key)]
    base: Row = {
        "run_date": created_on(record),
        "run_id_dagster": run.run_id,
        "job": run.job_name,
        "launched_by": launched_by(run),
        "parent_run_id": run.parent_run_id,
        "first_slate": keys[0] if keys else None,
        "last_slate": keys[-1] if keys else None,
        "slates": len(keys),
        "as_of_mode": run.tags.get(AS_OF_MODE_TAG),
        "code_version": code_version(),
        "model_version": house.settings.model.version,
    }
    began = instant(record.start_time) or record.create_timestamp.astimezone(UTC)
    rows = [] if SKIPPED_TAG in run.tags else [base | state_row(RUN, RunState.STARTED, began)]
    if run.status not in ENDED:
        return rows if record.start_time else []
    told = told or read_record(instance, run.run_id)
    ended = instant(record.end_time) or record.update_timestamp.astimezone(UTC)
    seconds = (ended - began).total_seconds() if record.start_time else None
    end = state_row(RUN, end_state(house, run, told, keys), ended, max(seconds, 0.0) if seconds else seconds)
    rows.append(base | end | what_came_of_it(house, run, told, keys))
    for step in told.steps.values():
        at = step.ended_at_utc or ended
        state = state_row(step.name, RunState(step.status.value), at, step.seconds)
        rows.append(base | state | {"rows": step.rows})
    return rows


def what_came_of_it(house: House, run: dg.DagsterRun, told: RunRecord, keys: Sequence[str]) -> Row:
    missing = [v for v in vendor_outcomes(told, keys) if v.outcome in FAILED_OUTCOMES]
    failure = next(iter(told.failures), None)
    summary = run.tags.get(SKIPPED_TAG) or (
        f"{failure.message}. Next: {failure.next_command}" if failure else None
    )
    return {
        "published": sum(bool(told.of(PUBLISHING_ASSET, key)) for key in keys),
        "held": len(held_by(house, run)),
        "failure_class": str(failure.failure_class) if failure else None,
        "error_summary": None if summary is None else shortened(summary),
        "missing": ", ".join(f"{v.vendor}: {v.outcome.value}" for v in missing) or None,
    }


def end_state(house: House, run: dg.DagsterRun, told: RunRecord, keys: Sequence[str]) -> RunState:
    if SKIPPED_TAG in run.tags:
        return RunState.SKIPPED
    if run.status is dg.DagsterRunStatus.CANCELED:
        return RunState.CANCELED
    return RunState(status_of(run, told, keys, held_by(house, run)).value)


def state_row(step: str, state: RunState, at: datetime, seconds: float | None = None) -> Row:
    return {"step": step, "state": state.value, "at_utc": at.isoformat(), "seconds": seconds}


def launched_by(run: dg.DagsterRun) -> str:
    tags = {
        "nhl_ops/launched_by": "command",
        "dagster/schedule_name": "schedule",
        "dagster/sensor_name": "sensor",
        BACKFILL_TAG: "backfill",
    }
    return next((who for tag, who in tags.items() if tag in run.tags), "ui")


def instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= ERROR_CHARS else f"{plain[: ERROR_CHARS - 1]}…"


def registered_between(house: House, start: date, end: date) -> pd.DataFrame:
    """FACT_RUN_REGISTRY of runs created from `start` to `end` (Eastern dates)."""
    days = pd.date_range(start, end).strftime("%Y-%m-%d")
    return house.warehouse.observations(FACT_RUN_REGISTRY, list(days))
