"""The NHL's stats reports joined to rows of the results tables."""

from collections import Counter
from typing import Any

import orjson
import pytest

from nhl_ops.contracts.results import FACT_GOALIE_GAMES, FACT_SKATER_GAMES
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.nhl_boxscore import parse_boxscores
from nhl_ops.gateways.nhl_stats import StatsReport, goalie_rows, skater_rows
from nhl_ops.gateways.vendor import Parsed
from nhl_ops_tests.gateways.nhl_samples import (
    boxscore,
    goalie_row,
    realtime_row,
    report,
    report_row,
    summary_row,
    timeonice_row,
)
from nhl_ops_tests.gateways.wire_samples import payload_of, recorded

Json = dict[str, Any]


def skaters(summary: list[Json], realtime: list[Json], ice: list[Json]) -> Parsed:
    bodies = dict(zip(StatsReport, (summary, realtime, ice, []), strict=True))
    return skater_rows({r: [payload_of(report(*rows))] for r, rows in bodies.items()})


def goalies(*rows: Json) -> Parsed:
    return goalie_rows({StatsReport.GOALIE_SUMMARY: [payload_of(report(*rows))]})


def rules(parsed: Parsed) -> dict[str, int]:
    return dict(Counter(letter.rule for letter in parsed.rejected))


def test_three_reports_join_to_one_row() -> None:
    parsed = skaters([summary_row()], [realtime_row()], [timeonice_row()])
    row = parsed.rows.iloc[0]
    assert row[["game_id_nhl", "player_id_nhl", "season", "game_type"]].tolist() == [
        2025020600,
        100,
        20252026,
        "R",
    ]
    assert row[["game_date", "team", "opponent", "is_home"]].tolist() == ["2026-01-05", "LAK", "MTL", True]
    assert row[["goals", "points", "shots_on_goal", "hits", "blocked_shots"]].tolist() == [2, 2, 5, 1, 1]
    assert row[["power_play_goals", "power_play_points", "toi_sec", "power_play_toi_sec"]].tolist() == [
        1,
        1,
        1000,
        144,
    ]
    assert row[["player_name", "source"]].tolist() == ["Nick Skater100", "stats_rest"]


def test_rows_meet_the_contracts_of_their_tables() -> None:
    parsed = skaters([summary_row(1), summary_row(2)], [realtime_row(1), realtime_row(2)], [timeonice_row(1)])
    for spec, frame in ((FACT_SKATER_GAMES, parsed.rows), (FACT_GOALIE_GAMES, goalies(goalie_row()).rows)):
        assert violations(spec, spec.conform(frame.assign(known_at_utc=frame["captured_at_utc"]))) == []


def test_ice_time_of_the_summary_is_whole_seconds_and_power_play_time_null_without_its_report() -> None:
    row = skaters([summary_row(timeOnIcePerGame=999.6)], [realtime_row()], []).rows.iloc[0]
    assert row["toi_sec"] == 1000
    assert skaters([summary_row()], [realtime_row()], []).rows["power_play_toi_sec"].isna().all()


@pytest.mark.parametrize("ppPoints", [None, "absent"])
def test_power_play_points_that_are_absent_are_null_and_not_zero(ppPoints: object) -> None:
    row = summary_row(ppPoints=ppPoints)
    if ppPoints == "absent":
        del row["ppPoints"]
    assert (
        skaters([row], [realtime_row()], [timeonice_row(ppTimeOnIce=None)])
        .rows["power_play_points"]
        .isna()
        .all()
    )


def test_a_skater_without_realtime_row_is_a_dead_letter_and_has_no_made_up_hits() -> None:
    parsed = skaters([summary_row(1), summary_row(2)], [realtime_row(2)], [])
    assert (parsed.rows["player_id_nhl"].tolist(), rules(parsed)) == ([2], {"malformed_row": 1})
    assert "expected a realtime row of this game and player" in parsed.rejected[0].detail


def test_a_realtime_row_without_summary_is_a_dead_letter() -> None:
    assert rules(skaters([], [realtime_row()], [])) == {"no_summary_row": 1}


def test_a_row_that_two_pages_repeat_counts_once() -> None:
    page = payload_of(report(summary_row(1), summary_row(2)))
    realtime = payload_of(report(realtime_row(1), realtime_row(2)))
    parsed = skater_rows(
        {
            StatsReport.SKATER_SUMMARY: [page, page],
            StatsReport.SKATER_REALTIME: [realtime],
            StatsReport.SKATER_TIMEONICE: [],
        }
    )
    assert (len(parsed.rows), rules(parsed)) == (2, {"duplicate_row": 2})


def test_each_row_carries_the_digest_of_its_own_page() -> None:
    pages = [payload_of(report(goalie_row(n))) for n in (1, 2)]
    rows = goalie_rows({StatsReport.GOALIE_SUMMARY: pages}).rows
    assert rows["payload_hash"].tolist() == [page.payload_hash for page in pages]


def test_a_player_without_ice_time_did_not_play() -> None:
    assert len(skaters([summary_row()], [realtime_row()], [timeonice_row(timeOnIce=0)]).rows) == 0
    assert len(goalies(goalie_row(timeOnIce=0)).rows) == 0


def test_a_goalie_row_says_who_started() -> None:
    rows = goalies(goalie_row(1), goalie_row(2, gamesStarted=0)).rows
    assert rows[["is_starter", "saves", "shots_against", "goals_against", "toi_sec"]].values.tolist() == [
        [True, 33, 35, 2, 3600.0],
        [False, 33, 35, 2, 3600.0],
    ]


def test_the_same_statistics_have_the_same_version_in_report_and_boxscore() -> None:
    boxes = parse_boxscores([payload_of(boxscore())])
    skater = skaters([summary_row()], [realtime_row()], [timeonice_row()]).rows.iloc[0]
    goalie = goalies(goalie_row()).rows.iloc[0]
    assert boxes.skaters.set_index("player_id_nhl").loc[100, "row_hash"] == skater["row_hash"]
    assert boxes.goalies.set_index("player_id_nhl").loc[150, "row_hash"] == goalie["row_hash"]


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"homeRoad": "X"}, "malformed_row"),
        ({"positionCode": "G"}, "malformed_row"),
        ({"goals": None}, "malformed_row"),
        ({"shots": -1}, "malformed_row"),
        ({"gameDate": "05.01.2026"}, "malformed_row"),
    ],
)
def test_a_broken_row_is_a_dead_letter_with_its_path(broken: Json, rule: str) -> None:
    parsed = skaters([summary_row() | broken], [realtime_row()], [timeonice_row()])
    assert (len(parsed.rows), rules(parsed)) == (0, {rule: 1})
    assert parsed.rejected[0].detail.startswith(f"$.data[0].{next(iter(broken))}: ")


def test_a_game_of_another_kind_is_a_dead_letter_of_its_kind() -> None:
    assert rules(goalies(goalie_row(gameId=2025120001))) == {"other_kind_of_game": 1}


@pytest.mark.parametrize("body", [b"[]", {}, {"data": 3}])
def test_what_is_no_report_is_a_contract_failure(body: object) -> None:
    with pytest.raises(VendorContract):
        goalie_rows({StatsReport.GOALIE_SUMMARY: [payload_of(body)]})


def test_rows_of_the_recorded_summaries_parse_without_loss_as_rows_of_a_game() -> None:
    for path in recorded("nhl/stats_rest_skater_summary/*.json"):
        season = orjson.loads(path.read_bytes())["data"]
        summary = [report_row() | row for row in season]
        parsed = skaters(summary, [realtime_row(row["playerId"]) for row in season], [])
        assert rules(parsed) == {}, path.name
        assert parsed.rows["power_play_points"].tolist() == [row["ppPoints"] for row in season]


def test_transcribed_reports_of_single_games_are_read() -> None:
    ice = recorded("nhl/transcribed/stats-rest-timeonice*")[0].read_bytes()
    realtime = recorded("nhl/transcribed/stats-rest-realtime*")[0].read_bytes()
    parsed = skater_rows(
        {
            StatsReport.SKATER_SUMMARY: [],
            StatsReport.SKATER_REALTIME: [payload_of(realtime)],
            StatsReport.SKATER_TIMEONICE: [payload_of(ice)],
        }
    )
    assert set(rules(parsed)) == {"no_summary_row"}
