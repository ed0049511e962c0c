import tomllib

import pytest
from pydantic import ValidationError

from nhl_ops.domain.markets import Market
from nhl_ops.domain.model_constants import ModelConstants
from nhl_ops_tests.transforms.small_season import CONFIG


def raw() -> dict:
    return tomllib.loads(CONFIG.read_text(encoding="utf-8"))


def test_the_shipped_file_gives_every_market_its_constants():
    constants = ModelConstants.model_validate(raw())
    assert set(constants.teams) == set(Market)
    assert set(constants.skaters) == set(Market) - {Market.SAVES}


def test_no_constant_has_a_default():
    assert [name for name, field in ModelConstants.model_fields.items() if not field.is_required()] == []


def test_a_market_without_constants_is_named():
    values = raw()
    del values["skaters"]["BLOCKS"]
    with pytest.raises(ValidationError, match=r"\[skaters\.\*\] has .* it needs .*BLOCKS"):
        ModelConstants.model_validate(values)


def test_a_misspelt_key_and_a_negative_half_life_are_errors():
    values = raw()
    values["goalies"]["half_live_days"] = 1.0
    values["ice_time"]["recent_half_life_days"] = -5.0
    with pytest.raises(ValidationError) as error:
        ModelConstants.model_validate(values)
    assert {".".join(map(str, e["loc"])) for e in error.value.errors()} == {
        "goalies.half_live_days",
        "ice_time.recent_half_life_days",
    }


def test_constants_cannot_be_changed_after_loading():
    constants = ModelConstants.model_validate(raw())
    with pytest.raises(ValidationError):
        constants.goalies.dispersion = 0.5
