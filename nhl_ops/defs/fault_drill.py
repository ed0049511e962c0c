"""The fault drill: each vendor fails in each way, over a real socket, and the pipeline says what comes of it.

A small synthetic league in a process of its own, and a project folder for each case. All vendors are captured once
without a fault. Then, case by case, one vendor is captured from nothing while it fails; its bytes are parsed, mapped,
counted and priced beside the other vendors' rows by what the assets of a run call, without the cost of a run.
"""

import shutil
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import requests

from nhl_ops.contracts.encoding import plain, stacked
from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.defs.capture import capture_odds, capture_results, capture_schedule
from nhl_ops.defs.fault_drill_house import (
    ASKED,
    LARGE,
    NHL,
    NHL_RESULTS,
    SUBJECTS,
    DrillHouse,
    Subject,
    drill_settings,
)
from nhl_ops.defs.fault_drill_rows import NhlRows, Priced, Pricing, nhl_results_rows, nhl_rows
from nhl_ops.defs.house import House
from nhl_ops.defs.league_control import LeagueChoice, league_process, put_faults, serve_arguments
from nhl_ops.defs.odds import boards_of, capture_day, parse, parse_figures, payloads_of
from nhl_ops.defs.quality_games import without_schedule
from nhl_ops.defs.quality_prices import unbalanced
from nhl_ops.defs.refusals import newest_bodies, refusal
from nhl_ops.defs.run_record import Metadata, RunRecord, capture_asset, raw_asset, vendor_outcomes
from nhl_ops.domain.fault_drill import NO_FAULT, FaultCase
from nhl_ops.domain.run_summary import RunStatus, ended_well
from nhl_ops.domain.settings import LeagueKind, Settings
from nhl_ops.domain.slates import SlateOutcome, eastern, slate_of
from nhl_ops.gateways.clock import LEAGUE_URL, LeagueClock
from nhl_ops.league.dead_hosts import deaf_host, refusing_host
from nhl_ops.league.server.faults import FAULTS

ANCHOR = date(2026, 1, 20)
NOW = eastern(date(2026, 1, 19), 17, 30)
"""An evening with one game, after one with two."""
TEAMS, PRICED_SLATES = 8, 34
"""The smallest league, with prices of a month ago."""
OWN_ADDRESS = {"host_refuses": refusing_host, "host_deaf": deaf_host}
KINDS: Mapping[str, str] = {
    NO_FAULT: "Nothing fails.",
    "host_refuses": "Nobody listens: the connection is refused before a request.",
    "host_deaf": "The connection is neither made nor refused.",
    **{name: fault.description for name, fault in FAULTS.items()},
}
OPTIONS: Mapping[str, Mapping[str, object]] = {"slow_drip": {"pause_sec": 0.02}, "new_book": {"every": 1000}}
"""Of two books that get one new name the prices would contradict each other: one book does."""
Figures = dict[tuple[str, str], Metadata]


@dataclass(frozen=True)
class Stand:
    """What stands before a vendor fails: a project in which all the others were captured."""

    folder: Path
    quotes: Sequence[pd.DataFrame]
    figures: Figures
    nhl: NhlRows | None


@dataclass
class Drill:
    """A league that serves, and what was captured of it without a fault."""

    root: Path
    league_url: str
    settings: Settings
    now: datetime
    pricing: Pricing
    _quotes: dict[str, pd.DataFrame] = field(default_factory=dict)
    _stands: dict[str, Stand] = field(default_factory=dict)

    @property
    def slate(self) -> str:
        return slate_of(self.now).isoformat()

    @property
    def finished(self) -> str:
        """The last slate before."""
        return (slate_of(self.now) - timedelta(days=1)).isoformat()

    def run(self, subject: Subject, kind: str) -> FaultCase:
        """One case. Raises what a run would not survive either."""
        stand = self._stand(subject)
        address = OWN_ADDRESS.get(kind, nullcontext)()
        with address as host, TemporaryDirectory(dir=self.root) as name:
            folder = Path(name)
            shutil.copytree(stand.folder, folder, dirs_exist_ok=True)
            case = _Case(self, stand, subject, kind, folder, host)
            return case.price_vendor() if subject.vendor in ASKED else case.nhl()

    def house(
        self, folder: Path, subject: Subject, kind: str, host: str | None, waits: list[float]
    ) -> DrillHouse:
        def noted(seconds: float) -> None:
            """tenacity's pauses are floats of a class of its own."""
            waits.append(float(seconds))

        environment = {LEAGUE_URL: self.league_url}.get
        return DrillHouse(folder, environment, noted, drill_settings(self.settings, subject, kind, host))

    @contextmanager
    def failing(self, subject: Subject, kind: str) -> Iterator[Callable[[], int]]:
        """Within, the subject's vendor fails; gives a count of the requests that did."""
        rule: dict[str, object] = {"vendor": subject.mount, "kind": kind}
        if kind in LARGE:
            rule["size_bytes"] = self.settings.policy.drill.sent_bytes
        rule |= OPTIONS.get(kind, {})
        if kind == "swapped_sides" and subject.vendor == "ODDSSHARK":
            rule["path"] = "*/player-props"
        put_faults(self.league_url, [rule] if kind in FAULTS else [])
        try:
            yield self._hits
        finally:
            put_faults(self.league_url, [])

    def _hits(self) -> int:
        answer = requests.get(f"{self.league_url}/__league__/faults", timeout=10)
        answer.raise_for_status()
        return sum(rule["hits"] for plan in answer.json()["plans"] for rule in plan["rules"])

    def _stand(self, subject: Subject) -> Stand:
        missing = subject.name if subject.name == NHL_RESULTS else subject.vendor
        if missing not in self._stands:
            self._stands[missing] = self._captured(missing)
        return self._stands[missing]

    def _captured(self, missing: str) -> Stand:
        """A project folder with everything but this vendor."""
        folder = self.root / missing
        house = self.house(folder, SUBJECTS["UNABATED"], NO_FAULT, None, [])
        figures: Figures = {}
        if missing != NHL:
            figures[capture_asset(NHL), self.slate] = capture_schedule(house, self.slate, self.now)
        for vendor in (v for v in ASKED if v != missing):
            asset = capture_asset(vendor)
            figures[asset, self.slate] = capture_odds(house, vendor, self.slate, self.now)
            if vendor not in self._quotes:
                self._quotes[vendor] = self._sound_quotes(house, vendor)
            figures[raw_asset(asset), self.slate] = {"rows": len(self._quotes[vendor])}
        quotes = [frame for vendor, frame in self._quotes.items() if vendor != missing]
        return Stand(folder, quotes, figures, None if missing == NHL else nhl_rows(house, self.slate))

    def _sound_quotes(self, house: House, vendor: str) -> pd.DataFrame:
        parsed = [parse(house, vendor, payload) for payload in payloads_of(house, vendor, self.slate)]
        assert not any(one.rejected for one in parsed), f"{vendor} has dead letters without a fault"
        return pd.concat([one.rows for one in parsed], ignore_index=True)


@dataclass(frozen=True)
class _Case:
    """One vendor that fails in one way."""

    by: Drill
    stand: Stand
    subject: Subject
    kind: str
    folder: Path
    host: str | None

    def price_vendor(self) -> FaultCase:
        """A vendor of prices, beside the other vendors and tonight's games."""
        vendor, slate, waits = self.subject.vendor, self.by.slate, []
        house = self.by.house(self.folder, self.subject, self.kind, self.host, waits)
        with self.by.failing(self.subject, self.kind) as hits, _peak() as peak:
            captured = capture_odds(house, vendor, slate, self.by.now)
            hit, peak_bytes = hits(), peak()
        boards = boards_of(house, vendor, slate)
        parsed = [board.parsed for board in boards]
        newest = newest_bodies(house.state.sightings_between(vendor, *capture_day(slate)))
        own = plain(stacked([RAW_QUOTES[vendor].empty_frame(), *(one.rows for one in parsed)]))
        asset = capture_asset(vendor)
        figures = {
            (asset, slate): captured,
            (raw_asset(asset), slate): {"rows": len(own)}
            | parse_figures(parsed)
            | refusal(boards, newest, ()),
        }
        assert self.stand.nhl is not None, "a vendor of prices fails beside a known schedule"
        found = self.by.pricing.of(house, [*self.stand.quotes, own], self.stand.nhl)
        return self._told(house, figures, found, vendor, hit, waits, peak_bytes)

    def nhl(self) -> FaultCase:
        """The NHL: tonight's schedule and rosters, or the last slate's results."""
        is_results, waits = self.subject.name == NHL_RESULTS, []
        house = self.by.house(self.folder, self.subject, self.kind, self.host, waits)
        slate = self.by.finished if is_results else self.by.slate
        capture = capture_results if is_results else capture_schedule
        with self.by.failing(self.subject, self.kind) as hits, _peak() as peak:
            captured = capture(house, slate, self.by.now)
            hit, peak_bytes = hits(), peak()
        rows = (nhl_results_rows if is_results else nhl_rows)(house, slate)
        asset = capture_asset("NHL_RESULTS" if is_results else NHL)
        nhl = self.stand.nhl or rows
        found = self.by.pricing.of(house, self.stand.quotes, nhl)
        figures = {(asset, self.by.slate): captured}
        return self._told(house, figures, found.of_nhl(rows), NHL, hit, waits, peak_bytes)

    def _told(
        self,
        house: House,
        figures: Figures,
        found: Priced,
        vendor: str,
        hit: int,
        waits: Sequence[float],
        peak_bytes: int,
    ) -> FaultCase:
        slate = self.by.slate
        record = RunRecord(figures={**self.stand.figures, **figures})
        outcomes = vendor_outcomes(record, [slate])
        held = {**without_schedule(house.state, [slate]), **unbalanced(found.accounting)}
        asset, _ = next(iter(figures))
        captured = figures[asset, slate]
        own = next(o for o in outcomes if capture_asset(o.vendor) == asset)
        return FaultCase(
            subject=self.subject.name,
            kind=self.kind,
            hits=int(self.host is not None) or hit,
            outcome=SlateOutcome(own.outcome),
            error_class=captured.get("error_class"),
            error=own.error,
            attempts=int(captured["requests"]) + int(captured["retries"]),
            waits=tuple(waits),
            status=RunStatus.FAILED if held else ended_well((o.outcome for o in outcomes), incomplete=False),
            held=held.get(slate),
            others={v: n for v, n in found.accepted.items() if v != vendor},
            peak_bytes=peak_bytes,
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


@contextmanager
def open_drill(settings: Settings) -> Iterator[Drill]:
    """A drill in a scratch folder that goes with it."""
    choice = LeagueChoice(LeagueKind.SYNTHETIC, None, ANCHOR)
    small = {"teams": TEAMS, "priced_slates": PRICED_SLATES, "faults": ()}
    policy = settings.policy.league.model_copy(update=small)
    with TemporaryDirectory(prefix="nhl-ops-drill-") as name:
        root = Path(name)
        with league_process(serve_arguments(choice, policy, root, ANCHOR)) as url:
            LeagueClock(url).move_to(NOW)
            yield Drill(root, url, settings, NOW, Pricing(slate_of(NOW).isoformat(), NOW))


def run_drill(drill: Drill, subjects: Iterable[str], kinds: Iterable[str]) -> Iterator[FaultCase]:
    """Every one of these kinds for each of these subjects."""
    wanted = list(kinds)
    for subject in subjects:
        for kind in wanted:
            yield drill.run(SUBJECTS[subject], kind)
