"""Dropped files, CSV and Parquet, whole and damaged; the builder knows how many prices each holds."""

import gzip
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from hypothesis import strategies as st

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.gateways.file_drop import unusable
from nhl_ops.gateways.file_drop_contract import DropError
from nhl_ops.gateways.file_drop_inbox import FILE, PAGE
from nhl_ops.gateways.file_drop_pages import findings_of, open_drop
from nhl_ops.gateways.file_drop_report import ADVICE
from nhl_ops_tests.fuzz.cases import ParserCase, Read, Sent, exactly, sent, usually
from nhl_ops_tests.fuzz.damage import mixture, no_documents, torn
from nhl_ops_tests.gateways.file_drop_samples import DAILY, LIMIT, ROW, TAKEN_AT, VENDOR, csv_of
from nhl_ops_tests.gateways.wire_samples import payload_of

SPEC = RAW_QUOTES["FILE_DROP"]
JUNK = st.one_of(
    st.text(max_size=12).map(lambda text: text.replace("\r", "\n")),
    st.sampled_from(
        ["", " ", '"', "a,b", "x\ny", "=1+1", "\u202e", "\0", "x" * 300, "yes", "no", "over", "decimal"]
    ),
    st.sampled_from(
        ["0", "nan", "inf", "-0.0", "1e9", "1_0", "\u0661", "99900", "-110", "+150", "1.91", "2.25", "9" * 12]
    ),
    st.sampled_from(
        ["2026-01-06", "2026-01-06T17:30:00Z", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z"]
    ),
)
OPTIONAL = ("start_time", "team", "price_american", "price_decimal", "updated_at", "player_id", "birth_date")
Rows = list[dict[str, str]]


def _rows(whole: Mapping[str, str], optional: Sequence[str]) -> st.SearchStrategy[Rows]:
    """Rows of a layout, each with up to three cells of junk, some seen at other times."""
    changes = st.dictionaries(st.sampled_from([*whole, *optional]), JUNK, max_size=3)
    at = "seen_at" if "seen_at" in whole else "first_seen_at"
    times = usually(whole[at], "2026-01-06T17:30:20Z", "2026-01-06T21:00:00-05:00", "2027-01-01T00:00:00Z")
    return st.lists(st.builds(lambda time, other: {**whole, at: time, **other}, times, changes), max_size=4)


def _csv_of_prices(rows: Rows) -> Sent:
    return Sent(csv_of(*rows, header=[*ROW, *OPTIONAL]), holds=len(rows))


def _csv_of_daily_props(rows: Rows) -> Sent:
    """A row without any price is one that is missed."""
    given = [sum(bool(row[name].strip()) for name in ("over_price", "under_price")) for row in rows]
    return Sent(csv_of(*rows, header=list(DAILY)), holds=sum(max(1, prices) for prices in given))


def _packed(packer: str, payload: Sent) -> Sent:
    packers = {
        "gzip": lambda body: gzip.compress(body, mtime=0),
        "zstandard": zstandard.ZstdCompressor().compress,
        "marked": lambda body: b"\xef\xbb\xbf" + body,
        "crlf": lambda body: body.replace(b"\n", b"\r\n"),
    }
    return Sent(packers[packer](payload.body), holds=payload.holds)


def _parquet(rows: Rows, typed: str) -> Sent:
    """All cells are texts, or those of one column numbers, times or lists."""
    names = [*ROW, *OPTIONAL]
    columns = {name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in names}
    kinds = {
        "numbers": ("line", pa.array([0.5] * len(rows), pa.float64())),
        "nan": ("price", pa.array([float("nan")] * len(rows), pa.float64())),
        "integers": ("price", pa.array([-185] * len(rows), pa.int64())),
        "nulls": ("player", pa.nulls(len(rows), pa.string())),
        "times": (
            "seen_at",
            pa.array([1767720600000000000 - i for i in range(len(rows))], pa.timestamp("ns", "UTC")),
        ),
        "far_times": ("seen_at", pa.array([2**62] * len(rows), pa.timestamp("us", "UTC"))),
        "days": ("game_date", pa.array([20459] * len(rows), pa.date32())),
        "far_days": ("game_date", pa.array([2**31 - 1] * len(rows), pa.date32())),
        "lists": ("book", pa.array([["DraftKings"]] * len(rows), pa.list_(pa.string()))),
        "bytes": ("player", pa.array([b"\xff"] * len(rows), pa.binary())),
        "flags": ("side", pa.array([True] * len(rows), pa.bool_())),
        "decimals": ("price", pa.array([None] * len(rows), pa.decimal128(10, 2))),
    }
    columns |= dict([kinds[typed]]) if typed in kinds else {}
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return Sent(out.getvalue(), holds=len(rows))


def read(payload: Sent) -> Read:
    """What the file and all of its pages hold, which is what is said of the file as a whole."""
    own = replace(payload_of(payload.body, "FILE_DROP", FILE), captured_at_utc=TAKEN_AT)
    try:
        drop = open_drop(payload.body, TAKEN_AT, limit=LIMIT)
    except DropError as problem:
        raise unusable(own, problem) from None
    found = findings_of(drop)
    parsed = [VENDOR.parse(payload_of(page, "FILE_DROP", PAGE)) for _, page in drop.pages()]
    unplaced = VENDOR.parse(own)
    letters = [*unplaced.rejected, *(letter for page in parsed for letter in page.rejected)]
    assert len(unplaced.rows) == 0
    assert sum(len(page.rows) for page in parsed) == found.accepted
    assert sorted(letter.rule for letter in letters) == sorted(found.rules.elements())
    assert set(found.rules) == set(found.examples) <= set(ADVICE)
    return Read(tuple((SPEC, page.rows) for page in parsed), letters, found.seen)


def read_page(payload: Sent) -> Read:
    return Read.of(VENDOR.parse(payload_of(payload.body, "FILE_DROP", PAGE)), SPEC)


def counted(payload: Sent) -> range | None:
    return None if payload.holds is None else exactly(payload.holds)


def _first_page(payload: Sent) -> bytes:
    """Of a whole file; nothing where no price says when it was seen."""
    return next((page for _, page in open_drop(payload.body, TAKEN_AT).pages()), b"")


PRICES = _rows(ROW, OPTIONAL)
CSV = PRICES.map(_csv_of_prices)
DAILY_CSV = _rows(DAILY, ()).map(_csv_of_daily_props)
PACKED = st.builds(_packed, st.sampled_from(["gzip", "zstandard", "marked"]), CSV)
PARQUET = st.builds(
    _parquet,
    PRICES,
    st.sampled_from(
        ["", "", "", "numbers", "nan", "integers", "nulls", "times", "far_times", "days", "far_days", "lists", "bytes",
         "flags", "decimals"]
    ),
)  # fmt: skip
PIECES = (
    b"",
    b'"',
    b"\n",
    b"\r",
    b",",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b'""',
    b"x" * 70_000,
    b"\n" * 50,
    b"," * 500,
)


def _mixed(whole: st.SearchStrategy[Sent]) -> st.SearchStrategy[Sent]:
    bodies = whole.map(lambda payload: payload.body)
    return mixture((7, whole), (2, torn(bodies, PIECES).map(Sent)), (1, no_documents().map(Sent)))


PAGE_BODIES = CSV.map(_first_page)
PAGES = ParserCase(
    "file-drop-page",
    sent(mixture((5, PAGE_BODIES), (4, torn(PAGE_BODIES, PIECES)), (1, no_documents()))),
    read_page,
    counted,
    (Sent(_first_page(Sent(csv_of(ROW))).replace(b"CAR", b"CAR\xff,")),),
)
DROPS = _mixed(mixture((3, CSV), (1, PACKED)))
PARSERS = (
    ParserCase("file-drop-csv", DROPS, read, counted),
    ParserCase("file-drop-daily-props", _mixed(DAILY_CSV), read, counted),
    ParserCase("file-drop-parquet", _mixed(PARQUET), read, counted),
    PAGES,
)
