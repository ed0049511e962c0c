"""Old runs leave the instance: first exported, then deleted. What is published stays, and the UI still says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from nhl_ops.contracts.registry import TABLES
from nhl_ops.defs.event_log import EventLog
from nhl_ops.defs.house import House
from nhl_ops.defs.materializations import newest_materializations
from nhl_ops.defs.registry import sync_registry
from nhl_ops.defs.run_files import FINISHED
from nhl_ops.defs.runs import slates_of
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.domain.failures import WarehouseBroken
from nhl_ops.gateways.state import SliceRow


@dataclass(frozen=True)
class Pruned:
    """One run that left (or, in a rehearsal, would leave) the instance."""

    run_id: str
    ended_at_utc: datetime
    slates: int
    files: int
    size_bytes: int


def prune(
    house: House, instance: dg.DagsterInstance, before: datetime, *, rehearse: bool = False
) -> Iterator[Pruned]:
    """Take runs that ended before an instant out of the instance, the oldest first. Hold the lock.

    A kill between two steps leaves a run to be pruned again. Raises WarehouseBroken when an export cannot be read
    back; then that run stays.
    """
    if not rehearse:
        sync_registry(house, instance)
    for record in ended_before(instance, before):
        run = record.dagster_run
        spare = unpublished_slices(house, run)
        files = [house.warehouse.slice_of(TABLES[row.table], row.key, row.scope_id) for row in spare]
        size = sum(path.stat().st_size for path in files if path.exists())
        if not rehearse:
            export(house, instance, run)
            keep_publications(instance, run)
            for path in files:
                path.unlink(missing_ok=True)
            house.state.forget_slices(spare)
            instance.delete_run(run.run_id)
        ended = datetime.fromtimestamp(record.end_time or record.update_timestamp.timestamp(), UTC)
        yield Pruned(run.run_id, ended, len(slates_of(run)), len(files), size)


def ended_before(instance: dg.DagsterInstance, before: datetime) -> Sequence[dg.RunRecord]:
    wanted = dg.RunsFilter(statuses=FINISHED, updated_before=before)
    return sorted(instance.get_run_records(wanted), key=lambda record: record.update_timestamp)


def export(house: House, instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    log = EventLog(instance, house.root)
    path = log.export(run.run_id)
    if not log.is_exported(run.run_id):
        raise WarehouseBroken(f"the export of run {run.run_id} in {path} cannot be read back; the run stays")


def keep_publications(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Slates that this run was the last to publish are reported again, without a run, so that they stay so."""
    newest = newest_materializations(instance, PUBLISHING_ASSET, slates_of(run))
    for key, record in newest.items():
        told = record.asset_materialization
        if record.run_id == run.run_id and told is not None:
            again = dg.AssetMaterialization(PUBLISHING_ASSET, partition=key, metadata=told.metadata)
            instance.report_runless_asset_event(again)


def unpublished_slices(house: House, run: dg.DagsterRun) -> list[SliceRow]:
    """Slices that the run computed and no version of a slate's card holds."""
    rows = house.state.slices_of_run(run.run_id)
    held = {
        (name, key, entry.scope_id)
        for key in {row.key for row in rows}
        for version in house.warehouse.published.history(key)
        for name, entry in version.tables.items()
    }
    return [row for row in rows if (row.table, row.key, row.scope_id) not in held]
