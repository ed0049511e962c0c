"""Backup of what cannot be computed again: the archive, the state and the records of runs. All else is rebuilt.

A backup is a folder, or a tar file of it: the parts of `KEPT` as in the project, `state.sqlite`, and `backup.json`
with the digest of each file. Files of these parts never change, so a second backup to the same folder copies new
ones only.
"""

import hashlib
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from nhl_ops.contracts.evidence import FACT_RUN_REGISTRY
from nhl_ops.domain.failures import ConfigError, MissingInput, WarehouseBroken
from nhl_ops.gateways.archive import ARCHIVE_ROOT
from nhl_ops.gateways.files import write_atomically
from nhl_ops.gateways.warehouse import WAREHOUSE_ROOT

STATE = "data/state.sqlite"
WORLD = "data/world.json"
EVENT_LOG = "data/event_log"
"""Events of runs, exported from Dagster's storage."""
RUN_REGISTRY = f"{WAREHOUSE_ROOT}/{FACT_RUN_REGISTRY.name}"
KEPT = {ARCHIVE_ROOT: "**/*.zst", EVENT_LOG: "*.jsonl.zst", RUN_REGISTRY: "*/*.parquet"}
"""Beside the state: folders that a backup holds, and which of their files."""
INDEX = "backup.json"
FORMAT = 2
READABLE = {1, FORMAT}
"""Format 1 had no records of runs."""
OF_FILES_THAT_ARE_NOT_KEPT = ("slices", "holds", "pending_flips", "clock_lease")
"""Tables of the state that describe computed files, or a process; a restored project has neither."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds: digests by project-relative name, bytes in all, when it was made, of which world."""

    made_at_utc: datetime
    world: str | None
    files: dict[str, str]
    size_bytes: int = 0

    @property
    def payloads(self) -> int:
        return sum(name.startswith(f"{ARCHIVE_ROOT}/") for name in self.files)

    @property
    def runs(self) -> int:
        """Runs whose events it holds."""
        return sum(name.startswith(f"{EVENT_LOG}/") for name in self.files)


def back_up(root: Path, out: Path, at: datetime, world: str | None) -> Backup:
    """Write a backup of the project to a folder, or to a tar file when `out` ends in .tar. Hold the lock.

    Raises MissingInput when there is no state, ConfigError when `out` is a folder of something else.
    """
    if not (root / STATE).exists():
        raise MissingInput(f"{root} has no state to back up", "run `nhl-ops run-daily --all` first")
    if out.suffix == ".tar":
        with TemporaryDirectory(prefix=".nhl-ops-backup-", dir=_made(out.parent)) as folder:
            made = _fill(root, Path(folder), at, world, link=True)
            write_atomically(out, lambda beside: _pack(Path(folder), beside))
        return made
    if out.exists() and any(out.iterdir()) and not (out / INDEX).exists():
        raise ConfigError(f"{out} holds something that is no backup", "give an empty or a new folder")
    return _fill(root, _made(out), at, world, link=False)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fill(root: Path, folder: Path, at: datetime, world: str | None, *, link: bool) -> Backup:
    former = _index(folder).files if (folder / INDEX).exists() else {}
    files: dict[str, str] = {}
    for path in kept_files(root):
        name = path.relative_to(root).as_posix()
        if name in former and (folder / name).exists():
            files[name] = former[name]
            continue
        files[name] = _digest(path)
        write_atomically(folder / name, lambda beside, source=path: _copy(source, beside, link=link))
    write_atomically(folder / STATE, lambda beside: _copy_state(root / STATE, beside))
    files[STATE] = _digest(folder / STATE)
    size = sum((folder / name).stat().st_size for name in files)
    made = Backup(at, world, files, size)
    text = json.dumps(
        {"format": FORMAT, "made_at_utc": at.isoformat(), "world": world, "files": files}, indent=0
    )
    write_atomically(folder / INDEX, lambda beside: beside.write_text(text, encoding="utf-8"))
    return made


def kept_files(root: Path) -> list[Path]:
    """What a backup holds beside the state."""
    return [path for folder, files in KEPT.items() for path in sorted((root / folder).glob(files))]


def _copy(source: Path, target: Path, *, link: bool) -> None:
    """A hard link where the file system allows it and the copy is packed at once, else the bytes."""
    if link:
        try:
            target.hardlink_to(source)
        except OSError:
            pass
        else:
            return
    shutil.copyfile(source, target)


def _copy_state(source: Path, target: Path) -> None:
    """SQLite's own backup: one consistent state, whatever lies in the write-ahead log."""
    with closing(sqlite3.connect(source)) as db, closing(sqlite3.connect(target)) as copy:
        db.backup(copy)
        copy.execute("pragma journal_mode=delete")


def _pack(folder: Path, target: Path) -> None:
    with tarfile.open(target, "w") as tar:
        tar.add(folder / INDEX, INDEX)
        for name in sorted(_index(folder).files):
            tar.add(folder / name, name)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _index(folder: Path) -> Backup:
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        if index["format"] not in READABLE:
            raise ConfigError(f"{folder / INDEX} has format {index['format']}; this version reads {READABLE}")
        files = {str(name): str(digest) for name, digest in index["files"].items()}
        strangers = [name for name in files if not _belongs(name)]
        if strangers:
            raise WarehouseBroken(f"{folder / INDEX} names {strangers[0]!r}, which is no part of a backup")
        return Backup(datetime.fromisoformat(index["made_at_utc"]), index["world"], files)
    except FileNotFoundError as error:
        raise MissingInput(
            f"{folder} is no backup: it has no {INDEX}", "give what `backup --out` wrote"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WarehouseBroken(f"{folder / INDEX} is damaged: {error!r}", "use another backup") from error


def read_index(source: Path) -> Backup:
    """What a backup says that it holds, before anything is unpacked."""
    if source.is_dir():
        return _index(source)
    with TemporaryDirectory(prefix="nhl-ops-backup-") as folder:
        return _index(_unpacked(source, Path(folder), [INDEX]))


def _belongs(name: str) -> bool:
    path = PurePosixPath(name)
    return name == STATE or (any(map(path.is_relative_to, KEPT)) and ".." not in path.parts)


def restore(source: Path, root: Path) -> Backup:
    """Put a backup into an empty project, every file held against its digest first. Hold the lock.

    Raises ConfigError when the project has an archive, a state or records of runs already, MissingInput when `source`
    is no backup, WarehouseBroken naming the files that are missing or damaged; nothing is put into the project then.
    """
    present = [name for name in (STATE, *KEPT) if (root / name).exists()]
    if present:
        raise ConfigError(
            f"{root} has {' and '.join(present)} already, and a restore never mixes with what is there",
            "restore into an empty project folder (NHL_OPS_ROOT), or `make clean` this one first",
        )
    with TemporaryDirectory(prefix=".nhl-ops-restore-", dir=_made(root)) as scratch:
        folder = _unpacked(source, Path(scratch))
        index = _index(folder)
        bad = [name for name, digest in index.files.items() if not _is_sound(folder / name, digest)]
        if bad:
            shown = ", ".join(bad[:3]) + (f" and {len(bad) - 3} more" if len(bad) > 3 else "")
            raise WarehouseBroken(
                f"{len(bad)} file(s) of {source} are missing or damaged: {shown}", "use another one"
            )
        prepared = Path(scratch) / "prepared"
        for name in index.files:
            _made((prepared / name).parent)
            shutil.copyfile(folder / name, prepared / name)
        _forget_computed(prepared / STATE)
        for name in (*KEPT, STATE):
            if (prepared / name).exists():
                _made((root / name).parent)
                (prepared / name).rename(root / name)
    return replace(index, size_bytes=sum((root / name).stat().st_size for name in index.files))


def _is_sound(path: Path, digest: str) -> bool:
    return path.is_file() and _digest(path) == digest


def _unpacked(source: Path, scratch: Path, only: list[str] | None = None) -> Path:
    if source.is_dir():
        return source
    folder = _made(scratch / "unpacked")
    try:
        with tarfile.open(source) as tar:
            chosen = [m for m in tar.getmembers() if only is None or m.name in only]
            tar.extractall(folder, chosen, filter="data")
    except FileNotFoundError as error:
        raise MissingInput(f"there is no backup {source}", "give what `backup --out` wrote") from error
    except tarfile.TarError as error:
        raise WarehouseBroken(f"{source} cannot be unpacked: {error}", "use another backup") from error
    return folder


def _forget_computed(state: Path) -> None:
    with closing(sqlite3.connect(state)) as db, db:
        present = {row[0] for row in db.execute("select name from sqlite_master where type='table'")}
        for table in _known(present):
            db.execute(f"delete from {table}")  # noqa: S608 - names of our own


def _known(present: set[str]) -> Iterator[str]:
    return (table for table in OF_FILES_THAT_ARE_NOT_KEPT if table in present)
