"""OddsShark's page and scores as the league serves them, read by the vendor's own client."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from typing import Any

import pandas as pd
import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from nhl_ops.domain.markets import Market
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.oddsshark import OddsSharkVendor
from nhl_ops.gateways.vendor import Parsed, Payload, VendorRequest
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.clock import VirtualClock
from nhl_ops.league.server.league import League
from nhl_ops.league.server.oddsshark import CODES, OddsShark
from nhl_ops.league.server.oddsshark_routes import oddsshark_routes
from nhl_ops_tests.gateways.wire_samples import payload_of
from nhl_ops_tests.league import tiny

NOON = "2026-01-05T16:00Z"
READ = {"GOALS": Market.GOALS, "ASSISTS": Market.ASSISTS, "POINTS": Market.POINTS}
READ |= {"SHOTS ON GOAL": Market.SOG, "BLOCKS": Market.BLOCKS}
OFFERS = ["player_name_raw", "market", "line", "side", "book_name", "price_american"]


class Site:
    """The league's OddsShark over a socket."""

    def __init__(self, dataset: LeagueDataset, port: int) -> None:
        self.clock = VirtualClock(dataset.anchor_utc)
        routes = oddsshark_routes(League(dataset, self.clock))
        self.app = Starlette(routes=[Mount("/oddsshark", routes=routes)])
        self.url = f"http://127.0.0.1:{port}/oddsshark"
        self.session = requests.Session()

    def get(self, path: str, **params: str) -> requests.Response:
        return self.session.get(f"{self.url}/{path}", params=params, timeout=5)

    def scores(self, day: str, at: str = NOON) -> list[dict[str, Any]]:
        self.clock.move_to(tiny.instant(at))
        answer = self.get(f"api/scores/nhl/{day}", _format="json")
        assert answer.headers["content-type"].startswith("application/json")
        return answer.json()["scores"]

    def quotes(self, at: str = NOON) -> Parsed:
        """What the vendor's client makes of a capture."""
        self.clock.move_to(tiny.instant(at))
        vendor = OddsSharkVendor(self.url, lambda: slate_of(self.clock.now()), READ)

        def fetch(request: VendorRequest) -> Payload:
            answer = self.session.get(request.url, params=request.params, timeout=5)
            answer.raise_for_status()
            assert request.accepts in answer.headers["content-type"]
            return replace(
                payload_of(answer.content, "ODDSSHARK", request.endpoint), captured_at_utc=self.clock.now()
            )

        *scores, page = vendor.capture(fetch)
        return vendor.parse(page, scores)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    served = Site(tiny.tiny_league(), listener.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(served.app, log_level="warning", lifespan="off", ws="none"))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield served
    server.should_exit = True
    thread.join(5)
    served.session.close()
    listener.close()


def offers(parsed: Parsed, market: str) -> list[tuple[object, ...]]:
    rows = parsed.rows[parsed.rows["market"] == market]
    return list(rows[OFFERS].itertuples(index=False, name=None))


def test_main_lines_of_the_shown_books_come_back_as_quotes(site: Site) -> None:
    assert offers(site.quotes(), "SOG") == [
        ("Sebastian Aho", "SOG", 2.5, "OVER", "DraftKings", -120),
        ("Sebastian Aho", "SOG", 2.5, "UNDER", "DraftKings", 100),
        ("Sebastian Aho", "SOG", 2.5, "OVER", "FanDuel", -115),
        ("Sebastian Aho", "SOG", 2.5, "UNDER", "FanDuel", -105),
    ]
    assert offers(site.quotes(), "GOALS") == [("Sebastian Aho", "GOALS", 0.5, "OVER", "FanDuel", 160)]


def test_a_price_that_changed_is_shown_at_its_time(site: Site) -> None:
    assert [o[-1] for o in offers(site.quotes("2026-01-05T21:00Z"), "SOG")] == [-130, 110]


def test_a_quote_starts_when_its_game_does_and_names_both_teams(site: Site) -> None:
    aho = site.quotes().rows.iloc[0]
    assert aho["start_time_utc"] == pd.Timestamp(tiny.START[tiny.CAR_NJD])
    assert (aho["away_team_raw"], aho["home_team_raw"], aho["game_date"]) == (
        "Carolina Hurricanes", "New Jersey Devils", "2026-01-05",
    )  # fmt: skip
    assert not site.quotes().rows["is_live"].any()


def test_tomorrows_board_is_found_in_tomorrows_scores(site: Site) -> None:
    quotes = site.quotes("2026-01-05T23:30Z").rows
    assert set(quotes["game_date"]) == {"2026-01-05", "2026-01-06"}


def test_a_game_that_has_started_is_off_the_page(site: Site) -> None:
    assert offers(site.quotes("2026-01-06T00:30Z"), "SOG") == []


def test_namesakes_of_one_team_cannot_be_told_apart(site: Site) -> None:
    parsed = site.quotes()
    assert {letter.rule for letter in parsed.rejected} == {"price_conflict"}
    assert all("Elias Pettersson" in letter.sample for letter in parsed.rejected)
    assert len(parsed.rejected) == 4


def test_names_are_plain_and_codes_are_the_sites_own(site: Site) -> None:
    page = site.get("nhl/odds/player-props").text
    assert "(2004)" not in page
    assert 'class="props-teams">VAN @ LA -<' in page
    assert CODES == {"LAK": "LA", "NJD": "NJ", "SJS": "SJ", "TBL": "TB"}


def test_tabs_are_there_before_anybody_offers_anything(site: Site) -> None:
    assert site.quotes("2026-01-04T12:00Z").seen == 0
    assert site.get("nhl/odds/player-props").text.count("button--tab-primary") == 6


def test_scores_carry_one_books_lines_while_they_stand(site: Site) -> None:
    first, second = site.scores("2026-01-05")
    assert (first["date"], first["total"], first["overPrice"], first["status"]) == (
        1767657600, 6.5, -110, "Scheduled",
    )  # fmt: skip
    teams = first["teams"]
    assert (teams["home"]["moneyLine"], teams["away"]["moneyLine"]) == (120, -142)
    assert teams["home"]["names"] == {
        "name": "New Jersey", "display_name": "New Jersey Devils", "abbreviation": "NJ",
    }  # fmt: skip
    assert (second["total"], second["teams"]["home"]["moneyLine"]) == (None, None)


def test_scores_tell_a_result_only_after_the_end(site: Site) -> None:
    def told(at: str) -> tuple[Any, ...]:
        game = site.scores("2026-01-05", at)[0]
        return game["status"], game["teams"]["home"]["score"], game["teams"]["away"]["score"]

    assert told("2026-01-05T16:00Z") == ("Scheduled", 0, 0)
    assert told("2026-01-06T01:00Z") == ("In Progress", None, None)
    assert told("2026-01-06T03:00Z") == ("Final", 1, 3)


def test_a_postponed_game_says_so_and_keeps_its_id(site: Site) -> None:
    before = {g["id"]: g["status"] for g in site.scores("2026-01-06")}
    after = {g["id"]: g["status"] for g in site.scores("2026-01-08", tiny.RESCHEDULED)}
    moved = set(before) & set(after)
    assert [(before[n], after[n]) for n in moved] == [("Postponed", "Scheduled")]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("api/scores/nhl/2026-01-05", {}),
        ("api/scores/nhl/today", {"_format": "json"}),
        ("api/scores/nhl/2026-13-05", {"_format": "json"}),
    ],
)
def test_other_addresses_are_not_found(site: Site, path: str, params: dict[str, str]) -> None:
    assert site.get(path, **params).status_code == 404


def test_a_recorded_league_has_an_empty_board() -> None:
    dataset = replace(tiny.tiny_league(), name="recorded")
    league = League(dataset, VirtualClock(tiny.instant(NOON)))
    page = OddsShark(dataset, league.games, league.people).page(tiny.instant(NOON)).decode()
    assert (page.count("player-props--container tab"), page.count("player-props--row")) == (6, 0)


def test_names_cannot_bring_markup_of_their_own() -> None:
    dataset = tiny.tiny_league()
    evil = dataset.players.assign(last_name=dataset.players["last_name"].replace("Aho", '</span><script>"'))
    dataset = replace(dataset, players=evil)
    league = League(dataset, VirtualClock(tiny.instant(NOON)))
    page = OddsShark(dataset, league.games, league.people).page(tiny.instant(NOON)).decode()
    assert "<script>" not in page
    assert "Sebastian &lt;/span&gt;&lt;script&gt;&#34;" in page
