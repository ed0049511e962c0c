"""The NHL's partner game as the league serves it, and what its own parser makes of it."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from nhl_ops.gateways.nhl_game_odds import PARTNER_GAME, Config, NhlGameOdds, parse_partner_game
from nhl_ops.league.server.clock import VirtualClock
from nhl_ops.league.server.league import League
from nhl_ops.league.server.partner_game_routes import partner_game_routes
from nhl_ops_tests.gateways.wire_samples import payload_of
from nhl_ops_tests.league import tiny

WEB = "/nhl-web/v1"
AFTERNOON = tiny.instant("2026-01-05T20:30Z")


class Partner:
    """A client of the served path."""

    def __init__(self, url: str, clock: VirtualClock) -> None:
        self.odds = NhlGameOdds(url + WEB, Config(partner_countries=("US", "CA"), stale_after_hours=24))
        self.url = url
        self.clock = clock

    def ask(self, country: str = "US", now: str = "2026-01-05T20:30Z", **options: Any) -> requests.Response:
        self.clock.move_to(tiny.instant(now))
        return requests.get(f"{self.url}{WEB}/partner-game/{country}/now", timeout=5, **options)


@pytest.fixture(scope="module")
def partner() -> Iterator[Partner]:
    clock = VirtualClock(AFTERNOON)
    routes = [Mount(WEB, routes=partner_game_routes(League(tiny.tiny_league(), clock)))]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(Starlette(routes=routes), log_level="warning", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield Partner(f"http://127.0.0.1:{listener.getsockname()[1]}", clock)
        server.should_exit = True
        thread.join(10)


def test_each_country_has_its_own_partner(partner: Partner) -> None:
    named = {c: partner.ask(c).json()["bettingPartner"] for c in ("US", "CA")}
    assert {c: (p["partnerId"], p["name"], p["country"]) for c, p in named.items()} == {
        "US": (9, "DraftKings", "USA"),
        "CA": (7, "FanDuel", "CAN"),
    }


@pytest.mark.parametrize("country", ["FI", "us", "XX"])
def test_another_country_is_not_found(partner: Partner, country: str) -> None:
    assert partner.ask(country).status_code == 404


def test_a_game_has_its_moneyline_and_total_as_american_floats(partner: Partner) -> None:
    (game,) = partner.ask().json()["games"]
    assert (game["gameId"], game["startTimeUTC"]) == (tiny.CAR_NJD, "2026-01-06T00:00:00Z")
    odds = {team: game[team]["odds"] for team in ("homeTeam", "awayTeam")}
    assert odds["homeTeam"] == [
        {"description": "MONEY_LINE_2_WAY", "value": 120.0, "qualifier": ""},
        {"description": "OVER_UNDER", "value": -110.0, "qualifier": "U6.5"},
    ]
    assert [o["value"] for o in odds["awayTeam"]] == [-142.0, -110.0]
    assert odds["awayTeam"][1]["qualifier"] == "O6.5"
    assert (game["homeTeam"]["abbrev"], game["homeTeam"]["id"]) == ("NJD", 1)


@pytest.mark.parametrize(
    ("now", "games"),
    [
        ("2026-01-05T14:59:59Z", 0),
        ("2026-01-05T15:00:00Z", 1),
        ("2026-01-05T23:59:59Z", 1),
        ("2026-01-06T00:00:00Z", 0),
        ("2026-01-08T12:00:00Z", 0),
    ],
)
def test_prices_stand_from_their_time_to_the_start(partner: Partner, now: str, games: int) -> None:
    assert len(partner.ask(now=now).json()["games"]) == games


def test_the_snapshot_says_when_its_newest_price_came(partner: Partner) -> None:
    body = partner.ask().json()
    assert (body["currentOddsDate"], body["lastUpdatedUTC"]) == ("2026-01-05", "2026-01-05T15:00:00Z")
    assert partner.ask(now="2026-01-05T10:00Z").json()["lastUpdatedUTC"] == "2026-01-05T05:00:00Z"


def test_an_unchanged_snapshot_is_not_sent_again(partner: Partner) -> None:
    tag = partner.ask().headers["etag"]
    assert partner.ask(now="2026-01-05T21:00Z", headers={"If-None-Match": tag}).status_code == 304


def test_what_is_served_is_parsed_without_loss(partner: Partner) -> None:
    for request in partner.odds.partner_games():
        answer = requests.get(request.url, timeout=5)
        payload = payload_of(answer.content, "NHL", PARTNER_GAME, request.url)
        parsed = parse_partner_game(payload, timedelta(hours=48))
        assert parsed.rejected == ()
        assert len(parsed.rows) == answer.content.count(b'"qualifier"')
