"""The manifest in each published folder: the one record that moves with the slate, so it cannot disagree with it."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

from nhl_ops.contracts.publications import PUBLISHED, SLATE_PUBLICATIONS, WITHDRAWN
from nhl_ops.domain.cards import Move, Revision, Withdrawal

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class PublishedTable:
    """One table of a published slate."""

    scope_id: str
    run_id: str
    rows: int
    digest: str
    inputs: dict[str, str]


class Publication(BaseModel):
    """What a published folder holds.

    seq: rises with every move of the slate. version: of the card, rises when a run publishes. scope_id, run_id,
    published_at_utc: of the run that published that version; since_utc: when this folder became the visible one.
    by, reason: of a rollback or withdrawal. revisions: what each version after the first changed, up to the newest
    one. replaces: the withdrawn card in whose place this version came. card: what its workbook's title says.
    """

    model_config = ConfigDict(frozen=True)

    game_date: str
    seq: int
    version: int
    latest_version: int
    action: Move
    scope_id: str
    run_id: str
    published_at_utc: datetime
    since_utc: datetime
    by: str | None = None
    reason: str | None = None
    withdrawn: Withdrawal | None = None
    replaces: Withdrawal | None = None
    revisions: tuple[Revision, ...] = ()
    tables: dict[str, PublishedTable] = Field(default_factory=dict)
    files: tuple[str, ...] = ()
    card: dict[str, object] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _of_an_earlier_format(cls, values: dict[str, object]) -> dict[str, object]:
        """Manifests from before versions: each publication was a version of its own."""
        if "version" in values:
            return values
        version = {"version": values["seq"], "latest_version": values["seq"], "action": Move.PUBLISH}
        return {**values, **version, "since_utc": values["published_at_utc"]}

    @property
    def folder(self) -> str:
        return f"{self.seq:04d}-{self.scope_id[:8]}"

    @property
    def state(self) -> str:
        return PUBLISHED if self.withdrawn is None else WITHDRAWN

    def row(self) -> pd.DataFrame:
        """The one row of `slate_publications`."""
        values = {
            "game_date": self.game_date,
            "state": self.state,
            "version": self.version,
            "latest_version": self.latest_version,
            "action": self.action.value,
            "published_at_utc": pd.Timestamp(self.published_at_utc),
            "since_utc": pd.Timestamp(self.since_utc),
            "moved_by": self.by,
            "reason": self.reason,
            "publication": self.folder,
        }
        return SLATE_PUBLICATIONS.conform(pd.DataFrame([values]))

    @property
    def audit(self) -> Mapping[str, object]:
        return {"run_id": self.run_id, "scope_id": self.scope_id, "created_at_utc": self.since_utc}


def read_manifest(folder: Path) -> Publication | None:
    """The manifest of a published folder; None where there is none. A folder never changes, so it is read once."""
    path = folder / MANIFEST
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return _parsed(path, found.st_ino, found.st_mtime_ns)


@lru_cache(maxsize=256)
def _parsed(path: Path, _inode: int, _changed: int) -> Publication:
    return Publication.model_validate_json(path.read_text(encoding="utf-8"))
