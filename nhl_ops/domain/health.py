"""How well the house is: one finding a subject, and what the worst of them means for the exit code."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """bad: tonight's card cannot be made, or readers may see wrong things. warn: look at it soon."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One subject looked at: what stands, and the next command where something is wrong."""

    subject: str
    level: Level
    told: str
    next_step: str = ""


EXIT_CODES = {Level.OK: 0, Level.WARN: 3, Level.BAD: 1}


def exit_code(findings: Iterable[Finding]) -> int:
    """Of the worst finding: 0 all is well, 3 look at it soon, 1 act now."""
    levels = {finding.level for finding in findings}
    return EXIT_CODES[next((level for level in (Level.BAD, Level.WARN) if level in levels), Level.OK)]


def days_left(free_bytes: float, grown_bytes: float, days: float) -> float | None:
    """Days until a disk is full if the project goes on growing as in the last days; None when it does not grow."""
    return free_bytes / (grown_bytes / days) if grown_bytes > 0 else None
