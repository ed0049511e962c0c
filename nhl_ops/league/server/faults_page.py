"""Mutations of a page of player props: the same faults of the content, where a vendor sends HTML."""

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from lxml import html

from nhl_ops.league.server.faults_exchange import FaultOptions
from nhl_ops.league.server.faults_names import HOSTILE_NAMES, UNKNOWN_PEOPLE

PRICE, LINE, PLAYER, ROW = "odds-detail", "odds-info", "player-name", "player-props--row"
TAB, LOGO = "button--tab-primary", ".player-props--header img[alt]"
NUMBER = re.compile(r"\d+(\.\d+)?")
OTHER_SIDE = {"O": "U", "U": "O"}

PageMutation = Callable[[Any, FaultOptions], int]
"""Changes the parsed page in place; the number of places that it changed."""
Rewrite = Callable[[str, int], str]
"""The new text from the old one and the number of the change."""


def changed_page(kind: str, body: bytes, options: FaultOptions) -> tuple[bytes, int]:
    """The page with the fault, and the number of places; the page as it was when the kind has no meaning there."""
    change = PAGE_MUTATIONS.get(kind)
    if change is None or not body.strip():
        return body, 0
    page = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    count = change(page, options)
    return html.tostring(page, encoding="utf-8", doctype="<!DOCTYPE html>"), count


def _texts(css_class: str, new: Rewrite, *, everywhere: bool = False) -> PageMutation:
    def change(page: Any, options: FaultOptions) -> int:
        places = page.cssselect(f".{css_class}")[:: 1 if everywhere else options.every]
        for number, place in enumerate(places):
            place.text = new(place.text or "", number)
        return len(places)

    return change


def _constant(text: str) -> Rewrite:
    return lambda _old, _number: text


def _one_of(names: Sequence[str]) -> Rewrite:
    return lambda _old, number: names[number % len(names)]


def _quarter(line: str, _number: int) -> str:
    return NUMBER.sub("2.25", line)


def _other_side(line: str, _number: int) -> str:
    return OTHER_SIDE.get(line[:1], line[:1]) + line[1:]


def _renamed(page: Any, options: FaultOptions) -> int:
    places = page.cssselect(f".{options.field or PRICE}")
    for place in places:
        place.set("class", f"{options.field or PRICE}-v2")
    return len(places)


def _new_books(page: Any, options: FaultOptions) -> int:
    logos = page.cssselect(LOGO)[:: options.every]
    for logo in logos:
        logo.set("alt", "Zamboni Book")
    return len(logos)


def _rows_twice(page: Any, options: FaultOptions) -> int:
    rows = page.cssselect(f".{ROW}")[:: options.every]
    for row in rows:
        row.addnext(deepcopy(row))
    return len(rows)


PAGE_MUTATIONS: dict[str, PageMutation] = {
    "price_0": _texts(PRICE, _constant("0")),
    "price_50": _texts(PRICE, _constant("+50")),
    "price_minus_99": _texts(PRICE, _constant("-99")),
    "price_99900": _texts(PRICE, _constant("+99900")),
    "nan_and_infinity": _texts(PRICE, _one_of(("NaN", "Infinity", "-Infinity"))),
    "line_2_25": _texts(LINE, _quarter),
    "swapped_sides": _texts(LINE, _other_side, everywhere=True),
    "renamed_field": _renamed,
    "new_market_label": _texts(TAB, _constant("ZAMBONI RIDES")),
    "new_book": _new_books,
    "unknown_player": _texts(PLAYER, _one_of(UNKNOWN_PEOPLE)),
    "hostile_names": _texts(PLAYER, _one_of(HOSTILE_NAMES)),
    "duplicate_rows": _rows_twice,
}
