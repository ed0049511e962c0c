"""A person at a terminal: runs `nhl-ops` in a project folder and looks at what it leaves."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
import duckdb
import pytest

from nhl_ops.contracts.spec import Kind
from nhl_ops.defs.catalogue import IN_RUNS
from nhl_ops.defs.house import PROJECT_ROOT
from nhl_ops.gateways.publication import Published
from nhl_ops.gateways.state import State
from nhl_ops.gateways.warehouse import Warehouse
from nhl_ops_tests.cli.forked import forkserver, typed

COMMAND = Path(sys.executable).parent / "nhl-ops"
ANCHOR = "2026-01-20"
"""Tonight in the league of these tests."""
TIMEOUT_SEC = 600
"""For what hangs: many times what a busy machine takes."""


@dataclass(frozen=True)
class Told:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """All that was printed, with line breaks as spaces."""
        return re.sub(r"\s+", " ", f"{self.out} {self.err}")


@dataclass(frozen=True)
class Operator:
    """Works in one project folder."""

    root: Path

    def environment(self, extra: dict[str, str]) -> dict[str, str]:
        """This process's, without what belongs to a project, at a wide terminal."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("NHL_OPS_", "DAGSTER_"))}
        own = {"NHL_OPS_ROOT": str(self.root), "NHL_OPS_LEAGUE_ANCHOR": ANCHOR}
        return kept | own | {"COLUMNS": "160", "PYTHONDONTWRITEBYTECODE": "1"} | extra

    def start(self, *words: str, **extra: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [COMMAND, *words],
            env=self.environment(extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, **extra: str) -> Told:
        """The command by its code, without the two seconds of its imports."""
        with TemporaryDirectory(prefix="nhl-ops-told-") as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            process = forkserver().Process(target=typed, args=(words, self.environment(extra), out, err))
            process.start()
            process.join(TIMEOUT_SEC)
            if process.is_alive():
                process.kill()
                process.join()
                raise TimeoutError(f"nhl-ops {' '.join(words)} did not end in {TIMEOUT_SEC} s")
            assert process.exitcode is not None, "it was joined"
            return Told(process.exitcode, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))

    def run_installed(self, *words: str, **extra: str) -> Told:
        """The command that pip installed, in a Python of its own."""
        with self.start(*words, **extra) as process:
            out, err = process.communicate(timeout=TIMEOUT_SEC)
        return Told(process.returncode, out, err)

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a setting in config/ by hand."""
        path = self.root / "config" / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"config/{file} has no {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def break_vendor(self, former: str) -> None:
        """Send a vendor's league address to a port where nothing listens, and ask once."""
        self.edit("vendors.toml", f'league = "{{league}}/{former}', f'league = "http://127.0.0.1:9/{former}')
        self.edit("vendors.toml", "max_retries = 3", "max_retries = 0")

    def copy(self, to: Path) -> "Operator":
        """The same project in another folder."""
        shutil.copytree(self.root, to, symlinks=True)
        return Operator(to)

    def read(self, file: str) -> str:
        return (self.root / file).read_text(encoding="utf-8")

    def digests(self, slate: str = ANCHOR) -> dict[str, str]:
        """Content digests of the slate's tables that readers see."""
        published = Published(self.root, State(self.root / "data" / "state.sqlite"))
        return {name: table.digest for name, table in published.tables(slate).items()}

    def ask(self, query: str) -> list[tuple]:
        """Rows from the published catalog, opened as any SQL tool would."""
        with duckdb.connect(str(self.root / "data/db/nhl_backtest.duckdb"), read_only=True) as catalog:
            return catalog.execute(query).fetchall()

    def observed(self) -> dict[str, int]:
        """Rows of every observation table that runs make."""
        stored = Warehouse(self.root, State(self.root / "data" / "state.sqlite"))
        specs = [spec for spec in IN_RUNS if spec.kind is Kind.OBSERVATION]
        return {spec.name: len(stored.observations(spec, columns=[spec.key[0]])) for spec in specs}

    @contextmanager
    def instance(self) -> Iterator[dg.DagsterInstance]:
        """What the UI of this folder shows."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DAGSTER_HOME", str(self.root))
            patch.chdir(self.root)
            with dg.DagsterInstance.get() as instance:
                yield instance

    def runs(self) -> list[dg.DagsterRun]:
        """Newest first."""
        with self.instance() as instance:
            return list(instance.get_runs())


def new_project(root: Path) -> Operator:
    """A folder with the repository's configuration and a small league."""
    shutil.copytree(PROJECT_ROOT / "config", root / "config")
    operator = Operator(root)
    operator.edit("policy.toml", "teams = 32", "teams = 8")
    operator.edit("policy.toml", "priced_slates = 90", "priced_slates = 8")
    return operator
