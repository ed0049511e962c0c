"""The results history that projections need: brought once, in monthly pages, not one materialization a day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

import dagster as dg

from nhl_ops.contracts.results import FACT_GOALIE_GAMES, FACT_SKATER_GAMES, RAW_NHL_SCHEDULE
from nhl_ops.defs.house import House, HouseResource
from nhl_ops.defs.results import keep_letters, known, observed, parse_all
from nhl_ops.defs.scopes import scope_of
from nhl_ops.domain.failures import VendorOutage
from nhl_ops.domain.slates import SlateOutcome, eastern, slate_of, slates_between
from nhl_ops.gateways.nhl import SCHEDULE, parse_schedules
from nhl_ops.gateways.nhl_stats import StatsReport, goalie_rows, skater_rows
from nhl_ops.gateways.vendor import Fetch, Payload
from nhl_ops.gateways.warehouse import Audit

FROM_TAG = "nhl_ops/history_from"
TO_TAG = "nhl_ops/history_to"


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


def wanted_days(house: House, tags: Mapping[str, str]) -> list[date]:
    """Days that a history run loads: those of its tags, else what tonight's slate lacks."""
    if FROM_TAG not in tags:
        return missing_history(house, [slate_of(house.clock.now()).isoformat()])
    days = slates_between(date.fromisoformat(tags[FROM_TAG]), date.fromisoformat(tags[TO_TAG]))
    loaded = house.state.history_days()
    return [d for d in days if d.isoformat() not in loaded]


def history_tags(days: Sequence[date]) -> dict[str, str]:
    return {FROM_TAG: days[0].isoformat(), TO_TAG: days[-1].isoformat()}


def months(days: Sequence[date]) -> list[list[date]]:
    return [list(group) for _, group in groupby(days, key=lambda d: (d.year, d.month))]


def load_month(house: House, days: Sequence[date], audit: Audit) -> dict[str, int]:
    """Schedule and stats reports of these days of one month, into the fact tables; rows by table."""
    now = house.clock.now()

    def work(fetch: Fetch) -> list[Payload]:
        weeks = [fetch(house.nhl.schedule(day)) for day in days[::7]]
        (first_pages,) = house.nhl.history_requests(days[0], days[-1])
        return weeks + [page for first in first_pages for page in house.nhl.pages(fetch, first)]

    captured = house.capturer.run("NHL_HISTORY", days[0].isoformat(), lambda: now, work)
    if captured.outcome is not SlateOutcome.OK:
        raise VendorOutage(
            "nhl_history", "-", f"{days[0]}..{days[-1]}: {captured.error}", "run the same command again"
        )
    rows = store_month(house, captured.payloads, [d.isoformat() for d in days], audit)
    house.state.add_history_days([d.isoformat() for d in days], now)
    return rows


def load_missing(
    house: House, wanted: Sequence[date], audit: Audit, log: dg.DagsterLogManager
) -> dict[str, int]:
    """Results of these days, month by month; new rows by table."""
    new_rows = {FACT_SKATER_GAMES.name: 0, FACT_GOALIE_GAMES.name: 0}
    for days in months(wanted):
        for name, rows in load_month(house, days, audit).items():
            new_rows[name] += rows
        log.info(f"results {days[0]}..{days[-1]} loaded")
    return new_rows


def store_month(
    house: House, payloads: Sequence[Payload], keys: Sequence[str], audit: Audit
) -> dict[str, int]:
    weeks = [p for p in payloads if p.endpoint == SCHEDULE]
    games = observed(RAW_NHL_SCHEDULE, [parse_all(house, parse_schedules, weeks).rows])
    house.warehouse.append(RAW_NHL_SCHEDULE, games[games["game_date"].isin(keys)], audit, bulk=True)
    pages = {report: [p for p in payloads if p.endpoint == report.endpoint] for report in StatsReport}
    stored = {}
    for spec, parsed in ((FACT_SKATER_GAMES, skater_rows(pages)), (FACT_GOALIE_GAMES, goalie_rows(pages))):
        keep_letters(house, pages[StatsReport.SKATER_SUMMARY][0], parsed.rejected)
        new = house.warehouse.append(spec, known(house, spec, [parsed.rows], keys), audit, bulk=True)
        stored[spec.name] = sum(new.values())
    return stored


@dg.asset(
    group_name="results",
    description="Results of the current and earlier seasons that projections need, from the stats reports in "
    "monthly pages; days that are there are left out.",
    kinds={"http", "parquet"},
)
def raw_nhl_history(context: dg.AssetExecutionContext, house: HouseResource) -> None:
    home = house.open()
    wanted = wanted_days(home, context.run.tags)
    audit = Audit(context.run.run_id, scope_of(context.run), home.clock.now())
    new_rows = load_missing(home, wanted, audit, context.log)
    context.add_asset_metadata(
        {"days": len(wanted), **{f"new rows in {name}": n for name, n in new_rows.items()}}
    )
