"""The files of a published slate: rendered into its folder, and linked under the names that readers know."""

from datetime import date
from pathlib import Path

import pandas as pd

from nhl_ops.contracts import ev, projections, reports, results
from nhl_ops.contracts.game_odds import FACT_GAME_ODDS
from nhl_ops.contracts.odds import FACT_PROP_ODDS
from nhl_ops.defs.house import House
from nhl_ops.defs.reporting import earlier
from nhl_ops.defs.run_record import RunRecord, vendor_outcomes
from nhl_ops.defs.scopes import mode_of
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.exports.audit_files import write_prob_audit
from nhl_ops.gateways.exports.csv_export import write_probabilities_csv
from nhl_ops.gateways.exports.daily_report import DailyContext, write_daily_report
from nhl_ops.gateways.exports.rolling_report import write_rolling_report
from nhl_ops.gateways.exports.workbook import WorkbookMeta, write_best_bets_workbook
from nhl_ops.gateways.files import point_link

UNDATED = (names.BEST_BETS_WORKBOOK, names.PROBABILITIES_CSV, names.ROLLING_REPORT)


def dated(slate: date) -> tuple[str, ...]:
    """Published files of one slate, by the name that readers know."""
    return (
        names.daily_report(slate),
        *(names.prob_audit(slate, suffix) for suffix in ("md", "csv", "jsonl")),
    )


def render_slate(run: SlateRun, slate: date, folder: Path, record: RunRecord, *, with_undated: bool) -> None:
    """Write the slate's files; the undated ones only for the newest slate, which alone they show.

    `record` tells what the vendors and the checks of this run said.
    """
    key = slate.isoformat()
    bets = run.read(ev.EV_MULTI_BOOK_BEST_BETS, [key])
    daily = run.read(reports.REPORT_DAILY, [key])
    write_prob_audit(folder, slate, run.read(ev.EV_PROB_AUDIT, [key]), bets)
    context = daily_context(run, slate, bets, record)
    write_daily_report(folder / Path(names.daily_report(slate)).name, slate, daily, context)
    if with_undated:
        render_undated(run, slate, folder, daily, context)


def daily_context(run: SlateRun, slate: date, bets: pd.DataFrame, record: RunRecord) -> DailyContext:
    key = slate.isoformat()
    games = run.read(results.DIM_GAMES, [key])
    return DailyContext(
        as_of_utc=as_of(run, games),
        generated_at_utc=run.audit.created_at_utc,
        run_id=run.run.run_id,
        model_version=run.house.settings.model.version,
        vendors=vendor_outcomes(record, [key]),
        checks=[check for check in record.checks if check.slate == slate],
        games=games,
        quotes=run.read(FACT_PROP_ODDS, [key]),
        game_lines=run.read(FACT_GAME_ODDS, [key]),
        best_bets=bets,
        settlements=run.read(ev.FACT_PROP_SETTLEMENTS, [key]),
        files=(*dated(slate), *UNDATED),
    )


def as_of(run: SlateRun, games: pd.DataFrame) -> pd.Timestamp:
    """The latest as-of of the slate's games; the run's now for a slate without games."""
    return games["as_of_ts_utc"].max() if len(games) else pd.Timestamp(run.now)


def render_undated(
    run: SlateRun, slate: date, folder: Path, daily: pd.DataFrame, context: DailyContext
) -> None:
    key = slate.isoformat()
    figures = daily.iloc[0]
    meta = WorkbookMeta(
        as_of_utc=context.as_of_utc,
        as_of_mode=mode_of(run.run, slate, run.now),
        games=int(context.games["is_playable"].sum()),
        generated_at_utc=context.generated_at_utc,
        run_id=context.run_id,
        model_version=context.model_version,
        outcome=SlateOutcome(figures["outcome"]),
        outcome_reason=figures["outcome_reason"],
    )
    prices = run.read(ev.EV_FAIR_PRICES, [key])
    write_best_bets_workbook(
        folder / Path(names.BEST_BETS_WORKBOOK).name, slate, context.best_bets, prices, meta
    )
    probabilities = run.read(projections.SINGLE_GAME_PROP_PROBABILITIES, [key])
    write_probabilities_csv(folder / Path(names.PROBABILITIES_CSV).name, probabilities)
    rolling = run.read(reports.REPORT_ROLLING, [key])
    write_rolling_report(
        folder / Path(names.ROLLING_REPORT).name, rolling, earlier(run, [slate]), context.generated_at_utc
    )


def link_published_names(house: House, key: str, tonight: date) -> None:
    """Point the names that readers know to the slate's folder; undated ones to the newest slate up to tonight."""
    current = house.warehouse.published.current(key) / "files"
    known = dated(date.fromisoformat(key))
    if key == house.warehouse.published.newest(tonight.isoformat()):
        known += UNDATED
    for name in known:
        if (current / Path(name).name).exists():
            point_link(house.root / name, current / Path(name).name)


def files_of(house: House, key: str) -> list[str]:
    """Files that exist for a slate, as project-relative names."""
    slate = date.fromisoformat(key)
    known = (*dated(slate), names.ingest_status(slate), names.daily_run(slate), *UNDATED)
    return [name for name in known if (house.root / name).exists()]
