"""The one SQLite file (WAL) of the pipeline's state: short transactions, many processes."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path


class StateFile:
    """Short-lived connections to the file at `path`."""

    path: Path

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.path, timeout=30)
        try:
            db.execute("pragma synchronous=normal")
            with db:
                yield db
        finally:
            db.close()

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple]:
        with self._connect() as db:
            return db.execute(query, parameters).fetchall()


def instant_text(instant: datetime) -> str:
    """How the file holds an instant: UTC with microseconds, so that texts compare as instants do."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
