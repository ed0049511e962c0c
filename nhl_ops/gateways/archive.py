"""The payload archive: what vendors sent, byte for byte, before anything parses it.

Content files are named by the sha256 of the decoded body, compressed, immutable, and lie under
`outputs/odds/raw/<VENDOR>/YYYY/MM/DD/` by the Eastern date of their first capture.
"""

import hashlib
from datetime import datetime
from pathlib import Path

import zstandard

from nhl_ops.domain.failures import MissingInput
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.files import write_atomically

ARCHIVE_ROOT = "outputs/odds/raw"


class Archive:
    """Content-addressed store below `root` (the project folder)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @staticmethod
    def digest(body: bytes) -> str:
        return hashlib.sha256(body).hexdigest()

    def put(self, vendor: str, body: bytes, captured_at_utc: datetime) -> tuple[str, str]:
        """Store a body; returns (sha256, path relative to the project). The caller keeps equal bytes out."""
        digest = self.digest(body)
        day = slate_of(captured_at_utc)
        relative = f"{ARCHIVE_ROOT}/{vendor}/{day:%Y/%m/%d}/{digest}.json.zst"
        path = self.root / relative
        if not path.exists():
            compressed = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(body)
            write_atomically(path, lambda beside: beside.write_bytes(compressed))
        return digest, relative

    def get(self, relative: str, digest: str) -> bytes:
        """The body, verified against its digest. Raises MissingInput when it is gone or damaged."""
        path = self.root / relative
        try:
            body = zstandard.ZstdDecompressor().decompress(path.read_bytes())
        except (FileNotFoundError, zstandard.ZstdError) as error:
            raise MissingInput(f"archived payload {relative} cannot be read: {error}") from error
        if self.digest(body) != digest:
            raise MissingInput(
                f"archived payload {relative} does not match its sha256: restore it from a backup"
            )
        return body
