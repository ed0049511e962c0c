"""What `nhl-ops` says about itself."""

from pathlib import Path

import pytest

from nhl_ops.defs.steps import Step
from nhl_ops_tests.cli.operator import Operator

COMMANDS = [
    "run-daily",
    "backfill",
    "demo",
    "dev",
    "league",
    "export",
    "mapping",
    "dead-letters",
    "gaps",
    "drops",
    "publish",
    "backup",
    "restore",
    "verify",
]


@pytest.fixture(scope="module")
def bystander(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return Operator(tmp_path_factory.mktemp("bystander"))


def test_help_says_what_it_is_for_and_names_every_command(bystander: Operator) -> None:
    told = bystander.run_installed("--help")
    assert told.code == 0
    assert "from vendors to published best bets" in told.text
    for command in COMMANDS:
        assert f" {command} " in told.text


@pytest.mark.parametrize(
    "words",
    [*([c] for c in COMMANDS), ["league", "serve"], ["export", "probabilities"], ["publish", "rollback"]],
    ids=" ".join,
)
def test_every_command_explains_itself_in_whole_words(bystander: Operator, words: list[str]) -> None:
    told = bystander.run_installed(*words, "--help")
    assert told.code == 0
    assert f"Usage: nhl-ops {' '.join(words)}" in told.text
    assert "…" not in told.text, "a name or an explanation is cut off"


def test_every_step_has_a_switch_and_an_environment_flag(bystander: Operator) -> None:
    told = bystander.run_installed("run-daily", "--help")
    for step in Step:
        assert f"--run-{step}" in told.text
        assert f"NHL_OPS_RUN_{step.upper().replace('-', '_')}" in told.text


def test_help_explains_the_exit_codes(bystander: Operator) -> None:
    told = bystander.run_installed("run-daily", "--help")
    assert "Exit code 0: all that was asked for succeeded. 3: degraded" in told.text


def test_help_leaves_nothing_behind(bystander: Operator) -> None:
    bystander.run_installed("--help")
    assert list(Path(bystander.root).iterdir()) == []


def test_an_unknown_switch_is_refused_and_named(bystander: Operator) -> None:
    told = bystander.run_installed("run-daily", "--run-evs")
    assert told.code == 2
    assert "--run-evs" in told.text
