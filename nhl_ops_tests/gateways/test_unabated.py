"""Unabated: requests of both forms, and what becomes of every price on a board."""

import time
from collections import Counter
from typing import Any

import pandas as pd
import pytest

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import AccessDenied, VendorContract, VendorErrorBody
from nhl_ops.gateways.unabated import KEYED_BOARD, PUBLIC_BOARD, UnabatedVendor
from nhl_ops.gateways.vendor import Parsed
from nhl_ops_tests.gateways.unabated_samples import (
    BET_TYPES,
    board,
    companions,
    event,
    full_board,
    keyed_board,
    line,
)
from nhl_ops_tests.gateways.wire_samples import CAPTURED_AT, answering, payload_of, recorded

NOW_MS = 1_767_900_000_000
CDN = UnabatedVendor("cdn", "http://cdn/", None, lambda: NOW_MS, BET_TYPES)
API = UnabatedVendor("api", "http://api", "a-key", lambda: NOW_MS, BET_TYPES)


def parse(body: object) -> Parsed:
    return CDN.parse(payload_of(body, "UNABATED", PUBLIC_BOARD))


def parse_keyed(body: object) -> Parsed:
    beside = [payload_of(b, "UNABATED", endpoint) for endpoint, b in companions().items()]
    return API.parse(payload_of(body, "UNABATED", KEYED_BOARD), beside)


def only_row(body: object) -> pd.Series:
    parsed = parse(body)
    assert (len(parsed.rows), [r.rule for r in parsed.rejected]) == (1, [])
    return parsed.rows.iloc[0]


def rules(parsed: Parsed) -> dict[str, int]:
    return dict(Counter(letter.rule for letter in parsed.rejected))


def test_trap_1_side_0_is_over_and_side_1_is_under() -> None:
    rows = parse(board(event({"ms1": line(price=-120)}, {"ms1": line(price=105)}))).rows
    assert dict(zip(rows["side"], rows["price_american"], strict=True)) == {"OVER": -120, "UNDER": 105}


def test_trap_1_team_0_is_away_and_team_1_is_home() -> None:
    row = only_row(board(event({"ms1": line()})))
    assert (row["away_team_raw"], row["home_team_raw"], row["player_team_raw"]) == ("DAL", "CAR", "CAR")


@pytest.mark.parametrize(
    ("bet_type", "market"), [(70, "ASSISTS"), (73, "POINTS"), (86, "SOG"), (88, "BLOCKS")]
)
def test_trap_2_bet_type_70_is_assists_and_73_is_points(bet_type: int, market: str) -> None:
    row = only_row(board(event({"ms1": line(0.5)}, betTypeId=bet_type)))
    assert (row["market"], row["market_raw"]) == (market, str(bet_type))


def test_trap_2_prices_that_make_assists_likelier_than_points_stop_the_parse() -> None:
    def of(price: int, bet_type: int) -> list[dict[str, Any]]:
        books = {f"ms{n}": line(0.5, price, marketId=bet_type) for n in range(1, 7)}
        return [event(books, betTypeId=bet_type)]

    sound = parse(board(*of(117, 70), *of(-189, 73)))
    assert len(sound.rows) == 12
    with pytest.raises(VendorContract, match="assists priced likelier than points in 6 of 6 pairs"):
        parse(board(*of(-189, 70), *of(117, 73)))


def test_trap_3_times_without_a_zone_are_utc() -> None:
    row = only_row(board(event({"ms1": line()}, eventStart="2026-01-07T00:00:00")))
    assert row["start_time_utc"] == pd.Timestamp("2026-01-07T00:00:00Z")
    assert row["vendor_updated_at_utc"] == pd.Timestamp("2026-01-06T19:02:11.123Z")


def test_trap_10_the_game_date_is_the_eastern_date_of_the_start() -> None:
    row = only_row(board(event({"ms1": line()}, eventStart="2026-01-07T02:30:00+00:00")))
    assert (row["game_date"], row["capture_date"]) == ("2026-01-06", "2026-01-06")


def test_trap_4_the_public_board_is_asked_for_with_a_cache_buster() -> None:
    fetch, asked = answering({"odds": {}})
    payloads = CDN.capture(fetch)
    assert [p.endpoint for p in payloads] == [PUBLIC_BOARD]
    assert asked[0].url == "http://cdn/markets/v2/league/6/propodds.json"
    assert (asked[0].params, asked[0].volatile) == ({}, {"v": str(NOW_MS)})
    assert asked[0].headers["Origin"] == "https://unabated.com"


def test_the_keyed_form_asks_who_is_who_first_and_keeps_the_key_in_a_secret_header() -> None:
    fetch, asked = answering(*companions().values(), keyed_board())
    payloads = API.capture(fetch)
    assert [p.endpoint for p in payloads] == [*API.companion_endpoints, KEYED_BOARD]
    assert asked[-1].url == "http://api/market/nhl/props/odds"
    assert {tuple(request.secret.items()) for request in asked} == {(("X-Api-Key", "a-key"),)}
    assert not any(request.params or request.volatile for request in asked)


def test_the_keyed_form_without_a_key_says_what_to_set() -> None:
    fetch, asked = answering()
    vendor = UnabatedVendor("api", "http://api", None, lambda: NOW_MS, BET_TYPES)
    with pytest.raises(AccessDenied, match="set UNABATED_API_KEY"):
        vendor.capture(fetch)
    assert asked == []


def test_a_200_without_success_is_an_outage_with_the_vendors_words() -> None:
    fetch, _ = answering({"success": False, "data": None, "messages": ["snapshot is not ready"]})
    with pytest.raises(VendorErrorBody, match="snapshot is not ready"):
        API.capture(fetch)


def test_an_archived_error_body_is_one_dead_letter() -> None:
    assert rules(parse_keyed({"success": False, "messages": ["down"]})) == {"error_body": 1}


def test_a_quote_carries_all_that_the_board_says() -> None:
    row = only_row(board(event({"ms2": line(1.5, 142)})))
    assert row["source_vendor"] == "UNABATED"
    assert row["captured_at_utc"] == pd.Timestamp(CAPTURED_AT)
    assert (row["event_id_vendor"], row["market_id_vendor"], row["row_number"]) == ("104900", "55500011", 0)
    assert (row["player_id_vendor"], row["player_name_raw"]) == ("44999", "Sébastien Håkan")
    assert (row["player_position_raw"], row["player_birth_date"]) == ("C", "1997-07-26")
    assert (row["book_id"], row["book_name"], row["line"]) == ("2", "FanDuel", 1.5)
    assert (row["price_american"], row["price_decimal"]) == (142, 2.42)
    assert (row["is_live"], row["is_alternate"]) == (False, False)


def test_rows_meet_the_contract_of_their_table() -> None:
    assert violations(RAW_QUOTES["UNABATED"], parse(full_board()).rows) == []


def test_a_line_without_a_book_is_a_dead_letter() -> None:
    assert rules(parse(board(event({"ms": line()})))) == {"no_book": 1}


def test_every_price_is_a_row_or_a_dead_letter() -> None:
    parsed = parse(full_board())
    assert (parsed.seen, len(parsed.rows), rules(parsed)) == (8, 7, {"no_price": 1})


def test_alternate_lines_are_rows_of_their_own_with_the_time_of_the_line_that_carries_them() -> None:
    rows = parse(full_board()).rows
    alternate = rows[rows["is_alternate"]].iloc[0]
    assert (alternate["line"], alternate["price_american"], alternate["side"]) == (3.5, 190, "OVER")
    assert alternate["vendor_updated_at_utc"] == pd.Timestamp("2026-01-06T19:02:11.123Z")


def test_an_alternate_line_that_says_nothing_of_its_own_has_the_lines_market_book_and_time() -> None:
    nulls = dict.fromkeys(("marketId", "marketSourceId", "statusId", "sequenceNumber", "modifiedOn"))
    carrier = line(alternateLines=[{"points": 3.5, "americanPrice": 190, **nulls}])
    rows = parse(board(event({"ms1": carrier}))).rows
    shared = ["market_id_vendor", "book_id", "vendor_updated_at_utc"]
    assert len(rows) == 2
    assert rows[shared].nunique().tolist() == [1, 1, 1]


def test_both_forms_of_a_board_give_the_same_rows() -> None:
    events = full_board()["odds"]["lg6:pt1:pregame"]
    columns = [c for c in RAW_QUOTES["UNABATED"].column_names if c not in {"payload_hash", "payload_path"}]
    public, keyed = parse(full_board()), parse_keyed(keyed_board(*events))
    pd.testing.assert_frame_equal(public.rows[columns], keyed.rows[columns])
    assert rules(public) == rules(keyed)


def test_the_keyed_form_may_give_the_players_team_on_the_side() -> None:
    body = keyed_board(event({"ms1": line()}, teamId=None))
    market = next(iter(body["data"]["odds"]["nhl"]["periodTypes"]["game"]["pregame"].values()))
    market["sides"]["si0:pid44999"]["teamId"] = 747
    assert parse_keyed(body).rows["player_team_raw"].tolist() == ["DAL"]


def test_a_keyed_board_without_its_companions_quarantines_everyone() -> None:
    body = keyed_board(event({"ms1": line()}))
    assert rules(API.parse(payload_of(body, "UNABATED", KEYED_BOARD))) == {"unknown_person": 1}


def test_a_companion_payload_holds_no_quotes() -> None:
    for endpoint, body in companions().items():
        assert API.parse(payload_of(body, "UNABATED", endpoint)).seen == 0


def test_a_goal_market_without_points_is_scores_at_any_time() -> None:
    row = only_row(board(event({"ms1": line(None, 260)}, betTypeId=129)))
    assert (row["market"], row["line"], row["side"], row["price_american"]) == ("GOALS", 0.5, "OVER", 260)


def test_a_goal_market_without_points_implies_no_under() -> None:
    parsed = parse(board(event({"ms1": line(None, 260)}, {"ms1": line(None, -400)}, betTypeId=129)))
    assert (parsed.rows["side"].tolist(), rules(parsed)) == (["OVER"], {"no_line": 1})


def test_a_milestone_is_over_n_minus_a_half_and_never_an_under() -> None:
    body = board(event({"ms1": line(3)}, {"ms1": line(3, 130)}, betSubType="Milestone-Alt"))
    parsed = parse(body)
    assert parsed.rows[["line", "side", "is_alternate"]].values.tolist() == [[2.5, "OVER", True]]
    assert rules(parsed) == {"bad_milestone": 1}


def test_ids_may_be_numbers_or_text() -> None:
    as_text = event(
        {"ms1": line(marketId="55500011", statusId="1", sequenceNumber="1767900000000000001")},
        eventId="104900", personId="44999", teamId="734", betTypeId="86", periodTypeId="1", statusId="1",
        eventTeams={"0": {"id": "747"}, "1": {"id": "734"}},
    )  # fmt: skip
    same = event({"ms1": line()})
    left, right = only_row(board(as_text)), only_row(board(same))
    pd.testing.assert_series_equal(
        left.drop(["payload_hash", "payload_path"]), right.drop(["payload_hash", "payload_path"])
    )


def test_a_live_group_is_in_play() -> None:
    assert only_row(board(event({"ms1": line()}), group="lg6:pt1:live"))["is_live"]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"isBlurred": True}, "blurred_price"),
        ({"statusId": 2}, "off_the_board"),
        ({"statusId": 3}, "off_the_board"),
        ({"disabled": True}, "off_the_board"),
        ({"price": 99900, "americanPrice": 99900}, "price_without_contract"),
        ({"americanPrice": 85}, "american_price_below_100"),
        ({"americanPrice": -110.5}, "price_out_of_range"),
        ({"americanPrice": "EVEN"}, "price_not_a_number"),
        ({"americanPrice": None, "price": None}, "no_price"),
        ({"points": None}, "no_line"),
        ({"points": 2.3}, "bad_line"),
        ({"points": -0.5}, "bad_line"),
        ({"modifiedOn": "yesterday"}, "bad_vendor_time"),
    ],
)
def test_a_line_that_is_no_quote_is_a_dead_letter_with_its_rule(fields: dict[str, object], rule: str) -> None:
    parsed = parse(board(event({"ms1": line() | fields})))
    assert (len(parsed.rows), rules(parsed)) == (0, {rule: 1})
    assert parsed.rejected[0].detail.startswith("$.odds.lg6:pt1:pregame[0]")
    assert '"at":"$.odds.lg6:pt1:pregame[0].sides.si0:pid44999.ms1"' in parsed.rejected[0].sample
    assert '"personId":44999' in parsed.rejected[0].sample


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"betTypeId": 4242}, "unknown_market"),
        ({"betSubType": "FirstPeriod"}, "unknown_market"),
        ({"periodTypeId": 8}, "other_period"),
        ({"statusId": 5}, "event_closed"),
        ({"personId": None}, "unknown_person"),
        ({"personId": 1}, "unknown_person"),
        ({"eventStart": "soon"}, "bad_start_time"),
        ({"eventStart": None}, "bad_start_time"),
        ({"eventId": None}, "no_event_id"),
    ],
)
def test_every_price_of_an_event_that_is_no_market_of_ours_is_a_dead_letter(
    fields: dict[str, object], rule: str
) -> None:
    lines = {"ms1": line(alternateLines=[{"points": 3.5, "americanPrice": 190}]), "ms2": line()}
    parsed = parse(board(event(lines, {"ms1": line()}) | fields))
    assert (len(parsed.rows), rules(parsed)) == (0, {rule: 4})


@pytest.mark.parametrize(
    ("group", "rule"), [("lg3:pt1:pregame", "other_league"), ("lg6:pt8:pregame", "other_period")]
)
def test_other_leagues_and_periods_are_quarantined_by_reason(group: str, rule: str) -> None:
    assert rules(parse(board(event({"ms1": line()}), group=group))) == {rule: 1}


@pytest.mark.parametrize(("league", "period", "rule"), [(3, 1, "other_league"), (6, 9, "other_period")])
def test_the_keyed_form_quarantines_them_too(league: int, period: int, rule: str) -> None:
    assert rules(parse_keyed(keyed_board(event({"ms1": line()}), league=league, period=period))) == {rule: 1}


def test_a_third_side_is_a_draw_and_no_quote() -> None:
    body = event()
    body["sides"] = {"si2:pid44999": {"ms1": line()}}
    assert rules(parse(board(body))) == {"unknown_side": 1}


def test_of_equal_lines_the_highest_sequence_stands_and_the_other_is_accounted_for() -> None:
    first = event({"ms1": line(price=-120, sequenceNumber=5)})
    later = event({"ms1": line(price=-135, sequenceNumber="6")})
    for body in (board(first, later), board(later, first)):
        parsed = parse(body)
        assert parsed.rows["price_american"].tolist() == [-135]
        assert rules(parsed) == {"superseded_in_payload": 1}
        assert '"price_american":-120' in parsed.rejected[0].sample


def quote_ids(*lines: dict[str, Any]) -> list[str]:
    """Of one line each, in boards of different bytes."""
    return [only_row(board(event({"ms1": own}), generated=n))["quote_id"] for n, own in enumerate(lines)]


def test_the_same_price_in_other_bytes_keeps_its_quote_id_and_one_set_again_later_does_not() -> None:
    later = {"modifiedOn": "2026-01-06T20:00:00"}
    ids = quote_ids(line(), line(), line(price=-125), line(**later))
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_sequence_number_and_fractions_of_the_vendors_time_are_no_part_of_a_quotes_identity() -> None:
    """Form A counts in nanoseconds and writes .123, form B in milliseconds and may write .1Z."""
    other = {"sequenceNumber": 1767900000000, "modifiedOn": "2026-01-06T19:02:11.1Z"}
    ids = quote_ids(line(), line(**other))
    assert ids[0] == ids[1]


def test_without_a_time_the_sequence_number_tells_a_price_that_returned() -> None:
    ids = quote_ids(*(line(modifiedOn=None, sequenceNumber=n) for n in (5, 5, 7)))
    assert ids[0] == ids[1] != ids[2]


def test_a_book_that_the_board_does_not_name_has_the_configured_name_else_its_id() -> None:
    books = {"ms89": line(), "ms4242": line()}
    vendor = UnabatedVendor("cdn", "http://cdn", None, lambda: NOW_MS, BET_TYPES, {"89": "Novig", "1": "DK"})
    rows = vendor.parse(payload_of(board(event(books | {"ms1": line()})), "UNABATED", PUBLIC_BOARD)).rows
    assert dict(zip(rows["book_id"], rows["book_name"], strict=True)) == {
        "89": "Novig",
        "4242": "4242",
        "1": "DraftKings",
    }


def test_an_empty_board_is_no_error() -> None:
    for parsed in (parse(board()), parse({"odds": {}}), parse_keyed(keyed_board())):
        assert (parsed.seen, parsed.rows.columns.tolist()) == (0, RAW_QUOTES["UNABATED"].column_names)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", {}, {"odds": None}, {"odds": []}, {"success": True, "data": {}}]
)
def test_what_is_no_board_is_a_contract_failure(body: object) -> None:
    with pytest.raises(VendorContract, match="unabated_propodds"):
        parse(body)


def test_eight_thousand_rows_are_parsed_in_well_under_a_second() -> None:
    def books(market: int) -> dict[str, Any]:
        return {f"ms{n}": line(marketId=market) for n in range(1, 21)}

    events = [event(books(n), books(n), eventId=n) for n in range(200)]
    payload = payload_of(board(*events), "UNABATED", PUBLIC_BOARD)
    began = time.process_time()
    parsed = CDN.parse(payload)
    assert len(parsed.rows) == 8_000
    assert time.process_time() - began < 0.6


def test_the_handmade_fixture_parses_without_loss() -> None:
    parsed = parse(recorded("unabated/unabated_fixture.json")[0].read_bytes())
    assert rules(parsed) == {}
    assert parsed.rows[
        ["player_name_raw", "side", "line", "price_american", "book_name"]
    ].values.tolist() == [
        ["Wyatt Johnston", "OVER", 1.5, -188, "FanDuel"],
        ["Wyatt Johnston", "UNDER", 1.5, 142, "FanDuel"],
    ]
