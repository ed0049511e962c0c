"""Quotes of one payload: what an odds parser fills, and how it becomes a table's rows and dead letters.

What belongs here: the row, its identity, and the last check against the table's contract.
What does not: any vendor's names or shapes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from nhl_ops.contracts.odds import raw_quote_table
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.vendor import Parsed, Payload, Rejected
from nhl_ops.gateways.wire import digests, eastern_day, instants, rejected

QUOTES = raw_quote_table("quotes", "a vendor")


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


class QuoteDefect(Exception):  # noqa: N818 - the rule of a dead letter, between a parser's functions
    """Why a price is no quote; without a detail the rule's words say it."""

    def __init__(self, rule: str, detail: str = "") -> None:
        super().__init__(rule, detail)
        self.rule = rule
        self.detail = detail or rule.replace("_", " ")


@dataclass
class QuoteSheet:
    """Everything seen in one payload: each item is accepted or rejected, never neither."""

    payload: Payload
    accepted: list[Quote] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def accept(self, quote: Quote) -> None:
        self.accepted.append(quote)

    def reject(self, rule: str, detail: str, sample: object) -> None:
        self.rejected.append(rejected(rule, detail, sample))

    def parsed(self) -> Parsed:
        """Rows in the columns of contracts.odds.raw_quote_table, and every dead letter.

        row_number is the place among the accepted quotes. A row that breaks the contract all the same becomes
        a dead letter. quote_id is the 128-bit digest of vendor, market or outcome id, book, line, side,
        decimal price (6 digits) and version.
        """
        frame, letters = _quarantine(_frame(self.payload, self.accepted), QUOTES)
        return Parsed(QUOTES.conform(frame), (*self.rejected, *letters))


def _frame(payload: Payload, quotes: Sequence[Quote]) -> pd.DataFrame:
    columns = dict(zip(Quote._fields, map(list, zip(*quotes, strict=True)), strict=True)) if quotes else {}
    columns = columns or {name: [] for name in Quote._fields}
    versions, starts = columns.pop("version"), columns["start_time_utc"]
    lines = [f"{line:g}" for line in columns["line"]]
    prices = [f"{price:.6f}" for price in columns["price_decimal"]]
    identity = (columns["market_id_vendor"], columns["book_id"], lines, columns["side"], prices, versions)
    count = len(versions)
    frame = pd.DataFrame(columns | {"start_time_utc": instants(starts)})
    frame["vendor_updated_at_utc"] = instants(columns["vendor_updated_at_utc"])
    frame["source_vendor"] = payload.vendor
    frame["quote_id"] = digests([payload.vendor] * count, *identity)
    frame["payload_hash"], frame["payload_path"] = payload.payload_hash, payload.payload_path
    frame["captured_at_utc"] = pd.Timestamp(payload.captured_at_utc).tz_convert("UTC")
    frame["capture_date"] = slate_of(payload.captured_at_utc).isoformat()
    frame["game_date"] = [eastern_day(start) for start in starts]
    frame["row_number"] = np.arange(count)
    return frame


def _quarantine(frame: pd.DataFrame, spec: TableSpec) -> tuple[pd.DataFrame, list[Rejected]]:
    """Rows that meet the contract's nulls, bounds and allowed values, and a letter for each that does not."""
    rules = np.full(len(frame), None, dtype=object)
    for column in spec.columns:
        values = frame[column.name]
        bad = np.zeros(len(frame), dtype=bool) if column.nullable else values.isna().to_numpy()
        if column.ge is not None:
            bad |= (values < column.ge).to_numpy()
        if column.allowed:
            bad |= ~values.isin([str(a) for a in column.allowed]).to_numpy()
        rules[bad] = f"contract_{column.name}"
    is_bad = rules != None  # noqa: E711 - element by element
    letters = [
        rejected(rule, f"{rule.removeprefix('contract_')} breaks the contract", row)
        for rule, row in zip(rules[is_bad], frame[is_bad].to_dict("records"), strict=True)
    ]
    return frame[~is_bad], letters
