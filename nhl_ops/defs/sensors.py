"""Sensors that watch runs: close the dead ones, write what each one did, tell of failures."""

import time

import dagster as dg

from nhl_ops.defs.house import open_house
from nhl_ops.defs.locking import exclusive, is_held_elsewhere, run_lock
from nhl_ops.defs.registry import sync_registry
from nhl_ops.defs.run_files import RUN_FILES, ended_since, write_run_files
from nhl_ops.defs.run_record import root_cause
from nhl_ops.defs.runs import close_dead_runs
from nhl_ops.domain.run_summary import RunSummary
from nhl_ops.gateways.alerts import Alert, WebhookAlerts
from nhl_ops.gateways.clock import environment_reader

ALERT_WEBHOOK = "NHL_OPS_ALERT_WEBHOOK"
DAY_SEC = 86_400.0
RUNS_A_TICK = 20


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Closes runs whose process is gone, so that none stands in the way of the next.",
)
def dead_run_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    closed = close_dead_runs(context.instance)
    return dg.SkipReason(
        f"closed {len(closed)} dead run(s): {', '.join(closed)}" if closed else "no dead runs"
    )


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Writes daily_run_<date>.md and ingest_status_<date>.json for every run of slates that ended, "
    "whoever started it; the first time for those of the last day.",
)
def run_files_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    root = open_house().root
    if is_held_elsewhere(run_lock(root)):
        return dg.SkipReason("a run is under way; what the ended ones did is written after it")
    with exclusive(root):
        told = write_ended_runs(context)
        sync_registry(open_house(), context.instance)
        return told


def write_ended_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """In the order in which the runs ended, so that the newest run of a slate has the last word."""
    since = float(context.cursor or time.time() - DAY_SEC)
    written, failed = [], []
    for record in ended_since(context.instance, since, RUNS_A_TICK):
        run = record.dagster_run
        try:
            summary = write_run_files(open_house(), context.instance, run)
            (failed if is_lost(context, summary) else written).append(run.run_id[:8])
        except Exception:
            context.log.exception(f"the files of run {run.run_id} could not be written")
            failed.append(run.run_id[:8])
        context.update_cursor(str(record.end_time))
    told = f"wrote what {len(written)} run(s) did: {', '.join(written)}" if written else "no run has ended"
    return dg.SkipReason(told + (f"; failed for {', '.join(failed)}, see the tick's log" if failed else ""))


def is_lost(context: dg.SensorEvaluationContext, summary: RunSummary) -> bool:
    """Whether files of the run could not be written; the tick's log says which."""
    lost = [failure for failure in summary.failures if failure.step == RUN_FILES]
    for failure in lost:
        context.log.error(f"run {summary.run_id}: {failure.message}. Next: {failure.next_command}")
    return bool(lost)


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Posts a failed run to the webhook of NHL_OPS_ALERT_WEBHOOK: what failed, for which slate, why.",
)
def run_failure_alert(context: dg.RunFailureSensorContext) -> None:
    alerts = WebhookAlerts(environment_reader()(ALERT_WEBHOOK))
    run = context.dagster_run
    alerts.send(
        Alert(
            title=f"nhl_ops: run {run.run_id[:8]} of {run.job_name} failed",
            slate=run.tags.get("dagster/partition")
            or run.tags.get("dagster/asset_partition_range_start")
            or "-",
            cause=first_cause(context),
            next_step=f"open the run in the UI: /runs/{run.run_id}",
        )
    )


def first_cause(context: dg.RunFailureSensorContext) -> str:
    """The message of the first failed step, else of the run."""
    for event in context.get_step_failure_events():
        error = root_cause(event.step_failure_data.error)
        if error is not None:
            return f"{event.step_key}: {error.message.strip()}"
    return context.failure_event.message or "the run failed without a step failure"


SENSORS = [dead_run_sensor, run_files_sensor, run_failure_alert]
