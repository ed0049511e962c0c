"""A league on disk: a Parquet file a frame and a small JSON, in a folder that appears whole or not at all."""

import json
import shutil
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from nhl_ops.league.dataset import LeagueDataset

FORMAT = 1
ABOUT = "league.json"
FRAMES = tuple(f.name for f in fields(LeagueDataset) if f.type is pd.DataFrame)


def save_dataset(dataset: LeagueDataset, folder: Path) -> Path:
    """Write the league beside `folder`, then rename it into place; a former league there is replaced.

    A kill leaves the former league, or none, or the new one, and at most a hidden sibling that the next save
    clears away. One process at a time may save to a folder.
    """
    beside, former = (folder.with_name(f".{folder.name}.{word}") for word in ("partial", "former"))
    for leftover in (beside, former):
        shutil.rmtree(leftover, ignore_errors=True)
    beside.mkdir(parents=True)
    for name in FRAMES:
        getattr(dataset, name).to_parquet(beside / f"{name}.parquet", index=False, compression="zstd")
    (beside / ABOUT).write_text(json.dumps(_about(dataset), indent=1), encoding="utf-8")
    if folder.exists():
        folder.rename(former)
    beside.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
    return folder


def load_dataset(folder: Path) -> LeagueDataset:
    """The league that `save_dataset` wrote.

    Raises FileNotFoundError when there is none and ValueError when it has another format.
    """
    about_file = folder / ABOUT
    if not about_file.exists():
        raise FileNotFoundError(
            f"no league in {folder}: {ABOUT} is missing; build the league and save it there"
        )
    about = json.loads(about_file.read_text(encoding="utf-8"))
    if about["format"] != FORMAT:
        raise ValueError(
            f"league in {folder} has format {about['format']}, wanted {FORMAT}; delete it and build it again"
        )
    return LeagueDataset(
        name=about["name"],
        anchor_utc=datetime.fromisoformat(about["anchor_utc"]),
        first_slate=date.fromisoformat(about["first_slate"]),
        last_slate=date.fromisoformat(about["last_slate"]),
        **{name: pd.read_parquet(folder / f"{name}.parquet") for name in FRAMES},
    )


def _about(dataset: LeagueDataset) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": dataset.name,
        "anchor_utc": dataset.anchor_utc.isoformat(),
        "first_slate": dataset.first_slate.isoformat(),
        "last_slate": dataset.last_slate.isoformat(),
    }
