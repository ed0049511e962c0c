"""Jobs, their schedules in Eastern time (off until switched on), and the sensors that watch runs."""

from datetime import date, timedelta

import dagster as dg

from nhl_ops.defs.house import open_house
from nhl_ops.defs.runs import close_dead_runs
from nhl_ops.defs.scopes import AS_OF_MODE_TAG
from nhl_ops.defs.steps import Step, assets_of
from nhl_ops.domain.slates import AsOfMode, slate_of
from nhl_ops.gateways.alerts import Alert, WebhookAlerts
from nhl_ops.gateways.clock import environment_reader

HISTORY_ASSET = "raw_nhl_history"
ALERT_WEBHOOK = "NHL_OPS_ALERT_WEBHOOK"
EASTERN_TIME = "America/New_York"


def slate_job(name: str, steps: list[Step], description: str):  # type: ignore[no-untyped-def]
    return dg.define_asset_job(
        name,
        selection=dg.AssetSelection.assets(*assets_of(steps)),
        description=description,
        executor_def=dg.in_process_executor,
    )


slates_job = slate_job(
    "slates",
    list(Step),
    "The whole graph over a slate or a range of slates, from vendors to published best bets.",
)
outcomes_job = slate_job(
    "outcomes",
    [Step.OUTCOMES, Step.DIAGNOSTICS],
    "Results of a slate's finished games, settlement, reports.",
)
history_job = dg.define_asset_job(
    "history",
    selection=dg.AssetSelection.assets(HISTORY_ASSET),
    description="Results that projections need, in monthly pages; days that are there are left out.",
    executor_def=dg.in_process_executor,
)
freshness_job = dg.define_asset_job(
    "freshness",
    selection=dg.AssetSelection.assets("data_freshness"),
    description="Is the newest slate of every group as fresh as its table promises?",
    executor_def=dg.in_process_executor,
)
JOBS = [slates_job, outcomes_job, history_job, freshness_job]


def run_for(slate: date, mode: AsOfMode) -> dg.RunRequest:
    key = slate.isoformat()
    return dg.RunRequest(run_key=None, partition_key=key, tags={AS_OF_MODE_TAG: mode.value})


@dg.schedule(job=outcomes_job, cron_schedule="30 9 * * *", execution_timezone=EASTERN_TIME)
def morning_results() -> dg.RunRequest | dg.SkipReason:
    """09:30 Eastern: settle last night's slate."""
    slate = slate_of(open_house().present()) - timedelta(days=1)
    if not open_house().warehouse.published.tables(slate.isoformat()):
        return dg.SkipReason(f"{slate} was never published; there is nothing to settle")
    return run_for(slate, AsOfMode.PRETIP)


@dg.schedule(job=slates_job, cron_schedule="30 16 * * *", execution_timezone=EASTERN_TIME)
def afternoon_card() -> dg.RunRequest:
    """16:30 Eastern: price tonight's slate."""
    return run_for(slate_of(open_house().present()), AsOfMode.LIVE)


@dg.sensor(minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def dead_run_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Closes runs whose process is gone, so that none stands in the way of the next."""
    closed = close_dead_runs(context.instance)
    return dg.SkipReason(
        f"closed {len(closed)} dead run(s): {', '.join(closed)}" if closed else "no dead runs"
    )


@dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.STOPPED)
def run_failure_alert(context: dg.RunFailureSensorContext) -> None:
    """Posts a failed run to the webhook of NHL_OPS_ALERT_WEBHOOK: what failed, for which slate, why."""
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
        error = event.step_failure_data.error
        if error is not None:
            return f"{event.step_key}: {root_message(error)}"
    return context.failure_event.message or "the run failed without a step failure"


def root_message(error: object) -> str:
    while getattr(error, "cause", None) is not None:
        error = error.cause
    return str(error.message).strip()


hourly_freshness = dg.ScheduleDefinition(
    name="hourly_freshness", job=freshness_job, cron_schedule="5 * * * *", execution_timezone=EASTERN_TIME
)

SCHEDULES = [morning_results, afternoon_card, hourly_freshness]
SENSORS = [dead_run_sensor, run_failure_alert]
