"""`nhl-ops publish`: a person withdraws a card, rolls it back, and sees what was done."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook

from nhl_ops.defs.locking import exclusive
from nhl_ops.gateways.publication import Published
from nhl_ops.gateways.state import State
from nhl_ops_tests.cli.conftest import Card
from nhl_ops_tests.cli.operator import ANCHOR, Operator, Told

REASON = "one book's lines were yesterday's"


@dataclass(frozen=True)
class Moved:
    operator: Operator
    withdrawn: Told
    title: str
    report: str
    rolled_back: Told
    status: Told


@pytest.fixture(scope="module")
def moved(operator: Operator, again: Card, league: str, tmp_path_factory: pytest.TempPathFactory) -> Moved:
    """A card of several versions, withdrawn, then rolled back."""
    copy = operator.copy(tmp_path_factory.mktemp("moved") / "project")
    withdrawn = copy.run(
        "publish", "withdraw", "--date", ANCHOR, "--reason", REASON, "--by", "ann", NHL_OPS_LEAGUE_URL=league
    )
    shown, report = title(copy.root), copy.read(f"outputs/monitoring/daily_report_{ANCHOR}.md")
    rolled_back = copy.run(
        "publish", "rollback", "--date", ANCHOR, "--reason", "the first was right", NHL_OPS_LEAGUE_URL=league
    )
    shutil.rmtree(copy.root / "data" / "league")
    with exclusive(copy.root):
        status = copy.run("publish", "status", "--date", ANCHOR)
    return Moved(copy, withdrawn, shown, report, rolled_back, status)


def title(root: Path) -> str:
    book = load_workbook(root / "outputs/ev_analysis/MultiBookBestBets.xlsx", read_only=True)
    first = str(book["Best bets"]["A1"].value)
    book.close()
    return first


def test_a_withdrawal_is_said_first_wherever_a_reader_looks(moved: Moved) -> None:
    assert moved.withdrawn.code == 0, moved.withdrawn
    assert f"{ANCHOR}: WITHDRAWN, do not use this card: {REASON} (ann, " in moved.withdrawn.text
    assert moved.title.startswith(f"WITHDRAWN, do not use this card: {REASON}")
    assert moved.report.splitlines()[2].startswith(f"**Slate {ANCHOR}, version")


def test_a_rollback_passes_over_the_withdrawn_version(moved: Moved, again: Card) -> None:
    assert moved.rolled_back.code == 0, moved.rolled_back
    assert "rolled back by" in moved.rolled_back.text
    assert "WITHDRAWN" not in title(moved.operator.root)
    assert moved.operator.digests() == again.digests
    ((state, version),) = moved.operator.ask(
        f"select state, version from slate_publications where game_date = '{ANCHOR}'"
    )
    assert state == "published"
    assert f"Readers see version {version} of" in moved.status.text


def test_the_status_lists_every_move_with_who_and_why(moved: Moved) -> None:
    assert moved.status.code == 0
    for told in ("publish", "withdraw", "rollback", "ann", REASON, "the first was right"):
        assert told in moved.status.text


def test_the_status_counts_what_each_version_changed_also_after_a_rollback(moved: Moved) -> None:
    published = Published(moved.operator.root, State(moved.operator.root / "data" / "state.sqlite"))
    newest = max(published.history(ANCHOR), key=lambda publication: publication.version)
    assert newest.revisions
    for revision in newest.revisions:
        assert f"Version {revision.version} after {revision.since}: " in moved.status.text


def test_the_status_waits_for_no_run_and_starts_no_league(moved: Moved) -> None:
    assert "Readers see version" in moved.status.text
    assert not (moved.operator.root / "data" / "league").exists()


def test_a_slate_that_is_not_published_is_refused_with_what_to_do(moved: Moved, league: str) -> None:
    told = moved.operator.run(
        "publish", "withdraw", "--date", "2026-01-02", "--reason", "x", NHL_OPS_LEAGUE_URL=league
    )
    assert told.code == 1
    assert "2026-01-02 is not published" in told.err
