"""The composition root: every gateway of one project folder, built on first use and never at load time."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Self

import dagster as dg
import pandas as pd
from pydantic import PrivateAttr

from nhl_ops.defs.aliases import read_aliases
from nhl_ops.defs.locking import exclusive, this_process
from nhl_ops.defs.scopes import scope_of
from nhl_ops.domain.failures import ConfigError
from nhl_ops.domain.settings import HostPair, Settings, Source
from nhl_ops.domain.slates import season_of
from nhl_ops.domain.vendors import PRICE_VENDORS
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.capture import Capturer
from nhl_ops.gateways.clock import LEAGUE_URL, Clock, LeagueClock, SystemClock, environment_reader
from nhl_ops.gateways.config_files import load_settings
from nhl_ops.gateways.http import HttpClient, HttpPolicy
from nhl_ops.gateways.http_breaker import BreakerPolicy
from nhl_ops.gateways.http_limits import Budget
from nhl_ops.gateways.http_memory import HttpMemory
from nhl_ops.gateways.nhl import NhlClient
from nhl_ops.gateways.nhl_game_odds import VENDOR as PARTNER_GAMES
from nhl_ops.gateways.nhl_game_odds import NhlGameOdds
from nhl_ops.gateways.state import State
from nhl_ops.gateways.vendor import OddsVendor, VendorContext
from nhl_ops.gateways.vendors import module_of
from nhl_ops.gateways.warehouse import Warehouse

PROJECT_ROOT = Path(__file__).resolve().parents[2]
ROOT = "NHL_OPS_ROOT"
SOURCE = "NHL_OPS_SOURCE"

Environment = Callable[[str], str | None]


def project_root(env: Environment) -> Path:
    """The folder that data, outputs and Dagster's storage belong to: the project's own unless NHL_OPS_ROOT says."""
    return Path(env(ROOT) or PROJECT_ROOT).resolve()


def source_of(env: Environment) -> Source:
    value = env(SOURCE) or Source.LEAGUE.value
    try:
        return Source(value)
    except ValueError as error:
        allowed = ", ".join(Source)
        raise ConfigError(f"{SOURCE}={value!r} is not known; allowed: {allowed}") from error


def own_settings(root: Path) -> None:
    """A project folder elsewhere gets Dagster's settings from this one."""
    if root != PROJECT_ROOT and not (root / "dagster.yaml").exists():
        shutil.copy(PROJECT_ROOT / "dagster.yaml", root / "dagster.yaml")


@dataclass(frozen=True)
class House:
    """Gateways of one project folder. sleep: waits so many seconds between requests to a vendor."""

    root: Path
    env: Environment
    sleep: Callable[[float], object] = time.sleep

    @property
    def config_folder(self) -> Path:
        own = self.root / "config"
        return own if own.exists() else PROJECT_ROOT / "config"

    @cached_property
    def settings(self) -> Settings:
        return load_settings(self.config_folder)

    @cached_property
    def source(self) -> Source:
        return source_of(self.env)

    @cached_property
    def league_url(self) -> str:
        """Address of the embedded league's server. Raises ConfigError when none runs."""
        url = self.env(LEAGUE_URL)
        if url is None:
            raise ConfigError(
                "the embedded league is not running; start the UI with `make dev`, use the nhl-ops command, or "
                f"run `nhl-ops league serve` and set {LEAGUE_URL} to the address it prints"
            )
        return url

    @cached_property
    def clock(self) -> Clock:
        return SystemClock() if self.source is Source.LIVE else LeagueClock(self.league_url)

    def put_clock_back(self) -> None:
        """After a run that was killed while it captured a past slate: the league's clock as it was before."""
        lease = None if self.source is Source.LIVE else self.state.clock_lease(self.league_url)
        if lease is not None and isinstance(self.clock, LeagueClock):
            self.clock.move_to(lease)
            self.state.end_clock_lease()

    def present(self) -> datetime:
        """Now, also while a capture has the league's clock in the past."""
        lease = None if self.source is Source.LIVE else self.state.clock_lease(self.league_url)
        return lease or self.clock.now()

    @cached_property
    def state(self) -> State:
        return State(self.root / "data" / "state.sqlite")

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.root)

    @cached_property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.root, self.state)

    @cached_property
    def capturer(self) -> Capturer:
        """Breakers and budget go by the machine's clock, also where a league's clock is elsewhere.

        A vendor's skew is against the clock that prices go by: the machine's, or the league's virtual one.
        """
        limits = self.settings.vendors.http
        policy = HttpPolicy.model_validate(limits.model_dump(include=set(HttpPolicy.model_fields)))
        wall = SystemClock().now
        return Capturer(
            HttpClient(policy, sleep=self.sleep),
            self.archive,
            self.state,
            None if self.source is Source.LIVE else self.league_url,
            memory=HttpMemory(self.state.path, wall),
            breaker_policy=BreakerPolicy(limits.breaker_failures, limits.breaker_pause_sec),
            conditional=limits.conditional_requests,
            budget=Budget(limits.run_max_requests, limits.run_max_sec),
            clock=self.clock.reckoned if isinstance(self.clock, LeagueClock) else self.clock.now,
        )

    def close(self) -> None:
        """Let go of the connections to vendors, if there are any."""
        if "capturer" in vars(self):
            self.capturer.http.close()

    @cached_property
    def nhl(self) -> NhlClient:
        hosts = self.settings.vendors.nhl
        return NhlClient(self._base(hosts.web), self._base(hosts.stats))

    @cached_property
    def nhl_game_odds(self) -> NhlGameOdds:
        vendors = self.settings.vendors
        return NhlGameOdds(self._base(vendors.nhl.web), getattr(vendors, PARTNER_GAMES.lower()))

    @cached_property
    def odds_vendors(self) -> dict[str, OddsVendor]:
        """Enabled vendors of prices by name."""
        context = VendorContext(self._base, self.clock.now, self.secret, self.state.path, self.sleep)
        sections = {name: self.settings.vendors.section(name) for name in PRICE_VENDORS}
        return {n: module_of(n).vendor(config, context) for n, config in sections.items() if config.enabled}

    def secret(self, name: str) -> str | None:
        """A vendor's key; the embedded league takes any."""
        return self.env(name) or (None if self.source is Source.LIVE else "league")

    def _base(self, hosts: HostPair) -> str:
        return hosts.base_url(self.source, "" if self.source is Source.LIVE else self.league_url)

    @cached_property
    def aliases(self) -> pd.DataFrame:
        """config/aliases.csv, checked."""
        return read_aliases(self.config_folder)

    def history_start(self, key: str) -> date:
        """First game date of the history that projections of a slate use (config/policy.toml, [history])."""
        first_year = season_of(date.fromisoformat(key)) // 10_000
        return date(first_year - self.settings.policy.history.seasons_before, 7, 1)


def open_house() -> House:
    """The house of the project folder that the environment names."""
    env = environment_reader()
    return House(project_root(env), env)


class HouseResource(dg.ConfigurableResource):
    """Hands assets and checks the house; a run holds the project's lock and carries its process's identity.

    A run has one house for all its steps, so that rates, budget and connections are those of the run.
    """

    _of_run: House | None = PrivateAttr(default=None)

    def open(self) -> House:
        return self._of_run or open_house()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:
        house = open_house()
        if context.instance is not None and context.run is not None:
            context.instance.add_run_tags(context.run.run_id, this_process(context.run.run_id).tags)
        with exclusive(house.root):
            if context.run is not None:
                house.put_clock_back()
                house.warehouse.published.reconcile()
                judged_again = context.run.asset_selection
                tables = None if judged_again is None else [key.to_user_string() for key in judged_again]
                house.state.clear_holds(scope_of(context.run), tables)
            self._of_run = house
            try:
                yield self
            finally:
                self._of_run = None
                house.close()
