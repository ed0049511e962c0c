"""What asking vendors teaches and a later process must know: breakers that are open, validators of last bodies.

Tables of their own in the state file. A connection lives as long as one capture; every statement is its own
transaction.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

SCHEMA = """
create table if not exists http_breakers(
    name text primary key, state text, failures integer, successes integer, opened_at_utc text,
    changed_at_utc text) without rowid;
create table if not exists http_validators(
    vendor text, url text, etag text, last_modified text, payload_hash text,
    primary key(vendor, url)) without rowid;
"""
FORGOTTEN_AFTER = timedelta(days=1)
"""A breaker that nobody asked for so long starts anew: failures far apart are no series."""


@dataclass(frozen=True)
class BreakerRow:
    """Where a breaker stands. failures: in a row."""

    state: str = "closed"
    failures: int = 0
    successes: int = 0
    opened_at_utc: datetime | None = None


@dataclass(frozen=True)
class Validators:
    """What a vendor said of the last body of a URL."""

    payload_hash: str
    etag: str | None = None
    last_modified: str | None = None

    @property
    def headers(self) -> Mapping[str, str]:
        """Of the request that wants a body only if it is another."""
        both = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in both.items() if value is not None}


class HttpMemory:
    """The memory in a state file. now: the machine's time, not a league's; a pause is as long as it is."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self.path = path
        self.now = now
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as db:
            db.execute("pragma journal_mode=wal")
            db.executescript(SCHEMA)

    @contextmanager
    def open(self) -> Iterator["HttpNotes"]:
        """The notes, for one capture."""
        with closing(self._connect()) as db:
            yield HttpNotes(db, self.now)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
        db.execute("pragma synchronous=normal")
        return db


class HttpNotes:
    """Reads and writes over one connection."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], datetime]) -> None:
        self._db = db
        self.now = now

    def breaker(self, name: str) -> BreakerRow:
        since = _text(self.now() - FORGOTTEN_AFTER)
        row = self._db.execute(
            "select state, failures, successes, opened_at_utc from http_breakers "
            "where name=? and changed_at_utc>=?",
            (name, since),
        ).fetchone()
        if row is None:
            return BreakerRow()
        opened = None if row[3] is None else datetime.fromisoformat(row[3])
        return BreakerRow(row[0], row[1], row[2], opened)

    def set_breaker(self, name: str, row: BreakerRow) -> None:
        """Where a breaker stands from now on; the row of one that is as new is dropped."""
        if row == BreakerRow():
            self._db.execute("delete from http_breakers where name=?", (name,))
            return
        opened = None if row.opened_at_utc is None else _text(row.opened_at_utc)
        self._db.execute(
            "insert or replace into http_breakers values (?,?,?,?,?,?)",
            (name, row.state, row.failures, row.successes, opened, _text(self.now())),
        )

    def add_failure(self, name: str) -> None:
        """One more failure in a row, also when another process counts at the same moment."""
        self._db.execute(
            "delete from http_breakers where changed_at_utc<?", (_text(self.now() - FORGOTTEN_AFTER),)
        )
        self._db.execute(
            "insert into http_breakers values (?,'closed',1,0,null,?) on conflict(name) do update "
            "set failures=failures+1, changed_at_utc=excluded.changed_at_utc",
            (name, _text(self.now())),
        )

    def validators(self, vendor: str, url: str) -> Validators | None:
        """Of the last body that a vendor gave for a public URL."""
        row = self._db.execute(
            "select payload_hash, etag, last_modified from http_validators where vendor=? and url=?",
            (vendor, url),
        ).fetchone()
        return None if row is None else Validators(*row)

    def set_validators(self, vendor: str, url: str, found: Validators | None) -> None:
        """None: the vendor gives none for the body that it sent last, or that body is lost."""
        if found is None:
            self._db.execute("delete from http_validators where vendor=? and url=?", (vendor, url))
            return
        self._db.execute(
            "insert or replace into http_validators values (?,?,?,?,?)",
            (vendor, url, found.etag, found.last_modified, found.payload_hash),
        )


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
