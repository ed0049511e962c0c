"""The one launcher: what the command starts is the run that the UI would start."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import disk_usage
from types import MappingProxyType

import dagster as dg
from sqlalchemy.exc import OperationalError

from nhl_ops.defs.dagster_internals import create_and_execute
from nhl_ops.defs.locking import PROCESS_TAG, exclusive, process_of
from nhl_ops.defs.partitions import SLATES
from nhl_ops.defs.scopes import AS_OF_MODE_TAG, PARTITION, RANGE_END, RANGE_START
from nhl_ops.domain.failures import ProcessGone, WarehouseBroken
from nhl_ops.domain.slates import AsOfMode

FULL_BYTES = 10_000_000
OPEN_STATUSES = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def is_gone(run: dg.DagsterRun) -> bool:
    """The run names a process of this host that no longer exists. A run without a name is given the benefit."""
    process = process_of(run.tags)
    return process is not None and process.run_id == run.run_id and process.is_gone


def close_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark runs whose process is gone as failed; returns their ids."""
    dead = [run for run in instance.get_runs(dg.RunsFilter(statuses=OPEN_STATUSES)) if is_gone(run)]
    for run in dead:
        gone = ProcessGone(
            f"the process of this run ({run.tags[PROCESS_TAG].split()[1]}) is gone: it was killed or the machine "
            "restarted; nothing half-done was published",
            command_for(slates_of(run)),
        )
        instance.report_run_failed(run, str(gone))
    return [run.run_id for run in dead]


def command_for(keys: Sequence[str]) -> str:
    """What to type to run these slates again."""
    if not keys:
        return "start the run again"
    if len(keys) == 1:
        return f"`nhl-ops run-daily --date {keys[0]} --all`"
    return f"`nhl-ops backfill --start {keys[0]} --end {keys[-1]}`"


def partition_tags(keys: Sequence[str]) -> dict[str, str]:
    if not keys:
        return {}
    if len(keys) == 1:
        return {PARTITION: keys[0]}
    return {RANGE_START: keys[0], RANGE_END: keys[-1]}


def slates_of(run: dg.DagsterRun) -> list[str]:
    """Partition keys of a run, in order; none for a run over assets that have no slates."""
    if PARTITION in run.tags:
        return [run.tags[PARTITION]]
    if RANGE_START not in run.tags:
        return []
    ends = dg.PartitionKeyRange(run.tags[RANGE_START], run.tags[RANGE_END])
    return list(SLATES.get_partition_keys_in_range(ends))


def launch(
    instance: dg.DagsterInstance,
    root: Path,
    job_name: str,
    keys: Sequence[str] = (),
    *,
    assets: Sequence[str] | None = None,
    mode: AsOfMode | None = None,
    tags: Mapping[str, str] = MappingProxyType({}),
    on_event: Callable[[dg.DagsterEvent], object] = lambda _: None,
    parent: dg.DagsterRun | None = None,
) -> dg.DagsterRun:
    """Run a job over contiguous slates in this process, with the instance that the UI shows.

    parent: the run that this one re-executes, in its scope.
    """
    all_tags = partition_tags(keys) | {"nhl_ops/launched_by": "command"} | dict(tags)
    if mode is not None:
        all_tags[AS_OF_MODE_TAG] = mode.value
    selection = None if assets is None else frozenset(dg.AssetKey(a) for a in assets)
    with exclusive(root):
        close_dead_runs(instance)
        try:
            return create_and_execute(instance, job_name, selection, all_tags, root, on_event, parent)
        except OperationalError as error:
            raise storage_broken(root, error) from error


def storage_broken(root: Path, error: OperationalError) -> WarehouseBroken:
    """Dagster could not keep its own record of a run: most often the disk is full, and then this says so."""
    free = disk_usage(root).free
    if free < FULL_BYTES:
        return WarehouseBroken(
            f"the disk of {root} is full ({free / 1e6:.1f} MB left); readers keep what they had",
            "free disk space, then give the same command again",
        )
    return WarehouseBroken(f"Dagster's storage in {root / '.dagster'} failed: {error.orig}")


def open_instance(root: Path) -> dg.DagsterInstance:
    """The instance whose home is the project folder; its storage paths are relative to it."""
    os.environ["DAGSTER_HOME"] = str(root)
    os.chdir(root)
    return dg.DagsterInstance.get()
