"""Schedules and sensors, ticked: what they would launch, for which slate, and what an alert says."""

from datetime import UTC, datetime

import dagster as dg
import pytest
from pytest_httpserver import HTTPServer

from nhl_ops.definitions import defs
from nhl_ops.defs.jobs import SCHEDULES, afternoon_card, morning_results
from nhl_ops.defs.sensors import dead_run_sensor, run_failure_alert
from nhl_ops.domain.failures import MissingInput
from nhl_ops_tests.defs.conftest import ANCHOR
from nhl_ops_tests.fakes.project import Project

AT = datetime(2026, 1, 20, 21, 30, tzinfo=UTC)


def tick(schedule: dg.ScheduleDefinition, project: Project):
    with project.here():
        context = dg.build_schedule_context(
            instance=project.instance,
            scheduled_execution_time=AT,
            repository_def=defs.get_repository_def(),
        )
        with context:
            return schedule.evaluate_tick(context)


def test_schedules_are_in_eastern_time_and_off_until_switched_on() -> None:
    assert {schedule.execution_timezone for schedule in SCHEDULES} == {"America/New_York"}
    assert {schedule.default_status for schedule in SCHEDULES} == {dg.DefaultScheduleStatus.STOPPED}


def test_the_afternoon_card_prices_tonight_live(project: Project) -> None:
    (request,) = tick(afternoon_card, project).run_requests
    assert request.partition_key == ANCHOR.isoformat()
    assert request.tags["nhl_ops/as_of_mode"] == "live"


def test_the_morning_settles_last_night_once_it_was_published(ranged: Project, past: list[str]) -> None:
    (request,) = tick(morning_results, ranged).run_requests
    assert request.partition_key == past[-1]


def test_the_morning_has_nothing_to_settle_where_nothing_was_published(project: Project) -> None:
    outcome = tick(morning_results, project)
    assert outcome.run_requests == []
    assert "was never published" in outcome.skip_message


def test_the_dead_run_sensor_says_what_it_found(project: Project) -> None:
    with project.here():
        context = dg.build_sensor_context(instance=project.instance)
        assert dead_run_sensor(context).skip_message == "no dead runs"


def failed_run(project: Project) -> dg.RunFailureSensorContext:
    @dg.op
    def broken() -> None:
        raise MissingInput("the schedule of 2026-01-20 was not captured", "run `nhl-ops run-daily --all`")

    @dg.job
    def doomed() -> None:
        broken()

    result = doomed.execute_in_process(
        instance=project.instance, raise_on_error=False, tags={"dagster/partition": "2026-01-20"}
    )
    return dg.build_run_status_sensor_context(
        sensor_name="run_failure_alert",
        dagster_event=result.get_run_failure_event(),
        dagster_instance=project.instance,
        dagster_run=result.dagster_run,
    ).for_run_failure()


def test_a_failed_run_is_told_to_the_webhook(
    project: Project, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    monkeypatch.setenv("NHL_OPS_ALERT_WEBHOOK", httpserver.url_for("/hook"))
    with project.here():
        run_failure_alert(failed_run(project))
    ((request, _),) = httpserver.log
    text = request.get_json()["text"]
    assert "doomed failed" in text
    assert "Slate: 2026-01-20" in text
    assert "the schedule of 2026-01-20 was not captured" in text
    assert "nhl-ops run-daily --all" in text
