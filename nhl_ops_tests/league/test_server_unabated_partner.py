"""Unabated's partner API on the league's server: its form, its key, and the same prices as the other forms."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from types import SimpleNamespace

import pandas as pd
import pytest
import uvicorn
from starlette.routing import Mount

from nhl_ops.gateways.http import HttpClient, HttpPolicy
from nhl_ops.gateways.unabated import Form, UnabatedVendor
from nhl_ops.gateways.vendor import Payload, VendorRequest
from nhl_ops.league.server.app import create_app
from nhl_ops.league.server.clock import VirtualClock
from nhl_ops.league.server.league import League
from nhl_ops.league.server.unabated_partner_routes import unabated_partner_routes
from nhl_ops_tests.gateways.wire_samples import payload_of
from nhl_ops_tests.league import tiny
from nhl_ops_tests.league.asking import KEY, Asker

PARTNER = "/unabated-partner"
BOARD = f"{PARTNER}/v2/markets/playerProps"
AHO = 44999
BET_TYPES = {70: "ASSISTS", 73: "POINTS", 86: "SOG", 88: "BLOCKS", 129: "GOALS"}
NOW = "2026-01-05T16:00Z"


@contextmanager
def serving() -> Iterator[str]:
    """The league's application with the partner API mounted, on a free loopback port."""
    dataset = tiny.tiny_league()
    clock = VirtualClock(dataset.anchor_utc)
    app = create_app(dataset, clock)
    app.router.routes.append(Mount(PARTNER, routes=unabated_partner_routes(League(dataset, clock))))
    config = uvicorn.Config(app, port=0, log_level="warning", lifespan="off", ws="none")
    server, listener = uvicorn.Server(config), config.bind_socket()
    listener.listen()
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture(scope="module")
def league() -> Iterator[Asker]:
    with serving() as url:
        asker = Asker(SimpleNamespace(url=url))
        yield asker
        asker.close()


def rows(league: Asker) -> list[dict]:
    return league.json(BOARD, headers=KEY)["propsPeopleEvents"]["lg6:pt1:pregame"]


def captured(league: Asker, form: Form) -> list[Payload]:
    """What the vendor's client brings of a form, over the socket."""
    hosts = {"cdn": "/unabated-cdn", "api": "/unabated-api", "partner": PARTNER}
    vendor = UnabatedVendor(form, league.url + hosts[form], "any", lambda: 1, BET_TYPES)
    with HttpClient(HttpPolicy(max_retries=0)) as http:

        def fetch(request: VendorRequest) -> Payload:
            return payload_of(http.get(request).body, "UNABATED", request.endpoint, request.url)

        return vendor.capture(fetch)


def quotes(payloads: list[Payload]) -> pd.DataFrame:
    """Rows of a capture in the order of their identity; nothing may be rejected."""
    vendor = UnabatedVendor("cdn", "", None, lambda: 1, BET_TYPES)
    parsed = vendor.parse(payloads[-1], payloads[:-1])
    assert [letter.detail for letter in parsed.rejected] == []
    varying = ["payload_hash", "payload_path", "row_number"]
    return parsed.rows.drop(columns=varying).sort_values("quote_id", ignore_index=True)


def test_one_row_a_player_and_event_with_all_bet_types_in_it(league: Asker) -> None:
    league.at(NOW)
    keys = [(row["eventId"], row["personId"]) for row in rows(league)]
    assert len(keys) == len(set(keys)) == 5
    aho = next(row for row in rows(league) if row["personId"] == AHO)
    prices = {
        (source, bet_type): (line["points"], line["americanPrice"])
        for source, held in aho["propsMarketSourcesLines"].items()
        for bet_type, line in held.items()
    }
    assert prices == {
        ("si0:ms1:an0", "bt86"): (2.5, -120),
        ("si1:ms1:an0", "bt86"): (2.5, 100),
        ("si0:ms2:an0", "bt86"): (2.5, -115),
        ("si1:ms2:an0", "bt86"): (2.5, -105),
        ("si0:ms1:an0", "bt70"): (0.5, 117),
        ("si1:ms1:an0", "bt70"): (0.5, -145),
        ("si0:ms1:an0", "bt73"): (0.5, -189),
        ("si1:ms1:an0", "bt73"): (0.5, 150),
        ("si0:ms2:an0", "bt129"): (0.5, 160),
        ("si0:ms49:an0", "bt73"): (0.5, -170),
        ("si1:ms49:an0", "bt73"): (0.5, 160),
    }


def test_ladders_hang_on_the_main_line(league: Asker) -> None:
    league.at(NOW)
    aho = next(row for row in rows(league) if row["personId"] == AHO)
    ladder = aho["propsMarketSourcesLines"]["si0:ms1:an0"]["bt86"]["alternateLines"]
    assert [(rung["alternateNumber"], rung["points"], rung["americanPrice"]) for rung in ladder] == [
        (1, 3.5, 190)
    ]


def test_every_path_wants_a_key_in_the_header_or_the_query(league: Asker) -> None:
    for path in ("markets/playerProps", "players", "teams", "marketSources", "betTypes"):
        url = f"{PARTNER}/v2/{path}"
        assert league.ask(url).status_code == 401
        assert league.ask(url, headers={"x-api-key": ""}).status_code == 401
        assert league.ask(url, headers=KEY).content == league.ask(url, params={"x-api-key": "any"}).content


def test_other_leagues_have_no_props_teams_and_players_here(league: Asker) -> None:
    league.at(NOW)
    assert league.json(BOARD, headers=KEY, params={"leagues": "1,3"}) == {"propsPeopleEvents": {}}
    for name in ("players", "teams"):
        assert league.json(f"{PARTNER}/v2/{name}", headers=KEY, params={"leagues": "3"}) == []
        both = league.json(f"{PARTNER}/v2/{name}", headers=KEY, params={"leagues": "3,6"})
        assert both == league.json(f"{PARTNER}/v2/{name}", headers=KEY)
        assert len(both) >= 4


def test_its_list_of_bet_types_names_all_of_them(league: Asker) -> None:
    listed = league.json(f"{PARTNER}/v2/betTypes", headers=KEY)
    assert {row["id"]: row["name"] for row in listed}[73] == "Points"
    assert {(row["marketTypeId"], *row["leagues"]) for row in listed} == {(3, 6)}


@pytest.mark.parametrize("now", ["2026-01-05T15:00Z", NOW, "2026-01-05T21:00Z", "2026-01-06T01:00Z"])
def test_all_three_forms_carry_the_same_quotes_under_the_same_identity(league: Asker, now: str) -> None:
    league.at(now)
    public, keyed, partner = (quotes(captured(league, form)) for form in ("cdn", "api", "partner"))
    assert public["quote_id"].is_unique
    pd.testing.assert_frame_equal(public, keyed)
    pd.testing.assert_frame_equal(public, partner)


def test_the_same_request_at_the_same_instant_gives_the_same_bytes(league: Asker) -> None:
    first = league.at(NOW).ask(BOARD, headers=KEY).content
    league.at("2026-01-05T23:30Z").ask(BOARD, headers=KEY)
    assert league.at(NOW).ask(BOARD, headers=KEY).content == first


def test_an_empty_board_is_a_board(league: Asker) -> None:
    assert rows(league.at("2026-01-08T00:00Z")) == []
    assert len(quotes(captured(league, "partner"))) == 0
