"""OddsShark's player-props page, torn in its bytes and in its tree, with its prices counted apart from the parser."""

from collections import defaultdict
from typing import Any

from hypothesis import strategies as st
from lxml import etree, html

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.domain.markets import Market
from nhl_ops.gateways.oddsshark import PROPS_PAGE, SCORES, OddsSharkVendor
from nhl_ops.gateways.oddsshark_scores import NOT_OFFERED
from nhl_ops_tests.fuzz.cases import ParserCase, Read, Sent, always, exactly, sent, usually
from nhl_ops_tests.fuzz.damage import damaged, mixture, no_documents, rendered, torn
from nhl_ops_tests.gateways.oddsshark_samples import (
    START,
    both_events,
    cell,
    container,
    document,
    event,
    full_page,
    game,
    header,
    offer,
    row,
    scores,
)
from nhl_ops_tests.gateways.wire_samples import payload_of

TABS = {"GOALS": Market.GOALS, "POINTS": Market.POINTS, "SHOTS ON GOAL": Market.SOG}
VENDOR = OddsSharkVendor("http://shark/", lambda: START, TABS)
SPEC = RAW_QUOTES["ODDSSHARK"]
INFOS = usually(
    "O 2.5", "U 2.5", "", "O", "2.5", "over 3", "O 2.25", "O -1", "Yes", "O  1.5", "O \u0661", "&#xD800; 1"
)
DETAILS = usually(
    "-120", "+100", "", "-", "N/A", "+99", "+99900", "-1e5", "EVEN", "+120 -110", "&#0;", "+" + "9" * 400
)
CELLS = st.lists(st.builds(offer, INFOS, DETAILS), max_size=2).map(lambda offers: cell(*offers))
BOOKS = usually(("DraftKings", "FanDuel"), ("DraftKings",), (), ("", "FanDuel"), ("\u65e5\u672c", "<b>"))
ROWS = st.builds(
    lambda cells, name, number: row(*cells, name=name, event=number),
    st.lists(CELLS, min_size=1, max_size=3),
    usually("Jack Hughes", "", " ", "&lt;b&gt;", "\u202eevil", "x" * 3000),
    usually(1900001, 1900002, "", "7", "\u0661", '" onload="'),
)
CONTAINERS = st.builds(
    lambda rows, teams, books: container(game(*rows, teams=teams), head=header(*books)),
    st.lists(ROWS, max_size=2),
    usually("CAR @ NJ -", "", "@", "COL @ SJ", "A @ B @ C"),
    BOOKS,
)
BUILT = st.builds(
    lambda inside, more: document([*TABS, "HITS"][: len(inside) + more], inside).encode(),
    st.lists(CONTAINERS, min_size=1, max_size=3),
    usually(0, 1),
)
NESTED = b"<div>" * 300
PIECES = (
    b"", b"O 2.5", b"-120", b"</div>", b"<div>", b"<span>", b"+99900", b"&#0;", b"&#xD800;", b"<table>", b"<!--",
    b"<![CDATA[", b"<?php", b"<script>", b"</html>", b"<svg>", b'class="', b"\xff", b"\0", NESTED,
)  # fmt: skip
Parts = tuple[Any, Any, Any]


@st.composite
def rearranged(draw: st.DrawFn) -> bytes:
    """The page with one to five of its elements removed, unwrapped, given twice, moved or of another class."""
    root = html.document_fromstring(full_page())
    for _ in range(draw(st.integers(1, 5))):
        inside = [e for e in root.iter(etree.Element) if e.getparent() is not None]
        if not inside:
            break
        chosen, other = (inside[draw(st.integers(0, len(inside) - 1))] for _ in range(2))
        action = draw(st.sampled_from(["remove", "unwrap", "repeat", "move", "rename"]))
        if action == "remove":
            chosen.drop_tree()
        elif action == "unwrap":
            chosen.drop_tag()
        elif action == "rename":
            chosen.set("class", other.get("class") or "")
        else:
            copy = html.fromstring(html.tostring(chosen, with_tail=False))
            (chosen if action == "repeat" else other).addnext(copy)
    return html.tostring(root, encoding="utf-8")


def read(payload: Sent) -> Read:
    beside = [payload_of(body, "ODDSSHARK", name) for name, body in payload.beside]
    return Read.of(VENDOR.parse(payload_of(payload.body, "ODDSSHARK", PROPS_PAGE), beside), SPEC)


def counted(payload: Sent) -> range:
    """Offers and stray prices that are not in a row's first cell, and rows without cells."""
    return exactly(prices_in(payload.body))


def prices_in(body: bytes) -> int:
    root = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    hidden = ("script", "style", "template", "noscript", etree.Comment, etree.ProcessingInstruction)
    etree.strip_elements(root, *hidden, with_tail=False)
    first, offers, strays, rows = {}, defaultdict(list), 0, 0
    for element in root.iter(etree.Element):
        line, box, offered = parts_around(element)
        rows += line is element
        if box is element and "book-row" in kinds(element):
            first.setdefault(line, element)
        if not kinds(element) & {"odds-info", "odds-detail"} or not in_container(element):
            continue
        if box is not None and first[line] is box:
            continue
        text = " ".join("".join(element.itertext()).split())
        if offered is not None:
            offers[offered, "odds-info" in kinds(element)].append(text)
        elif "odds-detail" in kinds(element) and text.lower() not in NOT_OFFERED:
            strays += 1
    said = {key: "\n".join(filter(None, texts)) for key, texts in offers.items()}
    priced = {offered for (offered, _), text in said.items() if text.lower() not in NOT_OFFERED}
    return strays + len(priced) + rows - len(first)


def kinds(element: Any) -> set[str]:
    return set((element.get("class") or "").split())


def in_container(element: Any) -> bool:
    return any(is_container(above) for above in element.iterancestors())


def is_container(element: Any) -> bool:
    return {"player-props--container", "tab"} <= kinds(element)


def parts_around(element: Any) -> Parts:
    """The row, the cell and the offer that count for an element, from the outside to the inside."""
    line = box = offered = None
    is_inside = False
    for above in [*reversed(list(element.iterancestors())), element]:
        parent = above.getparent()
        if is_container(above):
            line, box, offered, is_inside = None, None, None, True
            continue
        if not is_inside:
            continue
        if box is not None and above.tag == "div" and "player-props-odds" in kinds(parent):
            offered = above
        if "player-props--row" in kinds(above):
            line, box, offered = above, None, None
        elif "book-row" in kinds(above) and line is not None:
            box, offered = above, None
        elif kinds(above) & {"player-props--header", "props-game-info"}:
            line, box, offered = None, None, None
    return line, box, offered


def _ended(body: bytes) -> bytes:
    return body + b"</html>"


WHOLE = always(full_page().removesuffix(b"</html>"))
PAGES = mixture(
    (4, BUILT), (2, torn(WHOLE, PIECES).map(_ended)), (2, rearranged()), (1, no_documents()),
    (1, no_documents().map(_ended)),
)  # fmt: skip
DAYS = st.lists(
    st.builds(
        event,
        usually(1900001, "1900002", None, ""),
        usually(START, str(START), START * 1000, None, "x", True),
    ),
    max_size=3,
).map(lambda events: scores(*events))
TODAY = mixture((3, always(rendered(both_events()))), (2, damaged(DAYS)))
PARSERS = (
    ParserCase("oddsshark-page", sent(PAGES, **{SCORES[0]: TODAY, SCORES[1]: no_documents()}), read, counted),
)
