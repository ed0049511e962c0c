"""The inbox: each file is taken once, archived, and moved with a report beside it; nothing is ever lost."""

import gzip
import os
from datetime import timedelta
from pathlib import Path

import pytest

from nhl_ops.gateways.file_drop_inbox import DropOutcome, Dropped, Inbox
from nhl_ops_tests.gateways import file_drop_samples as samples
from nhl_ops_tests.gateways.file_drop_samples import ROW, TAKEN_AT, csv_of, lying_in, payloads, project, row


def take(inbox: Inbox) -> list[Dropped]:
    return inbox.take(TAKEN_AT).files


def outcomes(inbox: Inbox) -> dict[str, str]:
    return {file.name: file.outcome.value for file in take(inbox)}


def sightings(inbox: Inbox) -> list[tuple]:
    return inbox.state.sightings_between("FILE_DROP", *samples.EVER)


def test_a_good_file_is_archived_byte_for_byte_and_moved_to_done(tmp_path: Path) -> None:
    body = gzip.compress(csv_of(ROW))
    inbox = project(tmp_path, props__csv__gz=body)
    (file,) = take(inbox)
    done = tmp_path / "data/inbox/done"
    assert (file.outcome, file.findings.accepted) == (DropOutcome.INGESTED, 1)
    assert lying_in(done) == ["props.csv.gz", "props.csv.gz.report.md"]
    assert file.place == done / "props.csv.gz"
    assert file.place.read_bytes() == body
    assert [p.body for p in payloads(inbox) if p.endpoint == "file_drop_file"] == [body]


def test_the_archive_has_the_layout_of_every_vendor(tmp_path: Path) -> None:
    inbox = project(tmp_path, props__csv=csv_of(ROW))
    take(inbox)
    found = [str(Path(p.payload_path).parent) for p in payloads(inbox)]
    assert found == ["outputs/odds/raw/FILE_DROP/2026/01/06", "outputs/odds/raw/FILE_DROP/2026/01/07"]


def test_a_file_is_one_sighting_now_and_one_for_each_pass_when_it_was_seen(tmp_path: Path) -> None:
    later = row(seen_at="2026-01-06T22:00:00Z")
    inbox = project(tmp_path, props__csv=csv_of(ROW, later))
    take(inbox)
    found = [(endpoint, at[:19], outcome) for endpoint, _, at, _, outcome, _, _ in sightings(inbox)]
    assert found == [
        ("file_drop_page", "2026-01-06T17:30:00", "partial_board"),
        ("file_drop_page", "2026-01-06T22:00:00", "partial_board"),
        ("file_drop_file", "2026-01-07T12:00:00", "ok"),
    ]


def test_the_same_bytes_again_are_known_and_leave_no_sighting(tmp_path: Path) -> None:
    inbox = project(tmp_path, props__csv=csv_of(ROW))
    take(inbox)
    before = sightings(inbox)
    (tmp_path / "data/inbox/again.csv").write_bytes(csv_of(ROW))
    (file,) = inbox.take(TAKEN_AT + timedelta(days=1)).files
    assert (file.outcome, file.place.name) == (DropOutcome.KNOWN, "again.csv")
    assert "these very bytes were ingested before" in (file.place.parent / "again.csv.report.md").read_text()
    assert sightings(inbox) == before


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    inbox = project(tmp_path, props__csv__gz=csv_of(ROW))
    for n in (1, 2):
        take(inbox)
        (tmp_path / "data/inbox/props.csv.gz").write_bytes(csv_of(row(player=f"Player {n}")))
    take(inbox)
    names = [n for n in lying_in(tmp_path / "data/inbox/done") if not n.endswith(".report.md")]
    assert names == ["props-2.csv.gz", "props-3.csv.gz", "props.csv.gz"]


@pytest.mark.parametrize(
    ("body", "cause", "step"),
    [
        (b"nothing of ours", "missing in the header", "nhl-ops drops template"),
        (b"PK\x03\x04", "it is a workbook or a zip archive", "Save it as CSV"),
        (csv_of(row(price="0"), row(book="")), "none of its 2 prices can be used", "american\\_price"),
        (csv_of(ROW).split(b"\n")[0] + b"\n", "it has a header and no rows", "Correct the rows"),
        (b"x" * 1_000_001, "it has 1,000,001 bytes; at most 1,000,000 are read", "raise max"),
    ],
)
def test_a_file_that_cannot_be_used_is_rejected_with_what_to_do(
    tmp_path: Path, body: bytes, cause: str, step: str
) -> None:
    inbox = project(tmp_path, odds__csv=body)
    (file,) = take(inbox)
    folder = tmp_path / "data/inbox/rejected"
    text = (folder / "odds.csv.report.md").read_text().replace("\\_", "_")
    assert (file.outcome, file.place, cause in file.why) == (DropOutcome.REJECTED, folder / "odds.csv", True)
    assert file.place.read_bytes() == body
    assert cause in text
    assert step.replace("\\_", "_") in text
    assert payloads(inbox) == []
    (seen,) = sightings(inbox)
    assert (seen[4], cause in seen[6]) == ("rejected", True)


def test_a_rejected_file_is_looked_at_anew_when_it_is_dropped_again(tmp_path: Path) -> None:
    inbox = project(tmp_path, odds__csv=b"junk")
    assert outcomes(inbox) == {"odds.csv": "rejected"}
    (tmp_path / "data/inbox/odds.csv").write_bytes(b"junk")
    assert outcomes(inbox) == {"odds.csv": "rejected"}
    assert lying_in(tmp_path / "data/inbox/rejected")[:2] == ["odds-2.csv", "odds-2.csv.report.md"]


def test_a_partly_good_file_is_done_and_its_report_counts_by_rule(tmp_path: Path) -> None:
    body = csv_of(ROW, row(price="0"), row(price="1"), row(seen_at="")) + b"short,row\n"
    inbox = project(tmp_path, props__csv=body)
    (file,) = take(inbox)
    text = (tmp_path / "data/inbox/done/props.csv.report.md").read_text()
    assert "5 seen = 1 accepted + 4 rejected" in text
    assert "| american_price_below_100 | 2 | row 3, price: expected American odds, found '0' |" in text
    assert file.findings.rules == {"american_price_below_100": 2, "no_seen_at": 1, "bad_row": 1}
    assert sorted(letter.rule for p in samples.parsed(inbox) for letter in p.rejected) == sorted(
        file.findings.rules.elements()
    )


def test_text_of_a_file_is_only_text_in_its_report(tmp_path: Path) -> None:
    evil = "<img src=x>|[a](http://b)\u202e=cmd()"
    inbox = project(tmp_path, props__csv=csv_of(row(market=evil), ROW) + evil.encode() + b"\n")
    take(inbox)
    text = (tmp_path / "data/inbox/done/props.csv.report.md").read_text()
    assert "<img" not in text.replace("\\<", "")
    assert "\u202e" not in text
    assert "](http" not in text.replace("\\]", "")


def test_what_is_still_being_copied_is_left_alone(tmp_path: Path) -> None:
    inbox = project(tmp_path, a__csv__part=csv_of(ROW), growing__csv=csv_of(ROW), ready__csv=csv_of(ROW))
    growing = tmp_path / "data/inbox/growing.csv"
    copying = Inbox(inbox.archive, inbox.state, inbox.max_file_bytes, 3.0, lambda _: grow(growing))
    found = {file.name: file for file in copying.take(TAKEN_AT).files}
    assert {name: file.outcome.value for name, file in found.items()} == {
        "a.csv.part": "left",
        "growing.csv": "left",
        "ready.csv": "ingested",
    }
    assert found["growing.csv"].why == "it is still being copied; the next run takes it"
    assert lying_in(tmp_path / "data/inbox") == ["a.csv.part", "done", "growing.csv"]


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more\n")


def test_it_waits_once_and_only_when_a_file_lies_ready(tmp_path: Path) -> None:
    waits: list[float] = []
    inbox = project(tmp_path, a__csv=csv_of(ROW), b__csv=csv_of(row(player="B")))
    waiting = Inbox(inbox.archive, inbox.state, inbox.max_file_bytes, 2.5, waits.append)
    waiting.take(TAKEN_AT)
    waiting.take(TAKEN_AT)
    assert waits == [2.5]


def test_links_folders_pipes_and_hidden_files_stay_where_they_are(tmp_path: Path) -> None:
    inbox = project(tmp_path, __hidden=csv_of(ROW))
    folder = tmp_path / "data/inbox"
    secret = tmp_path / "secret.csv"
    secret.write_bytes(csv_of(ROW))
    (folder / "link.csv").symlink_to(secret)
    (folder / "sub").mkdir()
    (folder / "sub/props.csv").write_bytes(csv_of(ROW))
    os.mkfifo(folder / "pipe.csv")
    found = {file.name: file.why for file in take(inbox)}
    assert found == {
        "link.csv": "it is a link: copy the file itself",
        "pipe.csv": "it is no ordinary file",
        "sub": "it is a folder: files lie in data/inbox itself",
    }
    assert lying_in(folder) == [".hidden", "link.csv", "pipe.csv", "sub"]
    assert payloads(inbox) == []


@pytest.mark.parametrize(
    "name",
    [
        "x\\..\\evil.csv",
        "a\nb|`<b>.csv",
        "=cmd().csv",
        "\u202egpj.csv",
        "x" * 240 + ".csv",
        "-rf.csv",
        "ø 😀.csv",
    ],
)
def test_strange_names_are_only_names(tmp_path: Path, name: str) -> None:
    inbox = project(tmp_path)
    (tmp_path / "data/inbox" / name).write_bytes(csv_of(ROW))
    (file,) = take(inbox)
    moved = lying_in(tmp_path / "data/inbox/done")
    assert file.outcome is DropOutcome.INGESTED
    assert len(moved) == 2
    assert file.place.name in moved
    assert file.place.suffix == ".csv"


def test_a_name_that_is_no_unicode_is_taken_too(tmp_path: Path) -> None:
    inbox = project(tmp_path)
    (tmp_path / "data/inbox" / os.fsdecode(b"pr\xffops.csv")).write_bytes(csv_of(ROW))
    assert outcomes(inbox) == {"props.csv": "ingested"}


def test_without_an_inbox_there_is_nothing_to_take(tmp_path: Path) -> None:
    inbox = project(tmp_path / "p")
    (tmp_path / "p/data/inbox").rmdir()
    assert take(inbox) == []
    assert inbox.take(TAKEN_AT).figures()["outcome"] == "ok"


def test_a_stop_before_the_files_own_sighting_is_made_good_by_the_next_look(tmp_path: Path) -> None:
    inbox = project(tmp_path, props__csv=csv_of(ROW, row(seen_at="2026-01-06T22:00:00Z")))
    whole = project(tmp_path / "other", props__csv=csv_of(ROW, row(seen_at="2026-01-06T22:00:00Z")))
    (tmp_path / "data/inbox/done").write_text("in the way")
    with pytest.raises(OSError, match="done"):
        take(inbox)
    (tmp_path / "data/inbox/done").unlink()
    assert outcomes(inbox) == {"props.csv": "known"}
    take(whole)
    assert [p.payload_hash for p in payloads(inbox)] == [p.payload_hash for p in payloads(whole)]


def test_figures_are_those_of_the_capture(tmp_path: Path) -> None:
    inbox = project(tmp_path, a__csv=csv_of(ROW, row(price="0")), b__csv=b"junk", c__part=b"")
    figures = inbox.take(TAKEN_AT).figures()
    expected = {
        "outcome": "rejected",
        "captures": 1,
        "captured_before": 0,
        "payloads": 2,
        "seen": 2,
        "accepted": 1,
    }
    expected |= {"quarantined": 1, "files_rejected": 1, "files_left": 1, "requests": 0}
    assert {name: figures[name] for name in expected} == expected
    assert figures["error"].startswith("b.csv: missing in the header")
