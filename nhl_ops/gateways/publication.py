"""Publication: a slate's tables and files become visible all at once, by one symlink.

`data/published/<date>/<seq>-<scope>/` holds hard links to the slate's tables, its rendered files and a manifest;
`data/published/<date>/current` points to the one that readers see. A crash before the flip is invisible.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from nhl_ops.domain.failures import MissingInput
from nhl_ops.gateways.files import point_link
from nhl_ops.gateways.state import State

PUBLISHED_ROOT = "data/published"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class PublishedTable:
    """One table of a published slate."""

    scope_id: str
    run_id: str
    rows: int
    digest: str
    inputs: dict[str, str]


class Published:
    """What readers see."""

    def __init__(self, root: Path, state: State) -> None:
        self.root = root
        self.folder = root / PUBLISHED_ROOT
        self.state = state

    def current(self, key: str) -> Path:
        return self.folder / key / "current"

    def seed(self, table: str) -> Path:
        """Where the empty file of a table lies that keeps the catalog readable before anything is published."""
        return self.folder / "none" / "current" / "tables" / f"{table}.parquet"

    def slates(self) -> list[str]:
        return sorted(p.parent.name for p in self.folder.glob("[0-9]*/current"))

    def newest(self, until: str = "9999-12-31") -> str | None:
        """The latest published slate, no later than `until`."""
        slates = [key for key in self.slates() if key <= until]
        return slates[-1] if slates else None

    def tables(self, key: str) -> dict[str, PublishedTable]:
        manifest = self.current(key) / MANIFEST
        if not manifest.exists():
            return {}
        entries = json.loads(manifest.read_text(encoding="utf-8"))["tables"]
        return {name: PublishedTable(**entry) for name, entry in entries.items()}

    def table(self, key: str, name: str) -> tuple[Path, str] | None:
        """File and digest of one published table."""
        entry = self.tables(key).get(name)
        return None if entry is None else (self.current(key) / "tables" / f"{name}.parquet", entry.digest)

    def publish(
        self,
        key: str,
        sources: Mapping[str, tuple[Path, PublishedTable]],
        render: Callable[[Path], object],
        *,
        scope_id: str,
        run_id: str,
        at: datetime,
    ) -> Path:
        """Build the slate's folder beside, then flip. `render` fills its `files/`. Returns the folder."""
        entries = {name: entry for name, (_, entry) in sources.items()}
        assert_consistent(key, entries)
        seq = self.state.next_publication(key)
        folder = self.folder / key / f"{seq:04d}-{scope_id[:8]}"
        beside = folder.with_name(f".{folder.name}")
        shutil.rmtree(beside, ignore_errors=True)
        (beside / "tables").mkdir(parents=True)
        (beside / "files").mkdir()
        for name, (path, _) in sources.items():
            os.link(path.resolve(), beside / "tables" / f"{name}.parquet")
        render(beside / "files")
        manifest = {
            "game_date": key,
            "seq": seq,
            "scope_id": scope_id,
            "run_id": run_id,
            "published_at_utc": at.isoformat(),
            "tables": {name: asdict(entry) for name, entry in sorted(entries.items())},
            "files": sorted(p.name for p in (beside / "files").iterdir()),
        }
        (beside / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
        point_link(self.current(key), folder)
        self.state.record_publication(key, seq, scope_id, run_id, folder.name, at)
        return folder

    def reconcile(self) -> None:
        """After a crash between flip and record: the link is right, the record follows it."""
        recorded = {(row[0], row[4]) for row in self.state.publications()}
        for key in self.slates():
            target = self.current(key).resolve()
            if (key, target.name) in recorded:
                continue
            manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
            self.state.record_publication(
                key,
                manifest["seq"],
                manifest["scope_id"],
                manifest["run_id"],
                target.name,
                datetime.fromisoformat(manifest["published_at_utc"]),
            )


def assert_consistent(key: str, entries: Mapping[str, PublishedTable]) -> None:
    """No table may be older than what it was made from. Raises MissingInput with the table to compute again."""
    for name, entry in entries.items():
        for source, digest in entry.inputs.items():
            if source in entries and entries[source].digest != digest:
                raise MissingInput(
                    f"{key} is computed, not published: {name} was made from an older {source}; "
                    f"run `nhl-ops run-daily --date {key} --all`, or materialize {name} and what follows it"
                )
