"""The record of publications: every move of a slate that readers saw, added and never changed."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nhl_ops.gateways.state_file import StateFile, instant_text

SCHEMA = """
create table if not exists publications(
    game_date text, seq integer, scope_id text, run_id text, folder text, published_at_utc text,
    action text, version integer, state text, moved_by text, reason text,
    primary key(game_date, seq)) without rowid;
create table if not exists pending_flips(game_date text primary key) without rowid;
"""
ADDED = {"action": "text", "version": "integer", "state": "text", "moved_by": "text", "reason": "text"}


@dataclass(frozen=True)
class PublicationRow:
    """One move: which folder became the visible one, when, by a run or by whom and why."""

    game_date: str
    seq: int
    scope_id: str
    run_id: str
    folder: str
    at_utc: datetime
    action: str
    version: int
    state: str
    moved_by: str | None = None
    reason: str | None = None


def create_publications(db: sqlite3.Connection) -> None:
    """The tables; columns that the record of an earlier version lacks are added."""
    db.executescript(SCHEMA)
    present = {row[1] for row in db.execute("pragma table_info(publications)")}
    for name, kind in ADDED.items():
        if name not in present:
            db.execute(f"alter table publications add column {name} {kind}")


class Publications(StateFile):
    """Part of `State`."""

    def begin_flip(self, game_date: str) -> None:
        """A slate's link is about to move: should the process not live to record it, the next one looks here."""
        with self._connect() as db:
            db.execute("insert or ignore into pending_flips values (?)", (game_date,))

    def record_publication(self, row: PublicationRow) -> None:
        """Add a move, once, and end its pending flip."""
        with self._connect() as db:
            db.execute(
                "insert or ignore into publications values (?,?,?,?,?,?,?,?,?,?,?)",
                (row.game_date, row.seq, row.scope_id, row.run_id, row.folder, instant_text(row.at_utc),
                 row.action, row.version, row.state, row.moved_by, row.reason),
            )  # fmt: skip
            db.execute("delete from pending_flips where game_date=?", (row.game_date,))

    def end_flip(self, game_date: str) -> None:
        """The flip did not happen."""
        with self._connect() as db:
            db.execute("delete from pending_flips where game_date=?", (game_date,))

    def pending_flips(self) -> list[str]:
        return [row[0] for row in self._rows("select game_date from pending_flips order by 1")]

    def last_move(self, game_date: str) -> tuple[int, int]:
        """Number of the slate's last recorded move and of its newest version; zeros before the first."""
        ((seq, version),) = self._rows(
            "select coalesce(max(seq), 0), coalesce(max(coalesce(version, seq)), 0) from publications "
            "where game_date=?",
            (game_date,),
        )
        return seq, version

    def slates_until(self, until: str, limit: int) -> list[str]:
        """Slates that have a record, the latest first, none after `until`."""
        rows = self._rows(
            "select distinct game_date from publications where game_date<=? order by game_date desc limit ?",
            (until, limit),
        )
        return [row[0] for row in rows]

    def publications(self, keys: Sequence[str] | None = None) -> list[PublicationRow]:
        """Moves of these slates (of all by default), oldest first."""
        chosen = "" if keys is None else "where game_date in (select value from json_each(?)) "
        rows = self._rows(
            "select game_date, seq, scope_id, run_id, folder, published_at_utc, coalesce(action, 'publish'), "  # noqa: S608
            "coalesce(version, seq), coalesce(state, 'published'), moved_by, reason from publications "
            f"{chosen}order by game_date, seq",
            () if keys is None else (json.dumps(list(keys)),),
        )
        return [PublicationRow(*r[:5], datetime.fromisoformat(r[5]), *r[6:]) for r in rows]
