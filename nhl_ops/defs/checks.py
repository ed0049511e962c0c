"""Checks give each slate a verdict of its own; config/policy.toml says whether a bad one is held back."""

from collections.abc import Callable, Mapping, Sequence

import dagster as dg

from nhl_ops.contracts.schema import Violation, violations
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.dagster_internals import AssetCheckEvaluationTargetMaterializationData
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.materializations import newest_materializations
from nhl_ops.defs.partitions import SLATES
from nhl_ops.defs.scopes import PARTITION, RANGE_START
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.verdicts import Judged, in_words
from nhl_ops.domain.failures import MissingInput

CONTRACT_CHECK = "every_row_meets_its_contract"
Context = dg.AssetCheckExecutionContext | dg.AssetExecutionContext
Decide = Callable[[dg.AssetCheckExecutionContext, SlateRun], Judged]


def slate_check(
    asset: str, name: str, description: str, decide: Decide, also: Sequence[str] = ()
) -> dg.AssetChecksDefinition:
    """A check of each slate of a run. What comes after the asset waits for it, since it may hold slates back.

    also: assets that it reads and that the asset does not come after.
    """

    @dg.asset_check(
        asset=asset,
        name=name,
        description=description,
        blocking=True,
        partitions_def=SLATES,
        additional_deps=list(also),
    )
    def _check(context: dg.AssetCheckExecutionContext, house: HouseResource) -> dg.AssetCheckResult:
        run = checked_slates(context, house)
        return judge(context, run, asset, name, decide(context, run) if run.keys else Judged())

    return _check


def contract_check(spec: TableSpec) -> dg.AssetChecksDefinition:
    """The rules of one table, row by row."""

    def decide(_context: dg.AssetCheckExecutionContext, run: SlateRun) -> Judged:
        return Judged(by_slate(violations(spec, run.read(spec, encoded=True)), run.keys))

    described = (
        f"Types, nulls, bounds, allowed values and the key ({', '.join(spec.key)}) hold for every row."
    )
    return slate_check(spec.name, CONTRACT_CHECK, described, decide)


def checked_slates(context: dg.AssetCheckExecutionContext, house: HouseResource) -> SlateRun:
    """The slates of the run. Raises MissingInput for a check that is executed alone, without a partition."""
    op = context.op_execution_context
    if not {PARTITION, RANGE_START} & set(op.run.tags):
        raise MissingInput(
            "this check judges slates, and a check that is executed alone has none",
            "materialize the asset for a slate; its checks run with it",
        )
    return SlateRun(house.open(), op.run, list(op.partition_keys), context.log, op.instance)


def by_slate(broken: Sequence[Violation], keys: Sequence[str]) -> dict[str, list[str]]:
    """What each slate's rows break; a rule that no slate can be named for stands at all of them."""
    faults: dict[str, list[str]] = {}
    for v in broken:
        for key in [v.key] if v.key in keys else keys:
            faults.setdefault(key, []).append(f"{v.rule} ({v.rows} rows, such as {v.example})")
    return faults


def judge(context: Context, run: SlateRun, asset: str, check: str, judged: Judged) -> dg.AssetCheckResult:
    """Record the verdict of every slate; where the operator says so, hold the bad ones back and fail if all are bad."""
    verdicts = {key: in_words(judged.faults.get(key, ())) for key in run.keys}
    notes = {key: words for key, said in judged.notes.items() if (words := in_words(said))}
    bad = {key: reason for key, reason in verdicts.items() if reason}
    blocking = run.house.settings.policy.checks.blocks(check)
    run.house.state.judge(run.scope_id, list(verdicts), asset, check, bad if blocking else {})
    severity = dg.AssetCheckSeverity.ERROR if blocking else dg.AssetCheckSeverity.WARN
    log_verdicts(context, asset, check, verdicts, severity, notes)
    all_bad = blocking and bool(bad) and len(bad) == len(verdicts)
    return dg.AssetCheckResult(
        check_name=check,
        passed=not bad,
        severity=dg.AssetCheckSeverity.ERROR if all_bad else dg.AssetCheckSeverity.WARN,
        metadata={"slates": len(verdicts), "failing": ", ".join(bad)[:1000] or "none"},
        description="; ".join(f"{key}: {reason}" for key, reason in bad.items())[:1000] or None,
    )


def log_verdicts(
    context: Context,
    asset: str,
    check: str,
    verdicts: Mapping[str, str | None],
    severity: dg.AssetCheckSeverity,
    notes: Mapping[str, str],
) -> None:
    """One evaluation a slate, tied to that slate's materialization: what the UI shows by partition."""
    op = context.op_execution_context
    targets = latest_materializations(op.instance, asset, list(verdicts))
    for key, reason in verdicts.items():
        if reason:
            context.log.warning(f"{key}: {asset} fails {check}: {reason}")
        op.log_event(
            dg.AssetCheckEvaluation(
                asset_key=dg.AssetKey(asset),
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
    instance: dg.DagsterInstance, asset: str, keys: Sequence[str]
) -> dict[str, AssetCheckEvaluationTargetMaterializationData]:
    """The newest materialization of each slate, as a verdict names it."""
    return {
        key: AssetCheckEvaluationTargetMaterializationData(
            storage_id=record.storage_id, run_id=record.run_id, timestamp=record.timestamp
        )
        for key, record in newest_materializations(instance, asset, keys).items()
    }
