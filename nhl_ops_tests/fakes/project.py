"""A project folder of a test: its own data, its own Dagster instance, a small league on a real socket."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pandas as pd

from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind
from nhl_ops.defs.history import history_tags, missing_history
from nhl_ops.defs.house import PROJECT_ROOT, House
from nhl_ops.defs.run_record import RunRecord, read_record
from nhl_ops.defs.runs import launch
from nhl_ops.domain.slates import AsOfMode
from nhl_ops.gateways.clock import environment_reader


@dataclass
class Project:
    """What the command has after it opened its session."""

    house: House
    instance: dg.DagsterInstance

    def bring_history(self, keys: Sequence[str]) -> None:
        days = missing_history(self.house, keys)
        if days:
            run = launch(self.instance, self.house.root, "history", tags=history_tags(days))
            assert run.status is dg.DagsterRunStatus.SUCCESS, read_record(self.instance, run.run_id).failures

    def run(
        self, keys: Sequence[str], assets: Sequence[str] | None = None, mode: AsOfMode = AsOfMode.PRETIP
    ) -> dg.DagsterRun:
        return launch(self.instance, self.house.root, "slates", keys, assets=assets, mode=mode)

    def record(self, run: dg.DagsterRun) -> RunRecord:
        return read_record(self.instance, run.run_id)

    def published_digests(self, keys: Sequence[str]) -> dict[tuple[str, str], str]:
        """By slate and table: the digest of what readers see."""
        return {
            (key, name): entry.digest
            for key in keys
            for name, entry in self.house.warehouse.published.tables(key).items()
        }

    def observed(self, name: str) -> pd.DataFrame:
        """An observation table without what tells runs apart, in key order."""
        spec = TABLES[name]
        return self.house.warehouse.observations(spec).sort_values(list(spec.key), ignore_index=True)


OBSERVATIONS = [spec.name for spec in TABLES.values() if spec.kind is Kind.OBSERVATION]


def open_project(root: Path) -> Project:
    """A project in an empty folder, with the repository's configuration."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copytree(PROJECT_ROOT / "config", root / "config", dirs_exist_ok=True)
    shutil.copy(PROJECT_ROOT / "dagster.yaml", root / "dagster.yaml")
    return Project(House(root, environment_reader()), dg.DagsterInstance.get())
