"""Whatever is dropped into the inbox is moved and kept, and what its report says is what its payloads hold."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings

from nhl_ops.gateways.file_drop_inbox import DropOutcome
from nhl_ops_tests.fuzz.cases import Sent
from nhl_ops_tests.fuzz.file_drops import DROPS
from nhl_ops_tests.gateways.file_drop_samples import TAKEN_AT, VENDOR, payloads, project

FEWER = settings(max_examples=settings.default.max_examples // 4)
"""A drop writes files, a report and the state."""


@FEWER
@given(dropped=DROPS)
def test_whatever_is_dropped_is_moved_and_kept(dropped: Sent) -> None:
    with TemporaryDirectory() as folder:
        inbox = project(Path(folder), odds__csv=dropped.body)
        (file,) = inbox.take(TAKEN_AT).files
        assert file.place.read_bytes() == dropped.body
        assert file.place.with_name("odds.csv.report.md").stat().st_size > 0
        parsed = [VENDOR.parse(payload) for payload in payloads(inbox)]
    assert (file.outcome is DropOutcome.INGESTED) == bool(parsed)
    assert sum(p.seen for p in parsed) == (file.findings.seen if parsed and file.findings else 0)
