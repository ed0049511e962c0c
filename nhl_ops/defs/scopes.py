"""To which scope a run belongs, and at which moment it prices a slate."""

from datetime import date, datetime

import dagster as dg

from nhl_ops.domain.slates import AsOfMode, slate_of

AS_OF_MODE_TAG = "nhl_ops/as_of_mode"
ACCEPT_DEGRADED_TAG = "nhl_ops/accept_degraded"
RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"
PARTITION = "dagster/partition"
BACKFILL_TAG = "dagster/backfill"
SKIPPED_TAG = "nhl_ops/skipped"


def scope_of(run: dg.DagsterRun) -> str:
    """The backfill's id, else the root run's, else the run's: a re-execution stays in its scope."""
    return run.tags.get(BACKFILL_TAG) or run.root_run_id or run.run_id


def covers(run: dg.DagsterRun, asset: dg.AssetKey) -> bool:
    """The run materializes this asset of its job."""
    return run.asset_selection is None or asset in run.asset_selection


def mode_of(run: dg.DagsterRun, slate: date, now: datetime) -> AsOfMode:
    """The run's as-of mode; untagged runs price tonight live and a past slate as before its games."""
    tag = run.tags.get(AS_OF_MODE_TAG)
    if tag is not None:
        return AsOfMode(tag)
    return AsOfMode.PRETIP if slate < slate_of(now) else AsOfMode.LIVE
