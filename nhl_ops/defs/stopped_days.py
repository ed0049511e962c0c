"""The report of a slate that a run stopped and that nobody has published: it says first that the day is broken."""

from datetime import date

import dagster as dg
import pandas as pd

from nhl_ops.contracts.odds import FACT_PROP_ODDS
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.defs.house import House
from nhl_ops.defs.run_record import RunRecord, vendor_outcomes
from nhl_ops.defs.run_summaries import STOPPED, computed
from nhl_ops.defs.scopes import scope_of
from nhl_ops.domain.run_summary import RunSummary, SlateFigures
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.exports.daily_report import DailyContext, write_daily_html, write_daily_report
from nhl_ops.transforms.slate_reports import report_stopped


def write_stopped_days(house: House, run: dg.DagsterRun, record: RunRecord, summary: RunSummary) -> None:
    """Both forms of the report for each such slate. A published slate keeps the report of what readers see."""
    for figures in summary.figures:
        key = figures.slate.isoformat()
        if figures.outcome in STOPPED and house.warehouse.published.publication(key) is None:
            _write(house, run, record, summary, figures)


def _write(
    house: House, run: dg.DagsterRun, record: RunRecord, summary: RunSummary, figures: SlateFigures
) -> None:
    slate, key = figures.slate, figures.slate.isoformat()
    games = computed(house, DIM_GAMES, key, scope_of(run), else_published=False)
    facts = house.warehouse.observations(FACT_PROP_ODDS, [key])
    row = report_stopped(
        key,
        figures.outcome,
        reason_of(summary, slate, figures.outcome),
        games=figures.games,
        quotes=figures.quotes,
        quotes_mapped=round((figures.mapped_share or 0.0) * figures.quotes),
        books=facts["book_name"].nunique() if figures.quotes else 0,
    )
    context = DailyContext(
        as_of_utc=games["as_of_ts_utc"].max() if len(games) else pd.Timestamp(summary.ended_at_utc),
        generated_at_utc=summary.ended_at_utc,
        run_id=run.run_id,
        model_version=summary.model_version,
        games=games,
        quotes=facts,
        vendors=vendor_outcomes(record, [key]),
        checks=[check for check in record.checks if check.slate == slate],
        files=[names.daily_run(slate)],
        steps=list(record.steps.values()),
        slates_of_run=len(summary.slates),
        version=0,
    )
    for suffix, write in (("md", write_daily_report), ("html", write_daily_html)):
        write(house.root / names.daily_report(slate, suffix), slate, row, context)


def reason_of(summary: RunSummary, slate: date, outcome: SlateOutcome) -> str | None:
    """What holds the slate, or what the run failed of."""
    if outcome is SlateOutcome.HELD:
        return next((held.reason for held in summary.held if held.slate == slate), None)
    return "; ".join(failure.message for failure in summary.failures) or None
