"""The manifest of an asset, slate and run: `manifests/<asset>/game_date=<DATE>/run=<run_id>/manifest.json`.

Its JSON schema is docs/manifest.schema.json: `python -m nhl_ops.gateways.manifests` prints it.
"""

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from nhl_ops.domain.run_summary import Severity
from nhl_ops.gateways.files import write_atomically

MANIFESTS_ROOT = "manifests"


class SliceStatus(StrEnum):
    """What became of an asset's slate in a run. Held: a check keeps its results from readers."""

    SUCCEEDED = "succeeded"
    HELD = "held"
    FAILED = "failed"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class InputTable(_Part):
    """A table of the slate that the asset was made from, by the digest of its rows."""

    table: str
    digest: str
    scope_id: str | None = Field(description="Scope that computed it; null when it is no longer known.")


class Verdict(_Part):
    """What a check said of the slate."""

    check: str
    passed: bool
    severity: Severity
    detail: str


class Versions(_Part):
    """What the asset was made with."""

    code: str
    config: str
    model: str


class FailureNote(_Part):
    failure_class: str
    message: str
    next_command: str


class Manifest(_Part):
    """What one run made of one asset's slate. `figures` are the metadata of its materialization."""

    schema_version: int = 1
    asset: str
    game_date: str
    run_id: str
    scope_id: str
    job: str
    status: SliceStatus
    outcome: str | None = Field(default=None, description="ok, or the typed kind of nothing.")
    ended_at_utc: datetime | None
    step_seconds: float | None = Field(description="Time of the step, over all its slates.")
    rows: int | None = None
    new_rows: int | None = Field(default=None, description="Rows that an observation did not have yet.")
    digest: str | None = Field(default=None, description="Of the rows of a derivation.")
    input_tables: tuple[InputTable, ...] = ()
    input_payloads: tuple[str, ...] = Field(default=(), description="sha256 of what was parsed.")
    checks: tuple[Verdict, ...] = ()
    versions: Versions
    failure: FailureNote | None = None
    figures: dict[str, Any] = Field(default_factory=dict)

    @property
    def path(self) -> str:
        """Below the project folder."""
        return f"{MANIFESTS_ROOT}/{self.asset}/game_date={self.game_date}/run={self.run_id}/manifest.json"


def write_manifest(root: Path, manifest: Manifest) -> Path:
    text = manifest.model_dump_json(indent=1)
    return write_atomically(root / manifest.path, lambda beside: beside.write_text(text, encoding="utf-8"))


if __name__ == "__main__":
    print(json.dumps(Manifest.model_json_schema(), indent=1))  # noqa: T201 - this is its output
