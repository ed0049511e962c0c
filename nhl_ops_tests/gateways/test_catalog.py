"""The published catalog: readable from the first moment, by anyone, and never in a writer's way."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from threading import Event

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from nhl_ops.contracts.publications import SLATE_PUBLICATIONS
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.reports import REPORT_ROLLING
from nhl_ops.contracts.results import FACT_GAME_RESULTS
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.cards import Move, Withdrawal
from nhl_ops.domain.failures import WarehouseBroken
from nhl_ops.gateways.catalog import (
    CATALOG,
    HOLD,
    LATEST,
    LATEST_SAYS,
    NOW,
    NOW_SAYS,
    ensure_catalog,
    open_catalog,
)
from nhl_ops.gateways.publication_manifest import Publication, PublishedTable
from nhl_ops.gateways.state import State
from nhl_ops.gateways.warehouse import Audit, Warehouse

AT = datetime(2026, 1, 6, 15, tzinfo=UTC)
SLATE = "2026-01-05"
AUDIT = Audit("run", "scope", AT)
JOINED = """select s.publication, r.scope_id
from report_rolling r join slate_publications s using (game_date)"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty project whose tables exist."""
    home = tmp_path / "project"
    open_warehouse(home)
    return home


def open_warehouse(root: Path) -> Warehouse:
    return Warehouse(root, State(root / "data" / "state.sqlite"))


def ask(root: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(root / CATALOG), read_only=True) as db:
        return db.execute(query).fetchall()


def row_of(spec: TableSpec, **values: object) -> pd.DataFrame:
    """One row, null wherever nothing is given and the contract allows it, else zero."""
    blank = {c.name: None if c.nullable else 0 for c in spec.columns}
    return spec.conform(pd.DataFrame([blank | values]))


def rolling(window: int) -> pd.DataFrame:
    return row_of(REPORT_ROLLING, game_date=SLATE, window=f"{window} days", window_days=window)


def publish(warehouse: Warehouse, window: int, scope: str) -> Publication:
    audit = Audit("run", scope, AT)
    warehouse.write_slices(REPORT_ROLLING, rolling(window), [SLATE], audit, {SLATE: {}})
    path, digest = warehouse.slice_paths(REPORT_ROLLING, [SLATE], scope)[SLATE]
    tables = {REPORT_ROLLING.name: PublishedTable(scope, "run", 1, digest, {})}
    draft = warehouse.published.next_version(SLATE, scope, "run", AT, tables)
    return warehouse.published.publish(draft, {REPORT_ROLLING.name: path}, lambda _: None)


def test_every_table_can_be_asked_before_anything_is_stored(root: Path) -> None:
    ensure_catalog(root)
    for name, spec in TABLES.items():
        with duckdb.connect(str(root / CATALOG), read_only=True) as db:
            answer = db.execute(f"select * from {name}")
            assert [column[0] for column in answer.description] == [c.name for c in spec.stored_columns]
            assert answer.fetchall() == []


def test_tables_and_columns_say_what_they_are(root: Path) -> None:
    ensure_catalog(root)
    views = dict(ask(root, "select view_name, comment from duckdb_views() where not internal"))
    shown = [*TABLES.values(), SLATE_PUBLICATIONS]
    assert views == {spec.name: spec.description for spec in shown} | {
        LATEST: LATEST_SAYS,
        NOW: NOW_SAYS,
    }
    comments = ask(root, "select column_name, comment from duckdb_columns() where table_name = 'dim_games'")
    assert dict(comments) == {c.name: c.description for c in TABLES["dim_games"].stored_columns}


def test_an_observation_shows_as_soon_as_it_is_stored(root: Path) -> None:
    ensure_catalog(root)
    game = row_of(
        FACT_GAME_RESULTS, game_date=SLATE, game_id_nhl=2025020001, home_team="TOR", away_team="MTL",
        captured_at_utc=AT, known_at_utc=AT, payload_hash="f" * 64, row_hash="a",
    )  # fmt: skip
    open_warehouse(root).append(FACT_GAME_RESULTS, game, AUDIT)
    rows = ask(root, "select game_id_nhl, run_id, game_date::varchar from fact_game_results")
    assert rows == [(2025020001, "run", SLATE)]


def test_a_derivation_shows_once_it_is_published_and_the_newest_alone(root: Path) -> None:
    ensure_catalog(root)
    warehouse = open_warehouse(root)
    warehouse.write_slices(REPORT_ROLLING, rolling(30), [SLATE], AUDIT, {SLATE: {}})
    assert ask(root, "select window_days from report_rolling") == []
    publish(warehouse, 7, "first")
    assert ask(root, "select window_days from report_rolling") == [(7,)]
    publish(warehouse, 14, "second")
    assert ask(root, "select window_days from report_rolling") == [(14,)]


def test_it_tells_of_each_slate_which_version_readers_see_and_whether_it_is_withdrawn(root: Path) -> None:
    ensure_catalog(root)
    state = "select game_date::varchar, state, version, action, moved_by, reason from slate_publications"
    assert ask(root, state) == []
    warehouse = open_warehouse(root)
    card = publish(warehouse, 7, "first")
    assert ask(root, state) == [(SLATE, "published", 1, "publish", None, None)]
    mark = Withdrawal(1, AT, "ann", "wrong lines")
    moved = {"action": Move.WITHDRAW, "withdrawn": mark, "by": "ann", "reason": mark.reason}
    warehouse.published.reissue(card, moved, lambda _: None)
    assert ask(root, state) == [(SLATE, "withdrawn", 1, "withdraw", "ann", "wrong lines")]
    assert ask(root, "select window_days from report_rolling") == [(7,)]


@contextmanager
def flips(warehouse: Warehouse) -> Iterator[None]:
    """All the while the slate moves from one publication to the next."""
    ended = Event()

    def flip() -> None:
        for scope in cycle(("first", "second")):
            if ended.is_set():
                return
            publish(warehouse, 7, scope)

    with ThreadPoolExecutor(1) as thread:
        flipping = thread.submit(flip)
        try:
            yield
        finally:
            ended.set()
    flipping.result()


def test_a_held_connection_reads_one_publication_in_all_tables_and_queries(root: Path) -> None:
    ensure_catalog(root)
    warehouse = open_warehouse(root)
    publish(warehouse, 7, "first")
    seen = set()
    with flips(warehouse):
        while len(seen) < 5:
            with open_catalog(root) as db:
                first = db.execute("select publication, scope_id from slate_publications").fetchall()
                asked = [db.execute(JOINED).fetchall() for _ in range(3)]
            assert asked == [first] * 3
            seen.add(first[0])


def test_a_held_connection_can_be_moved_on_to_what_is_published_now(root: Path) -> None:
    ensure_catalog(root)
    warehouse = open_warehouse(root)
    with open_catalog(root) as db:
        publish(warehouse, 7, "first")
        assert db.execute("select count(*) from report_rolling").fetchall() == [(0,)]
        db.execute(HOLD)
        assert db.execute("select count(*) from report_rolling").fetchall() == [(1,)]


def test_a_publication_from_before_folders_were_told_is_read_through_its_link(root: Path) -> None:
    warehouse = open_warehouse(root)
    publish(warehouse, 7, "first")
    own = warehouse.published.current(SLATE) / "tables" / f"{SLATE_PUBLICATIONS.name}.parquet"
    pq.write_table(pq.read_table(own).drop_columns(["publication"]), own)
    ensure_catalog(root)
    with open_catalog(root) as db:
        assert db.execute("select window_days from report_rolling").fetchall() == [(7,)]


def test_it_is_written_once_and_then_left_alone(root: Path) -> None:
    written = ensure_catalog(root).stat()
    again = ensure_catalog(root).stat()
    assert (again.st_ino, again.st_mtime_ns) == (written.st_ino, written.st_mtime_ns)


@pytest.mark.parametrize("lost", [CATALOG, CATALOG.replace(".duckdb", ".version")])
def test_it_comes_back_when_it_is_lost(root: Path, lost: str) -> None:
    ensure_catalog(root)
    (root / lost).unlink()
    ensure_catalog(root)
    assert ask(root, "select count(*) from dim_games") == [(0,)]


def test_a_catalog_of_other_contracts_is_replaced(root: Path) -> None:
    path = ensure_catalog(root)
    with duckdb.connect(str(path)) as db:
        db.execute("drop view dim_games")
    path.with_suffix(".version").write_text("an older version")
    ensure_catalog(root)
    assert ask(root, "select count(*) from dim_games") == [(0,)]


def test_it_follows_the_project_to_another_place(root: Path, tmp_path: Path) -> None:
    publish(open_warehouse(root), 7, "first")
    ensure_catalog(root)
    moved = root.rename(tmp_path / "it's elsewhere")
    ensure_catalog(moved)
    assert ask(moved, "select window_days from report_rolling") == [(7,)]


def test_it_can_be_asked_from_any_working_directory(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_catalog(root)
    monkeypatch.chdir(tmp_path)
    assert ask(root, "select count(*) from dim_games") == [(0,)]


def test_readers_neither_change_it_nor_keep_a_run_from_publishing(root: Path) -> None:
    ensure_catalog(root)
    with duckdb.connect(str(root / CATALOG), read_only=True) as reader:
        assert reader.execute("select count(*) from report_rolling").fetchall() == [(0,)]
        publish(open_warehouse(root), 7, "first")
        ensure_catalog(root)
        assert reader.execute("select window_days from report_rolling").fetchall() == [(7,)]
        with pytest.raises(duckdb.Error, match="read-only"):
            reader.execute("create table mine(x int)")


def test_a_reader_that_holds_it_open_does_not_stop_a_rewrite(root: Path) -> None:
    path = ensure_catalog(root)
    with duckdb.connect(str(path), read_only=True) as reader:
        path.with_suffix(".version").write_text("an older version")
        ensure_catalog(root)
        assert reader.execute("select count(*) from dim_games").fetchall() == [(0,)]
    assert sorted(os.listdir(path.parent)) == ["nhl_backtest.duckdb", "nhl_backtest.version"]


def test_a_damaged_file_is_named_with_what_rebuilds_it(root: Path) -> None:
    publish(open_warehouse(root), 7, "one")
    damaged = root / "data/published" / SLATE / "current/tables" / f"{REPORT_ROLLING.name}.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-9])
    with pytest.raises(WarehouseBroken, match=rf"{REPORT_ROLLING.name}.parquet.*verify --repair"):
        ensure_catalog(root)
