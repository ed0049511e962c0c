"""State of the pipeline in one SQLite file (WAL): what was seen, what was computed, held and published.

Short transactions, many processes. What lies in files (tables, archive, published folders) is not repeated here
but for the names and digests that tie them together.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
create table if not exists payloads(
    vendor text, payload_hash text, endpoint text, path text, size_bytes integer, http_status integer,
    captured_at_utc text, primary key(vendor, payload_hash)) without rowid;
create table if not exists sightings(
    vendor text, url text, captured_at_utc text, endpoint text, slate text, http_status integer, outcome text,
    payload_hash text, error text, primary key(vendor, url, captured_at_utc)) without rowid;
create index if not exists sightings_by_slate on sightings(vendor, slate);
create index if not exists sightings_by_time on sightings(vendor, captured_at_utc);
create table if not exists captures(
    vendor text, slate text, captured_at_utc text, primary key(vendor, slate, captured_at_utc)) without rowid;
create table if not exists scopes(scope_id text primary key, now_utc text) without rowid;
create table if not exists slices(
    table_name text, partition_key text, scope_id text, rows integer, digest text, inputs text, run_id text,
    primary key(table_name, partition_key, scope_id)) without rowid;
create table if not exists holds(
    scope_id text, partition_key text, table_name text, reason text,
    primary key(scope_id, partition_key, table_name)) without rowid;
create table if not exists publications(
    game_date text, seq integer, scope_id text, run_id text, folder text, published_at_utc text,
    primary key(game_date, seq)) without rowid;
create table if not exists dead_letters(
    vendor text, payload_hash text, rule text, detail text, sample text, captured_at_utc text,
    occurrences integer, primary key(vendor, payload_hash, rule, detail, sample)) without rowid;
create table if not exists clock_lease(league_url text, present_utc text);
create table if not exists history_days(game_date text primary key, captured_at_utc text) without rowid;
"""


@dataclass(frozen=True)
class SightingRow:
    """One time that an endpoint was asked."""

    vendor: str
    url: str
    captured_at_utc: datetime
    endpoint: str
    slate: str
    http_status: int | None
    outcome: str
    payload_hash: str | None
    error: str | None = None
    path: str | None = None
    size_bytes: int | None = None


@dataclass(frozen=True)
class SliceRow:
    """One derived table of one slate in one scope: its content digest and those of what it was made from."""

    table: str
    key: str
    scope_id: str
    rows: int
    digest: str
    inputs: dict[str, str]
    run_id: str


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


class State:
    """Short-lived connections to the state file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as db:
            db.execute("pragma journal_mode=wal")
            db.executescript(SCHEMA)

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

    # -- capture ---------------------------------------------------------------------------------------------

    def record_sighting(self, row: SightingRow) -> bool:
        """Add a sighting (and its payload when new); False when this very sighting was already there."""
        with self._connect() as db:
            if row.payload_hash is not None and row.path is not None:
                db.execute(
                    "insert or ignore into payloads values (?,?,?,?,?,?,?)",
                    (row.vendor, row.payload_hash, row.endpoint, row.path, row.size_bytes, row.http_status,
                     _text(row.captured_at_utc)),
                )  # fmt: skip
            added = db.execute(
                "insert or ignore into sightings values (?,?,?,?,?,?,?,?,?)",
                (row.vendor, row.url, _text(row.captured_at_utc), row.endpoint, row.slate, row.http_status,
                 row.outcome, row.payload_hash, row.error),
            )  # fmt: skip
            return added.rowcount == 1

    def payload_path(self, vendor: str, payload_hash: str) -> str | None:
        found = self._rows(
            "select path from payloads where vendor=? and payload_hash=?", (vendor, payload_hash)
        )
        return found[0][0] if found else None

    def payloads_between(self, vendor: str, start: datetime, end: datetime) -> list[tuple]:
        """(endpoint, hash, path, size, status, first capture) of payloads first captured in [start, end)."""
        return self._rows(
            "select endpoint, payload_hash, path, size_bytes, http_status, captured_at_utc from payloads "
            "where vendor=? and captured_at_utc>=? and captured_at_utc<? order by captured_at_utc, payload_hash",
            (vendor, _text(start), _text(end)),
        )

    def sightings_between(self, vendor: str, start: datetime, end: datetime) -> list[tuple]:
        """(endpoint, url, captured_at_utc, status, outcome, hash, error) in [start, end)."""
        return self._rows(
            "select endpoint, url, captured_at_utc, http_status, outcome, payload_hash, error from sightings "
            "where vendor=? and captured_at_utc>=? and captured_at_utc<? order by captured_at_utc, url",
            (vendor, _text(start), _text(end)),
        )

    def payload_at(self, vendor: str, endpoint: str, at: datetime) -> tuple | None:
        """(endpoint, hash, path) of the last body that an endpoint gave at or before an instant."""
        found = self._rows(
            "select s.endpoint, s.payload_hash, p.path from sightings s "
            "join payloads p on p.vendor=s.vendor and p.payload_hash=s.payload_hash "
            "where s.vendor=? and s.endpoint=? and s.captured_at_utc<=? order by s.captured_at_utc desc limit 1",
            (vendor, endpoint, _text(at)),
        )
        return found[0] if found else None

    def payloads_of_slate(self, vendor: str, endpoints: Sequence[str], slate: str) -> list[tuple]:
        """(endpoint, url, first sighting, hash, path) of the distinct payloads that a slate's capture brought."""
        marks = ",".join("?" * len(endpoints))
        return self._rows(
            "select s.endpoint, min(s.url), min(s.captured_at_utc), s.payload_hash, p.path from sightings s "  # noqa: S608
            "join payloads p on p.vendor=s.vendor and p.payload_hash=s.payload_hash "
            f"where s.vendor=? and s.slate=? and s.endpoint in ({marks}) "
            "group by s.endpoint, s.payload_hash, p.path order by 3, 2",
            (vendor, slate, *endpoints),
        )

    def record_capture(self, vendor: str, slate: str, captured_at_utc: datetime) -> None:
        """A capture that brought everything it asked for; a rerun need not ask again for that instant."""
        with self._connect() as db:
            db.execute(
                "insert or ignore into captures values (?,?,?)", (vendor, slate, _text(captured_at_utc))
            )

    def captured_times(self, vendor: str, slate: str) -> set[datetime]:
        """Instants of this vendor's complete captures for a slate."""
        rows = self._rows("select captured_at_utc from captures where vendor=? and slate=?", (vendor, slate))
        return {datetime.fromisoformat(r[0]) for r in rows}

    def newest_sighting(self, vendor: str) -> datetime | None:
        rows = self._rows(
            "select max(captured_at_utc) from sightings where vendor=? and payload_hash is not null",
            (vendor,),
        )
        return datetime.fromisoformat(rows[0][0]) if rows[0][0] else None

    def add_dead_letters(self, rows: Iterable[tuple]) -> None:
        """(vendor, hash, rule, detail, sample, captured_at_utc, occurrences); the same letter is kept once."""
        with self._connect() as db:
            db.executemany("insert or ignore into dead_letters values (?,?,?,?,?,?,?)", rows)

    def quarantined(self, payload_hashes: Sequence[str]) -> list[tuple[str, str, int]]:
        """(payload_hash, rule, rows) of dead letters."""
        return self._rows(
            "select payload_hash, rule, sum(occurrences) from dead_letters where payload_hash in "
            "(select value from json_each(?)) group by 1, 2 order by 1, 2",
            (json.dumps(list(payload_hashes)),),
        )

    def history_days(self) -> set[str]:
        """Game dates whose results were loaded in bulk after all games had ended."""
        return {r[0] for r in self._rows("select game_date from history_days")}

    def add_history_days(self, days: Iterable[str], captured_at_utc: datetime) -> None:
        with self._connect() as db:
            stamp = _text(captured_at_utc)
            db.executemany("insert or ignore into history_days values (?,?)", [(d, stamp) for d in days])

    def start_clock_lease(self, league_url: str, present: datetime) -> None:
        """A capture is about to move a league's clock: where it stood, should the process not live to put it back."""
        with self._connect() as db:
            db.execute("delete from clock_lease")
            db.execute("insert into clock_lease values (?,?)", (league_url, _text(present)))

    def clock_lease(self, league_url: str) -> datetime | None:
        """Where that league's clock stood before a capture moved it; None when it is not moved."""
        found = self._rows("select present_utc from clock_lease where league_url=?", (league_url,))
        return datetime.fromisoformat(found[0][0]) if found else None

    def end_clock_lease(self) -> None:
        with self._connect() as db:
            db.execute("delete from clock_lease")

    # -- scopes, slices, holds -------------------------------------------------------------------------------

    def scope_now(self, scope_id: str, now: datetime) -> datetime:
        """The `now` of a scope: the first one asked for stands, so that a re-execution prices the same instant."""
        with self._connect() as db:
            db.execute("insert or ignore into scopes values (?,?)", (scope_id, _text(now)))
            found = db.execute("select now_utc from scopes where scope_id=?", (scope_id,)).fetchone()
        return datetime.fromisoformat(found[0])

    def record_slices(self, rows: Iterable[SliceRow]) -> None:
        with self._connect() as db:
            db.executemany(
                "insert or replace into slices values (?,?,?,?,?,?,?)",
                [
                    (r.table, r.key, r.scope_id, r.rows, r.digest, json.dumps(r.inputs), r.run_id)
                    for r in rows
                ],
            )

    def slices(self, scope_id: str, keys: Sequence[str]) -> dict[tuple[str, str], SliceRow]:
        """By (table, key): what a scope computed for these slates."""
        rows = self._rows(
            "select table_name, partition_key, scope_id, rows, digest, inputs, run_id from slices "
            "where scope_id=? and partition_key in (select value from json_each(?))",
            (scope_id, json.dumps(list(keys))),
        )
        return {(r[0], r[1]): SliceRow(*r[:5], json.loads(r[5]), r[6]) for r in rows}

    def judge(
        self, scope_id: str, keys: Iterable[str], table: str, check: str, bad: Mapping[str, str]
    ) -> None:
        """Replace one check's verdicts on these slates in a scope: the bad ones are held back, with the reason."""
        name = f"{table}.{check}"
        with self._connect() as db:
            db.executemany(
                "delete from holds where scope_id=? and partition_key=? and table_name=?",
                [(scope_id, key, name) for key in keys],
            )
            db.executemany(
                "insert into holds values (?,?,?,?)",
                [(scope_id, key, name, reason) for key, reason in bad.items()],
            )

    def clear_holds(self, scope_id: str, tables: Iterable[str] | None) -> None:
        """Forget the verdicts on tables (None: all) that a run of this scope is about to judge again."""
        with self._connect() as db:
            if tables is None:
                db.execute("delete from holds where scope_id=?", (scope_id,))
            else:
                db.executemany(
                    "delete from holds where scope_id=? and table_name like ?",
                    [(scope_id, f"{t}.%") for t in tables],
                )

    def holds(self, scope_id: str) -> dict[str, list[tuple[str, str]]]:
        """By slate: (table, reason) of what holds it back in this scope."""
        held: dict[str, list[tuple[str, str]]] = {}
        rows = self._rows(
            "select partition_key, table_name, reason from holds where scope_id=? order by 1, 2", (scope_id,)
        )
        for key, table, reason in rows:
            held.setdefault(key, []).append((table, reason))
        return held

    # -- publications ----------------------------------------------------------------------------------------

    def next_publication(self, game_date: str) -> int:
        return self._rows(
            "select coalesce(max(seq), 0) + 1 from publications where game_date=?", (game_date,)
        )[0][0]

    def record_publication(
        self, game_date: str, seq: int, scope_id: str, run_id: str, folder: str, at: datetime
    ) -> None:
        with self._connect() as db:
            db.execute(
                "insert or replace into publications values (?,?,?,?,?,?)",
                (game_date, seq, scope_id, run_id, folder, _text(at)),
            )

    def publications(self) -> list[tuple]:
        """(game_date, seq, scope_id, run_id, folder, published_at_utc), oldest first."""
        return self._rows("select * from publications order by game_date, seq")
