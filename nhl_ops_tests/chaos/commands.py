"""The `nhl-ops` command in a process that has imported everything already: a kill meets work and not imports."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

import psutil

from nhl_ops_tests.cli.operator import ANCHOR

POLL_SEC = 0.002
LOOK_SEC = 0.5
LIMIT_SEC = 900.0
PRELOADED = ["nhl_ops.definitions", "nhl_ops.cli.main", "nhl_ops.cli.daily", "nhl_ops.cli.session"]


@dataclass(frozen=True)
class Ended:
    """How a command ended, what it took and what it printed."""

    code: int | None
    cpu_sec: float
    text: str


def forkserver() -> multiprocessing.context.ForkServerContext:
    """Where commands come from: a process that has the definitions and no thread."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def command(root: Path, league_url: str, words: list[str], output: Path) -> None:
    """Runs in the new process, as if the words had been typed there."""
    os.setsid()
    for name in [n for n in os.environ if n.startswith(("NHL_OPS_", "DAGSTER_"))]:
        del os.environ[name]
    os.environ |= {
        "NHL_OPS_ROOT": str(root),
        "NHL_OPS_LEAGUE_ANCHOR": ANCHOR,
        "NHL_OPS_LEAGUE_URL": league_url,
    }
    os.environ |= {"COLUMNS": "160"}
    told = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(told, 1)
    os.dup2(told, 2)
    sys.argv = ["nhl-ops", *words]
    from nhl_ops.cli.main import main

    main()


@dataclass
class Command:
    """A command that runs beside this process."""

    root: Path
    league_url: str
    words: list[str]

    def start(self) -> "Command":
        handle, told = mkstemp(prefix="nhl-ops-told-")
        os.close(handle)
        self.output = Path(told)
        self.process = forkserver().Process(
            target=command, args=(self.root, self.league_url, self.words, self.output)
        )
        self.process.start()
        return self

    @property
    def pid(self) -> int:
        assert self.process.pid is not None, "start() it first"
        return self.process.pid

    def wait_for_cpu(self, cpu_sec: float) -> None:
        """Until it has used so much processor time, or has ended."""
        process = psutil.Process(self.pid)
        while self.process.is_alive() and cpu_of(process) < cpu_sec:
            self.process.join(POLL_SEC)

    def kill(self) -> None:
        if self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, signal.SIGKILL)

    def wait(
        self,
        kill_at_cpu_sec: float | None = None,
        meanwhile: Callable[[], object] = lambda: None,
        since: Callable[[], bool] = lambda: True,
    ) -> Ended:
        """To its end, or SIGKILL once it has used so much processor time: the same point whatever the load.

        The time counts from when `since` holds, by default from the start.
        """
        process, cpu, looked = psutil.Process(self.process.pid), 0.0, 0.0
        from_cpu: float | None = None
        deadline = time.monotonic() + LIMIT_SEC
        while self.process.is_alive():
            cpu = cpu_of(process) or cpu
            if from_cpu is None and since():
                from_cpu = cpu
            is_due = (
                kill_at_cpu_sec is not None and from_cpu is not None and cpu - from_cpu >= kill_at_cpu_sec
            )
            if is_due or time.monotonic() > deadline:
                self.kill()
            if time.monotonic() - looked > LOOK_SEC:
                meanwhile()
                looked = time.monotonic()
            self.process.join(POLL_SEC)
        self.process.join()
        text = self.output.read_text(encoding="utf-8", errors="replace")
        self.output.unlink()
        return Ended(self.process.exitcode, cpu, text)


def cpu_of(process: psutil.Process) -> float:
    """User and system seconds so far; 0 when it has just ended."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system
