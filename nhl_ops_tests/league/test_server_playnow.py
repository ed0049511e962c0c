"""PlayNow's content service: events, market names and prices, in OpenBet's form."""

from collections.abc import Iterator

import pytest

from nhl_ops.domain.markets import Market
from nhl_ops.league.server.playnow_names import NamedMarket, market_name, read_market_name
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.league import tiny
from nhl_ops_tests.league.asking import PLAYNOW, Asker


@pytest.fixture(scope="module")
def league() -> Iterator[Asker]:
    with LeagueServer(tiny.tiny_league()) as server:
        asker = Asker(server)
        yield asker
        asker.close()


def markets(league: Asker) -> dict[str, dict]:
    return {m["name"]: m for event in league.events() for m in event["markets"]}


def prices(market: dict) -> dict[str, float]:
    return {o["name"]: o["prices"][0]["decimal"] for o in market["outcomes"]}


def test_an_event_is_listed_when_it_has_a_price_and_until_it_starts(league: Asker) -> None:
    def names(now: str) -> list[str]:
        return [e["name"] for e in league.at(now).events()]

    assert names("2026-01-05T14:59Z") == []
    assert names("2026-01-05T15:00Z") == ["Carolina Hurricanes at New Jersey Devils"]
    assert names("2026-01-05T23:59Z")[1:] == ["Vancouver Canucks at Los Angeles Kings"]
    assert names("2026-01-06T00:00Z") == ["Vancouver Canucks at Los Angeles Kings"]
    assert names("2026-01-06T12:00Z") == []


def test_without_child_markets_there_are_none(league: Asker) -> None:
    asked = {"drilldownTagIds": "220", "lang": "en-US", "channel": "I"}
    event = league.at("2026-01-05T16:00Z").json(f"{PLAYNOW}/event-list", params=asked)["data"]["events"][0]
    assert "markets" not in event
    assert event["marketCount"] == len(markets(league)) == 7


def test_events_by_ids_answers_those_on_the_board(league: Asker) -> None:
    ids = [e["id"] for e in league.at("2026-01-05T23:00Z").events()]
    asked = {"eventIds": f"{ids[1]},1", "includeChildMarkets": "true"}
    found = league.json(f"{PLAYNOW}/events-by-ids", params=asked)["data"]["events"]
    assert [e["id"] for e in found] == ids[1:]
    assert found == league.events()[1:]


def test_another_competition_has_no_hockey(league: Asker) -> None:
    assert league.at("2026-01-05T16:00Z").events(drilldownTagIds="119") == []


@pytest.mark.parametrize("path", ["event-list", "events-by-ids"])
def test_a_backend_failure_is_http_200_with_errors(league: Asker, path: str) -> None:
    answer = league.ask(f"{PLAYNOW}/{path}")
    assert answer.status_code == 200
    assert answer.json()["data"] is None
    assert answer.json()["errors"][0]["code"] == "DataFetchingException"


def test_shots_are_spelt_two_ways(league: Asker) -> None:
    on_board = markets(league.at("2026-01-05T16:00Z"))
    ladder = on_board["Sebastian Aho (CAR) Total Shots on Goal"]
    total = on_board["Sebastian Aho (CAR) Total Shots On Goal 2.5"]
    assert prices(ladder) == {"1+": 1.03, "2+": 1.33, "3+": 2.1, "4+": 3.4}
    assert prices(total) == {"Over": 2.1, "Under": 1.66}
    assert (ladder["handicapValue"], total["handicapValue"]) == (None, 2.5)
    assert (ladder["subType"], total["subType"]) == ("--", "HL")


def test_goals_list_players_yes_only(league: Asker) -> None:
    on_board = markets(league.at("2026-01-05T16:00Z"))
    assert prices(on_board["Player 1+ Goals"]) == {"Andrei Svechnikov": 2.9, "Sebastian Aho (CAR)": 2.7}
    assert prices(on_board["Player 2+ Goals"]) == {"Sebastian Aho (CAR)": 13.0}


def test_the_line_of_saves_stands_in_the_handicap_alone(league: Asker) -> None:
    saves = markets(league.at("2026-01-05T16:00Z"))["Brandon Bussi Total Saves"]
    assert saves["handicapValue"] == 23.5
    assert [o["prices"][0]["handicapLow"] for o in saves["outcomes"]] == ["23.5", "23.5"]


def test_markets_that_nobody_models_are_there_too(league: Asker) -> None:
    power_play = markets(league.at("2026-01-05T16:00Z"))["Sebastian Aho (CAR) Total Powerplay Points 0.5"]
    assert prices(power_play) == {"Over": 3.2, "Under": 1.28}


def test_fractions_are_the_profit_of_the_decimal_price(league: Asker) -> None:
    for market in markets(league.at("2026-01-05T16:00Z")).values():
        for price in (o["prices"][0] for o in market["outcomes"]):
            assert 1 + price["numerator"] / price["denominator"] == pytest.approx(price["decimal"])
            assert price["priceType"] == "LP"


def test_ids_are_strings_that_stay(league: Asker) -> None:
    def ids(now: str) -> list[tuple[str, str]]:
        event = league.at(now).events()[0]
        assert {m["eventId"] for m in event["markets"]} == {event["id"]}
        return [
            (m["id"], o["id"]) for m in event["markets"] for o in m["outcomes"] if o["marketId"] == m["id"]
        ]

    early = ids("2026-01-05T16:00Z")
    assert early == ids("2026-01-05T23:00Z")
    assert len({outcome for _, outcome in early}) == len(early) == 15
    assert all(isinstance(part, str) for pair in early for part in pair)


def test_sides_are_named(league: Asker) -> None:
    event = league.at("2026-01-05T16:00Z").events()[0]
    assert {t["side"]: t["name"] for t in event["teams"]} == {
        "HOME": "New Jersey Devils",
        "AWAY": "Carolina Hurricanes",
    }
    assert (event["startTime"], event["started"], event["status"]) == (
        "2026-01-06T00:00:00Z",
        False,
        "ACTIVE",
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Player 2+ Goals", NamedMarket(Market.GOALS, line=1.5)),
        ("Jack Hughes Total Points 0.5", NamedMarket(Market.POINTS, player="Jack Hughes", line=0.5)),
        ("Nico Hischier Total Shots on Goal", NamedMarket(Market.SOG, player="Nico Hischier")),
        (
            "K'Andre Miller Total Shots On Goal 1.5",
            NamedMarket(Market.SOG, player="K'Andre Miller", line=1.5),
        ),
        ("Jake Allen Total Saves", NamedMarket(Market.SAVES, player="Jake Allen")),
        ("Brett Pesce Total Blocks 1.5", NamedMarket(Market.BLOCKS, player="Brett Pesce", line=1.5)),
        ("Timo Meier Total Powerplay Points 0.5", NamedMarket("POWER_PLAY_POINTS", "Timo Meier", line=0.5)),
        ("New Jersey Devils First Goalscorer", NamedMarket("FIRST_GOAL", team="New Jersey Devils")),
        (
            "Carolina Hurricanes 1st Period LastGoalscorer",
            NamedMarket("FIRST_PERIOD_LAST_GOAL", team="Carolina Hurricanes"),
        ),
        ("Money Line", None),
        ("Team Total Corners 4.5", None),
    ],
)
def test_market_names_of_event_pages_are_read(name: str, said: NamedMarket | None) -> None:
    assert read_market_name(name) == said


@pytest.mark.parametrize("market", ["POINTS", "ASSISTS", "POWER_PLAY_POINTS", "SOG", "BLOCKS"])
def test_a_name_that_is_written_is_read_back(market: str) -> None:
    written = market_name(market, "Juraj Slafkovský", 1.5, None, is_ladder=False)
    assert read_market_name(written) == NamedMarket(market, player="Juraj Slafkovský", line=1.5)


@pytest.mark.parametrize("market", ["FIRST_GOAL", "LAST_GOAL", "FIRST_PERIOD_LAST_GOAL"])
def test_a_goalscorer_market_names_the_team(market: str) -> None:
    written = market_name(market, "Timo Meier", 0.5, "New Jersey Devils", is_ladder=False)
    assert read_market_name(written) == NamedMarket(market, team="New Jersey Devils")
