"""What assets measure for the evidence tables, as figures of their materializations."""

from collections.abc import Mapping, Sequence

import pandas as pd

from nhl_ops.contracts.columnar import pack, unpack
from nhl_ops.contracts.evidence import FIGURE
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.slate_run import Figures

PAYLOADS = "payload_hashes"
"""Metadata of what an asset parsed, sha256 by payload."""
Told = Mapping[str, tuple[str, Mapping[str, object]]]
"""By slate: the run whose materialization is read, and its metadata."""


def packed_by_slate(spec: TableSpec, frame: pd.DataFrame, keys: Sequence[str]) -> Figures:
    """An evidence table's rows, slate by slate, as the figure of the asset that measured them."""
    columns = [name for name in spec.column_names if name != spec.partition_column]
    of_slate = dict(list(frame.groupby(spec.partition_column)))
    _, figure = FIGURE[spec.name]
    return {key: {figure: pack(spec, of_slate.get(key, frame.iloc[:0]), columns)} for key in keys}


def evidence_of(spec: TableSpec, told: Told) -> pd.DataFrame:
    """The evidence table again, of the slates whose metadata tells it."""
    _, figure = FIGURE[spec.name]
    frames = [
        unpack(spec, metadata[figure], {spec.partition_column: key})
        for key, (_, metadata) in told.items()
        if figure in metadata
    ]
    return pd.concat([spec.empty_frame(), *frames], ignore_index=True) if frames else spec.empty_frame()
