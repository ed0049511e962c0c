"""Two plain ways from Unabated's public board (form A) to a table: no contracts, no accounting, no identity."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import orjson
import pandas as pd

from benchmarks.heavy_work import open_slate, payloads
from benchmarks.measure import Seconds
from benchmarks.workspace import Workspace

LINE = """STRUCT("marketLineId" BIGINT, "marketId" BIGINT, points DOUBLE, "americanPrice" INTEGER, "statusId" INTEGER,
    "sequenceNumber" BIGINT, "isBlurred" BOOLEAN, "modifiedOn" VARCHAR,
    "alternateLines" STRUCT(points DOUBLE, "americanPrice" INTEGER)[])"""
EVENT = f"""STRUCT("eventId" BIGINT, "eventStart" VARCHAR, "eventName" VARCHAR, "personId" BIGINT, "teamId" BIGINT,
    "playerPosition" VARCHAR, "betTypeId" INTEGER, live BOOLEAN, sides MAP(VARCHAR, MAP(VARCHAR, {LINE})))"""
PERSON = 'STRUCT("firstName" VARCHAR, "lastName" VARCHAR, "birthDate" VARCHAR)'
TYPES = {"odds": f"MAP(VARCHAR, {EVENT}[])", "people": f"MAP(VARCHAR, {PERSON})"}
UNNESTED = """
    with boards as (
        select people, unnest(map_values(odds)) as events
        from read_json(?, columns = {columns}, maximum_object_size = 200000000, format = 'unstructured')
    ), events as (select people, unnest(events) as e from boards),
    sides as (select e, people[e."personId"::varchar] as who, unnest(map_entries(e.sides)) as s from events),
    lines as (select e, who, s.key as side, unnest(map_entries(s.value)) as l from sides),
    further as (select e, who, side, l, unnest(l.value."alternateLines") as a from lines)
    select e."eventId", e."eventStart", e."eventName", e."personId", who, e."teamId", e."betTypeId", side,
        l.key as book, l.value."marketLineId" as line_id, l.value."modifiedOn" as modified, l.value.points as points,
        l.value."americanPrice" as price, false as is_alternate
    from lines
    union all
    select e."eventId", e."eventStart", e."eventName", e."personId", who, e."teamId", e."betTypeId", side, l.key,
        l.value."marketLineId", l.value."modifiedOn", a.points, a."americanPrice", true
    from further
"""


def with_json_normalize(workspace: Workspace) -> Seconds:
    """orjson, a record a price, `pandas.json_normalize`, and an insert into DuckDB."""
    bodies = _bodies(workspace)
    started = perf_counter()
    with duckdb.connect(str(workspace.root / "normalized.duckdb")) as database:
        database.execute("set enable_progress_bar = false")
        for body in bodies:
            frame = pd.json_normalize(list(_records(orjson.loads(body))), sep="_")
            database.register("found", frame)
            database.execute("create table if not exists quotes as select * from found limit 0")
            database.execute("insert into quotes by name select * from found")
    return {"json_normalize": perf_counter() - started}


def with_read_json(workspace: Workspace) -> Seconds:
    """DuckDB's `read_json` with typed columns, and an insert."""
    paths = []
    for number, body in enumerate(_bodies(workspace)):
        paths.append(workspace.root / f"board-{number}.json")
        paths[-1].write_bytes(body)
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in TYPES.items())
    query = UNNESTED.replace("{columns}", f"{{{columns}}}")
    started = perf_counter()
    with duckdb.connect(str(workspace.root / "read.duckdb")) as database:
        database.execute("set enable_progress_bar = false")
        for path in paths:
            _insert(database, query, path)
    return {"read_json": perf_counter() - started}


def _insert(database: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    is_first = not database.execute("select count(*) from duckdb_tables()").fetchall()[0][0]
    database.execute(("create table quotes as " if is_first else "insert into quotes ") + query, [str(path)])


def _records(board: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for events in board["odds"].values():
        for event in events:
            about = {name: value for name, value in event.items() if name != "sides"}
            about["person"] = board["people"][str(event["personId"])]
            for side, lines in event["sides"].items():
                for book, line in lines.items():
                    main = about | {"side": side, "book": book} | line
                    further = main.pop("alternateLines")
                    yield main
                    yield from (main | alternate for alternate in further)


def _bodies(workspace: Workspace) -> list[bytes]:
    house, run = open_slate(workspace)
    return [payload.body for payload in payloads(house, "UNABATED", run.keys[0])]
