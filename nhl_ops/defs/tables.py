"""How a `TableSpec` becomes an asset over a range of slates, with its contract as a blocking check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import isnan
from types import MappingProxyType

import dagster as dg
import pandas as pd

from nhl_ops.contracts.schema import Violation, violations
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.dagster_internals import AssetCheckEvaluationTargetMaterializationData
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.materializations import newest_materializations
from nhl_ops.defs.partitions import RANGE, SLATES
from nhl_ops.defs.scopes import PARTITION, RANGE_START
from nhl_ops.defs.slate_run import Figures, SlateRun
from nhl_ops.domain.failures import MissingInput

CONTRACT_CHECK = "every_row_meets_its_contract"


@dataclass(frozen=True)
class Made:
    """A computed frame with figures by slate."""

    frame: pd.DataFrame
    figures: Figures = field(default_factory=dict)


Compute = Callable[[SlateRun], Made]
ComputeSeveral = Callable[[SlateRun], Sequence[Made]]
Deps = Sequence[dg.AssetDep | str]


def column_schema(spec: TableSpec) -> dg.TableSchema:
    columns = [
        dg.TableColumn(
            c.name,
            c.dtype.value,
            description=c.description + (f" [{c.unit}]" if c.unit else ""),
            constraints=dg.TableColumnConstraints(nullable=c.nullable),
        )
        for c in spec.stored_columns
    ]
    return dg.TableSchema(columns=columns)


def asset_spec(spec: TableSpec, deps: Deps) -> dg.AssetSpec:
    hours = spec.max_age_hours
    return dg.AssetSpec(
        spec.name,
        deps=list(deps),
        group_name=spec.group,
        description=spec.description,
        kinds={"parquet", spec.kind.value},
        metadata={"dagster/column_schema": column_schema(spec), "key": ", ".join(spec.key)},
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=hours))
        if hours
        else None,
    )


def table_assets(
    name: str, specs: Sequence[TableSpec], compute: ComputeSeveral, deps: Deps
) -> dg.AssetsDefinition:
    """Tables that one computation makes for all slates of a run at once, with figures slate by slate."""

    @dg.multi_asset(
        name=name,
        specs=[asset_spec(spec, deps) for spec in specs],
        partitions_def=SLATES,
        backfill_policy=RANGE,
    )
    def _assets(context: dg.AssetExecutionContext, house: HouseResource):  # type: ignore[no-untyped-def]
        run = slate_run(context, house)
        made = compute(run) if run.keys else [Made(spec.empty_frame()) for spec in specs]
        for spec, one in zip(specs, made, strict=True):
            stored = run.store(spec, one.frame)
            figures = {k: stored[k] | one.figures.get(k, {}) for k in run.keys}
            report_figures(context, run, figures, spec.name)

    return _assets


def table_asset(spec: TableSpec, compute: Compute, deps: Deps = ()) -> dg.AssetsDefinition:
    """One table, one computation."""
    return table_assets(spec.name, [spec], lambda run: [compute(run)], deps)


def slate_run(context: dg.AssetExecutionContext, house: HouseResource) -> SlateRun:
    return SlateRun(house.open(), context.run, list(context.partition_keys), context.log, context.instance)


def report_figures(context: dg.AssetExecutionContext, run: SlateRun, figures: Figures, asset: str) -> None:
    """Metadata for each slate's materialization; a held slate says what holds it."""
    for key in run.requested:
        if key in run.held:
            reasons = "; ".join(f"{table}: {reason}" for table, reason in run.held[key])
            metadata = {"outcome": "held", "held_by": reasons}
        else:
            metadata = tidy(figures.get(key, {}))
        context.add_asset_metadata(metadata, asset_key=asset, partition_key=key)


def tidy(figures: Mapping[str, object]) -> dict[str, object]:
    """Metadata values: floats to six digits, no NaN, nothing that is null."""
    tidied: dict[str, object] = {}
    for name, value in figures.items():
        if value is None or value is pd.NA or (isinstance(value, float) and isnan(value)):
            continue
        tidied[name] = round(value, 6) if isinstance(value, float) else value
    return tidied


def contract_check(spec: TableSpec) -> dg.AssetChecksDefinition:
    """Blocking: a slate whose rows break the contract is held back, and that slate alone."""

    @dg.asset_check(
        asset=spec.name,
        name=CONTRACT_CHECK,
        description=f"Types, nulls, bounds, allowed values and the key ({', '.join(spec.key)}) hold for every row.",
        blocking=True,
        partitions_def=SLATES,
    )
    def _check(context: dg.AssetCheckExecutionContext, house: HouseResource) -> dg.AssetCheckResult:
        run = checked_slates(context, house)
        broken = violations(spec, run.read(spec, encoded=True)) if run.keys else []
        return judge(context, run, spec, CONTRACT_CHECK, by_slate(broken, run.keys))

    return _check


def checked_slates(context: dg.AssetCheckExecutionContext, house: HouseResource) -> SlateRun:
    """The slates of the run. Raises MissingInput for a check that is executed alone, without a partition."""
    op = context.op_execution_context
    if not {PARTITION, RANGE_START} & set(op.run.tags):
        raise MissingInput(
            "this check judges slates, and a check that is executed alone has none",
            "materialize the asset for a slate; its checks run with it",
        )
    return SlateRun(house.open(), op.run, list(op.partition_keys), context.log, op.instance)


def by_slate(broken: Sequence[Violation], keys: Sequence[str]) -> dict[str, str | None]:
    """The reason that holds each slate back; None when it is sound."""
    verdicts: dict[str, str | None] = dict.fromkeys(keys)
    for v in broken:
        for key in [v.key] if v.key in verdicts else keys:
            reason = f"{v.rule} ({v.rows} rows, such as {v.example})"
            verdicts[key] = f"{verdicts[key]}; {reason}" if verdicts[key] else reason
    return verdicts


def judge(
    context: dg.AssetCheckExecutionContext,
    run: SlateRun,
    spec: TableSpec,
    check: str,
    verdicts: Mapping[str, str | None],
    *,
    blocking: bool = True,
    notes: Mapping[str, str] = MappingProxyType({}),
) -> dg.AssetCheckResult:
    """Record the verdict of every slate; a blocking one holds the bad slates back and fails if all are bad.

    notes: by slate, what a person should know of a verdict that is good.
    """
    bad = {key: reason for key, reason in verdicts.items() if reason}
    severity = dg.AssetCheckSeverity.ERROR if blocking else dg.AssetCheckSeverity.WARN
    if blocking:
        run.house.state.judge(run.scope_id, list(verdicts), spec.name, check, bad)
    log_verdicts(context, spec, check, verdicts, severity, notes)
    all_bad = blocking and bool(bad) and len(bad) == len(verdicts)
    return dg.AssetCheckResult(
        passed=not bad,
        severity=dg.AssetCheckSeverity.ERROR if all_bad else dg.AssetCheckSeverity.WARN,
        metadata={"slates": len(verdicts), "failing": ", ".join(bad)[:1000] or "none"},
        description="; ".join(f"{key}: {reason}" for key, reason in bad.items())[:1000] or None,
    )


def log_verdicts(
    context: dg.AssetCheckExecutionContext,
    spec: TableSpec,
    check: str,
    verdicts: Mapping[str, str | None],
    severity: dg.AssetCheckSeverity,
    notes: Mapping[str, str],
) -> None:
    """One evaluation a slate, tied to that slate's materialization: what the UI shows by partition."""
    op = context.op_execution_context
    targets = latest_materializations(op.instance, spec.name, list(verdicts))
    for key, reason in verdicts.items():
        if reason:
            context.log.warning(f"{key}: {spec.name} fails {check}: {reason}")
        op.log_event(
            dg.AssetCheckEvaluation(
                asset_key=dg.AssetKey(spec.name),
                check_name=check,
                passed=not reason,
                metadata={"reason": reason} if reason else {"note": notes[key]} if key in notes else {},
                target_materialization_data=targets.get(key),
                severity=severity,
                description=reason or notes.get(key),
                blocking=severity is dg.AssetCheckSeverity.ERROR,
                partition=key,
            )
        )


def latest_materializations(
    instance: dg.DagsterInstance, table: str, keys: Sequence[str]
) -> dict[str, AssetCheckEvaluationTargetMaterializationData]:
    """The newest materialization of each slate, as a verdict names it."""
    return {
        key: AssetCheckEvaluationTargetMaterializationData(
            storage_id=record.storage_id, run_id=record.run_id, timestamp=record.timestamp
        )
        for key, record in newest_materializations(instance, table, keys).items()
    }
