"""Every subject of `nhl-ops health`, sound and broken; a broken one hides none of the others."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import dagster as dg

from nhl_ops.defs.dagster_internals import remote_origin
from nhl_ops.defs.health import SUBJECTS, examine
from nhl_ops.defs.pruning import prune
from nhl_ops.domain.health import Finding, Level
from nhl_ops_tests.defs.test_runs import identity_of_a_dead_process, started
from nhl_ops_tests.defs.test_triage import canceled_run
from nhl_ops_tests.fakes.project import Project


def findings(project: Project) -> dict[str, Finding]:
    with project.here():
        return {finding.subject: finding for finding in examine(project.house, project.instance)}


def levels(project: Project) -> dict[str, Level]:
    return {subject: finding.level for subject, finding in findings(project).items()}


def test_after_a_good_run_all_subjects_are_well(ranged: Project, past: list[str]) -> None:
    found = findings(ranged)
    assert list(found) == list(SUBJECTS)
    assert {f.subject for f in found.values() if f.level is not Level.OK} <= {"runs"}
    assert past[-1] in found["store"].told
    assert "the embedded league answers" in found["sources"].told


def test_an_empty_project_says_what_to_run_first(project: Project) -> None:
    found = findings(project)
    assert found["store"].level is Level.WARN
    assert found["store"].next_step == "nhl-ops run-daily --all"
    assert found["runs"].told == "nothing has run yet"


def test_a_corrupt_state_file_is_bad_and_the_disk_is_told_all_the_same(project: Project) -> None:
    path = project.house.state.path
    path.write_bytes(b"this is no database" * 100)
    for beside in path.parent.glob(f"{path.name}-*"):
        beside.unlink()
    found = findings(project)
    assert found["state"].level is Level.BAD
    assert "is damaged" in found["state"].told or "DatabaseError" in found["state"].told
    assert "GB free" in found["disk"].told


def test_a_locked_state_file_is_bad(project: Project) -> None:
    with closing(sqlite3.connect(project.house.state.path)) as other:
        other.execute("begin immediate")
        found = findings(project)["state"]
        other.execute("rollback")
    assert (found.level, "locked" in found.told) == (Level.BAD, True)


def test_a_run_whose_process_is_gone_is_named(project: Project) -> None:
    with project.here():
        run = started(project, identity_of_a_dead_process())
    found = findings(project)["processes"]
    assert found.level is Level.WARN
    assert run.run_id[:8] in found.told


def test_the_newest_run_decides_about_runs(project: Project) -> None:
    canceled_run(project)
    found = findings(project)["runs"]
    assert (found.level, found.next_step) == (Level.BAD, "nhl-ops triage")


def test_runs_that_are_all_pruned_are_told_by_the_registry(project: Project) -> None:
    run = canceled_run(project)
    with project.here():
        assert len(list(prune(project.house, project.instance, datetime.now(UTC) + timedelta(days=1)))) == 1
        assert project.instance.get_runs_count() == 0
    found = findings(project)["runs"]
    assert found.told.startswith(
        f"{run.run_id[:8]} (slates) canceled; 0 of the last 1 succeeded; by the registry"
    )
    assert (found.level, found.next_step) == (Level.BAD, "nhl-ops run-daily --all")


def test_a_run_that_waits_while_nobody_works_is_told(project: Project) -> None:
    with project.here():
        origin = remote_origin("slates", str(project.root))
        queued = dg.DagsterRunStatus.QUEUED
        project.instance.add_run(dg.DagsterRun("slates", status=queued, remote_job_origin=origin))
    assert findings(project)["queue"].level is Level.WARN


def test_open_dead_letters_are_counted_by_vendor(project: Project) -> None:
    letter = ("UNABATED", "ab" * 32, "no_price", "no price", "{}", "2026-01-19T20:00:00.000000+00:00", 3)
    project.house.state.add_dead_letters([letter])
    assert findings(project)["dead letters"].told == "open: UNABATED 3"


def test_a_league_that_does_not_answer_is_bad(project: Project) -> None:
    silent = Project(project.root, "http://127.0.0.1:9")
    found = findings(silent)["sources"]
    assert found.level is Level.BAD
