"""The NHL's schedule and rosters, and what is asked of it."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from nhl_ops.contracts.results import RAW_NHL_ROSTERS, RAW_NHL_SCHEDULE
from nhl_ops.contracts.schema import violations
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.failures import VendorContract, VendorError, VendorOutdated
from nhl_ops.gateways.nhl import CapturedRoster, NhlClient, parse_rosters, require_players
from nhl_ops.gateways.nhl_schedule import parse_schedules, require_games
from nhl_ops.gateways.vendor import Parsed, Payload
from nhl_ops_tests.gateways.nhl_samples import finished, game, person, report, roster, summary_row, week
from nhl_ops_tests.gateways.wire_samples import CAPTURED_AT, answering, payload_of, recorded

CLIENT = NhlClient("http://web/v1/", "http://stats/rest/en")


def schedule(body: object) -> Parsed:
    return parse_schedules([payload_of(body)])


def players(body: object) -> Parsed:
    return parse_rosters([CapturedRoster(payload_of(body), "CAR", "2026-01-06")])


def broken_rules(spec: TableSpec, parsed: Parsed) -> list[Any]:
    return violations(spec, spec.conform(parsed.rows.assign(known_at_utc=parsed.rows["captured_at_utc"])))


def rules(parsed: Parsed) -> list[str]:
    return [letter.rule for letter in parsed.rejected]


def test_paths_are_those_of_the_public_api() -> None:
    assert CLIENT.schedule(date(2026, 1, 5)).url == "http://web/v1/schedule/2026-01-05"
    assert CLIENT.roster("CAR").url == "http://web/v1/roster/CAR/current"
    assert CLIENT.boxscore(2025020600).url == "http://web/v1/gamecenter/2025020600/boxscore"


def test_the_schedule_tells_teams_and_finished_games_of_a_slate() -> None:
    body = week(
        d2026_01_05=[
            finished(2025020600),
            game(2025020601, gameState="LIVE"),
            finished(2025020602) | {"gameState": "FINAL"},
            finished(2025020600),
        ],
        d2026_01_06=[finished(2025020610, awayTeam={"abbrev": "CAR", "score": 1})],
    )
    assert CLIENT.teams_of(payload_of(body), "2026-01-05") == ["LAK", "MTL"]
    assert CLIENT.finished_games(payload_of(body), "2026-01-05") == [2025020600, 2025020602]
    assert CLIENT.finished_games(payload_of(body), "2026-01-07") == []


def asked_from(day: str, body: object) -> Payload:
    return payload_of(body, url=f"http://web/v1/schedule/{day}")


def test_a_week_in_which_games_that_are_over_are_to_come_is_an_old_one() -> None:
    """CAPTURED_AT is the evening of 2026-01-06, 22 hours after the game of 2026-01-05 began."""
    yesterday, tonight = game(2025020600), game(2025020610, startTimeUTC="2026-01-07T00:30:00Z")
    old = asked_from("2026-01-05", week(d2026_01_05=[yesterday], d2026_01_06=[tonight]))
    with pytest.raises(VendorOutdated, match=r"game 2025020600 of 2026-01-05, gameState: .* found FUT at"):
        CLIENT.teams_of(old, "2026-01-06")
    parsed = parse_schedules([old])
    assert (len(parsed.rows), rules(parsed)) == (0, ["outdated_schedule"])


@pytest.mark.parametrize(
    "yesterday",
    [
        [],
        [game(2025020600), finished(2025020601)],
        [game(2025020600, gameScheduleState="PPD")],
        [game(2025020600, startTimeUTC="2026-01-06T12:00:00Z")],
    ],
    ids=["no game", "one that nobody closed", "called off", "not over yet"],
)
def test_a_week_that_is_of_today_is_taken(yesterday: list[dict[str, Any]]) -> None:
    tonight = game(2025020610, startTimeUTC="2026-01-07T00:30:00Z")
    found = asked_from("2026-01-05", week(d2026_01_05=yesterday, d2026_01_06=[tonight]))
    assert CLIENT.teams_of(found, "2026-01-06") == ["LAK", "MTL"]


@pytest.mark.parametrize(
    ("asked", "failure"),
    [("2026-01-05", VendorOutdated), ("2025-12-01", VendorContract)],
    ids=["past", "to come"],
)
def test_a_week_of_other_dates_is_not_the_one_that_was_asked_for(
    asked: str, failure: type[VendorError]
) -> None:
    body = week(d2025_12_05=[finished()], d2025_12_06=[])
    said = rf"\$.gameWeek: expected the days from {asked} on, found 2025-12-05 to 2025-12-06"
    with pytest.raises(failure, match=said):
        CLIENT.week(lambda request: payload_of(body, url=request.url), date.fromisoformat(asked))


def test_a_game_of_the_slate_that_breaks_the_format_fails_the_capture() -> None:
    odd = game(2025020610, gameState="NEW")
    found = payload_of(week(d2026_01_05=[game(), game(2025120001)], d2026_01_06=[odd]))
    require_games(found, "2026-01-05")
    with pytest.raises(
        VendorContract, match=r"gameWeek\[1\]\.games\[0\]\.gameState: expected .*, found 'NEW'"
    ):
        require_games(found, "2026-01-06")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            roster() | {"goalies": [person(4, position="X")]},
            r"goalies\[0\]\.positionCode: expected .*, found 'X'",
        ),
        (
            {"forwards": [], "defensemen": [], "goalies": []},
            "expected players of CAR for 2026-01-06, found none",
        ),
    ],
)
def test_a_roster_that_lost_a_player_fails_the_capture(body: dict[str, Any], said: str) -> None:
    require_players(payload_of(roster()), "CAR", "2026-01-06")
    with pytest.raises(VendorContract, match=said):
        require_players(payload_of(body), "CAR", "2026-01-06")


def test_a_schedule_that_is_none_fails_the_capture() -> None:
    with pytest.raises(VendorContract, match=r"\$\.gameWeek: expected a list or an object, found nothing"):
        CLIENT.teams_of(payload_of({}), "2026-01-05")


def test_a_game_row_says_what_the_schedule_says() -> None:
    row = schedule(week(d2026_01_05=[finished()])).rows.iloc[0]
    assert (row["game_id_nhl"], row["season"], row["game_type"]) == (2025020600, 20252026, "R")
    assert (row["home_team"], row["home_team_name"]) == ("LAK", "Los Angeles Kings")
    assert (row["away_team"], row["away_team_name"]) == ("MTL", "Montréal Canadiens")
    assert (row["game_state"], row["schedule_state"], row["last_period_type"]) == ("OFF", "OK", "OT")
    assert (row["home_score"], row["away_score"]) == (3, 2)
    assert row["captured_at_utc"] == pd.Timestamp(CAPTURED_AT)


def test_trap_10_the_game_date_is_the_schedules_and_not_the_utc_date() -> None:
    row = schedule(week(d2026_01_05=[game()])).rows.iloc[0]
    assert row["game_date"] == "2026-01-05"
    assert row["start_time_utc"] == pd.Timestamp("2026-01-06T00:30:00Z")


def test_trap_7_partner_odds_of_mixed_forms_are_not_read() -> None:
    with_odds = schedule(week(d2026_01_05=[game()])).rows
    bare = game()
    del bare["homeTeam"]["odds"], bare["awayTeam"]["odds"]
    without = schedule(week(d2026_01_05=[bare])).rows
    assert with_odds["row_hash"].tolist() == without["row_hash"].tolist()


def test_a_game_that_is_not_over_has_no_score() -> None:
    row = schedule(week(d2026_01_05=[game()])).rows.iloc[0]
    assert row[["home_score", "away_score", "last_period_type"]].isna().all()


def test_a_change_of_state_is_a_new_version_and_other_bytes_are_not() -> None:
    versions = [
        schedule(week(d2026_01_05=[game(gameState=state, easternUTCOffset=offset)])).rows["row_hash"].iloc[0]
        for state, offset in [("FUT", "-05:00"), ("FUT", "-04:00"), ("PRE", "-05:00")]
    ]
    assert versions[0] == versions[1] != versions[2]


def test_a_postponed_game_keeps_its_state() -> None:
    row = schedule(week(d2026_01_05=[game(gameScheduleState="PPD")])).rows.iloc[0]
    assert (row["game_state"], row["schedule_state"]) == ("FUT", "PPD")


@pytest.mark.parametrize(("game_id", "kind"), [(2025010001, "PR"), (2025020001, "R"), (2025030111, "P")])
def test_the_kind_of_a_game_and_its_season_are_in_its_id(game_id: int, kind: str) -> None:
    row = schedule(week(d2026_01_05=[game(game_id)])).rows.iloc[0]
    assert (row["game_type"], row["season"]) == (kind, 20252026)


def test_an_all_star_game_is_a_dead_letter_of_its_kind() -> None:
    parsed = schedule(week(d2026_01_05=[game(2025120001), game()]))
    assert (len(parsed.rows), rules(parsed)) == (1, ["other_kind_of_game"])


@pytest.mark.parametrize(
    "field", [{"gameState": "ODD"}, {"gameScheduleState": None}, {"startTimeUTC": "19:00"}, {"homeTeam": {}}]
)
def test_a_broken_game_is_a_dead_letter_and_the_others_stand(field: dict[str, Any]) -> None:
    parsed = schedule(week(d2026_01_05=[game(2025020601, **field), game()]))
    assert (len(parsed.rows), rules(parsed)) == (1, ["malformed_game"])
    assert parsed.rejected[0].detail.startswith("$.gameWeek[0].games[0].")


def test_a_week_without_games_is_no_error() -> None:
    assert schedule(week(d2026_01_05=[])).seen == 0


def test_a_payload_that_is_no_schedule_does_not_take_the_others_with_it() -> None:
    parsed = parse_schedules([payload_of(b"{"), payload_of(week(d2026_01_05=[game()]))])
    assert (len(parsed.rows), rules(parsed)) == (1, ["not_a_schedule"])


def test_a_roster_row_says_who_plays_for_whom() -> None:
    rows = players(roster()).rows.set_index("player_id_nhl")
    assert rows.loc[1, ["team", "game_date", "player_name", "position", "birth_date"]].tolist() == [
        "CAR", "2026-01-06", "Sebastian Aho", "C", "1997-07-26",
    ]  # fmt: skip
    assert rows["sweater_number"].isna().tolist() == [False, True, False, False]
    assert rows.loc[3, "birth_date"] is None


def test_a_broken_player_is_a_dead_letter_and_the_others_stand() -> None:
    body = roster()
    body["forwards"].append(person(9, position="XX"))
    parsed = players(body)
    assert (len(parsed.rows), rules(parsed)) == (4, ["malformed_player"])
    assert parsed.rejected[0].detail == "$.forwards[2].positionCode: expected a known position, found 'XX'"


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"forwards": [], "defensemen": [], "goalies": []}, "empty_roster"),
        ({}, "not_a_roster"),
        (b"[]", "not_a_roster"),
    ],
)
def test_a_roster_of_nobody_is_a_dead_letter(body: object, rule: str) -> None:
    parsed = players(body)
    assert (len(parsed.rows), rules(parsed)) == (0, [rule])


def test_rows_meet_the_contracts_of_their_tables() -> None:
    assert broken_rules(RAW_NHL_SCHEDULE, schedule(week(d2026_01_05=[game(), finished(2025020601)]))) == []
    assert broken_rules(RAW_NHL_ROSTERS, players(roster())) == []


def test_no_payloads_make_empty_frames_of_the_right_columns() -> None:
    left_to_caller = ["known_at_utc"]
    for spec, parsed in ((RAW_NHL_SCHEDULE, parse_schedules([])), (RAW_NHL_ROSTERS, parse_rosters([]))):
        assert [*parsed.rows.columns, *left_to_caller] == sorted(
            spec.column_names, key=lambda name: name in left_to_caller
        )


def test_history_is_asked_for_month_by_month() -> None:
    months = CLIENT.history_requests(date(2025, 11, 20), date(2026, 1, 5))
    assert [len(requests) for requests in months] == [4, 4, 4]
    assert [requests[0].params["cayenneExp"] for requests in months] == [
        'gameDate>="2025-11-20" and gameDate<="2025-11-30"',
        'gameDate>="2025-12-01" and gameDate<="2025-12-31"',
        'gameDate>="2026-01-01" and gameDate<="2026-01-05"',
    ]
    assert {requests[0].params["isGame"] for requests in months} == {"true"}


def test_a_day_has_one_request_a_report() -> None:
    requests = CLIENT.day_reports(date(2026, 1, 5))
    assert [request.url.removeprefix("http://stats/rest/en/") for request in requests] == [
        "skater/summary", "skater/realtime", "skater/timeonice", "goalie/summary",
    ]  # fmt: skip
    assert requests[0].endpoint == "nhl_stats_skater_summary"


def test_pages_are_asked_for_until_the_total_is_reached() -> None:
    rows = [summary_row(n) for n in range(5)]
    pages = [report(*rows[:2], total=5), report(*rows[2:4], total=5), report(rows[4], total=5)]
    fetch, asked = answering(*pages)
    payloads = CLIENT.pages(fetch, CLIENT.day_reports(date(2026, 1, 5))[0])
    assert len(payloads) == 3
    assert [request.params["start"] for request in asked] == ["0", "2", "4"]


def test_pages_that_end_before_the_total_are_a_contract_failure() -> None:
    fetch, _ = answering(report(summary_row(), total=5), report(total=5))
    with pytest.raises(VendorContract, match="expected rows from 1 of 5 on, found an empty page"):
        CLIENT.pages(fetch, CLIENT.day_reports(date(2026, 1, 5))[0])


@pytest.mark.parametrize("body", [{}, {"data": []}, {"total": 1}, b"oops"])
def test_what_is_no_report_fails_the_capture(body: object) -> None:
    fetch, _ = answering(body)
    with pytest.raises(VendorContract, match="nhl_stats_skater_summary"):
        CLIENT.pages(fetch, CLIENT.day_reports(date(2026, 1, 5))[0])


@pytest.mark.parametrize("pattern", ["schedule-2023*", "schedule-2025*"])
def test_recorded_schedules_parse_without_loss(pattern: str) -> None:
    for path in recorded(f"nhl/schedule_landing_standings/{pattern}"):
        parsed = schedule(path.read_bytes())
        assert rules(parsed) == [], path.name
        assert len(parsed.rows) > 0
        assert broken_rules(RAW_NHL_SCHEDULE, parsed) == []


def test_recorded_rosters_parse_without_loss() -> None:
    for path in recorded("nhl/roster/*.json"):
        parsed = players(path.read_bytes())
        assert rules(parsed) == [], path.name
        assert len(parsed.rows) >= 20
        assert broken_rules(RAW_NHL_ROSTERS, parsed) == []
