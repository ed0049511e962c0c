"""Game lines of one payload: what their parsers fill, and how it becomes table rows and dead letters.

What belongs here: the row, its identity, the reading of a single price, conflicts within a payload.
What does not: any vendor's names or shapes.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from nhl_ops.contracts.game_odds import RAW_GAME_LINES
from nhl_ops.domain.odds import (
    MIN_AMERICAN,
    PriceDefect,
    american_defect,
    american_from_decimal,
    decimal_defect,
    decimal_from_american,
)
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.drift import Defect, Told, rejected, unlike
from nhl_ops.gateways.letters import LINE_RULES
from nhl_ops.gateways.vendor import Parsed, Payload, Rejected
from nhl_ops.gateways.wire import Node, digests, instants

AMERICAN, DECIMAL = "American odds", "decimal odds"
NUMBER = re.compile(r"[+-]?[0-9]{1,8}(\.[0-9]{1,6})?")


class GameLineRule(StrEnum):
    """Rules of the dead letters of game lines, beside those of `domain.odds.PriceDefect`."""

    MALFORMED_EVENT = "malformed_event"
    MALFORMED_PRICE = "malformed_price"
    UNKNOWN_MARKET = "unknown_market"
    NO_LINE = "no_line"
    BAD_LINE = "bad_line"
    LINE_CONFLICT = "line_conflict"
    PRICE_CONFLICT = "price_conflict"
    SWAPPED_SIDES = "swapped_sides"


def line_letters(letters: Iterable[Rejected]) -> list[Rejected]:
    """Dead letters of game lines under rules of their own: a schedule has letters of its games beside them."""
    return [replace(letter, rule=f"{LINE_RULES}{letter.rule}") for letter in letters]


class GameEvent(NamedTuple):
    """A game as the vendor names it; the start in microseconds since 1970."""

    game_date: str
    event_id_vendor: str
    game_id_sent: int | None
    start_time_utc: int
    home_team_raw: str
    away_team_raw: str
    is_live: bool


class Book(NamedTuple):
    """Whose price it is and, in microseconds since 1970, the time of the snapshot that holds it."""

    book_id: str
    book_name: str
    vendor_updated_at_utc: int | None = None
    is_stale: bool = False


class Price(NamedTuple):
    price_american: int
    price_decimal: float


class Offer(NamedTuple):
    """A price of one outcome. line: goals, null for a moneyline."""

    market: str
    market_raw: str
    outcome: str
    line: float | None
    price: Price


class GameLine(NamedTuple):
    event: GameEvent
    book: Book
    offer: Offer


@dataclass
class GameLineSheet:
    """Every price seen in one payload: each is accepted or rejected, never neither. source: what was read."""

    payload: Payload
    source: str
    accepted: list[GameLine] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def accept(self, line: GameLine) -> None:
        self.accepted.append(line)

    def reject(self, rule: str, detail: str, sample: object) -> None:
        self.rejected.append(rejected(str(rule), detail, sample))

    def parsed(self) -> Parsed:
        """Rows in the columns of RAW_GAME_LINES, and every dead letter.

        A price that is sent twice is two rows, which normalization counts as a duplicate. Different prices of
        a book for one outcome and line are all dead letters: which of them stands is not known.
        """
        sound = []
        for same in _by_selection(self.accepted):
            prices = sorted({line.offer.price for line in same})
            if len(prices) == 1:
                sound += same
                continue
            detail = unlike(
                _place(same[0]),
                "one price of a book",
                Told(" and ".join(str(p.price_american) for p in prices)),
            )
            for line in same:
                self.reject(GameLineRule.PRICE_CONFLICT, detail, _sample(line))
        return Parsed(RAW_GAME_LINES.conform(_frame(self.payload, self.source, sound)), tuple(self.rejected))


def american_price(sent: Node) -> Price:
    """An American price sent as number or text. Raises Defect."""
    number = number_of(sent.value)
    defect = PriceDefect.NOT_A_NUMBER if number is None else american_defect(number)
    if number is None or defect:
        raise Defect(defect or PriceDefect.NOT_A_NUMBER, AMERICAN, sent.value, sent.path)
    return Price(int(number), decimal_from_american(int(number)))


def mixed_price(sent: Node) -> Price:
    """A price that is American when signed or at least 100, else decimal. Raises Defect."""
    value, number = sent.value, number_of(sent.value)
    is_signed = isinstance(value, str) and value.strip()[:1] in ("+", "-")
    if number is None or is_signed or abs(number) >= MIN_AMERICAN:
        return american_price(sent)
    defect = decimal_defect(number)
    if defect:
        raise Defect(defect, DECIMAL, value, sent.path)
    return Price(american_from_decimal(number), number)


def number_of(value: object) -> float | None:
    """A finite number sent as number or plain text; None for anything else."""
    if isinstance(value, str):
        return float(value) if NUMBER.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _by_selection(lines: Iterable[GameLine]) -> Iterable[list[GameLine]]:
    found: defaultdict[tuple[object, ...], list[GameLine]] = defaultdict(list)
    for line in lines:
        offer = line.offer
        key = (line.event.event_id_vendor, line.book.book_id, offer.market, offer.outcome, offer.line)
        found[key].append(line)
    return found.values()


def _place(line: GameLine) -> str:
    """The selection of a line, for a message."""
    offer, points = line.offer, "" if line.offer.line is None else f" {line.offer.line:g}"
    return (
        f"event {line.event.event_id_vendor}, {line.book.book_name}, {offer.market} {offer.outcome}{points}"
    )


def _sample(line: GameLine) -> dict[str, object]:
    return line.event._asdict() | line.book._asdict() | line.offer._asdict() | line.offer.price._asdict()


def _frame(payload: Payload, source: str, lines: Sequence[GameLine]) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for part, kind in (("event", GameEvent), ("book", Book), ("offer", Offer)):
        parts = [getattr(line, part) for line in lines]
        columns |= {name: [getattr(p, name) for p in parts] for name in kind._fields}
    prices = columns.pop("price")
    columns |= {name: [getattr(price, name) for price in prices] for name in Price._fields}
    identity = ("event_id_vendor", "book_id", "market", "outcome", "line", "is_stale", "is_live")
    decimals = [f"{price.price_decimal:.6f}" for price in prices]
    count = len(lines)
    frame = pd.DataFrame(
        columns
        | {
            "line_id": digests(
                [payload.vendor] * count, [source] * count, *(columns[name] for name in identity), decimals
            ),
            "line": pd.Series(columns["line"], dtype="float64"),
            "start_time_utc": instants(columns["start_time_utc"]),
            "vendor_updated_at_utc": instants(columns["vendor_updated_at_utc"]),
            "row_number": np.arange(count),
        }
    )
    return frame.assign(
        source_vendor=payload.vendor,
        source=source,
        payload_hash=payload.payload_hash,
        payload_path=payload.payload_path,
        captured_at_utc=pd.Timestamp(payload.captured_at_utc).tz_convert("UTC"),
        capture_date=slate_of(payload.captured_at_utc).isoformat(),
    )
