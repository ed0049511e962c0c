"""`daily_report_<date>.md`: one slate for a reader. Outcome first, then coverage, bets, results, checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from nhl_ops.contracts import evidence as tables
from nhl_ops.contracts.ev import EV_MULTI_BOOK_BEST_BETS, FACT_PROP_SETTLEMENTS
from nhl_ops.contracts.game_odds import FACT_GAME_ODDS
from nhl_ops.contracts.odds import FACT_PROP_ODDS
from nhl_ops.contracts.reports import REPORT_DAILY
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.domain.cards import Revision, Withdrawal
from nhl_ops.domain.run_summary import CheckResult, StepResult, VendorOutcome
from nhl_ops.domain.slates import SlateOutcome, slate_of
from nhl_ops.gateways.exports import claims, day_state, plots_ev, plots_forecasts, plots_odds, plots_times
from nhl_ops.gateways.exports import daily_rows as rows_of
from nhl_ops.gateways.exports.html import write_html
from nhl_ops.gateways.exports.markdown import render, write_markdown
from nhl_ops.gateways.exports.wording import priced_as_of

TOP_BETS = 10


@dataclass(frozen=True)
class DailyContext:
    """What stands around the figures of a slate. Frames hold that slate only; an empty one is a fact, too.

    `games` dim_games, `quotes` fact_prop_odds, `best_bets` ev_multi_book_best_bets, `settlements`
    fact_prop_settlements, `game_lines` fact_game_odds; `files` are project-relative paths. `steps` of the run that
    writes the report, as far as they have ended, and `slates_of_run`. `version` of the card, 0 when none is published;
    `revisions` of every version after the first, this one included; `replaces` the withdrawn card in whose place it
    came.
    """

    as_of_utc: datetime
    generated_at_utc: datetime
    run_id: str
    model_version: str | None = None
    games: pd.DataFrame = field(default_factory=DIM_GAMES.empty_frame)
    quotes: pd.DataFrame = field(default_factory=FACT_PROP_ODDS.empty_frame)
    best_bets: pd.DataFrame = field(default_factory=EV_MULTI_BOOK_BEST_BETS.empty_frame)
    settlements: pd.DataFrame = field(default_factory=FACT_PROP_SETTLEMENTS.empty_frame)
    game_lines: pd.DataFrame = field(default_factory=FACT_GAME_ODDS.empty_frame)
    vendors: Sequence[VendorOutcome] = ()
    checks: Sequence[CheckResult] = ()
    files: Sequence[str] = ()
    steps: Sequence[StepResult] = ()
    slates_of_run: int = 1
    version: int = 1
    revisions: Sequence[Revision] = ()
    replaces: Withdrawal | None = None


@dataclass(frozen=True)
class DailyEvidence:
    """What the evidence tables hold of the slate; `runs` also rows of other runs. An empty frame is a fact, too.

    `coverage` fact_odds_coverage_daily, `mapping` fact_mapping_quality_daily, `ev` fact_ev_summary_daily, `accuracy`
    fact_forecast_accuracy_daily, `runs` fact_run_registry.
    """

    coverage: pd.DataFrame = field(default_factory=tables.FACT_ODDS_COVERAGE_DAILY.empty_frame)
    mapping: pd.DataFrame = field(default_factory=tables.FACT_MAPPING_QUALITY_DAILY.empty_frame)
    ev: pd.DataFrame = field(default_factory=tables.FACT_EV_SUMMARY_DAILY.empty_frame)
    accuracy: pd.DataFrame = field(default_factory=tables.FACT_FORECAST_ACCURACY_DAILY.empty_frame)
    runs: pd.DataFrame = field(default_factory=tables.FACT_RUN_REGISTRY.empty_frame)


NO_EVIDENCE = DailyEvidence()


def write_daily_report(
    path: Path, slate: date, daily: pd.DataFrame, context: DailyContext, evidence: DailyEvidence = NO_EVIDENCE
) -> Path:
    """Write the report of one slate as Markdown.

    `daily` has the columns of report_daily and one row of the slate. Raises ValueError when it has another
    number of rows of that slate.
    """
    return write_markdown(path, "daily_report", daily_view(slate, daily, context, evidence))


def write_daily_html(
    path: Path, slate: date, daily: pd.DataFrame, context: DailyContext, evidence: DailyEvidence = NO_EVIDENCE
) -> Path:
    """Write the same report as a page with plots. Raises as `write_daily_report`."""
    view = daily_view(slate, daily, context, evidence) | {"is_page": True}
    plots = daily_plots(evidence, view["times"]) if context.version else stopped_plots(view["times"])
    return write_html(path, render("daily_report", view), view["state"], plots)


def stopped_plots(times: plots_times.StepTimes) -> dict[str, list[str]]:
    """Plots of a day without a published card, and so without evidence."""
    return {"Timings": [plots_times.timings(times)]}


def daily_plots(evidence: DailyEvidence, times: plots_times.StepTimes) -> dict[str, list[str]]:
    """Plots by the heading under which they stand."""
    return {
        "Expected value": [plots_ev.distribution(evidence.ev)],
        "What became of the bets": [plots_ev.claimed(evidence.ev)],
        "Quotes": [plots_odds.coverage(evidence.coverage)],
        "Model": [plots_forecasts.reliability(evidence.accuracy)],
        **stopped_plots(times),
    }


def daily_digest(slate: date, daily: pd.DataFrame, today: date) -> str:
    """The day in at most ten lines of Markdown, from its row of report_daily; `today` is the Eastern date on which it
    is told. Raises as `write_daily_report`."""
    figures = figures_of(slate, daily)
    return render("daily_digest", {"figures": figures} | said_first(slate, today, figures, (), ()))


def figures_of(slate: date, daily: pd.DataFrame) -> dict[str, Any]:
    rows = REPORT_DAILY.conform(daily.loc[daily["game_date"] == slate.isoformat()]).to_dict("records")
    if len(rows) != 1:
        raise ValueError(
            f"report_daily has {len(rows)} rows of {slate} instead of one; materialize report_daily"
        )
    return rows[0]


def said_first(
    slate: date,
    today: date,
    figures: Mapping[str, Any],
    vendors: Sequence[VendorOutcome],
    checks: Sequence[CheckResult],
) -> dict[str, Any]:
    """What the day was, the sentence that says it, and what to do."""
    reason = None if pd.isna(figures["outcome_reason"]) else figures["outcome_reason"]
    state = day_state.state_of(figures["outcome"], reason, vendors, checks)
    return {
        "state": state,
        "headline": day_state.headline(state, figures["outcome"], reason, vendors, checks),
        "next_step": day_state.next_step(state, figures["outcome"], slate, today, vendors, checks),
        "failed_checks": sum(not c.passed for c in checks),
        "has_games": figures["outcome"] != SlateOutcome.NO_GAMES and figures["games"] > 0,
    }


def daily_view(
    slate: date, daily: pd.DataFrame, context: DailyContext, evidence: DailyEvidence
) -> dict[str, Any]:
    """All that either form of the report shows. Raises as `write_daily_report`."""
    figures = figures_of(slate, daily)
    bets, said = context.best_bets.sort_values("rank"), claims.by_bucket(evidence.ev)
    return {
        "slate": slate,
        "figures": figures,
        **said_first(slate, slate_of(context.generated_at_utc), figures, context.vendors, context.checks),
        "context": context,
        "known": priced_as_of(rows_of.as_of_mode(context.games), context.as_of_utc),
        "games": rows_of.game_rows(context.games, context.quotes, bets),
        "books": rows_of.book_rows(context.quotes),
        "by_vendor": rows_of.vendor_rows(evidence.coverage),
        "game_lines": rows_of.game_line_rows(context.game_lines),
        "methods": rows_of.method_rows(context.quotes),
        "unresolved": rows_of.unresolved_rows(context.quotes),
        "mapping": rows_of.mapping_rows(evidence.mapping),
        "bets": rows_of.bet_rows(bets.head(TOP_BETS), context.settlements),
        "ev": rows_of.ev_rows(evidence.ev),
        "accuracy": rows_of.accuracy_rows(figures),
        "reliability": plots_forecasts.reliability_bins(evidence.accuracy).to_dict("records"),
        "claims": said,
        "claims_note": claims.band_note(said),
        "reliability_note": plots_forecasts.BAND,
        "is_page": False,
        "changed": rows_of.change_rows(context.revisions),
        "unchanged": [r for r in context.revisions if not r.changes],
        "times": plots_times.step_times(context.steps, context.slates_of_run, evidence.runs),
        "checks": sorted(context.checks, key=lambda c: (c.passed, c.severity, c.name)),
    }
