"""The daily evidence tables: read off the metadata of the materializations that measured them, and off nothing else."""

from collections.abc import Mapping

from nhl_ops.contracts.evidence import DAILY_EVIDENCE, FIGURE
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.event_log import EventLog
from nhl_ops.defs.measures import Told, evidence_of
from nhl_ops.defs.quality_agreement import evidence_adds_up
from nhl_ops.defs.quality_check import quality_check
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import Made, table_asset
from nhl_ops.domain.failures import CodeDefect
from nhl_ops.gateways.publication_manifest import Publication

READ_FROM = "read_from_run"
"""In the metadata of an evidence table: the run whose materialization its rows came from."""


def make_evidence(run: SlateRun, spec: TableSpec) -> Made:
    """Of each slate: the rows that the source's materialization carries, of this scope or of what is published."""
    source, _ = FIGURE[spec.name]
    told = told_by(run, source)
    run.rest_on(TABLES[source], run.keys)
    return Made(evidence_of(spec, told), {key: {READ_FROM: run_id} for key, (run_id, _) in told.items()})


def told_by(run: SlateRun, source: str) -> Told:
    """By slate: the run that made the source's slice, and what it told; a slate that no log tells of is left out."""
    if run.instance is None:
        raise CodeDefect("evidence is read off an instance, and this run has none")
    run_of = makers(run, source)
    figures = EventLog(run.instance, run.house.root).figures(source, run_of)
    return {key: (run_of[key], figures[key]) for key in run.keys if key in figures}


def makers(run: SlateRun, table: str) -> dict[str, str]:
    """By slate: the run that made the slice of a table which this scope sees."""
    own = run.house.state.slices(run.scope_id, run.keys)
    published = run.house.warehouse.published
    found = {key: own.get((table, key)) or published.tables(key).get(table) for key in run.keys}
    return {key: entry.run_id for key, entry in found.items() if entry is not None}


def evidence_is_told(run: SlateRun) -> Mapping[str, str]:
    """Slates of which a source's run is in no log, or measured nothing as its version did not yet."""
    reasons: dict[str, str] = {}
    for spec in DAILY_EVIDENCE:
        source, figure = FIGURE[spec.name]
        told = told_by(run, source)
        for key in run.keys:
            if figure not in told.get(key, ("", {}))[1]:
                reasons[key] = (
                    f"no log tells the {figure} of {source}: run `nhl-ops run-daily --date {key} --all`"
                )
    return reasons


def evidence_runs(publication: Publication) -> dict[str, str]:
    """By evidence table: the run that made the published slice; the log of a publication tells it."""
    found = {spec.name: publication.tables.get(spec.name) for spec in DAILY_EVIDENCE}
    return {name: entry.run_id for name, entry in found.items() if entry is not None}


def evidence_asset(spec: TableSpec):  # type: ignore[no-untyped-def]
    return table_asset(spec, lambda run: make_evidence(run, spec), [FIGURE[spec.name][0]])


EVIDENCE_ASSETS = [evidence_asset(spec) for spec in DAILY_EVIDENCE]
EVIDENCE_CHECKS = [
    quality_check(
        DAILY_EVIDENCE[-1],
        "every_figure_is_in_the_log",
        "The metadata that the evidence tables are read off is in the event log or its export.",
        evidence_is_told,
    ),
    quality_check(
        DAILY_EVIDENCE[-1],
        "evidence_adds_up",
        "The rows by vendor, book, market and tenth add up to the slate, the vendor and the market.",
        evidence_adds_up,
        [spec.name for spec in DAILY_EVIDENCE[:-1]],
    ),
]
