"""Game lines of a slate, from three sources to facts with their game, beside the props and apart from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest
import requests

from nhl_ops.contracts.game_odds import FACT_GAME_ODDS, FACT_GAME_ODDS_ACCOUNTING, RAW_GAME_LINES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.capture_nhl import capture_partner_games
from nhl_ops.defs.game_lines import make_game_odds, make_raw_game_lines, nothing_or_ok
from nhl_ops.defs.house import House
from nhl_ops.defs.run_record import vendor_outcomes
from nhl_ops.gateways.nhl import SCHEDULE
from nhl_ops.gateways.nhl_game_odds import PARTNER_GAME, VENDOR
from nhl_ops.gateways.oddsshark import SCORES
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.defs.test_replay import AUDIT, CAPTURED, DAY, MINUTE
from nhl_ops_tests.defs.test_replay import Project as Folder
from nhl_ops_tests.fakes.project import Project
from nhl_ops_tests.gateways.game_line_samples import (
    GAME_ID,
    full_partner_game,
    full_schedule,
    full_scores,
    quoted,
    schedule,
)
from nhl_ops_tests.league.fault_client import fail, mend
from nhl_ops_tests.transforms import ev_frames as frames

BALANCE = ["seen", "accepted", "duplicate", "other_slate", "quarantined"]


# -- a range of the synthetic league -------------------------------------------------------------------------


def accounting(project: Project, keys: list[str]) -> pd.DataFrame:
    return project.house.warehouse.read_slices(FACT_GAME_ODDS_ACCOUNTING, keys, "no scope")[0]


def test_lines_of_every_source_are_facts_with_their_game(ranged: Project) -> None:
    facts = ranged.observed(FACT_GAME_ODDS.name)
    assert set(facts["source"]) == {"nhl_schedule", "nhl_partner_game", "oddsshark_scores"}
    assert facts["game_id_nhl"].notna().all()
    assert facts["line_id"].is_unique
    methods = facts.groupby("source")["mapping_method"].agg(set).to_dict()
    by_id, by_teams = {"game_id"}, {"date_and_teams"}
    assert methods == {"nhl_schedule": by_id, "nhl_partner_game": by_id, "oddsshark_scores": by_teams}


def test_every_price_of_every_payload_is_accounted_for(ranged: Project, past: list[str]) -> None:
    rows = accounting(ranged, past)
    assert (rows[BALANCE[1:]].sum(axis=1) == rows["seen"]).all()
    assert rows["accepted"].sum() == len(ranged.observed(FACT_GAME_ODDS.name)) > 0
    assert set(rows["source_vendor"]) == {"NHL", VENDOR, "ODDSSHARK"}


def test_a_price_in_american_and_one_in_decimal_odds_are_the_same_money(ranged: Project) -> None:
    facts = ranged.observed(FACT_GAME_ODDS.name)
    moneylines = facts[(facts["market"] == "MONEYLINE") & (facts["book_name"] == "FanDuel")]
    by_source = {s: set(rows["price_american"]) for s, rows in moneylines.groupby("source")}
    written_in_decimals, named = by_source["nhl_schedule"], by_source["nhl_partner_game"]
    assert all(any(abs(a - b) <= 5 for b in named) for a in written_in_decimals)


def test_the_daily_report_says_how_many_games_each_source_covers(ranged: Project, past: list[str]) -> None:
    text = (ranged.root / "outputs" / "monitoring" / f"daily_report_{past[-1]}.md").read_text()
    lines = text.partition("## Game lines")[2].splitlines()
    facts = ranged.observed(FACT_GAME_ODDS.name)
    own = facts[(facts["game_date"] == past[-1]) & (facts["market"] == "MONEYLINE") & ~facts["is_live"]]
    for source, games in own.groupby("source")["game_id_nhl"].nunique().items():
        row = next(line for line in lines if line.startswith(f"| {str(source).replace('_', ' ')}"))
        assert row.split("|")[2].strip() == str(games)


def test_game_lines_are_no_part_of_the_props_accounting(ranged: Project, past: list[str]) -> None:
    with ranged.here():
        record = ranged.record(ranged.instance.get_runs()[-1])
    lines = sum(int(record.of("fact_game_odds", key).get("accepted", 0)) for key in past)
    props = sum(int(record.of("fact_prop_odds", key).get("accepted", 0)) for key in past)
    assert (lines, props) == tuple(len(ranged.observed(n)) for n in ("fact_game_odds", "fact_prop_odds"))


# -- a partner that fails ------------------------------------------------------------------------------------


@pytest.fixture
def no_partner_games(server: LeagueServer) -> Iterator[None]:
    """The league's partner games answer 503, its schedule as ever."""
    fail(server.url, {"vendor": "nhl-web", "path": "*/partner-game/*", "kind": "status_503"})
    yield
    mend(server.url)


@pytest.mark.usefixtures("no_partner_games")
def test_partner_games_that_fail_are_a_typed_outcome_and_take_no_schedule_along(
    project: Project, past: list[str]
) -> None:
    vendors = project.root / "config" / "vendors.toml"
    vendors.write_text(vendors.read_text().replace("max_retries = 3", "max_retries = 0"))
    run = project.run(past[-1:], ["captured_nhl_game_odds"])
    assert run.status is dg.DagsterRunStatus.SUCCESS
    (outcome,) = vendor_outcomes(project.record(run), past[-1:])
    assert (outcome.vendor, outcome.outcome.value) == (VENDOR, "vendor_down")
    assert "nhl_partner_game" in str(outcome.error)
    with project.here():
        assert requests.get(f"{project.league_url}/nhl-web/v1/schedule/{past[-1]}", timeout=10).ok


def test_a_past_slate_of_live_data_has_no_partner_games_and_asks_for_none(tmp_path: Path) -> None:
    house = House(tmp_path, {"NHL_OPS_SOURCE": "live"}.get)
    figures = capture_partner_games(house, DAY, datetime(2026, 2, 1, tzinfo=UTC))
    assert figures["outcome"] == "endpoint_serves_no_history"
    assert house.state.payloads_between(VENDOR, CAPTURED, datetime(2026, 2, 2, tzinfo=UTC)) == []


def test_without_countries_partner_games_are_switched_off(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "project")
    folder.edit('partner_countries = ["US", "CA"]', "partner_countries = []")
    assert capture_partner_games(folder.house, DAY, CAPTURED) == {"outcome": "switched_off"}


# -- what the league does not send: old snapshots, three-way prices, a partner with its sides exchanged ------


@dataclass
class Run:
    """A run over one slate on a folder whose payloads were archived by hand: Montreal at Los Angeles."""

    house: House
    keys: Sequence[str] = (DAY,)

    def read(self, spec: TableSpec) -> pd.DataFrame:
        assert spec.name == "dim_games"
        start = pd.Timestamp("2026-01-06T23:30:00Z")
        game: dict[str, Any] = {
            "game_date": DAY,
            "start_time_utc": start,
            "home_team": "LAK",
            "away_team": "MTL",
        }
        return frames.games(*({"game_id_nhl": GAME_ID + n} | game for n in range(3)))

    def chunks(self, _size: int) -> list[list[str]]:
        return [list(self.keys)]


def materialize(folder: Folder) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Facts and accounting of the slate as stored after one more run, and how many raw rows it added."""
    house = folder.house
    raw = make_raw_game_lines(Run(house)).frame  # type: ignore[arg-type]
    house.warehouse.append(RAW_GAME_LINES, raw, AUDIT)
    facts, counts = make_game_odds(Run(house))  # type: ignore[arg-type]
    house.warehouse.append(FACT_GAME_ODDS, facts.frame, AUDIT)
    return house.warehouse.observations(FACT_GAME_ODDS), counts.frame, len(raw)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "project")


def test_a_stale_snapshot_is_marked_and_three_way_prices_stand_apart(folder: Folder) -> None:
    body = full_partner_game() | {"lastUpdatedUTC": "2025-12-06T18:00:38Z"}
    folder.archive(body, VENDOR, PARTNER_GAME)
    facts, counts, _ = materialize(folder)
    assert facts["is_stale"].all()
    by_market = facts.groupby("market")["outcome"].agg(set).to_dict()
    assert by_market["MONEYLINE"] == {"HOME", "AWAY"}
    assert by_market["MONEYLINE_3WAY"] == {"HOME", "AWAY", "DRAW"}
    assert counts[BALANCE].values.tolist() == [[12, 11, 1, 0, 0]], "the draw is sent under both teams"


def test_a_partner_with_its_sides_exchanged_is_a_dead_letter_and_never_turned_round(folder: Folder) -> None:
    prices = {9: ("+225", "-278"), 7: ("3.25", "1.36"), 6: ("1.34", "3.25")}
    digest = folder.archive(schedule(quoted(prices)), "NHL", SCHEDULE)
    facts, counts, _ = materialize(folder)
    assert set(facts["book_name"]) == {"DraftKings", "FanDuel"}
    assert counts[BALANCE].values.tolist() == [[6, 4, 0, 0, 2]]
    state = folder.house.state
    assert state.quarantined([digest], of_game_lines=True) == [(digest, "game_line.swapped_sides", 2)]
    assert state.quarantined([digest]) == [], "no letter of a quote"


def test_the_same_bytes_again_add_no_row_and_the_accounting_stays(folder: Folder) -> None:
    for vendor, endpoint, body in (
        ("NHL", SCHEDULE, full_schedule()),
        (VENDOR, PARTNER_GAME, full_partner_game()),
        ("ODDSSHARK", SCORES[0], full_scores()),
    ):
        folder.archive(body, vendor, endpoint, CAPTURED)
    first = materialize(folder)
    second = materialize(folder)
    assert (first[2] > 0, second[2]) == (True, 0)
    pd.testing.assert_frame_equal(first[0], second[0])
    pd.testing.assert_frame_equal(first[1], second[1])
    assert (first[1][BALANCE[1:]].sum(axis=1) == first[1]["seen"]).all()
    assert first[1]["quarantined"].sum() > 0


def test_a_body_that_is_no_document_of_the_vendor_is_one_dead_letter_beside_the_others(
    folder: Folder,
) -> None:
    folder.archive({"oops": 1}, VENDOR, PARTNER_GAME, CAPTURED)
    folder.archive(full_scores(), "ODDSSHARK", SCORES[1], CAPTURED + MINUTE)
    _, counts, added = materialize(folder)
    by_vendor = counts.set_index("source_vendor")[BALANCE]
    assert by_vendor.loc[VENDOR].tolist() == [1, 0, 0, 0, 1]
    assert added == by_vendor.loc["ODDSSHARK", "accepted"] > 0


@pytest.mark.parametrize(
    ("accepted", "playable", "asked", "outcome"),
    [
        (1, True, ["ok"], "ok"),
        (0, False, ["ok"], "no_games"),
        (0, True, ["vendor_down", "not_modified"], "not_offered_yet"),
        (0, True, ["vendor_down"], "vendor_down"),
        (0, True, [], "endpoint_serves_no_history"),
    ],
)
def test_a_slate_without_lines_is_a_typed_nothing(
    accepted: int, playable: bool, asked: list[str], outcome: str
) -> None:
    games = pd.DataFrame({"game_date": [DAY], "is_playable": [playable]})
    counted = pd.DataFrame({"game_date": [DAY], "accepted": [accepted], "duplicate": [0]})
    seen = pd.DataFrame({"capture_date": [DAY] * len(asked), "outcome": asked})
    assert nothing_or_ok(DAY, games, counted, seen) == {"outcome": outcome}
