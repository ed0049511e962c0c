"""Someone who reads all the while: whole slates only, and SQL that never fails."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from nhl_ops.contracts.registry import TABLES
from nhl_ops.gateways.catalog import CATALOG
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.publication import PUBLISHED_ROOT
from nhl_ops.gateways.publication_manifest import Publication, read_manifest
from nhl_ops.gateways.tables import content_digest

Digests = dict[tuple[str, str], str]
NOTHING = "nothing"
SQL = """select count(*), count(distinct b.scope_id), count(distinct s.version) from ev_multi_book_best_bets b
join slate_publications s using (game_date) where b.game_date = ?"""


def visible(root: Path, key: str) -> tuple[Path, Publication] | None:
    """The folder that readers of a slate are led to, looked up once, with its manifest."""
    current = root / PUBLISHED_ROOT / key / "current"
    if not current.is_symlink():
        return None
    folder = current.resolve(strict=True)
    publication = read_manifest(folder)
    assert publication is not None, f"{folder} has no manifest"
    return folder, publication


def assert_whole(folder: Path, publication: Publication) -> None:
    """Every table and file of the manifest is there, and each table has the content that it names."""
    for name, entry in publication.tables.items():
        table = pq.read_table(folder / "tables" / f"{name}.parquet")
        assert content_digest(TABLES[name], table) == entry.digest, (
            f"{folder.name}: {name} is not what it was"
        )
    missing = [name for name in publication.files if not (folder / "files" / name).stat().st_size]
    assert not missing, f"{folder.name}: {missing} is empty"


def digests(root: Path, keys: Sequence[str]) -> Digests:
    """By slate and table, of what readers see."""
    seen = {key: found for key in keys if (found := visible(root, key)) is not None}
    return {(k, name): t.digest for k, (_, p) in seen.items() for name, t in p.tables.items()}


def unequal(root: Path, keys: Sequence[str], expected: Digests) -> tuple[str, ...]:
    """Published tables that are not the expected ones, by slate and name."""
    found = digests(root, keys)
    return tuple(
        " ".join(k) for k in sorted(found.keys() | expected.keys()) if found.get(k) != expected.get(k)
    )


def undated(root: Path) -> set[Path]:
    """Folders that the names without a date lead to: never more than one."""
    return {(root / name).resolve(strict=True).parent for name in names.UNDATED}


@dataclass
class Reader:
    """Looks again and again; remembers what it saw and fails on anything that is not whole.

    asked_again: queries that a flip met between the two times that DuckDB opens a file, and that were put once more.
    """

    root: Path
    keys: Sequence[str]
    looks: int = 0
    asked_again: int = 0
    seen: dict[str, set[str]] = field(default_factory=dict)

    def look(self) -> None:
        self.looks += 1
        for key in self.keys:
            found = visible(self.root, key)
            if found is not None:
                folder, publication = found
                for name, entry in publication.tables.items():
                    rows = pq.read_metadata(folder / "tables" / f"{name}.parquet").num_rows
                    assert rows == entry.rows, f"{folder}: {name} has {rows} rows, not {entry.rows}"
                assert {p.name for p in (folder / "files").iterdir()} == set(publication.files)
            self.seen.setdefault(key, set()).add(found[0].name if found else NOTHING)
        assert len(undated(self.root)) == 1, "the names without a date show files of different slates"
        try:
            self.query()
        except duckdb.Error:
            self.asked_again += 1
            self.query()

    def query(self) -> None:
        with duckdb.connect(str(self.root / CATALOG), read_only=True) as db:
            for key in self.keys:
                bets, scopes, versions = db.execute(SQL, [key]).fetchone() or (0, 0, 0)
                assert (scopes, versions) == ((1, 1) if bets else (0, 0)), f"{key}: rows of two publications"
