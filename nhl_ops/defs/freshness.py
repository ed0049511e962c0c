"""Freshness of the data itself, by the clock gateway: Dagster's own policy turns green on any old slate."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import dagster as dg

from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.house import House, HouseResource
from nhl_ops.domain.slates import eastern

WATCHED = [spec for spec in TABLES.values() if spec.max_age_hours is not None]
GROUPS = sorted({spec.group for spec in WATCHED})
OFF_SEASON = timedelta(days=30)
"""No slate for so long is the off-season: nothing can be stale then."""


@dataclass(frozen=True)
class Freshness:
    """Age of a table's newest slate, from the end of its Eastern date; None when the table holds nothing."""

    table: str
    group: str
    newest_slate: str | None
    age_hours: float | None
    limit_hours: float

    @property
    def is_fresh(self) -> bool:
        if self.age_hours is None:
            return False
        return self.age_hours <= self.limit_hours or timedelta(hours=self.age_hours) > OFF_SEASON

    @property
    def sentence(self) -> str:
        if self.age_hours is None:
            return f"{self.table} holds nothing yet; run `nhl-ops run-daily --all`"
        state = "fresh" if self.is_fresh else "stale: run `nhl-ops run-daily --all`"
        return (
            f"{self.table}: newest slate {self.newest_slate}, {self.age_hours:.1f} h old, limit "
            f"{self.limit_hours:g} h, {state}"
        )


def freshness_of(house: House, spec: TableSpec, now: datetime) -> Freshness:
    assert spec.max_age_hours is not None, f"{spec.name} has no freshness limit"
    newest = house.warehouse.newest(spec)
    if newest is None:
        return Freshness(spec.name, spec.group, None, None, spec.max_age_hours)
    age = max(now - eastern(date.fromisoformat(newest) + timedelta(days=1), 0), timedelta(0))
    return Freshness(spec.name, spec.group, newest, age.total_seconds() / 3600, spec.max_age_hours)


def check_name(group: str) -> str:
    return f"newest_{group}_are_fresh"


@dg.asset(
    group_name="publication",
    description="How old the newest slate of every table with a freshness limit is, by the project's clock. "
    "In the off-season it does not apply.",
    check_specs=[
        dg.AssetCheckSpec(
            check_name(g),
            asset="data_freshness",
            description=f"Every table of {g} is in time.",
            blocking=True,
        )
        for g in GROUPS
    ],
)
def data_freshness(house: HouseResource) -> dg.MaterializeResult:
    home = house.open()
    now, checks = home.clock.now(), home.settings.policy.checks
    found = [freshness_of(home, spec, now) for spec in WATCHED]
    verdicts = [
        dg.AssetCheckResult(
            check_name=check_name(group),
            passed=all(f.is_fresh for f in found if f.group == group),
            severity=dg.AssetCheckSeverity.ERROR
            if checks.blocks(check_name(group))
            else dg.AssetCheckSeverity.WARN,
            description="; ".join(f.sentence for f in found if f.group == group),
        )
        for group in GROUPS
    ]
    ages = {f.table: round(f.age_hours, 2) for f in found if f.age_hours is not None}
    return dg.MaterializeResult(metadata={"age_hours": ages}, check_results=verdicts)
