"""Jobs, and their schedules in Eastern time (off until switched on)."""

from datetime import date, timedelta

import dagster as dg

from nhl_ops.defs.house import open_house
from nhl_ops.defs.scopes import AS_OF_MODE_TAG
from nhl_ops.defs.steps import Step, assets_of
from nhl_ops.domain.slates import AsOfMode, slate_of

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
freshness_job = dg.define_asset_job(
    "freshness",
    selection=dg.AssetSelection.assets("data_freshness"),
    description="Is the newest slate of every group as fresh as its table promises?",
    executor_def=dg.in_process_executor,
)
JOBS = [slates_job, outcomes_job, freshness_job]


def run_for(slate: date, mode: AsOfMode) -> dg.RunRequest:
    key = slate.isoformat()
    return dg.RunRequest(run_key=None, partition_key=key, tags={AS_OF_MODE_TAG: mode.value})


@dg.schedule(
    job=outcomes_job,
    cron_schedule="30 9 * * *",
    execution_timezone=EASTERN_TIME,
    description="09:30 Eastern: results of last night's slate, settlement, reports.",
)
def morning_results() -> dg.RunRequest | dg.SkipReason:
    slate = slate_of(open_house().present()) - timedelta(days=1)
    if not open_house().warehouse.published.tables(slate.isoformat()):
        return dg.SkipReason(f"{slate} was never published; there is nothing to settle")
    return run_for(slate, AsOfMode.PRETIP)


@dg.schedule(
    job=slates_job,
    cron_schedule="30 16 * * *",
    execution_timezone=EASTERN_TIME,
    description="16:30 Eastern: tonight's slate, from vendors to published best bets.",
)
def afternoon_card() -> dg.RunRequest:
    return run_for(slate_of(open_house().present()), AsOfMode.LIVE)


hourly_freshness = dg.ScheduleDefinition(
    name="hourly_freshness",
    job=freshness_job,
    cron_schedule="5 * * * *",
    execution_timezone=EASTERN_TIME,
    description="Five past each hour: is the newest slate of every group as fresh as its table promises?",
)

SCHEDULES = [morning_results, afternoon_card, hourly_freshness]
