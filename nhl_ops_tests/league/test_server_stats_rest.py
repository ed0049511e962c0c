"""The NHL's stats API: rows by game, filters, order and pages, and nothing before a game has ended."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from nhl_ops.league.server.cayenne import Condition, FilterError, parse_cayenne
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops.league.server.stats_rest import ROW_CAP
from nhl_ops_tests.league import tiny
from nhl_ops_tests.league.asking import STATS, Asker


@pytest.fixture(scope="module")
def league() -> Iterator[Asker]:
    with LeagueServer(tiny.tiny_league()) as server:
        asker = Asker(server)
        yield asker
        asker.close()


def ids(body: dict) -> list[tuple[int, int]]:
    return [(row["gameId"], row["playerId"]) for row in body["data"]]


def test_only_ended_games_have_rows(league: Asker) -> None:
    def games(now: str) -> set[int]:
        return {row["gameId"] for row in league.at(now).stats("skater/summary")["data"]}

    assert games("2026-01-06T02:44Z") == set()
    assert games("2026-01-06T02:45Z") == {tiny.CAR_NJD}
    assert games("2026-01-07T12:00Z") == {tiny.CAR_NJD, tiny.VAN_LAK, tiny.LAK_VAN}
    assert games("2026-01-09T02:45Z") == {tiny.CAR_NJD, tiny.VAN_LAK, tiny.LAK_VAN, tiny.PUT_OFF}


def test_a_summary_row_says_who_where_and_what(league: Asker) -> None:
    body = league.at("2026-01-07T12:00Z").stats("skater/summary", cayenneExp=f"gameId={tiny.CAR_NJD}")
    row = next(r for r in body["data"] if r["playerId"] == tiny.AHO_CAR)
    assert (row["gameDate"], row["homeRoad"], row["teamAbbrev"], row["opponentTeamAbbrev"]) == (
        "2026-01-05",
        "R",
        "CAR",
        "NJD",
    )
    assert (row["skaterFullName"], row["lastName"], row["positionCode"]) == ("Sebastian Aho", "Aho", "C")
    assert (row["goals"], row["assists"], row["points"], row["shots"], row["ppPoints"]) == (2, 1, 3, 5, 2)
    assert (row["timeOnIcePerGame"], row["shootingPct"]) == (1210.0, 0.4)


def test_what_is_not_recorded_is_null_and_never_zero(league: Asker) -> None:
    body = league.at("2026-01-07T12:00Z").stats("skater/summary", cayenneExp=f"playerId={tiny.HUGHES}")
    times = league.stats("skater/timeonice", cayenneExp=f"playerId={tiny.HUGHES}")
    assert (body["data"][0]["ppPoints"], body["data"][0]["evGoals"]) == (None, None)
    assert times["data"][0]["ppTimeOnIce"] is None
    assert times["data"][0]["timeOnIce"] == 1199


def test_zero_is_a_result(league: Asker) -> None:
    body = league.at("2026-01-07T12:00Z").stats("skater/summary", cayenneExp=f"playerId={tiny.SVECHNIKOV}")
    assert (body["data"][0]["shots"], body["data"][0]["ppPoints"]) == (0, 0)
    assert body["data"][0]["shootingPct"] is None


def test_blocks_hits_and_power_play_have_reports_of_their_own(league: Asker) -> None:
    asked = {"cayenneExp": f"playerId={tiny.PETTERSSON_D} and gameDate='2026-01-05'"}
    league.at("2026-01-07T12:00Z")
    assert league.stats("skater/realtime", **asked)["data"][0]["blockedShots"] == 4
    assert league.stats("skater/realtime", **asked)["data"][0]["hits"] == 5
    aho = {"cayenneExp": f"playerId={tiny.AHO_CAR}"}
    assert league.stats("skater/powerplay", **aho)["data"][0]["ppAssists"] == 1
    assert league.stats("skater/timeonice", **aho)["data"][0]["ppTimeOnIce"] == 144


def test_goalies_who_did_not_play_have_no_row(league: Asker) -> None:
    body = league.at("2026-01-07T12:00Z").stats("goalie/summary", cayenneExp='gameDate="2026-01-05"')
    assert {row["playerId"] for row in body["data"]} == {tiny.BUSSI, tiny.ALLEN, tiny.DEMKO, tiny.KUEMPER}
    demko = next(r for r in body["data"] if r["playerId"] == tiny.DEMKO)
    assert (demko["saves"], demko["shotsAgainst"], demko["goalsAgainst"], demko["timeOnIce"]) == (
        23,
        25,
        2,
        3900,
    )
    assert (demko["gamesStarted"], demko["wins"], demko["otLosses"], demko["savePct"]) == (1, 0, 1, 0.92)


@pytest.mark.parametrize(
    ("expression", "games"),
    [
        ('gameDate>="2026-01-06" and gameDate<="2026-01-06 23:59:59"', {tiny.LAK_VAN}),
        ("gameDate>='2026-01-05' AND gameDate<'2026-01-06'", {tiny.CAR_NJD, tiny.VAN_LAK}),
        ("gameDate in ('2026-01-06','2026-01-08')", {tiny.LAK_VAN, tiny.PUT_OFF}),
        ("seasonId=20252026 and gameTypeId=2", {tiny.CAR_NJD, tiny.VAN_LAK, tiny.LAK_VAN, tiny.PUT_OFF}),
        ("seasonId=20252026 and gameTypeId=3", set()),
        (f"gameId={tiny.VAN_LAK}", {tiny.VAN_LAK}),
    ],
)
def test_filters_of_callers_work(league: Asker, expression: str, games: set[int]) -> None:
    body = league.at("2026-01-10T00:00Z").stats("skater/summary", cayenneExp=expression)
    assert {row["gameId"] for row in body["data"]} == games


def test_total_is_the_full_count_and_pages_join_to_the_whole(league: Asker) -> None:
    whole = league.at("2026-01-10T00:00Z").stats("skater/summary")
    pages = [league.stats("skater/summary", start=start, limit=5) for start in (0, 5, 10)]
    assert [len(p["data"]) for p in pages] == [5, 5, 4]
    assert {p["total"] for p in pages} == {whole["total"]} == {14}
    assert [row for p in pages for row in ids(p)] == ids(whole)
    assert league.stats("skater/summary", start=14, limit=5)["data"] == []


def test_limit_zero_is_all_like_minus_one(league: Asker) -> None:
    league.at("2026-01-10T00:00Z")
    assert league.stats("skater/summary", limit=0) == league.stats("skater/summary", limit=-1)


def test_no_page_is_longer_than_the_cap() -> None:
    dataset = tiny.tiny_league()
    many = pd.concat([dataset.skater_games] * 1_000, ignore_index=True)
    with LeagueServer(replace(dataset, skater_games=many)) as server:
        asker = Asker(server)
        first = asker.at("2026-01-10T00:00Z").stats("skater/summary")
        last = asker.stats("skater/summary", start=ROW_CAP)
        asker.close()
    assert (len(first["data"]), len(last["data"]), first["total"]) == (ROW_CAP, 4_000, 14_000)


def test_sort_orders_by_several_properties_with_nulls_last(league: Asker) -> None:
    league.at("2026-01-10T00:00Z")
    sort = '[{"property":"shots","direction":"DESC"},{"property":"playerId","direction":"ASC"}]'
    rows = league.stats("skater/summary", sort=sort)["data"]
    keys = [(-r["shots"], r["playerId"]) for r in rows]
    assert keys == sorted(keys)
    points = [r["ppPoints"] for r in league.stats("skater/summary", sort='[{"property":"ppPoints"}]')["data"]]
    assert points[-1] is None
    assert points[:-1] == sorted(points[:-1])


@pytest.mark.parametrize(
    "params",
    [
        {"isGame": "false"},
        {"isGame": "true", "cayenneExp": "shoeSize=44"},
        {"isGame": "true", "cayenneExp": "gameDate>=soon"},
        {"isGame": "true", "cayenneExp": "or 1"},
        {"isGame": "true", "sort": "hits"},
        {"isGame": "true", "sort": '[{"property":"shoeSize"}]'},
        {"isGame": "true", "limit": "many"},
    ],
)
def test_a_request_that_is_not_understood_is_400_and_says_why(league: Asker, params: dict[str, str]) -> None:
    answer = league.ask(f"{STATS}/skater/summary", params=params)
    assert answer.status_code == 400
    assert len(answer.json()["message"]) > 10


def test_an_unknown_report_is_404(league: Asker) -> None:
    assert league.ask(f"{STATS}/skater/penalties", params={"isGame": "true"}).status_code == 404


def test_the_filter_language_is_read_part_by_part() -> None:
    parsed = parse_cayenne('gameDate>="2026-01-05 00:00:00" and gameTypeId in (2, 3) and gameId!=7')
    assert parsed == [
        Condition("gameDate", ">=", (20260105,)),
        Condition("gameTypeId", "in", (2, 3)),
        Condition("gameId", "!=", (7,)),
    ]
    assert parse_cayenne("  ") == []
    with pytest.raises(FilterError, match="gameId"):
        parse_cayenne("gameId 7")
