"""Damage to payloads: documents with junk in their places, bytes torn and spliced, and no documents at all."""

import re
from copy import deepcopy
from typing import Any

import orjson
from hypothesis import strategies as st

SIGN = "\0"
DEEP = 900
TOKENS = {
    b"deep": b"[" * DEEP + b"]" * DEEP,
    b"deepobject": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b"bigint": b"1" * 40,
    b"minus": b"-0.0",
    b"exponent": b"1E5",
    b"nan": b"NaN",
    b"infinite": b"1e999",
    b"surrogate": b'"\\ud83d"',
    b"again": b'"',
}
"""JSON that no Python value renders to, by the mark that stands for it in a tree: a text that starts with SIGN.
Of these the last are no JSON to a strict reader; `again` at the end of a key makes it a key given twice."""

DEEP_VALUE = SIGN + "deep"
MARKS = [SIGN + name.decode() for name in (*TOKENS, b"deep", b"deepobject", b"bigint", b"minus")]
NUMBERS = (
    0, 1, -1, 50, -99, -110, 99_900, 2**63 - 1, -(2**63), 2**64 - 1, 0.5, 2.25, -0.5, 1e16, 1e300, -1e300
)  # fmt: skip
WORDS = (
    "", " ", "0", "2", "1.5", "-110", "+150", "nan", "inf", "1e9", "1_0", "\u0661", "99900", "9" * 19,
    "Over", "lg6:pt1:pregame", "2026-13-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59-14:00",
    "2026-01-07", "20260107T000000Z", "\u202eevil", "\u65e5\u672c", "\U0001f3d2", "=1+1", "<b>'\"&", "a\x1fb",
    "../../x", "x" * 3000,
)  # fmt: skip
JUNK = st.one_of(
    st.sampled_from([None, True, False, [], {}, [1], [None], [[]], {"id": None}, {"": {}}]),
    st.sampled_from(NUMBERS),
    st.sampled_from(WORDS),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters=SIGN), max_size=8),
    st.sampled_from(MARKS),
)
ACTIONS = ("replace", "replace", "remove", "repeat", "rename", "add", "twice")
PIECES = (
    b"", b"null", b"0", b'""', b"[]", b"{}", b"NaN", b"1e999", b"-", b'"\\ud800"', b'"\\u0000"', b"\xff",
    b"\xed\xa0\x80", b",", b"]", b"}", b"\xef\xbb\xbf", b"/**/", b'"id":1,', b"[" * 1100, b"1" * 400,
)  # fmt: skip
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[-+.\w]+|[^\s\w]', re.DOTALL)
NO_DOCUMENTS = (
    b"", b" ", b"null", b"true", b"0", b"[]", b"{}", b'""', b"[" * 5_000, b'{"a":' * 1_000, b"[[[]]]",
    b"\x1f\x8b\x08\x00", b"\xef\xbb\xbf{}", '{"a":1}'.encode("utf-16"), b"<html></html>", b"PAR1PAR1",
    b'{"data":null}', b'{"success":false}',
)  # fmt: skip


def rendered(tree: Any) -> bytes:
    """The tree as JSON, its marks as what they stand for."""
    text = re.sub(rb'\\u0000again":', b'":', orjson.dumps(tree))
    return re.sub(rb'"\\u0000([a-z]+)"', lambda mark: TOKENS[mark[1]], text)


@st.composite
def damaged(draw: st.DrawFn, documents: st.SearchStrategy[Any]) -> bytes:
    """JSON of a document with up to four of its places replaced by junk, removed, repeated, renamed, or with
    something beside them."""
    body = deepcopy(draw(documents))
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2, 4)))):
        places = _places(body)
        if not places:
            break
        holder, key = places[draw(st.integers(0, len(places) - 1))]
        _damage(draw, holder, key)
    return rendered(body)


@st.composite
def torn(draw: st.DrawFn, bodies: st.SearchStrategy[bytes], pieces: tuple[bytes, ...] = PIECES) -> bytes:
    """Bytes with one to four of their tokens or stretches replaced, cut out, repeated, or all after them cut off."""
    body = draw(bodies)
    for _ in range(draw(st.integers(1, 4))):
        start, end = _stretch(draw, body)
        piece = draw(st.one_of(st.sampled_from(pieces), st.binary(max_size=6), st.just(body[start:end] * 2)))
        is_cut = draw(st.integers(0, 9)) == 9
        body = body[:start] + piece + (b"" if is_cut else body[end:])
    return body


def no_documents() -> st.SearchStrategy[bytes]:
    """Random bytes and texts, and what is sent now and then instead of a document."""
    return st.one_of(
        st.binary(max_size=300), st.text(max_size=100).map(_encoded), st.sampled_from(NO_DOCUMENTS)
    )


def mixture(*weighted: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Of the strategies, each with its share."""
    total = sum(share for share, _ in weighted)

    def chosen(number: int) -> st.SearchStrategy[Any]:
        for share, strategy in weighted:
            if number < share:
                return strategy
            number -= share
        raise AssertionError(f"{number} is beyond the {total} shares")

    return st.integers(0, total - 1).flatmap(chosen)


def json_bodies(documents: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """Payloads of a JSON format: mostly documents with damage, then torn bytes, then anything."""
    return mixture((7, damaged(documents)), (2, torn(documents.map(rendered))), (1, no_documents()))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _damage(draw: st.DrawFn, holder: Any, key: Any) -> None:
    action = draw(st.sampled_from(ACTIONS))
    if action == "replace":
        holder[key] = deepcopy(draw(JUNK))
    elif action == "remove":
        del holder[key]
    elif isinstance(holder, list):
        holder.insert(key, deepcopy(holder[key]) if action == "repeat" else deepcopy(draw(JUNK)))
    elif action == "rename":
        holder[draw(st.sampled_from([key.upper(), f"{key}V2", "", " ", *holder]))] = holder.pop(key)
    elif action == "add":
        holder[draw(st.sampled_from(["extra", "id", "data", "message", "timestamp"]))] = deepcopy(draw(JUNK))
    else:
        holder[key + SIGN + "again"] = deepcopy(draw(JUNK))


def _places(body: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) in the tree."""
    found, waiting = [], [body]
    while waiting:
        holder = waiting.pop()
        keys = (
            list(holder)
            if isinstance(holder, dict)
            else range(len(holder))
            if isinstance(holder, list)
            else ()
        )
        found += [(holder, key) for key in keys]
        waiting += [holder[key] for key in keys]
    return found


def _stretch(draw: st.DrawFn, body: bytes) -> tuple[int, int]:
    tokens = [match.span() for match in TOKEN.finditer(body)]
    if tokens and draw(st.booleans()):
        return tokens[draw(st.integers(0, len(tokens) - 1))]
    start = draw(st.integers(0, len(body)))
    return start, min(len(body), start + draw(st.integers(0, 20)))
