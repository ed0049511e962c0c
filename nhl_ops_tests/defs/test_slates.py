"""A range run and one run a slate leave the same tables; a rerun adds nothing; later knowledge changes nothing."""

from datetime import timedelta
from pathlib import Path

import dagster as dg
import pandas as pd

from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops_tests.fakes.project import OBSERVATIONS, Project

CAPTURE_TIMES = ["captured_at_utc", "last_seen_at_utc"]


def succeeded(project: Project, run: dg.DagsterRun) -> bool:
    assert run.status is dg.DagsterRunStatus.SUCCESS, project.record(run).failures
    return True


def test_a_range_run_and_one_run_per_slate_leave_the_same_tables(
    enter, tmp_path: Path, past: list[str]
) -> None:
    together = enter(tmp_path / "range")
    together.bring_history(past)
    assert succeeded(together, together.run(past))
    apart = enter(tmp_path / "single")
    apart.bring_history(past)
    for key in past:
        assert succeeded(apart, apart.run([key]))
    assert together.published_digests(past) == apart.published_digests(past)
    assert set(together.published_digests(past)) == {
        (key, spec.name) for key in past for spec in TABLES.values() if spec.kind is Kind.DERIVATION
    }
    for name in OBSERVATIONS:
        pd.testing.assert_frame_equal(together.observed(name), apart.observed(name))


def test_a_rerun_adds_no_observation_and_leaves_equal_tables(project: Project, past: list[str]) -> None:
    keys = past[-2:]
    project.bring_history(keys)
    assert succeeded(project, project.run(keys))
    before = {name: len(project.observed(name)) for name in OBSERVATIONS}
    digests = project.published_digests(keys)
    assert succeeded(project, project.run(keys))
    assert {name: len(project.observed(name)) for name in OBSERVATIONS} == before
    assert before["fact_prop_odds"] > 0
    assert project.published_digests(keys) == digests


def test_what_is_captured_later_changes_no_earlier_card(project: Project, server, past: list[str]) -> None:
    earlier, later = past[-2], past[-1]
    project.bring_history([earlier])
    assert succeeded(project, project.run([earlier]))
    card = project.published_digests([earlier])
    project.bring_history([later])
    assert succeeded(project, project.run([later]))
    present = server.clock.now()
    try:
        server.clock.move_to(present + timedelta(hours=2))
        assert succeeded(project, project.run([earlier]))
    finally:
        server.clock.move_to(present)
    assert project.published_digests([earlier]) == card


def test_every_good_slate_is_published_and_reported_slate_by_slate(project: Project, past: list[str]) -> None:
    project.bring_history(past)
    run = project.run(past)
    assert succeeded(project, run)
    published = project.instance.get_materialized_partitions(dg.AssetKey(PUBLISHING_ASSET))
    assert published == set(past)
    record = project.record(run)
    for key in past:
        games = record.of("dim_games", key)["games"]
        assert games == len(project.house.warehouse.read_slices(TABLES["dim_games"], [key], run.run_id)[0])
    assert not [check for check in record.checks if not check.passed and check.severity == "error"]


def test_accounting_balances_on_every_payload(project: Project, past: list[str]) -> None:
    project.bring_history(past)
    run = project.run(past)
    rows, _ = project.house.warehouse.read_slices(TABLES["fact_odds_accounting"], past, run.run_id)
    parts = rows[["accepted", "duplicate", "other_slate", "quarantined"]].sum(axis=1)
    assert (parts == rows["seen"]).all()
    assert rows["accepted"].sum() == len(project.observed("fact_prop_odds"))
