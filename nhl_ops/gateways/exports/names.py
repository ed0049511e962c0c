"""Where readers find each file: project-relative paths under the names that the field documents fix."""

import os.path
from datetime import date

MONITORING = "outputs/monitoring"
PROBABILITIES_CSV = "outputs/projections/SingleGamePropProbabilities.csv"
BEST_BETS_WORKBOOK = "outputs/ev_analysis/MultiBookBestBets.xlsx"
AUDITS = "outputs/audits"
ROLLING_REPORT = f"{MONITORING}/rolling_report.md"


def daily_run(slate: date) -> str:
    return f"{MONITORING}/daily_run_{slate.isoformat()}.md"


def daily_report(slate: date) -> str:
    return f"{MONITORING}/daily_report_{slate.isoformat()}.md"


def ingest_status(slate: date) -> str:
    return f"{MONITORING}/ingest_status_{slate.isoformat()}.json"


def prob_audit(slate: date, suffix: str) -> str:
    """`suffix` is md, csv or jsonl."""
    return f"{AUDITS}/ev_prob_audit_{slate.isoformat()}.{suffix}"


def from_monitoring(file: str) -> str:
    """The relative link to a project file from a report in outputs/monitoring."""
    return os.path.relpath(file, MONITORING).replace(os.sep, "/")
