"""What a day was, in one word and one sentence: what a reader of its report meets first."""

from collections.abc import Sequence
from enum import StrEnum

from nhl_ops.domain.run_summary import CheckResult, Severity, VendorOutcome
from nhl_ops.domain.slates import BROKEN_OUTCOMES, FAILED_OUTCOMES, SlateOutcome
from nhl_ops.gateways.exports.wording import OUTCOME_WORDS, outcome_sentence, sentence_of


class DayState(StrEnum):
    """`degraded`: priced without somebody; `empty`: a typed nothing; `broken`: something failed that should not."""

    OK = "ok"
    DEGRADED = "degraded"
    EMPTY = "empty"
    BROKEN = "broken"


def missing(vendors: Sequence[VendorOutcome]) -> list[VendorOutcome]:
    return [v for v in vendors if v.outcome in FAILED_OUTCOMES]


def blocking(checks: Sequence[CheckResult]) -> list[CheckResult]:
    return [c for c in checks if not c.passed and c.severity is Severity.ERROR]


def state_of(
    outcome: str, reason: str | None, vendors: Sequence[VendorOutcome], checks: Sequence[CheckResult]
) -> DayState:
    """A slate that was priced gives a reason only for who is missing. Raises ValueError on an unknown outcome."""
    kind = SlateOutcome(outcome)
    if kind in BROKEN_OUTCOMES or blocking(checks):
        return DayState.BROKEN
    if kind is not SlateOutcome.OK:
        return DayState.EMPTY
    return DayState.DEGRADED if reason or missing(vendors) else DayState.OK


def headline(
    state: DayState,
    outcome: str,
    reason: str | None,
    vendors: Sequence[VendorOutcome],
    checks: Sequence[CheckResult],
) -> str:
    """The first sentence: what the day was, then who or what is behind it."""
    said = outcome_sentence(outcome, reason)
    absent = [f"{v.vendor} {OUTCOME_WORDS[v.outcome]}" for v in missing(vendors)]
    failed = [f'the check "{sentence_of(c.name)}" failed' for c in blocking(checks)]
    behind = f"{', '.join([*failed, *absent])}. " if failed or absent else ""
    if state is DayState.EMPTY:
        return f"Empty: {said} {behind}".rstrip()
    return said if state is DayState.OK else f"{state.capitalize()}: {behind}{said}"
