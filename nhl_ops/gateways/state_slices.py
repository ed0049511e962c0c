"""State of what was computed and held: scopes, slices, holds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nhl_ops.gateways.state_file import StateFile, instant_text

SCHEMA = """
create table if not exists scopes(scope_id text primary key, now_utc text) without rowid;
create table if not exists slices(
    table_name text, partition_key text, scope_id text, rows integer, digest text, inputs text, run_id text,
    primary key(table_name, partition_key, scope_id)) without rowid;
create table if not exists holds(
    scope_id text, partition_key text, table_name text, reason text,
    primary key(scope_id, partition_key, table_name)) without rowid;
create index if not exists slices_by_scope on slices(scope_id, partition_key);
"""


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


class Slices(StateFile):
    """Part of `State`."""

    # -- scopes, slices, holds -------------------------------------------------------------------------------

    def scope_now(self, scope_id: str, now: datetime) -> datetime:
        """The `now` of a scope: the first one asked for stands, so that a re-execution prices the same instant."""
        with self._connect() as db:
            db.execute("insert or ignore into scopes values (?,?)", (scope_id, instant_text(now)))
            found = db.execute("select now_utc from scopes where scope_id=?", (scope_id,)).fetchone()
        return datetime.fromisoformat(found[0])

    def newest_scope_now(self) -> datetime | None:
        """The latest instant that any scope priced at; None before the first."""
        found = self._rows("select max(now_utc) from scopes")[0][0]
        return None if found is None else datetime.fromisoformat(found)

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

    def slices_of_run(self, run_id: str) -> list[SliceRow]:
        """What a run computed last of its scope."""
        rows = self._rows(
            "select table_name, partition_key, scope_id, rows, digest, inputs, run_id from slices "
            "where run_id=? order by 1, 2",
            (run_id,),
        )
        return [SliceRow(*r[:5], json.loads(r[5]), r[6]) for r in rows]

    def forget_slices(self, rows: Iterable[SliceRow]) -> None:
        """Of slices whose files are gone."""
        with self._connect() as db:
            db.executemany(
                "delete from slices where table_name=? and partition_key=? and scope_id=?",
                [(r.table, r.key, r.scope_id) for r in rows],
            )

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
