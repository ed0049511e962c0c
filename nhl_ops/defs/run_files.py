"""The files that tell what a run did, for every run of slates: the command's, the UI's, a killed one's."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import dagster as dg

from nhl_ops.defs.house import House
from nhl_ops.defs.manifests import manifests_of
from nhl_ops.defs.registry import register_run
from nhl_ops.defs.run_record import as_told, read_record
from nhl_ops.defs.run_summaries import asked_for_odds, ingest_status, summarize
from nhl_ops.defs.runs import slates_of
from nhl_ops.defs.slate_files import files_of
from nhl_ops.defs.stopped_days import write_stopped_days
from nhl_ops.domain.failure_signatures import as_failure
from nhl_ops.domain.run_summary import Failure, RunStatus, RunSummary
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.exports.daily_run import write_daily_run
from nhl_ops.gateways.exports.ingest_status import write_ingest_status
from nhl_ops.gateways.manifests import write_manifest

RUN_FILES = "the run's files"
FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def write_run_files(house: House, instance: dg.DagsterInstance, run: dg.DagsterRun) -> RunSummary:
    """What tells of a run: `daily_run_<date>.md` of each slate, `ingest_status_<date>.json` where it asked for odds,
    the daily report of a slate that it stopped and that nobody has published, a manifest an asset and slate, and its
    rows of the registry.

    Files that cannot be written (read-only outputs, a full disk) hide nothing: they are a failure of the summary, of
    the step RUN_FILES.
    """
    keys, lost = slates_of(run), list[Failure]()
    record = read_record(instance, run.run_id)
    register_run(house, instance, run.run_id, record)
    with told_if_lost(lost, keys[-1]):
        for key in keys:
            if asked_for_odds(house, record, key):
                path = house.root / names.ingest_status(date.fromisoformat(key))
                write_ingest_status(path, ingest_status(house, run, record, key))
    times = times_of(instance, run.run_id)
    summary = summarize(house, run, record, keys, times, files_of(house, keys[-1]))
    with told_if_lost(lost, keys[-1]):
        for slate in summary.slates:
            write_daily_run(house.root / names.daily_run(slate), summary)
        write_stopped_days(house, run, record, summary)
    with told_if_lost(lost, keys[-1]):
        for manifest in manifests_of(house, run, record):
            write_manifest(house.root, manifest)
    if not lost:
        return summary
    return replace(summary, status=RunStatus.FAILED, failures=(*summary.failures, lost[0]))


@contextmanager
def told_if_lost(lost: list[Failure], key: str) -> Iterator[None]:
    """A file that cannot be written is added to `lost`, and what comes after it is tried all the same."""
    try:
        yield
    except OSError as error:
        failure = as_failure(error).at(slate=key)
        lost.append(as_told(type(failure).__name__, str(failure), RUN_FILES))


def times_of(instance: dg.DagsterInstance, run_id: str) -> tuple[datetime, datetime]:
    """When a finished run started and ended; one that never started began at its end."""
    record = instance.get_run_record_by_id(run_id)
    if record is None or record.end_time is None:
        raise ValueError(f"run {run_id} has not ended")
    start = record.end_time if record.start_time is None else record.start_time
    return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(record.end_time, UTC)


def ended_since(instance: dg.DagsterInstance, instant: float, limit: int) -> Sequence[dg.RunRecord]:
    """Runs of slates that ended after an instant (seconds since the epoch), the first ones first."""
    finished = dg.RunsFilter(statuses=FINISHED, updated_after=datetime.fromtimestamp(instant, UTC))
    records = [r for r in instance.get_run_records(finished) if (r.end_time or 0.0) > instant]
    ours = [r for r in records if slates_of(r.dagster_run)]
    return sorted(ours, key=lambda r: r.end_time)[:limit]
