"""Quotes column by column, from what a parser read to the rows of a table.

A slate has quotes by the hundred thousand, so nothing here runs once a quote that can run once a column or once
a distinct value: what all prices of an offer share is said, checked and converted once.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nhl_ops.contracts.odds import raw_quote_table
from nhl_ops.contracts.spec import Column, Dtype
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.drift import rejected, unlike
from nhl_ops.gateways.vendor import Payload, Rejected
from nhl_ops.gateways.wire import digests, eastern_day, in_utc, microseconds, ticks

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Array = NDArray[Any]

QUOTES = raw_quote_table("quotes", "a vendor")
TYPES = {Dtype.INT: np.int64, Dtype.FLOAT: np.float64, Dtype.BOOL: np.bool_}
"""What is held as numbers; times are microseconds without a zone, everything else objects."""

SAME_LINE = ("market_id_vendor", "book_id", "line", "side")
"""What tells the lines of a payload apart."""


class Quote(NamedTuple):
    """One price as parsed: the columns of contracts.odds.QUOTE_COLUMNS, times in microseconds since 1970.

    version: the vendor's own sequence number or time of the price, as sent; empty where it gives none. It is
    part of quote_id, so a price that returns to a former value is a new quote if the vendor tells them apart.
    """

    event_id_vendor: str
    start_time_utc: int
    home_team_raw: str | None
    away_team_raw: str | None
    player_id_vendor: str | None
    player_name_raw: str
    player_team_raw: str | None
    player_position_raw: str | None
    player_birth_date: str | None
    market: str
    market_raw: str
    market_id_vendor: str
    line: float
    side: str
    book_id: str
    book_name: str
    price_american: int
    price_decimal: float
    is_live: bool
    is_alternate: bool
    vendor_updated_at_utc: int | None
    version: str


class Values(NamedTuple):
    """A field of many quotes: that of quote i is `each[codes[i]]`, without codes `each[i]`."""

    each: Array
    codes: Ints | None = None

    @property
    def count(self) -> int:
        return len(self.each if self.codes is None else self.codes)

    def array(self) -> Array:
        return self.spread(self.each)

    def taken(self, rows: Ints) -> "Values":
        return Values(self.each[rows]) if self.codes is None else Values(self.each, self.codes[rows])

    def spread(self, told: Array) -> Array:
        """What is told of each value, for each quote."""
        return told if self.codes is None else told[self.codes]

    def texts(self, form: str) -> list[str]:
        """Every quote's number written in a form; equal ones are written once."""
        each = self.each.tolist()
        written = {number: format(number, form) for number in set(each)}
        return self.spread(np.array([written[number] for number in each], dtype=object)).tolist()


Fields = dict[str, Values]
"""Every field of Quote."""


class Offers:
    """Quotes as vendors send them: prices under an offer, whose fields are `shared` by all of them.

    prices: one after the other, each `width` values long: the number of its offer, the fields of `own`, and
    `beside`, what the parser itself keeps of a price. One list: a tuple a price costs more than reading it.
    """

    def __init__(self, shared: Sequence[str], own: Sequence[str], beside: int = 0) -> None:
        self.shared = shared
        self.own = own
        self.width = 1 + len(own) + beside
        self.offers: list[tuple[Any, ...]] = []
        self.prices: list[Any] = []

    def open(self, shared: tuple[Any, ...]) -> int:
        """The number of a new offer."""
        self.offers.append(shared)
        return len(self.offers) - 1

    def column(self, place: int) -> list[Any]:
        """The value at a place of every price."""
        return self.prices[place :: self.width]

    def quote(self, row: int) -> Quote:
        """One of the prices, whole."""
        number, *own = self.prices[row * self.width : (row + 1) * self.width]
        fields = dict(zip(self.own, own, strict=False))
        return Quote(**fields, **dict(zip(self.shared, self.offers[number], strict=True)))

    def fields(self) -> Fields:
        if not self.prices:
            return fields_of([])
        codes = np.array(self.column(0), dtype=np.int64)
        shared = zip(*self.offers, strict=True)
        return {
            name: values_of(name, each, codes) for name, each in zip(self.shared, shared, strict=True)
        } | {name: values_of(name, self.column(place)) for place, name in enumerate(self.own, 1)}


def repeated_lines(fields: Fields) -> list[list[int]]:
    """Rows of equal market, book, line and side, where there are several, in the order in which they come."""
    lines = pd.DataFrame({name: fields[name].array() for name in SAME_LINE}, copy=False)
    repeated = np.flatnonzero(lines.duplicated(keep=False))
    found: dict[tuple[Any, ...], list[int]] = {}
    for row, line in zip(
        repeated.tolist(), lines.iloc[repeated].itertuples(index=False, name=None), strict=True
    ):
        found.setdefault(line, []).append(row)
    return list(found.values())


def standing(fields: Fields, groups: Sequence[tuple[list[int], list[int]]]) -> Fields:
    """The quotes, but of each group of rows only those named second, in the place of the group's first."""
    if not groups:
        return fields
    place = np.arange(fields["side"].count)
    stands = np.ones(len(place), dtype=bool)
    for rows, kept in groups:
        place[rows] = rows[0]
        stands[rows] = False
        stands[kept] = True
    order = np.argsort(place, kind="stable")
    order = order[stands[order]]
    return {name: values.taken(order) for name, values in fields.items()}


def fields_of(quotes: Sequence[Quote]) -> Fields:
    """Quotes that were made one by one."""
    columns: Sequence[Sequence[Any]] = list(zip(*quotes, strict=True)) or [()] * len(Quote._fields)
    return {name: values_of(name, each) for name, each in zip(Quote._fields, columns, strict=True)}


def values_of(name: str, each: Sequence[Any], codes: Ints | None = None) -> Values:
    """Values of a field of Quote, typed as its column unless one is missing."""
    column = QUOTES.by_name.get(name)
    if column is not None and column.dtype is Dtype.TIMESTAMP:
        return Values(ticks(each), codes)
    dtype = TYPES.get(column.dtype, np.object_) if column is not None else np.object_
    is_missing = dtype is not np.object_ and None in each
    return Values(np.array(each, dtype=np.object_ if is_missing else dtype), codes)


def rows_of(payload: Payload, fields: Fields, first_row: int) -> tuple[pd.DataFrame, list[Rejected]]:
    """Rows in the columns of QUOTES, and a dead letter for each quote that breaks a rule of it.

    row_number counts from `first_row` on, quotes that break a rule included. quote_id is the 128-bit digest of
    vendor, market or outcome id, book, line, side, decimal price (6 digits) and version.
    """
    numbers = first_row + np.arange(fields["side"].count)
    broken = _broken_rules(fields)
    if broken is None:
        return _frame(payload, fields, numbers), []
    is_bad = broken != None  # noqa: E711 - element by element
    arrays = {name: values.array() for name, values in fields.items()}
    letters = [
        _letter(QUOTES.by_name[name], dict(zip(arrays, row, strict=True)))
        for name, *row in zip(broken[is_bad], *(a[is_bad].tolist() for a in arrays.values()), strict=True)
    ]
    kept = {name: Values(array[~is_bad]) for name, array in arrays.items()}
    return _frame(payload, kept, numbers[~is_bad]), letters


def _broken_rules(fields: Fields) -> NDArray[np.object_] | None:
    """The last column whose rule each quote breaks: nulls, bounds and allowed values; None when nobody breaks one."""
    rules = None
    for column in QUOTES.columns:
        if column.name not in fields:
            continue
        values = fields[column.name]
        found = _breaks(column, values.each)
        if found.any():
            rules = np.full(values.count, None, dtype=object) if rules is None else rules
            rules[values.spread(found)] = column.name
    return rules


def _letter(column: Column, quote: dict[str, Any]) -> Rejected:
    bound = "" if column.ge is None else f" from {column.ge:g} on"
    allowed = f": {', '.join(map(str, column.allowed))}" if column.allowed else ""
    detail = unlike(column.name, f"a value of {column.dtype.value}{bound}{allowed}", quote[column.name])
    return rejected(f"contract_{column.name}", detail, quote)


def _breaks(column: Column, each: Array) -> Bools:
    """Whether each value breaks a rule of the column."""
    is_null = pd.isna(each)
    found = np.zeros(len(each), dtype=bool) if column.nullable else is_null.copy()
    if column.ge is not None:
        found[~is_null] |= (each[~is_null] < column.ge).astype(bool)
    allowed = set(map(str, column.allowed))
    if allowed and not set(each.tolist()) <= allowed:
        found |= ~pd.Series(each, dtype=object).isin(allowed).to_numpy()
    return found


def _frame(payload: Payload, fields: Fields, numbers: Ints) -> pd.DataFrame:
    count, starts = len(numbers), fields["start_time_utc"]
    same = {
        "source_vendor": payload.vendor,
        "payload_hash": payload.payload_hash,
        "payload_path": payload.payload_path,
        "capture_date": slate_of(payload.captured_at_utc).isoformat(),
    }
    days = [eastern_day(us) for us in starts.each.view(np.int64).tolist()]
    arrays: dict[str, Any] = {name: np.full(count, text, dtype=object) for name, text in same.items()} | {
        "captured_at_utc": ticks([microseconds(payload.captured_at_utc)]).repeat(count),
        "game_date": starts.spread(np.array(days, dtype=object)),
        "quote_id": np.array(_quote_ids(payload.vendor, fields), dtype=object),
        "row_number": numbers,
    }
    columns = {}
    for column in QUOTES.columns:
        array = fields[column.name].array() if column.name in fields else arrays[column.name]
        columns[column.name] = (
            in_utc(array)
            if column.dtype is Dtype.TIMESTAMP
            else array.astype(TYPES.get(column.dtype, object), copy=False)
        )
    return pd.DataFrame(columns, copy=False)


def _quote_ids(vendor: str, fields: Fields) -> list[str]:
    market, book, side, version = (
        fields[name].array().tolist() for name in ("market_id_vendor", "book_id", "side", "version")
    )
    line, price = fields["line"].texts("g"), fields["price_decimal"].texts(".6f")
    return digests([vendor] * len(side), market, book, line, side, price, version)
