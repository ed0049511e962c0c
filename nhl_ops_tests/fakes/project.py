"""A project folder of a test: its own data, its own Dagster instance, a small league on a real socket."""

import atexit
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp

import dagster as dg
import pandas as pd

from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind
from nhl_ops.defs.catalogue import IN_RUNS
from nhl_ops.defs.house import PROJECT_ROOT, House
from nhl_ops.defs.run_record import RunRecord, read_record
from nhl_ops.defs.runs import launch
from nhl_ops.domain.slates import AsOfMode
from nhl_ops.gateways.clock import environment_reader

OBSERVATIONS = [spec.name for spec in IN_RUNS if spec.kind is Kind.OBSERVATION]
DERIVATIONS = [spec.name for spec in IN_RUNS if spec.kind is Kind.DERIVATION]
TWO_SEASONS = "seasons_before = 1"


@dataclass
class Project:
    """What the command has after it opened its session; `here()` makes it the project of this process."""

    root: Path
    league_url: str

    @cached_property
    def house(self) -> House:
        return House(self.root, environment_reader())

    @cached_property
    def instance(self) -> dg.DagsterInstance:
        return dg.DagsterInstance.get()

    @contextmanager
    def here(self) -> Iterator["Project"]:
        wanted = {
            "DAGSTER_HOME": str(self.root),
            "NHL_OPS_ROOT": str(self.root),
            "NHL_OPS_LEAGUE_URL": self.league_url,
        }
        before = {name: os.environ.get(name) for name in wanted}
        folder = Path.cwd()
        os.environ.update(wanted)
        os.chdir(self.root)
        try:
            yield self
        finally:
            os.chdir(folder)
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})

    def run(
        self, keys: Sequence[str], assets: Sequence[str] | None = None, mode: AsOfMode = AsOfMode.PRETIP
    ) -> dg.DagsterRun:
        with self.here():
            return launch(self.instance, self.root, "slates", keys, assets=assets, mode=mode)

    def succeed(self, keys: Sequence[str], assets: Sequence[str] | None = None) -> dg.DagsterRun:
        run = self.run(keys, assets)
        assert run.status is dg.DagsterRunStatus.SUCCESS, self.record(run).failures
        return run

    def record(self, run: dg.DagsterRun) -> RunRecord:
        with self.here():
            return read_record(self.instance, run.run_id)

    def copy(self, to: Path) -> "Project":
        """The same project in another folder; what is done there leaves this one alone."""
        shutil.copytree(self.root, to, symlinks=True)
        return Project(to, self.league_url)

    @property
    def first_run(self) -> dg.DagsterRun:
        """The run that made this project's slates; other tests may have added runs."""
        with self.here():
            return list(self.instance.get_runs())[-1]

    def published_partitions(self, asset: str) -> set[str]:
        with self.here():
            return self.instance.get_materialized_partitions(dg.AssetKey(asset))

    def published_digests(self, keys: Sequence[str]) -> dict[tuple[str, str], str]:
        """By slate and table: the digest of what readers see."""
        tables = {key: self.house.warehouse.published.tables(key) for key in keys}
        return {(key, name): entry.digest for key, found in tables.items() for name, entry in found.items()}

    def observed(self, name: str) -> pd.DataFrame:
        """An observation table without what tells runs apart, in key order."""
        spec = TABLES[name]
        return self.house.warehouse.observations(spec).sort_values(list(spec.key), ignore_index=True)


def new_project(root: Path, league_url: str) -> Project:
    """A project in an empty folder, with the repository's configuration and the results of this season alone."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copytree(PROJECT_ROOT / "config", root / "config", dirs_exist_ok=True)
    policy = root / "config" / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    assert text.count(TWO_SEASONS) == 1, f"config/policy.toml has no {TWO_SEASONS!r}"
    policy.write_text(text.replace(TWO_SEASONS, "seasons_before = 0"), encoding="utf-8")
    shutil.copy(PROJECT_ROOT / "dagster.yaml", root / "dagster.yaml")
    shutil.copytree(_empty_storage(), root / ".dagster")
    return Project(root, league_url)


@cache
def _empty_storage() -> Path:
    """Dagster's storage without a run. Making one takes five times as long as copying it."""
    root = Path(mkdtemp(prefix="nhl-ops-storage-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    shutil.copy(PROJECT_ROOT / "dagster.yaml", root / "dagster.yaml")
    with Project(root, "").here(), dg.DagsterInstance.get():
        return root / ".dagster"
