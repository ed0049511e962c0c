"""Vendors that cannot be reached: what is published all the same, and where the failure shows."""

import json
from pathlib import Path

import pytest
import requests

from nhl_ops_tests.cli.conftest import Skipped
from nhl_ops_tests.cli.operator import ANCHOR, Operator, Told, new_project


@pytest.fixture(scope="module")
def without_playnow(
    before_the_card: Operator, league: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Operator, Told]:
    """Tonight's card in a copy of the project, PlayNow's address dead."""
    operator = before_the_card.copy(tmp_path_factory.mktemp("playnow") / "project")
    operator.break_vendor("playnow")
    return operator, operator.run("run-daily", "--all", NHL_OPS_LEAGUE_URL=league)


def test_a_vendor_that_is_down_degrades_the_run_and_is_named_with_its_cause(
    without_playnow: tuple[Operator, Told],
) -> None:
    _, told = without_playnow
    assert told.code == 3
    assert "PLAYNOW: vendor_down" in told.text
    assert "connection refused" in told.text
    assert "degraded in" in told.text


def test_the_rest_is_published(without_playnow: tuple[Operator, Told]) -> None:
    operator, _ = without_playnow
    vendors = operator.ask("select distinct source_vendor from fact_prop_odds")
    bets = operator.ask(f"select count(*) from ev_multi_book_best_bets where game_date = '{ANCHOR}'")
    assert set(vendors) == {("UNABATED",), ("ODDSSHARK",)}
    assert bets[0][0] > 0


@pytest.mark.parametrize("file", ["daily_run", "daily_report"])
def test_the_reports_name_vendor_and_cause(without_playnow: tuple[Operator, Told], file: str) -> None:
    text = without_playnow[0].read(f"outputs/monitoring/{file}_{ANCHOR}.md")
    row = next(line for line in text.splitlines() if line.startswith("| PLAYNOW"))
    assert "could not be reached" in row
    assert "playnow_event_list" in row


def test_the_ingest_status_names_vendor_and_cause(without_playnow: tuple[Operator, Told]) -> None:
    status = json.loads(without_playnow[0].read(f"outputs/monitoring/ingest_status_{ANCHOR}.json"))
    playnow, unabated = status["vendors"]["PLAYNOW"], status["vendors"]["UNABATED"]
    assert playnow["outcome"] == "vendor_down"
    assert "connection refused" in playnow["error"]
    assert playnow["seen"] == 0
    assert unabated["outcome"] == "ok"
    assert unabated["error"] is None


def test_the_failed_request_is_a_sighting(without_playnow: tuple[Operator, Told]) -> None:
    rows = without_playnow[0].ask(
        "select outcome, payload_hash, error from raw_odds_sightings where source_vendor = 'PLAYNOW'"
    )
    assert [(outcome, body) for outcome, body, _ in rows] == [("vendor_down", None)]
    assert "connection refused" in rows[0][2]


def test_when_the_nhl_is_down_the_run_fails_and_no_slate_is_called_empty(
    before_the_card: Operator, league: str, tmp_path: Path
) -> None:
    operator = before_the_card.copy(tmp_path / "project")
    operator.break_vendor("nhl-web")
    told = operator.run("run-daily", "--all", NHL_OPS_LEAGUE_URL=league)
    assert told.code == 1
    assert "nhl_schedule" in told.text
    assert "connection refused" in told.text
    assert f"nhl-ops run-daily --date {ANCHOR} --all" in told.text
    assert operator.digests() == {}


@pytest.mark.slow
def test_without_any_results_an_nhl_outage_fails_the_run_with_cause_and_next_step(
    tmp_path: Path, skipped: Skipped, league: str
) -> None:
    operator = new_project(tmp_path / "project")
    operator.break_vendor("nhl-web")
    told = operator.run("run-daily", "--all", NHL_OPS_LEAGUE_URL=league)
    assert told.code == 1
    assert "captured_nhl" in told.text
    assert "nhl_schedule" in told.text
    assert "connection refused" in told.text
    assert "next: " in told.text
    assert "connection refused" in operator.read(f"outputs/monitoring/daily_run_{ANCHOR}.md")


def test_a_drill_makes_a_vendor_fail_and_the_rest_is_published(
    before_the_card: Operator, league: str, tmp_path: Path
) -> None:
    operator = before_the_card.copy(tmp_path / "project")
    told = operator.run("run-daily", "--all", NHL_OPS_LEAGUE_URL=league, FORCE_VENDOR_FAILURE="unabated")
    assert told.code == 3
    assert "UNABATED: vendor_down" in told.text
    assert "HTTP 503" in told.text
    vendors = operator.ask("select distinct source_vendor from fact_prop_odds")
    assert set(vendors) == {("PLAYNOW",), ("ODDSSHARK",)}
    assert "HTTP 503" in operator.read(f"outputs/monitoring/ingest_status_{ANCHOR}.json")
    plan = requests.get(f"{league}/__league__/faults", timeout=10).json()
    assert plan["plans"] == [], "the drill ends with the command"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"FORCE_VENDOR_FAILURE": "UNABATTED"}, "UNABATED"),
        ({"FORCE_VENDOR_FAILURE": "UNABATED", "NHL_OPS_SOURCE": "live"}, "live ones cannot be made to"),
    ],
)
def test_a_drill_that_cannot_be_is_refused(
    before_the_card: Operator, tmp_path: Path, setting: dict[str, str], said: str
) -> None:
    operator = before_the_card.copy(tmp_path / "project")
    told = operator.run("run-daily", "--all", **setting)
    assert told.code == 1
    assert said in told.text
