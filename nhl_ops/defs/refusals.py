"""A board that came and is of no use: its vendor's outcome is `rejected`, though every request was answered."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.domain.vendors import NOT_ON_OFFER
from nhl_ops.gateways.vendor import Parsed, Payload
from nhl_ops.transforms.sightings import BODY_OUTCOMES

UNUSABLE = "unusable_payload"
"""Rule of the one dead letter of a payload that as a whole breaks its vendor's format."""
ERROR_CHARS = 500


@dataclass(frozen=True)
class Board:
    """A payload of a capture date and its parse. is_news: it was never parsed before this run."""

    payload: Payload
    parsed: Parsed
    is_news: bool


def newest_bodies(sightings: Sequence[tuple]) -> frozenset[str]:
    """Hashes of the bodies that each endpoint gave when it was last asked: rows of `State.sightings_between`."""
    bodies = [
        (endpoint, at, digest)
        for endpoint, _, at, _, outcome, digest, _ in sightings
        if outcome in BODY_OUTCOMES
    ]
    last: Mapping[str, str] = {endpoint: at for endpoint, at, _ in sorted(bodies, key=lambda body: body[1])}
    return frozenset(digest for endpoint, at, digest in bodies if last[endpoint] == at)


def refusal(boards: Sequence[Board], newest: Collection[str], stored: Collection[str]) -> dict[str, object]:
    """Outcome and cause where a vendor's boards of a capture date are of no use; empty where they are.

    boards: what this run parsed. newest: `newest_bodies`; a board that a later one replaced is no refusal any more,
    but in the run that meets it first. stored: hashes of payloads that gave rows before.
    """
    unusable = [
        letter.detail
        for board in boards
        if board.is_news or board.payload.payload_hash in newest
        for letter in board.parsed.rejected
        if letter.rule == UNUSABLE
    ]
    if unusable:
        return _rejected(unusable[-1])
    last = [board.parsed for board in boards if board.payload.payload_hash in newest]
    letters = [letter for parsed in last for letter in parsed.rejected if letter.rule not in NOT_ON_OFFER]
    if not letters or any(len(parsed.rows) for parsed in last) or not newest.isdisjoint(stored):
        return {}
    rule, count = Counter(letter.rule for letter in letters).most_common(1)[0]
    example = next(letter.detail for letter in letters if letter.rule == rule)
    return _rejected(
        f"not one quote of the newest board is of use: {len(letters)} broke the format, {count} of them by {rule}, "
        f"such as {example}. Next: look at the dead letters; the parser may need the vendor's change"
    )


def _rejected(cause: str) -> dict[str, object]:
    return {"outcome": str(SlateOutcome.REJECTED), "error": cause[:ERROR_CHARS]}
