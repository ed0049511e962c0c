"""Whoever starts a run: what it did is in the files of its slates, and the newest run has the last word."""

import json
import subprocess
import sys
from uuid import uuid4

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from nhl_ops.defs.house import PROJECT_ROOT
from nhl_ops.defs.run_files import RUN_FILES, write_run_files
from nhl_ops.defs.run_summaries import slate_figures
from nhl_ops.defs.runs import slates_of
from nhl_ops.defs.sensors import dead_run_sensor, run_files_sensor
from nhl_ops.domain.run_summary import RunStatus
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops_tests.defs.test_runs import identity_of_a_dead_process, started
from nhl_ops_tests.fakes.project import Project

SLATE = "2026-01-19"
PARTITION = {"dagster/partition": SLATE}


def tick(project: Project, cursor: str | None = None) -> tuple[str, str | None]:
    """What a tick said, and its cursor."""
    with project.here():
        context = dg.build_sensor_context(instance=project.instance, cursor=cursor)
        return run_files_sensor(context).skip_message, context.cursor


def daily_run(project: Project, slate: str = SLATE) -> str:
    return (project.root / f"outputs/monitoring/daily_run_{slate}.md").read_text(encoding="utf-8")


def canceled(project: Project, tags: dict[str, str] = PARTITION) -> str:
    with project.here():
        run = dg.DagsterRun(job_name="slates", run_id=str(uuid4()), tags=tags)
        project.instance.report_run_canceled(project.instance.add_run(run))
    return run.run_id


def test_a_run_that_the_command_did_not_start_has_its_files_all_the_same(
    ranged: Project, past: list[str]
) -> None:
    said, cursor = tick(ranged)
    assert said.startswith("wrote what")
    accepted = 0
    for slate in past:
        assert daily_run(ranged, slate).startswith(f"# Daily run: {past[0]} to {past[-1]}, 3 slates")
        status = json.loads((ranged.root / f"outputs/monitoring/ingest_status_{slate}.json").read_text())
        assert all(vendor["is_balanced"] for vendor in status["vendors"].values())
        accepted += status["vendors"]["UNABATED"]["accepted"]
    assert accepted > 0
    assert tick(ranged, cursor) == ("no run has ended", cursor)


def test_a_killed_run_says_so_and_what_to_type(project: Project) -> None:
    with project.here():
        started(project, identity_of_a_dead_process() | PARTITION)
        said = dead_run_sensor(dg.build_sensor_context(instance=project.instance)).skip_message
        assert "closed 1 dead run" in said
    tick(project)
    text = daily_run(project)
    assert "**Failed." in text
    assert "| process | the process of this run" in text
    assert f"`nhl-ops run-daily --date {SLATE} --all`" in text
    assert f"| {SLATE} | failed  |" in text


def test_a_canceled_run_is_no_success(project: Project) -> None:
    canceled(project)
    tick(project)
    assert "**Failed." in daily_run(project)
    assert "the run was canceled" in daily_run(project)


def test_a_run_that_asked_for_no_odds_leaves_the_ingest_status(project: Project) -> None:
    canceled(project)
    tick(project)
    assert not (project.root / f"outputs/monitoring/ingest_status_{SLATE}.json").exists()


def test_the_newest_run_of_a_slate_has_the_last_word(project: Project) -> None:
    first, second = canceled(project), canceled(project)
    tick(project)
    assert second in daily_run(project)
    assert first not in daily_run(project)


def test_a_run_whose_files_cannot_be_written_is_named_and_stops_no_other(project: Project) -> None:
    broken = canceled(project, {"dagster/partition": "no-date"})
    good = canceled(project)
    said, cursor = tick(project)
    assert f"failed for {broken[:8]}" in said
    assert good in daily_run(project)
    assert tick(project, cursor) == ("no run has ended", cursor)


def test_a_folder_that_takes_no_file_fails_the_run_and_hides_nothing_of_it(project: Project) -> None:
    run_id = canceled(project)
    monitoring = project.root / "outputs" / "monitoring"
    monitoring.parent.mkdir(parents=True, exist_ok=True)
    monitoring.symlink_to("/sys")
    with project.here():
        run = project.instance.get_run_by_id(run_id)
        assert run is not None
        summary = write_run_files(project.house, project.instance, run)
    canceled_first, lost = summary.failures
    assert (summary.status, canceled_first.failure_class) == (RunStatus.FAILED, "canceled")
    assert (lost.step, lost.failure_class) == (RUN_FILES, "permission")
    assert f"daily_run_{SLATE}.md" in lost.message
    assert "give this user access" in lost.next_command
    assert tick(project)[0].endswith(f"failed for {run_id[:8]}, see the tick's log")


def test_runs_without_slates_leave_no_file(project: Project) -> None:
    canceled(project, {})
    assert tick(project)[0] == "no run has ended"


def test_while_a_run_is_under_way_the_sensor_waits(project: Project) -> None:
    code = (
        "import sys; from pathlib import Path; from nhl_ops.defs.locking import exclusive\n"
        "with exclusive(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(project.root)]
    canceled(project)
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline().strip() == "held"
        assert tick(project) == (
            "a run is under way; what the ended ones did is written after it",
            None,
        )
        other.stdin.close()
    assert tick(project)[0].startswith("wrote what 1 run(s)")


@pytest.mark.parametrize("stop", [SlateOutcome.HELD, SlateOutcome.FAILED])
def test_a_stopped_slate_shows_none_of_its_former_figures(
    ranged: Project, past: list[str], stop: SlateOutcome
) -> None:
    shown = slate_figures(ranged.house, "another-scope", past[-1], stop)
    assert (shown.outcome, shown.games, shown.quotes, shown.best_bets) == (stop, 0, 0, 0)
    with ranged.here():
        former = slate_figures(ranged.house, "another-scope", past[-1], None)
    assert former.outcome is SlateOutcome.OK
    assert former.games > 0


def test_slates_of_a_run_are_those_of_its_tags() -> None:
    ends = {
        "dagster/asset_partition_range_start": "2026-01-19",
        "dagster/asset_partition_range_end": "2026-01-21",
    }
    run = dg.DagsterRun(job_name="slates")
    assert slates_of(run) == []
    assert slates_of(run.with_tags(PARTITION)) == [SLATE]
    assert slates_of(run.with_tags(ends)) == ["2026-01-19", "2026-01-20", "2026-01-21"]


def test_a_run_that_is_stopped_inside_a_step_was_canceled_and_is_no_defect(project: Project) -> None:
    @dg.op
    def slow() -> None:
        raise DagsterExecutionInterruptedError

    @dg.job
    def stopped() -> None:
        slow()

    with project.here(), pytest.raises(DagsterExecutionInterruptedError):
        stopped.execute_in_process(instance=project.instance, tags=PARTITION)
    tick(project)
    assert "| slow | canceled | the run was canceled" in daily_run(project)
