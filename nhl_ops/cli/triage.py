"""`nhl-ops triage` and `nhl-ops rerun`: what went wrong in a run, and the run again as its failure allows."""

from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from nhl_ops.cli.daily import work
from nhl_ops.cli.session import Session, open_session
from nhl_ops.defs.runs import close_dead_runs, slates_of
from nhl_ops.defs.scopes import ACCEPT_DEGRADED_TAG, AS_OF_MODE_TAG, BACKFILL_TAG
from nhl_ops.defs.triage import Story, find_run, selected, story_of
from nhl_ops.domain.failures import FailureClass, Retry
from nhl_ops.domain.run_summary import RunStatus
from nhl_ops.domain.slates import AsOfMode

KEPT_TAGS = (ACCEPT_DEGRADED_TAG, BACKFILL_TAG)
SHOWN = 5
TOLD = {
    Retry.SAME_SCOPE: "A, safe in the same scope: what it computed stands",
    Retry.NEW_RUN: "B, as a new run: it computes its inputs anew",
    Retry.FIX_FIRST: "C, not before the cause is mended: the same bytes and settings fail again",
}


def triage(console: Console, run_id: str | None) -> int:
    """Tell the story of a run in a screen. Returns the run's exit code."""
    with open_session(asks_vendors=False) as session:
        close_dead_runs(session.instance)
        run = find_run(session.house, session.instance, run_id)
        if run is None:
            console.print(
                "No run that can still be looked at ended badly. `nhl-ops health` looks at the rest."
            )
            return 0
        story = story_of(session.house, session.instance, run)
    for line in lines_of(story):
        console.print(Text.from_markup(line) if line.startswith("[") else Text(line))
    return story.status.exit_code


def lines_of(story: Story) -> list[str]:
    """The screen, line by line."""
    run, (start, end) = story.run, story.times
    title = f"run {run.run_id[:8]} ({run.job_name}, {_slates(story.slates)}) {story.status.value}"
    lines = [title, f"  {_at(start)} to {_at(end)}, {(end - start).total_seconds():.0f} s"]
    if story.retry is None:
        return [*lines, "  All that was asked for succeeded."]
    lines += ["", "What failed", *_what_failed(story), "", "Since when"]
    since = f"  {_at(story.since_utc)}: {story.bad_runs} run(s) of these slates in a row did not succeed"
    lines += [since, "", "What it holds back", *_held_back(story), "", "What to do"]
    return [*lines, f"  retry {TOLD[story.retry]}", f"  {_next(story)}"]


def _what_failed(story: Story) -> list[str]:
    lines = []
    for failure in story.failures[:SHOWN]:
        kind = FailureClass(failure.failure_class)
        lines.append(f"  {kind.gravity} {kind}: {failure.step or 'the run'}: {failure.message}")
    lines += [f"  {v.vendor} {v.outcome.value}: {v.error}" for v in story.vendors]
    lines += [f"  {slate} is held back: {reason}" for slate, reason in list(story.held.items())[:SHOWN]]
    more = len(story.failures) + len(story.held) - 2 * SHOWN
    return [*lines, f"  and {more} more"] if more > 0 else lines or ["  nothing that it recorded"]


def _held_back(story: Story) -> list[str]:
    assets = story.not_computed
    shown = ", ".join(assets[:SHOWN]) + (f" and {len(assets) - SHOWN} more" if len(assets) > SHOWN else "")
    lines = [f"  not computed: {shown}"] if assets else []
    if story.unpublished:
        lines.append(
            f"  not published by it: {_slates(story.unpublished)}; readers have what was there before"
        )
    return lines or ["  nothing: what it computed is published"]


def _next(story: Story) -> str:
    if story.retry is not Retry.FIX_FIRST:
        return f"nhl-ops rerun {story.run.run_id[:8]}"
    advice = next((f.next_command for f in story.failures if f.next_command), "")
    return f"{advice or 'mend the cause'}; then {story.command}"


def rerun(console: Console, run_id: str | None) -> int:
    """Run it again as its category allows; C is refused with the reason. Returns the exit code."""
    with open_session() as session:
        close_dead_runs(session.instance)
        run = find_run(session.house, session.instance, run_id)
        story = None if run is None else story_of(session.house, session.instance, run)
        if story is None or story.retry is None:
            console.print("Nothing to run again: no such run ended badly.")
            return 0
        console.print(Text(f"run {story.run.run_id[:8]} is of category {TOLD[story.retry]}."))
        if story.retry is Retry.FIX_FIRST:
            console.print(Text(f"Refused: {story.cause}", style="red"))
            console.print(Text(f"Next: {_next(story)}"))
            return RunStatus.FAILED.exit_code
        return _again(console, session, story)


def _again(console: Console, session: Session, story: Story) -> int:
    in_scope = story.retry is Retry.SAME_SCOPE
    tags = {name: story.run.tags[name] for name in KEPT_TAGS if name in story.run.tags}
    mode = story.run.tags.get(AS_OF_MODE_TAG)
    summary = work(
        console,
        session,
        slates_of(story.run),
        story.not_computed if in_scope and story.not_computed else selected(story.run),
        AsOfMode(mode) if mode else None,
        tags if in_scope else {name: v for name, v in tags.items() if name != BACKFILL_TAG},
        job=story.run.job_name,
        parent=story.run if in_scope else None,
    )
    return summary.exit_code


def _slates(keys: list[str]) -> str:
    if not keys:
        return "no slates"
    return keys[0] if len(keys) == 1 else f"{len(keys)} slates from {keys[0]} to {keys[-1]}"


def _at(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
