"""Definitions load with nothing set, and their structure is under review."""

import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from nhl_ops.contracts.evidence import FACT_RUN_REGISTRY
from nhl_ops.contracts.registry import TABLES
from nhl_ops.definitions import defs
from nhl_ops.defs.catalogue import IN_RUNS
from nhl_ops.defs.house import PROJECT_ROOT

SNAPSHOT = Path(__file__).parents[1] / "fixtures" / "asset_graph.json"


def structure() -> dict[str, dict[str, object]]:
    """Key, dependencies, group, partitions and checks of every asset, as plain JSON."""
    graph = defs.resolve_asset_graph()
    return {
        key.to_user_string(): {
            "deps": sorted(parent.to_user_string() for parent in graph.get(key).parent_keys),
            "group": graph.get(key).group_name,
            "is_partitioned": graph.get(key).is_partitioned,
            "checks": sorted(check.name for check in graph.get_check_keys_for_assets({key})),
        }
        for key in sorted(graph.materializable_asset_keys, key=str)
    }


def test_the_asset_graph_is_the_one_that_was_reviewed() -> None:
    expected = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    assert structure() == expected, (
        "the graph changed; if that is meant, write it with "
        "`.venv/bin/python -m nhl_ops_tests.defs.test_definitions`"
    )


def test_every_table_is_an_asset_with_its_contract_as_a_blocking_check() -> None:
    graph = structure()
    made = {spec.name for spec in IN_RUNS}
    assert made <= set(graph)
    assert set(TABLES) - made == {FACT_RUN_REGISTRY.name}
    assert all("every_row_meets_its_contract" in graph[name]["checks"] for name in made)


def test_every_group_has_a_freshness_check() -> None:
    checks = set(structure()["data_freshness"]["checks"])
    groups = ("results", "odds", "projections", "ev", "reports")
    assert checks == {f"newest_{group}_are_fresh" for group in groups}


def test_definitions_load_without_secret_network_or_warehouse(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "NHL_OPS_ROOT": str(tmp_path), "PYTHONPATH": str(PROJECT_ROOT)}
    command = [sys.executable, "-c", "import nhl_ops.definitions"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_the_instance_has_the_settings_of_the_project(ranged) -> None:
    with ranged.here():
        instance = ranged.instance
        assert instance.storage_directory().startswith(".dagster")
        assert (ranged.root / ".dagster" / "storage").is_dir()
        assert not instance.telemetry_enabled
        assert instance.nux_enabled is False
        assert instance.run_monitoring_settings["free_slots_after_run_end_seconds"] == 300
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1


@pytest.mark.parametrize("name", ["slates", "outcomes", "freshness"])
def test_jobs_run_in_one_process(name: str) -> None:
    assert defs.resolve_job_def(name).executor_def is dg.in_process_executor


if __name__ == "__main__":
    SNAPSHOT.write_text(json.dumps(structure(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
