"""The NHL's web API as the league serves it: nothing before it happened, everything in the NHL's form."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.league import tiny
from nhl_ops_tests.league.asking import Asker

WEB = "/nhl-web/v1"


@pytest.fixture(scope="module")
def league() -> Iterator[Asker]:
    with LeagueServer(tiny.tiny_league()) as server:
        asker = Asker(server)
        yield asker
        asker.close()


def game(league: Asker, game_id: int, first: str = "2026-01-05") -> dict:
    week = league.json(f"{WEB}/schedule/{first}")["gameWeek"]
    return next(g for day in week for g in day["games"] if g["id"] == game_id)


def test_a_week_has_seven_days_and_names_its_neighbours(league: Asker) -> None:
    body = league.at("2026-01-05T12:00Z").json(f"{WEB}/schedule/2026-01-05")
    assert [d["date"] for d in body["gameWeek"]] == [f"2026-01-{n:02d}" for n in range(5, 12)]
    assert [d["dayAbbrev"] for d in body["gameWeek"]][:3] == ["MON", "TUE", "WED"]
    assert (body["previousStartDate"], body["nextStartDate"]) == ("2025-12-29", "2026-01-12")
    assert (body["regularSeasonStartDate"], body["regularSeasonEndDate"]) == ("2026-01-05", "2026-01-08")
    assert body["numberOfGames"] == sum(d["numberOfGames"] for d in body["gameWeek"]) == 4


def test_a_late_western_game_stands_under_its_eastern_date(league: Asker) -> None:
    body = league.at("2026-01-05T12:00Z").json(f"{WEB}/schedule/2026-01-05")
    monday = body["gameWeek"][0]
    assert [g["id"] for g in monday["games"]] == [tiny.CAR_NJD, tiny.VAN_LAK]
    assert monday["games"][1]["startTimeUTC"] == "2026-01-06T03:30:00Z"
    assert monday["games"][1]["easternUTCOffset"] == "-05:00"


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-01-05T23:29:59Z", "FUT"),
        ("2026-01-05T23:30:00Z", "PRE"),
        ("2026-01-06T00:00:00Z", "LIVE"),
        ("2026-01-06T02:44:59Z", "LIVE"),
        ("2026-01-06T02:45:00Z", "FINAL"),
        ("2026-01-06T05:45:00Z", "OFF"),
    ],
)
def test_the_state_of_a_game_follows_the_clock(league: Asker, now: str, state: str) -> None:
    assert game(league.at(now), tiny.CAR_NJD)["gameState"] == state


def test_the_score_shows_when_the_game_has_ended_and_not_before(league: Asker) -> None:
    before = game(league.at("2026-01-06T02:44:59Z"), tiny.CAR_NJD)
    after = game(league.at("2026-01-06T02:45:00Z"), tiny.CAR_NJD)
    assert not {"gameOutcome", "winningGoalie"} & set(before)
    assert "score" not in before["homeTeam"] | before["awayTeam"]
    assert (after["awayTeam"]["score"], after["homeTeam"]["score"]) == (3, 1)
    assert after["gameOutcome"] == {"lastPeriodType": "REG"}
    assert after["winningGoalie"]["playerId"] == tiny.BUSSI


def test_a_shootout_is_named_as_the_last_period(league: Asker) -> None:
    late = game(league.at("2026-01-06T12:00Z"), tiny.VAN_LAK)
    assert late["gameOutcome"] == {"lastPeriodType": "SO"}
    assert (late["awayTeam"]["score"], late["homeTeam"]["score"]) == (2, 3)


def test_a_postponed_game_stays_on_its_date_until_it_is_rescheduled(league: Asker) -> None:
    put_off = game(league.at("2026-01-07T19:59:59Z"), tiny.PUT_OFF)
    assert (put_off["gameScheduleState"], put_off["gameState"]) == ("PPD", "FUT")
    week = league.at("2026-01-07T20:00:00Z").json(f"{WEB}/schedule/2026-01-05")["gameWeek"]
    on = {d["date"]: [g["id"] for g in d["games"]] for d in week}
    assert tiny.PUT_OFF not in on["2026-01-06"]
    assert on["2026-01-08"] == [tiny.PUT_OFF]


def test_a_postponed_game_never_goes_live(league: Asker) -> None:
    assert game(league.at("2026-01-07T01:00Z"), tiny.PUT_OFF)["gameState"] == "FUT"


def test_a_game_that_is_on_becomes_postponed_when_that_is_announced() -> None:
    dataset = tiny.tiny_league()
    games = dataset.games
    on = games.loc[games["game_id"] == tiny.PUT_OFF].iloc[:1].assign(schedule_state="OK")
    games = games.assign(
        state_from_utc=games["state_from_utc"].mask(
            games["schedule_state"] == "PPD", pd.Timestamp("2026-01-06T18:00Z")
        )
    )
    dataset = replace(dataset, games=pd.concat([on, games], ignore_index=True))
    with LeagueServer(dataset) as server:
        asker = Asker(server)
        states = [
            game(asker.at(f"2026-01-06T{at}Z"), tiny.PUT_OFF)["gameScheduleState"]
            for at in ("17:59", "18:00")
        ]
        asker.close()
    assert states == ["OK", "PPD"]


def test_now_redirects_to_the_eastern_date(league: Asker) -> None:
    answer = league.at("2026-01-06T04:00Z").ask(f"{WEB}/schedule/now")
    assert [r.status_code for r in answer.history] == [307]
    assert answer.url.endswith("/schedule/2026-01-05")


def test_partners_quote_american_and_decimal_strings_on_the_day_only(league: Asker) -> None:
    odds = game(league.at("2026-01-05T16:00Z"), tiny.CAR_NJD)
    assert odds["awayTeam"]["odds"] == [
        {"providerId": 9, "value": "-142"},
        {"providerId": 7, "value": "1.67"},
    ]
    assert odds["homeTeam"]["odds"][0] == {"providerId": 9, "value": "+120"}
    assert "odds" not in game(league.at("2026-01-05T14:59Z"), tiny.CAR_NJD)["homeTeam"]
    assert "odds" not in game(league.at("2026-01-06T00:00Z"), tiny.CAR_NJD)["homeTeam"]


def test_score_of_a_day_has_scores_of_ended_games_only(league: Asker) -> None:
    body = league.at("2026-01-06T03:00Z").json(f"{WEB}/score/2026-01-05")
    early, late = body["games"]
    assert (early["awayTeam"]["score"], early["awayTeam"]["sog"]) == (3, 5)
    assert early["homeTeam"]["name"] == {"default": "Devils"}
    assert not {"score", "sog"} & set(late["homeTeam"])
    assert (body["prevDate"], body["currentDate"], body["nextDate"]) == (
        "2026-01-04",
        "2026-01-05",
        "2026-01-06",
    )


@pytest.mark.parametrize("now", ["2026-01-05T12:00Z", "2026-01-06T01:00Z"])
def test_the_boxscore_of_a_game_that_has_not_ended_has_no_statistics(league: Asker, now: str) -> None:
    body = league.at(now).json(f"{WEB}/gamecenter/{tiny.CAR_NJD}/boxscore")
    assert not {"playerByGameStats", "gameOutcome", "clock"} & set(body)
    assert not {"score", "sog"} & set(body["homeTeam"])


def test_the_boxscore_writes_skaters_as_the_nhl_does(league: Asker) -> None:
    body = league.at("2026-01-07T12:00Z").json(f"{WEB}/gamecenter/{tiny.CAR_NJD}/boxscore")
    away = body["playerByGameStats"]["awayTeam"]
    assert set(away) == {"forwards", "defense", "goalies"}
    aho = away["forwards"][0]
    assert (aho["name"], aho["position"], aho["toi"]) == ({"default": "S. Aho"}, "C", "20:10")
    assert (aho["sog"], aho["blockedShots"], aho["powerPlayGoals"], aho["points"]) == (5, 0, 1, 3)
    assert "powerPlayPoints" not in aho
    assert [p["playerId"] for p in body["playerByGameStats"]["homeTeam"]["defense"]] == [tiny.AHO_NJD]


def test_the_boxscore_writes_goalies_as_the_nhl_does(league: Asker) -> None:
    body = league.at("2026-01-07T12:00Z").json(f"{WEB}/gamecenter/{tiny.CAR_NJD}/boxscore")
    backup, starter = body["playerByGameStats"]["homeTeam"]["goalies"]
    assert (starter["saveShotsAgainst"], starter["toi"], starter["starter"]) == ("33/35", "58:20", True)
    assert (starter["decision"], starter["savePctg"]) == ("L", pytest.approx(33 / 35, abs=1e-6))
    assert (backup["playerId"], backup["toi"], backup["saveShotsAgainst"]) == (tiny.BACKUP, "00:00", "0/0")
    assert not {"decision", "savePctg"} & set(backup)


def test_the_current_roster_follows_the_virtual_date(league: Asker) -> None:
    def forwards(now: str, team: str) -> set[int]:
        return {p["id"] for p in league.at(now).json(f"{WEB}/roster/{team}/current")["forwards"]}

    assert tiny.HUGHES in forwards("2026-01-07T04:59Z", "NJD")
    assert tiny.HUGHES not in forwards("2026-01-07T04:59Z", "CAR")
    assert tiny.HUGHES in forwards("2026-01-07T05:00Z", "CAR")
    assert tiny.HUGHES not in forwards("2026-01-07T05:00Z", "NJD")


def test_a_season_roster_shows_no_later_trade(league: Asker) -> None:
    body = league.at("2026-01-06T12:00Z").json(f"{WEB}/roster/CAR/20252026")
    assert {p["id"] for p in body["forwards"]} == {tiny.AHO_CAR, tiny.SVECHNIKOV}
    assert league.json(f"{WEB}/roster/CAR/20242025") == {"forwards": [], "defensemen": [], "goalies": []}


def test_rosters_call_defencemen_otherwise_than_boxscores(league: Asker) -> None:
    body = league.at("2026-01-06T12:00Z").json(f"{WEB}/roster/VAN/current")
    young = body["defensemen"][0]
    assert (young["firstName"], young["lastName"]) == ({"default": "Elias"}, {"default": "Pettersson"})
    assert (young["positionCode"], young["birthDate"], young["sweaterNumber"]) == ("D", "2004-02-16", 25)


def test_what_nobody_knows_of_a_player_is_null_or_left_out(league: Asker) -> None:
    league.at("2026-01-06T12:00Z")
    goalies = {
        p["id"]: p for t in ("CAR", "NJD") for p in league.json(f"{WEB}/roster/{t}/current")["goalies"]
    }
    assert goalies[tiny.BUSSI]["birthDate"] is None
    assert "sweaterNumber" not in goalies[tiny.BACKUP]


@pytest.mark.parametrize(
    "path",
    [
        "/schedule/2026-02-30",
        "/schedule/yesterday",
        "/score/20260105",
        "/gamecenter/2025029999/boxscore",
        "/gamecenter/2025020101/landing",
        "/roster/XXX/current",
        "/roster/CAR/2025",
        "/standings/now",
    ],
)
def test_what_is_not_there_is_404(league: Asker, path: str) -> None:
    assert league.ask(WEB + path).status_code == 404
