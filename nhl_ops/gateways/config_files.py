"""config/ read once into frozen models."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError, create_model

from nhl_ops.domain.failures import ConfigError
from nhl_ops.domain.model_constants import ModelConstants
from nhl_ops.domain.settings import Policy, Settings, Vendors
from nhl_ops.domain.vendors import PRICE_VENDORS
from nhl_ops.gateways import nhl_game_odds
from nhl_ops.gateways.vendors import module_of

Model = TypeVar("Model", bound=BaseModel)


def load_settings(folder: Path) -> Settings:
    """Settings of one config folder. Raises ConfigError with file, key, value and what is allowed."""
    return Settings(
        vendors=_load(folder / "vendors.toml", vendors_model()),
        policy=_load(folder / "policy.toml", Policy),
        model=_load(folder / "model.toml", ModelConstants),
    )


def vendors_model() -> type[Vendors]:
    """The model of config/vendors.toml: the common sections, that of game lines, and one a vendor of prices."""
    sections: dict[str, Any] = {vendor.lower(): (module_of(vendor).Config, ...) for vendor in PRICE_VENDORS}
    sections[nhl_game_odds.VENDOR.lower()] = (nhl_game_odds.Config, ...)
    return create_model("Vendors", __base__=Vendors, **sections)


def _load(path: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ConfigError(f"{path} is missing; restore it from the repository") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise ConfigError(_explain(path, model, error)) from error


def _explain(path: Path, model: type[BaseModel], error: ValidationError) -> str:
    lines = [_explain_one(model, dict(item)) for item in error.errors()]
    return f"{path.parent.name}/{path.name}: " + "; ".join(lines)


def _explain_one(model: type[BaseModel], item: dict) -> str:
    location = [str(part) for part in item["loc"]]
    key = ".".join(location)
    if item["type"] == "missing":
        return f"key {key!r} is missing; restore it from the repository's file"
    if item["type"] == "extra_forbidden":
        known = _fields_at(model, location[:-1])
        return f"key {key!r} is not known; allowed here: {', '.join(known)}"
    return f"key {key!r} has the value {repr(item.get('input'))[:80]}: {item['msg']}"


def _fields_at(model: type[BaseModel], location: list[str]) -> list[str]:
    """Keys of the table that a location leads to, through tables of tables such as [skaters.GOALS] too."""
    table: Any = model
    for part in location:
        table = table.model_fields[part].annotation if is_model(table) else get_args(table)[1]
    return sorted(table.model_fields)


def is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
