"""What stands before a vendor fails: a project in which all the others were captured without a fault."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from nhl_ops.defs.capture import capture_odds
from nhl_ops.defs.capture_nhl import capture_schedule
from nhl_ops.defs.fault_drill_house import ASKED, NHL, NHL_RESULTS, SUBJECTS, Subject
from nhl_ops.defs.fault_drill_league import DrillLeague
from nhl_ops.defs.fault_drill_rows import NhlRows, nhl_rows
from nhl_ops.defs.house import House
from nhl_ops.defs.raw_odds import parse, payloads_of
from nhl_ops.defs.run_record import Metadata, capture_asset, raw_asset
from nhl_ops.domain.fault_drill import NO_FAULT

Figures = dict[tuple[str, str], Metadata]


@dataclass(frozen=True)
class Stand:
    """quotes: of every other vendor. figures: of their captures. nhl: None where the NHL is to fail."""

    folder: Path
    quotes: Sequence[pd.DataFrame]
    figures: Figures
    nhl: NhlRows | None


@dataclass(frozen=True)
class Stands:
    """Stands by whom they lack, each captured once, in folders under `root`."""

    root: Path
    league: DrillLeague
    _quotes: dict[str, pd.DataFrame] = field(default_factory=dict)
    _known: dict[str, Stand] = field(default_factory=dict)

    def without(self, subject: Subject) -> Stand:
        missing = subject.name if subject.name == NHL_RESULTS else subject.vendor
        if missing not in self._known:
            self._known[missing] = self._captured(missing)
        return self._known[missing]

    def _captured(self, missing: str) -> Stand:
        folder, slate, now = self.root / missing, self.league.slate, self.league.now
        house = self.league.house(folder, SUBJECTS["UNABATED"], NO_FAULT, None, [])
        figures: Figures = {}
        if missing != NHL:
            figures[capture_asset(NHL), slate] = capture_schedule(house, slate, now)
        for vendor in (v for v in ASKED if v != missing):
            asset = capture_asset(vendor)
            figures[asset, slate] = capture_odds(house, vendor, slate, now)
            if vendor not in self._quotes:
                self._quotes[vendor] = self._sound_quotes(house, vendor)
            figures[raw_asset(asset), slate] = {"rows": len(self._quotes[vendor])}
        quotes = [frame for vendor, frame in self._quotes.items() if vendor != missing]
        return Stand(folder, quotes, figures, None if missing == NHL else nhl_rows(house, slate))

    def _sound_quotes(self, house: House, vendor: str) -> pd.DataFrame:
        parsed = [parse(house, vendor, payload) for payload in payloads_of(house, vendor, self.league.slate)]
        assert not any(one.rejected for one in parsed), f"{vendor} has dead letters without a fault"
        return pd.concat([one.rows for one in parsed], ignore_index=True)
