"""Files of data/inbox/, each taken once: archived, cut into pages, reported, moved to done/ or rejected/."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from time import sleep

from nhl_ops.domain.escaping import plain_text
from nhl_ops.domain.slates import SlateOutcome, slate_of
from nhl_ops.domain.vendors import PARTIAL_BOARD
from nhl_ops.gateways import file_drop_report as report
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.file_drop_contract import DropError
from nhl_ops.gateways.file_drop_folder import (
    BEING_COPIED,
    DONE,
    INBOX,
    REJECTED,
    not_ready,
    put_away,
    read_unchanged,
    waiting,
)
from nhl_ops.gateways.file_drop_pages import Findings, findings_of, open_drop
from nhl_ops.gateways.state import SightingRow, State

VENDOR = "FILE_DROP"
FILE = "file_drop_file"
PAGE = "file_drop_page"
NOT_HTTP = 0
"""Stands for the HTTP status that a file does not have."""


class DropOutcome(StrEnum):
    INGESTED = "ingested"
    KNOWN = "known"
    REJECTED = "rejected"
    LEFT = "left"


@dataclass(frozen=True)
class Dropped:
    """What became of one file. place: where it lies now. why: of one that was rejected or left."""

    name: str
    outcome: DropOutcome
    place: Path
    why: str | None = None
    size_bytes: int = 0
    pages: int = 0
    findings: Findings | None = None


@dataclass(frozen=True)
class Taken:
    """What one look into the inbox brought."""

    files: list[Dropped]

    def of(self, outcome: DropOutcome) -> list[Dropped]:
        return [file for file in self.files if file.outcome is outcome]

    def figures(self) -> dict[str, object]:
        """Numbers for the capture's metadata, under the names of a vendor that is asked by HTTP."""
        taken, refused = self.of(DropOutcome.INGESTED), self.of(DropOutcome.REJECTED)
        found = [file.findings for file in taken if file.findings is not None]
        return {
            "outcome": str(SlateOutcome.REJECTED if refused else SlateOutcome.OK),
            "captures": len(taken),
            "captured_before": len(self.of(DropOutcome.KNOWN)),
            "requests": 0,
            "payloads": sum(1 + file.pages for file in taken),
            "size_bytes": sum(file.size_bytes for file in taken),
            "files_rejected": len(refused),
            "files_left": len(self.of(DropOutcome.LEFT)),
            "seen": sum(f.seen for f in found),
            "accepted": sum(f.accepted for f in found),
            "quarantined": sum(f.rejected for f in found),
            "error": "; ".join(f"{file.name}: {file.why}" for file in refused)[:500] or None,
        }


@dataclass(frozen=True)
class Inbox:
    """The folder below the archive's project. settle_sec: a file that changes within it is left alone."""

    archive: Archive
    state: State
    max_file_bytes: int
    settle_sec: float
    wait: Callable[[float], None] = sleep

    def take(self, now: datetime) -> Taken:
        """Take every file that lies ready, at the instant `now`. Raises OSError when the disk fails."""
        paths = waiting(self.archive.root / INBOX)
        left = not_ready(paths, lambda: self.wait(self.settle_sec))
        return Taken([self._take_one(path, left.get(path), now) for path in paths])

    def _take_one(self, path: Path, why: str | None, now: datetime) -> Dropped:
        name = plain_text(path.name, 120)
        if why is not None:
            return Dropped(name, DropOutcome.LEFT, path, why)
        try:
            body = read_unchanged(path, self.max_file_bytes)
        except DropError as problem:
            return self._reject(path, name, now, problem)
        except OSError as error:
            return Dropped(name, DropOutcome.LEFT, path, f"it cannot be read: {error.strerror}")
        if body is None:
            return Dropped(name, DropOutcome.LEFT, path, BEING_COPIED)
        digest = self.archive.digest(body)
        archived = self.state.payload_path(VENDOR, digest)
        if archived is not None:
            place = put_away(path, DONE, report.of_known(name, body, digest, archived))
            return Dropped(name, DropOutcome.KNOWN, place, size_bytes=len(body))
        return self._take_new(path, name, now, body)

    def _take_new(self, path: Path, name: str, now: datetime, body: bytes) -> Dropped:
        """The bytes first; the file's own sighting last, for it is what makes the file known."""
        digest, archived = self.archive.put(VENDOR, body, now)
        try:
            drop = open_drop(body, now, limit=self.max_file_bytes)
        except DropError as problem:
            return self._reject(path, name, now, problem, body)
        found = findings_of(drop)
        if not found.accepted:
            return self._reject(path, name, now, report.nothing_usable(found), body, found)
        url = _url(name, digest)
        pages = sum(self._record(url, PAGE, at, PARTIAL_BOARD, page) for at, page in drop.pages())
        self._record(url, FILE, now, SlateOutcome.OK, body, archived)
        place = put_away(path, DONE, report.of_ingested(name, body, digest, now, found))
        return Dropped(name, DropOutcome.INGESTED, place, None, len(body), pages, found)

    def _record(
        self, url: str, endpoint: str, at: datetime, outcome: str, body: bytes, archived: str | None = None
    ) -> int:
        """One sighting of a body, which is archived if it is not yet."""
        digest = self.archive.digest(body)
        path = archived or self.state.payload_path(VENDOR, digest) or self.archive.put(VENDOR, body, at)[1]
        seen = SightingRow(VENDOR, url, at, endpoint, slate_of(at).isoformat(), NOT_HTTP, outcome, digest)
        self.state.record_sighting(replace(seen, path=path, size_bytes=len(body)))
        return 1

    def _reject(
        self,
        path: Path,
        name: str,
        now: datetime,
        problem: DropError,
        body: bytes | None = None,
        found: Findings | None = None,
    ) -> Dropped:
        """A sighting without a payload, so that the same bytes are looked at anew when they are dropped again."""
        digest = self.archive.digest(body) if body is not None else None
        seen = SightingRow(
            VENDOR,
            _url(name, digest),
            now,
            FILE,
            slate_of(now).isoformat(),
            None,
            SlateOutcome.REJECTED,
            None,
        )
        self.state.record_sighting(replace(seen, error=plain_text(str(problem), 500)))
        place = put_away(path, REJECTED, report.of_rejected(name, body, digest, now, problem, found))
        why = plain_text(problem.cause, 300)
        return Dropped(name, DropOutcome.REJECTED, place, why, len(body or b""), 0, found)


def _url(name: str, digest: str | None) -> str:
    return f"{INBOX}/{name}" + (f"#{digest[:16]}" if digest else "")
