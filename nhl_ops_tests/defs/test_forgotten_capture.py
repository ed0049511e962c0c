"""A run that forgot to ask a vendor is not excused by its silence; a past moment of live vendors is."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from nhl_ops.defs.house import House
from nhl_ops.defs.reporting import unasked_vendors
from nhl_ops.gateways.state import SightingRow
from nhl_ops_tests.fakes.project import Project

SLATE, DAY_AFTER = "2026-01-19", "2026-01-20"
EVENING = datetime(2026, 1, 20, 22, 30, tzinfo=UTC)
WITHOUT_CAPTURE = [
    "captured_nhl", "raw_nhl_schedule", "dim_games", "dim_players", "raw_odds_payloads", "raw_odds_sightings",
    "fact_prop_odds", "fact_odds_accounting",
]  # fmt: skip


@pytest.mark.parametrize(("source", "past"), [("live", set()), ("league", {"UNABATED", "PLAYNOW"})])
def test_vendors_could_be_asked_tonight_and_in_the_league_for_the_past_too(
    project: Project, source: str, past: set[str]
) -> None:
    settings = {"NHL_OPS_SOURCE": source, "NHL_OPS_LEAGUE_URL": project.league_url}
    house = House(project.root, settings.get)
    found = unasked_vendors(house, [SLATE, DAY_AFTER], EVENING)
    assert {"UNABATED", "PLAYNOW"} <= set(found[DAY_AFTER])
    assert "FILE_DROP" not in found[DAY_AFTER]
    assert set(found[SLATE]) & {"UNABATED", "PLAYNOW"} == past


@pytest.mark.parametrize(
    "at", [EVENING - timedelta(days=1), EVENING - timedelta(days=2)], ids=["then", "before"]
)
def test_a_vendor_that_was_asked_for_the_slate_before_or_on_its_date_was_asked(
    project: Project, at: datetime
) -> None:
    house = House(project.root, {"NHL_OPS_LEAGUE_URL": project.league_url}.get)
    house.state.record_capture("UNABATED", SLATE, at)
    assert "UNABATED" not in unasked_vendors(house, [SLATE], EVENING)[SLATE]
    assert "UNABATED" in unasked_vendors(house, [DAY_AFTER], EVENING)[DAY_AFTER]


def test_a_failed_answer_of_today_counts_for_tonight_and_for_slates_to_come(project: Project) -> None:
    house = House(project.root, {"NHL_OPS_LEAGUE_URL": project.league_url}.get)
    house.state.record_sighting(
        SightingRow(
            "UNABATED", "failed:-", EVENING, "props", DAY_AFTER, None, "vendor_down", None, "timed out"
        )
    )
    found = unasked_vendors(house, [SLATE, DAY_AFTER, "2026-01-21"], EVENING)
    assert [key for key, vendors in found.items() if "UNABATED" in vendors] == [SLATE]


def test_a_slate_whose_vendors_were_never_asked_is_held_and_a_new_run_is_the_way_out(
    project: Project,
) -> None:
    run = project.run([SLATE], assets=WITHOUT_CAPTURE)
    assert run.status is dg.DagsterRunStatus.FAILURE
    (failure,) = project.record(run).failures
    assert failure.failure_class == "missing_input"
    assert "has no price and no reason" in failure.message
    assert f"could be asked for {SLATE} and never was" in failure.message
    assert f"nhl-ops run-daily --date {SLATE} --all" in failure.next_command
