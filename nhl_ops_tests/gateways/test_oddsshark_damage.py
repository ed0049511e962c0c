"""Whatever OddsShark sends instead of its page, the parser accounts for it or fails in a typed way."""

import re
from collections import defaultdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from nhl_ops.contracts.odds import raw_quote_table
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.oddsshark import PROPS_PAGE, SCORES
from nhl_ops.gateways.oddsshark_scores import NOT_OFFERED
from nhl_ops_tests.gateways.mutations import damaged
from nhl_ops_tests.gateways.oddsshark_samples import both_events, full_page
from nhl_ops_tests.gateways.test_oddsshark import VENDOR
from nhl_ops_tests.gateways.wire_samples import payload_of

PAGE = full_page()
COLUMNS = raw_quote_table("raw_oddsshark_odds", "OddsShark").column_names
JUNK = st.one_of(
    st.binary(max_size=8),
    st.text(max_size=8).map(str.encode),
    st.sampled_from([b"", b"O 2.5", b"-120", b"</div>", b"<div>", b"<span>", b"+99900", b"&#0;", b"<table>"]),
)
Parts = tuple[Any, Any, Any]


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    """The page with one to six tags, texts or stretches removed, given twice or replaced by junk."""
    body = PAGE.removesuffix(b"</html>")
    for _ in range(draw(st.integers(1, 6))):
        places = [match.span() for match in re.finditer(rb"<[^>]+>|[^<>]+", body)] or [(0, 0)]
        first = draw(st.integers(0, len(places) - 1))
        last = min(first + draw(st.sampled_from([0, 0, 0, 1, 5, 30])), len(places) - 1)
        start, end = places[first][0], places[last][1]
        middle = draw(st.one_of(JUNK, st.just(body[start:end] * 2)))
        body = body[:start] + middle + body[end:]
    return body + b"</html>"


@st.composite
def torn_nodes(draw: st.DrawFn) -> bytes:
    """The page with one to five of its elements removed, unwrapped, given twice or moved."""
    root = html.document_fromstring(PAGE)
    for _ in range(draw(st.integers(1, 5))):
        inside = [e for e in root.iter(etree.Element) if e.getparent() is not None]
        if not inside:
            break
        chosen, other = draw(st.sampled_from(inside)), draw(st.sampled_from(inside))
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


def account(body: bytes, scores: object) -> None:
    """Every price of a page, counted apart from the parser, is a row or a dead letter."""
    beside = [payload_of(scores, "ODDSSHARK", SCORES[0])]
    try:
        parsed = VENDOR.parse(payload_of(body, "ODDSSHARK", PROPS_PAGE), beside)
    except VendorContract:
        return
    rowless = sum(letter.rule == "malformed_row" for letter in parsed.rejected)
    assert parsed.seen - rowless == prices_in(body)
    assert parsed.rows.columns.tolist() == COLUMNS
    assert parsed.rows["row_number"].is_unique
    assert (parsed.rows["price_american"].abs() >= 100).all()
    assert set(parsed.rows["event_id_vendor"]) <= {"1900001", "1900002"}


def prices_in(body: bytes) -> int:
    """Offers and stray prices that are not in a row's first cell."""
    root = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    etree.strip_elements(root, "script", "style", "template", "noscript", etree.Comment, with_tail=False)
    best, offers, strays = set(), defaultdict(list), 0
    rows = set()
    for element in root.iter(etree.Element):
        row, cell, offer = parts_around(element)
        if kinds(element) & {"book-row"} and cell is element and row not in rows:
            rows.add(row)
            best.add(element)
        if not kinds(element) & {"odds-info", "odds-detail"} or not in_container(element) or cell in best:
            continue
        text = " ".join("".join(element.itertext()).split())
        if offer is not None:
            offers[offer, "odds-info" in kinds(element)].append(text)
        elif "odds-detail" in kinds(element) and text.lower() not in NOT_OFFERED:
            strays += 1
    said = {key: "\n".join(filter(None, texts)) for key, texts in offers.items()}
    return strays + len({offer for (offer, _), text in said.items() if text.lower() not in NOT_OFFERED})


def kinds(element: Any) -> set[str]:
    return set((element.get("class") or "").split())


def in_container(element: Any) -> bool:
    return any(is_container(above) for above in element.iterancestors())


def is_container(element: Any) -> bool:
    return {"player-props--container", "tab"} <= kinds(element)


def parts_around(element: Any) -> Parts:
    """The row, the cell and the offer that count for an element, from the outside to the inside."""
    row = cell = offer = None
    is_inside = False
    for above in [*reversed(list(element.iterancestors())), element]:
        parent = above.getparent()
        if is_container(above):
            row, cell, offer, is_inside = None, None, None, True
            continue
        if not is_inside:
            continue
        if cell is not None and above.tag == "div" and "player-props-odds" in kinds(parent):
            offer = above
        if "player-props--row" in kinds(above):
            row, cell, offer = above, None, None
        elif "book-row" in kinds(above) and row is not None:
            cell, offer = above, None
        elif kinds(above) & {"player-props--header", "props-game-info"}:
            row, cell, offer = None, None, None
    return row, cell, offer


def test_the_count_apart_from_the_parser_knows_the_whole_page() -> None:
    assert prices_in(PAGE) == 17


@given(body=torn())
@settings(max_examples=150, deadline=None)
def test_a_torn_page_is_accounted_for_or_fails_typed(body: bytes) -> None:
    account(body, both_events())


@given(body=torn_nodes())
@settings(max_examples=150, deadline=None)
def test_a_page_with_parts_out_of_place_is_accounted_for_or_fails_typed(body: bytes) -> None:
    account(body, both_events())


@given(body=st.binary(max_size=300), is_ended=st.booleans())
@settings(max_examples=100, deadline=None)
def test_random_bytes_fail_typed(body: bytes, is_ended: bool) -> None:
    account(body + b"</html>" if is_ended else body, both_events())


@given(scores=damaged(both_events()))
@settings(max_examples=100, deadline=None)
def test_damaged_scores_never_lose_count_of_a_price(scores: dict[str, Any]) -> None:
    account(PAGE, scores)
