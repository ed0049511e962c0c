"""How a sentence about a run's tables becomes a check of each slate."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dagster as dg
import pandas as pd

from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.checks import slate_check
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.verdicts import Judged, in_words

Reasons = Mapping[str, str]
"""By bad slate: why."""


def quality_check(
    spec: TableSpec,
    name: str,
    description: str,
    decide: Callable[[SlateRun], Reasons],
    also: Sequence[str] = (),
) -> dg.AssetChecksDefinition:
    """A check that names the bad slates, each with its reason. also: see `slate_check`."""
    return slate_check(spec.name, name, description, lambda _context, run: Judged.bad(decide(run)), also)


def reasons(bad: pd.DataFrame, sentence: str) -> dict[str, str]:
    """By slate: how many rows break the rule."""
    return {str(key): f"{count} {sentence}" for key, count in bad.groupby("game_date").size().items()}


def told(bad: pd.DataFrame, words: Callable[[Any], str]) -> dict[str, str]:
    """By slate: the first bad rows in words, and how many more there are."""
    said = {str(key): [words(row) for row in rows.itertuples()] for key, rows in bad.groupby("game_date")}
    return {key: in_words(rows) or "" for key, rows in said.items()}
