"""Two leagues in one project folder never mix, and each comes back whole."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from nhl_ops_tests.cli.conftest import Card
from nhl_ops_tests.cli.operator import ANCHOR, Operator, Told
from nhl_ops_tests.league import recorded_folder

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Visit:
    """A recorded league used in a project that has a synthetic one."""

    operator: Operator
    told: Told
    digests: dict[str, str]
    observed: dict[str, int]


@pytest.fixture(scope="module")
def visit(operator: Operator, again: Card, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    folder = tmp_path_factory.mktemp("recorded")
    recorded_folder.write_results(folder)
    recorded_folder.write_prices(folder)
    copy = operator.copy(tmp_path_factory.mktemp("visited") / "project")
    told = copy.run("run-daily", NHL_OPS_LEAGUE="recorded", NHL_OPS_LEAGUE_DATA=str(folder))
    return Visit(copy, told, operator.digests(), operator.observed())


def test_another_league_finds_nothing_of_the_first(visit: Visit) -> None:
    assert visit.told.code == 0, visit.told
    assert "synthetic world was parked" in visit.told.text
    assert list((visit.operator.root / "data" / "published").glob("20*")) == []
    assert not (visit.operator.root / "outputs" / "ev_analysis").exists()
    assert len(visit.operator.runs()) == 1


def test_the_first_league_comes_back_whole(visit: Visit, again: Card, league: str) -> None:
    told = visit.operator.run("run-daily", NHL_OPS_LEAGUE_URL=league)
    assert told.code == 0, told
    assert "was parked" in told.text
    assert visit.operator.digests(ANCHOR) == visit.digests
    assert visit.operator.observed() == visit.observed
    assert again.newest_run.run_id in {run.run_id for run in visit.operator.runs()}


def test_a_moved_project_reads_its_own_files_from_the_next_command_on(
    operator: Operator, again: Card, tmp_path: Path
) -> None:
    moved = operator.copy(tmp_path / "moved")
    assert moved.run("run-daily").code == 0
    ((views,),) = moved.ask("select string_agg(sql) from duckdb_views() where not internal")
    assert str(moved.root) in views
    assert str(operator.root) not in views
