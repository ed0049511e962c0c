"""From a finished run to its summary: status, figures by slate, and the ingest status of each slate."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime

import dagster as dg
import pandas as pd

from nhl_ops.contracts.ev import EV_MULTI_BOOK_BEST_BETS
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, RAW_ODDS_SIGHTINGS
from nhl_ops.contracts.reports import REPORT_ROLLING
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.house import House
from nhl_ops.defs.odds import counted_by_vendor
from nhl_ops.defs.raw_odds import capture_dates
from nhl_ops.defs.run_record import FAILED_OUTCOMES, RunRecord, capture_asset, vendor_outcomes
from nhl_ops.defs.runs import slates_of
from nhl_ops.defs.scopes import mode_of, scope_of
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.domain.run_summary import (
    Asked,
    Counted,
    HeldSlate,
    IngestStatus,
    RunStatus,
    RunSummary,
    SlateFigures,
    VendorIngest,
    VendorOutcome,
)
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.exports.daily_run import best_bet_lines

Times = tuple[datetime, datetime]
"""When a run started and ended, by the machine's clock."""
STOPPED = {SlateOutcome.HELD, SlateOutcome.FAILED}


def summarize(
    house: House,
    run: dg.DagsterRun,
    record: RunRecord,
    keys: Sequence[str],
    times: Times,
    files: Sequence[str],
) -> RunSummary:
    """What a run over these slates did."""
    scope = scope_of(run)
    held = held_by(house, run)
    status = status_of(run, record, keys, held)
    figures = [slate_figures(house, scope, key, stop_of(run, record, key, held), record) for key in keys]
    return RunSummary(
        run_id=run.run_id,
        slates=tuple(date.fromisoformat(k) for k in keys),
        as_of_mode=mode_of(run, date.fromisoformat(keys[-1]), house.clock.now()),
        started_at_utc=times[0],
        ended_at_utc=times[1],
        status=status,
        model_version=house.settings.model.version,
        steps=tuple(record.steps.values()),
        vendors=tuple(vendor_outcomes(record, keys)),
        figures=tuple(figures),
        best_bets=()
        if figures[-1].outcome in STOPPED
        else best_bet_lines(computed(house, EV_MULTI_BOOK_BEST_BETS, keys[-1], scope)),
        checks=tuple(record.checks),
        held=tuple(HeldSlate(date.fromisoformat(k), reason) for k, reason in held.items()),
        files=() if status is RunStatus.FAILED else tuple(files),
        failures=tuple(record.failures),
    )


def held_by(house: House, run: dg.DagsterRun) -> dict[str, str]:
    """Reasons by slate of what this run's scope holds back."""
    holds = house.state.holds(scope_of(run))
    return {key: "; ".join(map(" ".join, holds[key])) for key in slates_of(run) if key in holds}


def status_of(
    run: dg.DagsterRun, record: RunRecord, keys: Sequence[str], held: Mapping[str, str]
) -> RunStatus:
    """Failed when the run failed; degraded when a vendor did, a slate is held, or one was not published."""
    if run.status is not dg.DagsterRunStatus.SUCCESS:
        return RunStatus.FAILED
    unpublished = REPORT_ROLLING.name in record.steps and not all(
        record.of(PUBLISHING_ASSET, k) for k in keys
    )
    return ended_well(vendor_outcomes(record, keys), incomplete=bool(held) or unpublished)


def ended_well(vendors: Sequence[VendorOutcome], *, incomplete: bool) -> RunStatus:
    """Status of a run that came to its end; incomplete: a slate is held or was not published."""
    vendor_failed = any(vendor.outcome in FAILED_OUTCOMES for vendor in vendors)
    return RunStatus.DEGRADED if incomplete or vendor_failed else RunStatus.SUCCEEDED


def stop_of(run: dg.DagsterRun, record: RunRecord, key: str, held: Mapping[str, str]) -> SlateOutcome | None:
    """Why the run did not finish this slate; None when it did."""
    if key in held:
        return SlateOutcome.HELD
    failed = run.status is not dg.DagsterRunStatus.SUCCESS and not record.of(PUBLISHING_ASSET, key)
    return SlateOutcome.FAILED if failed else None


def computed(
    house: House, spec: TableSpec, key: str, scope: str, *, else_published: bool = True
) -> pd.DataFrame:
    """Rows of a slate that this scope computed; else the published ones, or none."""
    if not else_published and (spec.name, key) not in house.state.slices(scope, [key]):
        return spec.empty_frame()
    return house.warehouse.read_slices(spec, [key], scope, missing_ok=True)[0]


def slate_figures(
    house: House, scope: str, key: str, stop: SlateOutcome | None, record: RunRecord
) -> SlateFigures:
    """Figures of one slate; of a stopped one only what this scope computed, never former figures."""
    games, accounting, bets = (
        computed(house, spec, key, scope, else_published=stop is None)
        for spec in (DIM_GAMES, FACT_ODDS_ACCOUNTING, EV_MULTI_BOOK_BEST_BETS)
    )
    by_vendor = accounting.groupby("source_vendor")[["accepted", "mapped"]].sum()
    accepted = int(by_vendor["accepted"].sum())
    playable = int(games["is_playable"].sum())
    return SlateFigures(
        date.fromisoformat(key),
        stop or slate_outcome(record, key, playable, accepted),
        playable,
        {str(v): int(n) for v, n in by_vendor["accepted"].items()},
        float(by_vendor["mapped"].sum()) / accepted if accepted else None,
        len(bets),
    )


def slate_outcome(record: RunRecord, key: str, games: int, quotes: int) -> SlateOutcome:
    """The kind of nothing that a slate is, if it is one."""
    if games == 0:
        return SlateOutcome.NO_GAMES
    if quotes:
        return SlateOutcome.OK
    outcomes = {vendor.outcome for vendor in vendor_outcomes(record, [key])}
    failed = (o for o in (SlateOutcome.VENDOR_DOWN, SlateOutcome.REJECTED) if o in outcomes)
    return next(failed, SlateOutcome.NOT_OFFERED)


def asked_for_odds(house: House, record: RunRecord, key: str) -> bool:
    """The run captured at least one vendor's odds of this slate, or tried to."""
    return any(record.of(capture_asset(vendor), key) for vendor in house.odds_vendors)


def ingest_status(house: House, run: dg.DagsterRun, record: RunRecord, key: str) -> IngestStatus:
    """What the vendors of one slate gave: asked as their capture assets say, counted as its accounting says."""
    slate = date.fromisoformat(key)
    counts = counted_of(house, run, key)
    told = {outcome.vendor: outcome for outcome in vendor_outcomes(record, [key])}
    vendors = []
    for name in house.odds_vendors:
        capture = record.of(capture_asset(name), key)
        vendors.append(
            VendorIngest(
                vendor=name,
                outcome=told[name].outcome if capture else None,
                asked=Asked(**{field.name: capture.get(field.name) for field in fields(Asked)}),
                counted=None if counts is None else counts.get(name, Counted()),
                error=told[name].error if capture else None,
            )
        )
    now = house.clock.now()
    return IngestStatus(slate, run.run_id, mode_of(run, slate, now), now, tuple(vendors))


def counted_of(house: House, run: dg.DagsterRun, key: str) -> Mapping[str, Counted] | None:
    """The accounting of a slate by vendor; None where this run stopped before it, or nobody ever counted."""
    scope, whole = scope_of(run), run.status is dg.DagsterRunStatus.SUCCESS
    is_own = (FACT_ODDS_ACCOUNTING.name, key) in house.state.slices(scope, [key])
    if not is_own and not (whole and house.warehouse.published.table(key, FACT_ODDS_ACCOUNTING.name)):
        return None
    accounting, games = (computed(house, spec, key, scope) for spec in (FACT_ODDS_ACCOUNTING, DIM_GAMES))
    sightings = house.warehouse.observations(RAW_ODDS_SIGHTINGS, capture_dates([key]))
    return counted_by_vendor(house, accounting, sightings, games).get(key, {})
