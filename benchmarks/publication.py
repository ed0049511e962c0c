"""What publishing one slate costs when little and when much was published before it."""

import json
import logging
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import process_time

import pyarrow as pa
from pyarrow import parquet
from rich.table import Table

from benchmarks.measure import Measurement, Seconds, measured
from benchmarks.plain import CARD, PRICES, REFERENCE, PlainRun, make_tables
from benchmarks.workspace import Workspace
from nhl_ops.contracts.reports import REPORT_DAILY
from nhl_ops.defs.house import House
from nhl_ops.defs.publishing import publish
from nhl_ops.defs.run_record import RunRecord
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.gateways.publication_manifest import MANIFEST, read_manifest

HISTORIES = (10, 60, 1_800)
REPEATS = 9


def publication(base: Workspace) -> Table:
    """Publish the newest slate again and again, with 10, 60 and 1,800 published slates."""
    found = {slates: measured(publish_one, base.copy(f"history-{slates}"), slates) for slates in HISTORIES}
    return publication_table(found)


def publish_one(workspace: Workspace, slates: int) -> Seconds:
    """Medians of processor time: publishing with every file, and the flip with its bookkeeping alone."""
    house, key = workspace.enter(), workspace.keys[-1]
    make_tables(house, [key], REFERENCE + PRICES + CARD)
    run = SlateRun(house, PlainRun(), [key], logging.getLogger(__name__))
    publish(run, key, RunRecord())
    fabricate(house, key, slates)
    newest = [seconds_of(run, key) for _ in range(REPEATS)]
    flips = [flip_seconds(house, key) for _ in range(REPEATS)]
    return {"publish": median(newest), "flip": median(flips)}


def seconds_of(run: SlateRun, key: str) -> float:
    started = process_time()
    publish(run, key, RunRecord())
    return process_time() - started


def flip_seconds(house: House, key: str) -> float:
    """A slate's own bookkeeping without its files: what is published, its links, the record, the flip."""
    published = house.warehouse.published
    now = published.publication(key)
    assert now is not None, f"{key} was published just before"
    started = process_time()
    published.reissue(now, {}, lambda _: None, is_newest=key == published.newest(key))
    return process_time() - started


def fabricate(house: House, key: str, slates: int) -> None:
    """So many earlier slates: folders of hard links to one publication but for `report_daily`, and their rows in the
    state."""
    published = house.warehouse.published
    source = published.current(key).resolve()
    manifest = read_manifest(source)
    assert manifest is not None, f"{key} was published just before"
    days = [(date.fromisoformat(key) - timedelta(days=n)).isoformat() for n in range(1, slates)]
    for day in days:
        folder = published.folder / day / source.name
        for part in ("tables", "files"):
            (folder / part).mkdir(parents=True)
            for path in (source / part).iterdir():
                if path.stem == REPORT_DAILY.name:
                    _write_dated(path, folder / part / path.name, day)
                else:
                    os.link(path, folder / part / path.name)
        text = json.loads(manifest.model_dump_json()) | {"game_date": day}
        (folder / MANIFEST).write_text(json.dumps(text), encoding="utf-8")
        published.current(day).symlink_to(folder.name)
    _fabricate_rows(house, key, days)


def _write_dated(path: Path, to: Path, day: str) -> None:
    """The same rows under another date: the rolling report looks for one row a date."""
    rows = parquet.read_table(path)
    place = rows.column_names.index("game_date")
    dates = pa.array([day] * len(rows), pa.string()).cast(rows.schema.field(place).type)
    parquet.write_table(rows.set_column(place, rows.schema.field(place), dates), to)


def _fabricate_rows(house: House, key: str, days: Sequence[str]) -> None:
    with closing(sqlite3.connect(house.state.path)) as db, db:
        for table, column in (("slices", "partition_key"), ("publications", "game_date")):
            names = [row[1] for row in db.execute(f"pragma table_info({table})")]
            given = {column: "?", "scope_id": "'earlier'"}
            kept = ", ".join(given.get(name, name) for name in names)
            copy = f"insert or ignore into {table} select {kept} from {table} where {column}=?"  # noqa: S608
            db.executemany(copy, [(day, key) for day in days])


def publication_table(found: dict[int, Measurement]) -> Table:
    """Ratios of the longest history to each shorter one; a rolling window of 30 days is full at the second."""
    table = Table(title="Publishing one slate, processor time", title_justify="left", show_edge=False)
    table.add_column("Work")
    for slates in HISTORIES:
        table.add_column(f"{slates:,} slates", justify="right")
    for slates in HISTORIES[:-1]:
        table.add_column(f"{HISTORIES[-1]:,} / {slates}", justify="right")
    rows = {"publish": "publish, every file rendered", "flip": "links, record and flip alone"}
    for part, name in rows.items():
        took = [found[slates].parts[part] for slates in HISTORIES]
        ratios = (f"{took[-1] / seconds:.2f}" for seconds in took[:-1])
        table.add_row(name, *(f"{seconds * 1000:.1f} ms" for seconds in took), *ratios)
    return table
