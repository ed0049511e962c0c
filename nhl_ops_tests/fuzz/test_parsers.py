"""Whatever a vendor sends, its parser accounts for it or fails in a typed way: no crash, no hang, nothing lost."""

import faulthandler
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from types import FrameType

import pandas as pd
import pytest
from hypothesis import example, given

from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.drift import DETAIL_CHARS, SAMPLE_CHARS
from nhl_ops.gateways.vendor import Rejected
from nhl_ops_tests.fuzz import file_drops, game_lines, nhl, odds_api, oddsshark, playnow, unabated
from nhl_ops_tests.fuzz.cases import ParserCase, Read, Sent, a_runs_stack
from nhl_ops_tests.fuzz.tables import require_a_table, require_contracts
from nhl_ops_tests.gateways.wire_samples import require_unlike

PARSERS = (
    *unabated.PARSERS,
    *playnow.PARSERS,
    *odds_api.PARSERS,
    *oddsshark.PARSERS,
    *game_lines.PARSERS,
    *nhl.PARSERS,
    *file_drops.PARSERS,
)
HUNG_AFTER_SEC = 120
READ_TWICE = "01"
"""First digits of the digest of payloads that are read twice: an eighth of them."""


class Hung(Exception):
    """A parser does not end."""


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_whatever_is_sent_is_accounted_for_or_fails_typed(parser: ParserCase) -> None:
    rows: list[tuple[TableSpec, pd.DataFrame]] = []

    @given(payload=parser.payloads)
    def accounts(payload: Sent) -> None:
        read = _read(parser, payload)
        if read is None:
            return
        if sha256(payload.body).hexdigest()[0] in READ_TWICE:
            assert _is_equal(read, _read(parser, payload))
        assert read.seen in (parser.counted(payload) or range(read.seen, read.seen + 1))
        for letter in read.rejected:
            _require_a_letter(letter)
        for spec, frame in read.tables:
            require_a_table(spec, frame)
        rows.extend(read.tables)

    for payload in parser.pinned:
        accounts = example(payload=payload)(accounts)
    accounts()
    assert any(len(frame) for _, frame in rows) == parser.has_rows
    require_contracts(rows)


def _read(parser: ParserCase, payload: Sent) -> Read | None:
    """What the parser makes of it; None for a payload that is none. Anything else that it raises, comes out."""
    with _a_limit_of(HUNG_AFTER_SEC), a_runs_stack():
        try:
            return parser.read(payload)
        except VendorContract as problem:
            _require_drift(str(problem), 2 * DETAIL_CHARS)
            return None


@contextmanager
def _a_limit_of(seconds: int) -> Iterator[None]:
    """A parser that loops in Python is stopped; where it hangs in a library, the process ends with a trace."""

    def stop(_: int, frame: FrameType | None) -> None:
        raise Hung(f"still at {frame} after {seconds} s")

    former = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    faulthandler.dump_traceback_later(2 * seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)


def _is_equal(first: Read, second: Read | None) -> bool:
    return (
        second is not None
        and all(a.equals(b) for (_, a), (_, b) in zip(first.tables, second.tables, strict=True))
        and list(first.rejected) == list(second.rejected)
    )


def _require_a_letter(letter: Rejected) -> None:
    assert re.fullmatch(r"[a-z0-9_]{3,60}", letter.rule)
    _require_drift(letter.detail, DETAIL_CHARS)
    _require_sound(letter.sample, SAMPLE_CHARS)


def _require_drift(text: str, limit: int) -> None:
    """A sound text that says where, what was expected and what came."""
    _require_sound(text, limit)
    require_unlike(text)


def _require_sound(text: str, limit: int) -> None:
    """A text that any file, table or terminal takes."""
    assert 0 < len(text) <= limit
    assert text.encode()
