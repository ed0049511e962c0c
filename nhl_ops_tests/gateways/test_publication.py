"""A slate's publication moves in one step; a crash before the flip is invisible; the record follows the link."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nhl_ops.domain.cards import Move, Withdrawal
from nhl_ops.domain.failures import MissingInput
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.exports.withdrawn import mark_texts
from nhl_ops.gateways.files import point_link
from nhl_ops.gateways.publication import Draft, Fill, Published
from nhl_ops.gateways.publication_manifest import Publication, PublishedTable
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


def publish(
    published: Published, text: str, fill: Fill = lambda _: None, key: str = SLATE, *, is_newest: bool = False
) -> Publication:
    path, entry = source(published.root, text)
    draft = published.next_version(key, f"scope-{text}", "run", AT, {"prices": entry})
    return published.publish(draft, {"prices": path}, fill, is_newest=is_newest)


def undated(text: str) -> Fill:
    """Fills the files whose names carry no date."""

    def fill(draft: Draft) -> None:
        for name in names.UNDATED_FILES:
            (draft.files / name).write_text(text)

    return fill


def withdraw(published: Published, card: Publication, fill: Fill = lambda _: None) -> Publication:
    mark = Withdrawal(card.version, AT, "ann", "wrong lines")
    moved = {"action": Move.WITHDRAW, "withdrawn": mark, "by": "ann", "reason": mark.reason}
    return published.reissue(card, moved, fill)


def read(published: Published) -> str:
    found = published.table(SLATE, "prices")
    assert found is not None, "nothing is published"
    return found[0].read_text()


def test_readers_see_the_newest_publication(published: Published) -> None:
    publish(published, "old")
    assert read(published) == "old"
    publish(published, "new")
    assert read(published) == "new"


def test_a_table_that_was_looked_up_is_the_same_after_a_move(published: Published) -> None:
    publish(published, "old")
    found = published.table(SLATE, "prices")
    publish(published, "new")
    assert found is not None
    assert (found[0].read_text(), read(published)) == ("old", "new")


def test_a_crash_while_rendering_leaves_the_former_publication(published: Published) -> None:
    publish(published, "old")

    def crash(_: Draft) -> None:
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        publish(published, "new", crash)
    assert read(published) == "old"
    assert publish(published, "newer").folder.startswith("0002")
    assert read(published) == "newer"


def test_what_a_killed_publication_left_is_gone_with_the_next_one(published: Published) -> None:
    folder = published.current(SLATE).parent
    old = publish(published, "old")
    (folder / ".0002-killed" / "files").mkdir(parents=True)
    (folder / ".current.123-abcd").symlink_to(old.folder)
    new = publish(published, "new")
    assert {path.name for path in folder.iterdir()} == {"current", old.folder, new.folder}


def test_files_and_tables_are_published_together(published: Published) -> None:
    publish(published, "card", lambda draft: (draft.files / "report.md").write_text("hello"))
    manifest = json.loads((published.current(SLATE) / "manifest.json").read_text())
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
    entries = {name: entry for name, (_, entry) in sources.items()}
    draft = published.next_version(SLATE, "s", "r", AT, entries)
    with pytest.raises(
        MissingInput, match=r"prices was made from an older games.*run-daily --date 2026-01-05 --all"
    ):
        published.publish(draft, {name: path for name, (path, _) in sources.items()}, lambda _: None)
    assert published.slates() == []


def test_versions_count_what_runs_published_and_every_move_has_a_number(published: Published) -> None:
    first = publish(published, "first")
    second = publish(published, "second")
    rolled = published.reissue(first, {"action": Move.ROLLBACK, "latest_version": 2}, lambda _: None)
    third = publish(published, "third")
    assert [p.seq for p in (first, second, rolled, third)] == [1, 2, 3, 4]
    assert [p.version for p in (first, second, rolled, third)] == [1, 2, 1, 3]
    assert published.history(SLATE) == [first, second, rolled, third]
    moves = [(row.action, row.version) for row in published.state.publications()]
    assert moves == [("publish", 1), ("publish", 2), ("rollback", 1), ("publish", 3)]


def test_a_rollback_shows_the_former_tables_and_files_again(published: Published) -> None:
    first = publish(published, "old", lambda draft: (draft.files / "report.md").write_text("old report"))
    publish(published, "new", lambda draft: (draft.files / "report.md").write_text("new report"))
    published.reissue(first, {"action": Move.ROLLBACK}, lambda _: None)
    assert read(published) == "old"
    assert (published.current(SLATE) / "files" / "report.md").read_text() == "old report"


def test_a_withdrawal_keeps_the_tables_marks_the_files_and_leaves_the_former_folder_as_it_was(
    published: Published,
) -> None:
    card = publish(published, "card", lambda draft: (draft.files / "report.md").write_text("# Title\nbody\n"))
    mark = Withdrawal(1, AT, "ann", "wrong lines")
    withdraw(published, card, lambda draft: mark_texts(draft.files, SLATE, mark))
    report = (published.current(SLATE) / "files" / "report.md").read_text()
    assert report.startswith(
        "# Title\n\n**Slate 2026-01-05, version 1: WITHDRAWN, do not use this card: wrong lines"
    )
    assert report.endswith("body\n")
    assert read(published) == "card"
    former = published.folder / SLATE / card.folder / "files" / "report.md"
    assert former.read_text() == "# Title\nbody\n"
    now = published.publication(SLATE)
    assert now is not None
    assert now.withdrawn == mark


def test_a_move_that_crashes_leaves_what_readers_saw(published: Published) -> None:
    card = publish(published, "card")

    def crash(_: Draft) -> None:
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        withdraw(published, card, crash)
    assert published.publication(SLATE) == card


def test_the_page_of_a_withdrawn_card_is_marked_after_its_title(tmp_path: Path) -> None:
    page = tmp_path / "daily_report_2026-01-05.html"
    page.write_text("<title>T</title>\n<h1>T</h1>\n<p>body</p>\n")
    mark_texts(tmp_path, SLATE, Withdrawal(2, AT, "ann", "wrong <b>lines</b>"))
    assert page.read_text() == (
        '<title>T</title>\n<h1>T</h1>\n<p class="withdrawn">Slate 2026-01-05, version 2: WITHDRAWN, do not use this '
        "card: wrong &lt;b&gt;lines&lt;/b&gt; (ann, 2026-01-06 15:00 UTC)</p>\n<p>body</p>\n"
    )


def test_names_without_a_date_show_the_newest_slate_and_move_together(published: Published) -> None:
    publish(published, "monday", undated("monday"), is_newest=True)
    shown = [published.root / name for name in names.UNDATED]
    assert [path.read_text() for path in shown] == ["monday"] * len(shown)
    before = {path: os.readlink(path) for path in shown}
    publish(published, "tuesday", undated("tuesday"), "2026-01-06", is_newest=True)
    assert [path.read_text() for path in shown] == ["tuesday"] * len(shown)
    assert {path: os.readlink(path) for path in shown} == before, "one link moved them, not their own"
    publish(published, "monday-again")
    assert [path.read_text() for path in shown] == ["tuesday"] * len(shown)


def test_a_slate_that_is_published_before_it_is_recorded_is_recorded_at_the_next_start(
    published: Published,
) -> None:
    first = publish(published, "first", undated("first"), is_newest=True)
    second = publish(published, "second", undated("second"), "2026-01-06", is_newest=True)
    as_if_killed_after_the_flip(published, second, newest=first.game_date)
    assert published.reconcile() == [second.game_date]
    assert [row.folder for row in published.state.publications([second.game_date])] == [second.folder]
    assert published.shown_undated() == second.game_date
    assert published.reconcile() == []


def as_if_killed_after_the_flip(published: Published, publication: Publication, newest: str) -> None:
    published.state.begin_flip(publication.game_date)
    with closing(sqlite3.connect(published.state.path)) as db, db:
        db.execute("delete from publications where game_date=?", (publication.game_date,))
    point_link(published.folder / "newest", published.current(newest))


def test_a_flip_that_did_not_happen_is_given_up_at_the_next_start(published: Published) -> None:
    publish(published, "card")
    published.state.begin_flip(SLATE)
    assert published.reconcile() == []
    assert published.state.pending_flips() == []


def test_a_folder_that_a_killed_run_left_unseen_is_built_anew(published: Published) -> None:
    publish(published, "old")
    unseen = published.folder / SLATE / "0002-scope-ne"
    unseen.mkdir()
    (unseen / "half").touch()
    publish(published, "new")
    assert not (published.current(SLATE) / "half").exists()
    assert read(published) == "new"


def test_a_record_lost_in_a_crash_after_the_flip_is_restored_from_the_link(published: Published) -> None:
    publish(published, "old")
    lost = Published(published.root, State(published.root / "data" / "fresh.sqlite"))
    assert lost.state.publications() == []
    lost.reconcile()
    assert lost.state.publications() == published.state.publications()


def test_names_without_a_date_of_an_earlier_version_are_led_through_the_newest_slate(
    published: Published,
) -> None:
    """Then each led straight to its slate, and the rolling report had no page."""
    publish(published, "sunday", undated("sunday"), "2026-01-04")
    publish(published, "monday", undated("monday"))
    page = published.root / names.ROLLING_PAGE
    page.unlink()
    straight = [published.root / name for name in names.UNDATED if published.root / name != page]
    for link in straight:
        point_link(link, published.current(SLATE) / "files" / link.name)
    assert published.shown_undated() is None
    assert published.reconcile() == []
    assert published.shown_undated() == SLATE
    assert [link.read_text() for link in straight] == ["monday"] * 3
    publish(published, "tuesday", undated("tuesday"), "2026-01-06", is_newest=True)
    assert [link.read_text() for link in (*straight, page)] == ["tuesday"] * 4


def test_a_pending_flip_of_an_older_slate_leaves_the_names_of_an_earlier_version_where_they_are(
    published: Published,
) -> None:
    older = publish(published, "sunday", undated("sunday"), "2026-01-04")
    publish(published, "monday", undated("monday"))
    links = [published.root / name for name in names.UNDATED]
    for link in links:
        point_link(link, published.current(SLATE) / "files" / link.name)
    published.state.begin_flip(older.game_date)
    with closing(sqlite3.connect(published.state.path)) as db, db:
        db.execute("delete from publications where game_date=?", (older.game_date,))
    assert published.reconcile() == [older.game_date]
    assert [link.read_text() for link in links] == ["monday"] * len(links)


def test_a_project_without_files_has_no_names_to_adopt(published: Published) -> None:
    assert published.reconcile() == []
    assert published.shown_undated() is None


def test_a_manifest_from_before_versions_is_read_as_one_version_a_publication(published: Published) -> None:
    publish(published, "old")
    path = published.current(SLATE) / "manifest.json"
    manifest = json.loads(path.read_text())
    kept = ("game_date", "seq", "scope_id", "run_id", "published_at_utc", "tables", "files")
    path.write_text(json.dumps({name: manifest[name] for name in kept} | {"seq": 4}))
    now = published.publication(SLATE)
    assert now is not None
    assert (now.version, now.latest_version, now.action) == (4, 4, Move.PUBLISH)


def test_the_newest_slate_is_the_latest_date(published: Published) -> None:
    assert published.newest() is None
    publish(published, "card")
    assert published.newest() == SLATE


def test_a_slate_after_tonight_is_not_the_newest_one_until_it_comes(published: Published) -> None:
    publish(published, "card")
    assert published.newest(until="2026-01-05") == SLATE
    assert published.newest(until="2026-01-04") is None
