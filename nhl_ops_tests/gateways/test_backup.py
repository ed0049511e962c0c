"""A backup holds archive and state whole, says so by digests, and comes back only where nothing is in its way."""

import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nhl_ops.domain.failures import ConfigError, MissingInput, WarehouseBroken
from nhl_ops.gateways.archive import ARCHIVE_ROOT, Archive
from nhl_ops.gateways.backup import EVENT_LOG, RUN_REGISTRY, back_up, read_index, restore
from nhl_ops.gateways.state import SightingRow, SliceRow, State

AT = datetime(2026, 1, 6, 15, tzinfo=UTC)
BODIES = (b'{"odds": 1}', b'{"odds": 2}')


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    state, archive = State(root / "data" / "state.sqlite"), Archive(root)
    for number, body in enumerate(BODIES):
        digest, path = archive.put("UNABATED", body, AT)
        state.record_sighting(
            SightingRow("UNABATED", f"u{number}", AT, "board", "2026-01-06", 200, "ok", digest, None, path, 9)
        )
    state.record_slices([SliceRow("dim_games", "2026-01-06", "scope", 1, "d", {}, "run")])
    return root


def held(root: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in sorted((root / ARCHIVE_ROOT).rglob("*"))
        if p.is_file()
    }


@pytest.mark.parametrize("name", ["folder", "file.tar"])
def test_what_is_backed_up_comes_back(project: Path, tmp_path: Path, name: str) -> None:
    made = back_up(project, tmp_path / "safe" / name, AT, "live")
    empty = tmp_path / "empty"
    assert restore(tmp_path / "safe" / name, empty).files == made.files
    assert held(empty) == held(project)
    state = State(empty / "data" / "state.sqlite")
    seen = [row[5] for row in state.sightings_between("UNABATED", AT, AT.replace(day=7))]
    assert seen == [Archive.digest(body) for body in BODIES]
    assert state.slices("scope", ["2026-01-06"]) == {}, "computed files are not part of a backup"
    assert sorted(p.name for p in empty.iterdir()) == ["data", "outputs"]
    assert sorted(p.name for p in (tmp_path / "safe").iterdir()) == [name]


@pytest.mark.parametrize("name", ["folder", "file.tar"])
def test_records_of_runs_come_back_and_what_is_made_anew_does_not(
    project: Path, tmp_path: Path, name: str
) -> None:
    kept = [
        project / EVENT_LOG / "r1.jsonl.zst",
        project / RUN_REGISTRY / "run_date=2026-01-06" / "a.parquet",
    ]
    left = [project / RUN_REGISTRY / "_schema.parquet", project / EVENT_LOG / ".r2.jsonl.zst.1-ab"]
    for path in (*kept, *left):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    made = back_up(project, tmp_path / name, AT, None)
    assert (made.payloads, made.runs, len(made.files)) == (2, 1, 5)
    restore(tmp_path / name, tmp_path / "empty")
    assert [(tmp_path / "empty" / p.relative_to(project)).read_text() for p in kept] == [p.name for p in kept]
    assert not any((tmp_path / "empty" / path.relative_to(project)).exists() for path in left)


def test_a_backup_from_before_records_of_runs_is_read_and_one_from_a_later_version_is_not(
    project: Path, tmp_path: Path
) -> None:
    back_up(project, tmp_path / "safe", AT, None)
    index = tmp_path / "safe" / "backup.json"
    text = json.loads(index.read_text())
    index.write_text(json.dumps(text | {"format": 1}))
    restore(tmp_path / "safe", tmp_path / "empty")
    assert held(tmp_path / "empty") == held(project)
    index.write_text(json.dumps(text | {"format": 3}))
    with pytest.raises(ConfigError, match="has format 3"):
        read_index(tmp_path / "safe")


def test_it_names_its_world_and_time(project: Path, tmp_path: Path) -> None:
    for name in ("folder", "file.tar"):
        back_up(project, tmp_path / name, AT, "live")
        index = read_index(tmp_path / name)
        assert (index.world, index.made_at_utc, len(index.files)) == ("live", AT, 3)


def test_a_second_backup_to_the_same_folder_copies_new_payloads_only(project: Path, tmp_path: Path) -> None:
    back_up(project, tmp_path / "safe", AT, None)
    before = {p: p.stat().st_ino for p in (tmp_path / "safe" / ARCHIVE_ROOT).rglob("*.zst")}
    Archive(project).put("UNABATED", b"later", AT)
    made = back_up(project, tmp_path / "safe", AT, None)
    assert len(made.files) == 4
    assert {p: p.stat().st_ino for p in before} == before
    restore(tmp_path / "safe", tmp_path / "empty")
    assert held(tmp_path / "empty") == held(project)


def test_what_the_state_holds_in_its_log_is_part_of_it(project: Path, tmp_path: Path) -> None:
    state = State(project / "data" / "state.sqlite")
    with state._connect() as open_reader:
        open_reader.execute("begin")
        open_reader.execute("select count(*) from sightings").fetchone()
        state.add_history_days(["2026-01-05"], AT)
        back_up(project, tmp_path / "safe", AT, None)
    restore(tmp_path / "safe", tmp_path / "empty")
    assert State(tmp_path / "empty" / "data" / "state.sqlite").history_days() == {"2026-01-05"}


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_backup_is_refused_before_anything_is_put_back(
    project: Path, tmp_path: Path, damage: str
) -> None:
    back_up(project, tmp_path / "safe", AT, None)
    path = next((tmp_path / "safe" / ARCHIVE_ROOT).rglob("*.zst"))
    path.write_bytes(path.read_bytes()[:-3]) if damage == "cut" else path.unlink()
    with pytest.raises(WarehouseBroken, match=f"1 file.*damaged: .*{path.name}"):
        restore(tmp_path / "safe", tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_project_that_has_data_is_left_alone(project: Path, tmp_path: Path) -> None:
    back_up(project, tmp_path / "safe", AT, None)
    before = held(project)
    with pytest.raises(ConfigError, match=r"has data/state.sqlite and outputs/odds/raw already"):
        restore(tmp_path / "safe", project)
    assert held(project) == before


def test_what_is_no_backup_is_named_as_such(project: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    with pytest.raises(ConfigError, match="holds something that is no backup"):
        back_up(project, tmp_path / "notes", AT, None)
    for source in (tmp_path / "notes", tmp_path / "nothing.tar"):
        with pytest.raises(MissingInput, match="no backup"):
            restore(source, tmp_path / "empty")
    (tmp_path / "broken.tar").write_bytes(b"no tar")
    with pytest.raises(WarehouseBroken, match="cannot be unpacked"):
        restore(tmp_path / "broken.tar", tmp_path / "empty")
    with pytest.raises(MissingInput, match="no state to back up"):
        back_up(tmp_path / "empty", tmp_path / "safe", AT, None)


@pytest.mark.parametrize(
    "name", ["../outside", "data/world.json", "outputs/odds/raw/../../../x", "data/event_log/../x"]
)
def test_a_backup_that_names_a_file_elsewhere_is_refused(project: Path, tmp_path: Path, name: str) -> None:
    back_up(project, tmp_path / "safe", AT, None)
    index = tmp_path / "safe" / "backup.json"
    text = json.loads(index.read_text())
    text["files"][name] = "0" * 64
    index.write_text(json.dumps(text))
    with pytest.raises(WarehouseBroken, match="no part of a backup"):
        restore(tmp_path / "safe", tmp_path / "empty")


def test_a_tar_with_a_member_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        tar.add(tmp_path / "x", "../x")
    with pytest.raises(WarehouseBroken, match="cannot be unpacked"):
        restore(tmp_path / "evil.tar", tmp_path / "empty")
