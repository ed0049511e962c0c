"""Dropped files for tests: rows of the contract as CSV, and an inbox in a project folder."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.file_drop import FileDropVendor
from nhl_ops.gateways.file_drop_inbox import Inbox
from nhl_ops.gateways.file_drop_pages import Findings, findings_of, open_drop
from nhl_ops.gateways.state import State
from nhl_ops.gateways.vendor import Parsed, Payload

TAKEN_AT = datetime(2026, 1, 7, 12, tzinfo=UTC)
LIMIT = 1_000_000
VENDOR = FileDropVendor(LIMIT, 0.0)
EVER = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
ROW = {
    "game_date": "2026-01-06",
    "home": "NJD",
    "away": "CAR",
    "player": "Sebastian Aho",
    "market": "POINTS",
    "line": "0.5",
    "side": "over",
    "book": "DraftKings",
    "price": "-185",
    "price_format": "american",
    "seen_at": "2026-01-06T17:30:00Z",
}
DAILY = {
    "date": "2026-01-07",
    "player_id": "8478427.0",
    "player_name": "Sebastian Aho",
    "team": "CAR",
    "market": "POINTS",
    "line": "0.5",
    "over_price": "-185",
    "under_price": "150.0",
    "book": "draftkings",
    "first_seen_at": "2026-01-06T17:30:00.125000Z",
    "last_seen_at": "2026-01-06T17:30:01Z",
    "is_current": "True",
}


def row(**cells: str) -> dict[str, str]:
    return ROW | cells


def csv_of(*rows: Mapping[str, str], header: Sequence[str] | None = None) -> bytes:
    """Rows as CSV; every row's names make the header unless it is given."""
    names = header or list(dict.fromkeys(name for cells in rows for name in cells))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def found_in(body: bytes) -> Findings:
    return findings_of(open_drop(body, TAKEN_AT, limit=LIMIT))


def quotes_of(body: bytes) -> list[dict[str, object]]:
    """Accepted prices, under the names of Quote."""
    fields = open_drop(body, TAKEN_AT, limit=LIMIT).reading().fields
    return [dict(zip(fields, values, strict=True)) for values in zip(*fields.values(), strict=True)]


def rules_of(**cells: str) -> dict[str, int]:
    """Rules that one row breaks."""
    return dict(found_in(csv_of(row(**cells))).rules)


def project(folder: Path, **files: bytes) -> Inbox:
    """An inbox with files whose names are given with `__` for a point."""
    inbox = folder / "data" / "inbox"
    inbox.mkdir(parents=True)
    for name, body in files.items():
        (inbox / name.replace("__", ".")).write_bytes(body)
    return Inbox(Archive(folder), State(folder / "data" / "state.sqlite"), LIMIT, 0.0)


def payloads(inbox: Inbox) -> list[Payload]:
    """What the state and the archive hold, in the order of capture."""
    found = inbox.state.payloads_between("FILE_DROP", *EVER)
    return [
        Payload(
            "FILE_DROP",
            endpoint,
            "",
            datetime.fromisoformat(at),
            digest,
            path,
            inbox.archive.get(path, digest),
        )
        for endpoint, digest, path, _, _, at in found
    ]


def parsed(inbox: Inbox) -> list[Parsed]:
    """Every payload, parsed from its archived bytes."""
    return [VENDOR.parse(payload) for payload in payloads(inbox)]


def lying_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
