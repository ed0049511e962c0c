"""A mistake in a setting, a flag or a date: one message, exit code 1 or 2, nothing touched."""

from pathlib import Path

import pytest

from nhl_ops_tests.cli.operator import Operator, Told, new_project


@pytest.fixture
def careless(tmp_path: Path) -> Operator:
    return new_project(tmp_path / "project")


def is_one_message(told: Told) -> bool:
    return "Traceback" not in told.err and len(told.err.strip().splitlines()) == 1


def test_a_key_with_a_typo_is_named_with_its_file_and_the_allowed_keys(careless: Operator) -> None:
    careless.edit("policy.toml", "seed = ", "sead = ")
    told = careless.run("run-daily", "--all")
    assert told.code == 1
    assert is_one_message(told)
    assert "config/policy.toml" in told.err
    assert "'league.sead' is not known; allowed here: faults, priced_slates, seed, teams" in told.err


def test_a_value_with_a_typo_is_named_with_its_file_key_and_the_allowed_values(careless: Operator) -> None:
    careless.edit("vendors.toml", 'form = "cdn"', 'form = "cnd"')
    told = careless.run("run-daily", "--all")
    assert told.code == 1
    assert is_one_message(told)
    assert "config/vendors.toml: key 'unabated.form' has the value 'cnd'" in told.err
    assert "'cdn', 'api' or 'partner'" in told.err


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"NHL_OPS_LEAGUE": "[/recorded]"},
            "NHL_OPS_LEAGUE='[/recorded]' is not known; allowed: synthetic, recorded",
        ),
        ({"NHL_OPS_LEAGUE": "recorded"}, "NHL_OPS_LEAGUE=recorded needs NHL_OPS_LEAGUE_DATA"),
        (
            {"NHL_OPS_LEAGUE": "recorded", "NHL_OPS_LEAGUE_DATA": "/no/such/folder"},
            "there is no folder stats/ in /no/such/folder",
        ),
    ],
    ids=["typo", "no folder named", "no folder there"],
)
def test_a_wrong_environment_setting_is_one_message_and_leaves_the_project_alone(
    tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    told = Operator(tmp_path).run("run-daily", "--all", **settings)
    assert told.code == 1
    assert is_one_message(told)
    assert words in told.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["backfill"], ["export", "probabilities", "--out", "p.parquet"]])
def test_a_range_that_ends_before_it_starts_is_refused(tmp_path: Path, command: list[str]) -> None:
    told = Operator(tmp_path).run(*command, "--start", "2026-01-20", "--end", "2026-01-18")
    assert told.code == 2
    assert "the range ends (2026-01-18) before it starts (2026-01-20)" in told.text
    assert list(tmp_path.iterdir()) == []


def test_a_date_that_is_none_is_refused(tmp_path: Path) -> None:
    told = Operator(tmp_path).run("run-daily", "--date", "2026-02-30")
    assert told.code == 2
    assert "2026-02-30" in told.text
