"""OddsShark's player-props page as tabs, rows, book columns and price texts. Every selector of it stands here.

Facts of the page: tab n belongs to container n; the header's books are the `alt` of their logos; a row is a
player in an event; its first book cell is Best Odds, which repeats the best of the other cells. A container
without rows is a market that nobody offers yet. A page on which a selector finds nothing although there are
rows or prices is not this page any more: a contract failure that names the selector, never an empty board.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from nhl_ops.domain.escaping import quoted
from nhl_ops.gateways.drift import ShapeError, Told, broken, unlike
from nhl_ops.gateways.markup import TEXT_CHARS, document, text_of, words
from nhl_ops.gateways.oddsshark_cells import DETAIL, INFO, ODDS, Offer, UsualCells
from nhl_ops.gateways.vendor import Payload

TAB_GROUP, TAB = ".tab-group.foil", ".button--tab-primary"
CONTAINER = ".player-props--container.tab"
LOGO, BOOK, EVENT, OFFER = "img", "alt", "data-event", "div"
# Inside a container a part is known by one class, in a single walk.
HEADER, ITEM, GAME, TEAMS = "player-props--header", "player-props--item", "props-game-info", "props-teams"
ROW, NAME, CELL = "player-props--row", "player-name", "book-row"

KNOWN = frozenset({HEADER, ITEM, GAME, TEAMS, ROW, NAME, CELL, ODDS, INFO, DETAIL})
PRICE_LIKE = re.compile(r"[+\u2212-][0-9]{3}")
SEVERAL = "\n"
"""Between the texts of an offer that has more than one info or detail."""


@dataclass(slots=True)
class Cell:
    """A book's offers on a row. strays: prices outside of any offer."""

    offers: list[Offer] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """A player in an event. teams: of the game above it, "ANA @ WSH -". logos: names of the logos of every
    item of the header above it. cells: Best Odds first, then a cell a book."""

    event_id: str
    teams: str
    logos: list[list[str]]
    name: str = ""
    cells: list[Cell] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    @property
    def books(self) -> list[str]:
        """The columns' books, empty where no logo has a name."""
        return [next(filter(None, names), "") for names in self.logos if names]


@dataclass(slots=True)
class Tab:
    """A market: the tab's label as sent, its rows in order, and prices that stand outside of any row."""

    label: str
    rows: list[Row]
    strays: list[str]


def read_page(payload: Payload) -> list[Tab]:
    """All tabs with their rows. Raises VendorContract when the page does not fit its selectors."""
    labels, containers = _sections(document(payload))
    walks = []
    while containers:
        walks.append(_Walk(containers.pop()))
        containers.extend(reversed(walks[-1].nested))
    for selector, found in ((f"{TAB_GROUP} {TAB}", labels), (CONTAINER, walks)):
        if not found:
            raise broken(payload, unlike(selector, "a tab or more", Told("none")))
    if len(labels) != len(walks):
        tabs = f"one for each of {len(labels)} tabs ({', '.join(labels)[:TEXT_CHARS]})"
        raise broken(payload, unlike(CONTAINER, tabs, Told(str(len(walks)))))
    try:
        return [walk.tab(label) for label, walk in zip(labels, walks, strict=True)]
    except ShapeError as problem:
        raise broken(payload, problem) from None


def _sections(root: Any) -> tuple[list[str], list[Any]]:
    """Labels of the tabs, and the outermost containers with the last one first."""
    group, tab = _classes(TAB_GROUP), _classes(TAB)
    labels, containers, stack = [], [], [(root, False)]
    while stack:
        element, in_group = stack.pop()
        if _kind(element.get("class") or "") == CONTAINER:
            containers.append(element)
            continue
        classes = frozenset((element.get("class") or "").split())
        if in_group and tab <= classes:
            labels.append(text_of(element))
        inside = in_group or group <= classes
        stack.extend([(child, inside) for child in element.iterchildren(reversed=True)])
    return labels, containers[::-1]


class _Place(NamedTuple):
    """The known parts that an element stands in."""

    row: Row | None = None
    cell: Cell | None = None
    offer: list[str] | None = None
    logos: list[list[str]] | None = None
    item: list[str] | None = None
    in_game: bool = False


class _Walk:
    """One pass through a container. A part counts in the innermost one around it alone, so that a tag left
    open or a part torn out never moves a price to another player, book or market.

    nested: containers inside this one, which are other tabs.
    """

    def __init__(self, container: Any) -> None:
        self.container = container
        self.nested: list[Any] = []
        self.rows: list[Row] = []
        self.strays: list[str] = []
        self.teams = ""
        self.logos: list[list[str]] = []
        self.usual = UsualCells()
        nowhere = _Place()
        stack = [(child, nowhere) for child in container.iterchildren(reversed=True)]
        while stack:
            element, place = stack.pop()
            classes = element.get("class")
            kind = _kind(classes) if classes else None
            if kind == CONTAINER:
                self.nested.append(element)
                continue
            if kind == ODDS and place.cell is not None:
                offers = self.usual.offers(element)
                if offers is None:
                    stack.extend(_below_odds(element, place, place.cell.offers))
                else:
                    place.cell.offers += offers
                continue
            if kind is not None:
                place = self._enter(kind, element, place)
            elif place.item is not None and element.tag == LOGO:
                place.item.append(words(element.get(BOOK) or ""))
            stack.extend([(child, place) for child in element.iterchildren(reversed=True)])

    def tab(self, label: str) -> Tab:
        """What was found. Raises ShapeError when a selector found nothing beside rows or prices."""
        rows = self.rows
        fits = {
            f".{HEADER} .{ITEM} {LOGO}": any(row.books for row in rows),
            f".{ROW}[{EVENT}]": any(row.event_id for row in rows),
            f".{GAME} .{TEAMS}": any(row.teams for row in rows),
            f".{NAME}": any(row.name for row in rows),
            f".{CELL}": any(row.cells for row in rows),
        }
        self._require(label, fits if rows else {})
        offers = [offer for row in rows for cell in row.cells[1:] for offer in cell.offers]
        is_read = any(info and detail for info, detail in offers)
        if not is_read and PRICE_LIKE.search("".join(self.container.itertext())):
            fits = {
                f".{ROW}": bool(rows),
                f".{CELL} .{ODDS} > {OFFER} (after Best Odds)": bool(offers),
                f".{INFO}": any(info for info, _ in offers),
                f".{DETAIL}": any(detail for _, detail in offers),
            }
            self._require(label, fits)
        return Tab(label, rows, self.strays)

    def _require(self, label: str, fits: dict[str, bool]) -> None:
        missing = next((selector for selector, is_found in fits.items() if not is_found), None)
        if missing:
            cells = sum(len(row.cells) for row in self.rows)
            told = f"the tab {quoted(label)}, which has {len(self.rows)} .{ROW} with {cells} .{CELL}"
            raise ShapeError(missing, f"one or more under {told}", Told("none"))

    def _enter(self, kind: str, element: Any, place: _Place) -> _Place:
        """Note the part. Returns the place of what is inside it."""
        if kind in (INFO, DETAIL):
            self._note_price(kind, text_of(element), place)
        elif kind == CELL and place.row is not None:
            place.row.cells.append(Cell())
            return _Place(place.row, place.row.cells[-1])
        elif kind == ROW:
            row = Row((element.get(EVENT) or "").strip(), self.teams, self.logos)
            self.rows.append(row)
            return _Place(row)
        elif kind == NAME and place.row is not None:
            place.row.name = place.row.name or text_of(element)
        else:
            return self._enter_heading(kind, element, place)
        return place

    def _enter_heading(self, kind: str, element: Any, place: _Place) -> _Place:
        if kind == GAME:
            self.teams = ""
            return _Place(in_game=True)
        if kind == TEAMS and place.in_game:
            self.teams = self.teams or text_of(element)
        elif kind == HEADER:
            self.logos = []
            return _Place(logos=self.logos)
        elif kind == ITEM and place.logos is not None:
            place.logos.append([])
            return _Place(logos=place.logos, item=place.logos[-1])
        return place

    def _note_price(self, kind: str, text: str, place: _Place) -> None:
        if place.offer is not None:
            part = 0 if kind == INFO else 1
            place.offer[part] = SEVERAL.join(filter(None, (place.offer[part], text)))
        elif kind == DETAIL and text:
            (place.cell or place.row or self).strays.append(text)


def _below_odds(odds: Any, place: _Place, offers: list[Offer]) -> list[tuple[Any, _Place]]:
    """Note the offers of a cell. Returns what is left to walk, last first: an offer of the usual build, an info
    and a detail with nothing inside, is done."""
    left = []
    for child in odds:
        inside = place
        if child.tag == OFFER:
            parts = [(part.get("class"), part.text, len(part)) for part in child]
            if len(parts) == 2 and _kind(child.get("class") or "") is None:
                (first, info, below), (second, detail, beside) = parts
                if (first, second) == (INFO, DETAIL) and not below and not beside:
                    offers.append((words(info or ""), words(detail or "")))
                    continue
            offer = ["", ""]
            offers.append(offer)
            inside = _Place(place.row, place.cell, offer)
        left.append((child, inside))
    left.reverse()
    return left


@lru_cache(maxsize=4096)
def _kind(classes: str) -> str | None:
    names = classes.split()
    if _classes(CONTAINER) <= frozenset(names):
        return CONTAINER
    return next((name for name in names if name in KNOWN), None)


def _classes(css: str) -> frozenset[str]:
    """Of ".a.b" the classes a and b."""
    return frozenset(css.split(".")[1:])
