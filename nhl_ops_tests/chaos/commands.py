"""The `nhl-ops` command in a process that has imported everything already: a kill meets work and not imports."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

import psutil

from nhl_ops_tests.cli.forked import forkserver, typed
from nhl_ops_tests.cli.operator import Operator

POLL_SEC = 0.01
LOOK_SEC = 1.0
LIMIT_SEC = 900.0


@dataclass(frozen=True)
class Ended:
    """How a command ended, what it took in all and until `since` held, and what it printed."""

    code: int | None
    cpu_sec: float
    text: str
    since_sec: float = 0.0


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
            target=typed, args=(self.words, self._environment(), self.output, self.output)
        )
        self.process.start()
        self.watched = psutil.Process(self.process.pid)
        return self

    def _environment(self) -> dict[str, str]:
        return Operator(self.root).environment({"NHL_OPS_LEAGUE_URL": self.league_url})

    @property
    def pid(self) -> int:
        assert self.process.pid is not None, "start() it first"
        return self.process.pid

    def wait_for_cpu(self, cpu_sec: float) -> None:
        """Until it has used so much processor time, or has ended."""
        while self.process.is_alive() and cpu_of(self.watched) < cpu_sec:
            self.process.join(POLL_SEC)

    def kill(self) -> None:
        """SIGKILL; nothing happens to one that has just ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(
        self,
        kill_at_cpu_sec: float | None = None,
        meanwhile: Callable[[], object] = lambda: None,
        since: Callable[[], bool] = lambda: True,
    ) -> Ended:
        """To its end, or SIGKILL once it has used so much processor time: the same point whatever the load.

        The time counts from when `since` holds, by default from the start.
        """
        cpu, looked = 0.0, 0.0
        from_cpu: float | None = None
        deadline = time.monotonic() + LIMIT_SEC
        while self.process.is_alive():
            cpu = cpu_of(self.watched) or cpu
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
        return Ended(self.process.exitcode, cpu, text, from_cpu or 0.0)


def cpu_of(process: psutil.Process) -> float:
    """User and system seconds so far; 0 when it has just ended."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system
