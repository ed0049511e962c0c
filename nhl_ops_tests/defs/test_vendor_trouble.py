"""What becomes of a run, its figures and its checks when vendors misbehave in the league; over real sockets."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, RAW_QUOTES
from nhl_ops.defs.capture_nhl import capture_results, capture_schedule
from nhl_ops.defs.floors import Evidence, true_clocks
from nhl_ops.defs.house import House
from nhl_ops.defs.materializations import newest_figures
from nhl_ops.defs.run_files import write_run_files
from nhl_ops.defs.run_record import capture_asset
from nhl_ops.domain.run_summary import RunStatus, RunSummary
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.clock import LeagueClock
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.defs.conftest import ANCHOR
from nhl_ops_tests.defs.test_every_check import FakeRun
from nhl_ops_tests.fakes.project import Project, new_project

TONIGHT = ANCHOR.isoformat()
Rule = Mapping[str, object]
CaptureNhl = Callable[[House, str, datetime], dict[str, object]]


@pytest.fixture
def faults(server: LeagueServer) -> Iterator[Callable[..., None]]:
    """Puts a plan of faults in force, for this test alone."""
    place = f"{server.url}/__league__/faults"

    def put(*rules: Rule) -> None:
        requests.post(place, json={"name": "trouble", "rules": rules}, timeout=10).raise_for_status()

    yield put
    requests.delete(place, params={"name": "trouble"}, timeout=10).raise_for_status()


def configure(project: Project, **changes: object) -> None:
    """Replace settings in config/vendors.toml, by key; the first place of each key."""
    path = project.root / "config" / "vendors.toml"
    lines = path.read_text().splitlines()
    for key, value in changes.items():
        at = next(i for i, line in enumerate(lines) if line.startswith(f"{key} = "))
        lines[at] = f"{key} = {json.dumps(value)}"
    path.write_text("\n".join(lines))


def switch_on_odds_api(project: Project) -> None:
    path = project.root / "config" / "vendors.toml"
    path.write_text(path.read_text().replace("[odds_api]\nenabled = false", "[odds_api]\nenabled = true"))


def capture(project: Project, *vendors: str, slate: str = TONIGHT) -> RunSummary:
    """A run that asks these vendors and parses what they sent; its files are written as the command writes them."""
    tables = [RAW_QUOTES[vendor].name for vendor in vendors]
    assets = [*map(capture_asset, vendors), "raw_odds_payloads", "raw_odds_sightings", *tables]
    run = project.run([slate], assets)
    with project.here():
        return write_run_files(project.house, project.instance, run)


def figures(project: Project, vendor: str, slate: str = TONIGHT) -> dict[str, object]:
    with project.here():
        return newest_figures(project.instance, capture_asset(vendor), [slate])[slate]


def status_of(project: Project, slate: str = TONIGHT) -> dict[str, dict[str, object]]:
    path = project.root / f"outputs/monitoring/ingest_status_{slate}.json"
    return json.loads(path.read_text())["vendors"]


# -- boards that are of no use -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said"),
    [("deep_json", "expected JSON"), ("renamed_field", "found nothing")],
    ids=["whole", "row by row"],
)
def test_a_board_of_no_use_degrades_the_run_and_is_rejected(
    project: Project, faults: Callable[..., None], kind: str, said: str
) -> None:
    faults({"vendor": "UNABATED", "kind": kind})
    summary = capture(project, "UNABATED")
    assert summary.status is RunStatus.DEGRADED
    assert summary.exit_code == 3
    (unabated,) = summary.vendors
    assert (unabated.outcome, unabated.quotes) == (SlateOutcome.REJECTED, 0)
    assert said in (unabated.error or "")
    entry = status_of(project)["UNABATED"]
    assert (entry["outcome"], entry["payloads"], entry["attempts"]) == ("rejected", 1, 1)
    assert said in str(entry["error"])


def test_a_later_board_that_is_good_makes_up_for_it(project: Project, faults: Callable[..., None]) -> None:
    faults({"vendor": "UNABATED", "kind": "renamed_field"})
    clock = LeagueClock(project.league_url)
    present = clock.now()
    capture(project, "UNABATED")
    faults()
    try:
        clock.move_to(present + timedelta(minutes=1))
        summary = capture(project, "UNABATED")
    finally:
        clock.move_to(present)
    assert summary.status is RunStatus.SUCCEEDED
    assert status_of(project)["UNABATED"]["outcome"] == "ok"


# -- clocks --------------------------------------------------------------------------------------------------


def clock_faults(project: Project) -> dict[str, list[str]]:
    run = FakeRun([TONIGHT], {})
    run.house = project.house
    with project.here():
        evidence = Evidence(
            run, lambda vendor: newest_figures(project.instance, capture_asset(vendor), [TONIGHT])
        )
        return true_clocks(evidence, project.house.settings.policy.floors).faults


def test_a_vendors_clock_that_is_an_hour_off_is_found_in_the_league(
    project: Project, faults: Callable[..., None]
) -> None:
    faults({"vendor": "UNABATED", "kind": "clock_skew", "skew_sec": -3_600})
    capture(project, "UNABATED", "PLAYNOW")
    assert figures(project, "UNABATED")["skew_sec"] == pytest.approx(-3_600, abs=2)
    assert figures(project, "PLAYNOW")["skew_sec"] == pytest.approx(0, abs=2)
    assert status_of(project)["UNABATED"]["skew_sec"] == figures(project, "UNABATED")["skew_sec"]
    (told,) = clock_faults(project)[TONIGHT]
    assert told.startswith("UNABATED's clock is ")
    assert "behind ours" in told


# -- The Odds API, incomplete --------------------------------------------------------------------------------


def test_a_market_that_is_refused_drops_no_other_and_degrades_the_run(project: Project) -> None:
    switch_on_odds_api(project)
    path = project.root / "config" / "vendors.toml"
    path.write_text(path.read_text().replace('"player_points", ', '"player_nonsense", "player_points", '))
    summary = capture(project, "ODDS_API")
    (vendor,) = summary.vendors
    assert (summary.status, vendor.outcome) == (RunStatus.DEGRADED, SlateOutcome.REJECTED)
    assert "player_nonsense" in (vendor.error or "")
    quotes = project.house.warehouse.observations(RAW_QUOTES["ODDS_API"])
    assert {"POINTS", "SOG", "ASSISTS"} <= set(quotes["market"])
    entry = status_of(project)["ODDS_API"]
    assert int(entry["payloads"]) > 1
    assert vendor.payloads == entry["payloads"]
    assert vendor.quotes == len(quotes)
    assert float(entry["quota_left"]) > 0


def test_what_came_before_too_many_requests_counts_in_the_same_run(
    project: Project, faults: Callable[..., None], server: LeagueServer
) -> None:
    switch_on_odds_api(project)
    configure(project, max_retries=0)
    place = f"{server.url}/odds-api/v4/sports/icehockey_nhl/events"
    events = requests.get(place, params={"apiKey": "league"}, timeout=10).json()
    tonight = [event["id"] for event in events if event["commence_time"][:10] in (TONIGHT, "2026-01-21")]
    assert len(tonight) > 1
    faults({"vendor": "ODDS_API", "kind": "status_429", "path": f"*/{tonight[-1]}/odds"})
    summary = capture(project, "ODDS_API")
    (vendor,) = summary.vendors
    assert (summary.status, vendor.outcome) == (RunStatus.DEGRADED, SlateOutcome.VENDOR_DOWN)
    assert "HTTP 429" in (vendor.error or "")
    assert vendor.payloads == len(tonight)
    assert vendor.quotes > 0


# -- the budget of a run -------------------------------------------------------------------------------------


def test_the_budget_is_one_for_all_steps_of_a_run_and_new_for_the_next(project: Project) -> None:
    configure(project, run_max_requests=3)
    first = capture(project, "ODDSSHARK", "PLAYNOW", "UNABATED")
    entries = status_of(project)
    assert sum(int(entries[vendor]["attempts"]) for vendor in ("ODDSSHARK", "PLAYNOW", "UNABATED")) == 3
    assert first.status is RunStatus.DEGRADED
    assert any("budget of 3 requests" in (vendor.error or "") for vendor in first.vendors)
    second = capture(project, "UNABATED")
    assert second.status is RunStatus.SUCCEEDED


# -- figures of a whole run ----------------------------------------------------------------------------------


def test_the_ingest_status_has_the_numbers_of_the_metadata(ranged: Project, past: list[str]) -> None:
    run = ranged.first_run
    record = ranged.record(run)
    with ranged.here():
        write_run_files(ranged.house, ranged.instance, run)
    for slate in past:
        counted = record.of(FACT_ODDS_ACCOUNTING.name, slate)["by_vendor"]
        for vendor, entry in status_of(ranged, slate).items():
            told = record.of(capture_asset(vendor), slate) | counted.get(vendor, {})
            common = [name for name in told if name in entry]
            assert {"requests", "seen"} <= set(common)
            assert {name: entry[name] for name in common} == {name: told[name] for name in common}
            assert entry["is_balanced"] is True


def test_a_sound_run_tells_every_figure_of_a_vendor_that_it_asked(ranged: Project, past: list[str]) -> None:
    with ranged.here():
        write_run_files(ranged.house, ranged.instance, ranged.first_run)
    entry = status_of(ranged, past[-1])["UNABATED"]
    assert {name for name, value in entry.items() if value is None} == {"error", "quota_left", "quota_used"}
    assert entry["retries"] == 0
    assert entry["breaker"] == "closed"
    assert abs(float(entry["skew_sec"])) < 2
    assert 0 < float(entry["newest_quote_age_sec"]) < 6 * 3600


def test_the_archive_keeps_what_an_incomplete_capture_brought(project: Project) -> None:
    switch_on_odds_api(project)
    configure(project, daily_credit_cap=10)
    summary = capture(project, "ODDS_API")
    (vendor,) = summary.vendors
    assert vendor.outcome is SlateOutcome.REJECTED
    assert "credits" in (vendor.error or "")
    archived = list(Path(project.root / "outputs/odds/raw/ODDS_API").rglob("*.zst"))
    assert len(archived) == vendor.payloads > 0


# -- the NHL -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "capture_nhl"),
    [("*/boxscore", capture_results), ("*/roster/*", capture_schedule)],
    ids=["boxscore", "roster"],
)
def test_what_the_nhl_cuts_off_is_rejected_and_not_missed_in_silence(
    server: LeagueServer, faults: Callable[..., None], tmp_path: Path, path: str, capture_nhl: CaptureNhl
) -> None:
    fresh = new_project(tmp_path / "fresh", server.url)
    slate = (ANCHOR - timedelta(days=1)).isoformat()
    with fresh.here():
        now = fresh.house.clock.now()
        faults({"vendor": "NHL", "kind": "truncated_json", "path": path})
        cut = capture_nhl(fresh.house, slate, now)
        faults()
        whole = capture_nhl(fresh.house, slate, now)
    assert (cut["outcome"], whole["outcome"]) == ("rejected", "ok")
    assert "expected JSON, found" in str(cut["error"])
