"""The archive keeps bytes as they came and notices when they are not what they were."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nhl_ops.domain.failures import MissingInput
from nhl_ops.gateways.archive import Archive

AT = datetime(2026, 1, 6, 3, 30, tzinfo=UTC)


def test_bytes_come_back_as_they_went_in(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest, path = archive.put("UNABATED", b'{"odds": {}}', AT)
    assert archive.get(path, digest) == b'{"odds": {}}'


def test_the_folder_is_the_eastern_date_of_the_capture(tmp_path: Path) -> None:
    _, path = Archive(tmp_path).put("UNABATED", b"x", AT)
    assert path.startswith("outputs/odds/raw/UNABATED/2026/01/05/")


def test_a_damaged_payload_is_found_by_its_digest(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest, path = archive.put("PLAYNOW", b"original", AT)
    _, other_path = archive.put("PLAYNOW", b"tampered", AT)
    (tmp_path / path).write_bytes((tmp_path / other_path).read_bytes())
    with pytest.raises(MissingInput, match="does not match its sha256"):
        archive.get(path, digest)


@pytest.mark.parametrize("damage", [lambda p: p.unlink(), lambda p: p.write_bytes(p.read_bytes()[:-4])])
def test_a_lost_or_truncated_payload_is_a_missing_input(tmp_path: Path, damage) -> None:
    archive = Archive(tmp_path)
    digest, path = archive.put("PLAYNOW", b"original" * 100, AT)
    damage(tmp_path / path)
    with pytest.raises(MissingInput, match="cannot be read"):
        archive.get(path, digest)
