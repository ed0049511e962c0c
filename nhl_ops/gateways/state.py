"""State of the pipeline in one SQLite file (WAL): what was seen, what was computed, held and published.

Short transactions, many processes. What lies in files (tables, archive, published folders) is not repeated here
but for the names and digests that tie them together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from nhl_ops.gateways import state_slices as slices
from nhl_ops.gateways.dead_letters import DeadLetters, create_dead_letters
from nhl_ops.gateways.state_file import instant_text
from nhl_ops.gateways.state_publications import Publications, create_publications
from nhl_ops.gateways.state_slices import SliceRow, Slices

__all__ = ["SightingRow", "SliceRow", "State"]

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


class State(DeadLetters, Slices, Publications):
    """The state file: captures here, dead letters and what was computed in the parts that it is made of."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as db:
            db.execute("pragma journal_mode=wal")
            db.executescript(SCHEMA + slices.SCHEMA)
            create_dead_letters(db)
            create_publications(db)

    # -- capture ---------------------------------------------------------------------------------------------

    def record_sighting(self, row: SightingRow) -> bool:
        """Add a sighting (and its payload when new); False when this very sighting was already there."""
        with self._connect() as db:
            if row.payload_hash is not None and row.path is not None:
                db.execute(
                    "insert or ignore into payloads values (?,?,?,?,?,?,?)",
                    (row.vendor, row.payload_hash, row.endpoint, row.path, row.size_bytes, row.http_status,
                     instant_text(row.captured_at_utc)),
                )  # fmt: skip
            added = db.execute(
                "insert or ignore into sightings values (?,?,?,?,?,?,?,?,?)",
                (row.vendor, row.url, instant_text(row.captured_at_utc), row.endpoint, row.slate, row.http_status,
                 row.outcome, row.payload_hash, row.error),
            )  # fmt: skip
            return added.rowcount == 1

    def payload_path(self, vendor: str, payload_hash: str) -> str | None:
        found = self._rows(
            "select path from payloads where vendor=? and payload_hash=?", (vendor, payload_hash)
        )
        return found[0][0] if found else None

    def payload_paths(self) -> list[tuple[str, str]]:
        """(path, hash) of every archived payload."""
        return self._rows("select distinct path, payload_hash from payloads order by 1, 2")

    def payloads_between(self, vendor: str, start: datetime, end: datetime) -> list[tuple]:
        """(endpoint, hash, path, size, status, first capture) of payloads first captured in [start, end)."""
        return self._rows(
            "select endpoint, payload_hash, path, size_bytes, http_status, captured_at_utc from payloads "
            "where vendor=? and captured_at_utc>=? and captured_at_utc<? order by captured_at_utc, payload_hash",
            (vendor, instant_text(start), instant_text(end)),
        )

    def sightings_between(self, vendor: str, start: datetime, end: datetime) -> list[tuple]:
        """(endpoint, url, captured_at_utc, status, outcome, hash, error) in [start, end)."""
        return self._rows(
            "select endpoint, url, captured_at_utc, http_status, outcome, payload_hash, error from sightings "
            "where vendor=? and captured_at_utc>=? and captured_at_utc<? order by captured_at_utc, url",
            (vendor, instant_text(start), instant_text(end)),
        )

    def newest_outcomes(self) -> dict[str, str]:
        """By vendor: the outcome of its newest sighting."""
        rows = self._rows(
            "select vendor, outcome, max(captured_at_utc) from sightings group by vendor order by 1"
        )
        return {vendor: outcome for vendor, outcome, _ in rows}

    def payload_at(self, vendor: str, endpoint: str, at: datetime) -> tuple | None:
        """(endpoint, hash, path) of the last body that an endpoint gave at or before an instant."""
        found = self._rows(
            "select s.endpoint, s.payload_hash, p.path from sightings s "
            "join payloads p on p.vendor=s.vendor and p.payload_hash=s.payload_hash "
            "where s.vendor=? and s.endpoint=? and s.captured_at_utc<=? order by s.captured_at_utc desc limit 1",
            (vendor, endpoint, instant_text(at)),
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

    def slates_of_payload(self, vendor: str, payload_hash: str) -> list[str]:
        """Slates whose captures brought this body."""
        found = self._rows(
            "select distinct slate from sightings where vendor=? and payload_hash=? order by 1",
            (vendor, payload_hash),
        )
        return [row[0] for row in found]

    def record_capture(self, vendor: str, slate: str, captured_at_utc: datetime) -> None:
        """A capture that brought everything it asked for; a rerun need not ask again for that instant."""
        with self._connect() as db:
            db.execute(
                "insert or ignore into captures values (?,?,?)",
                (vendor, slate, instant_text(captured_at_utc)),
            )

    def captured_times(self, vendor: str, slate: str) -> set[datetime]:
        """Instants of this vendor's complete captures for a slate."""
        rows = self._rows("select captured_at_utc from captures where vendor=? and slate=?", (vendor, slate))
        return {datetime.fromisoformat(r[0]) for r in rows}

    def was_asked(self, vendor: str, slate: str) -> bool:
        """The vendor was asked for this slate at least once, with an answer or without."""
        found = self._rows(
            "select 1 from captures where vendor=? and slate=? "
            "union all select 1 from sightings where vendor=? and slate=? limit 1",
            (vendor, slate, vendor, slate),
        )
        return bool(found)

    def history_days(self) -> set[str]:
        """Game dates whose results were loaded in bulk after all games had ended."""
        return {r[0] for r in self._rows("select game_date from history_days")}

    def history_loads(self, vendor: str) -> list[list[str]]:
        """Loads of the results history, oldest game dates first: the dates that each brought, in order. A load's
        payloads were captured for its first date."""
        rows = self._rows(
            "select coalesce((select max(slate) from sightings where vendor=? and slate<=game_date "
            "and substr(slate, 1, 7)=substr(game_date, 1, 7)), game_date), game_date "
            "from history_days order by game_date",
            (vendor,),
        )
        return [[day for _, day in found] for _, found in groupby(rows, key=lambda row: row[0])]

    def add_history_days(self, days: Iterable[str], captured_at_utc: datetime) -> None:
        with self._connect() as db:
            stamp = instant_text(captured_at_utc)
            db.executemany("insert or ignore into history_days values (?,?)", [(d, stamp) for d in days])

    def start_clock_lease(self, league_url: str, present: datetime) -> None:
        """A capture is about to move a league's clock: where it stood, should the process not live to put it back."""
        with self._connect() as db:
            db.execute("delete from clock_lease")
            db.execute("insert into clock_lease values (?,?)", (league_url, instant_text(present)))

    def clock_lease(self, league_url: str) -> datetime | None:
        """Where that league's clock stood before a capture moved it; None when it is not moved."""
        found = self._rows("select present_utc from clock_lease where league_url=?", (league_url,))
        return datetime.fromisoformat(found[0][0]) if found else None

    def end_clock_lease(self) -> None:
        with self._connect() as db:
            db.execute("delete from clock_lease")
