"""A project folder on a synthetic league: captured once, then copied for each piece of work."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from nhl_ops.defs.house import PROJECT_ROOT, ROOT, House
from nhl_ops.defs.league_control import LeagueChoice, league_process, serve_arguments
from nhl_ops.domain.settings import LeagueKind
from nhl_ops.gateways.clock import LEAGUE_URL, environment_reader
from nhl_ops.gateways.config_files import load_settings

ANCHOR = date(2026, 1, 20)
SLATES = 7


@dataclass(frozen=True)
class Workspace:
    """A folder and the league that its vendors are in; travels to the process that works in it."""

    root: Path
    league_url: str

    @property
    def keys(self) -> list[str]:
        """The last slates before tonight."""
        return [(ANCHOR - timedelta(days=n)).isoformat() for n in range(SLATES, 0, -1)]

    def enter(self) -> House:
        """Make this the project of the present process."""
        os.environ |= {ROOT: str(self.root), LEAGUE_URL: self.league_url}
        return House(self.root, environment_reader())

    def copy(self, name: str) -> "Workspace":
        """The same captures in another folder."""
        other = self.beside(name)
        shutil.rmtree(other.root, ignore_errors=True)
        shutil.copytree(self.root, other.root, symlinks=True)
        return other

    def beside(self, name: str) -> "Workspace":
        """The folder of that name next to this one."""
        return Workspace(self.root.with_name(name), self.league_url)


@contextmanager
def league_workspace(folder: Path, teams: int) -> Iterator[Workspace]:
    """A fresh project folder whose league runs in a process of its own."""
    root = folder / "captured"
    root.mkdir()
    shutil.copy(PROJECT_ROOT / "dagster.yaml", root)
    settings = load_settings(PROJECT_ROOT / "config").policy.league
    policy = settings.model_copy(update={"teams": teams, "priced_slates": SLATES})
    choice = LeagueChoice(LeagueKind.SYNTHETIC, None, ANCHOR)
    with league_process(serve_arguments(choice, policy, folder, ANCHOR)) as address:
        yield Workspace(root, address)
