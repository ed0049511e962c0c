"""Unabated's board in both forms: the right prices at the right time, and every trap of its format."""

import copy
from collections.abc import Iterator

import pytest

from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.league import tiny
from nhl_ops_tests.league.asking import CDN, KEY, Asker

API = "/unabated-api/market/nhl/props/odds"
AHO = 44999
SOG, ASSISTS, POINTS, GOALS, BLOCKS = 86, 70, 73, 129, 88


@pytest.fixture(scope="module")
def league() -> Iterator[Asker]:
    with LeagueServer(tiny.tiny_league()) as server:
        asker = Asker(server)
        yield asker
        asker.close()


def row(league: Asker, bet_type: int, person: int = AHO) -> dict:
    return next(r for r in league.cdn() if (r["betTypeId"], r["personId"]) == (bet_type, person))


def prices(row: dict, side: int) -> dict[str, tuple[float, int]]:
    lines = row["sides"].get(f"si{side}:pid{row['personId']}", {})
    return {book: (line["points"], line["americanPrice"]) for book, line in lines.items()}


def quotes_on(rows: list[dict]) -> int:
    """Prices on the board, alternates included."""
    return sum(
        1 + len(line["alternateLines"])
        for r in rows
        for lines in r["sides"].values()
        for line in lines.values()
    )


def test_no_price_before_it_was_seen(league: Asker) -> None:
    assert league.at("2026-01-05T14:59:59Z").cdn() == []
    assert len(league.at("2026-01-05T15:00:00Z").cdn()) == 8


def test_side_zero_is_over_and_side_one_under(league: Asker) -> None:
    shots = row(league.at("2026-01-05T15:00Z"), SOG)
    assert prices(shots, 0) == {"ms1": (2.5, -120), "ms2": (2.5, -115)}
    assert prices(shots, 1) == {"ms1": (2.5, 100), "ms2": (2.5, -105)}


def test_a_price_changes_and_goes_when_it_did(league: Asker) -> None:
    assert set(prices(row(league.at("2026-01-05T17:59:59Z"), SOG), 0)) == {"ms1", "ms2"}
    assert prices(row(league.at("2026-01-05T18:00Z"), SOG), 0) == {"ms1": (2.5, -120)}
    assert prices(row(league.at("2026-01-05T20:00Z"), SOG), 0) == {"ms1": (2.5, -130)}


def test_started_games_leave_the_pregame_board(league: Asker) -> None:
    before = {r["eventId"] for r in league.at("2026-01-05T23:59:59Z").cdn()}
    after = {r["eventId"] for r in league.at("2026-01-06T00:00:00Z").cdn()}
    assert len(before) == 3
    assert len(before - after) == 1
    assert league.at("2026-01-07T03:00:00Z").cdn() == []


def test_a_one_sided_market_has_no_under(league: Asker) -> None:
    goals = row(league.at("2026-01-05T16:00Z"), GOALS)
    assert list(goals["sides"]) == [f"si0:pid{AHO}"]


def test_ladders_hang_on_the_main_line(league: Asker) -> None:
    shots = row(league.at("2026-01-05T16:00Z"), SOG)
    over, under = (shots["sides"][f"si{n}:pid{AHO}"]["ms1"] for n in (0, 1))
    assert over["alternateLines"] == [{"points": 3.5, "americanPrice": 190, "marketLineId": 0}]
    assert under["alternateLines"] == []


def test_assists_are_70_and_points_73(league: Asker) -> None:
    names = {t["id"]: t["name"] for t in league.json("/unabated-api/bettype", headers=KEY)["data"]}
    assert (names[70], names[73], names[86], names[88], names[129]) == (
        "Assists",
        "Points",
        "Shots on Goal",
        "Blocked Shots",
        "Goals",
    )
    league.at("2026-01-05T16:00Z")
    assert prices(row(league, 70), 0)["ms1"] == (0.5, 117)
    assert prices(row(league, 73), 0)["ms1"] == (0.5, -189)


def test_cdn_times_have_no_zone_and_are_utc(league: Asker) -> None:
    shots = row(league.at("2026-01-05T16:00Z"), SOG)
    assert shots["eventStart"] == "2026-01-06T00:00:00"
    assert shots["sides"][f"si0:pid{AHO}"]["ms1"]["modifiedOn"] == "2026-01-05T15:00:00.000"


def test_an_unchanged_price_keeps_its_time_and_sequence(league: Asker) -> None:
    def line(now: str) -> dict:
        return row(league.at(now), ASSISTS)["sides"][f"si0:pid{AHO}"]["ms1"]

    assert line("2026-01-05T16:00Z") == line("2026-01-05T21:00Z")
    moved = [
        row(league.at(t), SOG)["sides"][f"si0:pid{AHO}"]["ms1"]
        for t in ("2026-01-05T16:00Z", "2026-01-05T21:00Z")
    ]
    assert moved[0]["sequenceNumber"] < moved[1]["sequenceNumber"]
    assert moved[0]["marketLineId"] == moved[1]["marketLineId"]


def test_side_zero_of_the_event_is_the_away_team(league: Asker) -> None:
    body = league.at("2026-01-05T16:00Z").json(CDN, params={"v": "1"})
    shots = next(r for r in body["odds"]["lg6:pt1:pregame"] if r["betTypeId"] == SOG)
    codes = {side: body["teams"][str(t["id"])]["abbreviation"] for side, t in shots["eventTeams"].items()}
    assert codes == {"0": "CAR", "1": "NJD"}
    assert body["teams"][str(shots["teamId"])]["abbreviation"] == "CAR"
    assert shots["eventName"] == "Hurricanes Carolina CAR @ Devils New Jersey NJD"


def test_people_carry_what_tells_namesakes_apart(league: Asker) -> None:
    people = league.at("2026-01-05T16:00Z").json(CDN, params={"v": "1"})["people"]
    ahos = [p for p in people.values() if p["lastName"] == "Aho"]
    assert {(p["position"], p["birthDate"]) for p in ahos} == {("C", "1997-07-26"), ("D", "1996-02-17")}
    assert people["45003"]["lastName"] == "Pettersson (2004)"


def test_a_person_nobody_knows_has_a_name_and_nulls(league: Asker) -> None:
    points = row(league.at("2026-01-05T16:00Z"), POINTS, person=45005)
    person = league.json(CDN, params={"v": "1"})["people"]["45005"]
    assert (points["teamId"], points["playerPosition"]) == (None, None)
    assert (person["firstName"], person["lastName"], person["birthDate"]) == ("Nobody", "Known", None)


def test_only_people_on_the_board_are_listed(league: Asker) -> None:
    body = league.at("2026-01-06T12:00Z").json(CDN, params={"v": "1"})
    assert set(body["people"]) == {"45002"}


def test_the_file_is_hours_old_without_a_cache_buster(league: Asker) -> None:
    league.at("2026-01-05T17:00Z")
    assert league.json(CDN)["odds"]["lg6:pt1:pregame"] == []
    assert league.json(CDN, params={"t": "9"}) == league.json(CDN, params={"v": "8"})
    fresh = league.ask(CDN, params={"v": "1"}).content
    assert (
        league.at("2026-01-05T20:00Z").ask(CDN).content
        == league.at("2026-01-05T17:00Z").ask(CDN, params={"v": "1"}).content
    )
    assert fresh != league.ask(CDN).content


def test_equal_bytes_are_answered_with_304(league: Asker) -> None:
    tag = league.at("2026-01-05T16:00Z").ask(CDN, params={"v": "1"}).headers["etag"]
    again = league.ask(CDN, params={"v": "2"}, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    changed = league.at("2026-01-05T20:00Z").ask(CDN, params={"v": "3"}, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


def test_the_same_request_at_the_same_instant_gives_the_same_bytes(league: Asker) -> None:
    first = league.at("2026-01-05T16:00Z").ask(CDN, params={"v": "1"}).content
    league.at("2026-01-05T23:30Z").ask(CDN, params={"v": "1"})
    second = league.at("2026-01-05T16:00Z").ask(CDN, params={"v": "2"}).content
    with LeagueServer(tiny.tiny_league()) as other:
        asker = Asker(other)
        third = asker.at("2026-01-05T16:00Z").ask(CDN, params={"v": "3"}).content
        asker.close()
    assert first == second == third


def test_the_api_wants_a_key(league: Asker) -> None:
    for path in (API, "/unabated-api/bettype", "/unabated-api/market/nhl/props/people"):
        refused = league.ask(path)
        assert (refused.status_code, refused.json()["success"]) == (401, False)
    assert league.ask(API, headers={"X-Api-Key": ""}).status_code == 401
    assert league.ask(API, headers=KEY).json()["success"] is True


def test_both_forms_carry_the_same_prices(league: Asker) -> None:
    board = league.at("2026-01-05T16:00Z").cdn()
    markets = league.json(API, headers=KEY)["data"]["odds"]["nhl"]["periodTypes"]["game"]["pregame"].values()

    def lines(rows: list[dict], kind: str, price: str) -> set[tuple]:
        return {
            (r["eventId"], r["betTypeId"], side, book.removeprefix("ms"), line["points"], line[price])
            for r in rows
            for side, held in r["sides"].items()
            for book, line in (held[kind] if kind else held).items()
        }

    assert lines(list(markets), "marketSourceLines", "price") == lines(board, "", "americanPrice")
    assert quotes_on(board) == 20


def test_the_api_writes_zones_bare_ids_and_the_time_of_the_newest_line(league: Asker) -> None:
    data = league.at("2026-01-05T21:00Z").json(API, headers=KEY)["data"]
    key, market = next(iter(data["odds"]["nhl"]["periodTypes"]["game"]["pregame"].items()))
    line = market["sides"][f"si0:pid{AHO}"]["marketSourceLines"]["1"]
    assert key == f"eid{market['eventId']}:bt70:bst0:pt1:pid{AHO}:pregame"
    assert (market["eventStart"], line["modifiedOn"]) == ("2026-01-06T00:00:00Z", "2026-01-05T15:00:00.000Z")
    assert data["lastUpdated"] == int(tiny.instant(tiny.MIDDAY).timestamp() * 1000)
    assert market["eventTeams"]["0"]["sideIndex"] == 0


def test_the_api_filters_by_bet_type(league: Asker) -> None:
    league.at("2026-01-05T16:00Z")
    body = league.json(f"{API}?betTypeId=70&betTypeId=88", headers=KEY)
    markets = body["data"]["odds"]["nhl"]["periodTypes"]["game"]["pregame"].values()
    assert {m["betTypeId"] for m in markets} == {70, 88}
    assert league.ask(f"{API}?betTypeId=shots", headers=KEY).status_code == 400


def test_an_empty_board_is_a_board(league: Asker) -> None:
    body = league.at("2026-01-08T00:00Z").json(CDN, params={"v": "1"})
    assert (body["odds"], body["people"]) == ({"lg6:pt1:pregame": []}, {})
    assert [s["name"] for s in body["marketSources"]] == ["DraftKings", "FanDuel", "Unabated line"]
    assert league.json(API, headers=KEY)["data"]["lastUpdated"] is None


def test_lists_name_sources_teams_and_people(league: Asker) -> None:
    league.at("2026-01-05T16:00Z")
    lists = {
        name: league.json(f"/unabated-api/market/nhl/props/{name}", headers=KEY)["data"]
        for name in ("sources", "teams", "people")
    }
    board = league.json(CDN, params={"v": "1"})
    assert lists["sources"] == board["marketSources"]
    assert lists["teams"] == board["teams"]
    assert copy.deepcopy(lists["people"]) == board["people"]


def test_an_unknown_path_is_404(league: Asker) -> None:
    assert league.ask("/unabated-cdn/markets/v2/league/5/propodds.json").status_code == 404
    assert league.ask("/unabated-api/market/nba/props/odds", headers=KEY).status_code == 404
