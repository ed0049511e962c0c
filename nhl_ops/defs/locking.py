"""One run at a time in a project folder, and whose process a run is.

Runs from the command bypass Dagster's queue, so one file lock serves both ways; runs carry the identity of their
process, so that a run whose process is gone is closed and never stands in the way of the next.
"""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from nhl_ops.domain.failures import ProjectBusy

PROCESS_TAGS = (
    "nhl_ops/host",
    "nhl_ops/boot",
    "nhl_ops/pid",
    "nhl_ops/process_started",
    "nhl_ops/process_of",
)
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


def process_identity(run_id: str) -> dict[str, str]:
    """Tags that tell whether the process behind a run is still alive; a re-execution copies them, hence the id."""
    process = psutil.Process()
    values = [socket.gethostname(), f"{psutil.boot_time():.0f}", str(process.pid)]
    values += [f"{process.create_time():.2f}", run_id]
    return dict(zip(PROCESS_TAGS, values, strict=True))
