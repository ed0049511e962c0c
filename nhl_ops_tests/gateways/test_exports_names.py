"""The names under which readers find files and tables, and the page that lists them."""

from datetime import date
from pathlib import Path

import pytest

from nhl_ops.contracts.registry import TABLES
from nhl_ops.gateways.exports import names

SLATE = date(2026, 1, 7)
PAGE = (Path(__file__).parents[2] / "docs" / "naming.md").read_text(encoding="utf-8")
FILES = {
    "outputs/monitoring/daily_run_2026-01-07.md": names.daily_run(SLATE),
    "outputs/monitoring/daily_report_2026-01-07.md": names.daily_report(SLATE),
    "outputs/monitoring/daily_report_2026-01-07.html": names.daily_report(SLATE, "html"),
    "outputs/monitoring/rolling_report.md": names.ROLLING_REPORT,
    "outputs/monitoring/rolling_report.html": names.ROLLING_PAGE,
    "outputs/monitoring/ingest_status_2026-01-07.json": names.ingest_status(SLATE),
    "outputs/projections/SingleGamePropProbabilities.csv": names.PROBABILITIES_CSV,
    "outputs/ev_analysis/MultiBookBestBets.xlsx": names.BEST_BETS_WORKBOOK,
    "outputs/audits/ev_prob_audit_2026-01-07.md": names.prob_audit(SLATE, "md"),
    "outputs/audits/ev_prob_audit_2026-01-07.csv": names.prob_audit(SLATE, "csv"),
    "outputs/audits/ev_prob_audit_2026-01-07.jsonl": names.prob_audit(SLATE, "jsonl"),
}


@pytest.mark.parametrize(("known", "given"), FILES.items())
def test_files_have_the_names_that_the_field_knows(known: str, given: str) -> None:
    assert given == known


@pytest.mark.parametrize("known", FILES)
def test_every_file_stands_on_the_page_of_names(known: str) -> None:
    assert f"| `{known.replace(SLATE.isoformat(), '<date>')}` |" in PAGE


@pytest.mark.parametrize("table", TABLES)
def test_every_table_stands_on_the_page_of_names(table: str) -> None:
    assert PAGE.count(f"| `{table}` |") == 1


def test_links_from_a_report_lead_to_the_file() -> None:
    assert names.from_monitoring(names.BEST_BETS_WORKBOOK) == "../ev_analysis/MultiBookBestBets.xlsx"
    assert names.from_monitoring(names.ROLLING_REPORT) == "rolling_report.md"
