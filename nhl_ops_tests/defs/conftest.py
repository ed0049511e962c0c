"""One small synthetic league on a loopback server for all tests of this folder; project folders of their own."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from nhl_ops.domain.slates import AsOfMode
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops.league.synthetic import build_synthetic
from nhl_ops_tests.fakes.project import Project, new_project

ANCHOR = date(2026, 1, 20)


@pytest.fixture(scope="session")
def dataset() -> LeagueDataset:
    return build_synthetic(7, ANCHOR, n_teams=8, priced_slates=6)


@pytest.fixture(scope="session")
def server(dataset: LeagueDataset) -> Iterator[LeagueServer]:
    with LeagueServer(dataset) as running:
        yield running


@pytest.fixture(scope="session")
def past() -> list[str]:
    """The last three dates before the anchor."""
    return [(ANCHOR - timedelta(days=n)).isoformat() for n in range(3, 0, -1)]


@pytest.fixture(scope="session")
def ranged(tmp_path_factory: pytest.TempPathFactory, server: LeagueServer, past: list[str]) -> Project:
    """A project after one run over the range; tests that share it leave its published slates as they are."""
    project = new_project(tmp_path_factory.mktemp("ranged"), server.url)
    project.succeed(past)
    return project


@pytest.fixture(scope="session")
def at_morning(tmp_path_factory: pytest.TempPathFactory, server: LeagueServer, past: list[str]) -> Project:
    """A project in which one slate is published as of its morning; tests that go on from there do it in a copy."""
    project = new_project(tmp_path_factory.mktemp("morning") / "project", server.url)
    run = project.run(past[-1:], mode=AsOfMode.MORNING)
    assert run.status is dg.DagsterRunStatus.SUCCESS, project.record(run).failures
    return project


@pytest.fixture
def project(tmp_path: Path, server: LeagueServer) -> Project:
    return new_project(tmp_path / "project", server.url)
