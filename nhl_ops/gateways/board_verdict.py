"""Whether what a vendor sent, taken as a whole, is a board at all: quotes are judged one by one by the parsers."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from nhl_ops.domain.slates import OVER_AFTER, SlateOutcome
from nhl_ops.gateways.vendor import Parsed

UNUSABLE = "unusable_payload"
ERROR_BODY = "error_body"
NOT_READ = frozenset(
    {
        "market_not_supported",
        "other_competition",
        "other_league",
        "other_period",
        "event_closed",
        "market_suspended",
        "outcome_suspended",
        "off_the_board",
        "blurred_price",
        "price_without_contract",
    }
)
"""Rules of prices that are sound and not ours, or off the board for now: a board of these alone offers nothing."""
RULES_TOLD = 5


class Unusable(NamedTuple):
    """What became of boards that came, and of which nothing can be used."""

    outcome: SlateOutcome
    cause: str


def unusable(parsed: Sequence[Parsed]) -> Unusable | None:
    """What is wrong with the payloads of one vendor as a whole; None when nothing is, or nothing is offered.

    Rejected: a payload that is no board, or boards of which every price breaks its contract. Vendor down: an error
    in the body, or a board of games that all began more than OVER_AFTER before its capture, a cache's copy.
    """
    letters = [letter for one in parsed for letter in one.rejected]
    for rule, outcome in ((UNUSABLE, SlateOutcome.REJECTED), (ERROR_BODY, SlateOutcome.VENDOR_DOWN)):
        told = [letter.detail for letter in letters if letter.rule == rule]
        if told:
            return Unusable(outcome, told[-1])
    frames = [one.rows for one in parsed if len(one.rows)]
    broken = Counter(letter.rule for letter in letters if letter.rule not in NOT_READ)
    if broken and not frames:
        rules = ", ".join(f"{rule} {count}" for rule, count in broken.most_common(RULES_TOLD))
        return Unusable(
            SlateOutcome.REJECTED,
            f"not one of {broken.total()} prices could be used: {rules}; see the dead letters",
        )
    return _outdated(frames) if frames else None


def _outdated(frames: Sequence[pd.DataFrame]) -> Unusable | None:
    rows = pd.concat([f[["start_time_utc", "captured_at_utc"]] for f in frames], ignore_index=True)
    if not (rows["start_time_utc"] + OVER_AFTER < rows["captured_at_utc"]).all():
        return None
    last = rows["start_time_utc"].max()
    return Unusable(
        SlateOutcome.VENDOR_DOWN,
        f"an outdated board: the last of its games began {last:%Y-%m-%d %H:%M} UTC, long before it was captured",
    )
