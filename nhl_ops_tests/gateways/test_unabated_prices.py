"""What is read quickly of a line is what is read exactly, and is read at all for a line as the vendor sends it."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.gateways.drift import Defect
from nhl_ops.gateways.unabated_prices import LinePrices, Offer
from nhl_ops_tests.fuzz.damage import damaged
from nhl_ops_tests.gateways.unabated_samples import line

OFFER = Offer(3, "SOG", "OVER", False, "e1:bt86:p1")
NAMES = {"1": "DraftKings", "2": "FanDuel"}


def after(*read: dict[str, Any]) -> LinePrices:
    """Prices that have met lines before, so that they know books and prices."""
    prices = LinePrices(NAMES)
    for fields in read:
        prices.exact(OFFER, "ms1", fields, False)
    return prices


def loaded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


LINE = {"line": line(marketSourceId=1, disabled=False)}


@given(body=damaged(st.just(LINE)).map(loaded).filter(lambda body: isinstance(body, dict)))
@settings(max_examples=300, deadline=None)
def test_a_line_that_is_read_quickly_is_what_it_is_when_read_exactly(body: dict[str, Any]) -> None:
    fields = body.get("line")
    usual = after(line(), line(marketSourceId=1)).usual(OFFER, "ms1", fields, False)
    if usual is not None:
        assert usual[:-1] == LinePrices(NAMES).exact(OFFER, "ms1", fields, False)[:-1]


@pytest.mark.parametrize("fields", [{}, {"marketSourceId": 2}, {"americanPrice": None}, {"disabled": False}])
def test_the_second_line_of_a_book_is_read_quickly(fields: dict[str, Any]) -> None:
    assert after(line(**fields)).usual(OFFER, "ms1", line(3.5, **fields), True) is not None


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"isBlurred": 1}, "blurred_price"),
        ({"points": True}, "bad_line"),
        ({"americanPrice": True}, "price_not_a_number"),
    ],
)
def test_true_is_no_number_and_one_is_no_false(fields: dict[str, Any], rule: str) -> None:
    prices = after(line(), line(1))
    assert prices.usual(OFFER, "ms1", line() | fields, False) is None
    with pytest.raises(Defect, match=rule):
        prices.exact(OFFER, "ms1", line() | fields, False)
