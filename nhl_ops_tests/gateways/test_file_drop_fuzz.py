"""Whatever is dropped, it is accounted for: no crash, and every row is a quote or a dead letter."""

import gzip
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.gateways.file_drop_contract import DropError
from nhl_ops.gateways.file_drop_inbox import PAGE, DropOutcome
from nhl_ops.gateways.file_drop_pages import findings_of, open_drop
from nhl_ops.gateways.file_drop_report import ADVICE
from nhl_ops_tests.gateways.file_drop_samples import (
    DAILY,
    LIMIT,
    ROW,
    TAKEN_AT,
    VENDOR,
    csv_of,
    found_in,
    payloads,
    project,
    row,
)
from nhl_ops_tests.gateways.wire_samples import payload_of

JUNK = st.one_of(
    st.text(max_size=12).map(lambda text: text.replace("\r", "\n")),
    st.sampled_from(
        ["", " ", '"', "a,b", "x\ny", "=1+1", "\u202e", "\0", "x" * 300, "yes", "over", "decimal"]
    ),
    st.sampled_from(
        ["0", "nan", "inf", "-0.0", "1e9", "1_0", "\u0661", "99900", "-110", "+150", "1.91", "2.25"]
    ),
    st.sampled_from(
        ["2026-01-06", "2026-01-06T17:30:00Z", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z"]
    ),
)
OPTIONAL = ["start_time", "team", "price_american", "price_decimal", "updated_at", "player_id", "birth_date"]
ROWS = st.lists(
    st.builds(
        lambda cells: row(**cells),
        st.dictionaries(st.sampled_from([*ROW, *OPTIONAL]), JUNK, max_size=4),
    ),
    max_size=12,
)
DAILY_ROWS = st.lists(
    st.dictionaries(st.sampled_from(list(DAILY)), JUNK, max_size=3).map(lambda cells: DAILY | cells),
    max_size=8,
)


@given(rows=ROWS)
@settings(max_examples=100, deadline=None)
def test_every_row_is_a_quote_or_a_dead_letter(rows: list[dict[str, str]]) -> None:
    body = csv_of(*rows, header=[*ROW, *OPTIONAL])
    assert found_in(body).seen == len(rows)
    account(body)


@given(rows=DAILY_ROWS)
@settings(max_examples=60, deadline=None)
def test_every_price_of_daily_props_is_a_quote_or_a_dead_letter(rows: list[dict[str, str]]) -> None:
    body = csv_of(*rows, header=list(DAILY))
    priced = [[bool(r[name].strip()) for name in ("over_price", "under_price")] for r in rows]
    assert found_in(body).seen == sum(max(1, sum(sides)) for sides in priced)
    account(body)


@given(body=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
@settings(max_examples=100, deadline=None)
def test_random_bytes_are_no_drop(body: bytes) -> None:
    with pytest.raises(DropError):
        open_drop(body, TAKEN_AT, limit=LIMIT)


@given(
    body=st.one_of(st.binary(max_size=100), st.just(csv_of(ROW)), ROWS.map(lambda rows: csv_of(ROW, *rows)))
)
@settings(max_examples=25, deadline=None)
def test_whatever_is_dropped_is_moved_and_kept(body: bytes) -> None:
    with TemporaryDirectory() as folder:
        inbox = project(Path(folder), odds__csv=body)
        (file,) = inbox.take(TAKEN_AT).files
        assert file.place.read_bytes() == body
        assert file.place.with_name("odds.csv.report.md").stat().st_size > 0
        parsed = [VENDOR.parse(payload) for payload in payloads(inbox)]
    assert (file.outcome is DropOutcome.INGESTED) == bool(parsed)
    assert sum(p.seen for p in parsed) == (file.findings.seen if parsed and file.findings else 0)


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_damaged_csv_is_accounted_for(data: st.DataObject) -> None:
    account(damaged(data, csv_of(*[row(player=f"Player {i}", team='a "b"') for i in range(5)])))


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_containers_are_accounted_for(data: st.DataObject) -> None:
    table = pa.table({name: [text] * 3 for name, text in ROW.items()})
    out = io.BytesIO()
    pq.write_table(table, out)
    account(damaged(data, data.draw(st.sampled_from([gzip.compress(csv_of(ROW), mtime=0), out.getvalue()]))))


def damaged(data: st.DataObject, body: bytes) -> bytes:
    """The body with one to four stretches replaced, cut out or repeated."""
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = min(len(body), start + data.draw(st.integers(0, 20)))
        piece = data.draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b"", b'"', b"\n", b",", body[start:end] * 2]))
        )
        body = body[:start] + piece + body[end:]
    return body


def account(body: bytes) -> None:
    """What the pages and the file hold adds up to what is said of it."""
    try:
        drop = open_drop(body, TAKEN_AT, limit=LIMIT)
    except DropError:
        return
    found = findings_of(drop)
    parsed = [VENDOR.parse(payload_of(page, "FILE_DROP", PAGE)) for _, page in drop.pages()]
    letters = [*drop.unplaced(), *(letter for p in parsed for letter in p.rejected)]
    assert sum(len(p.rows) for p in parsed) == found.accepted
    assert sorted(letter.rule for letter in letters) == sorted(found.rules.elements())
    assert set(found.rules) == set(found.examples) <= set(ADVICE)
