"""What is measured on a heavy slate: our way from archived bytes to rows, and the floor below it."""

import io
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter
from types import MappingProxyType

import orjson
import pandas as pd
from lxml.html import document_fromstring
from pyarrow import csv, parquet

from benchmarks.measure import Seconds
from benchmarks.plain import Compute, PlainRun, prices_of
from benchmarks.stopwatch import REST, Place, parts_of
from benchmarks.workspace import Workspace
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS, RAW_QUOTES
from nhl_ops.contracts.schema import violations
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs import odds as odds_assets
from nhl_ops.defs import raw_odds
from nhl_ops.defs.house import House
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.domain.failures import CodeDefect
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.vendor import Payload
from nhl_ops.gateways.warehouse import Warehouse
from nhl_ops.transforms import prop_odds

READ, PARSE, ENCODE, CONTRACT, APPEND = "archive", "parse", "encode", "contract", "append"
READ_BACK, NORMALIZE, IDENTITY = "read back", "normalize", "identity"
WARM_LOADS = 3
PLACES: Mapping[str, list[Place]] = MappingProxyType(
    {
        READ: [(Archive, "get")],
        PARSE: [(raw_odds, "parse")],
        ENCODE: [(raw_odds, "encode"), (raw_odds, "stacked"), (odds_assets, "stacked")],
        CONTRACT: [(sys.modules[__name__], "hold_contract")],
        APPEND: [(SlateRun, "store")],
        READ_BACK: [(Warehouse, "observations")],
        NORMALIZE: [(odds_assets, "normalize")],
        IDENTITY: [(prop_odds, "map_quotes")],
    }
)
"""Which functions make up which part."""

PARTS = (*PLACES, REST)


def heavy_rows(workspace: Workspace, vendor: str) -> Seconds:
    """A vendor's archived bytes to raw rows, facts and accounting: contracts held, players identified."""
    _, run = open_slate(workspace)
    with parts_of(PLACES) as seconds:
        for specs, compute in prices_of(vendor):
            _make(run, specs, compute)
    return seconds


def _make(run: SlateRun, specs: Sequence[TableSpec], compute: Compute) -> None:
    """One step: like a run's, it keeps nothing in memory when it is done."""
    for spec, table in zip(specs, compute(run), strict=True):
        hold_contract(spec, table.frame)
        run.store(spec, table.frame)


def hold_contract(spec: TableSpec, frame: pd.DataFrame) -> None:
    if broken := violations(spec, frame):
        raise CodeDefect(f"{spec.name} breaks its contract: {broken[0]}")


def heavy_figures(workspace: Workspace, vendor: str) -> Mapping[str, float]:
    """Bytes, seen quotes, facts and the mapped ones of a finished slate; raises CodeDefect when they do not add up."""
    house, run = open_slate(workspace)
    counts = run.read(FACT_ODDS_ACCOUNTING)
    facts = run.read(FACT_PROP_ODDS)
    raw = run.house.warehouse.observations(RAW_QUOTES[vendor], columns=["quote_id"])
    if len(facts) != counts["accepted"].sum() or counts["seen"].sum() < len(raw):
        raise CodeDefect(f"{vendor}: the accounting of the heavy slate does not balance")
    bodies = payloads(house, vendor, run.keys[0])
    mapped = facts["player_id_nhl"].notna().mean()
    return {
        "bytes": sum(len(p.body) for p in bodies),
        "quotes": len(raw),
        "facts": len(facts),
        "mapped": mapped,
    }


def heavy_floor(workspace: Workspace, vendor: str) -> Seconds:
    """Reading the same bytes alone: orjson for JSON, lxml for pages, pyarrow for files; the median of some."""
    house, run = open_slate(workspace)
    bodies = [payload.body for payload in payloads(house, vendor, run.keys[0])]
    return {"floor": median(_seconds(lambda: [reader_of(b)(b) for b in bodies]) for _ in range(WARM_LOADS))}


def reader_of(body: bytes) -> Callable[[bytes], object]:
    start = body.lstrip()[:4]
    if start == b"PAR1":
        return lambda b: parquet.read_table(io.BytesIO(b))
    if start[:1] in (b"{", b"["):
        return orjson.loads
    return document_fromstring if start[:1] == b"<" else lambda b: csv.read_csv(io.BytesIO(b))


def payloads(house: House, vendor: str, key: str) -> list[Payload]:
    return raw_odds.payloads_of(house, vendor, key)


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def open_slate(workspace: Workspace) -> tuple[House, SlateRun]:
    house = workspace.enter()
    run = SlateRun(house, PlainRun(), workspace.keys[-1:], logging.getLogger(__name__))
    _ = (house.warehouse, house.odds_vendors, house.aliases, run.audit)
    return house, run
