"""The Odds API over a real socket: what is asked, what it may cost, and what becomes of each refusal."""

import logging
import pickle
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import ValidationError
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from nhl_ops.domain.failures import (
    AccessDenied,
    FailureClass,
    VendorContract,
    VendorDenied,
    VendorErrorBody,
    VendorOutage,
)
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.capture import Capturer
from nhl_ops.gateways.http import HttpClient, HttpPolicy, public_url
from nhl_ops.gateways.odds_api import EVENT_ODDS, EVENTS, PAST_EVENT_LIST, PAST_EVENT_ODDS
from nhl_ops.gateways.odds_api_ask import CreditCapReached, EventsGone, MarketsRefused
from nhl_ops.gateways.odds_api_credits import CreditLedger, FileLedger, region_units
from nhl_ops.gateways.state import State
from nhl_ops.gateways.vendor import Fetch, Payload, VendorRequest
from nhl_ops_tests.gateways.odds_api_samples import book, event, listed, market, over, snapshot
from nhl_ops_tests.gateways.odds_api_vendor import KEY, MARKETS, NOW, MemoryLedger, config, odds_api
from nhl_ops_tests.gateways.wire_samples import payload_of

TODAY = date(2026, 1, 6)
LIST = "/v4/sports/icehockey_nhl/events"
PAST = "/v4/historical/sports/icehockey_nhl/events"
BOARD = [
    listed("tonight", "2026-01-07T00:00:00Z"),
    listed("late", "2026-01-07T03:30:00Z"),
    listed("tomorrow", "2026-01-08T04:59:59Z"),
    listed("started", "2026-01-06T22:30:00Z"),
    listed("overmorrow", "2026-01-08T05:00:00Z"),
    listed("tonight", "2026-01-07T00:00:00Z"),
]
DUE = ["tonight", "late", "tomorrow"]


class Vendor:
    """Answers like the vendor on a socket; `refuse` says which markets it does not know."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("").rstrip("/")
        self.board: Any = BOARD
        self.refuse: Callable[[str], bool] = lambda _: False
        self.status: dict[str, int] = {}
        self.body: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        server.expect_request(re.compile(r"/v4/.*")).respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        self.asked.append((request.path, dict(request.args)))
        place = request.path.removesuffix("/odds").rpartition("/")[2]
        wrong = [m for m in request.args.get("markets", "").split(",") if self.refuse(m)]
        if place in self.status:
            return _json({"message": "no", "error_code": "NO"}, self.status[place])
        if place == "events":
            return _json(snapshot(self.board) if "historical" in request.path else self.board)
        if wrong:
            words = f"Invalid markets: {', '.join(wrong)}"
            return _json({"message": words, "error_code": "INVALID_MARKET"}, 422)
        odds = event(book(*(market(m, over()) for m in request.args["markets"].split(","))), id=place)
        body = self.body.get(place, odds)
        return _json(snapshot(body) if "historical" in request.path else body)

    def events_asked(self) -> list[str]:
        return [path.split("/")[-2] for path, _ in self.asked if path.endswith("/odds")]


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")


@pytest.fixture
def vendor(httpserver: HTTPServer) -> Vendor:
    return Vendor(httpserver)


@pytest.fixture
def fetch() -> Iterator[Fetch]:
    with HttpClient(HttpPolicy(max_retries=0, backoff_sec=0)) as http:

        def get(request: VendorRequest) -> Payload:
            return payload_of(http.get(request).body, "ODDS_API", request.endpoint, public_url(request))

        yield get


def test_the_free_list_comes_first_and_then_each_event_of_today_and_tomorrow_that_has_not_started(
    vendor: Vendor, fetch: Fetch
) -> None:
    payloads = odds_api(f"{vendor.url}/").capture(fetch)
    assert [p.endpoint for p in payloads] == [EVENTS, *[EVENT_ODDS] * 3]
    assert vendor.asked[0] == (LIST, {"dateFormat": "iso", "apiKey": KEY})
    assert vendor.asked[1] == (
        f"{LIST}/tonight/odds",
        {
            "regions": "us",
            "markets": ",".join(MARKETS),
            "oddsFormat": "american",
            "dateFormat": "iso",
            "apiKey": KEY,
        },
    )
    assert vendor.events_asked() == DUE


def test_named_bookmakers_are_asked_for_instead_of_regions(vendor: Vendor, fetch: Fetch) -> None:
    odds_api(vendor.url, bookmakers=("draftkings", "fanduel")).capture(fetch)
    assert vendor.asked[1][1]["bookmakers"] == "draftkings,fanduel"
    assert "regions" not in vendor.asked[1][1]


def test_decimal_prices_come_under_an_endpoint_of_their_own(vendor: Vendor, fetch: Fetch) -> None:
    payloads = odds_api(vendor.url, odds_format="decimal").capture(fetch)
    assert {p.endpoint for p in payloads[1:]} == {"odds_api_event_odds_decimal"}
    assert vendor.asked[1][1]["oddsFormat"] == "decimal"


def test_an_empty_list_is_no_error_and_costs_nothing(vendor: Vendor, fetch: Fetch) -> None:
    vendor.board, ledger = [], MemoryLedger()
    payloads = odds_api(vendor.url, ledger=ledger, daily_credit_cap=0).capture(fetch)
    assert (len(payloads), ledger.spent(TODAY)) == (1, 0)


def test_an_event_id_that_is_no_id_is_never_put_into_a_path(vendor: Vendor, fetch: Fetch) -> None:
    vendor.board = [listed("../../v4/sports"), listed("a/b"), {"id": 3}, "x", *BOARD]
    odds_api(vendor.url).capture(fetch)
    assert vendor.events_asked() == DUE


def test_markets_that_are_answered_are_booked_by_region_and_no_others(vendor: Vendor, fetch: Fetch) -> None:
    vendor.body = {"late": event(book(market("player_points", over()))), "tomorrow": event(book())}
    ledger = MemoryLedger()
    odds_api(vendor.url, ledger=ledger, regions=("us", "us2")).capture(fetch)
    assert ledger.spent(TODAY) == 2 * (3 + 1 + 0)


def test_the_cap_ends_the_asking_and_says_so_when_the_rest_is_there(vendor: Vendor, fetch: Fetch) -> None:
    ledger = MemoryLedger()
    ledger.add(TODAY, 3)
    with pytest.raises(CreditCapReached) as caught:
        odds_api(vendor.url, ledger=ledger, daily_credit_cap=8).capture(fetch)
    assert vendor.events_asked() == ["tonight"]
    assert [p.endpoint for p in caught.value.payloads] == [EVENTS, EVENT_ODDS]
    assert ledger.spent(TODAY) == 6
    assert "2 requests were not made: 6 of the 8 credits of 2026-01-06 are spent" in str(caught.value)
    assert "raise daily_credit_cap in config/vendors.toml [odds_api]" in str(caught.value)
    assert caught.value.failure_class is FailureClass.PERMISSION


def test_the_cap_is_by_eastern_day(vendor: Vendor, fetch: Fetch) -> None:
    ledger = MemoryLedger()
    ledger.add(TODAY - timedelta(days=1), 1_000)
    assert len(odds_api(vendor.url, ledger=ledger, daily_credit_cap=9).capture(fetch)) == 4
    midnight = odds_api(
        vendor.url, ledger=ledger, daily_credit_cap=9, now=NOW + timedelta(hours=6, minutes=29)
    )
    with pytest.raises(CreditCapReached):
        midnight.capture(fetch)


def test_a_refused_market_does_not_drop_the_others(vendor: Vendor, fetch: Fetch) -> None:
    vendor.refuse = {"player_points"}.__contains__
    ledger = MemoryLedger()
    with pytest.raises(MarketsRefused) as caught:
        odds_api(vendor.url, ledger=ledger).capture(fetch)
    asked = [args["markets"].split(",") for _, args in vendor.asked[1:]]
    good = list(MARKETS[1:])
    assert asked == [list(MARKETS), *([m] for m in MARKETS), good, good]
    assert len(caught.value.payloads) == 1 + 2 + 1 + 1
    assert ledger.spent(TODAY) == 2 + 2 + 2
    assert "refused 1 markets: player_points (HTTP 422" in str(caught.value)
    assert "correct markets in config/vendors.toml [odds_api]" in str(caught.value)


def test_when_every_market_is_refused_all_are_named_and_no_event_is_asked_again(
    vendor: Vendor, fetch: Fetch
) -> None:
    vendor.refuse = lambda _: True
    with pytest.raises(MarketsRefused, match="2 more events were not asked") as caught:
        odds_api(vendor.url).capture(fetch)
    assert set(vendor.events_asked()) == {"tonight"}
    assert all(name in str(caught.value) for name in MARKETS)


def test_a_single_market_that_is_refused_is_asked_once(vendor: Vendor, fetch: Fetch) -> None:
    vendor.refuse = lambda _: True
    with pytest.raises(MarketsRefused):
        odds_api(vendor.url, markets=("player_points",)).capture(fetch)
    assert vendor.events_asked() == ["tonight"]


def test_refused_markets_and_a_reached_cap_are_both_told(vendor: Vendor, fetch: Fetch) -> None:
    vendor.refuse = {"player_points"}.__contains__
    with pytest.raises(MarketsRefused, match=r"player_points.*2 requests were not made"):
        odds_api(vendor.url, daily_credit_cap=3).capture(fetch)


def test_an_event_that_is_gone_does_not_drop_the_others(vendor: Vendor, fetch: Fetch) -> None:
    vendor.status = {"late": 404}
    with pytest.raises(EventsGone, match="1 events were gone") as caught:
        odds_api(vendor.url).capture(fetch)
    assert vendor.events_asked() == DUE
    assert len(caught.value.payloads) == 3


@pytest.mark.parametrize(
    ("status", "failure", "transient"),
    [(401, VendorDenied, False), (429, VendorOutage, True), (500, VendorOutage, True)],
)
def test_a_denied_key_and_too_many_requests_are_other_outcomes_than_a_bad_parameter(
    vendor: Vendor, fetch: Fetch, status: int, failure: type[Exception], transient: bool
) -> None:
    vendor.status, ledger = {"late": status}, MemoryLedger()
    with pytest.raises(failure, match=r"apiKey=\*\*\*") as caught:
        odds_api(vendor.url, ledger=ledger).capture(fetch)
    assert type(caught.value) is failure
    assert (caught.value.is_transient, caught.value.status) == (transient, status)
    assert vendor.events_asked() == ["tonight", "late"]
    assert ledger.spent(TODAY) == 3


def test_an_answer_that_never_came_counts_as_paid(vendor: Vendor, fetch: Fetch) -> None:
    def cut(request: VendorRequest) -> Payload:
        if request.endpoint == EVENT_ODDS:
            raise VendorOutage(request.endpoint, "http://vendor", "the answer was cut off")
        return fetch(request)

    ledger = MemoryLedger()
    with pytest.raises(VendorOutage):
        odds_api(vendor.url, ledger=ledger).capture(cut)
    assert ledger.spent(TODAY) == len(MARKETS)


@pytest.mark.parametrize("place", ["events", "tonight"])
def test_a_200_that_carries_an_error_is_no_empty_board(vendor: Vendor, fetch: Fetch, place: str) -> None:
    error = {"message": "backend", "error_code": "INTERNAL"}
    vendor.board, vendor.body = (error if place == "events" else BOARD), {"tonight": error}
    with pytest.raises(VendorErrorBody, match="INTERNAL backend"):
        odds_api(vendor.url).capture(fetch)


def test_a_list_that_is_none_is_a_contract_failure(vendor: Vendor, fetch: Fetch) -> None:
    vendor.board = {"games": []}
    with pytest.raises(VendorContract, match="expected an event"):
        odds_api(vendor.url).capture(fetch)


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_nobody_is_asked(vendor: Vendor, fetch: Fetch, key: str | None) -> None:
    with pytest.raises(AccessDenied, match="set ODDS_API_KEY"):
        odds_api(vendor.url, key=key).capture(fetch)
    assert vendor.asked == []


def test_snapshots_of_the_past_are_asked_at_their_instants_at_ten_times_the_price(
    vendor: Vendor, fetch: Fetch
) -> None:
    ledger = MemoryLedger()
    later = odds_api(vendor.url, ledger=ledger, now=NOW + timedelta(days=30))
    eastern = datetime.fromisoformat("2026-01-06T17:30:00-05:00")
    payloads = later.capture_past(fetch, [NOW - timedelta(days=2), eastern])
    assert [p.endpoint for p in payloads] == [PAST_EVENT_LIST, PAST_EVENT_LIST, *[PAST_EVENT_ODDS] * 3]
    assert vendor.asked[0] == (PAST, {"date": "2026-01-04T22:30:00Z", "dateFormat": "iso", "apiKey": KEY})
    assert vendor.asked[2][0] == f"{PAST}/tonight/odds"
    assert {args["date"] for _, args in vendor.asked[1:]} == {"2026-01-06T22:30:00Z"}
    assert ledger.spent(TODAY + timedelta(days=30)) == 2 * 1 + 3 * 3 * 10


def test_a_snapshot_beyond_the_cap_is_not_asked(vendor: Vendor, fetch: Fetch) -> None:
    with pytest.raises(CreditCapReached, match="1 requests were not made"):
        odds_api(vendor.url, daily_credit_cap=0).capture_past(fetch, [NOW])
    assert vendor.asked == []


def test_a_refusal_in_the_past_does_not_drop_the_other_markets(vendor: Vendor, fetch: Fetch) -> None:
    vendor.refuse = {"player_points"}.__contains__
    with pytest.raises(MarketsRefused) as caught:
        odds_api(vendor.url).capture_past(fetch, [NOW])
    assert len(caught.value.payloads) == 5


def test_what_was_brought_is_archived_though_the_capture_is_incomplete(
    vendor: Vendor, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.refuse = {"player_points"}.__contains__
    state = State(tmp_path / "data" / "state.sqlite")
    with HttpClient(HttpPolicy(max_retries=0)) as http, caplog.at_level(logging.INFO):
        capturer = Capturer(http, Archive(tmp_path), state)
        result = capturer.run("ODDS_API", "2026-01-06", lambda: NOW, odds_api(vendor.url).capture)
    archived = state.payloads_between("ODDS_API", NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert result.outcome is SlateOutcome.REJECTED
    assert "player_points" in (result.error or "")
    assert len(archived) == 5
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(KEY.encode() in path.read_bytes() or KEY in path.name for path in left)
    logged = [r.getMessage() for r in caplog.records if r.name != "werkzeug"]
    assert KEY not in str(logged) + str(result)


def test_the_key_is_in_no_message_and_no_representation(vendor: Vendor, fetch: Fetch) -> None:
    client = odds_api(vendor.url)
    vendor.status = {"tonight": 401}
    with pytest.raises(VendorDenied) as caught:
        client.capture(fetch)
    assert KEY not in str(caught.value) + repr(caught.value) + repr(client)


def test_an_incomplete_capture_travels_between_processes() -> None:
    failure = MarketsRefused("http://vendor", "the vendor refused", "correct it", [payload_of({})])
    assert str(pickle.loads(pickle.dumps(failure))) == str(failure)


@pytest.mark.parametrize(
    "fields",
    [
        {"regions": (), "bookmakers": ()},
        {"regions": ("mars",)},
        {"markets": ()},
        {"markets": ("player points",)},
        {"odds_format": "fraction"},
        {"daily_credit_cap": -1},
        {"daily_cap": 3},
    ],
)
def test_a_wrong_setting_is_an_error(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        config(**fields)


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_ledger_adds_up_by_day(tmp_path: Path, kind: str) -> None:
    ledger: CreditLedger = (
        MemoryLedger() if kind == "memory" else FileLedger(tmp_path / "a" / "c.sqlite", "X")
    )
    ledger.add(TODAY, 30)
    ledger.add(TODAY, -8)
    ledger.add(TODAY + timedelta(days=1), 5)
    assert [ledger.spent(TODAY + timedelta(days=n)) for n in (-1, 0, 1)] == [0, 22, 5]


def test_a_ledger_in_a_file_outlives_its_process_and_keeps_vendors_apart(tmp_path: Path) -> None:
    path = tmp_path / "credits.sqlite"
    FileLedger(path, "ODDS_API").add(TODAY, 7)
    FileLedger(path, "OTHER").add(TODAY, 1)
    assert FileLedger(path, "ODDS_API").spent(TODAY) == 7


@pytest.mark.parametrize(("regions", "books", "units"), [(2, 0, 2), (2, 1, 1), (1, 10, 1), (1, 11, 2)])
def test_ten_named_books_cost_as_much_as_a_region(regions: int, books: int, units: int) -> None:
    assert region_units(regions, books) == units


def test_today_is_the_eastern_date(vendor: Vendor, fetch: Fetch) -> None:
    odds_api(vendor.url, now=datetime(2026, 1, 6, 4, 30, tzinfo=UTC)).capture(fetch)
    assert vendor.events_asked() == ["tonight", "late", "started"]
