"""The evidence tables made again from the event log and its export, beside the published ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import dagster as dg
import pandas as pd

from nhl_ops.contracts.evidence import DAILY_EVIDENCE, FIGURE
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.event_log import EventLog
from nhl_ops.defs.evidence import READ_FROM
from nhl_ops.defs.house import House
from nhl_ops.defs.materializations import Metadata, newest_figures, newest_observations
from nhl_ops.defs.measures import Told, evidence_of
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.gateways.tables import content_digest, read_tables, to_arrow, to_frame, write_table

REBUILDER = {"run_id": "rebuild", "scope_id": "rebuild", "created_at_utc": pd.Timestamp(0, tz="UTC")}


class Match(StrEnum):
    """How a rebuilt slate compares with the published one."""

    IDENTICAL = "identical"
    DIFFERS = "differs"
    UNTOLD = "no log tells it"


@dataclass(frozen=True)
class Rebuilt:
    """One evidence table of one slate, made again. first_difference: what stands in which row, of both."""

    table: str
    slate: str
    rows: int
    match: Match
    first_difference: str = ""


def rebuild(
    house: House, instance: dg.DagsterInstance, keys: Sequence[str], folder: Path
) -> Iterator[Rebuilt]:
    """Write the evidence of these published slates into `folder` from the logs alone, and compare."""
    log = EventLog(instance, house.root)
    publications = newest_publications(instance, keys)
    for spec in DAILY_EVIDENCE:
        told = told_by_log(log, spec, publications)
        for key in keys:
            yield compared(house, spec, key, told, folder)


def newest_publications(instance: dg.DagsterInstance, keys: Sequence[str]) -> dict[str, Metadata]:
    """By slate: what the log says last of its publication, by a run, a rollback or a withdrawal."""
    by_runs = newest_figures(instance, PUBLISHING_ASSET, keys)
    by_people = newest_observations(instance, PUBLISHING_ASSET, keys)
    return by_runs | {
        key: figures
        for key, figures in by_people.items()
        if key not in by_runs or figures["publication"] > by_runs[key]["publication"]
    }


def told_by_log(log: EventLog, spec: TableSpec, publications: dict[str, Metadata]) -> Told:
    """By slate: the run that measured an evidence table's rows, and what its materialization told."""
    makers = {
        key: run_of[spec.name]
        for key, figures in publications.items()
        if spec.name in (run_of := figures.get("evidence") or {})
    }
    read_from = {
        key: figures[READ_FROM]
        for key, figures in log.figures(spec.name, makers).items()
        if READ_FROM in figures
    }
    source, _ = FIGURE[spec.name]
    return {key: (read_from[key], figures) for key, figures in log.figures(source, read_from).items()}


def compared(house: House, spec: TableSpec, key: str, told: Told, folder: Path) -> Rebuilt:
    published = house.warehouse.published.table(key, spec.name)
    if published is None or key not in told:
        return Rebuilt(spec.name, key, 0, Match.UNTOLD)
    path, digest = published
    table = to_arrow(spec, evidence_of(spec, {key: told[key]}), REBUILDER)
    made = write_table(spec, folder / spec.name / f"{spec.partition_column}={key}" / "rebuilt.parquet", table)
    if content_digest(spec, table) == digest:
        return Rebuilt(spec.name, key, len(table), Match.IDENTICAL)
    frames = [to_frame(spec, read_tables(spec, [file])) for file in (path, made)]
    return Rebuilt(spec.name, key, len(table), Match.DIFFERS, first_difference(spec, *frames))


def first_difference(spec: TableSpec, before: pd.DataFrame, after: pd.DataFrame) -> str:
    """The first row, in the order of the key, that stands in one of two frames alone."""
    marked = before.merge(after, how="outer", indicator="side")
    alone = marked[marked["side"] != "both"].sort_values([*spec.key, "side"])
    if alone.empty:
        return "the rows are the same, their number is not"
    row = alone.iloc[0]
    side = {"left_only": "published", "right_only": "rebuilt"}[row["side"]]
    return f"only {side}: " + ", ".join(f"{name}={row[name]}" for name in spec.column_names)
