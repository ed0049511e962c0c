"""Credits of The Odds API: what a request costs by the vendor's documentation, and what a day has cost so far."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

BOOKS_A_REGION = 10
"""Named bookmakers that cost as much as one region."""

PAST_EVENTS = 1
PAST_FACTOR = 10
"""A snapshot of the past costs this many times the price of now."""

SCHEMA = """
create table if not exists credits(
    vendor text, day text, credits integer, primary key(vendor, day)) without rowid
"""


class CreditLedger(Protocol):
    """Credits spent by Eastern day."""

    def spent(self, day: date) -> int: ...

    def add(self, day: date, credits_used: int) -> None:
        """Book credits; a negative number gives back what was reserved and not charged."""
        ...


@dataclass(frozen=True)
class FileLedger:
    """A vendor's ledger in a SQLite file, which processes and vendors may share."""

    path: Path
    vendor: str

    def spent(self, day: date) -> int:
        with closing(self._open()) as db:
            query = "select credits from credits where vendor=? and day=?"
            found = db.execute(query, (self.vendor, day.isoformat())).fetchone()
        return found[0] if found else 0

    def add(self, day: date, credits_used: int) -> None:
        statement = (
            "insert into credits values (?,?,?) "
            "on conflict(vendor, day) do update set credits = credits + excluded.credits"
        )
        with closing(self._open()) as db, db:
            db.execute(statement, (self.vendor, day.isoformat(), credits_used))

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.path, timeout=30)
        db.execute(SCHEMA)
        return db


def region_units(regions: int, bookmakers: int) -> int:
    """How many regions a request pays for; named bookmakers override regions."""
    return -(-bookmakers // BOOKS_A_REGION) if bookmakers else regions
