"""What else goes wrong with a machine: each case has a loud end, readers keep what they had, and there is a way on."""

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from nhl_ops.defs.registry import SPOOL
from nhl_ops.gateways.archive import ARCHIVE_ROOT
from nhl_ops_tests.chaos.commands import Command, Ended
from nhl_ops_tests.chaos.kills import BROKEN, DAILY, OLD, Prepared, equality, which
from nhl_ops_tests.chaos.readers import Reader, unequal, visible
from nhl_ops_tests.chaos.ui import ui_of
from nhl_ops_tests.cli.operator import ANCHOR, Operator

FREE_BYTES = 1_000_000
STOP_SEC = 60.0
FAILURES = "select count(*) from fact_run_registry where state = 'failed' and failure_class = 'warehouse'"


class CannotMount(Exception):
    """This machine lets us mount nothing: the case is left out, with this reason."""


@dataclass(frozen=True)
class Case:
    """How a disturbed run ended, what it said, what readers had, and how the next command went.

    code: None for a case whose run is not to fail. unequal: tables that are not the undisturbed ones after it.
    left_out: why this machine cannot show the case.
    """

    name: str
    code: int | None
    said: str
    readers: str
    way_on: str
    next_code: int | None
    unequal: tuple[str, ...]
    left_out: str = ""

    @property
    def is_good(self) -> bool:
        return bool(self.left_out) or (self.next_code == 0 and not self.unequal)

    @property
    def line(self) -> str:
        if self.left_out:
            return f"{self.name}: left out: {self.left_out}"
        end = f"{self.way_on}: exit {self.next_code}, tables {equality(self.unequal)}"
        return f"{self.name}: {self.said}; readers: {self.readers}; {end}"


@contextmanager
def mounted(*words: str, at: Path) -> Iterator[None]:
    """Raises CannotMount with the system's own words."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        raise CannotMount("mounting needs root")
    done = subprocess.run(["mount", *words, str(at)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotMount(done.stderr.strip())
    try:
        yield
    finally:
        subprocess.run(["umount", str(at)], check=True)


@dataclass
class Bench:
    """A copy of the prepared project for one case."""

    prepared: Prepared
    operator: Operator

    @property
    def root(self) -> Path:
        return self.operator.root

    def run(self, *words: str, root: Path | None = None) -> Ended:
        command = Command(root or self.root, self.prepared.league_url, list(words or DAILY.words))
        reader = Reader(self.root, DAILY.slates)
        return command.start().wait(meanwhile=reader.look)

    def readers(self, old: tuple[Path, object] | None) -> str:
        return which(self.root, ANCHOR, old, self.prepared.undisturbed[DAILY.name].published)

    def unequal(self, root: Path | None = None) -> tuple[str, ...]:
        return unequal(root or self.root, DAILY.slates, self.prepared.undisturbed[DAILY.name].published)

    def fails_then(
        self,
        name: str,
        disturbed: Ended,
        old: tuple[Path, object] | None,
        pattern: str,
        mend: Callable[[], object],
    ) -> Case:
        """A run that failed loudly; then the cause is gone and the same command is given again."""
        said = self.quote(disturbed, pattern)
        assert disturbed.code == 1, disturbed.text
        readers = self.readers(old)
        assert readers == OLD
        mend()
        again = self.run()
        return Case(name, disturbed.code, said, readers, "the same command", again.code, self.unequal())

    def quote(self, ended: Ended, pattern: str) -> str:
        """What it printed about this, to the next step that it names, in a line."""
        lines = [line.strip() for line in ended.text.replace(f"{self.root}", "PROJECT").splitlines()]
        first = next((n for n, line in enumerate(lines) if pattern in line), None)
        assert first is not None, f"{pattern!r} is nowhere in: {ended.text}"
        last = next((n for n, line in enumerate(lines) if n >= first and "next:" in line.lower()), first)
        return " ".join(lines[first : last + 1])


def bench_of(prepared: Prepared, name: str, root: Path | None = None) -> Bench:
    return Bench(prepared, prepared.operator.copy(root or prepared.operator.root.with_name(f"fault-{name}")))


def disk_full(prepared: Prepared, stop_sec: float) -> Case:
    """A small disk that another program fills."""
    disk = prepared.operator.root.with_name("small-disk")
    disk.mkdir()
    used = sum(path.lstat().st_size for path in prepared.operator.root.rglob("*"))
    with mounted("-t", "tmpfs", "-o", f"size={2 * used + 60_000_000}", "tmpfs", at=disk):
        bench = bench_of(prepared, "disk_full", disk / "project")
        old, ballast = visible(bench.root, ANCHOR), disk / "ballast"
        free = shutil.disk_usage(disk).free
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free - FREE_BYTES)
        disturbed = bench.run()
        kept = (bench.root / SPOOL).read_bytes().replace(b"\0", b"").decode()
        assert '"state": "failed"' in kept, f"the registry kept no failure: {kept!r}; {disturbed.text}"
        full = "No space left" if "No space left" in disturbed.text else "full"
        case = bench.fails_then("disk full", disturbed, old, full, ballast.unlink)
        assert bench.operator.ask(FAILURES)[0][0] >= 1, "the failure is not in the registry afterwards"
        shutil.rmtree(bench.root)
    return replace(case, way_on="free space, the same command (the registry has both runs)")


def read_only_outputs(prepared: Prepared, stop_sec: float) -> Case:
    """Nothing can be written below outputs/."""
    bench = bench_of(prepared, "read_only")
    outputs, old = bench.root / "outputs", visible(bench.root, ANCHOR)
    with mounted("--bind", str(outputs), at=outputs):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(outputs)], check=True)
        disturbed = bench.run()
    return bench.fails_then("read-only outputs", disturbed, old, "Read-only", lambda: None)


def state_locked(prepared: Prepared, stop_sec: float) -> Case:
    """Another program sits on the state file."""
    bench = bench_of(prepared, "locked")
    old = visible(bench.root, ANCHOR)
    with closing(sqlite3.connect(bench.root / "data" / "state.sqlite", isolation_level=None)) as holder:
        holder.execute("begin immediate")
        disturbed = bench.run()
    return bench.fails_then("state locked", disturbed, old, "is locked by another process", lambda: None)


def state_corrupted(prepared: Prepared, stop_sec: float) -> Case:
    """The state file is overwritten: a backup comes back in an empty project."""
    bench = bench_of(prepared, "corrupted")
    old, safe = visible(bench.root, ANCHOR), bench.root.with_name("safe.tar")
    saved = bench.run("backup", "--out", str(safe))
    assert saved.code == 0, saved.text
    state = bench.root / "data" / "state.sqlite"
    for leftover in state.parent.glob("state.sqlite-*"):
        leftover.unlink()
    state.write_bytes(state.read_bytes()[:4096] + bytes(100_000))
    disturbed = bench.run()
    said = bench.quote(disturbed, "is damaged")
    assert disturbed.code == 1, disturbed.text
    readers = bench.readers(old)
    empty = bench.root.with_name("restored")
    shutil.copytree(bench.root / "config", empty / "config")
    restored = Command(empty, prepared.league_url, ["restore", "--from", str(safe)]).start().wait()
    assert restored.code == 0, restored.text
    for words in filter(None, (prepared.earlier, DAILY.words)):
        again = Command(empty, prepared.league_url, list(words)).start().wait()
    equal = bench.unequal(empty)
    return Case("state corrupted", 1, said, readers, "restore, then the command", again.code, equal)


def file_truncated(prepared: Prepared, stop_sec: float) -> Case:
    """Stored files are cut: quotes, the results history, and tables that readers see."""
    bench = bench_of(prepared, "truncated")
    warehouse = bench.root / "data" / "warehouse"
    seen = bench.root / "data" / "published" / ANCHOR / "current" / "tables"
    hit = [
        next((warehouse / "fact_prop_odds" / f"game_date={ANCHOR}").glob("*.parquet")),
        next((warehouse / "fact_skater_games" / "bulk").glob("*.parquet")),
        seen / "dim_games.parquet",
        seen / "ev_multi_book_best_bets.parquet",
    ]
    for path in hit:
        path.write_bytes(path.read_bytes()[:-9])
    found = Command(bench.root, prepared.league_url, ["verify"]).start().wait()
    said = bench.quote(found, f"{len(hit)} damaged")
    assert found.code == 1, found.text
    assert all(path.name in found.text for path in hit), found.text
    repaired = Command(bench.root, prepared.league_url, ["verify", "--repair"]).start().wait()
    return Case("files truncated", 1, said, "-", "verify --repair", repaired.code, bench.unequal())


def two_at_once(prepared: Prepared, stop_sec: float) -> Case:
    """The same slate from the UI and from the command at the same time: one waits for the other."""
    bench = bench_of(prepared, "two")
    before = visible(bench.root, ANCHOR)
    assert before is not None
    with ui_of(bench.operator, prepared.league_url) as ui:
        run_id = ui.launch(ANCHOR)
        ui.wait_for(run_id, {"STARTED"})
        ended = bench.run()
        status = ui.wait_for(run_id, set())
    seen = visible(bench.root, ANCHOR)
    assert seen is not None
    assert (status, ended.code) == ("SUCCESS", 0), ended.text
    assert seen[1].version == before[1].version + 2, "not both were published"
    waited = "waiting for another run of this project" in ended.text
    said = "the command: waiting for another run" if waited else "one after the other"
    return Case(
        "UI and command at once", None, said, bench.readers(before), "none needed", 0, bench.unequal()
    )


def stopped(prepared: Prepared, stop_sec: float) -> Case:
    """A process that is stopped half-way and continued."""
    bench = bench_of(prepared, "stopped")
    old = visible(bench.root, ANCHOR)
    command = Command(bench.root, prepared.league_url, list(DAILY.words)).start()
    command.wait_for_cpu(0.6 * prepared.undisturbed[DAILY.name].ended.cpu_sec)
    os.kill(command.pid, signal.SIGSTOP)
    reader = Reader(bench.root, DAILY.slates)
    until = time.monotonic() + stop_sec
    while time.monotonic() < until:
        reader.look()
        time.sleep(0.5)
    readers = bench.readers(old)
    os.kill(command.pid, signal.SIGCONT)
    ended = command.wait(meanwhile=reader.look)
    said = f"stopped for {stop_sec:.0f} s, then exit {ended.code}"
    return Case("process stopped", None, said, readers, "continue it", ended.code, bench.unequal())


CASES = (disk_full, read_only_outputs, state_locked, state_corrupted, file_truncated, two_at_once, stopped)


def faults(prepared: Prepared, chosen: Sequence[str], stop_sec: float = STOP_SEC) -> Iterator[Case]:
    """The chosen cases by their functions' names; one that this machine does not permit is told as left out."""
    assert (prepared.operator.root / ARCHIVE_ROOT).exists()
    for case in (case for case in CASES if case.__name__ in chosen):
        name = case.__name__.replace("_", " ")
        try:
            yield case(prepared, stop_sec)
        except BROKEN as broken:
            yield Case(name, None, f"BROKEN: {broken}", "-", "-", None, ("not compared",))
        except CannotMount as reason:
            yield Case(name, None, "", "-", "-", None, (), left_out=str(reason))
