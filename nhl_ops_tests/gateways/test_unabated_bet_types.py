"""Unabated's bet types: by the vendor's own list at run time, by the configuration where the list is silent."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.domain.markets import Market
from nhl_ops.gateways.unabated import KEYED_BOARD, PUBLIC_BOARD, UnabatedVendor
from nhl_ops.gateways.unabated_bet_types import MARKET_OF_NAME, bet_types
from nhl_ops.gateways.vendor import Parsed
from nhl_ops_tests.gateways.unabated_samples import (
    BET_TYPES,
    bet_type,
    board,
    companions,
    event,
    keyed_board,
    line,
    partner_bet_type,
)
from nhl_ops_tests.gateways.wire_samples import payload_of

API = UnabatedVendor("api", "http://api", "a-key", lambda: 0, BET_TYPES)


def of(*rows: dict[str, Any], configured: dict[int, Market] | None = None) -> dict[str, str]:
    """Markets by id of a list, by default without configuration."""
    return dict(bet_types({str(n): row for n, row in enumerate(rows)}, configured or {}).markets)


def parse(number: int, *listed: dict[str, Any]) -> Parsed:
    """One price of a bet type on a board of form B, with this list beside it."""
    lists = companions() | {"unabated_bet_types": {"success": True, "data": list(listed)}}
    beside = [payload_of(body, "UNABATED", endpoint) for endpoint, body in lists.items()]
    body = keyed_board(event({"ms1": line()}, betTypeId=number))
    return API.parse(payload_of(body, "UNABATED", KEYED_BOARD), beside)


def rules(parsed: Parsed) -> dict[str, int]:
    return dict(Counter(letter.rule for letter in parsed.rejected))


@pytest.mark.parametrize(
    ("name", "market"),
    [
        ("Assists", "ASSISTS"),
        ("Player Assists", "ASSISTS"),
        ("Points", "POINTS"),
        ("Total Points (O/U)", "POINTS"),
        ("Shots on Goal", "SOG"),
        ("Player Shots On Goal", "SOG"),
        ("SOG", "SOG"),
        ("Blocked Shots", "BLOCKS"),
        ("Goals", "GOALS"),
        ("Anytime Goal Scorer", "GOALS"),
        ("Saves", "SAVES"),
        ("Goalie Saves", "SAVES"),
        ("Total Saves", "SAVES"),
    ],
)
def test_a_name_of_the_list_is_its_market_in_either_forms_list(name: str, market: str) -> None:
    assert of(bet_type(4242, name)) == of(partner_bet_type(4242, name)) == {"4242": market}


@pytest.mark.parametrize(
    "name", ["Power Play Points", "First Goal Scorer", "Hits", "Points + Assists", "1st Period Points", ""]
)
def test_other_statistics_are_no_market_of_ours(name: str) -> None:
    assert of(bet_type(4242, name)) == {}


@pytest.mark.parametrize(
    "row",
    [
        bet_type(1, "Points", betOn="team"),
        bet_type(1, "Points", betRange="season"),
        bet_type(1, "Points", isFuture=True),
        partner_bet_type(1, "Points", marketTypeId=4),
    ],
)
def test_bets_on_teams_and_seasons_go_by_the_same_names_and_are_none_of_ours(row: dict[str, Any]) -> None:
    assert of(row) == {}


def test_leagues_are_not_asked_since_a_name_means_the_same_in_each() -> None:
    assert of(partner_bet_type(73, "Points", leagues=[3])) == {"73": "POINTS"}


def test_the_internal_name_helps_where_the_display_name_is_not_known() -> None:
    assert of(partner_bet_type(9, "Netminder Stops", internalName="Saves")) == {"9": "SAVES"}


def test_ids_may_be_text_and_a_row_without_an_id_has_its_key() -> None:
    rows = {"150": {"name": "Saves"}, "x": {"id": "73", "name": "Points"}}
    assert dict(bet_types(rows, {}).markets) == {"150": "SAVES", "73": "POINTS"}


def test_a_market_that_only_the_list_knows_is_read_at_run_time() -> None:
    rows = parse(150, bet_type(150, "Saves")).rows
    assert rows[["market", "market_raw"]].values.tolist() == [["SAVES", "150"]]


def test_without_a_word_from_the_list_the_configuration_decides() -> None:
    for listed in ([], [bet_type(1, "Moneyline")], [bet_type(86, "Pucks at the Net")]):
        assert parse(86, *listed).rows["market"].tolist() == ["SOG"]


def test_form_a_has_no_list_and_uses_the_configuration() -> None:
    body = board(event({"ms1": line()}, betTypeId=86))
    assert API.parse(payload_of(body, "UNABATED", PUBLIC_BOARD)).rows["market"].tolist() == ["SOG"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (bet_type(86, "Blocked Shots"), "found 'Blocked Shots' in the vendor's list: "),
        (bet_type(86, "Hits"), "found 'Hits' in the vendor's list: "),
        (
            bet_type(86, "Shots on Goal", betOn="team"),
            "found 'Shots on Goal', and no prop of a single game in the vendor's list: ",
        ),
    ],
)
def test_where_list_and_configuration_contradict_each_other_neither_is_believed(
    row: dict[str, Any], said: str
) -> None:
    parsed = parse(86, row)
    assert (len(parsed.rows), rules(parsed)) == (0, {"bet_type_contradicted": 1})
    assert (
        "betTypeId: expected 86 to be SOG, as config/vendors.toml [unabated.bet_types] says, "
        in parsed.rejected[0].detail
    )
    assert said in parsed.rejected[0].detail


def test_a_contradiction_costs_its_own_bet_type_alone() -> None:
    rows = [bet_type(86, "Blocked Shots"), bet_type(88, "Blocked Shots")]
    found = bet_types({str(row["id"]): row for row in rows}, {86: Market.SOG, 88: Market.BLOCKS})
    assert (set(found.contradicted), found.markets["88"]) == ({"86"}, "BLOCKS")


def test_an_unknown_bet_type_is_shown_with_the_vendors_name_for_it() -> None:
    parsed = parse(87, bet_type(87, "Power Play Points"))
    assert rules(parsed) == {"unknown_market": 1}
    assert "betTypeId 87 ('Power Play Points')" in parsed.rejected[0].detail


@given(
    st.sampled_from(sorted(MARKET_OF_NAME)),
    st.sampled_from(["Player {}", "{} (O/U)", "NHL - {}!", "Total {}"]),
)
def test_case_punctuation_and_filler_words_do_not_matter(name: str, phrase: str) -> None:
    market = MARKET_OF_NAME[name]
    expected = {} if market is None else {"1": market.value}
    assert of(bet_type(1, phrase.format(name.upper()))) == expected
