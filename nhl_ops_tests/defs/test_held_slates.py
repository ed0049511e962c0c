"""In a range a bad slate holds back itself alone, and says why wherever a person looks; alone it ends the same way."""

from collections.abc import Mapping
from dataclasses import dataclass

import dagster as dg
import pytest

from nhl_ops.contracts.odds import FACT_PROP_ODDS
from nhl_ops.defs.house import House
from nhl_ops.defs.quality_publication import published_otherwise
from nhl_ops.defs.run_files import write_run_files
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.domain.run_summary import RunStatus, RunSummary, Severity
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.fakes.project import Project, new_project

HELD, GOOD = "2026-01-13", ["2026-01-14", "2026-01-15"]
CHECK = "every_scheduled_game_has_odds"
REASON = "has no price: endpoint_serves_no_history"


def with_severity(project: Project, check: str, severity: str) -> None:
    """Set a check's severity as an operator would."""
    path = project.root / "config" / "policy.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = [f'{check} = "{severity}"' if line.startswith(f"{check} =") else line for line in lines]
    assert changed != lines
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, server: LeagueServer) -> Project:
    """After a range over a slate of which nobody has prices, where the operator lets that block."""
    project = new_project(tmp_path_factory.mktemp("held"), server.url)
    with_severity(project, CHECK, "blocking")
    project.succeed([HELD, *GOOD])
    return project


def test_x(held: Project) -> None:
    print([ (c.name, str(c.slate), c.detail) for c in held.record(held.first_run).checks if not c.passed])
    print(held.published_partitions(PUBLISHING_ASSET))
