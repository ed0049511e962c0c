"""Unabated's partner API (form C): what is asked, and that its board says the same as the other forms'."""

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import AccessDenied, VendorContract, VendorErrorBody
from nhl_ops.domain.settings import HostPair
from nhl_ops.gateways.http import public_url
from nhl_ops.gateways.unabated import KEYED_BOARD, PARTNER_BOARD, PUBLIC_BOARD, Config, UnabatedVendor, vendor
from nhl_ops.gateways.vendor import Parsed, VendorContext
from nhl_ops_tests.gateways.unabated_samples import (
    BET_TYPES,
    companions,
    event,
    full_board,
    keyed_board,
    line,
    partner_board,
    partner_companions,
)
from nhl_ops_tests.gateways.wire_samples import CAPTURED_AT, answering, payload_of

PARTNER = UnabatedVendor("partner", "http://partner/", "a-key", lambda: 0, BET_TYPES)
BESIDE = [payload_of(body, "UNABATED", endpoint) for endpoint, body in partner_companions().items()]
LINES = "propsMarketSourcesLines"


def parse(body: object) -> Parsed:
    return PARTNER.parse(payload_of(body, "UNABATED", PARTNER_BOARD), BESIDE)


def rules(parsed: Parsed) -> dict[str, int]:
    return dict(Counter(letter.rule for letter in parsed.rejected))


def with_lines(lines: Any) -> dict[str, Any]:
    """A board of one row with these lines in it."""
    body = partner_board(event({"ms1": line()}))
    body["propsPeopleEvents"]["lg6:pt1:pregame"][0][LINES] = lines
    return body


def test_it_asks_for_the_lists_first_and_for_the_nhl_alone_where_it_can() -> None:
    fetch, asked = answering(*partner_companions().values(), partner_board())
    payloads = PARTNER.capture(fetch)
    assert [p.endpoint for p in payloads] == [*PARTNER.companion_endpoints, PARTNER_BOARD]
    assert [(request.url, dict(request.params)) for request in asked] == [
        ("http://partner/v2/players", {"leagues": "6"}),
        ("http://partner/v2/teams", {"leagues": "6"}),
        ("http://partner/v2/marketSources", {}),
        ("http://partner/v2/betTypes", {}),
        ("http://partner/v2/markets/playerProps", {"leagues": "6"}),
    ]


def test_the_key_goes_into_a_header_and_never_into_a_url() -> None:
    fetch, asked = answering(*partner_companions().values(), partner_board())
    PARTNER.capture(fetch)
    assert {tuple(request.secret.items()) for request in asked} == {(("X-Api-Key", "a-key"),)}
    assert not any("a-key" in public_url(request) for request in asked)


def test_without_a_key_it_says_what_to_set() -> None:
    fetch, asked = answering()
    with pytest.raises(AccessDenied, match=r"form partner needs a key.*set UNABATED_API_KEY"):
        UnabatedVendor("partner", "http://partner", None, lambda: 0, BET_TYPES).capture(fetch)
    assert asked == []


@pytest.mark.parametrize(
    ("body", "failure", "words"),
    [
        ({"success": False, "messages": ["try later"]}, VendorErrorBody, "try later"),
        ("players", VendorContract, r"\$: expected a list or an object by id"),
        ({"data": None}, VendorContract, r"\$\.data: expected a list or an object by id"),
        (b"[", VendorContract, "expected JSON"),
    ],
)
def test_a_list_that_is_none_fails_at_capture(body: object, failure: type[Exception], words: str) -> None:
    fetch, _ = answering(body)
    with pytest.raises(failure, match=words):
        PARTNER.capture(fetch)


def test_the_config_chooses_the_forms_host() -> None:
    hosts = {
        form: HostPair(league=f"{{league}}/{form}", live="https://a.b") for form in ("cdn", "api", "partner")
    }
    context = VendorContext(
        lambda pair: pair.league, lambda: CAPTURED_AT, lambda name: f"the {name}", Path("state.sqlite")
    )
    for form in ("cdn", "api", "partner"):
        made = vendor(Config(enabled=True, form=form, bet_types={}, **hosts), context)
        assert (made.form, made.base_url, made.api_key) == (
            form,
            f"{{league}}/{form}",
            "the UNABATED_API_KEY",
        )


def test_all_three_forms_of_a_board_give_the_same_rows_and_letters() -> None:
    events = full_board()["odds"]["lg6:pt1:pregame"]
    keyed_lists = [payload_of(b, "UNABATED", endpoint) for endpoint, b in companions().items()]
    three = [
        PARTNER.parse(payload_of(full_board(), "UNABATED", PUBLIC_BOARD)),
        PARTNER.parse(payload_of(keyed_board(*events), "UNABATED", KEYED_BOARD), keyed_lists),
        parse(partner_board(*events)),
    ]
    left_out = {"payload_hash", "payload_path", "row_number"}
    columns = [c for c in RAW_QUOTES["UNABATED"].column_names if c not in left_out]
    tables = [p.rows[columns].sort_values("quote_id", ignore_index=True) for p in three]
    assert len(tables[0]) == 7
    pd.testing.assert_frame_equal(tables[0], tables[1])
    pd.testing.assert_frame_equal(tables[0], tables[2])
    assert rules(three[0]) == rules(three[1]) == rules(three[2]) == {"no_price": 1}


def test_rows_meet_the_contract_of_their_table() -> None:
    parsed = parse(partner_board(*full_board()["odds"]["lg6:pt1:pregame"]))
    assert violations(RAW_QUOTES["UNABATED"], parsed.rows) == []


def test_one_row_has_all_bet_types_of_a_player_and_side_0_is_over() -> None:
    body = partner_board(
        event({"ms1": line(2.5, -120)}, {"ms1": line(2.5, 105)}),
        event({"ms2": line(0.5, 117, marketId=8)}, betTypeId=70),
    )
    assert len(body["propsPeopleEvents"]["lg6:pt1:pregame"]) == 1
    rows = parse(body).rows[["market", "side", "price_american", "book_name"]]
    assert rows.values.tolist() == [
        ["SOG", "OVER", -120, "DraftKings"],
        ["SOG", "UNDER", 105, "DraftKings"],
        ["ASSISTS", "OVER", 117, "FanDuel"],
    ]


def test_prices_may_be_decimals_of_whole_american_odds() -> None:
    rows = parse(with_lines({"si0:ms1:an0": {"bt86": line(price=-120.0)}})).rows
    assert rows["price_american"].tolist() == [-120]


def test_another_alternate_number_is_an_alternate_line() -> None:
    lines = {"si0:ms1:an0": {"bt86": line(2.5)}, "si0:ms1:an1": {"bt86": line(3.5, 190)}}
    rows = parse(with_lines(lines)).rows
    assert rows[["line", "is_alternate"]].values.tolist() == [[2.5, False], [3.5, True]]


def test_a_board_that_brings_its_own_people_needs_no_lists() -> None:
    body = partner_board(event({"ms1": line()})) | {
        name: full_board()[name] for name in ("people", "teams", "marketSources")
    }
    rows = PARTNER.parse(payload_of(body, "UNABATED", PARTNER_BOARD)).rows
    assert rows[["player_name_raw", "away_team_raw", "book_name"]].values.tolist() == [
        ["Sébastien Håkan", "DAL", "DraftKings"]
    ]


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ({"si0:ms1:an0": {"bt86": None}}, "malformed_line"),
        ({"si0:ms1:an0": [line()]}, "malformed_line"),
        ({"si2:ms1:an0": {"bt86": line()}}, "unknown_side"),
        ({"si0": {"bt86": line()}}, "no_book"),
        ({"si0:ms1:an0": {"bt87": line()}}, "unknown_market"),
        ({"si0:ms1:an0": {"bt86": line(isBlurred=True)}}, "blurred_price"),
        ({"si0:ms1:an0": {"bt86": line(statusId=2)}}, "off_the_board"),
        ({"si0:ms1:an0": {"bt86": line(price=99900)}}, "price_without_contract"),
        ({"si0:ms1:an0": {"bt86": line(points=2.25)}}, "bad_line"),
    ],
)
def test_a_price_that_is_no_quote_is_a_dead_letter_with_its_rule(lines: dict[str, Any], rule: str) -> None:
    parsed = parse(with_lines(lines))
    assert (len(parsed.rows), rules(parsed)) == (0, {rule: 1})
    assert parsed.rejected[0].detail.startswith("$.propsPeopleEvents.lg6:pt1:pregame[0].")


def test_a_row_without_lines_is_a_dead_letter() -> None:
    assert rules(parse(with_lines(None))) == {"malformed_event": 1}


@pytest.mark.parametrize(
    ("group", "rule"), [("lg3:pt1:pregame", "other_league"), ("lg6:pt8:pregame", "other_period")]
)
def test_other_leagues_and_periods_are_quarantined_by_reason(group: str, rule: str) -> None:
    assert rules(parse(partner_board(event({"ms1": line()}), group=group))) == {rule: 1}


def test_an_empty_board_is_no_error() -> None:
    for body in ({"propsPeopleEvents": {}}, partner_board()):
        assert parse(body).seen == 0


@pytest.mark.parametrize("body", [{"propsPeopleEvents": []}, {"lastTimestamp": 68327798229687600}, b"[]"])
def test_what_is_no_board_is_a_contract_failure(body: object) -> None:
    with pytest.raises(VendorContract, match="unabated_partner_props"):
        parse(body)


def test_swapped_bet_types_in_the_vendors_list_stop_the_parse() -> None:
    assists, points = ({f"ms{n}": line(0.5, p, marketId=p) for n in range(1, 7)} for p in (117, -189))
    body = partner_board(event(assists, betTypeId=73), event(points, betTypeId=70))
    with pytest.raises(VendorContract, match="assists priced likelier than points in 6 of 6 pairs"):
        parse(body)
