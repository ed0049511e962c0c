"""Cells of OddsShark's page that are read from their text, and those that are left to be walked."""

import pytest
from lxml import etree

from nhl_ops.gateways.oddsshark_cells import WRITTEN_IN_VAIN, UsualCells
from nhl_ops_tests.gateways.oddsshark_samples import cell, offer, two_way


def odds(markup: str) -> etree._Element:
    return etree.fromstring(markup, etree.HTMLParser()).find(".//div[@class='player-props-odds']")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (two_way(), [("O 2.5", "-120"), ("U 2.5", "+100")]),
        (cell(), []),
        (cell(offer(" O\n 2.5 ", "")), [("O 2.5", "")]),
    ],
)
def test_a_cell_of_the_usual_build_is_its_offers(markup: str, expected: list[tuple[str, str]]) -> None:
    assert UsualCells().offers(odds(markup)) == expected


@pytest.mark.parametrize(
    "markup",
    [
        cell(offer("O 2.5", "-120<b>!</b>")),
        cell(offer("O &amp; 2.5", "-120")),
        cell('<div><span class="odds-detail">-120</span></div>'),
        cell(
            '<div class="best"><span class="odds-info">O 1</span><span class="odds-detail">-120</span></div>'
        ),
        cell('<div><div><span class="odds-info">O 1</span><span class="odds-detail">-120</span></div></div>'),
    ],
)
def test_any_other_cell_is_left_to_be_walked(markup: str) -> None:
    assert UsualCells().offers(odds(markup)) is None


def test_after_much_was_written_in_vain_nothing_more_is_written() -> None:
    cells = UsualCells()
    assert cells.offers(odds(cell("x" * (WRITTEN_IN_VAIN + 1)))) is None
    assert cells.offers(odds(two_way())) is None
