"""Dead letters in the state file: what broke a contract, counted, replayed or cleared, and never deleted.

An item counts as quarantined until a replay finds it good: a cleared letter never became a row, a replayed one
did. So seen = accepted + duplicate + other slate + quarantined holds before and after either.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from nhl_ops.contracts.dead_letters import LetterState
from nhl_ops.gateways.letters import (
    LINE_RULES,
    Chosen,
    Letter,
    LetterGroup,
    LetterKey,
    Mark,
    Reconciled,
    eastern_date,
    letter_of,
)
from nhl_ops.gateways.state_file import StateFile, instant_text

SCHEMA = """
create table if not exists dead_letters(
    vendor text, payload_hash text, rule text, detail text, sample text, captured_at_utc text,
    occurrences integer, primary key(vendor, payload_hash, rule, detail, sample)) without rowid;
"""
ADDED_COLUMNS = {
    "state": f"text not null default '{LetterState.OPEN}'",
    "replayed": "integer not null default 0",
    "attempts": "integer not null default 0",
    "version": "integer not null default 0",
    "changed_at_utc": "text",
    "changed_by": "text",
    "replay_id": "text",
    "reason": "text",
}
"""Columns that state files of before 2026-11 lack."""

CHOSEN = """
    where (:vendor is null or l.vendor = :vendor) and (:rule is null or l.rule = :rule)
    and l.state in (select value from json_each(:states))
    and (:day is null or eastern_date(l.captured_at_utc) = :day)
"""
GROUPS = f"""
    select l.vendor, eastern_date(l.captured_at_utc), l.rule, l.state,
        sum(iif(l.state='replayed', l.occurrences, l.occurrences - l.replayed)),
        max(l.captured_at_utc), l.detail, l.sample
    from dead_letters l {CHOSEN} group by 1, 2, 3, 4 order by 2 desc, 1, 5 desc, 3, 4
"""  # noqa: S608 - words of our own
LETTERS = f"""
    select l.vendor, l.payload_hash, l.rule, l.detail, l.sample, l.captured_at_utc, l.occurrences,
        l.occurrences - l.replayed, l.state, l.attempts, l.version, l.changed_at_utc, l.changed_by,
        l.replay_id, l.reason, p.endpoint, p.path
    from dead_letters l left join payloads p on p.vendor = l.vendor and p.payload_hash = l.payload_hash
    {CHOSEN} order by l.captured_at_utc desc, 1, 2, 3, 4, 5 limit :limit
"""  # noqa: S608 - words of our own
CLEAR = f"""
    update dead_letters as l set state='cleared', version=version+1, changed_at_utc=:at, changed_by=:by,
        reason=:reason {CHOSEN} and l.state='open'
"""  # noqa: S608 - words of our own


class DeadLetters(StateFile):
    """Part of `State`."""

    def add_dead_letters(self, rows: Iterable[tuple]) -> None:
        """(vendor, hash, rule, detail, sample, captured_at_utc, occurrences); the same letter is kept once.

        A replayed letter that comes again is open again; a cleared one stays cleared.
        """
        with self._connect() as db:
            db.executemany(
                "insert into dead_letters(vendor, payload_hash, rule, detail, sample, captured_at_utc, occurrences) "
                "values (?,?,?,?,?,?,?) on conflict do update set state='open', replayed=0, version=version+1 "
                "where state='replayed'",
                rows,
            )

    def quarantined(
        self, payload_hashes: Sequence[str], *, of_game_lines: bool = False
    ) -> list[tuple[str, str, int]]:
        """(payload_hash, rule, items) of open and cleared letters, of game lines or of everything else."""
        return self._rows(
            "select payload_hash, rule, sum(occurrences - replayed) from dead_letters where payload_hash in "
            "(select value from json_each(?)) and (substr(rule, 1, ?) = ?) = ? "
            "group by 1, 2 having sum(occurrences - replayed) > 0 order by 1, 2",
            (json.dumps(list(payload_hashes)), len(LINE_RULES), LINE_RULES, of_game_lines),
        )

    def letter_groups(self, chosen: Chosen) -> list[LetterGroup]:
        """Counts, the newest capture date first."""
        rows = self._chosen(GROUPS, chosen)
        return [
            LetterGroup(*row[:3], LetterState(row[3]), row[4], datetime.fromisoformat(row[5]), *row[6:])
            for row in rows
        ]

    def letters(self, chosen: Chosen, limit: int = -1) -> list[Letter]:
        """The letters themselves, newest capture first; at most `limit` of them unless it is negative."""
        rows = self._chosen(LETTERS, chosen, limit=limit)
        return [letter_of(row) for row in rows]

    def reconcile_letters(
        self,
        vendor: str,
        payload_hash: str,
        captured_at_utc: datetime,
        found: Mapping[LetterKey, int],
        mark: Mark,
    ) -> Reconciled:
        """Make a payload's letters those of its latest parse, `found` with their occurrences.

        A letter that is no longer found is replayed; one that is found again has one attempt more, and its
        state, unless it was replayed before: then it is open again. All in one transaction.
        """
        with self._connect() as db:
            db.execute("begin immediate")
            stood = {
                tuple(row[:3]): row[3:]
                for row in db.execute(
                    "select rule, detail, sample, occurrences, replayed, state from dead_letters "
                    "where vendor=? and payload_hash=?",
                    (vendor, payload_hash),
                )
            }
            changed = [_after(key, row, found.get(key, 0)) for key, row in stood.items()]
            stamp = (instant_text(mark.at), mark.by, mark.replay_id)
            db.executemany(
                "update dead_letters set occurrences=?, replayed=?, state=?, attempts=attempts+?, "
                "version=version+1, changed_at_utc=?, changed_by=?, replay_id=? "
                "where vendor=? and payload_hash=? and rule=? and detail=? and sample=?",
                [(*values, *stamp, vendor, payload_hash, *key) for key, values in changed if values],
            )
            new = {key: count for key, count in found.items() if key not in stood}
            db.executemany(
                "insert into dead_letters(vendor, payload_hash, rule, detail, sample, captured_at_utc, occurrences, "
                "changed_at_utc, changed_by, replay_id) values (?,?,?,?,?,?,?,?,?,?)",
                [
                    (vendor, payload_hash, *key, instant_text(captured_at_utc), count, *stamp)
                    for key, count in new.items()
                ],
            )
        gone = sum(max(0, row[0] - row[1] - found.get(key, 0)) for key, row in stood.items())
        return Reconciled(gone, sum(found.values()) - sum(new.values()), sum(new.values()))

    def count_attempt(self, vendor: str, payload_hash: str, mark: Mark) -> None:
        """A replay that could do nothing for the open letters of this payload."""
        with self._connect() as db:
            db.execute(
                "update dead_letters set attempts=attempts+1, version=version+1, changed_at_utc=?, changed_by=?, "
                "replay_id=? where vendor=? and payload_hash=? and state='open'",
                (instant_text(mark.at), mark.by, mark.replay_id, vendor, payload_hash),
            )

    def clear_letters(self, chosen: Chosen, reason: str, mark: Mark) -> int:
        """Put the open letters that are chosen aside, with the reason; returns how many. None is deleted."""
        with self._connect() as db:
            db.create_function("eastern_date", 1, eastern_date, deterministic=True)
            values = {"at": instant_text(mark.at), "by": mark.by, "reason": reason}
            return db.execute(CLEAR, chosen.parameters | values).rowcount

    def _chosen(self, query: str, chosen: Chosen, **values: object) -> list[tuple]:
        with self._connect() as db:
            db.create_function("eastern_date", 1, eastern_date, deterministic=True)
            return db.execute(query, chosen.parameters | values).fetchall()


def create_dead_letters(db: sqlite3.Connection) -> None:
    """The table, and in a file of before the columns that came later."""
    db.executescript(SCHEMA)
    if not _missing(db):
        return
    db.execute("begin immediate")
    for name in _missing(db):
        db.execute(f"alter table dead_letters add column {name} {ADDED_COLUMNS[name]}")
    db.commit()


def _missing(db: sqlite3.Connection) -> list[str]:
    present = {row[1] for row in db.execute("pragma table_info(dead_letters)")}
    return [name for name in ADDED_COLUMNS if name not in present]


def _after(
    key: LetterKey, row: Sequence[Any], found: int
) -> tuple[LetterKey, tuple[int, int, str, int] | None]:
    """(occurrences, replayed, state, attempts to add) after a parse that found the letter so many times.

    None: it was replayed before, and still is.
    """
    occurrences, replayed, state = row
    if not found:
        done = (occurrences, occurrences, LetterState.REPLAYED.value, 0)
        return key, None if replayed == occurrences else done
    total = max(occurrences, found)
    kept = LetterState.OPEN.value if state == LetterState.REPLAYED else state
    return key, (total, total - found, kept, 1)
