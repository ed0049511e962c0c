"""Runs from the command are normal runs of the UI; a run whose process is gone never stands in the way."""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date

import dagster as dg
import pytest

from nhl_ops.defs.dagster_internals import LOCATION
from nhl_ops.defs.house import PROJECT_ROOT
from nhl_ops.defs.locking import PROCESS_TAG, ProcessIdentity, exclusive, this_process
from nhl_ops.defs.runs import close_dead_runs, is_gone, partition_tags
from nhl_ops.defs.scopes import mode_of, scope_of
from nhl_ops.domain.failures import ProjectBusy
from nhl_ops.domain.slates import AsOfMode, eastern
from nhl_ops_tests.fakes.project import Project

RUN = "0e0a5b5e-0000-4000-8000-000000000001"


def started(project: Project, tags: dict[str, str]) -> dg.DagsterRun:
    run = dg.DagsterRun(job_name="slates", run_id=RUN, status=dg.DagsterRunStatus.STARTED, tags=tags)
    return project.instance.add_run(run)


def run_of(process: ProcessIdentity) -> dg.DagsterRun:
    return dg.DagsterRun(job_name="slates", run_id=RUN, tags=process.tags)


def identity_of_a_dead_process() -> dict[str, str]:
    code = (
        f"from nhl_ops.defs.locking import this_process; print(this_process({RUN!r}).tags[{PROCESS_TAG!r}])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    return {PROCESS_TAG: done.stdout.strip()}


def test_a_run_whose_process_is_gone_is_closed(project: Project) -> None:
    with project.here():
        run = started(project, identity_of_a_dead_process())
        assert close_dead_runs(project.instance) == [run.run_id]
        assert project.instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.FAILURE
        assert close_dead_runs(project.instance) == []


def test_a_run_of_a_living_process_is_left_alone(project: Project) -> None:
    with project.here():
        started(project, this_process(RUN).tags)
        assert close_dead_runs(project.instance) == []


def test_a_process_id_that_was_given_again_is_not_the_same_process() -> None:
    assert is_gone(run_of(replace(this_process(RUN), started="1.00")))


def test_a_run_from_before_the_last_boot_is_gone() -> None:
    assert is_gone(run_of(replace(this_process(RUN), boot="1")))


def test_a_re_execution_that_carries_the_tags_of_its_parent_is_not_judged_by_them() -> None:
    assert not is_gone(dg.DagsterRun(job_name="slates", run_id="another", tags=identity_of_a_dead_process()))


def test_a_run_that_cannot_be_judged_is_left_alone() -> None:
    assert not is_gone(dg.DagsterRun(job_name="slates", run_id=RUN))
    assert not is_gone(run_of(replace(this_process(RUN), pid=1, started="1.00", host="another host")))


def test_a_run_from_the_command_is_known_to_the_code_location(ranged: Project) -> None:
    with ranged.here():
        run = ranged.instance.get_runs(dg.RunsFilter(job_name="slates"), limit=1)[0]
        origin = run.remote_job_origin
        assert origin.location_name == LOCATION
        assert (PROJECT_ROOT / "workspace.yaml").read_text().count(f"location_name: {LOCATION}") == 1
        assert run.tags["nhl_ops/launched_by"] == "command"
        assert PROCESS_TAG in run.tags
        assert run.has_repository_load_data is False


def test_one_slate_is_a_partition_and_several_are_a_range() -> None:
    assert partition_tags(["2026-01-05"]) == {"dagster/partition": "2026-01-05"}
    assert partition_tags(["2026-01-05", "2026-01-06"]) == {
        "dagster/asset_partition_range_start": "2026-01-05",
        "dagster/asset_partition_range_end": "2026-01-06",
    }


def test_a_re_execution_and_a_backfill_stay_in_their_scope() -> None:
    run = dg.DagsterRun(job_name="slates", run_id="b", root_run_id="a", parent_run_id="a")
    assert scope_of(run) == "a"
    assert scope_of(dg.DagsterRun(job_name="slates", run_id="c")) == "c"
    assert scope_of(run.with_tags({"dagster/backfill": "wxyz"})) == "wxyz"


def test_tonight_is_priced_live_and_a_past_slate_before_its_games() -> None:
    run = dg.DagsterRun(job_name="slates")
    tonight = date(2026, 1, 20)
    now = eastern(tonight, 17, 30)
    assert mode_of(run, tonight, now) is AsOfMode.LIVE
    assert mode_of(run, tonight.replace(day=19), now) is AsOfMode.PRETIP
    assert mode_of(run.with_tags({"nhl_ops/as_of_mode": "morning"}), tonight, now) is AsOfMode.MORNING


def test_a_second_run_waits_for_the_lock_and_then_says_who_has_it(tmp_path) -> None:
    held, done = threading.Event(), threading.Event()
    code = (
        "import sys; from pathlib import Path; from nhl_ops.defs.locking import exclusive\n"
        "with exclusive(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    other = subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    try:
        assert other.stdout.readline().strip() == "held"
        with pytest.raises(ProjectBusy, match="another run has held"), exclusive(tmp_path, timeout_sec=0.2):
            held.set()
        assert not held.is_set()
    finally:
        other.stdin.close()
        other.wait(timeout=10)
        other.stdout.close()
    with exclusive(tmp_path, timeout_sec=5):
        done.set()
    assert done.is_set()
