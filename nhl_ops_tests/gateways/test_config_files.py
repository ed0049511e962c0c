"""config/ becomes frozen models, or one error that names file, key and what is allowed."""

import shutil
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from nhl_ops.domain.failures import ConfigError, FailureClass
from nhl_ops.domain.markets import Market
from nhl_ops.domain.settings import Source
from nhl_ops.gateways.config_files import load_settings

REPOSITORY = Path(__file__).resolve().parents[2] / "config"
FILES = ["policy.toml", "vendors.toml", "model.toml"]
Change = Callable[[str, str, str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(REPOSITORY, tmp_path / "config")


@pytest.fixture
def message(folder: Path) -> Change:
    """The error after one change in one file."""

    def change(file: str, old: str, new: str) -> str:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            load_settings(folder)
        return str(caught.value)

    return change


def test_the_repositorys_configuration_loads() -> None:
    settings = load_settings(REPOSITORY)
    assert settings.policy.capture.fixed_passes_et[0] == time(10)
    assert settings.vendors.unabated.bet_types[86] is Market.SOG
    assert set(settings.model.skaters) == set(Market) - {Market.SAVES}


def test_hosts_differ_by_source_alone() -> None:
    hosts = load_settings(REPOSITORY).vendors.nhl.web
    assert hosts.base_url(Source.LEAGUE, "http://127.0.0.1:1234") == "http://127.0.0.1:1234/nhl-web/v1"
    assert hosts.base_url(Source.LIVE, "") == "https://api-web.nhle.com/v1"


def test_settings_cannot_be_changed_once_loaded() -> None:
    settings = load_settings(REPOSITORY)
    with pytest.raises(ValidationError, match="frozen"):
        settings.policy.league.teams = 8


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named_with_what_to_do(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(ConfigError, match=rf"{file} is missing; restore it from the repository"):
        load_settings(folder)


@pytest.mark.parametrize("file", FILES)
def test_an_unknown_key_is_named_with_its_file_and_the_allowed_keys(
    message: Change, folder: Path, file: str
) -> None:
    first = (folder / file).read_text(encoding="utf-8").splitlines()[0]
    said = message(file, first, f"{first}\nunheard_of = 1")
    assert f"config/{file}: key 'unheard_of' is not known; allowed here: " in said


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "allowed"),
    [
        ("policy.toml", "seed =", "sead =", "league.sead", "priced_slates, seed, teams"),
        ("policy.toml", "max_bets =", "max_bet =", "ev.max_bet", "max_bets"),
        ("policy.toml", "rosters_are_recent", "roster_is_recent", "checks.roster_is_recent", "rosters_are_recent"),
        ("vendors.toml", "max_retries =", "max_retrys =", "http.max_retrys", "max_retries"),
        ("vendors.toml", "live = ", "lives = ", "nhl.web.lives", "league, live"),
        ("model.toml", "recent_prior_games", "recent_prior_game", "ice_time.recent_prior_game", "recent_prior_games"),
        ("model.toml", "shots_exponent", "shot_exponent", "skaters.GOALS.shot_exponent", "shots_exponent"),
        ("policy.toml", "seed =", "sead.x =", "league.sead", "priced_slates, seed, teams"),
    ],
)  # fmt: skip
def test_a_typo_in_a_key_lists_the_keys_of_its_table(
    message: Change, file: str, old: str, new: str, key: str, allowed: str
) -> None:
    said = message(file, old, new)
    assert said.startswith(f"config/{file}: ")
    assert allowed in said.split(f"key {key!r} is not known; allowed here: ")[1]


AT_MOST = "Input should be less than or equal to"
METHODS = "Input should be 'multiplicative', 'additive', 'power' or 'probit'"


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("vendors.toml", 'form = "cdn"', 'form = "cnd"', "'cnd': Input should be 'cdn', 'api' or 'partner'"),
        ("vendors.toml", '86 = "SOG"', '86 = "SOGS"', "bet_types.86' has the value 'SOGS': Input should be 'GOALS'"),
        ("vendors.toml", "max_retries = 3", "max_retries = 4", f"http.max_retries' has the value 4: {AT_MOST} 3"),
        ("policy.toml", "teams = 32", "teams = 33", f"'league.teams' has the value 33: {AT_MOST} 32"),
        ("policy.toml", '"probit"', '"probitt"', f"'ev.devig_method' has the value 'probitt': {METHODS}"),
        ("policy.toml", "max_skew_sec = 60", "max_skew_sec = 0", "'floors.clock.max_skew_sec' has the value 0"),
        ("policy.toml", '["GOALS"]', '["GOAL"]', "'floors.two_sided.yes_only_markets.0' has the value 'GOAL'"),
        (
            "policy.toml",
            'row_accounting_balances = "blocking"',
            'row_accounting_balances = "error"',
            "'checks.row_accounting_balances' has the value 'error': Input should be 'warning' or 'blocking'",
        ),
        ("policy.toml", '"10:00"', '"25:00"', "'capture.fixed_passes_et.0' has the value '25:00'"),
        ("policy.toml", "[7, 14, 30]", "[7, 14, 60]", "'reports.rolling_windows.2' has the value 60"),
        ("policy.toml", "hold_min = -0.02", "hold_min = 0.5", "hold_min (0.5) must lie below hold_max (0.15)"),
        ("vendors.toml", '86 = "SOG"', 'x = "SOG"', "bet_types.x.[key]' has the value 'x': Input should be a valid"),
        ("vendors.toml", '"{league}/nhl-web', '"{legue}/nhl-web', "nhl.web.league' has the value '{legue}/nhl"),
        ("vendors.toml", '"https://api-web', '"http://api-web', "nhl.web.live' has the value 'http://api-web"),
        ("vendors.toml", "enabled = true", 'enabled = "yes"', "enabled' has the value 'yes': Input should be a"),
        ("policy.toml", "seed =", "# seed =", "key 'league.seed' is missing; restore it from the repository's file"),
        ("model.toml", "[skaters.GOALS]", "[skaters.GOALZ]", "Input should be 'GOALS', 'ASSISTS'"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_key_and_what_is_allowed(
    message: Change, file: str, old: str, new: str, words: str
) -> None:
    said = message(file, old, new)
    assert said.startswith(f"config/{file}: ")
    assert words in said


def test_all_mistakes_of_a_file_are_told_at_once(message: Change) -> None:
    said = message("policy.toml", "seed = 20261007\nteams = 32", 'seed = "x"\nteams = 3')
    assert "'league.seed'" in said
    assert "'league.teams'" in said


def test_a_file_that_is_not_toml_names_the_line(message: Change) -> None:
    said = message("policy.toml", "teams = 32", "teams = thirty-two")
    assert "policy.toml is not valid TOML" in said
    assert "line" in said


def test_a_mistake_in_the_configuration_is_of_the_contract_class(folder: Path) -> None:
    (folder / "policy.toml").unlink()
    with pytest.raises(ConfigError) as caught:
        load_settings(folder)
    assert caught.value.failure_class is FailureClass.CONTRACT
