"""The fault plan: which requests of which vendor fail, how, and when.

A plan is a list of rules; the first rule that fits a request makes it fail. `FAULTS` names every kind.
"""

import random
from collections.abc import Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Self

import orjson
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from nhl_ops.league.server.faults_bytes import BYTE_FAULTS
from nhl_ops.league.server.faults_exchange import Fault, FaultOptions
from nhl_ops.league.server.faults_formats import VENDOR_OF_MOUNT, VENDORS
from nhl_ops.league.server.faults_mutations import MUTATION_FAULTS
from nhl_ops.league.server.faults_wire import WIRE_FAULTS

FAULTS: Mapping[str, Fault] = MappingProxyType({**WIRE_FAULTS, **BYTE_FAULTS, **MUTATION_FAULTS})
OPTIONS = frozenset(FaultOptions.model_fields)
DEFAULT_PLAN = "plan"


class PlanError(ValueError):
    """A plan is off; the message says where, and what is allowed."""


class FaultRule(FaultOptions):
    """vendor: a vendor's name or a mount. path: a glob on the path below the mount, which begins with `/`.
    from, until: virtual instants, the second one excluded. times: so many requests fail, then no more."""

    vendor: str
    kind: str
    path: str = "*"
    since: Annotated[AwareDatetime | None, Field(alias="from")] = None
    until: AwareDatetime | None = None
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    times: Annotated[int | None, Field(ge=1)] = None

    @field_validator("vendor")
    @classmethod
    def _known_vendor(cls, vendor: str) -> str:
        if vendor.upper() in VENDORS:
            return vendor.upper()
        mount = vendor.strip("/").partition("/")[0]
        if mount not in VENDOR_OF_MOUNT:
            allowed = ", ".join([*VENDORS, *VENDOR_OF_MOUNT])
            raise ValueError(f"{vendor!r} is no vendor; allowed: {allowed}")
        return mount

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, kind: str) -> str:
        if kind not in FAULTS:
            raise ValueError(f"{kind!r} is no kind of fault; allowed: {', '.join(FAULTS)}")
        return kind

    @model_validator(mode="after")
    def _fitting_options(self) -> Self:
        taken = FAULTS[self.kind].options
        foreign = sorted((self.model_fields_set & OPTIONS) - taken)
        if foreign:
            allowed = f"it takes {', '.join(sorted(taken))}" if taken else "it takes no option"
            raise ValueError(f"{self.kind} does not take {', '.join(foreign)}; {allowed}")
        return self

    def fits(self, mount: str, path: str, now: datetime) -> bool:
        """Whether it is meant for a request on a mount's path at a virtual instant."""
        return (
            self.vendor in (mount, VENDOR_OF_MOUNT[mount])
            and fnmatchcase(path, self.path)
            and (self.since is None or self.since <= now)
            and (self.until is None or now < self.until)
        )


class FaultPlan(BaseModel):
    """Rules under a name; a plan replaces the one of its name. seed: of the draws for `probability`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[FaultRule, ...] = ()
    seed: int = 0
    name: Annotated[str, Field(min_length=1)] = DEFAULT_PLAN


class _Counted:
    """A rule, its draws, and what became of the requests that it fitted."""

    def __init__(self, rule: FaultRule, seed: str) -> None:
        self.rule = rule
        self.hits = 0
        self.unchanged = 0
        self._draws = random.Random(seed)  # noqa: S311 - repeatable draws, not secrets

    def takes(self, mount: str, path: str, now: datetime) -> bool:
        if not self.rule.fits(mount, path, now) or self.hits == self.rule.times:
            return False
        return self.rule.probability == 1 or self._draws.random() < self.rule.probability

    def hit(self) -> None:
        self.hits += 1

    def missed(self) -> None:
        """It found nothing to change, so the true answer went out."""
        self.hits -= 1
        self.unchanged += 1


class Faults:
    """The plans in force, by name, and their counts. Used by the server's event loop alone."""

    def __init__(self, *plans: FaultPlan) -> None:
        self._plans: dict[str, tuple[FaultPlan, list[_Counted]]] = {}
        for plan in plans:
            self.put(plan)

    def put(self, plan: FaultPlan) -> None:
        """Replaces the plan of that name, counts included; a plan without rules removes it."""
        self._plans.pop(plan.name, None)
        if plan.rules:
            counted = [_Counted(rule, f"{plan.seed}:{i}") for i, rule in enumerate(plan.rules)]
            self._plans[plan.name] = (plan, counted)

    def clear(self, name: str | None = None) -> None:
        """One plan, or all; a name that is not there is cleared already."""
        self._plans = {} if name is None else {k: v for k, v in self._plans.items() if k != name}

    def take(self, mount: str, path: str, now: datetime) -> _Counted | None:
        """The rule by which this request fails; the plan put last comes first."""
        for _, counted in reversed(self._plans.values()):
            found = next((c for c in counted if c.takes(mount, path, now)), None)
            if found is not None:
                found.hit()
                return found
        return None

    def shown(self) -> dict[str, object]:
        """All plans with, by rule, `hits` (requests that failed) and `unchanged` (nothing in them to change)."""
        return {
            "plans": [
                {
                    "name": plan.name,
                    "seed": plan.seed,
                    "rules": [_row(c) for c in counted],
                }
                for plan, counted in self._plans.values()
            ]
        }


def _row(counted: _Counted) -> dict[str, object]:
    rule = counted.rule.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {**rule, "hits": counted.hits, "unchanged": counted.unchanged}


def read_plan(text: str | bytes) -> FaultPlan:
    """A plan from JSON: an object, or a list of rules alone. Raises PlanError."""
    try:
        wish = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise PlanError(f"the fault plan is not JSON: {error}") from None
    return checked_plan({"rules": wish} if isinstance(wish, list) else wish)


def checked_plan(wish: object) -> FaultPlan:
    """A plan from plain values. Raises PlanError."""
    try:
        return FaultPlan.model_validate(wish)
    except ValidationError as error:
        raise PlanError("; ".join(_told(e) for e in error.errors(include_url=False))) from None


def plan_of_argument(text: str) -> FaultPlan:
    """A plan written out as JSON, or in a file. Raises PlanError."""
    if text.lstrip()[:1] in ("{", "["):
        return read_plan(text)
    try:
        return read_plan(Path(text).read_bytes())
    except OSError as error:
        raise PlanError(f"the fault plan {text}: {error.strerror}") from None


def _told(error: object) -> str:
    assert isinstance(error, dict), "pydantic tells each error as a dict"
    where = ".".join(map(str, error["loc"])) or "plan"
    if error["type"] == "extra_forbidden":
        model = FaultRule if error["loc"][0] == "rules" else FaultPlan
        allowed = (info.alias or name for name, info in model.model_fields.items())
        return f"{where} is no key of a fault plan; allowed: {', '.join(allowed)}"
    return f"{where}: {error['msg'].removeprefix('Value error, ')}"
