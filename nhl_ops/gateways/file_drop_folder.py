"""The inbox as a folder: which files lie ready, reading one, and putting it away with its report beside it.

Nothing is ever deleted or overwritten.
"""

import os
import stat
from collections.abc import Callable
from itertools import count
from pathlib import Path

from nhl_ops.gateways.file_drop_contract import DropError
from nhl_ops.gateways.files import write_atomically

INBOX = "data/inbox"
DONE, REJECTED = "done", "rejected"
REPORT = ".report.md"
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download")
BEING_COPIED = "it is still being copied; the next run takes it"
NAME_BYTES = 200


def waiting(folder: Path) -> list[Path]:
    """What lies in the inbox, by name: not hidden, no report, not the two folders for what was dealt with."""
    if not folder.is_dir():
        return []
    names = sorted(
        name for name in os.listdir(folder) if name[0] != "." and not name.lower().endswith(REPORT)
    )
    return [folder / name for name in names if name not in (DONE, REJECTED)]


def not_ready(paths: list[Path], wait: Callable[[], None]) -> dict[Path, str]:
    """Of those that are left where they lie, why. A file that changes during `wait` is still being copied."""
    before = {path: path.lstat() for path in paths}
    reasons = {path: why for path, found in before.items() if (why := _no_file(path, found))}
    if len(reasons) < len(paths):
        wait()
    for path in paths:
        if path not in reasons and _stamp(before[path]) != _stamp_now(path):
            reasons[path] = BEING_COPIED
    return reasons


def read_unchanged(path: Path, limit: int) -> bytes | None:
    """The bytes of a file, None if it changes meanwhile.

    Raises DropError when it is larger than `limit` bytes, and OSError, also when it has become a link.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if before.st_size > limit:
            raise DropError(
                f"it has {before.st_size:,} bytes; at most {limit:,} are read",
                "split it, or raise max_file_bytes of [file_drop] in config/vendors.toml",
            )
        body = file.read(limit + 1)
        return body if _stamp(before) == _stamp(os.fstat(descriptor)) else None


def put_away(path: Path, where: str, report: str) -> Path:
    """Move a file into done/ or rejected/, its report beside it; a name that is taken gets a number."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    place = _free_place(folder, path.name)
    write_atomically(_report_of(place), lambda beside: beside.write_text(report, encoding="utf-8"))
    path.rename(place)
    return place


def _no_file(path: Path, found: os.stat_result) -> str | None:
    if stat.S_ISLNK(found.st_mode):
        return "it is a link: copy the file itself"
    if stat.S_ISDIR(found.st_mode):
        return f"it is a folder: files lie in {INBOX} itself"
    if not stat.S_ISREG(found.st_mode):
        return "it is no ordinary file"
    if path.name.lower().endswith(UNFINISHED):
        return BEING_COPIED
    return None


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def _stamp_now(path: Path) -> tuple[int, int, int] | None:
    try:
        return _stamp(path.lstat())
    except FileNotFoundError:
        return None


def _free_place(folder: Path, name: str) -> Path:
    stem, dot, suffix = _short(name).partition(".")
    for number in count(1):
        place = folder / (f"{stem}-{number}{dot}{suffix}" if number > 1 else f"{stem}{dot}{suffix}")
        if not (os.path.lexists(place) or os.path.lexists(_report_of(place))):
            return place
    raise AssertionError("numbers do not end")


def _short(name: str) -> str:
    """The name, cut in the middle so that its report's name fits any file system."""
    encoded = os.fsencode(name)
    if len(encoded) <= NAME_BYTES:
        return name
    return os.fsdecode(encoded[: NAME_BYTES - 40] + b"_" + encoded[-30:])


def _report_of(place: Path) -> Path:
    return place.with_name(place.name + REPORT)
