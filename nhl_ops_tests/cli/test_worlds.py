"""Two leagues in one project folder never mix, and each comes back whole."""


import pytest

from nhl_ops_tests.cli.conftest import Card
from nhl_ops_tests.cli.operator import ANCHOR, Operator, Told
from nhl_ops_tests.league import recorded_folder


@pytest.fixture(scope="module")
def visitor(
    operator: Operator, again: Card, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Operator, Told]:
    """A copy of the project in which a recorded league was used after the synthetic one."""
    folder = tmp_path_factory.mktemp("recorded")
    recorded_folder.write_results(folder)
    recorded_folder.write_prices(folder)
    copy = operator.copy(tmp_path_factory.mktemp("visitor") / "project")
    return copy, copy.run("run-daily", NHL_OPS_LEAGUE="recorded", NHL_OPS_LEAGUE_DATA=str(folder))


def test_another_league_finds_nothing_of_the_first(visitor: tuple[Operator, Told]) -> None:
    operator, told = visitor
    assert told.code == 0, told
    assert "The synthetic world was parked under .worlds/synthetic" in told.text
    assert not (operator.root / "data" / "published").exists()
    assert not (operator.root / "outputs" / "ev_analysis").exists()
    assert len(operator.runs()) == 1


def test_the_first_league_comes_back_whole(visitor: tuple[Operator, Told], again: Card, league: str) -> None:
    operator, _ = visitor
    told = operator.run("export", "probabilities", "--start", "2025-11-01", "--end", "2025-11-02",
                        "--out", "p.parquet", NHL_OPS_LEAGUE_URL=league)  # fmt: skip
    assert told.code == 1
    assert "run `nhl-ops backfill --start 2025-11-01 --end 2025-11-02` first" in told.err
    assert operator.digests(ANCHOR) == again.digests
    assert operator.observed() == again.observed
    assert again.newest_run.run_id in {run.run_id for run in operator.runs()}
