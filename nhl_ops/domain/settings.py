"""What an operator edits in config/, as frozen models. A typo is an error that names file, key and allowed values."""

from datetime import time
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from nhl_ops.domain.checks import CheckPolicy, GamePolicy, RosterPolicy
from nhl_ops.domain.ev import EvPolicy
from nhl_ops.domain.floors import FloorPolicy
from nhl_ops.domain.model_constants import ModelConstants


class Source(StrEnum):
    """Where vendors are reached: the embedded league, or the live hosts."""

    LEAGUE = "league"
    LIVE = "live"


class LeagueKind(StrEnum):
    SYNTHETIC = "synthetic"
    RECORDED = "recorded"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HostPair(Frozen):
    """Base URLs of one host: `{league}` stands for the address of the embedded league's server."""

    league: Annotated[str, Field(pattern=r"^(\{league\}|https?://[^\s{}]+)(/[^\s{}]*)?$")]
    live: Annotated[str, Field(pattern=r"^https://[^\s{}]+$")]

    def base_url(self, source: Source, league_url: str) -> str:
        return self.live if source is Source.LIVE else self.league.format(league=league_url)


class NhlVendor(Frozen):
    web: HostPair
    stats: HostPair


class PriceVendor(Frozen):
    """What every section of a price vendor has; each vendor's module adds its own keys."""

    enabled: StrictBool


class HttpLimits(Frozen):
    """How vendors are asked: limits of a request, rates by host, breakers, and the budget of a run."""

    connect_timeout_sec: Annotated[float, Field(gt=0)]
    read_timeout_sec: Annotated[float, Field(gt=0)]
    total_timeout_sec: Annotated[float, Field(gt=0)]
    max_retries: Annotated[int, Field(ge=0, le=3)]
    backoff_sec: Annotated[float, Field(ge=0)]
    backoff_cap_sec: Annotated[float, Field(ge=0)]
    retry_after_cap_sec: Annotated[float, Field(ge=0)]
    max_body_bytes: Annotated[int, Field(gt=0)]
    max_expansion: Annotated[float, Field(gt=1)]
    conditional_requests: StrictBool
    breaker_failures: Annotated[int, Field(ge=1)]
    breaker_pause_sec: Annotated[float, Field(gt=0)]
    run_max_requests: Annotated[int, Field(ge=1)]
    run_max_sec: Annotated[float, Field(gt=0)]
    requests_per_sec: Annotated[float, Field(ge=0.001)]
    requests_per_sec_by_host: dict[
        Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")], Annotated[float, Field(ge=0.001)]
    ]


class Vendors(Frozen):
    """config/vendors.toml; `gateways.config_files` adds a field for each vendor of prices, by its section."""

    http: HttpLimits
    nhl: NhlVendor

    def section(self, vendor: str) -> PriceVendor:
        """Settings of a vendor of prices."""
        found = getattr(self, vendor.lower())
        assert isinstance(found, PriceVendor), f"[{vendor.lower()}] is no section of a price vendor"
        return found


class CapturePolicy(Frozen):
    """When a slate's prices are captured. Past slates: at each scrape time, thinned beyond the cap."""

    fixed_passes_et: tuple[time, ...]
    max_scrapes_per_slate: Annotated[int, Field(ge=1)]
    results_hour_et: Annotated[int, Field(ge=0, le=23)]


class HistoryPolicy(Frozen):
    seasons_before: Annotated[int, Field(ge=0, le=10)]


class LeaguePolicy(Frozen):
    """faults: rules of the fault plan that a league has from its start (`league.server.faults`)."""

    seed: int
    teams: Annotated[int, Field(ge=4, le=32)]
    priced_slates: Annotated[int, Field(ge=1)]
    faults: tuple[dict[str, Any], ...] = ()


class DrillPolicy(Frozen):
    """Limits of a fault drill, small so that it is quick. silence_sec: for a connection, and between two bytes.

    total_sec: for an answer. max_body_bytes: of a body; sent_bytes: what a host that sends too much sends.
    """

    silence_sec: Annotated[float, Field(gt=0)]
    total_sec: Annotated[float, Field(gt=0)]
    max_body_bytes: Annotated[int, Field(gt=0)]
    sent_bytes: Annotated[int, Field(gt=0)]


class ReportPolicy(Frozen):
    rolling_windows: tuple[Annotated[int, Field(ge=1, le=30)], ...]


class Policy(Frozen):
    """config/policy.toml"""

    capture: CapturePolicy
    history: HistoryPolicy
    league: LeaguePolicy
    drill: DrillPolicy
    reports: ReportPolicy
    ev: EvPolicy
    checks: CheckPolicy
    games: GamePolicy
    rosters: RosterPolicy
    floors: FloorPolicy


class Settings(Frozen):
    """All of config/."""

    vendors: Vendors
    policy: Policy
    model: ModelConstants
