"""What a run that ended badly tells: the gravest cause first, since when, what it holds back, how to try again."""

from io import StringIO
from uuid import uuid4

import dagster as dg
import pytest
from rich.console import Console

from nhl_ops.cli.triage import lines_of, rerun, triage
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.defs.triage import find_run, retry_of, story_of, unfinished
from nhl_ops.domain.failures import AccessDenied, ContractBroken, MissingInput, Retry, VendorOutage
from nhl_ops.domain.run_summary import Failure, RunStatus, VendorOutcome
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops_tests.defs.test_runs import identity_of_a_dead_process, started
from nhl_ops_tests.fakes.project import Project

SLATE = "2026-01-19"
PARTITION = {"dagster/partition": SLATE}


def failing(project: Project, *errors: Exception) -> dg.DagsterRun:
    """A run of the job `slates` whose steps raise these errors."""

    def op_of(number: int, error: Exception) -> dg.OpDefinition:
        @dg.op(name=f"step_{number}")
        def fails() -> None:
            raise error

        return fails

    ops = [op_of(number, error) for number, error in enumerate(errors)]

    @dg.job(name="slates")
    def slates() -> None:
        for op in ops:
            op()

    with project.here():
        result = slates.execute_in_process(instance=project.instance, tags=PARTITION, raise_on_error=False)
        return project.instance.get_run_by_id(result.run_id)


def canceled_run(project: Project, **tags: str) -> dg.DagsterRun:
    with project.here():
        run = dg.DagsterRun(job_name="slates", run_id=str(uuid4()), tags=PARTITION | tags)
        project.instance.report_run_canceled(project.instance.add_run(run))
    return run


def told(project: Project, run_id: str | None = None) -> tuple[int, str]:
    console = Console(record=True, width=200, file=StringIO())
    with project.here():
        code = triage(console, run_id)
    return code, console.export_text()


def failure(kind: str, message: str = "") -> Failure:
    return Failure(kind, message, "")


@pytest.mark.parametrize(
    ("failures", "held", "vendors", "retry"),
    [
        ([failure("process")], {}, [], Retry.SAME_SCOPE),
        ([failure("vendor_outage")], {}, [], Retry.SAME_SCOPE),
        ([failure("missing_input"), failure("process")], {}, [], Retry.NEW_RUN),
        ([failure("missing_input"), failure("contract")], {}, [], Retry.FIX_FIRST),
        ([], {SLATE: "rows break a rule"}, [], Retry.FIX_FIRST),
        ([], {}, [VendorOutcome("UNABATED", SlateOutcome.VENDOR_DOWN)], Retry.NEW_RUN),
        ([], {}, [VendorOutcome("UNABATED", SlateOutcome.REJECTED)], Retry.FIX_FIRST),
        ([], {}, [], Retry.NEW_RUN),
    ],
)
def test_the_strictest_category_of_all_that_went_wrong_decides(failures, held, vendors, retry) -> None:
    assert retry_of(failures, held, vendors) is retry


def test_the_gravest_failure_comes_first(project: Project) -> None:
    run = failing(
        project, VendorOutage("nhl_schedule", "", "HTTP 503"), AccessDenied("/outputs is read-only")
    )
    with project.here():
        story = story_of(project.house, project.instance, run)
    assert [f.failure_class for f in story.failures] == ["permission", "vendor_outage"]
    assert (story.status, story.retry) == (RunStatus.FAILED, Retry.FIX_FIRST)
    assert story.unpublished == [SLATE]
    assert PUBLISHING_ASSET in story.not_computed


def test_since_when_is_the_first_of_the_runs_in_a_row_that_did_not_succeed(project: Project) -> None:
    first = failing(project, MissingInput("no schedule"))
    failing(project, MissingInput("no schedule"))
    newest = failing(project, MissingInput("no schedule"))
    with project.here():
        story = story_of(project.house, project.instance, newest)
        start = project.instance.get_run_record_by_id(first.run_id).start_time
    assert story.bad_runs == 3
    assert story.since_utc.timestamp() == pytest.approx(start)


def test_the_screen_tells_cause_consequence_and_command(project: Project) -> None:
    run = failing(project, ContractBroken("two rows of one quote").at(slate=SLATE, asset="fact_prop_odds"))
    code, text = told(project)
    assert code == 1
    assert f"run {run.run_id[:8]} (slates, {SLATE}) failed" in text
    assert "error contract: step_0: 2026-01-19 fact_prop_odds: two rows of one quote" in text
    assert f"not published by it: {SLATE}" in text
    assert "C, not before the cause is mended" in text
    assert f"`nhl-ops run-daily --date {SLATE} --all`" in text


def range_run(project: Project) -> dg.DagsterRun:
    """The first run of the shared project: the one over its range."""
    with project.here():
        return list(project.instance.get_runs(dg.RunsFilter(job_name="slates")))[-1]


def test_a_run_that_ended_well_has_nothing_to_do(ranged: Project) -> None:
    with ranged.here():
        story = story_of(ranged.house, ranged.instance, range_run(ranged))
    assert (story.status, story.retry, story.failures) == (RunStatus.SUCCEEDED, None, [])
    assert story.not_computed == []
    assert any("succeeded" in line for line in lines_of(story))


def test_nothing_to_tell_where_nothing_ended_badly(project: Project) -> None:
    assert told(project)[0] == 0
    assert "No run" in told(project)[1]


def test_an_id_that_no_run_has_is_missing_input_with_the_way_out(project: Project) -> None:
    with project.here(), pytest.raises(MissingInput, match=r"no finished run .* begins with 'nosuch'"):
        find_run(project.house, project.instance, "nosuch")


def test_a_run_whose_process_is_gone_is_told_and_may_run_again_in_its_scope(project: Project) -> None:
    with project.here():
        started(project, identity_of_a_dead_process() | PARTITION)
    code, text = told(project)
    assert code == 1
    assert "error process" in text
    assert "A, safe in the same scope" in text
    assert "nhl-ops rerun 0e0a5b5e" in text


def test_a_run_to_be_mended_first_is_refused_with_the_reason(project: Project) -> None:
    failing(project, ContractBroken("two rows of one quote"))
    console = Console(record=True, width=200, file=StringIO())
    with project.here():
        before = project.instance.get_runs_count()
        assert rerun(console, None) == 1
        assert project.instance.get_runs_count() == before
    text = console.export_text()
    assert "Refused: contract: two rows of one quote" in text
    assert "mend" in text


def test_an_asset_whose_check_never_ran_is_not_finished(ranged: Project) -> None:
    run = range_run(ranged)
    record = ranged.record(run)
    assert unfinished(run, record) == []
    record.checks = [c for c in record.checks if not c.name.startswith("dim_games: every_row")]
    assert unfinished(run, record) == ["dim_games"]
    record.steps.pop("prop_odds")
    assert unfinished(run, record) == ["dim_games", "fact_prop_odds", "fact_odds_accounting"]


@pytest.mark.slow
def test_a_run_of_category_a_goes_on_in_its_scope_where_it_stopped(project: Project, past: list[str]) -> None:
    first = project.run(
        past[-1:], assets=["captured_nhl", "raw_nhl_schedule", "raw_nhl_rosters", "dim_games"]
    )
    assert first.status is dg.DagsterRunStatus.SUCCESS
    tags = {"dagster/partition": past[-1], "nhl_ops/as_of_mode": "pretip"}
    run = canceled_run(project, **tags)
    with project.here():
        console = Console(record=True, width=200, file=StringIO())
        assert rerun(console, run.run_id[:8]) == 0
        newest = project.instance.get_runs()[0]
    assert (newest.root_run_id, newest.parent_run_id) == (run.run_id, run.run_id)
    assert project.published_partitions(PUBLISHING_ASSET) == {past[-1]}
