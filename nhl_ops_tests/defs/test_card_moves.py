"""A slate's card over its versions: what changed, rolled back, withdrawn, published anew."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from nhl_ops.contracts import ev
from nhl_ops.contracts.reports import REPORT_ROLLING, SEASON
from nhl_ops.defs.card_moves import roll_back, tell_the_instance, withdraw
from nhl_ops.defs.steps import PUBLISHING_ASSET, Step, assets_of
from nhl_ops.domain.cards import Move
from nhl_ops.domain.failures import ConfigError, MissingInput
from nhl_ops.gateways.catalog import CATALOG, ensure_catalog
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.files import point_link
from nhl_ops.gateways.publication_manifest import Publication
from nhl_ops_tests.fakes.project import Project

REASON = "the lines | were *yesterday's*"


@pytest.fixture(scope="module")
def carded(at_morning: Project, tmp_path_factory: pytest.TempPathFactory, past: list[str]) -> Project:
    """One slate in two versions: as of its morning, and before its games."""
    project = at_morning.copy(tmp_path_factory.mktemp("carded") / "project")
    project.succeed(past[-1:])
    ensure_catalog(project.root)
    return project


@pytest.fixture
def slate(carded: Project, past: list[str]) -> Iterator[str]:
    """Its date; whatever a test does, the second version is what the next one finds."""
    key = past[-1]
    with carded.here():
        second = next(p for p in carded.house.warehouse.published.history(key) if p.version == 2)
        yield key
        if shown(carded, key).seq != second.seq:
            carded.house.warehouse.published.reissue(
                second, {"action": Move.PUBLISH}, lambda _: None, is_newest=True
            )


def shown(project: Project, key: str) -> Publication:
    found = project.house.warehouse.published.publication(key)
    assert found is not None, f"{key} is not published"
    return found


def read(project: Project, name: str) -> str:
    return (project.root / name).read_text(encoding="utf-8")


def title(project: Project) -> str:
    book = load_workbook(project.root / names.BEST_BETS_WORKBOOK, read_only=True)
    first = str(book["Best bets"]["A1"].value)
    book.close()
    return first


def heads(project: Project, key: str) -> dict[str, str]:
    """The first 300 characters of every text that readers know."""
    files = [p for name in shown(project, key).files if (p := Path(name)).suffix in {".md", ".csv", ".jsonl"}]
    folder = project.house.warehouse.published.current(key) / "files"
    return {path.name: (folder / path).read_text(encoding="utf-8")[:300] for path in files}


def test_a_second_version_says_what_it_changed_in_manifest_and_report(carded: Project, slate: str) -> None:
    now = shown(carded, slate)
    (revision,) = now.revisions
    assert (now.version, revision.version, revision.since) == (2, 2, 1)
    first = carded.house.warehouse.published.history(slate)[0]
    bets = [set(bets_of(carded, p)) for p in (first, now)]
    kinds: dict[str, set[str]] = {}
    for change in revision.changes:
        kinds.setdefault(change.kind.value, set()).add(change.bet_id)
    assert kinds["added"] == bets[1] - bets[0]
    assert kinds["removed"] == bets[0] - bets[1]
    assert kinds.get("price", set()) | kinds.get("ev", set()) <= bets[0] & bets[1]
    report = read(carded, names.daily_report(date.fromisoformat(slate)))
    assert "Version 2 of this card" in report
    changed = report.split("## What changed after the first version", 1)[1].split("\n## ", 1)[0]
    assert changed.count("| added ") == len(kinds["added"])
    assert changed.count("| removed ") == len(kinds["removed"])


def bets_of(project: Project, publication: Publication) -> list[str]:
    folder = project.house.warehouse.published.folder / publication.game_date / publication.folder
    path = folder / "tables" / f"{ev.EV_MULTI_BOOK_BEST_BETS.name}.parquet"
    return [row[0] for row in duckdb.sql(f"select bet_id from read_parquet('{path}')").fetchall()]


def test_the_workbooks_first_line_names_the_version(carded: Project, slate: str) -> None:
    assert title(carded).endswith(", version 2")


def test_a_rollback_shows_the_first_version_in_tables_files_and_undated_names(
    carded: Project, slate: str
) -> None:
    first = carded.house.warehouse.published.history(slate)[0]
    rolled = roll_back(carded.house, slate, None, "ann", "the second was wrong")
    assert (rolled.version, rolled.latest_version, rolled.action) == (1, 2, Move.ROLLBACK)
    assert rolled.tables == first.tables
    assert "Version 1 of this card" in read(carded, names.daily_report(date.fromisoformat(slate)))
    assert title(carded).endswith(", version 1")
    last = carded.house.state.publications([slate])[-1]
    assert (last.action, last.moved_by, last.reason) == ("rollback", "ann", "the second was wrong")


def test_a_rollback_to_a_scope_finds_it_by_its_start(carded: Project, slate: str) -> None:
    first = carded.house.warehouse.published.history(slate)[0]
    assert roll_back(carded.house, slate, first.scope_id[:6], "ann", "why").version == 1
    with pytest.raises(ConfigError, match="see version 1 already"):
        roll_back(carded.house, slate, first.scope_id, "ann", "why")
    with pytest.raises(MissingInput, match=f"there are: .*{first.scope_id[:8]}"):
        roll_back(carded.house, slate, "zzzz", "ann", "why")


def test_a_withdrawn_card_says_so_before_anything_else(carded: Project, slate: str) -> None:
    before = shown(carded, slate)
    marked = withdraw(carded.house, slate, "ann", REASON)
    assert marked.tables == before.tables
    assert title(carded).startswith(f"WITHDRAWN, do not use this card: {REASON} (ann, ")
    texts = heads(carded, slate)
    assert len(texts) == 6
    assert all("WITHDRAWN" in text or '"withdrawn":true' in text for text in texts.values()), texts
    assert json.loads(texts[f"ev_prob_audit_{slate}.jsonl"].splitlines()[0])["reason"] == REASON
    with duckdb.connect(str(carded.root / CATALOG), read_only=True) as db:
        state = db.execute("select state, version, reason from slate_publications").fetchall()
    assert state == [("withdrawn", 2, REASON)]
    with pytest.raises(ConfigError, match="withdrawn already"):
        withdraw(carded.house, slate, "bob", "again")


def as_an_earlier_version_left_it(project: Project, key: str) -> None:
    """A manifest without versions and card, windows without names, fewer columns, undated names that lead straight."""
    found = project.house.warehouse.published.visible(key)
    assert found is not None, f"{key} is not published"
    folder, _ = found
    manifest = folder / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    kept = ("game_date", "seq", "scope_id", "run_id", "published_at_utc", "tables")
    files = [name for name in told["files"] if name != Path(names.ROLLING_PAGE).name]
    write_anew(manifest, json.dumps({name: told[name] for name in kept} | {"files": files}).encode())
    (folder / "files" / Path(names.ROLLING_PAGE).name).unlink()
    rolling = folder / "tables" / f"{REPORT_ROLLING.name}.parquet"
    table = pq.read_table(rolling)
    days = table.filter(pc.not_equal(table["window"], SEASON)).drop_columns(["window", "slates_withdrawn"])
    rolling.unlink()
    pq.write_table(days, rolling)
    (project.house.warehouse.published.folder / "newest").unlink()
    for name in names.UNDATED:
        point_link(project.root / name, folder.parent / "current" / "files" / Path(name).name)


def write_anew(path: Path, data: bytes) -> None:
    path.unlink()
    path.write_bytes(data)


def test_a_card_of_an_earlier_version_of_the_project_is_withdrawn_with_all_its_files(
    carded: Project, slate: str, tmp_path: Path
) -> None:
    old = carded.copy(tmp_path / "old")
    as_an_earlier_version_left_it(old, slate)
    old.house.warehouse.published.reconcile()
    withdraw(old.house, slate, "ann", "wrong lines")
    assert title(old).startswith("WITHDRAWN, do not use this card: wrong lines (ann, ")
    report = read(old, names.ROLLING_REPORT)
    assert "WITHDRAWN" in report.splitlines()[2]
    assert "| 7 days " in report
    assert "WITHDRAWN" in read(old, names.ROLLING_PAGE)
    with duckdb.connect(str(ensure_catalog(old.root)), read_only=True) as db:
        windows = db.execute('select "window", window_days from report_rolling order by 2').fetchall()
    assert windows == [(None, 7), (None, 14), (None, 30)]


def test_a_rollback_from_a_withdrawn_version_passes_over_it(carded: Project, slate: str) -> None:
    withdraw(carded.house, slate, "ann", "wrong")
    rolled = roll_back(carded.house, slate, None, "ann", "the first is right")
    assert (rolled.version, rolled.withdrawn) == (1, None)
    assert "WITHDRAWN" not in title(carded)
    withdraw(carded.house, slate, "ann", "the first is wrong too")
    with pytest.raises(MissingInput, match="no version before 1 that was not withdrawn"):
        roll_back(carded.house, slate, None, "ann", "why")


def test_a_withdrawal_needs_a_reason_and_a_published_slate(carded: Project, slate: str) -> None:
    with pytest.raises(ConfigError, match="a reason is needed"):
        withdraw(carded.house, slate, "ann", " ")
    with pytest.raises(MissingInput, match="2026-02-01 is not published"):
        withdraw(carded.house, "2026-02-01", "ann", "why")


def test_a_move_stands_in_the_ui_beside_the_slate(carded: Project, slate: str) -> None:
    tell_the_instance(carded.instance, withdraw(carded.house, slate, "ann", REASON))
    found = carded.instance.fetch_observations(
        dg.AssetRecordsFilter(dg.AssetKey(PUBLISHING_ASSET), asset_partitions=[slate]), limit=1
    )
    observation = found.records[0].asset_observation
    assert observation is not None
    assert observation.metadata["outcome"].value == "withdrawn"
    assert observation.metadata["reason"].value == REASON


def test_settling_a_withdrawn_slate_leaves_it_withdrawn_and_a_new_card_replaces_it(
    carded: Project, slate: str
) -> None:
    withdraw(carded.house, slate, "ann", "wrong lines")
    settled = carded.succeed([slate], assets_of([Step.DIAGNOSTICS]))
    now = shown(carded, slate)
    assert now.withdrawn is not None
    assert (now.version, now.run_id) == (3, settled.run_id)
    assert "WITHDRAWN" in title(carded)
    run = carded.succeed([slate], assets_of([Step.EV, Step.DIAGNOSTICS]))
    now = shown(carded, slate)
    assert (now.version, now.withdrawn) == (4, None)
    assert "replaces the withdrawn version 2" in str(
        carded.record(run).of(PUBLISHING_ASSET, slate)["replaces_withdrawn"]
    )
    report = read(carded, names.daily_report(date.fromisoformat(slate)))
    assert "**Version 4 replaces version 2, which was withdrawn by ann: wrong lines**" in report
    assert "WITHDRAWN" not in title(carded)
