"""A book's cell on OddsShark's player-props page, when it is built as nearly all are.

A page has cells by the ten thousand. Written out again by the HTML library, a usual one is a text that a pattern
knows from its beginning to its end, which costs a fraction of walking its elements to the same offers.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from lxml import etree

from nhl_ops.gateways.markup import words

ODDS, INFO, DETAIL = "player-props-odds", "odds-info", "odds-detail"
TEXT = "([^<&]{0,40})"
OFFER = rf'\s*<div>\s*<span class="{INFO}">{TEXT}</span>\s*<span class="{DETAIL}">{TEXT}</span>\s*</div>'
CELL_OF_OFFERS = re.compile(rf'<div class="{ODDS}">(?:{OFFER})*\s*</div>')
OFFERS = re.compile(OFFER)
WRITTEN_IN_VAIN = 1_000_000
"""Characters after which no more is written: where a part was left open, each cell holds all that follow."""

Offer = Sequence[str]
"""Info and detail of one price: "O 2.5", "-120"."""


class UsualCells:
    """Reads cells of one page."""

    def __init__(self) -> None:
        self._in_vain = 0

    def offers(self, odds: Any) -> list[Offer] | None:
        """The offers of a cell of the usual build; None for any other."""
        if self._in_vain > WRITTEN_IN_VAIN:
            return None
        text = etree.tostring(odds, encoding="unicode", method="html", with_tail=False)
        if CELL_OF_OFFERS.fullmatch(text):
            return [(_short(info), _short(detail)) for info, detail in OFFERS.findall(text)]
        self._in_vain += len(text)
        return None


_short = lru_cache(maxsize=4096)(words)
"""Of short texts, of which a page has few."""
