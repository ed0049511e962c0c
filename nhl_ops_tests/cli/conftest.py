"""One story in one project folder, told once for all tests here: each chapter is a fixture that keeps what it saw.

A skipped run; a step whose inputs do not exist; the card; a killed run and the one after it.
"""

import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import psutil
import pytest

from nhl_ops_tests.cli.operator import ANCHOR, TIMEOUT_SEC, Operator, Told, new_project


@dataclass(frozen=True)
class Skipped:
    told: Told
    runs: list[dg.DagsterRun]
    daily_run: str


@dataclass(frozen=True)
class Card:
    """What a run of the whole card left."""

    told: Told
    digests: dict[str, str]
    observed: dict[str, int]
    daily_run: str
    ingest_status: str
    newest_run: dg.DagsterRun


@dataclass(frozen=True)
class Killed:
    """A run that was killed after it had computed prices, and what readers had before and after."""

    run_id: str
    exit_code: int
    left_behind: list[psutil.Process]
    before: dict[str, bytes]
    after: dict[str, bytes]
    prices_readable: int


@pytest.fixture(scope="session")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return new_project(tmp_path_factory.mktemp("operator") / "project")


@pytest.fixture(scope="session")
def skipped(operator: Operator) -> Skipped:
    """The very first command, without a switch."""
    told = operator.run_installed("run-daily")
    return Skipped(told, operator.runs(), operator.read(f"outputs/monitoring/daily_run_{ANCHOR}.md"))


@pytest.fixture(scope="session")
def league(operator: Operator, skipped: Skipped) -> Iterator[str]:
    """The same league, served by hand: its address."""
    with operator.start("league", "serve", "--port", "0") as process:
        assert process.stdout is not None, "stdout is piped"
        yield process.stdout.readline().strip().removeprefix("The league listens at ")
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=TIMEOUT_SEC)
        finally:
            process.kill()
    assert process.returncode == 0, "Ctrl-C is a normal end of `league serve`"


@pytest.fixture(scope="session")
def too_early(operator: Operator, skipped: Skipped, league: str) -> Told:
    """Prices asked for before anything was captured; it leaves the results history behind."""
    return operator.run("run-daily", "--run-ev", NHL_OPS_LEAGUE_URL=league)


@pytest.fixture(scope="session")
def before_the_card(
    operator: Operator, too_early: Told, tmp_path_factory: pytest.TempPathFactory
) -> Operator:
    """A copy of the project as it is before its first card."""
    return operator.copy(tmp_path_factory.mktemp("copy") / "project")


def card_of(operator: Operator, told: Told) -> Card:
    return Card(
        told,
        operator.digests(),
        operator.observed(),
        operator.read(f"outputs/monitoring/daily_run_{ANCHOR}.md"),
        operator.read(f"outputs/monitoring/ingest_status_{ANCHOR}.json"),
        operator.runs()[0],
    )


@pytest.fixture(scope="session")
def card(operator: Operator, before_the_card: Operator) -> Card:
    """Tonight's whole card; the command brings its own league."""
    return card_of(operator, operator.run_installed("run-daily", "--all"))


def prices_of(operator: Operator) -> set[Path]:
    folder = operator.root / "data" / "warehouse" / "ev_fair_prices" / f"game_date={ANCHOR}"
    return set(folder.glob("*.parquet"))


def wait_for_new_prices(operator: Operator, process: subprocess.Popen[str], known: set[Path]) -> None:
    deadline = time.monotonic() + TIMEOUT_SEC
    while not prices_of(operator) - known:
        assert process.poll() is None, f"the run ended by itself: {process.communicate()}"
        assert time.monotonic() < deadline, "the run computed no prices in time"
        time.sleep(0.01)


def seen_by_readers(operator: Operator) -> dict[str, bytes]:
    """The slate's published files by name, and which publication they come from."""
    current = operator.root / "data" / "published" / ANCHOR / "current"
    files = {p.name: p.read_bytes() for p in sorted((current / "files").iterdir())}
    return files | {"publication": str(current.readlink()).encode()}


@pytest.fixture(scope="session")
def killed(operator: Operator, card: Card) -> Killed:
    """SIGKILL once the new prices are computed and before they are published."""
    before, known = seen_by_readers(operator), prices_of(operator)
    with operator.start("run-daily", "--all") as process:
        wait_for_new_prices(operator, process, known)
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate(timeout=TIMEOUT_SEC)
    _, alive = psutil.wait_procs(children, timeout=10)
    priced = operator.ask(f"select count(*) from ev_fair_prices where game_date = '{ANCHOR}'")[0][0]
    run_id = operator.runs()[0].run_id
    return Killed(run_id, process.returncode, alive, before, seen_by_readers(operator), priced)


@pytest.fixture(scope="session")
def again(operator: Operator, killed: Killed, league: str) -> Card:
    """The card once more at the same virtual time, switched on by the environment."""
    return card_of(operator, operator.run("run-daily", NHL_OPS_RUN_ALL="1", NHL_OPS_LEAGUE_URL=league))
