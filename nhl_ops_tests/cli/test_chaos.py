"""A few of the kills and cases of `make chaos`, with a fixed seed."""

import random
from pathlib import Path

import pytest

from nhl_ops_tests.chaos.commands import Ended
from nhl_ops_tests.chaos.faults import CASES, CannotMount, disk_full
from nhl_ops_tests.chaos.kills import DAILY, Prepared, Undisturbed, kill_once
from nhl_ops_tests.cli.conftest import Card
from nhl_ops_tests.cli.operator import ANCHOR, Operator

SEED = 20260120
KILLS = 5
USUAL_CPU_SEC = 9.0
"""Processor time of a small card's run, more or less: a later point is a run that ended by itself."""
SHARES = [random.Random(SEED + number).uniform(0.05, 1.0) for number in range(KILLS)]


@pytest.fixture
def prepared(operator: Operator, again: Card, league: str, tmp_path: Path) -> Prepared:
    """A project with tonight's card: the same command leaves equal tables, as `again` has shown."""
    published = {(ANCHOR, name): digest for name, digest in again.digests.items()}
    expected = Undisturbed(Ended(0, USUAL_CPU_SEC, ""), published, again.observed)
    return Prepared(operator.copy(tmp_path / "project"), league, {DAILY.name: expected})


ONE_MORE_KILL = pytest.mark.slow
"""Each is a whole run, a kill and a run again; the first shows what all of them show, at another point."""


@pytest.mark.parametrize("number", [0, *(pytest.param(n, marks=ONE_MORE_KILL) for n in range(1, KILLS))])
def test_a_kill_leaves_the_whole_old_or_new_card_and_the_next_run_needs_no_help(
    prepared: Prepared, number: int
) -> None:
    killed = kill_once(prepared, DAILY, SHARES[number], number)
    assert killed.readers in {"old", "new"}
    assert killed.looks > 0
    assert (killed.next_code, killed.unequal) == (0, ()), killed


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_fault_of_the_machine_ends_loudly_and_has_a_way_on(prepared: Prepared, case) -> None:  # type: ignore[no-untyped-def]
    try:
        done = case(prepared, stop_sec=2.0)
    except CannotMount as reason:
        pytest.skip(f"{case.__name__}: {reason}")
    assert (done.next_code, done.unequal) == (0, ()), done
    assert done.said


def test_a_machine_that_lets_us_mount_nothing_says_so(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotMount):
        disk_full(prepared, 0.0)
