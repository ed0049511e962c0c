"""From the bytes of a dropped file to its cells as texts: CSV or Parquet, plain, gzip or zstandard.

What a file is, its first bytes say, not its name. A page is a part of a file: rows that were seen together, as
CSV with each row's number in the file.
"""

import csv
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import zstandard
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from nhl_ops.gateways.drift import Told, unlike
from nhl_ops.gateways.file_drop_contract import Columns, DropError, columns_of

READ_LIMIT = 1_000_000_000
"""No file is read beyond this size, whatever is configured."""

FILE_ROW = "file_row"
ROW_BYTES = 20
"""Fewer bytes than any row can have: bounds the rows that a Parquet file may claim."""

HEADER_CHARS = 65_536
PIECE = 1024
MOST_PARTS = 10_000
PADDING = 0
GZIP, ZSTD, PARQUET, ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1", b"PK\x03\x04"
BOM, WIDE_BOMS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
SAVE_AS_CSV = "save it as CSV (UTF-8, comma) or Parquet and drop that"
DAMAGED = "get the file again, or export it again, and drop that"


@dataclass(frozen=True)
class Malformed:
    """A line of CSV with more or fewer cells than the header."""

    row: int
    expected: int
    cells: int
    text: str

    @property
    def detail(self) -> str:
        lines = self.text.count("\n") + 1
        hint = f" on {lines} lines: a quote is missing" if lines > 1 else ""
        return unlike(
            f"row {self.row}", f"{self.expected} cells, as the header has", Told(f"{self.cells}{hint}")
        )


@dataclass(frozen=True)
class Texts:
    """Cells of a file.

    table: the columns that are read, under the contract's names; every cell is a text, empty where the file
    has none. rows: number of each row in the file, where the header is row 1.
    """

    columns: Columns
    table: pa.Table
    rows: NDArray[np.int64]
    malformed: tuple[Malformed, ...] = ()


def read_file(body: bytes, limit: int = READ_LIMIT) -> Texts:
    """Cells of a dropped file. Raises DropError when it is none; `limit` bounds the unpacked size in bytes."""
    body = _unpacked(body, limit)
    if body.startswith(PARQUET):
        return _read_parquet(body, limit)
    body = _plain_csv(body)
    header = _header(body)
    columns = columns_of(header)
    table, malformed = _read_csv(body, header, list(columns.positions.values()))
    table = table.rename_columns(list(columns.positions))
    lost = np.array([m.row for m in malformed], dtype=np.int64)
    rows = np.setdiff1d(np.arange(2, 2 + len(table) + len(lost)), lost, assume_unique=True)
    return Texts(columns, table, rows, tuple(malformed))


def page_bytes(texts: Texts, chosen: NDArray[np.int64]) -> bytes:
    """The chosen rows (positions) as a page."""
    table = texts.table.take(pa.array(chosen)).rename_columns(texts.columns.header())
    table = table.add_column(0, FILE_ROW, pa.array(texts.rows[chosen]))
    out = io.BytesIO()
    arrow_csv.write_csv(table, out)
    return out.getvalue()


def read_page(body: bytes) -> Texts:
    """Cells of a page. Raises DropError when it is none."""
    header = _header(body)
    if header[:1] != [FILE_ROW] or not _is_utf8(body):
        raise DropError("this is no page of a dropped file", "drop the file that it came from again")
    columns = columns_of(header[1:])
    places = [0, *(1 + position for position in columns.positions.values())]
    table, malformed = _read_csv(body, header, places)
    numbers = table.column(0).to_pylist()
    if malformed or not all(number.isdecimal() and len(number) < 12 for number in numbers):
        raise DropError("this page of a dropped file is damaged", "drop the file that it came from again")
    cells = table.select(range(1, len(places))).rename_columns(list(columns.positions))
    return Texts(columns, cells, np.array([int(n) for n in numbers], dtype=np.int64))


def _unpacked(body: bytes, limit: int) -> bytes:
    kinds: dict[bytes, Callable[[], Any]] = {
        GZIP: lambda: zlib.decompressobj(wbits=31),
        ZSTD: lambda: zstandard.ZstdDecompressor().decompressobj(),
    }
    unpacker = next((made for magic, made in kinds.items() if body.startswith(magic)), None)
    if unpacker is None and len(body) > limit:
        raise _too_large(limit)
    out = bytearray()
    try:
        for piece in _pieces(memoryview(body), unpacker) if unpacker else ():
            out += piece
            if len(out) > limit:
                raise _too_large(limit)
    except (zlib.error, zstandard.ZstdError) as error:
        raise DropError(f"it is compressed and cannot be unpacked: {error}", DAMAGED) from None
    return bytes(out) if unpacker else body


def _pieces(body: memoryview, unpacker: Callable[[], Any]) -> Iterator[bytes]:
    """Unpacked pieces of every part of a compressed file, small ones, however much it expands."""
    at, parts = 0, 0
    while at < len(body) and body[at] != PADDING:
        part = unpacker()
        parts += 1
        while not part.eof:
            if at >= len(body) or parts > MOST_PARTS:
                why = "the file ends too early" if at >= len(body) else f"more than {MOST_PARTS:,} parts"
                raise DropError(f"it is compressed and cannot be unpacked: {why}", DAMAGED)
            piece = body[at : at + PIECE]
            at += len(piece)
            yield part.decompress(piece)
        at -= len(part.unused_data)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _too_large(limit: int) -> DropError:
    return DropError(
        f"unpacked it is larger than {limit:,} bytes",
        "split it, or raise max_file_bytes of [file_drop] in config/vendors.toml",
    )


def _plain_csv(body: bytes) -> bytes:
    """The bytes without a byte order mark. Raises DropError for what is known to be something else."""
    if body.startswith(ZIP):
        raise DropError("it is a workbook or a zip archive", SAVE_AS_CSV)
    if body[257:262] == b"ustar":
        raise DropError("it is a tar archive", "unpack it and drop the files in it")
    if body.startswith(WIDE_BOMS):
        raise DropError("it is UTF-16 text", SAVE_AS_CSV)
    body = body.removeprefix(BOM)
    if not body.strip(b"\0 \r\n\t"):
        raise DropError("it is empty", "drop a file with a header and at least one row")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as bad:
        line = body.count(b"\n", 0, bad.start) + 1
        raise DropError(f"byte {body[bad.start]:#04x} in line {line:,} is not UTF-8", SAVE_AS_CSV) from None
    return body if body.endswith(b"\n") else body + b"\n"


def _read_csv(body: bytes, header: Sequence[str], places: Sequence[int]) -> tuple[pa.Table, list[Malformed]]:
    """Columns at `places` below the header, as texts, and the lines that do not fit it."""
    malformed: list[Malformed] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        malformed.append(Malformed(row.number, row.expected_columns, row.actual_columns, row.text))
        return "skip"

    names = [f"f{i}" for i in places]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(body),
            arrow_csv.ReadOptions(
                use_threads=False, block_size=len(body) + 1, autogenerate_column_names=True
            ),
            arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                include_columns=names,
            ),
        )
    except (pa.ArrowException, ValueError, KeyError) as error:
        raise DropError(f"it cannot be read as CSV: {str(error)[:200]}", SAVE_AS_CSV) from None
    if [column[0].as_py() for column in table.columns] != [header[place] for place in places]:
        raise DropError("its first line is no CSV header", SAVE_AS_CSV)
    return table.slice(1), malformed


def _header(body: bytes) -> list[str]:
    text = body[:HEADER_CHARS].decode("utf-8", "replace")
    try:
        cells = next((row for row in csv.reader(io.StringIO(text, newline="")) if row), [])
    except csv.Error as error:
        raise DropError(f"its first line is no CSV header: {error}", SAVE_AS_CSV) from None
    other = [sign for sign in (";", "\t", "|") if len(cells) == 1 and sign in cells[0]]
    if other:
        raise DropError(f"its cells are set apart by {other[0]!r}, not by a comma", SAVE_AS_CSV)
    return cells


def _read_parquet(body: bytes, limit: int) -> Texts:
    try:
        file = pq.ParquetFile(io.BytesIO(body))
        meta = file.metadata
        claimed = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
        if max(claimed, meta.num_rows * ROW_BYTES) > limit:
            raise _too_large(limit)
        header = file.schema_arrow.names
        columns = columns_of(header)
        table = file.read([header[position] for position in columns.positions.values()])
        cells = [_as_text(table.column(header[position])) for position in columns.positions.values()]
        texts = pa.table(dict(zip(columns.positions, cells, strict=True)))
        texts.validate(full=True)
    except (pa.ArrowException, OSError, KeyError, OverflowError) as error:
        raise DropError(f"it cannot be read as Parquet: {str(error)[:200]}", DAMAGED) from None
    return Texts(columns, texts, np.arange(2, 2 + len(texts)))


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers, dates and times as CSV would have them; null and NaN are empty. Raises ArrowException."""
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = column.cast(pa.timestamp("us", "UTC"), safe=False)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return pc.fill_null(column.cast(pa.string()), "")
