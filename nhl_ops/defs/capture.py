"""Capture assets: the only ones that ask an endpoint. Everything after them is a function of the archive."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime

import dagster as dg

from nhl_ops.defs.house import House, HouseResource
from nhl_ops.defs.league_control import capture_times
from nhl_ops.defs.partitions import RANGE, SLATES
from nhl_ops.defs.slate_run import Figures
from nhl_ops.defs.tables import report_figures, slate_run
from nhl_ops.domain.capture_plan import is_past, odds_times
from nhl_ops.domain.run_summary import Asked
from nhl_ops.domain.settings import Source
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.domain.vendors import PRICE_VENDORS
from nhl_ops.gateways.capture import CaptureResult
from nhl_ops.gateways.capture_tally import QUOTA_LEFT, QUOTA_USED
from nhl_ops.gateways.clock import LeagueClock
from nhl_ops.gateways.file_drop import FileDropVendor
from nhl_ops.gateways.vendor import Fetch, Payload

Work = Callable[[Fetch], list[Payload]]


@contextmanager
def league_time(house: House) -> Iterator[Callable[[datetime], None]]:
    """A function that moves the league's clock to a capture time; the time is put back at the end."""
    clock = house.clock
    if not isinstance(clock, LeagueClock):
        yield lambda _: None
        return
    present = clock.now()
    house.state.start_clock_lease(house.league_url, present)
    try:
        yield clock.move_to
    finally:
        clock.move_to(present)
        house.state.end_clock_lease()


def capture_at(
    house: House, vendor: str, slate: str, times: Sequence[datetime], work: Work, done: Collection[datetime]
) -> list[CaptureResult]:
    """One capture a time, under that time; times that were captured before are left out."""
    results = []
    with league_time(house) as move_to:
        for instant in times:
            if instant in done:
                continue
            move_to(instant)
            results.append(house.capturer.run(vendor, slate, lambda at=instant: at, work))
    return results


def figures_of(results: Sequence[CaptureResult], skipped: int) -> dict[str, object]:
    """Outcome, cause and `Asked` of one vendor and slate, as metadata; `skipped`: captures of earlier runs."""
    failures = [r for r in results if r.outcome is not SlateOutcome.OK]
    failed = {"error": failures[-1].error, "error_class": failures[-1].error_class} if failures else {}
    outcome = str(failures[-1].outcome if failures else SlateOutcome.OK)
    return {"outcome": outcome} | failed | asdict(asked_of(results, skipped))


def asked_of(results: Sequence[CaptureResult], skipped: int) -> Asked:
    quotas = [r.quota for r in results if r.quota]
    skews = [r.skew_sec for r in results if r.skew_sec is not None]
    quota = quotas[-1] if quotas else {}
    return Asked(
        captures=len(results),
        captured_before=skipped,
        requests=sum(r.requests for r in results),
        attempts=sum(r.attempts for r in results),
        retries=sum(r.retries for r in results),
        not_modified=sum(r.not_modified for r in results),
        payloads=sum(len(r.payloads) for r in results),
        size_bytes=sum(r.size_bytes for r in results),
        received_bytes=sum(r.received_bytes for r in results),
        breaker=results[-1].breaker if results else None,
        quota_left=quota.get(QUOTA_LEFT),
        quota_used=quota.get(QUOTA_USED),
        skew_sec=max(skews, key=abs, default=None),
    )


def capture_odds(house: House, vendor_name: str, slate: str, now: datetime) -> dict[str, object]:
    """Capture one vendor's boards for one slate: now for tonight, at its past capture times in the league."""
    vendor = house.odds_vendors.get(vendor_name)
    if vendor is None:
        return {"outcome": str(SlateOutcome.SWITCHED_OFF)}
    if isinstance(vendor, FileDropVendor):
        return vendor.take(house.archive, house.state, now).figures()
    return capture_boards(house, vendor_name, slate, now, vendor.capture)


def capture_boards(house: House, vendor: str, slate: str, now: datetime, work: Work) -> dict[str, object]:
    """What a vendor offers now for tonight, or offered at a past slate's capture times, in the league alone."""
    day = date.fromisoformat(slate)
    if not is_past(day, now):
        return figures_of(capture_at(house, vendor, slate, [now], work, []), 0)
    if house.source is Source.LIVE:
        return {
            "outcome": str(SlateOutcome.NO_HISTORY),
            "error": f"{vendor} serves no past board; only prices captured on the day exist",
        }
    times = odds_times(day, now, capture_times(house.league_url, day), house.settings.policy.capture)
    done = house.state.captured_times(vendor, slate)
    results = capture_at(house, vendor, slate, times, work, done)
    return figures_of(results, len(times) - len(results))


def odds_capture_asset(vendor_name: str) -> dg.AssetsDefinition:
    @dg.asset(
        name=f"captured_{vendor_name.lower()}",
        group_name="capture",
        description=f"{vendor_name} boards of the slate, archived byte for byte before anything parses them.",
        partitions_def=SLATES,
        backfill_policy=RANGE,
        kinds={"http"},
    )
    def _asset(context: dg.AssetExecutionContext, house: HouseResource) -> None:
        run = slate_run(context, house)
        now = run.house.clock.now()
        figures: Figures = {}
        for key in run.requested:
            figures[key] = capture_odds(run.house, vendor_name, key, now)
            if figures[key].get("error"):
                context.log.warning(f"{vendor_name} {key}: {figures[key]['error']}")
        report_figures(context, run, figures, f"captured_{vendor_name.lower()}")

    return _asset


ODDS_CAPTURES = [odds_capture_asset(vendor) for vendor in PRICE_VENDORS]
