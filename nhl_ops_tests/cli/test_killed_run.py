"""A run that is killed half-way: nobody reads half a slate, and the next run needs no help."""

import signal

import dagster as dg

from nhl_ops_tests.cli.conftest import Card, Killed
from nhl_ops_tests.cli.operator import Operator


def test_readers_keep_the_former_publication(killed: Killed) -> None:
    assert killed.exit_code == -signal.SIGKILL
    assert killed.after == killed.before
    assert killed.prices_readable > 0


def test_the_league_of_a_killed_run_ends_with_it(killed: Killed) -> None:
    assert killed.left_behind == []


def test_the_next_run_starts_by_itself_and_succeeds(killed: Killed, again: Card) -> None:
    assert again.told.code == 0, again.told
    assert again.newest_run.run_id != killed.run_id


def test_the_next_run_closes_the_dead_one_and_says_why(
    operator: Operator, killed: Killed, again: Card
) -> None:
    with operator.instance() as instance:
        dead = instance.get_run_by_id(killed.run_id)
        events = [entry.dagster_event for entry in instance.all_logs(killed.run_id)]
    assert dead is not None
    assert dead.status is dg.DagsterRunStatus.FAILURE
    last = events[-1]
    assert last is not None
    assert "was killed or the machine restarted" in str(last.message)
