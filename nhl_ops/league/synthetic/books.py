"""Books and what they hang out: their margin, their noise, their lines and ladders, their price steps."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhl_ops.domain.markets import Market
from nhl_ops.league.dataset import BOOK_COLUMNS

UNABATED, PLAYNOW = "UNABATED", "PLAYNOW"
STALE_BOOK = "17"
PICKEM_BOOK, PICKEM_AMERICAN = "72", -119
ONE_SIDED_HOLD_FACTOR = 1.4


@dataclass(frozen=True)
class Book:
    """hold: margin of a two-way price. noise: sd of its own error in logits. coverage: share of players
    it prices. step: American prices are multiples of it. opens_late: share of games it opens at midday."""

    book_id: str
    name: str
    hold: float
    noise: float
    coverage: float
    step: int = 5
    opens_late: float = 0.25
    vendor: str = UNABATED
    is_sportsbook: bool = True

    @property
    def moves(self) -> bool:
        return self.book_id not in (STALE_BOOK, PICKEM_BOOK)


BOOKS = (
    Book("1", "DraftKings", 0.068, 0.045, 0.92, opens_late=0.0),
    Book("2", "FanDuel", 0.066, 0.045, 0.90),
    Book("4", "BetMGM", 0.074, 0.060, 0.80),
    Book("17", "BetRivers", 0.072, 0.055, 0.80, opens_late=0.0),
    Book("20", "Caesars", 0.076, 0.060, 0.75),
    Book("58", "Pinnacle-Delayed", 0.054, 0.025, 0.60, step=1, opens_late=0.5),
    Book("78", "Bet365", 0.064, 0.050, 0.90, opens_late=0.1),
    Book("49", "Unabated line", 0.0, 0.020, 0.90, step=1, opens_late=0.0, is_sportsbook=False),
    Book("72", "PrizePicks", 0.0, 0.0, 0.60, is_sportsbook=False),
    Book("playnow", "PlayNow", 0.062, 0.060, 0.85, opens_late=0.0, vendor=PLAYNOW),
)


@dataclass(frozen=True)
class Listing:
    """One market form of one book: at the main line plus `offset`, or at the fixed lines `at`."""

    market: Market
    book_id: str
    two_way: bool = True
    offset: int = 0
    at: tuple[float, ...] = ()
    is_alternate: bool = False
    depth: int | None = None
    """Players a team, when fewer than the market's own depth."""


DEPTH = {
    Market.SOG: 7,
    Market.POINTS: 6,
    Market.ASSISTS: 5,
    Market.GOALS: 6,
    Market.BLOCKS: 3,
    Market.SAVES: 1,
}
"""Players a team, by expected number, that anyone prices."""

TWO_WAY_BOOKS = {
    Market.SOG: ("1", "2", "4", "17", "20", "58", "78", "49", "72", "playnow"),
    Market.POINTS: ("1", "2", "4", "17", "20", "58", "78", "49", "playnow"),
    Market.ASSISTS: ("1", "2", "4", "20", "58", "78", "49", "playnow"),
    Market.GOALS: ("20", "58", "78"),
    Market.BLOCKS: ("1", "2", "20", "78"),
    Market.SAVES: ("playnow",),
}

LISTINGS = (
    *(Listing(market, book) for market, books in TWO_WAY_BOOKS.items() for book in books),
    *(Listing(Market.GOALS, book, two_way=False) for book in ("1", "2", "4")),
    Listing(Market.SOG, "1", offset=-1, is_alternate=True),
    Listing(Market.SOG, "1", offset=1, is_alternate=True),
    Listing(Market.SOG, "2", two_way=False, offset=1, is_alternate=True),
    Listing(Market.SOG, "2", two_way=False, offset=2, is_alternate=True),
    Listing(Market.SOG, "78", offset=1, is_alternate=True),
    Listing(Market.POINTS, "1", offset=1, is_alternate=True),
    Listing(Market.POINTS, "2", two_way=False, offset=1, is_alternate=True),
    Listing(Market.GOALS, "2", two_way=False, offset=1, is_alternate=True),
    Listing(Market.SOG, "playnow", two_way=False, at=(0.5, 1.5, 2.5, 3.5), is_alternate=True, depth=4),
    Listing(Market.GOALS, "playnow", two_way=False, at=(0.5,)),
    Listing(Market.GOALS, "playnow", two_way=False, at=(1.5, 2.5), is_alternate=True, depth=4),
)


def with_margin(prob: np.ndarray, hold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Implied probabilities of over and under that sum to 1 + hold: both odds times the same factor."""
    ratio = prob / (1 - prob)
    spread = ratio + 1 / ratio
    factor = spread * hold + np.sqrt((spread * hold) ** 2 + 4 * (1 - hold) * (1 + hold))
    factor = factor / (2 * (1 - hold))
    over, under = factor * ratio, factor / ratio
    return over / (1 + over), under / (1 + under)


def american_price(implied: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Whole American odds on the book's steps, coarser for long prices; never inside (-100, 100)."""
    size = 100 * np.where(implied >= 0.5, implied / (1 - implied), (1 - implied) / implied)
    grid = np.where(step == 1, 1, np.select([size >= 1000, size >= 300], [50, 10], step))
    return np.where(implied >= 0.5, -1, 1) * np.maximum(np.round(size / grid) * grid, 100)


def decimal_price(implied: np.ndarray) -> np.ndarray:
    """Decimal odds in steps of 0.01 below 2, 0.05 below 5 and 0.25 above."""
    price = 1 / implied
    grid = np.select([price >= 5, price >= 2], [0.25, 0.05], 0.01)
    return np.maximum(np.round(np.round(price / grid) * grid, 2), 1.01)


def books_frame() -> pd.DataFrame:
    """Columns of `dataset.BOOK_COLUMNS`."""
    rows = [(b.book_id, b.vendor, b.name, b.is_sportsbook) for b in BOOKS]
    return pd.DataFrame(rows, columns=BOOK_COLUMNS)
