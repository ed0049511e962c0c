"""What every command that touches data sets up: the world, the league, the instance, and their end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from nhl_ops.defs.house import House, own_settings, project_root, source_of
from nhl_ops.defs.league_control import (
    force_failures,
    forced_failures,
    league_choice,
    league_process,
    serve_arguments,
    world_of,
)
from nhl_ops.defs.registry import sync_registry
from nhl_ops.defs.runs import close_dead_runs, exclusive, open_instance
from nhl_ops.domain.failures import ConfigError
from nhl_ops.domain.settings import Source
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.catalog import ensure_catalog
from nhl_ops.gateways.clock import LEAGUE_URL
from nhl_ops.gateways.worlds import enter_world, present_world


@dataclass(frozen=True)
class Session:
    """One command's house and instance."""

    house: House
    instance: dg.DagsterInstance
    parked: str | None

    @property
    def days_behind(self) -> int:
        """Days by which the league's time lags the machine's; a synthetic league grows old."""
        return (slate_of(datetime.now(UTC)) - slate_of(self.house.clock.now())).days

    @property
    def root(self) -> Path:
        return self.house.root


@contextmanager
def open_session(
    *, ticking: bool = False, asks_vendors: bool = True, needs_sound_files: bool = True
) -> Iterator[Session]:
    """Enter the world that the environment names, start its league where none runs, open the instance.

    asks_vendors: False for a command that only looks at what is there, and so needs no league.
    needs_sound_files: False for a command that looks for damaged ones; it leaves the catalog, which reads them, alone.
    """
    env = os.environ.get
    root = project_root(env)
    source = source_of(env)
    world = world_of(env, source)
    parked = entered(root, world)
    own_settings(root)
    house = House(root, env)
    if not asks_vendors:
        yield Session(house, open_instance(root), parked)
        return
    with league(house, source, ticking), drill(source):
        if needs_sound_files:
            ensure_catalog(house.warehouse.root)
        instance = open_instance(root)
        close_dead_runs(instance)
        sync_registry(house, instance)
        yield Session(house, instance, parked)


def entered(root: Path, world: str) -> str | None:
    """Make `world` the present one; returns the world that was parked for it. Who is in it already waits for no run."""
    if present_world(root) == world:
        return None
    with exclusive(root):
        before = present_world(root)
        return before if enter_world(root, world) else None


@contextmanager
def drill(source: Source) -> Iterator[None]:
    """Let the vendors that FORCE_VENDOR_FAILURE names fail as long as the command runs."""
    names = forced_failures(os.environ.get)
    if not names:
        yield
        return
    if source is Source.LIVE:
        raise ConfigError(
            "FORCE_VENDOR_FAILURE makes vendors of the embedded league fail; live ones cannot be made to",
            "unset it, or unset NHL_OPS_SOURCE",
        )
    address = os.environ[LEAGUE_URL]
    force_failures(address, names)
    try:
        yield
    finally:
        force_failures(address, ())


@contextmanager
def league(house: House, source: Source, ticking: bool) -> Iterator[None]:
    if source is Source.LIVE or os.environ.get(LEAGUE_URL):
        yield
        return
    choice = league_choice(os.environ.get)
    arguments = serve_arguments(choice, house.settings.policy.league, house.root, slate_of(datetime.now(UTC)))
    with league_process(arguments, ticking=ticking) as address:
        os.environ[LEAGUE_URL] = address
        try:
            yield
        finally:
            del os.environ[LEAGUE_URL]
