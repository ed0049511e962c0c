"""What a fault of a vendor comes to: the row of a fault drill, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nhl_ops.domain.run_summary import Accounted, RunStatus
from nhl_ops.domain.slates import SlateOutcome

NO_FAULT = "none"
"""Kind of the case in which nothing fails: what the others are compared with."""


@dataclass(frozen=True)
class FaultCase(Accounted):
    """One vendor that fails in one way, and what the pipeline made of it.

    hits: requests that failed; none where the vendor's format has nothing that this fault could change. attempts:
    requests that went out, retries included. waits: pauses between them in seconds. seen to mapped: quotes of the
    slate's accounting (of the NHL: games, players and results). letters: by rule, what one of its dead letters says.
    priced: quotes that stand and are compared. others: accepted quotes of the other vendors. status: of a run that
    asks all vendors. peak_bytes: the most memory that asking took.
    """

    subject: str
    kind: str
    hits: int
    outcome: SlateOutcome
    error_class: str | None
    error: str | None
    attempts: int
    waits: tuple[float, ...]
    status: RunStatus
    seen: int = 0
    accepted: int = 0
    duplicate: int = 0
    other_slate: int = 0
    quarantined_by_rule: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    mapped: int = 0
    review: int = 0
    priced: int = 0
    others: Mapping[str, int] = field(default_factory=dict)
    held: str | None = None
    peak_bytes: int = 0
