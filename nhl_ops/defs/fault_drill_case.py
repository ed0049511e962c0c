"""One case of a fault drill: a vendor that fails in one way, and what the pipeline makes of it."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nhl_ops.contracts.encoding import plain, stacked
from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.defs.capture import capture_odds
from nhl_ops.defs.capture_nhl import capture_results, capture_schedule
from nhl_ops.defs.fault_drill_house import ASKED, NHL, NHL_RESULTS, DrillHouse, Subject
from nhl_ops.defs.fault_drill_league import DrillLeague
from nhl_ops.defs.fault_drill_rows import Priced, Pricing, nhl_results_rows, nhl_rows
from nhl_ops.defs.fault_drill_stands import Figures, Stand
from nhl_ops.defs.quality_games import without_schedule
from nhl_ops.defs.quality_prices import unbalanced
from nhl_ops.defs.raw_odds import boards_of, capture_day, parse_figures
from nhl_ops.defs.refusals import newest_bodies, refusal
from nhl_ops.defs.run_record import Metadata, RunRecord, capture_asset, raw_asset, vendor_outcomes
from nhl_ops.defs.run_summaries import ended_well
from nhl_ops.domain.fault_drill import FaultCase
from nhl_ops.domain.run_summary import RunStatus
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.letters import Chosen


@dataclass(frozen=True)
class Failed:
    """A capture while the vendor failed. hits: requests that did."""

    figures: Metadata
    hits: int
    peak_bytes: int


@dataclass(frozen=True)
class Case:
    """A subject that fails in one way, in a folder of its own. host: where it is asked, when it is not the league."""

    league: DrillLeague
    pricing: Pricing
    stand: Stand
    subject: Subject
    kind: str
    folder: Path
    host: str | None
    waits: list[float]

    def run(self) -> FaultCase:
        return self._price_vendor() if self.subject.vendor in ASKED else self._nhl()

    @cached_property
    def _house(self) -> DrillHouse:
        return self.league.house(self.folder, self.subject, self.kind, self.host, self.waits)

    def _captured(self, capture: Callable[[], Metadata]) -> Failed:
        with self.league.failing(self.subject, self.kind) as hits, _peak() as peak:
            figures = capture()
            return Failed(figures, int(self.host is not None) or hits(), peak())

    def _price_vendor(self) -> FaultCase:
        """A vendor of prices, beside the other vendors and tonight's games."""
        house, vendor, slate = self._house, self.subject.vendor, self.league.slate
        failed = self._captured(lambda: capture_odds(house, vendor, slate, self.league.now))
        boards = boards_of(house, vendor, slate)
        parsed = [board.parsed for board in boards]
        newest = newest_bodies(house.state.sightings_between(vendor, *capture_day(slate)))
        own = plain(stacked([RAW_QUOTES[vendor].empty_frame(), *(one.rows for one in parsed)]))
        asset = capture_asset(vendor)
        read = {"rows": len(own)} | parse_figures(parsed) | refusal(boards, newest, ())
        assert self.stand.nhl is not None, "a vendor of prices fails beside a known schedule"
        found = self.pricing.of(house, [*self.stand.quotes, own], self.stand.nhl)
        return self._told(asset, failed, {(raw_asset(asset), slate): read}, found)

    def _nhl(self) -> FaultCase:
        """The NHL: tonight's schedule and rosters, or the last slate's results."""
        house, is_results = self._house, self.subject.name == NHL_RESULTS
        slate = self.league.finished if is_results else self.league.slate
        capture = capture_results if is_results else capture_schedule
        failed = self._captured(lambda: capture(house, slate, self.league.now))
        rows = (nhl_results_rows if is_results else nhl_rows)(house, slate)
        found = self.pricing.of(house, self.stand.quotes, self.stand.nhl or rows)
        return self._told(capture_asset("NHL_RESULTS" if is_results else NHL), failed, {}, found.of_nhl(rows))

    def _told(self, asset: str, failed: Failed, read: Figures, found: Priced) -> FaultCase:
        slate, vendor, figures = self.league.slate, self.subject.vendor, failed.figures
        record = RunRecord(figures={**self.stand.figures, (asset, slate): figures, **read})
        outcomes = vendor_outcomes(record, [slate])
        held = {**without_schedule(self._house.state, [slate]), **unbalanced(found.accounting)}
        own = next(o for o in outcomes if capture_asset(o.vendor) == asset)
        return FaultCase(
            subject=self.subject.name,
            kind=self.kind,
            hits=failed.hits,
            outcome=SlateOutcome(own.outcome),
            error_class=figures.get("error_class"),
            error=own.error,
            attempts=int(figures["requests"]) + int(figures["retries"]),
            waits=tuple(self.waits),
            status=RunStatus.FAILED if held else ended_well(outcomes, incomplete=False),
            letters={group.rule: group.detail for group in self._house.state.letter_groups(Chosen())},
            held=held.get(slate),
            others={v: n for v, n in found.accepted.items() if v != vendor},
            peak_bytes=failed.peak_bytes,
            **found.counts(vendor),
        )


@contextmanager
def _peak() -> Iterator[Callable[[], int]]:
    """Gives the largest memory that Python held since the start."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
