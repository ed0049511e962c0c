"""A board that came and is of no use: its vendor is `rejected` or `vendor_down`, though every request was answered."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from nhl_ops.domain.slates import OVER_AFTER, SlateOutcome
from nhl_ops.domain.vendors import NOT_ON_OFFER
from nhl_ops.gateways.vendor import Parsed
from nhl_ops.transforms.sightings import BODY_OUTCOMES

UNUSABLE = "unusable_payload"
"""Rule of the one dead letter of a payload that as a whole breaks its vendor's format."""
ERROR_BODY = "error_body"
"""Rule of the one dead letter of a 200 that carries an error."""
OF_THE_WHOLE = {UNUSABLE: SlateOutcome.REJECTED, ERROR_BODY: SlateOutcome.VENDOR_DOWN}
ERROR_CHARS = 500


@dataclass(frozen=True)
class Board:
    """A payload of a capture date and its parse. is_news: it was never parsed before this run."""

    payload_hash: str
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

    Rejected: a payload that is no board, or boards of which every price breaks its format. Vendor down: an error in
    the body, or a board whose games all began more than OVER_AFTER before its capture, a cache's old copy.
    boards: what this run parsed. newest: `newest_bodies`; a board that a later one replaced is no refusal any more,
    but in the run that meets it first. stored: hashes of payloads that gave rows before.
    """
    whole = refused_whole([b.parsed for b in boards if b.is_news or b.payload_hash in newest])
    if whole:
        return whole
    last = [board.parsed for board in boards if board.payload_hash in newest]
    frames = [parsed.rows for parsed in last if len(parsed.rows)]
    letters = [letter for parsed in last for letter in parsed.rejected if letter.rule not in NOT_ON_OFFER]
    if frames or not newest.isdisjoint(stored):
        return _outdated(frames) if frames else {}
    if not letters:
        return {}
    rule, count = Counter(letter.rule for letter in letters).most_common(1)[0]
    example = next(letter.detail for letter in letters if letter.rule == rule)
    return _refused(
        SlateOutcome.REJECTED,
        f"not one quote of the newest board is of use: {len(letters)} broke the format, {count} of them by {rule}, "
        f"such as {example}. Next: look at the dead letters; the parser may need the vendor's change",
    )


def refused_whole(judged: Sequence[Parsed]) -> dict[str, object]:
    """Outcome and cause of the last payload that is no board at all; empty when each is one."""
    for rule, outcome in OF_THE_WHOLE.items():
        told = [letter.detail for parsed in judged for letter in parsed.rejected if letter.rule == rule]
        if told:
            return _refused(outcome, told[-1])
    return {}


def _outdated(frames: Sequence[pd.DataFrame]) -> dict[str, object]:
    rows = pd.concat([f[["start_time_utc", "captured_at_utc"]] for f in frames], ignore_index=True)
    if not (rows["start_time_utc"] + OVER_AFTER < rows["captured_at_utc"]).all():
        return {}
    last = rows["start_time_utc"].max()
    return _refused(
        SlateOutcome.VENDOR_DOWN,
        f"an outdated board: the last of its games began {last:%Y-%m-%d %H:%M} UTC, long before it was captured",
    )


def _refused(outcome: SlateOutcome, cause: str) -> dict[str, object]:
    return {"outcome": str(outcome), "error": cause[:ERROR_CHARS]}
