"""One run at a time in a project folder, and whose process a run is.

Runs from the command bypass Dagster's queue, so one file lock serves both ways; runs carry the identity of their
process, so that a run whose process is gone is closed and never stands in the way of the next.
"""

import logging
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from nhl_ops.domain.failures import ProjectBusy

PROCESS_TAG = "nhl_ops/process"
LOCK_TIMEOUT_SEC = 3600.0


def run_lock(root: Path) -> FileLock:
    """One run at a time in a project folder, whoever starts it; freed by the system when a process dies."""
    path = root / "data" / "run.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path, is_singleton=True)


def is_held_elsewhere(lock: FileLock) -> bool:
    try:
        with lock.acquire(timeout=0):
            return False
    except Timeout:
        return True


@contextmanager
def exclusive(root: Path, timeout_sec: float = LOCK_TIMEOUT_SEC) -> Iterator[None]:
    """Wait for the lock. Raises ProjectBusy naming the lock when another run holds it too long."""
    lock = run_lock(root)
    if not lock.is_locked and is_held_elsewhere(lock):
        logging.getLogger(__name__).warning("waiting for another run of this project (%s)", lock.lock_file)
    try:
        with lock.acquire(timeout=timeout_sec):
            yield
    except Timeout as error:
        raise ProjectBusy(f"another run has held {lock.lock_file} for {timeout_sec:.0f} s") from error


@dataclass(frozen=True)
class ProcessIdentity:
    """Whose process a run is: a process id alone may be given again, by this boot or the next.

    A re-execution copies the tags of its parent, hence the run's id.
    """

    run_id: str
    pid: int
    started: str
    boot: str
    host: str

    @property
    def tags(self) -> dict[str, str]:
        return {PROCESS_TAG: " ".join(map(str, astuple(self)))}

    @property
    def is_gone(self) -> bool:
        """The process ran on this host and no longer exists."""
        if self.host != socket.gethostname():
            return False
        return not psutil.pid_exists(self.pid) or this_process(self.run_id, self.pid) != self


def this_process(run_id: str, pid: int | None = None) -> ProcessIdentity:
    """Identity of a living process, of the own one by default. Raises psutil.NoSuchProcess."""
    process = psutil.Process(pid)
    started, boot = f"{process.create_time():.2f}", f"{psutil.boot_time():.0f}"
    return ProcessIdentity(run_id, process.pid, started, boot, socket.gethostname())


def process_of(tags: Mapping[str, str]) -> ProcessIdentity | None:
    """The process that the tags of a run name; None where they name none."""
    if PROCESS_TAG not in tags:
        return None
    run_id, pid, started, boot, host = tags[PROCESS_TAG].split(" ", 4)
    return ProcessIdentity(run_id, int(pid), started, boot, host)
