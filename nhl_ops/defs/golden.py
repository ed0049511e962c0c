"""The golden run: one fixed slate of a fixed league, in a project folder of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg

from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind
from nhl_ops.defs.catalogue import IN_RUNS
from nhl_ops.defs.house import PROJECT_ROOT, ROOT, House, own_settings
from nhl_ops.defs.runs import launch, open_instance
from nhl_ops.domain.failures import CodeDefect
from nhl_ops.domain.slates import AsOfMode
from nhl_ops.gateways.clock import LEAGUE_URL
from nhl_ops.gateways.golden import Results, text_of
from nhl_ops.gateways.tables import read_tables, write_table
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops.league.synthetic import build_synthetic

GOLDEN = PROJECT_ROOT / "nhl_ops" / "golden"
SEED, ANCHOR, TEAMS = 11, date(2026, 1, 20), 8
SLATE = "2026-01-19"
"""The day before the anchor: its prices, its games and their results are all known."""


@contextmanager
def golden_results() -> Iterator[Results]:
    """Run the slate; what it left stands as long as the block. Raises CodeDefect when the run failed."""
    dataset = build_synthetic(SEED, ANCHOR, n_teams=TEAMS, priced_slates=2)
    with TemporaryDirectory() as folder, LeagueServer(dataset) as server:
        root = Path(folder).resolve()
        own_settings(root)
        with at_home(root, server.url):
            house = House(root, os.environ.get)
            run = launch(open_instance(root), root, "slates", [SLATE], mode=AsOfMode.PRETIP)
            if run.status is not dg.DagsterRunStatus.SUCCESS:
                raise CodeDefect(f"the golden run of {SLATE} failed: run {run.run_id}")
            yield results_of(house)


@contextmanager
def at_home(root: Path, league_url: str) -> Iterator[None]:
    """The environment and folder of a project, put back afterwards."""
    wanted = {ROOT: str(root), LEAGUE_URL: league_url, "DAGSTER_HOME": str(root)}
    before, folder = {name: os.environ.get(name) for name in wanted}, Path.cwd()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.chdir(folder)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def results_of(house: House) -> Results:
    """Published tables and files of the slate, and its observations, each as one file."""
    published = house.warehouse.published.current(SLATE)
    tables = {
        spec.name: published / "tables" / f"{spec.name}.parquet"
        for spec in IN_RUNS
        if spec.kind is Kind.DERIVATION
    }
    for name in ("fact_prop_odds", "fact_game_odds"):
        spec = TABLES[name]
        stored = sorted((house.warehouse.folder / name).glob("**/*.parquet"))
        merged = house.root / "golden" / f"{name}.parquet"
        tables[name] = write_table(spec, merged, read_tables(spec, stored))
    texts = {path.name: text_of(path) for path in sorted((published / "files").iterdir())}
    return Results(tables, texts)
