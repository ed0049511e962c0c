"""The one SQLite file (WAL) of the pipeline's state: short transactions, many processes."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from nhl_ops.domain.failures import AccessDenied, Failure, WarehouseBroken


class StateFile:
    """Short-lived connections to the file at `path`."""

    path: Path
    timeout_sec: float = 30.0
    """How long a statement waits for another process's write."""

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.path, timeout=self.timeout_sec)
        try:
            db.execute("pragma synchronous=normal")
            with db:
                yield db
        except sqlite3.DatabaseError as error:
            failure = self._as_failure(error)
            if failure is None:
                raise
            raise failure from error
        finally:
            db.close()

    def _as_failure(self, error: sqlite3.DatabaseError) -> Failure | None:
        """What went wrong with the file itself; None for a defect of a statement."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            return WarehouseBroken(
                f"{self.path} is locked by another process ({error})",
                "close the program that has it open (a database browser?), then start this again",
            )
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return WarehouseBroken(
                f"{self.path} is damaged ({error}); what is published can be read as before",
                "move the project aside and `nhl-ops restore` a backup into an empty one",
            )
        if code == sqlite3.SQLITE_FULL:
            return WarehouseBroken(
                f"no space left on device for {self.path}", "free disk space, then start this again"
            )
        if code == sqlite3.SQLITE_READONLY:
            return AccessDenied(f"{self.path} cannot be written ({error})", "give this user access to it")
        return None

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple]:
        with self._connect() as db:
            return db.execute(query, parameters).fetchall()


def instant_text(instant: datetime) -> str:
    """How the file holds an instant: UTC with microseconds, so that texts compare as instants do."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
