"""Quotes of one payload: what an odds parser fills, and how it becomes a table's rows and dead letters.

What belongs here: what was accepted and rejected. What does not: any vendor's names or shapes.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pandas as pd

from nhl_ops.gateways.drift import rejected
from nhl_ops.gateways.quote_columns import Fields, Quote, fields_of, rows_of
from nhl_ops.gateways.vendor import OddsVendor, Parsed, Payload, Rejected

__all__ = ["Quote", "QuoteSheet", "parse_payload"]


@dataclass
class QuoteSheet:
    """Everything seen in one payload: each item is accepted or rejected, never neither.

    accepted: quotes that were made one by one. fields: those that were read column by column.
    """

    payload: Payload
    accepted: list[Quote] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    fields: list[Fields] = field(default_factory=list)

    def accept(self, quote: Quote) -> None:
        self.accepted.append(quote)

    def accept_all(self, fields: Fields) -> None:
        """Many quotes at once."""
        self.fields.append(fields)

    def reject(self, rule: str, detail: str, sample: object) -> None:
        """detail: in the words of `drift.unlike`."""
        self.rejected.append(rejected(rule, detail, sample))

    def parsed(self) -> Parsed:
        """Rows in the columns of contracts.odds.raw_quote_table, and every dead letter.

        row_number is the place among the accepted quotes. A row that breaks the contract all the same becomes
        a dead letter.
        """
        parts = [part for part in (fields_of(self.accepted), *self.fields) if part["side"].count]
        frames, letters, seen = [], list(self.rejected), 0
        for part in parts or [fields_of([])]:
            rows, broken = rows_of(self.payload, part, seen)
            seen += part["side"].count
            frames.append(rows)
            letters += broken
        rows = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
        return Parsed(rows, tuple(letters))


def parse_payload(vendor: OddsVendor, payload: Payload, companions: Sequence[Payload]) -> Parsed:
    """`vendor.parse`, without the collector of cycles. Raises what it raises."""
    with _without_collector():
        return vendor.parse(payload, companions)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A payload becomes objects by the million, none of them in a cycle, that all live until it is parsed:
    looking through them again and again takes a third of the time and finds nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
