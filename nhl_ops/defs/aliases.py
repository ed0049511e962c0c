"""config/aliases.csv and config/alias_rejections.csv: what people decided about names."""

from pathlib import Path

import pandas as pd

from nhl_ops.domain.failures import ConfigError
from nhl_ops.gateways.files import write_atomically
from nhl_ops.transforms.identity import ALIAS_COLUMNS, check_aliases

ALIASES = "aliases.csv"
REJECTIONS = "alias_rejections.csv"
REJECTION_COLUMNS = ["alias_name", "player_id", "rejected_on", "reason"]


def read_aliases(folder: Path) -> pd.DataFrame:
    """The alias table, checked. Raises ConfigError with file and line."""
    path = folder / ALIASES
    try:
        return check_aliases(_read(path, ALIAS_COLUMNS))
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from error


def read_rejections(folder: Path) -> pd.DataFrame:
    """Pairs of name and player that a person ruled out; none where the file is absent. Raises ConfigError."""
    path = folder / REJECTIONS
    if not path.exists():
        return pd.DataFrame(columns=REJECTION_COLUMNS)
    rows = _read(path, REJECTION_COLUMNS)
    bad = rows[~rows["player_id"].str.fullmatch(r"\d+")]
    if len(bad):
        raise ConfigError(
            f"{path}, line {bad.index[0] + 2}: player_id {bad['player_id'].iloc[0]!r} is no NHL id"
        )
    return rows.astype({"player_id": "int64"})


def add_row(path: Path, columns: list[str], row: dict[str, str]) -> bool:
    """Append a row to a CSV file, which is replaced as a whole; False when an equal decision is already there."""
    rows = _read(path, columns) if path.exists() else pd.DataFrame(columns=columns)
    decision = ["alias_name", "player_id"]
    if (rows[decision] == pd.Series(row)[decision]).all(axis=1).any():
        return False
    grown = pd.concat([rows, pd.DataFrame([row], columns=rows.columns)], ignore_index=True)
    write_atomically(path, lambda beside: grown.to_csv(beside, index=False, lineterminator="\n"))
    return True


def _read(path: Path, columns: list[str]) -> pd.DataFrame:
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise ConfigError(f"{path}: column(s) {missing} are missing; expected {columns}")
    return rows
