"""The reading side of a run, on frames that a test made."""

from dataclasses import dataclass

import pandas as pd

from nhl_ops.contracts.spec import TableSpec


@dataclass
class FakeRun:
    """The frames of a run by table."""

    keys: list[str]
    frames: dict[str, pd.DataFrame]

    def read(self, spec: TableSpec) -> pd.DataFrame:
        return self.frames[spec.name]
