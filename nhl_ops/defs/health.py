"""What `nhl-ops health` looks at: each subject on its own, so that a broken one hides none of the others."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import requests

from nhl_ops.contracts.evidence import FACT_RUN_REGISTRY, RUN, RunState
from nhl_ops.defs.freshness import WATCHED, freshness_of
from nhl_ops.defs.house import House
from nhl_ops.defs.jobs import SCHEDULES
from nhl_ops.defs.locking import is_held_elsewhere, run_lock
from nhl_ops.defs.run_files import FINISHED
from nhl_ops.defs.run_record import FAILED_OUTCOMES
from nhl_ops.defs.runs import OPEN_STATUSES, is_gone
from nhl_ops.defs.triage import not_skipped, status_in
from nhl_ops.domain.failure_signatures import as_failure
from nhl_ops.domain.health import Finding, Level, days_left
from nhl_ops.domain.settings import Source
from nhl_ops.gateways.catalog import open_catalog
from nhl_ops.gateways.clock import LEAGUE_URL
from nhl_ops.gateways.letters import Chosen

DAY_SEC = 86_400
GROWTH_DAYS = 7
DISK_WARN_DAYS = 30
DISK_BAD_BYTES = 1_000_000_000
LOCK_WAIT_SEC = 1.0
LAST_RUNS = 5
LEVELS = {RunState.FAILED: Level.BAD, RunState.CANCELED: Level.BAD, RunState.DEGRADED: Level.WARN}
"""Of how the newest run ended; well by any other end."""
TRIAGE = "nhl-ops triage"
RUN_ALL = "nhl-ops run-daily --all"


@dataclass(frozen=True)
class Patient:
    """What is looked at."""

    house: House
    instance: dg.DagsterInstance


def examine(house: House, instance: dg.DagsterInstance) -> list[Finding]:
    """Every subject in a fixed order; one that cannot be looked at is bad, with its cause."""
    patient = Patient(house, instance)
    return [_looked_at(subject, look, patient) for subject, look in SUBJECTS.items()]


def _looked_at(subject: str, look: Callable[[Patient], Finding], patient: Patient) -> Finding:
    try:
        return look(patient)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a subject is what this command tells
        failure = as_failure(error)
        return Finding(subject, Level.BAD, failure.cause, failure.next_step)


def store(patient: Patient) -> Finding:
    """The catalog opens as any reader would open it, and its newest slate can be read."""
    slates = patient.house.warehouse.published.slates()
    if not slates:
        return Finding("store", Level.WARN, "no slate is published yet", RUN_ALL)
    with open_catalog(patient.house.root) as catalog:
        query = "select count(*) from ev_fair_prices where game_date = $1"
        prices = catalog.execute(query, [slates[-1]]).fetchone()
    assert prices is not None, "count(*) has a row"
    return Finding(
        "store", Level.OK, f"{len(slates)} slates published, the newest {slates[-1]}: {prices[0]:,} prices"
    )


def state(patient: Patient) -> Finding:
    """The state file is whole where it was looked at, and can be written."""
    path = patient.house.state.path
    with closing(sqlite3.connect(path, timeout=LOCK_WAIT_SEC)) as db:
        told = db.execute("pragma quick_check(1)").fetchone()[0]
        db.execute("begin immediate")
        db.execute("rollback")
    level = Level.OK if told == "ok" else Level.BAD
    return Finding("state", level, f"{path.name} {told}, {path.stat().st_size / 1e6:.1f} MB")


def sources(patient: Patient) -> Finding:
    """The league answers; of live vendors, what their newest sighting says (health asks none of them)."""
    if patient.house.source is Source.LEAGUE and not patient.house.env(LEAGUE_URL):
        return Finding("sources", Level.OK, "the embedded league, which each command starts for itself")
    if patient.house.source is Source.LEAGUE:
        requests.get(f"{patient.house.league_url}/__league__/clock", timeout=2).raise_for_status()
        now = f"{patient.house.clock.now():%Y-%m-%d %H:%M} UTC"
        return Finding("sources", Level.OK, f"the embedded league answers; its time is {now}")
    outcomes = patient.house.state.newest_outcomes()
    failing = [f"{name} {outcome}" for name, outcome in outcomes.items() if outcome in FAILED_OUTCOMES]
    if failing:
        return Finding(
            "sources", Level.WARN, f"the last time that it was asked: {', '.join(failing)}", TRIAGE
        )
    silent = sorted(set(patient.house.odds_vendors) - set(outcomes))
    told = f"{len(outcomes)} vendors answered the last time" + (
        f"; never asked: {', '.join(silent)}" if silent else ""
    )
    return Finding("sources", Level.OK, told)


def freshness(patient: Patient) -> Finding:
    """By the project's time; that of a league which does not run is where its newest run left it."""
    is_there = patient.house.source is Source.LIVE or patient.house.env(LEAGUE_URL)
    now = patient.house.present() if is_there else patient.house.state.newest_scope_now()
    if now is None:
        return Finding("freshness", Level.WARN, "nothing has run yet", RUN_ALL)
    stale = [found for spec in WATCHED if not (found := freshness_of(patient.house, spec, now)).is_fresh]
    if not stale:
        return Finding("freshness", Level.OK, f"{len(WATCHED)} tables are in time")
    return Finding("freshness", Level.WARN, "; ".join(f.sentence for f in stale[:3]), RUN_ALL)


def last_runs(patient: Patient) -> Finding:
    """How the newest runs of slates ended; when all are pruned, by the registry."""
    runs = patient.instance.get_runs(dg.RunsFilter(statuses=FINISHED), limit=20)
    ended = [
        (run.run_id, run.job_name, status_in(patient.house, patient.instance, run).value)
        for run in filter(not_skipped, runs)
    ][:LAST_RUNS]
    remark, next_step = "", TRIAGE
    if not ended:
        ended = registered_runs(patient.house)
        remark, next_step = "; by the registry, for the runs themselves are pruned", RUN_ALL
    if not ended:
        return Finding("runs", Level.WARN, "nothing has run yet", RUN_ALL)
    run_id, job, state = ended[0]
    good = sum(ending == RunState.SUCCEEDED for *_, ending in ended)
    told = f"{run_id[:8]} ({job}) {state}; {good} of the last {len(ended)} succeeded{remark}"
    level = LEVELS.get(RunState(state), Level.OK)
    return Finding("runs", level, told, "" if level is Level.OK else next_step)


def registered_runs(house: House) -> list[tuple[str, str, str]]:
    """Id, job and end of the newest runs of slates that the registry knows, the newest first."""
    columns = ["run_id_dagster", "job", "step", "state", "at_utc", "first_slate"]
    rows = house.warehouse.observations(FACT_RUN_REGISTRY, columns=columns)
    is_end = (rows["step"] == RUN) & ~rows["state"].isin([RunState.STARTED, RunState.SKIPPED])
    ends = rows.loc[is_end & rows["first_slate"].notna()].nlargest(LAST_RUNS, "at_utc")
    return list(ends[["run_id_dagster", "job", "state"]].itertuples(index=False, name=None))


def dead_processes(patient: Patient) -> Finding:
    open_runs = patient.instance.get_runs(dg.RunsFilter(statuses=OPEN_STATUSES))
    dead = [run.run_id[:8] for run in open_runs if is_gone(run)]
    if dead:
        told = f"started, and their process is gone: {', '.join(dead)}"
        return Finding("processes", Level.WARN, told, "any command that runs a slate closes them")
    return Finding("processes", Level.OK, f"{len(open_runs)} under way, none of them dead")


def queue(patient: Patient) -> Finding:
    waiting = patient.instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED]))
    busy = is_held_elsewhere(run_lock(patient.house.root))
    told = f"{waiting} queued; " + ("a run has the project's lock" if busy else "the lock is free")
    if waiting and not busy:
        return Finding("queue", Level.WARN, told, "make dev: queued runs start while the UI's daemon runs")
    return Finding("queue", Level.OK, told)


def disk(patient: Patient) -> Finding:
    """Free space, and how long it lasts if the project grows as in the last days."""
    free = shutil.disk_usage(patient.house.root).free
    size, grown = project_bytes(patient.house.root, time.time() - GROWTH_DAYS * DAY_SEC)
    left = days_left(free, grown, GROWTH_DAYS)
    told = f"{free / 1e9:.1f} GB free, the project has {size / 1e9:.2f} GB"
    told += f", {left:,.0f} days left at {grown / GROWTH_DAYS / 1e6:.0f} MB a day" if left is not None else ""
    bad = free < DISK_BAD_BYTES
    warn = left is not None and left < DISK_WARN_DAYS
    level = Level.BAD if bad else Level.WARN if warn else Level.OK
    return Finding(
        "disk", level, told, "" if level is Level.OK else "move old backups and parked worlds away"
    )


def project_bytes(root: Path, since: float) -> tuple[int, int]:
    """Bytes of what runs leave, and of those written after an instant; hard links count once."""
    seen: set[int] = set()
    size = grown = 0
    for folder in ("data", "outputs", ".dagster"):
        for path in (root / folder).rglob("*"):
            found = path.lstat()
            if found.st_ino in seen or not path.is_file() or path.is_symlink():
                continue
            seen.add(found.st_ino)
            size += found.st_size
            grown += found.st_size if found.st_mtime >= since else 0
    return size, grown


def dead_letters(patient: Patient) -> Finding:
    counts: dict[str, int] = {}
    for group in patient.house.state.letter_groups(Chosen()):
        counts[group.vendor] = counts.get(group.vendor, 0) + group.items
    if not counts:
        return Finding("dead letters", Level.OK, "none is open")
    told = ", ".join(f"{vendor} {count:,}" for vendor, count in sorted(counts.items()))
    return Finding("dead letters", Level.OK, f"open: {told}", "nhl-ops dead-letters list")


def schedules(patient: Patient) -> Finding:
    """Which are switched on, and whether a daemon is there to run them."""
    states = {state.name: state.status.value for state in patient.instance.all_instigator_state()}
    running = [schedule.name for schedule in SCHEDULES if states.get(schedule.name) == "RUNNING"]
    if not running:
        told = "all are off: nothing runs by itself"
        return Finding("schedules", Level.OK, told, "switch them on in the UI, or run the command each day")
    told = f"{len(running)} of {len(SCHEDULES)} are on: {', '.join(running)}"
    beat = patient.instance.get_daemon_statuses().get("SCHEDULER")
    if beat is None or not beat.healthy:
        return Finding("schedules", Level.BAD, f"{told}, but no daemon runs them", "make dev")
    return Finding("schedules", Level.OK, told)


SUBJECTS: dict[str, Callable[[Patient], Finding]] = {
    "store": store,
    "state": state,
    "sources": sources,
    "freshness": freshness,
    "runs": last_runs,
    "processes": dead_processes,
    "queue": queue,
    "disk": disk,
    "dead letters": dead_letters,
    "schedules": schedules,
}
