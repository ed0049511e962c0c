"""Every run leaves its rows, also the skipped, the killed and those that the store could not take."""

from pathlib import Path
from uuid import uuid4

import dagster as dg
import jsonschema
import orjson
import pytest

from nhl_ops.contracts.evidence import FACT_RUN_REGISTRY, RUN
from nhl_ops.defs.house import PROJECT_ROOT
from nhl_ops.defs.registry import SPOOL, keep, register_failure, sync_registry
from nhl_ops.defs.run_files import write_run_files
from nhl_ops.defs.runs import close_dead_runs
from nhl_ops.defs.scopes import SKIPPED_TAG
from nhl_ops.domain.failures import WarehouseBroken
from nhl_ops.gateways.manifests import Manifest
from nhl_ops_tests.defs.test_runs import identity_of_a_dead_process, started
from nhl_ops_tests.fakes.project import Project

SLATE = {"dagster/partition": "2026-01-19"}
SCHEMA = PROJECT_ROOT / "docs" / "manifest.schema.json"


def states(project: Project) -> list[tuple[str, str | None, str | None]]:
    """State, class and cause of every run, in order."""
    rows = project.observed(FACT_RUN_REGISTRY.name)
    runs = rows[rows["step"] == RUN].sort_values("at_utc")
    return list(runs[["state", "failure_class", "error_summary"]].itertuples(index=False, name=None))


def test_a_skipped_run_is_registered_with_its_reason(project: Project) -> None:
    with project.here():
        tags = SLATE | {SKIPPED_TAG: "no step was switched on"}
        run = dg.DagsterRun(
            job_name="slates", run_id=str(uuid4()), status=dg.DagsterRunStatus.CANCELED, tags=tags
        )
        project.instance.add_run(run)
        sync_registry(project.house, project.instance)
        assert states(project) == [("skipped", None, "no step was switched on")]


def test_a_killed_run_is_registered_as_started_and_then_as_failed(project: Project) -> None:
    with project.here():
        started(project, identity_of_a_dead_process() | SLATE)
        close_dead_runs(project.instance)
        sync_registry(project.house, project.instance)
        *_, (state, failure_class, cause) = states(project)
    assert state == "failed"
    assert failure_class is not None
    assert cause is not None
    assert "is gone" in cause
    assert "nhl-ops run-daily --date 2026-01-19 --all" in cause


def test_a_run_that_no_store_took_waits_in_the_room_that_was_reserved(project: Project) -> None:
    """What a full disk does to the warehouse, a folder that takes no file does."""
    with project.here():
        keep(project.house, [])
        assert project.house.warehouse.newest(FACT_RUN_REGISTRY) is None
        folder = project.root / "data/warehouse" / FACT_RUN_REGISTRY.name
        aside = folder.rename(folder.with_name("aside"))
        folder.write_text("no folder")
        register_failure(project.house, "slates", ["2026-01-19"], WarehouseBroken("the disk is full"))
        assert b"the disk is full" in (project.root / SPOOL).read_bytes()
        folder.unlink()
        aside.rename(folder)
        sync_registry(project.house, project.instance)
        ((state, _, cause),) = states(project)
    assert (state, cause is not None and cause.startswith("the disk is full")) == ("failed", True)


def test_the_schema_in_docs_is_the_one_of_the_code() -> None:
    assert orjson.loads(SCHEMA.read_bytes()) == Manifest.model_json_schema()


def test_every_manifest_of_a_run_is_valid(ranged: Project, past: list[str]) -> None:
    with ranged.here():
        run = ranged.first_run
        write_run_files(ranged.house, ranged.instance, run)
    validator = jsonschema.Draft202012Validator(orjson.loads(SCHEMA.read_bytes()))
    found = list(Path(ranged.root, "manifests").glob(f"*/game_date=*/run={run.run_id}/manifest.json"))
    for path in found:
        validator.validate(orjson.loads(path.read_bytes()))
    assert {path.parts[-3].removeprefix("game_date=") for path in found} == set(past)
    assert len({path.parts[-4] for path in found}) > 30


def test_a_manifest_names_what_it_was_made_from(ranged: Project, past: list[str]) -> None:
    with ranged.here():
        run = ranged.first_run
        write_run_files(ranged.house, ranged.instance, run)
        own = ranged.house.warehouse.published.tables(past[0])
    place = f"game_date={past[0]}/run={run.run_id}/manifest.json"
    bets = orjson.loads((ranged.root / "manifests/ev_multi_book_best_bets" / place).read_bytes())
    inputs = {table["table"]: table["digest"] for table in bets["input_tables"]}
    assert inputs == {"ev_fair_prices": own["ev_fair_prices"].digest}
    assert bets["digest"] == own["ev_multi_book_best_bets"].digest
    raw = orjson.loads((ranged.root / "manifests/raw_unabated_odds" / place).read_bytes())
    assert all(len(digest) == 64 for digest in raw["input_payloads"])
    assert raw["input_payloads"]


@pytest.mark.parametrize("asset", ["captured_unabated", "published_slates"])
def test_assets_without_a_table_have_manifests_too(ranged: Project, past: list[str], asset: str) -> None:
    with ranged.here():
        write_run_files(ranged.house, ranged.instance, ranged.first_run)
    assert list(Path(ranged.root, "manifests", asset).glob(f"game_date={past[0]}/*/manifest.json"))
