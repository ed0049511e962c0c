"""A slate's card over its publications: its versions, what changed between them, and its withdrawal."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Move(StrEnum):
    """What made a publication the one that readers see."""

    PUBLISH = "publish"
    ROLLBACK = "rollback"
    WITHDRAW = "withdraw"


class BetChangeKind(StrEnum):
    """How a best bet differs from the version before. `price`: another price or book; `ev`: another EV alone."""

    ADDED = "added"
    REMOVED = "removed"
    PRICE = "price"
    EV = "ev"


@dataclass(frozen=True)
class BetChange:
    """One best bet that is not what it was. Prices are American odds, EV percent; null where there is no such side."""

    kind: BetChangeKind
    bet_id: str
    player_name: str
    market: str
    line: float
    side: str
    book_before: str | None = None
    book_after: str | None = None
    price_before: int | None = None
    price_after: int | None = None
    ev_before: float | None = None
    ev_after: float | None = None


@dataclass(frozen=True)
class Revision:
    """A version after the first, against the version that readers saw until then."""

    version: int
    since: int
    published_at_utc: datetime
    changes: tuple[BetChange, ...] = ()


@dataclass(frozen=True)
class Withdrawal:
    """A card that is not to be used: when, by whom, why."""

    version: int
    at_utc: datetime
    by: str
    reason: str

    @property
    def sentence(self) -> str:
        """What readers see first, on one line."""
        return f"WITHDRAWN, do not use this card: {self.reason} ({self.by}, {self.at_utc:%Y-%m-%d %H:%M} UTC)"
