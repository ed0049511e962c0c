"""The control path and the server's life."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import requests

from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.league import tiny
from nhl_ops_tests.league.asking import Asker

CLOCK = "/__league__/clock"


@pytest.fixture
def league() -> Iterator[Asker]:
    with LeagueServer(tiny.tiny_league()) as server:
        asker = Asker(server)
        yield asker
        asker.close()


def test_it_begins_at_the_anchor_unless_told_otherwise(league: Asker) -> None:
    assert league.json(CLOCK) == {"now": "2026-01-06T22:30:00+00:00", "ticking": False}
    with LeagueServer(tiny.tiny_league(), now=tiny.instant("2026-01-05T12:00Z")) as server:
        asker = Asker(server)
        assert asker.json(CLOCK)["now"] == "2026-01-05T12:00:00+00:00"
        asker.close()


def test_the_clock_is_moved_by_a_post(league: Asker) -> None:
    answer = league.session.post(league.url + CLOCK, json={"now": "2026-01-05T10:00:00-05:00"}, timeout=5)
    assert answer.json() == {"now": "2026-01-05T15:00:00+00:00", "ticking": False}
    assert league.json(CLOCK) == answer.json()


def test_the_clock_ticks_and_stands_again(league: Asker) -> None:
    def post(**body: object) -> dict:
        return league.session.post(league.url + CLOCK, json=body, timeout=5).json()

    started = post(ticking=True)
    moved = post(now="2026-01-05T15:00:00Z")
    assert (started["ticking"], moved["ticking"]) == (True, True)
    passed = datetime.fromisoformat(moved["now"]) - tiny.instant("2026-01-05T15:00Z")
    assert timedelta(0) <= passed < timedelta(seconds=5)
    stopped = post(ticking=False)
    assert stopped == league.json(CLOCK)
    assert stopped["now"] > "2026-01-05T15:00:00"


@pytest.mark.parametrize(
    "body", [b"soon", b"[", b"5", b'{"now": "2026-01-05T15:00:00"}', b'{"now": "x"}', b'{"now": 5}']
)
def test_a_bad_clock_setting_is_refused_and_changes_nothing(league: Asker, body: bytes) -> None:
    answer = league.session.post(league.url + CLOCK, data=body, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("clock not set")
    assert league.json(CLOCK) == {"now": "2026-01-06T22:30:00+00:00", "ticking": False}


def test_capture_times_are_the_instants_at_which_a_slate_changed(league: Asker) -> None:
    body = league.json("/__league__/capture-times", params={"slate": "2026-01-05"})
    assert [t[11:16] for t in body["capture_times"]] == ["15:00", "20:00", "22:00"]
    assert league.json("/__league__/capture-times", params={"slate": "2026-01-20"}) == {"capture_times": []}
    assert league.ask("/__league__/capture-times", params={"slate": "today"}).status_code == 400


def test_health_says_which_league_it_is(league: Asker) -> None:
    body = league.json("/__league__/health")
    assert (body["name"], body["first_slate"], body["last_slate"]) == ("tiny", "2026-01-05", "2026-01-08")
    assert body["anchor_utc"] == body["now"] == "2026-01-06T22:30:00+00:00"
    assert body["figures"]["teams"] == 4


def test_it_listens_on_loopback_only_and_frees_its_port() -> None:
    server = LeagueServer(tiny.tiny_league()).start()
    host, port = server.url.removeprefix("http://").split(":")
    assert host == "127.0.0.1"
    server.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}{CLOCK}", timeout=2)
    server.stop()
    with LeagueServer(tiny.tiny_league(), port=int(port)) as again:
        assert again.url.endswith(f":{port}")


def test_a_taken_port_is_an_error_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        LeagueServer(tiny.tiny_league(), port=taken.getsockname()[1]).start()


def test_a_server_that_is_not_running_has_no_address() -> None:
    with pytest.raises(RuntimeError, match="start"):
        _ = LeagueServer(tiny.tiny_league()).url


def test_a_running_server_is_not_started_twice(league: Asker) -> None:
    with LeagueServer(tiny.tiny_league()) as server, pytest.raises(RuntimeError, match="already"):
        server.start()


def test_a_league_without_prices_has_empty_boards() -> None:
    dataset = tiny.tiny_league()
    with LeagueServer(replace(dataset, quotes=dataset.quotes.iloc[:0])) as server:
        asker = Asker(server)
        assert asker.cdn() == asker.events() == []
        assert asker.json("/__league__/capture-times", params={"slate": "2026-01-05"}) == {
            "capture_times": []
        }
        asker.close()


def test_an_unknown_path_is_404(league: Asker) -> None:
    assert league.ask("/somewhere/else").status_code == 404
