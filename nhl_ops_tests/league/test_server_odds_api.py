"""The Odds API v4 as the league speaks it: events, odds, snapshots, refusals and quota, at the virtual time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pandas as pd
import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from nhl_ops.gateways.http import HttpClient, HttpPolicy, public_url
from nhl_ops.gateways.vendor import Payload, VendorRequest
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.clock import VirtualClock
from nhl_ops.league.server.league import League
from nhl_ops.league.server.odds_api_offers import market_key, team_name
from nhl_ops.league.server.odds_api_routes import odds_api_routes
from nhl_ops_tests.gateways.odds_api_vendor import MemoryLedger, odds_api
from nhl_ops_tests.gateways.wire_samples import payload_of
from nhl_ops_tests.league import tiny

NHL = "/v4/sports/icehockey_nhl"
PAST = "/v4/historical/sports/icehockey_nhl"
AFTERNOON = "2026-01-05T16:00:00+00:00"
ALL = ["player_points", "player_assists", "player_shots_on_goal", "player_shots_on_goal_alternate"]
ALL += ["player_goal_scorer_anytime", "player_blocked_shots", "player_goals", "player_total_saves"]


class Asker:
    """A caller with a key of its own."""

    def __init__(self, url: str, clock: VirtualClock) -> None:
        self.url, self.clock = url, clock
        self.key = "any"

    def at(self, now: str) -> "Asker":
        self.clock.move_to(datetime.fromisoformat(now))
        return self

    def ask(self, path: str, **params: str) -> requests.Response:
        return requests.get(self.url + path, params={"apiKey": self.key} | params, timeout=10)

    def json(self, path: str, **params: str) -> Any:
        answer = self.ask(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def event_ids(self) -> list[str]:
        return [event["id"] for event in self.json(f"{NHL}/events")]

    def odds(self, markets: list[str] = ALL, event: int = 0, **params: str) -> Any:
        asked = {"regions": "us", "oddsFormat": "american", "markets": ",".join(markets)}
        return self.json(f"{NHL}/events/{self.event_ids()[event]}/odds", **asked | params)


@contextmanager
def serving(dataset: LeagueDataset, **options: Any) -> Iterator[Asker]:
    clock = VirtualClock(dataset.anchor_utc)
    app = Starlette(routes=[Mount("/odds-api", routes=odds_api_routes(League(dataset, clock), **options))])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off", ws="none"))
    socket = server.config.bind_socket()
    socket.listen()
    thread = Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    try:
        yield Asker(f"http://127.0.0.1:{socket.getsockname()[1]}/odds-api", clock)
    finally:
        server.should_exit = True
        thread.join(10)
        socket.close()


@pytest.fixture(scope="module")
def league() -> Iterator[Asker]:
    with serving(tiny.tiny_league()) as asker:
        yield asker


def prices(body: Any, book: str) -> dict[str, list[tuple[object, ...]]]:
    """Outcomes of a book by market: name, player, price, point."""
    return {
        market["key"]: [
            (o["name"], o.get("description"), o["price"], o.get("point")) for o in market["outcomes"]
        ]
        for found in body["bookmakers"]
        if found["key"] == book
        for market in found["markets"]
    }


def test_sports_and_events_are_free_and_need_a_key(league: Asker) -> None:
    sports = league.ask("/v4/sports")
    assert next(s["key"] for s in sports.json()) == "icehockey_nhl"
    assert sports.headers["x-requests-last"] == "0"
    refused = requests.get(f"{league.url}/v4/sports", timeout=10)
    assert (refused.status_code, refused.json()["error_code"]) == (401, "MISSING_KEY")


def test_events_are_games_that_are_announced_and_not_over(league: Asker) -> None:
    events = league.at(AFTERNOON).json(f"{NHL}/events")
    assert [(e["away_team"], e["home_team"], e["commence_time"]) for e in events] == [
        ("Carolina Hurricanes", "New Jersey Devils", "2026-01-06T00:00:00Z"),
        ("Vancouver Canucks", "Los Angeles Kings", "2026-01-06T03:30:00Z"),
        ("Los Angeles Kings", "Vancouver Canucks", "2026-01-07T03:00:00Z"),
    ]
    assert all(len(e["id"]) == 32 and "bookmakers" not in e for e in events)
    assert len(league.at("2026-01-06T03:00:00+00:00").json(f"{NHL}/events")) == 2


def test_events_can_be_asked_for_by_their_start(league: Asker) -> None:
    window = {"commenceTimeFrom": "2026-01-06T03:30:00Z", "commenceTimeTo": "2026-01-06T12:00:00Z"}
    events = league.at(AFTERNOON).json(f"{NHL}/events", **window)
    assert [e["home_team"] for e in events] == ["Los Angeles Kings"]


def test_a_game_that_is_put_off_comes_back_under_its_id_with_a_new_start(league: Asker) -> None:
    before, after = (league.at(t).json(f"{NHL}/events") for t in (AFTERNOON, "2026-01-07T21:00:00+00:00"))
    assert [e["commence_time"] for e in after] == ["2026-01-09T00:00:00Z"]
    assert after[0]["id"] not in {e["id"] for e in before}
    assert league.json(f"{NHL}/events/{after[0]['id']}/odds", regions="us")["bookmakers"] == []


def test_prices_are_those_of_the_books_by_market_and_american(league: Asker) -> None:
    body = league.at(AFTERNOON).odds()
    assert prices(body, "draftkings") == {
        "player_assists": [("Over", "Sebastian Aho", 117, 0.5), ("Under", "Sebastian Aho", -145, 0.5)],
        "player_points": [("Over", "Sebastian Aho", -189, 0.5), ("Under", "Sebastian Aho", 150, 0.5)],
        "player_shots_on_goal": [("Over", "Sebastian Aho", -120, 2.5), ("Under", "Sebastian Aho", 100, 2.5)],
        "player_shots_on_goal_alternate": [("Over", "Sebastian Aho", 190, 3.5)],
    }
    assert prices(body, "fanduel")["player_goal_scorer_anytime"] == [("Yes", "Sebastian Aho", 160, None)]
    assert [b["key"] for b in body["bookmakers"]] == ["draftkings", "fanduel", "mybookieag"]
    assert body["bookmakers"][-1]["markets"] == []
    assert all("last_update" not in b for b in body["bookmakers"])


def test_decimal_prices_have_two_digits(league: Asker) -> None:
    body = league.at(AFTERNOON).odds(["player_points"], oddsFormat="decimal")
    assert prices(body, "draftkings")["player_points"][0] == ("Over", "Sebastian Aho", 1.53, 0.5)


def test_a_tag_that_tells_namesakes_apart_stays(league: Asker) -> None:
    names = prices(league.at(AFTERNOON).odds(event=1), "draftkings")["player_points"]
    assert {name for _, name, _, _ in names} == {"Elias Pettersson", "Elias Pettersson (2004)"}


def test_a_price_is_as_old_as_the_newest_of_its_market(league: Asker) -> None:
    def updated() -> dict[str, str]:
        book = league.odds()["bookmakers"][0]
        return {m["key"]: m["last_update"] for m in book["markets"]}

    league.at("2026-01-05T21:00:00+00:00")
    assert updated()["player_shots_on_goal"] == "2026-01-05T20:00:00Z"
    assert updated()["player_assists"] == "2026-01-05T15:00:00Z"


def test_prices_go_on_after_the_start_until_the_game_is_over(league: Asker) -> None:
    league.at("2026-01-06T01:10:30+00:00")
    market = league.odds(["player_points"])["bookmakers"][0]["markets"][0]
    assert market["last_update"] == "2026-01-06T01:10:00Z"
    event = league.event_ids()[0]
    over = league.at("2026-01-06T02:45:00+00:00").ask(f"{NHL}/events/{event}/odds", regions="us")
    assert (over.status_code, over.json()["error_code"]) == (404, "EVENT_NOT_FOUND")


def test_featured_markets_are_game_lines_and_no_props(league: Asker) -> None:
    asked = {"regions": "us", "markets": "h2h,totals", "oddsFormat": "american"}
    first = league.at(AFTERNOON).json(f"{NHL}/odds", **asked)[0]
    assert prices(first, "draftkings") == {
        "h2h": [("Carolina Hurricanes", None, -142, None), ("New Jersey Devils", None, 120, None)],
        "totals": [("Over", None, -110, 6.5), ("Under", None, -110, 6.5)],
    }
    assert first["bookmakers"][0]["last_update"] == "2026-01-05T15:00:00Z"
    refused = league.ask(f"{NHL}/odds", regions="us", markets="h2h,player_points")
    assert (refused.status_code, refused.json()["error_code"]) == (422, "INVALID_MARKET")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"regions": "us", "markets": "player_points,player_hits"}, "INVALID_MARKET"),
        ({"markets": "player_points"}, "MISSING_REGION"),
        ({"regions": "mars", "markets": "player_points"}, "INVALID_REGION"),
        ({"regions": "us", "oddsFormat": "fraction"}, "INVALID_ODDS_FORMAT"),
    ],
)
def test_a_bad_parameter_is_refused_with_its_code(league: Asker, params: dict[str, str], code: str) -> None:
    answer = league.at(AFTERNOON).ask(f"{NHL}/events/{league.event_ids()[0]}/odds", **params)
    assert (answer.status_code, answer.json()["error_code"]) == (422, code)
    assert answer.headers["x-requests-last"] == "0"


def test_other_sports_and_events_are_not_found(league: Asker) -> None:
    assert league.ask("/v4/sports/curling/events").json()["error_code"] == "UNKNOWN_SPORT"
    assert league.ask(f"{NHL}/events/0123/odds", regions="us").status_code == 404


@pytest.mark.parametrize(
    "date",
    ["", "2026-01-05", "2026-01-05T16:00:00+00:00", "2026-01-05T16:00:00.000Z", "2026-13-05T16:00:00Z"],
)
def test_the_past_is_asked_for_in_whole_seconds_with_a_z(league: Asker, date: str) -> None:
    answer = league.ask(f"{PAST}/events", date=date)
    assert (answer.status_code, answer.json()["error_code"].endswith("HISTORICAL_TIMESTAMP")) == (422, True)


def test_a_snapshot_is_the_last_one_at_or_before_and_wraps_an_object_or_a_list(league: Asker) -> None:
    league.at("2026-01-08T12:00:00+00:00")
    asked = {"date": "2026-01-05T16:00:00Z", "regions": "us", "markets": "h2h"}
    events, lines = league.json(f"{PAST}/events", **asked), league.json(f"{PAST}/odds", **asked)
    assert [events[k] for k in ("previous_timestamp", "timestamp", "next_timestamp")] == [
        "2026-01-05T15:50:38Z", "2026-01-05T15:55:38Z", "2026-01-05T16:00:38Z",
    ]  # fmt: skip
    one = league.json(f"{PAST}/events/{events['data'][0]['id']}/odds", **asked | {"markets": "player_points"})
    assert (len(events["data"]), len(lines["data"]), one["data"]["id"]) == (3, 3, events["data"][0]["id"])
    assert prices(one["data"], "draftkings")["player_points"][0][2] == 1.53


def test_no_snapshot_is_of_the_future(league: Asker) -> None:
    body = league.at(AFTERNOON).json(f"{PAST}/events", date="2026-02-01T00:00:00Z")
    assert (body["timestamp"], body["next_timestamp"]) == ("2026-01-05T15:55:38Z", None)


def test_props_have_no_history_before_may_2023(league: Asker) -> None:
    asked = {"date": "2023-05-03T05:00:00Z", "regions": "us", "markets": "player_points"}
    answer = league.ask(f"{PAST}/events/{'0' * 32}/odds", **asked)
    assert answer.json()["error_code"] == "HISTORICAL_MARKETS_UNAVAILABLE_AT_DATE"


def test_the_quota_goes_down_by_the_documented_cost_for_each_key(league: Asker) -> None:
    league.at(AFTERNOON).key = "counted"
    event = league.event_ids()[0]
    date = {"date": "2026-01-05T16:00:00Z", "regions": "us,us2", "oddsFormat": "american"}
    props = {"markets": "player_points,player_total_saves"}
    asked: list[tuple[str, dict[str, str], int]] = [
        (f"{NHL}/events", {}, 0),
        (f"{NHL}/events/{event}/odds", {"regions": "us"} | props, 1),
        (f"{NHL}/events/{event}/odds", {"regions": "us,us2"} | props, 2),
        (f"{NHL}/events/{event}/odds", {"bookmakers": "fanduel,betmgm"} | props, 1),
        (f"{NHL}/events/{event}/odds", {"regions": "us", "markets": "player_total_saves"}, 0),
        (f"{NHL}/odds", {"regions": "us", "markets": "h2h,spreads"}, 2),
        (f"{PAST}/events", date, 1),
        (f"{PAST}/odds", date | {"markets": "h2h"}, 20),
        (f"{PAST}/events/{event}/odds", date | props, 20),
    ]
    answers = [league.ask(path, **params) for path, params, _ in asked]
    assert [a.status_code for a in answers] == [200] * len(asked)
    costs = [cost for _, _, cost in asked]
    assert [int(a.headers["x-requests-last"]) for a in answers] == costs
    used = [int(a.headers["x-requests-used"]) for a in answers]
    assert used == [sum(costs[: n + 1]) for n in range(len(costs))]
    assert {int(a.headers["x-requests-remaining"]) + u for a, u in zip(answers, used, strict=True)} == {
        5_000_000
    }
    league.key = "any"


def test_a_spent_quota_is_a_401_and_lists_stay_free() -> None:
    with serving(tiny.tiny_league(), quota=1) as league:
        league.at(AFTERNOON).odds(["player_points"])
        refused = league.ask(f"{NHL}/odds", regions="us")
        assert (refused.status_code, refused.json()["error_code"]) == (401, "OUT_OF_USAGE_CREDITS")
        assert refused.headers["x-requests-remaining"] == "0"
        assert len(league.event_ids()) == 3


def test_a_recorded_league_has_events_and_no_prices() -> None:
    with serving(replace(tiny.tiny_league(), name="recorded")) as league:
        body = league.at(AFTERNOON).odds()
        assert (body["home_team"], body["bookmakers"]) == ("New Jersey Devils", [])


def test_names_are_spelt_as_this_vendor_does() -> None:
    assert team_name("St. Louis Blues") == "St Louis Blues"
    assert team_name("Montréal Canadiens") == "Montréal Canadiens"


def test_a_yes_only_goal_is_a_market_of_its_own() -> None:
    assert market_key("GOALS", 0.5, is_alternate=False, one_sided=True) == "player_goal_scorer_anytime"
    assert market_key("GOALS", 0.5, is_alternate=False, one_sided=False) == "player_goals"
    assert market_key("GOALS", 1.5, is_alternate=True, one_sided=True) == "player_goals_alternate"


def test_fanduel_drops_accents_and_the_others_do_not() -> None:
    dataset = tiny.tiny_league()
    first = dataset.quotes[dataset.quotes["game_id"] == tiny.VAN_LAK].iloc[[0]]
    kopitar = first.assign(player_id=tiny.KOPITAR, player_name="Anze Kopitar")
    quotes = pd.concat([kopitar.assign(book_id=book_id) for book_id in ("1", "2")], ignore_index=True)
    with serving(replace(dataset, quotes=quotes.astype(dataset.quotes.dtypes))) as league:
        body = league.at("2026-01-05T23:00:00+00:00").odds(event=1)
    names = {b["key"]: m["outcomes"][0]["description"] for b in body["bookmakers"] for m in b["markets"]}
    assert names == {"draftkings": "Anže Kopitar", "fanduel": "Anze Kopitar"}


def test_the_client_reads_the_whole_board_without_loss_and_books_what_the_headers_say(league: Asker) -> None:
    league.at(AFTERNOON)
    ledger = MemoryLedger()
    client = odds_api(league.url, ledger=ledger, now=league.clock.now(), markets=tuple(ALL))
    charged = []
    with HttpClient(HttpPolicy(max_retries=0)) as http:

        def fetch(request: VendorRequest) -> Payload:
            answer = http.get(request)
            charged.append(int(answer.headers["x-requests-last"]))
            return payload_of(answer.body, "ODDS_API", request.endpoint, public_url(request))

        now_payloads = client.capture(fetch)
        assert sum(charged) == ledger.spent(league.clock.now().date()) > 0
        past = odds_api(league.url, now=league.clock.now(), markets=tuple(ALL))
        past_payloads = past.capture_past(fetch, [league.clock.now() - timedelta(minutes=4)])
    for payloads in (now_payloads, past_payloads):
        parsed = [client.parse(p) for p in payloads]
        assert sum(len(p.rejected) for p in parsed) == 0
        assert sum(len(p.rows) for p in parsed) == 18
    assert not any(p.rows["is_live"].any() for p in parsed)
