"""Whom a fault drill lets fail, and the house that it works in: configured limits, waits that are noted, not waited."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from nhl_ops.defs.house import House
from nhl_ops.domain.settings import DrillPolicy, Frozen, HostPair, Settings
from nhl_ops.domain.vendors import PRICE_VENDORS

SILENT = frozenset({"connect_hang", "slow_drip", "host_deaf"})
LARGE = frozenset({"gzip_bomb", "huge_body", "huge_body_declared"})
NHL, NHL_RESULTS = "NHL", "NHL results"


@dataclass(frozen=True)
class Subject:
    """A vendor, or one of its forms or duties. mount: whom the league lets fail. form: of [unabated]."""

    name: str
    vendor: str
    mount: str
    form: str | None = None


SUBJECTS: Mapping[str, Subject] = MappingProxyType(
    {
        subject.name: subject
        for subject in (
            Subject(NHL, "NHL", "NHL"),
            Subject(NHL_RESULTS, "NHL", "NHL"),
            Subject("UNABATED", "UNABATED", "unabated-cdn", "cdn"),
            Subject("UNABATED api", "UNABATED", "unabated-api", "api"),
            Subject("UNABATED partner", "UNABATED", "unabated-partner", "partner"),
            Subject("PLAYNOW", "PLAYNOW", "PLAYNOW"),
            Subject("ODDSSHARK", "ODDSSHARK", "ODDSSHARK"),
            Subject("ODDS_API", "ODDS_API", "ODDS_API"),
        )
    }
)
ASKED = tuple(dict.fromkeys(s.vendor for s in SUBJECTS.values() if s.vendor in PRICE_VENDORS))
"""Vendors of prices that have an address: file drops have none."""


@dataclass(frozen=True)
class DrillHouse(House):
    """A house with settings of its own."""

    drilled: Settings | None = None

    @cached_property
    def settings(self) -> Settings:
        assert self.drilled is not None, "a drill's house is made with settings"
        return self.drilled


def drill_settings(settings: Settings, subject: Subject, kind: str, address: str | None) -> Settings:
    """The project's settings with all vendors of prices on, limits for this kind of fault, and the subject's hosts at
    `address` when it is given."""
    vendors = settings.vendors
    changed: dict[str, Frozen] = {"http": _limits(vendors.http, settings.policy.drill, kind)}
    for name in PRICE_VENDORS:
        section = vendors.section(name)
        changed[name.lower()] = section.model_copy(update={"enabled": name in ASKED})
    if subject.form is not None:
        changed["unabated"] = changed["unabated"].model_copy(update={"form": subject.form})
    if address is not None:
        key = subject.vendor.lower()
        changed[key] = _moved(changed.get(key) or vendors.nhl, address)
    return settings.model_copy(update={"vendors": vendors.model_copy(update=changed)})


def _limits(http: Frozen, drill: DrillPolicy, kind: str) -> Frozen:
    if kind in LARGE:
        return http.model_copy(update={"max_body_bytes": drill.max_body_bytes})
    if kind not in SILENT:
        return http
    silence = dict.fromkeys(("connect_timeout_sec", "read_timeout_sec"), drill.silence_sec)
    return http.model_copy(update={**silence, "total_timeout_sec": drill.total_sec})


def _moved(section: Frozen, address: str) -> Frozen:
    """The section with the league's hosts elsewhere."""
    hosts = {
        name: pair.model_copy(update={"league": pair.league.replace("{league}", address)})
        for name, pair in section
        if isinstance(pair, HostPair)
    }
    return section.model_copy(update=hosts)
