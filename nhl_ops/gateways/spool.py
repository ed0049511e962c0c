"""A small file whose room is taken in advance, so that a line can still be kept when the disk is full."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE_BYTES = 262_144
FREE = b"\0"


class Spool:
    """Lines of text below `SIZE_BYTES` in all, overwritten in place: no write asks the disk for room."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def reserve(self) -> None:
        """Take the room; nothing happens where it is taken. Raises OSError when there is none."""
        if self.path.exists() and self.path.stat().st_size == SIZE_BYTES:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            with beside.open("wb") as file:
                file.write(FREE * SIZE_BYTES)
                os.fsync(file.fileno())
            beside.replace(self.path)
        finally:
            beside.unlink(missing_ok=True)

    def add(self, line: str) -> bool:
        """Keep a line; False when the room is used up or was never taken."""
        if not self.path.exists():
            return False
        data = line.replace("\n", " ").encode() + b"\n"
        with self.path.open("r+b") as file:
            used = file.read().find(FREE)
            if used < 0 or used + len(data) > SIZE_BYTES:
                return False
            file.seek(used)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return True

    @contextmanager
    def drained(self) -> Iterator[list[str]]:
        """The lines; they are forgotten when the block ends well."""
        data = self.path.read_bytes() if self.path.exists() else b""
        used, _, _ = data.partition(FREE)
        yield used.decode().splitlines()
        if used:
            with self.path.open("r+b") as file:
                file.write(FREE * len(used))
