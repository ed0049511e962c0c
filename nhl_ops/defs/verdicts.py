"""What a check says of each slate, before it is recorded anywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

SHOWN = 5
"""Faults of one slate that a verdict spells out."""


@dataclass
class Judged:
    """By slate (ISO date): what is wrong, and what a person should know of a verdict that is good."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def bad(cls, reasons: Mapping[str, str]) -> Self:
        """One reason a slate."""
        return cls({key: [reason] for key, reason in reasons.items()})

    def fault(self, key: str, words: str) -> None:
        self.faults.setdefault(key, []).append(words)

    def note(self, key: str, words: str) -> None:
        self.notes.setdefault(key, []).append(words)


def in_words(said: Sequence[str]) -> str | None:
    """The first few, and how many more; None for nothing said."""
    rest = f"; and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return "; ".join(said[:SHOWN]) + rest or None
