"""Where readers find each file: project-relative paths under the names that the field documents fix."""

import os.path
from datetime import date

MONITORING = "outputs/monitoring"
PROBABILITIES_CSV = "outputs/projections/SingleGamePropProbabilities.csv"
BEST_BETS_WORKBOOK = "outputs/ev_analysis/MultiBookBestBets.xlsx"
AUDITS = "outputs/audits"
ROLLING_REPORT = f"{MONITORING}/rolling_report.md"
ROLLING_PAGE = f"{MONITORING}/rolling_report.html"


def daily_run(slate: date) -> str:
    return f"{MONITORING}/daily_run_{slate.isoformat()}.md"


def daily_report(slate: date, suffix: str = "md") -> str:
    """`suffix` is md or html."""
    return f"{MONITORING}/daily_report_{slate.isoformat()}.{suffix}"


def ingest_status(slate: date) -> str:
    return f"{MONITORING}/ingest_status_{slate.isoformat()}.json"


def prob_audit(slate: date, suffix: str) -> str:
    """`suffix` is md, csv or jsonl."""
    return f"{AUDITS}/ev_prob_audit_{slate.isoformat()}.{suffix}"


UNDATED = (BEST_BETS_WORKBOOK, PROBABILITIES_CSV, ROLLING_REPORT, ROLLING_PAGE)
"""Names without a date: they show the newest published slate."""
UNDATED_FILES = frozenset(name.rsplit("/", 1)[1] for name in UNDATED)


def dated(slate: date) -> tuple[str, ...]:
    """Published files of one slate."""
    reports = (daily_report(slate, suffix) for suffix in ("md", "html"))
    return (*reports, *(prob_audit(slate, suffix) for suffix in ("md", "csv", "jsonl")))


def from_monitoring(file: str) -> str:
    """The relative link to a project file from a report in outputs/monitoring."""
    return os.path.relpath(file, MONITORING).replace(os.sep, "/")
