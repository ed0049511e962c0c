"""Freshness of the data itself, by the clock gateway: Dagster's own policy turns green on any old slate."""

from datetime import date, datetime, timedelta

import dagster as dg

from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.house import House, HouseResource
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.domain.slates import eastern, slate_of

FRESHNESS_CHECK = "newest_slate_is_fresh"
WATCHED = [spec for spec in TABLES.values() if spec.max_age_hours is not None]
QUIET_AFTER = timedelta(days=30)
"""No slate with games for so long is the off-season: nothing can be stale then."""


def freshness_check(spec: TableSpec) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=spec.name,
        name=FRESHNESS_CHECK,
        description=f"The newest slate of {spec.name} is at most {spec.max_age_hours:g} hours old.",
        additional_deps=[PUBLISHING_ASSET],
    )
    def _check(house: HouseResource) -> dg.AssetCheckResult:
        return judge_freshness(house.open(), spec)

    return _check


def judge_freshness(house: House, spec: TableSpec) -> dg.AssetCheckResult:
    """Age of the newest slate, from the end of its Eastern date, against the table's limit."""
    newest = house.warehouse.newest(spec)
    now = house.clock.now()
    if newest is None:
        return dg.AssetCheckResult(
            passed=False,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"{spec.name} holds nothing yet; run `nhl-ops run-daily --all`",
        )
    age = max(now - end_of(date.fromisoformat(newest)), timedelta(0))
    if age > QUIET_AFTER:
        return dg.AssetCheckResult(
            passed=True, metadata={"newest_slate": newest}, description="off-season: freshness does not apply"
        )
    hours = age.total_seconds() / 3600
    assert spec.max_age_hours is not None, f"{spec.name} has no freshness limit"
    return dg.AssetCheckResult(
        passed=hours <= spec.max_age_hours,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"newest_slate": newest, "age_hours": round(hours, 2), "limit_hours": spec.max_age_hours},
        description=f"the newest slate is {newest}; run `nhl-ops run-daily --all` for {slate_of(now)}",
    )


def end_of(slate: date) -> datetime:
    return eastern(slate + timedelta(days=1), 0)


FRESHNESS_CHECKS = [freshness_check(spec) for spec in WATCHED]
