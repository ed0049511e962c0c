"""The results history that projections need: brought once, in monthly pages, not one materialization a day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

import dagster as dg

from nhl_ops.contracts.results import FACT_GOALIE_GAMES, FACT_SKATER_GAMES, RAW_NHL_SCHEDULE
from nhl_ops.defs.house import House
from nhl_ops.defs.results import keep_letters, known, observed, parse_all, payloads
from nhl_ops.domain.failures import VendorOutage
from nhl_ops.domain.slates import SlateOutcome, eastern, slate_of, slates_between
from nhl_ops.gateways.nhl import SCHEDULE
from nhl_ops.gateways.nhl_schedule import parse_schedules
from nhl_ops.gateways.nhl_stats import StatsReport, goalie_rows, skater_rows
from nhl_ops.gateways.vendor import Fetch, Payload
from nhl_ops.gateways.warehouse import Audit

VENDOR = "NHL_HISTORY"


def complete_until(house: House) -> date:
    """The last game date whose games have all ended and been corrected for the night."""
    now = house.clock.now()
    yesterday = slate_of(now) - timedelta(days=1)
    hour = house.settings.policy.capture.results_hour_et
    return yesterday if now >= eastern(slate_of(now), hour) else yesterday - timedelta(days=1)


def missing_history(house: House, keys: Sequence[str]) -> list[date]:
    """Game dates before the last of these slates whose results were never loaded, oldest first."""
    last = min(date.fromisoformat(max(keys)) - timedelta(days=1), complete_until(house))
    first = house.history_start(min(keys))
    loaded = house.state.history_days()
    return [d for d in slates_between(first, max(first, last)) if d <= last and d.isoformat() not in loaded]


def months(days: Sequence[date]) -> list[list[date]]:
    return [list(group) for _, group in groupby(days, key=lambda d: (d.year, d.month))]


def load_month(house: House, days: Sequence[date], audit: Audit) -> dict[str, int]:
    """Schedule and stats reports of these days of one month, into the fact tables; rows by table."""
    now = house.clock.now()

    def work(fetch: Fetch) -> list[Payload]:
        weeks = [house.nhl.week(fetch, day) for day in days[::7]]
        (first_pages,) = house.nhl.history_requests(days[0], days[-1])
        return weeks + [page for first in first_pages for page in house.nhl.pages(fetch, first)]

    captured = house.capturer.run(VENDOR, days[0].isoformat(), lambda: now, work)
    if captured.outcome is not SlateOutcome.OK:
        raise VendorOutage(
            "nhl_history", "-", f"{days[0]}..{days[-1]}: {captured.error}", "run the same command again"
        )
    rows = store_month(house, captured.payloads, [d.isoformat() for d in days], audit)
    house.state.add_history_days([d.isoformat() for d in days], now)
    return rows


def bring_history(house: House, keys: Sequence[str], audit: Audit, log: dg.DagsterLogManager) -> None:
    """Results that projections of these slates need and that no run has brought yet, month by month."""
    for days in months(missing_history(house, keys)):
        new_rows = load_month(house, days, audit)
        log.info(f"results {days[0]}..{days[-1]} loaded; new rows: {new_rows}")


def rebuild_history(house: House, audit: Audit) -> dict[str, int]:
    """Store the results history again from its archived payloads, as each load brought it; new rows by table.

    After a restore, or when a stored file is lost. Asks no endpoint. Raises MissingInput for a payload that is gone.
    """
    endpoints = [SCHEDULE, *(report.endpoint for report in StatsReport)]
    stored: Counter[str] = Counter()
    for days in house.state.history_loads(VENDOR):
        found = payloads(house, VENDOR, endpoints, days[0])
        if found:
            stored.update(store_month(house, found, days, audit))
    return dict(stored)


def store_month(
    house: House, archived: Sequence[Payload], keys: Sequence[str], audit: Audit
) -> dict[str, int]:
    weeks = [p for p in archived if p.endpoint == SCHEDULE]
    games = observed(RAW_NHL_SCHEDULE, [parse_all(house, parse_schedules, weeks).rows])
    house.warehouse.append(RAW_NHL_SCHEDULE, games[games["game_date"].isin(keys)], audit, bulk=True)
    pages = {report: [p for p in archived if p.endpoint == report.endpoint] for report in StatsReport}
    stored = {}
    for spec, parsed in ((FACT_SKATER_GAMES, skater_rows(pages)), (FACT_GOALIE_GAMES, goalie_rows(pages))):
        keep_letters(house, pages[StatsReport.SKATER_SUMMARY][0], parsed.rejected)
        new = house.warehouse.append(spec, known(house, spec, [parsed.rows], keys), audit, bulk=True)
        stored[spec.name] = sum(new.values())
    return stored
