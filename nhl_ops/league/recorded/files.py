"""Reading the tables of a recorded folder. Names carry dates, so files are found by pattern."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd


def read_tables(
    folder: Path,
    pattern: str,
    columns: Sequence[str],
    *,
    optional: Sequence[str] = (),
    seasons: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Every file that matches in one frame with exactly these columns; `optional` ones are null if absent.

    `seasons` keeps the rows of these season ids (the files need a `season` column then). No file at all gives
    an empty frame. Raises KeyError when a file lacks a column that is not optional.
    """
    names = [*columns, *optional]
    frames = [_read(path, columns, names, seasons) for path in sorted(folder.glob(pattern))]
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame(columns=names)
    return pd.concat(filled, ignore_index=True).reindex(columns=names)


def _read(
    path: Path, columns: Sequence[str], names: list[str], seasons: Sequence[int] | None
) -> pd.DataFrame:
    filters = None if seasons is None else [("season", "in", list(seasons))]
    frame = pd.read_parquet(path, filters=filters)
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise KeyError(f"{path}: column(s) {missing} are missing; the file has {list(frame.columns)}")
    frame = frame[[c for c in names if c in frame.columns]]
    return frame.astype(dict.fromkeys(frame.select_dtypes("int32").columns, "int64"))
