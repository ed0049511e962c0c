"""One small synthetic league on a loopback server for all tests of this folder; a project folder for each."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops.league.synthetic import build_synthetic
from nhl_ops_tests.fakes.project import Project, open_project

ANCHOR = date(2026, 1, 20)


@pytest.fixture(scope="session")
def dataset() -> LeagueDataset:
    return build_synthetic(7, ANCHOR, n_teams=8, priced_slates=6)


@pytest.fixture(scope="session")
def server(dataset: LeagueDataset) -> Iterator[LeagueServer]:
    with LeagueServer(dataset) as running:
        yield running


@pytest.fixture(scope="session")
def past(dataset: LeagueDataset) -> list[str]:
    """The last four dates before the anchor: game days, and whatever off day lies between them."""
    return [(ANCHOR - timedelta(days=n)).isoformat() for n in range(4, 0, -1)]


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch, server: LeagueServer):
    """Makes a folder the project of this test's process; the league's time starts at its anchor."""

    def make(root: Path) -> Project:
        root.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv("DAGSTER_HOME", str(root))
        monkeypatch.setenv("NHL_OPS_ROOT", str(root))
        monkeypatch.setenv("NHL_OPS_LEAGUE_URL", server.url)
        monkeypatch.delenv("NHL_OPS_SOURCE", raising=False)
        monkeypatch.chdir(root)
        return open_project(root)

    return make


@pytest.fixture
def project(enter, tmp_path: Path) -> Project:
    return enter(tmp_path / "project")
