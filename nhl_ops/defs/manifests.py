"""Manifests of a run: read off the same record of its events as its summary, the registry and the evidence."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import dagster as dg

from nhl_ops.defs.house import House
from nhl_ops.defs.measures import PAYLOADS
from nhl_ops.defs.run_record import Metadata, RunRecord
from nhl_ops.defs.run_summaries import held_by
from nhl_ops.defs.runs import slates_of
from nhl_ops.defs.scopes import scope_of
from nhl_ops.defs.versions import code_version, config_version
from nhl_ops.gateways.manifests import FailureNote, InputTable, Manifest, SliceStatus, Verdict, Versions

OWN_FIELDS = ("outcome", "rows", "new_rows", "digest", "inputs", PAYLOADS)
"""Metadata that a manifest has fields for; the rest are its figures."""


def manifests_of(house: House, run: dg.DagsterRun, record: RunRecord) -> Iterator[Manifest]:
    """One for each asset and slate that the run materialized, and for each slate of a step that failed."""
    keys, held = set(slates_of(run)), held_by(house, run)
    versions = Versions(
        code=code_version(), config=config_version(house.config_folder), model=house.settings.model.version
    )
    scopes, checks = scopes_of_slices(house, run, sorted(keys)), verdicts(record)
    for (asset, key), metadata in record.figures.items():
        if key in keys:
            base = common(run, record, record.step_of[asset], versions)
            yield Manifest(
                **base,
                asset=asset,
                game_date=key,
                status=SliceStatus.HELD if key in held else SliceStatus.SUCCEEDED,
                checks=tuple(checks[asset, key]),
                **told(metadata, key, scopes),
            )
    for failure in record.failures:
        note = FailureNote(
            failure_class=str(failure.failure_class),
            message=failure.message,
            next_command=failure.next_command,
        )
        for key in sorted(keys) if failure.step else ():
            base = common(run, record, str(failure.step), versions)
            yield Manifest(
                **base, asset=str(failure.step), game_date=key, status=SliceStatus.FAILED, failure=note
            )


def common(run: dg.DagsterRun, record: RunRecord, step: str, versions: Versions) -> dict[str, object]:
    result = record.steps.get(step)
    return {
        "run_id": run.run_id,
        "scope_id": scope_of(run),
        "job": run.job_name,
        "ended_at_utc": result and result.ended_at_utc,
        "step_seconds": result and result.seconds,
        "versions": versions,
    }


def told(metadata: Metadata, key: str, scopes: Mapping[tuple[str, str], str]) -> dict[str, object]:
    """The fields of a manifest that a materialization tells."""
    inputs = metadata.get("inputs") or {}
    return {
        **{name: metadata.get(name) for name in ("outcome", "rows", "new_rows", "digest")},
        "input_tables": tuple(
            InputTable(table=table, digest=digest, scope_id=scopes.get((table, key)))
            for table, digest in sorted(inputs.items())
        ),
        "input_payloads": tuple(metadata.get(PAYLOADS) or ()),
        "figures": {name: value for name, value in metadata.items() if name not in OWN_FIELDS},
    }


def verdicts(record: RunRecord) -> Mapping[tuple[str, str], list[Verdict]]:
    """By asset and slate."""
    found: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for c in record.checks:
        asset, _, check = c.name.partition(": ")
        verdict = Verdict(check=check, passed=c.passed, severity=c.severity, detail=c.detail)
        found[asset, str(c.slate)].append(verdict)
    return found


def scopes_of_slices(house: House, run: dg.DagsterRun, keys: list[str]) -> dict[tuple[str, str], str]:
    """By table and slate: the scope whose slice this run's scope reads."""
    found = {
        (name, key): entry.scope_id
        for key in keys
        for name, entry in house.warehouse.published.tables(key).items()
    }
    return found | {place: row.scope_id for place, row in house.state.slices(scope_of(run), keys).items()}
