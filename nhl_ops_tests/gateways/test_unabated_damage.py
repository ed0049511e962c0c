"""Whatever Unabated sends, the parser accounts for it or fails in a typed way."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.unabated import KEYED_BOARD, PARTNER_BOARD, PUBLIC_BOARD, UnabatedVendor
from nhl_ops.gateways.vendor import Payload
from nhl_ops_tests.gateways.mutations import damaged
from nhl_ops_tests.gateways.unabated_samples import (
    BET_TYPES,
    companions,
    full_board,
    keyed_board,
    partner_board,
    partner_companions,
)
from nhl_ops_tests.gateways.wire_samples import payload_of

VENDOR = UnabatedVendor("cdn", "http://cdn", None, lambda: 0, BET_TYPES)
BESIDE = [payload_of(body, "UNABATED", endpoint) for endpoint, body in companions().items()]
EVENTS = full_board()["odds"]["lg6:pt1:pregame"]
PARTNER_LINES = "propsMarketSourcesLines"


def lines_in(node: Any) -> int:
    """Prices in a board, counted apart from the parser: books of every side, and their alternates."""
    if isinstance(node, list):
        return sum(lines_in(item) for item in node)
    if not isinstance(node, dict):
        return 0
    own = sum(_books(side) for side in node["sides"].values()) if isinstance(node.get("sides"), dict) else 0
    return own + sum(lines_in(value) for key, value in node.items() if key != "sides")


def partner_lines_in(groups: Any) -> int:
    """The same of form C: bet types of every source key, and their alternates."""
    rows = [row for group in groups.values() for row in (group if isinstance(group, list) else [group])]
    sources = [row[PARTNER_LINES] for row in rows if isinstance(row, dict) and PARTNER_LINES in row]
    priced = [held for source in sources if isinstance(source, dict) for held in source.values()]
    return sum(_books(held) for held in priced)


def _books(side: Any) -> int:
    books = side.get("marketSourceLines", side) if isinstance(side, dict) else None
    if not isinstance(books, dict):
        return 1
    return sum(1 + _alternates(line) for line in books.values())


def _alternates(line: Any) -> int:
    alternates = line.get("alternateLines") if isinstance(line, dict) else None
    return 0 if alternates is None else len(alternates) if isinstance(alternates, list) else 1


@given(body=damaged(full_board()))
@settings(max_examples=150, deadline=None)
def test_a_damaged_public_board_is_accounted_for_or_fails_typed(body: dict[str, Any]) -> None:
    _account(body, PUBLIC_BOARD, "odds")


@given(body=damaged(keyed_board(*EVENTS)))
@settings(max_examples=150, deadline=None)
def test_a_damaged_keyed_board_is_accounted_for_or_fails_typed(body: dict[str, Any]) -> None:
    _account(body, KEYED_BOARD, "data")


@given(body=damaged(partner_board(*EVENTS)))
@settings(max_examples=150, deadline=None)
def test_a_damaged_partner_board_is_accounted_for_or_fails_typed(body: dict[str, Any]) -> None:
    _account(body, PARTNER_BOARD, "propsPeopleEvents")


@given(lists=st.one_of(damaged(partner_companions()), damaged(companions())))
@settings(max_examples=150, deadline=None)
def test_a_board_with_damaged_lists_is_accounted_for_or_fails_typed(lists: dict[str, Any]) -> None:
    beside = [payload_of(rows, "UNABATED", endpoint) for endpoint, rows in lists.items()]
    _account(partner_board(*EVENTS), PARTNER_BOARD, "propsPeopleEvents", beside)


def _account(
    body: dict[str, Any], endpoint: str, top: str, beside: Sequence[Payload] = tuple(BESIDE)
) -> None:
    try:
        parsed = VENDOR.parse(payload_of(body, "UNABATED", endpoint), beside)
    except VendorContract:
        return
    rules = [letter.rule for letter in parsed.rejected]
    if "error_body" not in rules:
        counted = partner_lines_in if endpoint == PARTNER_BOARD else lines_in
        assert parsed.seen - rules.count("malformed_event") == counted(body.get(top))
    assert parsed.rows.columns.tolist() == RAW_QUOTES["UNABATED"].column_names
    assert parsed.rows["row_number"].is_unique
    assert (parsed.rows["price_american"].abs() >= 100).all()
