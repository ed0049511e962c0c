"""Does every stored file still hold what was written? Payloads, observations and what readers see, by their digests."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind, TableSpec
from nhl_ops.domain.failures import MissingInput
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.publication import Published
from nhl_ops.gateways.state import State
from nhl_ops.gateways.tables import content_digest, is_sound
from nhl_ops.gateways.warehouse import Warehouse


@dataclass(frozen=True)
class Damage:
    """A file that is not what it was. table: None of a payload. key: its partition, None of a load of many days."""

    path: Path
    table: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what is damaged of it."""

    files: int
    damages: tuple[Damage, ...]


def verify(warehouse: Warehouse, archive: Archive) -> Verified:
    """Look at every stored file. Hold the lock."""
    parts = [
        _payloads(warehouse.state, archive),
        _observations(warehouse),
        _publications(warehouse.published),
    ]
    return Verified(sum(p.files for p in parts), tuple(d for p in parts for d in p.damages))


def _payloads(state: State, archive: Archive) -> Verified:
    paths = state.payload_paths()
    damages = []
    for relative, digest in paths:
        try:
            archive.get(relative, digest)
        except MissingInput:
            damages.append(Damage(archive.root / relative))
    return Verified(len(paths), tuple(damages))


def _observations(warehouse: Warehouse) -> Verified:
    names = [spec.name for spec in TABLES.values() if spec.kind is Kind.OBSERVATION]
    found = [(name, path) for name in names for path in sorted((warehouse.folder / name).glob("*/*.parquet"))]
    damages = [
        Damage(path, name, path.parent.name.partition("=")[2] or None)
        for name, path in found
        if not is_sound(path)
    ]
    return Verified(len(found), tuple(damages))


def _publications(published: Published) -> Verified:
    files, damages = 0, []
    for key in published.slates():
        found = published.visible(key)
        if found is None:
            continue
        folder, publication = found
        for name, entry in publication.tables.items():
            path = folder / "tables" / f"{name}.parquet"
            files += 1
            if name in TABLES and not holds_content(TABLES[name], path, entry.digest):
                damages.append(Damage(path, name, key))
    return Verified(files, tuple(damages))


def holds_content(spec: TableSpec, path: Path, digest: str) -> bool:
    """The file's rows are those that the digest was made of; False for a file that is damaged or gone."""
    try:
        return content_digest(spec, pq.read_table(path)) == digest
    except (pa.ArrowException, OSError):
        return False
