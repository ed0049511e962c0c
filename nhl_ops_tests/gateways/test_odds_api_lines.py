"""The Odds API's documents: what becomes of every outcome."""

from collections import Counter
from typing import Any

import pandas as pd
import pytest

from nhl_ops.contracts.odds import raw_quote_table
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.odds_api import EVENT_ODDS, EVENTS, PAST_EVENT_LIST, PAST_EVENT_ODDS, OddsApiVendor
from nhl_ops.gateways.vendor import Parsed
from nhl_ops_tests.fuzz.cases import Sent
from nhl_ops_tests.fuzz.odds_api import counted
from nhl_ops_tests.gateways.odds_api_samples import (
    EVENT_ID,
    UPDATED,
    book,
    event,
    full_event,
    listed,
    market,
    no,
    over,
    snapshot,
    under,
    yes,
)
from nhl_ops_tests.gateways.odds_api_vendor import odds_api
from nhl_ops_tests.gateways.wire_samples import CAPTURED_AT, payload_of, recorded

VENDOR: OddsApiVendor = odds_api("http://vendor")
SPEC = raw_quote_table("raw_odds_api_odds", "The Odds API")
NOT_QUOTED = {"unknown_market": 4}


def parse(body: object, endpoint: str = EVENT_ODDS) -> Parsed:
    return VENDOR.parse(payload_of(body, "ODDS_API", endpoint))


def rules(parsed: Parsed) -> dict[str, int]:
    return dict(Counter(letter.rule for letter in parsed.rejected))


def prices_of(*markets: dict[str, Any], endpoint: str = EVENT_ODDS) -> list[tuple[object, ...]]:
    """(player, market, line, side, American) of a book's markets whose outcomes are all quotes."""
    parsed = parse(event(book(*markets)), endpoint)
    assert rules(parsed) == {}
    columns = ["player_name_raw", "market", "line", "side", "price_american"]
    return list(parsed.rows[columns].itertuples(index=False, name=None))


def test_the_player_is_in_the_description_and_the_side_in_the_name() -> None:
    assert prices_of(market("player_shots_on_goal", over(), under())) == [
        ("Tage Thompson", "SOG", 3.5, "OVER", 105),
        ("Tage Thompson", "SOG", 3.5, "UNDER", -135),
    ]


@pytest.mark.parametrize(
    ("key", "canonical"),
    [
        ("player_points", "POINTS"),
        ("player_assists", "ASSISTS"),
        ("player_goals", "GOALS"),
        ("player_shots_on_goal", "SOG"),
        ("player_blocked_shots", "BLOCKS"),
        ("player_total_saves", "SAVES"),
    ],
)
@pytest.mark.parametrize("ending", ["", "_alternate"])
def test_markets_are_known_by_their_keys_and_alternates_by_their_ending(
    key: str, canonical: str, ending: str
) -> None:
    row = parse(event(book(market(key + ending, over())))).rows.iloc[0]
    assert (row["market"], row["market_raw"], row["is_alternate"]) == (canonical, key + ending, bool(ending))


def test_an_over_without_an_under_stays_alone() -> None:
    ladder = [over(price=price, point=point) for price, point in ((-250, 2.5), (110, 3.5), (260, 4.5))]
    found = prices_of(market("player_shots_on_goal_alternate", *ladder))
    assert [p[2:] for p in found] == [(2.5, "OVER", -250), (3.5, "OVER", 110), (4.5, "OVER", 260)]


def test_a_goal_at_any_time_is_goals_over_and_under_a_half_without_a_line() -> None:
    assert prices_of(market("player_goal_scorer_anytime", yes(), no())) == [
        ("Cole Caufield", "GOALS", 0.5, "OVER", 160),
        ("Cole Caufield", "GOALS", 0.5, "UNDER", -210),
    ]
    assert len(prices_of(market("player_goal_scorer_anytime", yes(point=0.5)))) == 1


@pytest.mark.parametrize(
    "key",
    [
        "player_goal_scorer_first",
        "player_goal_scorer_last",
        "player_power_play_points",
        "player_power_play_points_alternate",
        "player_goal_scorer_anytime_alternate",
        "player_hits",
        "h2h",
    ],
)
def test_other_markets_are_quarantined_and_not_guessed(key: str) -> None:
    parsed = parse(event(book(market(key, over(), yes()))))
    assert (len(parsed.rows), rules(parsed)) == (0, {"unknown_market": 2})


def test_a_quote_carries_all_that_the_document_says() -> None:
    row = parse(event(book(market("player_points", over(point=0.5))))).rows.iloc[0]
    assert (row["source_vendor"], row["event_id_vendor"], row["game_date"]) == (
        "ODDS_API", EVENT_ID, "2026-01-06",
    )  # fmt: skip
    assert row["start_time_utc"] == pd.Timestamp("2026-01-07T00:00:00Z")
    assert (row["home_team_raw"], row["away_team_raw"]) == ("Buffalo Sabres", "Montréal Canadiens")
    assert (row["book_id"], row["book_name"]) == ("draftkings", "DraftKings")
    assert row["market_id_vendor"] == f"{EVENT_ID}:player_points:Tage Thompson"
    assert row["vendor_updated_at_utc"] == pd.Timestamp(UPDATED)
    assert row["captured_at_utc"] == pd.Timestamp(CAPTURED_AT)
    assert row[["player_id_vendor", "player_team_raw", "player_position_raw"]].isna().all()
    assert row["price_decimal"] == pytest.approx(2.05)


def test_decimal_prices_are_read_where_they_were_asked_for() -> None:
    prices = market("player_points", over(price=2.5), under(price=1.52))
    parsed = parse(event(book(prices)), f"{EVENT_ODDS}_decimal")
    assert parsed.rows["price_decimal"].tolist() == [2.5, 1.52]
    assert parsed.rows["price_american"].tolist() == [150, -192]
    assert rules(parse(event(book(prices)))) == {"american_price_below_100": 2}


def test_a_list_of_events_with_odds_is_read_like_one_event() -> None:
    assert parse([full_event(), full_event(id="b")]).seen == 2 * parse(full_event()).seen == 28


def test_in_a_list_with_odds_the_time_may_be_on_the_book() -> None:
    prices = market("player_points", over())
    del prices["last_update"]
    row = parse([event(book(prices, last_update=UPDATED))]).rows.iloc[0]
    assert row["vendor_updated_at_utc"] == pd.Timestamp(UPDATED)


@pytest.mark.parametrize("endpoint", [EVENTS, PAST_EVENT_LIST])
def test_a_list_of_events_holds_no_quotes(endpoint: str) -> None:
    body = [listed(), listed("b")]
    assert parse(snapshot(body) if endpoint == PAST_EVENT_LIST else body, endpoint).seen == 0


@pytest.mark.parametrize(
    "broken", [listed(event_id="../../etc"), listed(start="tonight"), 3, listed(event_id="")]
)
def test_a_listed_event_that_cannot_be_asked_for_is_a_dead_letter(broken: object) -> None:
    assert rules(parse([listed(), broken], EVENTS)) == {"malformed_event": 1}


def test_a_price_of_the_past_counts_as_known_when_its_snapshot_was_taken() -> None:
    rows = parse(snapshot(full_event()), PAST_EVENT_ODDS).rows
    assert set(rows["captured_at_utc"]) == {pd.Timestamp("2026-01-05T16:45:39Z")}
    assert set(rows["capture_date"]) == {"2026-01-05"}
    assert parse(snapshot([full_event()]), PAST_EVENT_ODDS).rows["quote_id"].equals(rows["quote_id"])


def test_no_price_is_known_later_than_it_was_captured() -> None:
    rows = parse(snapshot(full_event(), "2026-01-06T23:30:00Z"), PAST_EVENT_ODDS).rows
    assert set(rows["captured_at_utc"]) == {pd.Timestamp(CAPTURED_AT)}


def test_prices_updated_after_the_start_are_in_play() -> None:
    def is_live(**fields: Any) -> bool:
        return bool(parse(event(book(market("player_points", over(), **fields)))).rows["is_live"].item())

    assert is_live(last_update="2026-01-07T00:00:00Z")
    assert not is_live(last_update="2026-01-06T23:59:59Z")


def test_a_price_without_a_time_is_in_play_when_it_came_after_the_start() -> None:
    prices = book(market("player_points", over(), last_update=None))
    rows = [
        parse(event(prices, commence_time=start)).rows
        for start in ("2026-01-06T22:00:00Z", "2026-01-06T23:00:00Z")
    ]
    assert [bool(r["is_live"].item()) for r in rows] == [True, False]
    assert rows[0]["vendor_updated_at_utc"].isna().all()


def test_a_book_without_markets_is_no_error() -> None:
    assert parse(event(book())).seen == 0
    assert parse(event()).seen == 0


@pytest.mark.parametrize(
    ("outcome", "rule"),
    [
        (over(price=None), "no_price"),
        (over(price=50), "american_price_below_100"),
        (over(price=-99), "american_price_below_100"),
        (over(price=0), "american_price_below_100"),
        (over(price=99900), "price_without_contract"),
        (over(price="105"), "price_not_a_number"),
        (over(point=None), "no_line"),
        (over(point=2.25), "bad_line"),
        (over(point=-0.5), "bad_line"),
        (over(player=None), "no_player_name"),
        (over(player="  "), "no_player_name"),
        (over(name="Yes"), "unknown_outcome"),
        (over(name=["Over"]), "unknown_outcome"),
        ({"name": "Connor McDavid", "description": "Over", "price": 180, "point": 1.5}, "unknown_outcome"),
        ("Over", "malformed_outcome"),
    ],
)
def test_an_outcome_that_is_no_quote_is_a_dead_letter_with_its_rule(outcome: Any, rule: str) -> None:
    parsed = parse(event(book(market("player_points", outcome, over("Cole Caufield", point=0.5)))))
    assert (len(parsed.rows), rules(parsed)) == (1, {rule: 1})
    assert parsed.rejected[0].detail.startswith("$.bookmakers[0].markets[0].outcomes[0]")


def test_a_goal_at_any_time_with_another_line_is_a_conflict() -> None:
    parsed = parse(event(book(market("player_goal_scorer_anytime", yes(point=1.5), over(point=0.5)))))
    assert rules(parsed) == {"line_conflict": 1, "unknown_outcome": 1}


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"sport_key": "icehockey_sweden_hockey_league"}, "other_competition"),
        ({"id": None}, "no_event_id"),
        ({"commence_time": "tonight"}, "bad_start_time"),
    ],
)
def test_every_outcome_of_an_event_that_cannot_be_placed_is_a_dead_letter(
    fields: dict[str, Any], rule: str
) -> None:
    parsed = parse(event(book(market("player_points", over(), under())), **fields))
    assert (len(parsed.rows), rules(parsed)) == (0, {rule: 2})


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (event(bookmakers=None), "malformed_event"),
        (event(book(markets=None)), "malformed_bookmaker"),
        (event(3), "malformed_bookmaker"),
        (event(book(market("player_points", outcomes={}))), "malformed_market"),
        (event(book(market(None, over()))), "malformed_market"),
        (event(book(market("player_points", over()), key=None)), "no_book"),
        (event(book(market("player_points", over(), last_update="soon"))), "bad_vendor_time"),
    ],
)
def test_a_field_that_is_not_there_or_has_another_name_is_never_an_empty_board(
    broken: Any, rule: str
) -> None:
    parsed = parse(broken)
    assert (len(parsed.rows), rules(parsed)) == (0, {rule: 1})


def test_two_namesakes_in_one_market_are_both_kept() -> None:
    names = market("player_points", over("Elias Pettersson", -150), over("Elias Pettersson", 250))
    assert parse(event(book(names))).rows["quote_id"].is_unique


def test_an_unchanged_price_keeps_its_quote_id_until_its_time_or_the_price_moves() -> None:
    def quote_id(price: int, updated: str, title: str) -> str:
        prices = market("player_points", over(price=price), last_update=updated)
        return parse(event(book(prices, title=title))).rows["quote_id"].item()

    first = quote_id(105, UPDATED, "DraftKings")
    assert quote_id(105, UPDATED, "DK") == first
    assert quote_id(110, UPDATED, "DraftKings") != first
    assert quote_id(105, "2026-01-06T22:00:00Z", "DraftKings") != first


def test_an_error_in_a_200_is_one_dead_letter_and_no_empty_board() -> None:
    parsed = parse({"message": "Usage quota has been reached", "error_code": "OUT_OF_USAGE_CREDITS"})
    assert (len(parsed.rows), rules(parsed)) == (0, {"error_body": 1})
    assert "OUT_OF_USAGE_CREDITS Usage quota" in parsed.rejected[0].detail


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b'[{"id":',
        b"3",
        {},
        {"events": []},
        {"timestamp": "2026-01-05T16:45:39Z"},
        {"data": []},
        {"timestamp": "yesterday", "data": []},
        {"timestamp": "2026-01-05T16:45:39Z", "data": 3},
    ],
)
def test_what_is_no_document_of_this_vendor_is_a_contract_failure(body: object) -> None:
    with pytest.raises(VendorContract, match="odds_api_event_odds"):
        parse(body)


def test_rows_meet_the_contract_of_their_table_and_every_outcome_is_accounted_for() -> None:
    parsed = parse(full_event())
    assert violations(SPEC, parsed.rows) == []
    assert (parsed.seen, len(parsed.rows), rules(parsed)) == (14, 10, NOT_QUOTED)


def _list(holder: Any, key: str) -> list[Any]:
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else []


@pytest.mark.parametrize(
    ("name", "accepted", "letters"),
    [
        ("event-odds-nhl-props.transcribed.json", 13, {}),
        ("historical-odds-nhl.transcribed.json", 0, {"unknown_market": 6}),
        ("mock_bad_row_illidus.json", 0, {"unknown_outcome": 2, "no_event_id": 1}),
        ("the_odds_api_v4_icehockey_nhl_h2h_totals_*.json", 0, {"unknown_market": 364}),
    ],
)
def test_recorded_documents_parse_without_loss(name: str, accepted: int, letters: dict[str, int]) -> None:
    body = recorded(f"the_odds_api/{name}")[0].read_bytes()
    parsed = parse(body)
    assert parsed.seen in counted(Sent(body))
    assert (len(parsed.rows), rules(parsed)) == (accepted, letters)
