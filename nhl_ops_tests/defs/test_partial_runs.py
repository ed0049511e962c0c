"""Part of a slate computed from the UI, a backfill in several runs, a re-execution: never a mixed publication."""

from collections.abc import Sequence

import dagster as dg
import pytest
from dagster._core.definitions.reconstruct import ReconstructableRepository

from nhl_ops.contracts import ev, game_odds, odds, reports, results
from nhl_ops.contracts.evidence import FACT_ODDS_COVERAGE_DAILY
from nhl_ops.defs.runs import launch
from nhl_ops.defs.scopes import AS_OF_MODE_TAG, BACKFILL_TAG, PARTITION
from nhl_ops.defs.steps import ASSETS, PUBLISHING_ASSET, Step, assets_of
from nhl_ops.domain.slates import AsOfMode
from nhl_ops_tests.fakes.project import Project


@pytest.fixture(scope="module")
def morning(at_morning: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A slate that is published as of its morning; tests here work on it as of its games' start."""
    return at_morning.copy(tmp_path_factory.mktemp("partial") / "project")


def card(project: Project, key: str) -> tuple[str, dict[tuple[str, str], str]]:
    """What readers see: the folder, and the digest of each table."""
    return project.house.warehouse.published.current(key).resolve().name, project.published_digests([key])


def of_the_slate_alone(digests: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Without the tables that look at earlier slates too: `ranged` has these, the projects here have not."""
    wider = {
        reports.REPORT_ROLLING.name,
        odds.FACT_ODDS_ACCOUNTING.name,
        FACT_ODDS_COVERAGE_DAILY.name,
        game_odds.FACT_GAME_ODDS_ACCOUNTING.name,
    }
    return {(key, name): digest for (key, name), digest in digests.items() if name not in wider}


def backfill_run(project: Project, key: str, backfill: str, assets: Sequence[str]) -> dg.DagsterRun:
    tags = {BACKFILL_TAG: backfill}
    with project.here():
        return launch(
            project.instance, project.root, "slates", [key], assets=assets, mode=AsOfMode.PRETIP, tags=tags
        )


def test_one_asset_materialized_alone_is_computed_and_not_seen(morning: Project, past: list[str]) -> None:
    key = past[-1]
    before = card(morning, key)
    run = morning.succeed([key], [ev.EV_FAIR_PRICES.name])
    assert card(morning, key) == before
    assert morning.house.state.slices(run.run_id, [key])


def test_an_asset_whose_descendants_are_older_is_not_published(morning: Project, past: list[str]) -> None:
    key = past[-1]
    before = card(morning, key)
    run = morning.succeed([key], [results.DIM_GAMES.name, PUBLISHING_ASSET])
    assert morning.record(run).of(PUBLISHING_ASSET, key) == {}
    assert card(morning, key) == before


def test_new_quotes_without_the_prices_made_from_them_are_not_published(
    morning: Project, past: list[str]
) -> None:
    key = past[-1]
    forget_a_payload(morning)
    before = card(morning, key)
    run = morning.succeed([key], [odds.FACT_PROP_ODDS.name, odds.FACT_ODDS_ACCOUNTING.name, PUBLISHING_ASSET])
    assert morning.record(run).of(PUBLISHING_ASSET, key) == {}
    assert card(morning, key) == before


def forget_a_payload(project: Project) -> None:
    """As if the published accounting had been made before one more payload came."""
    accounting = odds.FACT_ODDS_ACCOUNTING.name
    found = next(project.house.warehouse.published.folder.glob("20*/current/manifest.json"))
    digest = project.house.warehouse.published.tables(found.parent.parent.name)[accounting].digest
    text = found.read_text(encoding="utf-8")
    found.write_text(text.replace(digest, "0" * len(digest)), encoding="utf-8")


def test_publishing_alone_has_nothing_new_and_changes_nothing(morning: Project, past: list[str]) -> None:
    key = past[-1]
    before = card(morning, key)
    run = morning.run([key], [PUBLISHING_ASSET])
    assert morning.record(run).of(PUBLISHING_ASSET, key) == {}
    assert card(morning, key) == before


def test_a_backfill_in_several_runs_is_seen_when_its_last_run_publishes_and_then_whole(
    morning: Project, ranged: Project, past: list[str]
) -> None:
    key = past[-1]
    before = card(morning, key)
    first = [asset for step in (Step.ODDS_INGESTION, Step.PROJECTIONS) for asset in ASSETS[step]]
    rest = assets_of([Step.EV, Step.OUTCOMES, Step.DIAGNOSTICS])
    assert backfill_run(morning, key, "wxyz1234", first).status is dg.DagsterRunStatus.SUCCESS
    assert card(morning, key) == before
    assert backfill_run(morning, key, "wxyz1234", rest).status is dg.DagsterRunStatus.SUCCESS
    now, expected = (p.published_digests([key]) for p in (morning, ranged))
    assert of_the_slate_alone(now) == of_the_slate_alone(expected)
    tables = morning.house.warehouse.published.tables(key).values()
    assert {entry.scope_id for entry in tables} == {"wxyz1234"}


@pytest.mark.slow
def test_a_run_that_failed_half_way_is_not_seen_and_its_re_execution_is_seen_whole(
    project: Project, ranged: Project, past: list[str]
) -> None:
    key = past[-1]
    in_the_way = project.root / "data" / "warehouse" / ev.EV_MULTI_BOOK_BEST_BETS.name
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("a file where a folder belongs")
    failed = project.run([key])
    assert failed.status is dg.DagsterRunStatus.FAILURE
    assert not project.house.warehouse.published.is_published(key)
    in_the_way.unlink()
    again = re_execute(project, failed)
    assert again.status is dg.DagsterRunStatus.SUCCESS, project.record(again).failures
    now, expected = (p.published_digests([key]) for p in (project, ranged))
    assert of_the_slate_alone(now) == of_the_slate_alone(expected)
    entries = project.house.warehouse.published.tables(key).values()
    assert {entry.scope_id for entry in entries} == {failed.run_id}
    assert {entry.run_id for entry in entries} == {failed.run_id, again.run_id}


def re_execute(project: Project, failed: dg.DagsterRun) -> dg.DagsterRun:
    """From its failure on, as the UI does: the steps that succeeded are not done again."""
    with project.here():
        repository = ReconstructableRepository.for_module("nhl_ops.definitions", "defs", str(project.root))
        job = repository.get_reconstructable_job(failed.job_name)
        options = dg.ReexecutionOptions.from_failure(failed.run_id, project.instance)
        kept = {name: failed.tags[name] for name in (PARTITION, AS_OF_MODE_TAG)}
        done = dg.execute_job(
            job, project.instance, reexecution_options=options, tags=kept, raise_on_error=False
        )
        found = project.instance.get_run_by_id(done.run_id)
    assert found is not None
    return found
