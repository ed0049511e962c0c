"""The fault drill: each vendor fails in each way, over a real socket, and the pipeline says what comes of it.

A small synthetic league in a process of its own, and a project folder for each case. All vendors are captured once
without a fault. Then, case by case, one vendor is captured from nothing while it fails; its bytes are parsed, mapped,
counted and priced beside the other vendors' rows by what the assets of a run call, without the cost of a run.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nhl_ops.defs.fault_drill_case import Case
from nhl_ops.defs.fault_drill_house import Subject
from nhl_ops.defs.fault_drill_league import OWN_ADDRESS, DrillLeague, drill_league
from nhl_ops.defs.fault_drill_rows import Pricing
from nhl_ops.defs.fault_drill_stands import Stands
from nhl_ops.domain.fault_drill import FaultCase
from nhl_ops.domain.settings import Settings


@dataclass(frozen=True)
class Drill:
    """A league that serves, and what was captured of it without a fault."""

    root: Path
    league: DrillLeague
    stands: Stands
    pricing: Pricing

    def run(self, subject: Subject, kind: str) -> FaultCase:
        """One case. Raises what a run would not survive either."""
        stand = self.stands.without(subject)
        address = OWN_ADDRESS.get(kind, nullcontext)()
        with address as host, TemporaryDirectory(dir=self.root) as name:
            folder = Path(name)
            shutil.copytree(stand.folder, folder, dirs_exist_ok=True)
            return Case(self.league, self.pricing, stand, subject, kind, folder, host, []).run()


@contextmanager
def open_drill(settings: Settings) -> Iterator[Drill]:
    """A drill in a scratch folder that goes with it."""
    with TemporaryDirectory(prefix="nhl-ops-drill-") as name:
        root = Path(name)
        with drill_league(settings, root) as league:
            yield Drill(root, league, Stands(root, league), Pricing(league.slate, league.now))
