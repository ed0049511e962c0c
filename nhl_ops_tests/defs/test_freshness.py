"""Fresh by the project's clock: an old slate never makes the newest look young."""

from datetime import timedelta

import dagster as dg
import pytest

from nhl_ops.defs.freshness import Freshness
from nhl_ops.domain.slates import slate_of
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.fakes.policies import set_policy
from nhl_ops_tests.fakes.project import Project


def judged(project: Project) -> dict[str, tuple[bool, str]]:
    """By check: verdict and sentence of a run of the freshness job."""
    from nhl_ops.definitions import defs

    with project.here():
        result = defs.resolve_job_def("freshness").execute_in_process(instance=project.instance)
        events = [e for e in result.all_events if e.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    found = [event.asset_check_evaluation_data for event in events]
    return {e.check_name: (e.passed, e.description or "") for e in found}


def test_published_slates_of_yesterday_are_fresh(ranged: Project) -> None:
    verdicts = judged(ranged)
    assert all(passed for passed, _ in verdicts.values()), verdicts
    assert "report_daily: newest slate 2026-01-19" in verdicts["newest_reports_are_fresh"][1]


def test_three_days_later_they_are_stale_and_the_next_command_is_named(
    ranged: Project, server: LeagueServer
) -> None:
    present = server.clock.now()
    server.clock.move_to(present + timedelta(days=3))
    try:
        assert slate_of(server.clock.now()).isoformat() == "2026-01-23"
        passed, sentence = judged(ranged)["newest_ev_are_fresh"]
    finally:
        server.clock.move_to(present)
    assert not passed
    assert "stale: run `nhl-ops run-daily --all`" in sentence


def test_an_empty_project_is_not_fresh(project: Project) -> None:
    verdicts = judged(project)
    assert not any(passed for passed, _ in verdicts.values())
    assert "holds nothing yet" in verdicts["newest_odds_are_fresh"][1]


def test_the_operator_can_let_stale_data_fail_its_run(project: Project) -> None:
    from nhl_ops.definitions import defs

    set_policy(project, "newest_odds_are_fresh", '"blocking"')
    with project.here():
        job = defs.resolve_job_def("freshness")
        result = job.execute_in_process(instance=project.instance, raise_on_error=False)
    assert not result.success


@pytest.mark.parametrize(
    ("hours", "fresh"), [(0.0, True), (30.0, True), (30.1, False), (720.0, False), (721.0, True)]
)
def test_the_limit_holds_until_the_off_season(hours: float, fresh: bool) -> None:
    assert Freshness("report_daily", "reports", "2026-01-05", hours, 30.0).is_fresh is fresh
