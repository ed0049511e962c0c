"""A dead letter as it stands, which ones are meant, and their frame for the table `dead_letters`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from nhl_ops.contracts.dead_letters import DEAD_LETTERS, LetterState
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.wire import digests

LetterKey = tuple[str, str, str]
"""Rule, detail, sample: what tells the letters of a payload apart."""
LINE_RULES = "game_line."
"""Before the rules of game lines: their payloads may have letters of quotes or of the schedule as well."""


@dataclass(frozen=True)
class Chosen:
    """Which letters: of a vendor, an Eastern date of capture (ISO), a rule; None takes all of them."""

    vendor: str | None = None
    day: str | None = None
    rule: str | None = None
    states: tuple[LetterState, ...] = (LetterState.OPEN,)

    @property
    def parameters(self) -> dict[str, Any]:
        return asdict(self) | {"states": json.dumps(self.states)}


class Mark(NamedTuple):
    """Who did it and when; replay_id is empty for a clearing."""

    by: str
    at: datetime
    replay_id: str | None = None


@dataclass(frozen=True)
class Letter:
    """A dead letter as it stands. endpoint and payload_path are None when the payload was never recorded."""

    source_vendor: str
    payload_hash: str
    rule: str
    detail: str
    sample: str
    captured_at_utc: datetime
    occurrences: int
    quarantined: int
    state: LetterState
    attempts: int
    version: int
    changed_at_utc: datetime | None
    changed_by: str | None
    replay_id: str | None
    reason: str | None
    endpoint: str | None
    payload_path: str | None

    @property
    def capture_date(self) -> str:
        return eastern_date(self.captured_at_utc.isoformat())


class LetterGroup(NamedTuple):
    """Letters of one vendor, Eastern date of capture, rule and state; detail and sample of the newest."""

    vendor: str
    day: str
    rule: str
    state: LetterState
    items: int
    newest_utc: datetime
    detail: str
    sample: str


class Reconciled(NamedTuple):
    """Items of a payload after it was parsed again: no longer such letters, letters still, letters that are new.

    An item that breaks another rule now counts under the first and the last.
    """

    replayed: int
    remaining: int
    new: int


def letters_frame(letters: Sequence[Letter]) -> pd.DataFrame:
    """Letters in the columns of contracts.dead_letters.DEAD_LETTERS, each as its newest version."""
    names = [field.name for field in fields(Letter)]
    columns: dict[str, Any] = {name: [getattr(letter, name) for letter in letters] for name in names}
    columns["captured_at_utc"] = pd.to_datetime(pd.Series(columns["captured_at_utc"], dtype=object), utc=True)
    columns["changed_at_utc"] = pd.to_datetime(pd.Series(columns["changed_at_utc"], dtype=object), utc=True)
    key = ("source_vendor", "payload_hash", "rule", "detail", "sample")
    columns["letter_id"] = digests(*(columns[name] for name in key))
    columns["capture_date"] = [letter.capture_date for letter in letters]
    columns["state"] = [letter.state.value for letter in letters]
    return DEAD_LETTERS.conform(pd.DataFrame(columns))


@lru_cache(maxsize=10_000)
def eastern_date(instant: str) -> str:
    """ISO date in New York of an ISO instant."""
    return slate_of(datetime.fromisoformat(instant)).isoformat()


def letter_of(row: Sequence[Any]) -> Letter:
    """From a row of the state file: the fields in order, instants as texts."""
    values = dict(zip((field.name for field in fields(Letter)), row, strict=True))
    changed = values["changed_at_utc"]
    return Letter(
        **values
        | {
            "captured_at_utc": datetime.fromisoformat(values["captured_at_utc"]),
            "changed_at_utc": datetime.fromisoformat(changed) if changed else None,
            "state": LetterState(values["state"]),
        }
    )
