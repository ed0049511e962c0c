"""A slate's publication moves in one step; a crash before the flip is invisible; the record follows the link."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nhl_ops.domain.failures import MissingInput
from nhl_ops.gateways.publication import Published, PublishedTable
from nhl_ops.gateways.state import State

AT = datetime(2026, 1, 6, 15, tzinfo=UTC)
SLATE = "2026-01-05"


@pytest.fixture
def published(tmp_path: Path) -> Published:
    return Published(tmp_path, State(tmp_path / "data" / "state.sqlite"))


def source(
    root: Path, text: str, digest: str = "d1", inputs: dict[str, str] | None = None
) -> tuple[Path, PublishedTable]:
    path = root / f"{text}.parquet"
    path.write_text(text)
    return path, PublishedTable(f"scope-{text}", "run", 1, digest, inputs or {})


def publish(published: Published, text: str, render=lambda _: None) -> Path:
    return published.publish(
        SLATE, {"prices": source(published.root, text)}, render, scope_id=f"scope-{text}", run_id="run", at=AT
    )


def read(published: Published) -> str:
    found = published.table(SLATE, "prices")
    assert found is not None, "nothing is published"
    return found[0].read_text()


def test_readers_see_the_newest_publication(published: Published) -> None:
    publish(published, "old")
    assert read(published) == "old"
    publish(published, "new")
    assert read(published) == "new"


def test_a_crash_while_rendering_leaves_the_former_publication(published: Published) -> None:
    publish(published, "old")

    def crash(_: Path) -> None:
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        publish(published, "new", crash)
    assert read(published) == "old"
    assert publish(published, "newer").name.startswith("0002")
    assert read(published) == "newer"


def test_files_and_tables_are_published_together(published: Published) -> None:
    folder = publish(published, "card", lambda files: (files / "report.md").write_text("hello"))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["files"] == ["report.md"]
    assert (published.current(SLATE) / "files" / "report.md").read_text() == "hello"


def test_a_published_table_survives_the_loss_of_its_source(published: Published) -> None:
    publish(published, "old")
    (published.root / "old.parquet").unlink()
    assert read(published) == "old"


def test_a_table_older_than_its_input_is_refused_with_the_next_command(published: Published) -> None:
    sources = {
        "games": source(published.root, "games", digest="new"),
        "prices": source(published.root, "prices", inputs={"games": "old"}),
    }
    with pytest.raises(
        MissingInput, match=r"prices was made from an older games.*run-daily --date 2026-01-05 --all"
    ):
        published.publish(SLATE, sources, lambda _: None, scope_id="s", run_id="r", at=AT)
    assert published.slates() == []


def test_a_record_lost_in_a_crash_after_the_flip_is_restored_from_the_link(published: Published) -> None:
    publish(published, "old")
    lost = Published(published.root, State(published.root / "data" / "fresh.sqlite"))
    assert lost.state.publications() == []
    lost.reconcile()
    assert [(row[0], row[1]) for row in lost.state.publications()] == [(SLATE, 1)]


def test_the_newest_slate_is_the_latest_date(published: Published) -> None:
    assert published.newest() is None
    publish(published, "card")
    assert published.newest() == SLATE


def test_a_slate_after_tonight_is_not_the_newest_one_until_it_comes(published: Published) -> None:
    publish(published, "card")
    assert published.newest(until="2026-01-05") == SLATE
    assert published.newest(until="2026-01-04") is None
