"""A line is kept where the disk has no room left, and told once."""

from pathlib import Path

import pytest

from nhl_ops.gateways.spool import SIZE_BYTES, Spool


def spool(tmp_path: Path) -> Spool:
    kept = Spool(tmp_path / "data" / "lines.spool")
    kept.reserve()
    return kept


def test_lines_come_back_in_order_and_are_then_forgotten(tmp_path: Path) -> None:
    kept = spool(tmp_path)
    assert kept.add("one")
    assert kept.add("two\nlines")
    with kept.drained() as lines:
        assert lines == ["one", "two lines"]
    with kept.drained() as lines:
        assert lines == []


def test_the_file_never_grows(tmp_path: Path) -> None:
    kept = spool(tmp_path)
    while kept.add("x" * 10_000):
        assert kept.path.stat().st_size == SIZE_BYTES
    with kept.drained() as lines:
        assert len(lines) == SIZE_BYTES // 10_001


def test_what_could_not_be_worked_off_stays(tmp_path: Path) -> None:
    kept = spool(tmp_path)
    kept.add("one")
    with pytest.raises(OSError, match="full"), kept.drained():
        raise OSError("the disk is full")
    with kept.drained() as lines:
        assert lines == ["one"]


def test_without_its_room_nothing_is_kept(tmp_path: Path) -> None:
    assert not Spool(tmp_path / "never.spool").add("one")
