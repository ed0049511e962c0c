"""What `nhl-ops league drill` takes, shows and writes."""

from io import StringIO
from pathlib import Path

import orjson
import pytest
from rich.console import Console

from nhl_ops.cli.fault_drill import (
    as_json,
    as_markdown,
    cases_table,
    chosen_kinds,
    chosen_subjects,
    drill_vendors,
)
from nhl_ops.defs.fault_drill_league import KINDS
from nhl_ops.domain.failures import ConfigError
from nhl_ops.domain.fault_drill import FaultCase
from nhl_ops.domain.run_summary import RunStatus
from nhl_ops.domain.slates import SlateOutcome

CASE = FaultCase(
    subject="UNABATED",
    kind="price_0",
    hits=0,
    outcome=SlateOutcome.OK,
    error_class=None,
    error=None,
    attempts=1,
    waits=(0.0, 1.25),
    status=RunStatus.DEGRADED,
    seen=5,
    accepted=3,
    quarantined_by_rule={"american_price_below_100": 2},
    others={"PLAYNOW": 7, "ODDSSHARK": 4},
    peak_bytes=1_500_000,
)


def test_a_vendor_means_all_its_forms_and_a_form_itself() -> None:
    assert [s.name for s in chosen_subjects(["unabated"])] == ["UNABATED", "UNABATED api", "UNABATED partner"]
    assert [s.name for s in chosen_subjects(["Unabated api"])] == ["UNABATED api"]
    assert len(chosen_subjects([])) == 8
    assert chosen_kinds([]) == list(KINDS)


def test_an_unknown_vendor_or_kind_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(
        ConfigError, match=r"no vendor is called BETFAIR. Next: choose from: NHL, NHL results, UNABATED"
    ):
        chosen_subjects(["UNABATED", "betfair"])
    with pytest.raises(
        ConfigError, match=r"no kind of fault is called status_999. Next: choose from: none, host_"
    ):
        chosen_kinds(["status_999"])


def test_a_file_of_another_kind_is_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"end its name in .md or .json"):
        drill_vendors(Console(), [], [], tmp_path / "table.xlsx")


def test_the_table_tells_a_case_in_a_row() -> None:
    console = Console(width=260, record=True, file=StringIO())
    console.print(cases_table([CASE]))
    text = console.export_text()
    for told in (
        "price_0 (nothing to change)",
        "0.0, 1.2",
        "american_price_below_100 2",
        "11",
        "degraded",
        "1.5",
    ):
        assert told in text


def test_the_files_hold_the_same_rows() -> None:
    cells = [cell.strip() for cell in as_markdown([CASE]).decode().splitlines()[-1].split("|")]
    assert cells[1:4] == ["UNABATED", "price_0 (nothing to change)", "ok"]
    (row,) = orjson.loads(as_json([CASE]))
    assert (row["kind"], row["is_balanced"], row["exit_code"]) == ("price_0", True, 3)
