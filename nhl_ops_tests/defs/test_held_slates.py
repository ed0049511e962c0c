"""In a range a bad slate holds back itself alone, and says why wherever a person looks; alone it ends the same way."""

from pathlib import Path
from uuid import uuid4

import dagster as dg
import pandas as pd
import pytest

from nhl_ops.contracts.odds import FACT_PROP_ODDS
from nhl_ops.contracts.reports import REPORT_DAILY
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.defs.quality_publication import PUBLISHED_EQUALS_COMPUTED, published_otherwise
from nhl_ops.defs.run_files import write_run_files
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.domain.run_summary import CheckResult, RunStatus, RunSummary, Severity
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.files import write_atomically
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.fakes.policies import set_policy
from nhl_ops_tests.fakes.project import DERIVATIONS, Project, new_project

HELD, GOOD = "2026-01-12", ["2026-01-13", "2026-01-14"]
CHECK = "every_scheduled_game_has_odds"
REASON = "has no price: not_offered_yet"


def told(project: Project, run: dg.DagsterRun) -> RunSummary:
    with project.here():
        return write_run_files(project.house, project.instance, run)


def verdicts(summary: RunSummary, check: str) -> dict[str, CheckResult]:
    return {str(c.slate): c for c in summary.checks if c.name.endswith(f": {check}")}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, server: LeagueServer) -> Project:
    """After a range over a slate without prices, which the operator wants held back."""
    project = new_project(tmp_path_factory.mktemp("held"), server.url)
    set_policy(project, CHECK, '"blocking"')
    project.succeed([HELD, *GOOD])
    return project


@pytest.fixture(scope="module")
def summary(held: Project) -> RunSummary:
    return told(held, held.first_run)


def test_the_others_are_published_and_the_run_is_degraded(held: Project, summary: RunSummary) -> None:
    assert summary.status is RunStatus.DEGRADED
    assert summary.exit_code == 3
    assert held.published_partitions(PUBLISHING_ASSET) == set(GOOD)
    assert set(held.published_digests([HELD, *GOOD])) == {(key, name) for key in GOOD for name in DERIVATIONS}


def test_the_reason_is_the_verdict_on_its_partition(held: Project, summary: RunSummary) -> None:
    found = verdicts(summary, CHECK)
    assert {key: c.passed for key, c in found.items()} == {HELD: False, GOOD[0]: True, GOOD[1]: True}
    assert found[HELD].severity is Severity.ERROR
    assert REASON in found[HELD].detail
    with held.here():
        logs = held.instance.all_logs(
            held.first_run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
        )
    evaluations = [entry.dagster_event.asset_check_evaluation_data for entry in logs]
    (shown,) = [e for e in evaluations if e.partition == HELD and e.check_name == CHECK]
    assert (shown.passed, shown.blocking, shown.asset_key) == (False, True, dg.AssetKey(FACT_PROP_ODDS.name))
    assert shown.target_materialization_data.run_id == held.first_run.run_id
    assert REASON in shown.metadata["reason"].value


def test_the_reason_is_in_the_summary_and_in_the_file_of_the_run(held: Project, summary: RunSummary) -> None:
    (slate,) = summary.held
    assert str(slate.slate) == HELD
    assert REASON in slate.reason
    for key in (HELD, *GOOD):
        path = held.root / names.daily_run(slate.slate).replace(HELD, key)
        assert REASON in path.read_text(encoding="utf-8")


def test_every_published_slate_equals_what_was_computed(summary: RunSummary) -> None:
    found = verdicts(summary, PUBLISHED_EQUALS_COMPUTED.name)
    assert {key: (c.passed, c.detail) for key, c in found.items()} == {key: (True, "") for key in GOOD}


def test_a_published_file_that_was_damaged_is_found(held: Project) -> None:
    run = SlateRun(held.house, held.first_run, GOOD, None)
    path = held.house.warehouse.published.current(GOOD[0]) / "tables" / f"{DIM_GAMES.name}.parquet"
    sound = path.read_bytes()
    try:
        replace_bytes(path, sound[:-20])
        judged = published_otherwise(run)
    finally:
        replace_bytes(path, sound)
    assert judged.faults == {GOOD[0]: ["dim_games is published otherwise than computed"]}
    assert published_otherwise(run).faults == {}


def replace_bytes(path: Path, body: bytes) -> None:
    write_atomically(path.resolve(), lambda beside: beside.write_bytes(body))


def test_single_runs_agree_with_the_range(held: Project, summary: RunSummary) -> None:
    ranged = held.published_digests(GOOD)
    alone = told(held, held.run([HELD]))
    assert alone.status is RunStatus.FAILED
    assert verdicts(alone, CHECK)[HELD] == verdicts(summary, CHECK)[HELD]
    assert alone.failures[0].failure_class == "contract"
    assert f"nhl-ops run-daily --date {HELD} --all" in alone.failures[0].next_command
    held.succeed(GOOD[:1])
    assert held.published_digests(GOOD) == ranged
    assert held.published_partitions(PUBLISHING_ASSET) == set(GOOD)


def test_of_a_held_slate_the_next_ones_read_what_readers_see(held: Project) -> None:
    key = GOOD[0]
    with held.here():
        other = dg.DagsterRun(job_name="slates", run_id=str(uuid4()))
        run = SlateRun(held.house, other, GOOD[:1], None)
        former = run.read_earlier(REPORT_DAILY, [key])
        run.store(REPORT_DAILY, former.assign(games=99))
        assert run.read_earlier(REPORT_DAILY, [key])["games"].tolist() == [99]
        held.house.state.judge(run.scope_id, [key], REPORT_DAILY.name, CHECK, {key: "held"})
        read = SlateRun(held.house, other, GOOD, None).read_earlier(REPORT_DAILY, [key])
    assert len(former) == 1
    pd.testing.assert_frame_equal(read, former)
