"""Kills at random points of real runs, each in a copy of one prepared project, each followed by the same command."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow as pa

from nhl_ops.defs.runs import OPEN_STATUSES
from nhl_ops.gateways.clock import LeagueClock
from nhl_ops.gateways.publication import PUBLISHED_ROOT
from nhl_ops_tests.chaos.commands import Command, Ended
from nhl_ops_tests.chaos.readers import (
    NOTHING,
    Digests,
    Reader,
    assert_whole,
    digests,
    undated,
    unequal,
    visible,
)
from nhl_ops_tests.cli.operator import ANCHOR, Operator

OLD, NEW = "old", "new"
PUBLICATION_EVERY = 3
"""One kill of so many falls between the first folder that a publication builds and the end of the command."""


def before_anchor(days: int) -> str:
    return (date.fromisoformat(ANCHOR) - timedelta(days=days)).isoformat()


@dataclass(frozen=True)
class Kind:
    """A command that is killed, and the slates whose cards it makes."""

    name: str
    words: tuple[str, ...]
    slates: tuple[str, ...]


DAILY = Kind("run-daily", ("run-daily", "--all"), (ANCHOR,))
BACKFILL = Kind(
    "backfill",
    ("backfill", "--start", before_anchor(2), "--end", before_anchor(1)),
    (before_anchor(2), before_anchor(1)),
)
KINDS = (DAILY, BACKFILL)
BROKEN = (AssertionError, OSError, pa.ArrowException, duckdb.Error)
"""What a reader runs into who meets something that is not whole."""


@dataclass(frozen=True)
class Undisturbed:
    """What a command leaves when nobody kills it, and the processor time it takes."""

    ended: Ended
    published: Digests
    observed: dict[str, int]


@dataclass(frozen=True)
class Prepared:
    """A project with tonight's card as of an hour ago. earlier: the command that published a past slate before it."""

    operator: Operator
    league_url: str
    undisturbed: dict[str, Undisturbed]
    earlier: tuple[str, ...] = ()

    def run(self, root: Path, kind: Kind) -> Command:
        return Command(root, self.league_url, list(kind.words)).start()


@dataclass(frozen=True)
class Killed:
    """One kill: after how many seconds of processor time and at which share, in which step; what readers had then, how
    often they looked until the end of the next run and had to ask again; how that one started and ended, and which
    tables were not those of an undisturbed run then."""

    number: int
    kind: str
    after_sec: float
    point: str
    step: str
    readers: str
    looks: int
    asked_again: int
    next_start: str
    next_code: int | None
    unequal: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return self.next_code == 0 and not self.unequal

    @property
    def line(self) -> str:
        end = f"{self.next_start}, exit {self.next_code}, tables {equality(self.unequal)}"
        at = f"after {self.after_sec:.1f} s ({self.point}), {self.step}"
        return f"kill {self.number}: {self.kind} {at}; readers: {self.readers}; next run: {end}"


def prepare(operator: Operator, league_url: str) -> Prepared:
    """Publish the old cards, let an hour pass, then see what each command leaves undisturbed."""
    early = ("run-daily", "--date", before_anchor(2), "--as-of-mode", "morning", "--all")
    for words in (list(early), list(DAILY.words)):
        ended = Command(operator.root, league_url, words).start().wait()
        assert ended.code == 0, ended.text
    clock = LeagueClock(league_url)
    clock.move_to(clock.now() + timedelta(hours=1))
    undisturbed = {}
    for kind in KINDS:
        copy = operator.copy(operator.root.with_name(f"undisturbed-{kind.name}"))
        ended = (
            Command(copy.root, league_url, list(kind.words)).start().wait(since=publishing(copy.root, kind))
        )
        assert ended.code == 0, ended.text
        undisturbed[kind.name] = Undisturbed(ended, digests(copy.root, kind.slates), copy.observed())
        assert undisturbed[kind.name].published != digests(operator.root, kind.slates), "nothing new to see"
        shutil.rmtree(copy.root)
    return Prepared(operator, league_url, undisturbed, early)


def kills(prepared: Prepared, count: int, seed: int) -> Iterator[Killed]:
    """Kill after kill, daily runs and backfills in turn, each at a random share of its undisturbed run."""
    points = random.Random(seed)
    for number in range(count):
        in_publication = number % PUBLICATION_EVERY == PUBLICATION_EVERY - 1
        kind, share = KINDS[number % 2], points.uniform(0.0, 1.0)
        try:
            yield kill_once(prepared, kind, share, number + 1, in_publication=in_publication)
        except BROKEN as broken:
            told = f"BROKEN: {broken}"
            yield Killed(
                number + 1, kind.name, 0.0, f"{share:.0%}", "-", told, 0, 0, "-", None, ("not compared",)
            )


def kill_once(
    prepared: Prepared, kind: Kind, share: float, number: int, *, in_publication: bool = False
) -> Killed:
    """Raises AssertionError when a reader sees anything but the whole old or the whole new slate.

    in_publication: the share is of the time from the first folder that a publication builds to the end.
    """
    expected = prepared.undisturbed[kind.name]
    work = prepared.operator.copy(prepared.operator.root.with_name(f"kill-{number}"))
    old = {key: visible(work.root, key) for key in kind.slates}
    reader, known = Reader(work.root, kind.slates), {run.run_id for run in work.runs()}
    running = prepared.run(work.root, kind)
    if in_publication:
        span = expected.ended.cpu_sec - expected.ended.since_sec
        disturbed = running.wait(share * span, reader.look, publishing(work.root, kind))
    else:
        disturbed = running.wait(share * expected.ended.cpu_sec, reader.look)
    reader.look()
    now = [which(work.root, key, old[key], expected.published) for key in kind.slates]
    killed_run, step = last_step(work, known)
    after = Reader(work.root, kind.slates)
    ended = prepared.run(work.root, kind).wait(meanwhile=after.look)
    after.look()
    seen, rows = unequal(work.root, kind.slates, expected.published), work.observed()
    other = tuple(name for name in rows if rows[name] != expected.observed[name])
    for key in kind.slates:
        found = visible(work.root, key)
        assert found is not None, f"{key} is not published after the second run: {ended.text}"
        assert_whole(*found)
    assert open_runs(work) == 0, "a killed run still stands as started"
    started = next_start(work, killed_run)
    shutil.rmtree(work.root)
    return Killed(
        number,
        kind.name,
        disturbed.cpu_sec,
        f"{share:.0%} of the {'publication' if in_publication else 'run'}",
        step,
        ", ".join(now),
        reader.looks + after.looks,
        reader.asked_again + after.asked_again,
        started,
        ended.code,
        seen + other,
    )


def equality(unequal: tuple[str, ...]) -> str:
    return f"NOT EQUAL: {', '.join(unequal)}" if unequal else "equal"


def publishing(root: Path, kind: Kind) -> Callable[[], bool]:
    """Whether a publication of these slates is being built by now."""
    before = folders(root, kind)
    return lambda: folders(root, kind) != before


def folders(root: Path, kind: Kind) -> set[str]:
    """What lies in the published folders of the slates: more of it once a publication is being built."""
    return {path.name for key in kind.slates for path in (root / PUBLISHED_ROOT / key).glob("*")}


def which(root: Path, key: str, old: tuple[Path, object] | None, expected: Digests) -> str:
    """What readers of a slate have: the whole old or the whole new. Raises AssertionError for anything else."""
    found = visible(root, key)
    assert len(undated(root)) == 1
    if found is None:
        assert old is None, f"{key} vanished"
        return NOTHING
    assert_whole(*found)
    if old is not None and found[0] == old[0]:
        return OLD
    new = {(k, name): digest for (k, name), digest in expected.items() if k == key}
    assert digests(root, [key]) == new, f"{key}: neither the old nor the new slate"
    return NEW


def last_step(operator: Operator, known: set[str]) -> tuple[str | None, str]:
    """The killed run and the step that it had begun, with its number; `known` are the runs from before."""
    with operator.instance() as instance:
        new = [run for run in instance.get_runs(limit=5) if run.run_id not in known]
        if not new:
            return None, "before the run"
        logs = [entry.dagster_event for entry in instance.all_logs(new[0].run_id) if entry.dagster_event]
        ended = new[0].status is dg.DagsterRunStatus.SUCCESS
    steps = [event.step_key for event in logs if event.event_type is dg.DagsterEventType.STEP_START]
    if ended:
        return new[0].run_id, "after the run"
    return new[0].run_id, f"{len(steps)}. {steps[-1]}" if steps else "before the first step"


def next_start(operator: Operator, killed_run: str | None) -> str:
    """What the next command had to do about the killed run."""
    if killed_run is None:
        return "nothing to close"
    with operator.instance() as instance:
        run = instance.get_run_by_id(killed_run)
    return "closes the dead run" if run and run.status is dg.DagsterRunStatus.FAILURE else "nothing to close"


def open_runs(operator: Operator) -> int:
    with operator.instance() as instance:
        return instance.get_runs_count(dg.RunsFilter(statuses=OPEN_STATUSES))
