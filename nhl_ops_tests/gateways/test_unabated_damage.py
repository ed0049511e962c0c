"""Whatever Unabated sends, the parser accounts for it or fails in a typed way."""

from typing import Any

from hypothesis import given, settings

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.unabated import KEYED_BOARD, PUBLIC_BOARD, UnabatedVendor
from nhl_ops_tests.gateways.mutations import damaged
from nhl_ops_tests.gateways.unabated_samples import BET_TYPES, companions, full_board, keyed_board
from nhl_ops_tests.gateways.wire_samples import payload_of

VENDOR = UnabatedVendor("cdn", "http://cdn", None, lambda: 0, BET_TYPES)
BESIDE = [payload_of(body, "UNABATED", endpoint) for endpoint, body in companions().items()]


def lines_in(node: Any) -> int:
    """Prices in a board, counted apart from the parser: books of every side, and their alternates."""
    if isinstance(node, list):
        return sum(lines_in(item) for item in node)
    if not isinstance(node, dict):
        return 0
    own = sum(_books(side) for side in node["sides"].values()) if isinstance(node.get("sides"), dict) else 0
    return own + sum(lines_in(value) for key, value in node.items() if key != "sides")


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


@given(body=damaged(keyed_board(*full_board()["odds"]["lg6:pt1:pregame"])))
@settings(max_examples=150, deadline=None)
def test_a_damaged_keyed_board_is_accounted_for_or_fails_typed(body: dict[str, Any]) -> None:
    _account(body, KEYED_BOARD, "data")


def _account(body: dict[str, Any], endpoint: str, top: str) -> None:
    try:
        parsed = VENDOR.parse(payload_of(body, "UNABATED", endpoint), BESIDE)
    except VendorContract:
        return
    rules = [letter.rule for letter in parsed.rejected]
    if "error_body" not in rules:
        assert parsed.seen - rules.count("malformed_event") == lines_in(body.get(top))
    assert parsed.rows.columns.tolist() == RAW_QUOTES["UNABATED"].column_names
    assert parsed.rows["row_number"].is_unique
    assert (parsed.rows["price_american"].abs() >= 100).all()
