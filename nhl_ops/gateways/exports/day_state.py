"""What a day was, in one word and one sentence: what a reader of its report meets first."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from textwrap import shorten

from nhl_ops.domain.run_summary import CheckResult, Severity, VendorOutcome
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.exports.wording import OUTCOME_WORDS, outcome_sentence, plural, sentence_of

FAILED_OUTCOMES = (SlateOutcome.VENDOR_DOWN, SlateOutcome.REJECTED)
STOPPED = (SlateOutcome.HELD, SlateOutcome.FAILED)
BROKEN_OUTCOMES = (*FAILED_OUTCOMES, *STOPPED)
REASON_CHARS = 200
EMPTY_STEPS = {
    SlateOutcome.NOT_OFFERED: "{again} later, when books offer props.",
    SlateOutcome.NO_HISTORY: "nothing, unless you have prices of your own: `nhl-ops drops template` shows their form.",
    SlateOutcome.SWITCHED_OFF: "switch a vendor on in config/vendors.toml, then {again}.",
}


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
    """The first sentence: what the day was, then who or what is behind it; what a vendor said stands elsewhere."""
    absent = [f"{v.vendor} {OUTCOME_WORDS[v.outcome]}" for v in missing(vendors)]
    is_told = bool(absent) and SlateOutcome(outcome) is SlateOutcome.OK
    brief = shorten(reason, REASON_CHARS, placeholder="…") if reason and not is_told else None
    said = outcome_sentence(outcome, brief)
    failed = [f'the check "{sentence_of(c.name)}" failed' for c in blocking(checks)]
    behind = f"{', '.join([*failed, *absent])}. " if failed or absent else ""
    if state is DayState.EMPTY:
        return f"Empty: {said} {behind}".rstrip()
    return f"OK: {said}" if state is DayState.OK else f"{state.capitalize()}: {behind}{said}"


def next_step(
    state: DayState,
    outcome: str,
    slate: date,
    today: date,
    vendors: Sequence[VendorOutcome],
    checks: Sequence[CheckResult],
) -> str:
    """What a person on call does about the day, in a sentence; commands stand in backquotes.

    today: Eastern date on which it is said. A slate that is over is offered no more.
    """
    kind, again = SlateOutcome(outcome), f"`nhl-ops run-daily --date {slate} --all`"
    if kind in STOPPED or blocking(checks):
        return "`nhl-ops triage` tells what stopped it, and `nhl-ops rerun` runs it again as that allows."
    if kind is SlateOutcome.NO_GAMES:
        return "nothing."
    if state is DayState.DEGRADED or kind in FAILED_OUTCOMES or missing(vendors):
        who = " and ".join(v.vendor for v in missing(vendors)) or "the vendor"
        return f"{again} once {who} can be read again; `nhl-ops triage` tells the cause."
    if kind is SlateOutcome.NOT_OFFERED and today > slate:
        return "nothing; the slate is over."
    if state is DayState.OK:
        failed = sum(not check.passed for check in checks)
        return f"read the detail of {plural(failed, 'failed check')}, below." if failed else "nothing."
    return EMPTY_STEPS.get(kind, "{again}.").format(again=again)
