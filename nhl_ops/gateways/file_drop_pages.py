"""A dropped file cut into pages, one for each pass, and what can be said of the file as a whole."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from nhl_ops.gateways.drift import rejected
from nhl_ops.gateways.file_drop_contract import Layout
from nhl_ops.gateways.file_drop_quotes import Reading, letters, read_prices
from nhl_ops.gateways.file_drop_reader import Malformed, Texts, page_bytes, read_file, read_page
from nhl_ops.gateways.file_drop_rows import Answers, Ints, Prices, passes, prices_of, seen_at
from nhl_ops.gateways.vendor import Rejected
from nhl_ops.gateways.wire import EPOCH, eastern_day, microseconds

BAD_ROW = "bad_row"


@dataclass(frozen=True)
class DropFile:
    """A file whose header fits, as read at an instant. Its prices are those of its pages and `unplaced`."""

    texts: Texts
    prices: Prices
    seen: Answers
    pass_no: Ints

    def pages(self) -> Iterator[tuple[datetime, bytes]]:
        """The instant as of which each pass is known, and its page."""
        placed = np.flatnonzero(self.pass_no >= 0)
        ordered = placed[np.argsort(self.pass_no[placed], kind="stable")]
        starts = np.flatnonzero(np.diff(self.pass_no[ordered], prepend=-1))
        for chosen in np.split(ordered, starts[1:]) if len(ordered) else []:
            known_at = EPOCH + timedelta(microseconds=int(self.seen.values[chosen].max()))
            yield known_at, page_bytes(self.texts, np.unique(self.prices.source[chosen]))

    def unplaced(self) -> Iterator[Rejected]:
        """Dead letters of what lies on no page: broken lines, and rows that do not say when they were seen."""
        yield from map(_broken_line, self.texts.malformed)
        yield from letters(self.prices, self.seen.faults, np.flatnonzero(self.pass_no < 0))

    def reading(self) -> Reading:
        return read_prices(self.prices, self.seen, self.pass_no)


@dataclass(frozen=True)
class Findings:
    """What a file holds.

    examples: the first dead letter of each rule. Days are Eastern; None without a price. day_before: prices whose
    game is taken to be of the day before their date.
    """

    layout: Layout
    ignored: tuple[str, ...]
    accepted: int
    rules: Counter[str]
    examples: dict[str, Rejected]
    passes: int
    seen_from: datetime | None
    seen_to: datetime | None
    games_from: str | None
    games_to: str | None
    day_before: int

    @property
    def rejected(self) -> int:
        return self.rules.total()

    @property
    def seen(self) -> int:
        return self.accepted + self.rejected


def open_drop(body: bytes, taken_at: datetime, **limit: int) -> DropFile:
    """A dropped file, taken at an instant. Raises DropError when it is not one; `limit` as of `read_file`."""
    texts = read_file(body, **limit)
    prices = prices_of(texts)
    seen = seen_at(prices, microseconds(taken_at))
    return DropFile(texts, prices, seen, passes(seen))


def read_one_page(body: bytes) -> Reading:
    """Every price of a page. Raises DropError when it is none."""
    prices = prices_of(read_page(body))
    return read_prices(prices, seen_at(prices), np.zeros(len(prices), dtype=np.int64))


def findings_of(drop: DropFile) -> Findings:
    reading = drop.reading()
    rules = reading.rules() + Counter({BAD_ROW: len(drop.texts.malformed)})
    examples = {letter.rule: letter for letter in reading.first_letters()}
    if drop.texts.malformed:
        examples[BAD_ROW] = _broken_line(drop.texts.malformed[0])
    told = drop.seen.values[pd.isna(drop.seen.faults)]
    seen_from, seen_to = (_instant(min(told)), _instant(max(told))) if len(told) else (None, None)
    days = sorted(eastern_day(us) for us in set(reading.fields["start_time_utc"]))
    return Findings(
        layout=drop.texts.columns.layout,
        ignored=drop.texts.columns.ignored,
        accepted=reading.accepted,
        rules=rules,
        examples=examples,
        passes=int(drop.pass_no.max(initial=-1)) + 1,
        seen_from=seen_from,
        seen_to=seen_to,
        games_from=days[0] if days else None,
        games_to=days[-1] if days else None,
        day_before=reading.day_before(),
    )


def _broken_line(line: Malformed) -> Rejected:
    return rejected(BAD_ROW, line.detail, line.text)


def _instant(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=int(us))
