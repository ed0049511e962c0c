"""From a finished run to its summary: status, figures by slate, and the ingest status of each slate."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import dagster as dg
import pandas as pd

from nhl_ops.contracts.ev import EV_MULTI_BOOK_BEST_BETS
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING
from nhl_ops.contracts.reports import REPORT_ROLLING
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.house import House
from nhl_ops.defs.run_record import FAILED_OUTCOMES, RunRecord, capture_asset, vendor_outcomes
from nhl_ops.defs.scopes import mode_of, scope_of
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.domain.run_summary import (
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
    held = {k: "; ".join(map(" ".join, v)) for k, v in house.state.holds(scope).items()}
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
    outcomes = {
        record.of(a, key).get("outcome") for a, k in record.figures if k == key and a.startswith("captured_")
    }
    if outcomes & FAILED_OUTCOMES:
        return SlateOutcome.VENDOR_DOWN
    return SlateOutcome.NOT_OFFERED


def asked_for_odds(house: House, record: RunRecord, key: str) -> bool:
    """The run captured at least one vendor's odds of this slate, or tried to."""
    return any(record.of(capture_asset(vendor), key) for vendor in house.odds_vendors)


def ingest_status(house: House, run: dg.DagsterRun, record: RunRecord, key: str) -> IngestStatus:
    """Accounting of one slate by vendor."""
    slate = date.fromisoformat(key)
    whole = run.status is dg.DagsterRunStatus.SUCCESS
    accounting = computed(house, FACT_ODDS_ACCOUNTING, key, scope_of(run), else_published=whole)
    rules = pd.DataFrame(
        house.state.quarantined(accounting["payload_hash"].tolist()), columns=["payload_hash", "rule", "rows"]
    )
    vendors = []
    for name in house.odds_vendors:
        rows = accounting[accounting["source_vendor"] == name]
        by_rule = rules[rules["payload_hash"].isin(rows["payload_hash"])].groupby("rule")["rows"].sum()
        capture = record.of(capture_asset(name), key)
        vendors.append(
            VendorIngest(
                vendor=name,
                outcome=SlateOutcome(capture.get("outcome", SlateOutcome.OK)),
                requests=int(capture.get("requests", 0)),
                payloads=len(rows),
                size_bytes=int(capture.get("bytes", 0)),
                seen=int(rows["seen"].sum()),
                accepted=int(rows["accepted"].sum()),
                duplicate=int(rows["duplicate"].sum()),
                other_slate=int(rows["other_slate"].sum()),
                quarantined_by_rule={str(k): int(v) for k, v in by_rule.items()},
                mapped=int(rows["mapped"].sum()),
                newest_quote_at_utc=rows["captured_at_utc"].max() if len(rows) else None,
                error=capture.get("error"),
            )
        )
    now = house.clock.now()
    return IngestStatus(slate, run.run_id, mode_of(run, slate, now), now, tuple(vendors))
