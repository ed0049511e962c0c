"""`nhl-ops evidence` and `nhl-ops prune`: what a person sees of past runs, before and after they are gone."""

from dataclasses import dataclass

import pytest

from nhl_ops_tests.cli.conftest import Card, Killed
from nhl_ops_tests.cli.operator import ANCHOR, Operator, Told

REBUILD = ("evidence", "rebuild", "--start", ANCHOR, "--end", ANCHOR)


@dataclass(frozen=True)
class Looked:
    operator: Operator
    runs: Told
    rebuilt: Told
    rehearsed: Told
    pruned: Told
    rebuilt_after: Told


@pytest.fixture(scope="module")
def looked(operator: Operator, again: Card, tmp_path_factory: pytest.TempPathFactory) -> Looked:
    copy = operator.copy(tmp_path_factory.mktemp("evidence") / "project")
    return Looked(
        copy,
        copy.run("evidence", "runs", COLUMNS="80"),
        copy.run(*REBUILD),
        copy.run("prune", "--keep-days", "0", "--dry-run"),
        copy.run("prune", "--keep-days", "0"),
        copy.run(*REBUILD),
    )


def test_every_run_has_a_whole_line_in_a_narrow_terminal(looked: Looked, killed: Killed) -> None:
    assert looked.runs.code == 0, looked.runs
    lines = [line.split() for line in looked.runs.out.splitlines()]
    assert [killed.run_id[:8], "failed", ANCHOR, "command"] in [words[:4] for words in lines]


def test_what_happened_to_a_killed_run_is_told_whole(looked: Looked, killed: Killed) -> None:
    assert f"{killed.run_id[:8]} the process of this run" in looked.runs.text
    assert "nothing half-done was published" in looked.runs.text


def test_the_published_evidence_is_made_again_from_the_log(looked: Looked) -> None:
    assert looked.rebuilt.code == 0, looked.rebuilt
    assert "Next:" not in looked.rebuilt.text


def test_a_rehearsed_prune_takes_nothing(looked: Looked) -> None:
    assert "would leave the instance" in looked.rehearsed.text
    runs = int(looked.rehearsed.out.split(" run(s)")[0])
    assert runs > 0
    assert looked.pruned.out.startswith(f"{runs} run(s) that ended before ")


def test_a_prune_leaves_what_is_published_and_the_evidence_can_still_be_made_again(
    looked: Looked, again: Card
) -> None:
    assert looked.pruned.code == 0, looked.pruned
    assert looked.operator.runs() == []
    assert looked.operator.digests() == again.digests
    assert looked.rebuilt_after.out == looked.rebuilt.out
