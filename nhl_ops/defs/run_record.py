"""What a run did, read off its events: steps, figures by asset and slate, verdicts of checks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import dagster as dg

from nhl_ops.defs.scopes import BACKFILL_TAG
from nhl_ops.domain import failures
from nhl_ops.domain.failure_signatures import failed_check, failure_type
from nhl_ops.domain.failures import ContractBroken, FailureClass
from nhl_ops.domain.run_summary import CheckResult, Failure, Severity, StepResult, StepStatus, VendorOutcome
from nhl_ops.domain.slates import FAILED_OUTCOMES, SlateOutcome

Metadata = dict[str, object]
CAPTURED = "captured_"
INTERRUPTED = "DagsterExecutionInterruptedError"
ENDED_EARLY = {dg.DagsterEventType.RUN_FAILURE, dg.DagsterEventType.RUN_CANCELED}


def capture_asset(vendor: str) -> str:
    return f"{CAPTURED}{vendor.lower()}"


@dataclass
class RunRecord:
    """Collects the events of one run in order. step_of: the step that materialized an asset."""

    steps: dict[str, StepResult] = field(default_factory=dict)
    step_of: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    figures: dict[tuple[str, str], Metadata] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def add(self, event: dg.DagsterEvent, at: datetime | None = None) -> None:
        """Take in one event, logged `at`; kinds that tell nothing of the above are passed over."""
        if event.event_type is dg.DagsterEventType.STEP_SUCCESS:
            seconds = event.step_success_data.duration_ms / 1000
            step = str(event.step_key)
            self.steps[step] = StepResult(step, StepStatus.SUCCEEDED, seconds, self.rows.get(step), at)
        elif event.event_type is dg.DagsterEventType.STEP_FAILURE:
            self._add_failure(event, at)
        elif event.event_type is dg.DagsterEventType.STEP_SKIPPED:
            self.steps[str(event.step_key)] = StepResult(
                str(event.step_key), StepStatus.SKIPPED, ended_at_utc=at
            )
        elif event.is_step_materialization:
            self._add_figures(event)
        elif event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            self._add_check(event)
        elif event.event_type in ENDED_EARLY and not self.failures:
            self._add_end(event)

    def _add_figures(self, event: dg.DagsterEvent) -> None:
        materialization = event.step_materialization_data.materialization
        values = {name: value.value for name, value in materialization.metadata.items()}
        key = (materialization.asset_key.to_user_string(), materialization.partition or "")
        self.figures.setdefault(key, {}).update(values)
        step = self.step_of[key[0]] = str(event.step_key)
        if isinstance(values.get("rows"), int):
            self.rows[step] = self.rows.get(step, 0) + values["rows"]

    def _add_check(self, event: dg.DagsterEvent) -> None:
        evaluation = event.asset_check_evaluation_data
        if evaluation.partition is None:
            return
        name, slate = (
            f"{evaluation.asset_key.to_user_string()}: {evaluation.check_name}",
            evaluation.partition,
        )
        if any((c.name, str(c.slate)) == (name, slate) for c in self.checks[-1:]):
            return
        self.checks.append(
            CheckResult(
                name,
                evaluation.passed,
                Severity.ERROR if evaluation.severity is dg.AssetCheckSeverity.ERROR else Severity.WARN,
                date.fromisoformat(evaluation.partition),
                evaluation.description or "",
            )
        )

    def _add_failure(self, event: dg.DagsterEvent, at: datetime | None) -> None:
        step = str(event.step_key)
        self.steps[step] = StepResult(step, StepStatus.FAILED, ended_at_utc=at)
        error = root_cause(event.step_failure_data.error)
        if error is None:
            self.failures.append(Failure(FailureClass.CODE, "the step failed without a message", "", step))
        elif error.cls_name == INTERRUPTED:
            self.failures.append(as_told("RunCanceled", str(failures.RunCanceled()), step))
        elif error.cls_name == "DagsterAssetCheckFailedError":
            self._add_failed_check(step)
        else:
            self.failures.append(as_told(error.cls_name, error.message, step))

    def _add_end(self, event: dg.DagsterEvent) -> None:
        """A run that ended without a failed step: canceled, killed, or broken before its first one."""
        error = root_cause(getattr(event.event_specific_data, "error", None))
        if error is not None:
            self.failures.append(as_told(error.cls_name, error.message))
        elif event.event_type is dg.DagsterEventType.RUN_CANCELED:
            self.failures.append(as_told("RunCanceled", str(failures.RunCanceled())))
        else:
            self.failures.append(as_told("ProcessGone", event.message or "the run failed without a message"))

    def _add_failed_check(self, step: str) -> None:
        """A blocking check that every slate failed: its verdicts are the cause."""
        bad = [c for c in self.checks if not c.passed and c.severity is Severity.ERROR]
        cause = "; ".join(f"{c.slate} {c.name}: {c.detail}" for c in bad[:3]) or f"{step} failed"
        kind = failed_check(bad[0].name.rpartition(": ")[2], bad[0].detail) if bad else ContractBroken
        broken = kind(cause, ContractBroken.advice).at(slate=str(bad[0].slate) if bad else None)
        next_step = broken.next_step.replace("{slate}", broken.slate or "<slate>")
        self.failures.append(Failure(broken.failure_class, cause, next_step, step))

    def succeeded(self, step: str) -> bool:
        return step in self.steps and self.steps[step].status is StepStatus.SUCCEEDED

    def of(self, asset: str, key: str) -> Metadata:
        """Figures of one asset and slate; empty when the run did not reach it."""
        return self.figures.get((asset, key), {})


def root_cause(error: Any) -> Any:
    """The cause of an error of an event that one of our failures tells, else the innermost one; None for none."""
    while error is not None and error.cause is not None and not is_ours(error.cls_name):
        error = error.cause
    return error


def is_ours(error_name: str | None) -> bool:
    """The exception is one of `domain.failures`: it was raised from a foreign one to say what that means."""
    known = getattr(failures, error_name or "", None)
    return isinstance(known, type) and issubclass(known, failures.Failure)


def as_told(error_name: str | None, text: str, step: str | None = None) -> Failure:
    """A failure from the name and message of an exception, as the event log keeps them."""
    known = failure_type(error_name, text)
    message = text.strip().removeprefix(f"nhl_ops.domain.failures.{error_name}: ")
    cause, _, next_command = message.partition(". Next: ")
    return Failure(known.failure_class, cause, next_command or known.advice, step)


def read_record(instance: dg.DagsterInstance, *run_ids: str) -> RunRecord:
    """The record of runs that the instance holds, oldest first."""
    record = RunRecord()
    for run_id in run_ids:
        for entry in instance.all_logs(run_id):
            if entry.dagster_event is not None:
                record.add(entry.dagster_event, datetime.fromtimestamp(entry.timestamp, UTC))
    return record


def runs_of_scope(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[str]:
    """Ids of the runs that made a scope, oldest first: a backfill of the UI may be several."""
    backfill = run.tags.get(BACKFILL_TAG)
    if backfill is None:
        return [run.run_id]
    runs = instance.get_runs(dg.RunsFilter(tags={BACKFILL_TAG: backfill}))
    return [r.run_id for r in reversed(list(runs))]


def raw_asset(capture: str) -> str:
    return f"raw_{capture.removeprefix(CAPTURED)}_odds"


def vendor_outcomes(record: RunRecord, keys: Sequence[str]) -> list[VendorOutcome]:
    """Of each capture asset: totals over the slates, and the worst outcome of capture and parser with its cause."""
    return [
        _vendor_outcome(record, a, keys)
        for a in sorted({a for a, _ in record.figures if a.startswith(CAPTURED)})
    ]


def _vendor_outcome(record: RunRecord, asset: str, keys: Sequence[str]) -> VendorOutcome:
    captured = [record.of(asset, key) for key in keys]
    parsed = [record.of(raw_asset(asset), key) for key in keys]
    failed = [r for r in [*parsed, *captured] if r.get("outcome") in FAILED_OUTCOMES]
    worst = (
        failed[-1]
        if failed
        else next((r for r in captured if r.get("outcome")), {"outcome": SlateOutcome.OK})
    )
    return VendorOutcome(
        asset.removeprefix(CAPTURED).upper(),
        SlateOutcome(worst["outcome"]),
        sum(int(r.get("requests", 0)) for r in captured),
        sum(int(r.get("payloads", 0)) for r in captured),
        sum(int(r.get("rows", 0)) for r in parsed),
        worst.get("error"),
    )
