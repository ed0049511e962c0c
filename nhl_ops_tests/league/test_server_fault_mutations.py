"""What each mutation does to a vendor's body: over a socket for the league's vendors, by sample for forms to come."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
import requests

from nhl_ops.league.server.faults import FAULTS
from nhl_ops.league.server.faults_exchange import FaultOptions
from nhl_ops.league.server.faults_mutations import MUTATIONS, mutated_body
from nhl_ops.league.server.faults_names import HOSTILE_NAMES, UNKNOWN_PEOPLE
from nhl_ops.league.server.faults_trees import name_slots, objects
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.league import tiny
from nhl_ops_tests.league.asking import CDN, KEY, PLAYNOW
from nhl_ops_tests.league.fault_client import counts, failing, mend
from nhl_ops_tests.league.fault_samples import ODDS_API, ODDSSHARK, PAGE, PARTNER

NOON = tiny.instant("2026-01-05T21:00Z")
PATHS = {
    "A": f"{CDN}?v=1",
    "B": "/unabated-api/market/nhl/props/odds",
    "PLAYNOW": f"{PLAYNOW}/event-list?drilldownTagIds=220&includeChildMarkets=true",
    "SCHEDULE": "/nhl-web/v1/schedule/2026-01-05",
    "ROSTER": "/nhl-web/v1/roster/CAR/current",
}
VENDOR = {"A": "UNABATED", "B": "UNABATED", "PLAYNOW": "PLAYNOW", "SCHEDULE": "NHL", "ROSTER": "NHL"}
NO_MEANING = {
    "A": {"ids_as_ints"},
    "B": {"ids_as_ints", "unknown_player", "hostile_names"},
    "PLAYNOW": {"ids_as_strings", "new_book"},
    "SCHEDULE": {"line_2_25", "ids_as_ints", "new_market_label", "unknown_player", "hostile_names"},
    "ROSTER": set(MUTATIONS) - {"ids_as_strings", "unknown_player", "hostile_names", "duplicate_rows"},
}
"""Kinds that find nothing to change in a body."""
Fetch = Callable[..., bytes]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with LeagueServer(tiny.tiny_league(), now=NOON) as running:
        yield running.url


@pytest.fixture
def ask(url: str) -> Iterator[Fetch]:
    """The body of a form, true or with a fault on every place that the kind can change."""

    def body(form: str, kind: str | None = None, **options: Any) -> bytes:
        if kind is None:
            return requests.get(url + PATHS[form], headers=KEY, timeout=2).content
        if "every" in FAULTS[kind].options:
            options = {"every": 1} | options
        with failing(url, VENDOR[form], kind, **options):
            answer = requests.get(url + PATHS[form], headers=KEY, timeout=2)
            assert answer.status_code == 200
            assert counts(url) in ([(1, 0)], [(0, 1)])
            return answer.content

    yield body
    mend(url)


def values(tree: Any, key: str) -> list[Any]:
    return [item[key] for item in objects(tree) if key in item]


def read(body: bytes) -> Any:
    return orjson.loads(body)


@pytest.mark.parametrize("kind", list(MUTATIONS))
@pytest.mark.parametrize("form", list(PATHS))
def test_a_kind_changes_a_body_or_has_no_meaning_in_it(ask: Fetch, form: str, kind: str) -> None:
    assert (ask(form, kind) == ask(form)) is (kind in NO_MEANING[form])


@pytest.mark.parametrize(
    ("kind", "price"), [("price_0", 0), ("price_50", 50), ("price_minus_99", -99), ("price_99900", 99900)]
)
def test_awkward_prices_stand_in_every_price_field(ask: Fetch, kind: str, price: int) -> None:
    assert {*values(read(ask("A", kind)), "americanPrice"), *values(read(ask("B", kind)), "price")} == {price}
    board = read(ask("PLAYNOW", kind))
    assert set(values(board, "decimal")) == {price}
    assert set(values(board, "numerator")) == {price - 1}
    assert set(values(read(ask("SCHEDULE", kind)), "value")) == {str(price)}


@pytest.mark.parametrize("every", [1, 2, 3])
def test_only_each_so_many_th_place_is_changed(ask: Fetch, every: int) -> None:
    prices = values(read(ask("A", "price_0", every=every)), "americanPrice")
    assert [i for i, price in enumerate(prices) if price == 0] == list(range(0, len(prices), every))


def test_a_quarter_line_stands_in_names_and_handicaps_alike(ask: Fetch) -> None:
    assert set(values(read(ask("A", "line_2_25")), "points")) == {2.25}
    markets = [m for m in objects(read(ask("PLAYNOW", "line_2_25"))) if m.get("handicapValue")]
    assert {m["handicapValue"] for m in markets} == {2.25}
    assert {h for h in values(markets, "handicapLow")} == {"2.25"}
    totals = [m["name"] for m in markets if "Saves" not in m["name"]]
    assert totals
    assert all(name.endswith(" 2.25") for name in totals)


def test_ids_change_their_type_and_nothing_else(ask: Fetch) -> None:
    texts = read(ask("A", "ids_as_strings"))["odds"]["lg6:pt1:pregame"][0]
    assert (texts["eventId"], texts["betTypeId"], texts["periodTypeId"]) == ("104000", "70", "1")
    numbers = read(ask("PLAYNOW", "ids_as_ints"))["data"]["events"][0]
    assert numbers["id"] == numbers["markets"][0]["eventId"] == 11820000


def test_sides_are_swapped(ask: Fetch) -> None:
    true, turned = (
        read(ask("A", kind))["odds"]["lg6:pt1:pregame"][0]["sides"] for kind in (None, "swapped_sides")
    )
    assert turned == {"si1:pid44999": true["si0:pid44999"], "si0:pid44999": true["si1:pid44999"]}
    keyed = [side for side in objects(read(ask("B", "swapped_sides"))) if "marketSourceLines" in side]
    assert {s["marketSourceLines"]["1"]["price"]: s["sideIndex"] for s in keyed[:2]} == {117: 1, -145: 0}
    true, turned = (
        read(ask("PLAYNOW", kind))["data"]["events"][0]["markets"][0] for kind in (None, "swapped_sides")
    )
    assert [o["name"] for o in true["outcomes"]] == ["Over", "Under"]
    assert [(o["name"], o["subType"]) for o in turned["outcomes"]] == [("Under", "L"), ("Over", "H")]
    game = read(ask("SCHEDULE", "swapped_sides"))["gameWeek"][0]["games"][0]
    assert [game[t]["odds"][0]["value"] for t in ("awayTeam", "homeTeam")] == ["+120", "-142"]


def test_a_field_is_renamed_that_of_prices_or_the_one_that_is_named(ask: Fetch) -> None:
    board = read(ask("A", "renamed_field"))
    assert values(board, "americanPrice") == values(board, "price") == []
    assert len(values(board, "americanPriceV2")) > 8
    assert len(values(read(ask("ROSTER", "renamed_field", field="positionCode")), "positionCodeV2")) == 3


def test_markets_and_books_get_names_that_nobody_knows(ask: Fetch) -> None:
    assert set(values(read(ask("A", "new_market_label")), "betTypeId")) == {9999}
    names = [m["name"] for m in objects(read(ask("PLAYNOW", "new_market_label"))) if "outcomes" in m]
    assert all(name.endswith("per Zamboni Ride") for name in names)
    sides = [side for side in objects(read(ask("A", "new_book"))) if any(k.startswith("ms") for k in side)]
    assert all("ms9999" in side for side in sides)
    lines = [
        line for side in values(read(ask("B", "new_book")), "marketSourceLines") for line in [side["9999"]]
    ]
    assert {line["marketSourceId"] for line in lines} == {9999}
    assert set(values(read(ask("SCHEDULE", "new_book")), "providerId")) == {9999}


@pytest.mark.parametrize(
    ("kind", "others"), [("unknown_player", UNKNOWN_PEOPLE), ("hostile_names", HOSTILE_NAMES)]
)
@pytest.mark.parametrize("form", ["A", "PLAYNOW", "ROSTER"])
def test_a_person_gets_the_same_other_name_wherever_he_stands(
    ask: Fetch, form: str, kind: str, others: tuple[str, ...]
) -> None:
    true, changed = (
        [slot.name for slot in name_slots(read(ask(form, k)), VENDOR[form])] for k in (None, kind)
    )
    new = dict(zip(true, changed, strict=False))
    assert changed == [new[name] for name in true]
    assert set(changed) <= set(others)


def test_hostile_names_hold_all_that_is_feared() -> None:
    text = " ".join(HOSTILE_NAMES)
    for feared in (
        "'",
        '"',
        "<script>",
        "&amp;",
        "=1+1",
        "@SUM",
        "DROP TABLE",
        "../",
        "\\",
        "\u202e",
        "\u2066",
    ):
        assert feared in text
    assert any(ord(c) > 0xFFFF for c in text)


def test_rows_come_twice(ask: Fetch) -> None:
    true, doubled = (read(ask("A", kind))["odds"]["lg6:pt1:pregame"] for kind in (None, "duplicate_rows"))
    assert doubled == true + true
    assert len(read(ask("A", "duplicate_rows", every=4))["odds"]["lg6:pt1:pregame"]) == len(true) + 2
    true, doubled = (
        read(ask("B", kind))["data"]["odds"]["nhl"]["periodTypes"]["game"]["pregame"]
        for kind in (None, "duplicate_rows")
    )
    assert [doubled[f"{key}:again"] for key in true] == list(true.values())


def test_a_price_key_comes_twice_with_the_true_price_last(ask: Fetch) -> None:
    body = ask("A", "duplicate_keys")
    assert body.count(b'"americanPrice":1234,"americanPrice":') == len(
        values(read(ask("A")), "americanPrice")
    )
    assert read(body) == read(ask("A"))


def test_nan_and_infinity_are_bare_tokens(ask: Fetch) -> None:
    body = ask("PLAYNOW", "nan_and_infinity")
    for token in (b":NaN,", b":Infinity,", b":-Infinity,"):
        assert b'"decimal"' + token in body
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(body)


def test_tomorrow_s_placeholders_are_the_same_matchup_under_other_ids(ask: Fetch) -> None:
    rows = read(ask("A", "placeholder_events"))["odds"]["lg6:pt1:pregame"]
    true = read(ask("A"))["odds"]["lg6:pt1:pregame"]
    added = rows[len(true) :]
    assert rows[: len(true)] == true
    assert {(r["eventId"], r["eventStart"]) for r in added} == {
        (r["eventId"] + 5_000_000, _day_after(r["eventStart"])) for r in true
    }
    assert added[0]["eventTeams"] == true[0]["eventTeams"]
    first, *_, placeholder = read(ask("PLAYNOW", "placeholder_events"))["data"]["events"]
    assert placeholder["teams"] == first["teams"]
    assert placeholder["startTime"] == "2026-01-07T00:00:00Z"
    assert {m["eventId"] for m in placeholder["markets"]} == {placeholder["id"]} != {first["id"]}
    assert [len(m["outcomes"]) for m in placeholder["markets"]] == [1]


def _day_after(start: str) -> str:
    return (datetime.fromisoformat(start) + timedelta(days=1)).isoformat()


def test_live_prices_are_of_events_that_began_and_are_dated_now(ask: Fetch) -> None:
    rows = read(ask("A", "live_prices"))["odds"]["lg6:pt1:pregame"]
    assert {(r["live"], r["eventStart"], r["statusId"]) for r in rows} == {(True, "2026-01-05T20:30:00", 2)}
    assert set(values(rows, "modifiedOn")) == {"2026-01-05T21:00:00.000"}
    event = read(ask("PLAYNOW", "live_prices"))["data"]["events"][0]
    assert (event["started"], event["liveNow"], event["startTime"]) == (True, True, "2026-01-05T20:30:00Z")
    game = read(ask("SCHEDULE", "live_prices"))["gameWeek"][0]["games"][0]
    assert (game["gameState"], game["startTimeUTC"]) == ("LIVE", "2026-01-05T20:30:00Z")


SAMPLES = {
    "ODDS_API": (ODDS_API, {"ids_as_strings", "ids_as_ints"} | {"placeholder_events"}),
    "ODDSSHARK": (ODDSSHARK, {"ids_as_ints", "new_market_label", "new_book"}),
    "UNABATED": (PARTNER, {"ids_as_ints", "unknown_player", "hostile_names"}),
}


@pytest.mark.parametrize("kind", list(MUTATIONS))
@pytest.mark.parametrize("vendor", list(SAMPLES))
def test_forms_that_the_league_gets_later_are_known(vendor: str, kind: str) -> None:
    sample, no_meaning = SAMPLES[vendor]
    body, count = mutated_body(kind, vendor, orjson.dumps(sample), FaultOptions(every=1), NOON)
    assert (body == orjson.dumps(sample)) is (count == 0) is (kind in no_meaning)


def test_events_of_a_list_at_the_top_have_placeholders_and_can_be_live() -> None:
    listed = orjson.dumps([ODDS_API])
    body, count = mutated_body("placeholder_events", "ODDS_API", listed, FaultOptions(), NOON)
    true, placeholder = orjson.loads(body)
    assert (count, true) == (1, ODDS_API)
    assert placeholder["id"] == ODDS_API["id"][::-1]
    assert placeholder["commence_time"] == "2026-01-07T00:00:00Z"
    body, _ = mutated_body("live_prices", "ODDS_API", listed, FaultOptions(), NOON)
    assert values(orjson.loads(body), "last_update") == ["2026-01-05T21:00:00Z"]


PAGE_TELLS = {
    "price_0": b">0</span>",
    "price_50": b">+50</span>",
    "price_minus_99": b">-99</span>",
    "price_99900": b">+99900</span>",
    "nan_and_infinity": b">Infinity</span>",
    "line_2_25": b">O 2.25</span>",
    "swapped_sides": b'">U 2.5</span><span class="odds-detail">-120',
    "renamed_field": b'class="odds-detail-v2"',
    "new_market_label": b">ZAMBONI RIDES<",
    "new_book": b'alt="Zamboni Book"',
    "unknown_player": b"Zebulon Quackenbush",
    "hostile_names": b"Conor \"The 'Quote'\" O'Neil",
}


@pytest.mark.parametrize("kind", list(PAGE_TELLS))
def test_a_page_of_props_is_changed_where_it_shows_the_thing(kind: str) -> None:
    body, count = mutated_body(kind, "ODDSSHARK", PAGE, FaultOptions(every=1), NOON)
    assert count > 0
    assert PAGE_TELLS[kind] in body
    assert PAGE_TELLS[kind] not in PAGE


def test_rows_of_a_page_come_twice_and_other_kinds_leave_it() -> None:
    body, count = mutated_body("duplicate_rows", "ODDSSHARK", PAGE, FaultOptions(every=1), NOON)
    assert (count, body.count(b'"player-props--row"')) == (1, 2)
    assert mutated_body("ids_as_ints", "ODDSSHARK", PAGE, FaultOptions(), NOON) == (PAGE, 0)
