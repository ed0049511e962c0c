"""The files of a published slate: rendered into its folder before it is shown."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter

from nhl_ops.contracts import ev, evidence, projections, reports, results
from nhl_ops.contracts.game_odds import FACT_GAME_ODDS
from nhl_ops.contracts.odds import FACT_PROP_ODDS
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.house import House
from nhl_ops.defs.reporting import earlier
from nhl_ops.defs.run_record import RunRecord, vendor_outcomes
from nhl_ops.defs.scopes import mode_of
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.domain.slates import AsOfMode, SlateOutcome
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.exports.audit_files import write_prob_audit
from nhl_ops.gateways.exports.csv_export import write_probabilities_csv
from nhl_ops.gateways.exports.daily_report import (
    DailyContext,
    DailyEvidence,
    write_daily_html,
    write_daily_report,
)
from nhl_ops.gateways.exports.rolling_report import (
    RollingEvidence,
    write_rolling_html,
    write_rolling_report,
)
from nhl_ops.gateways.exports.withdrawn import mark_texts
from nhl_ops.gateways.exports.workbook import WorkbookMeta, write_best_bets_workbook
from nhl_ops.gateways.publication import Draft
from nhl_ops.gateways.publication_manifest import Publication
from nhl_ops.transforms.movements import movements
from nhl_ops.transforms.rolling_windows import named_windows

Read = Callable[[TableSpec], pd.DataFrame]
CARD = TypeAdapter(WorkbookMeta)


def render_slate(run: SlateRun, draft: Draft, record: RunRecord, *, with_undated: bool) -> None:
    """Write the slate's files; the undated ones only for the newest slate, which alone they show.

    `record` tells what the vendors, the checks and the steps of this run said. A withdrawn draft is marked.
    """
    publication = draft.publication
    key, slate = publication.game_date, date.fromisoformat(publication.game_date)

    def read(spec: TableSpec) -> pd.DataFrame:
        return run.read(spec, [key])

    bets = read(ev.EV_MULTI_BOOK_BEST_BETS)
    write_prob_audit(draft.files, slate, read(ev.EV_PROB_AUDIT), bets)
    write_daily(draft, slate, read, daily_context(run, publication, bets, record), runs_of(run, slate))
    if with_undated:
        write_undated(draft, read, lambda spec: earlier(run, spec, [slate]))
    if publication.withdrawn is not None:
        mark_texts(draft.files, key, publication.withdrawn)


def runs_of(run: SlateRun, slate: date) -> pd.DataFrame:
    """Rows of the run registry that tell of runs with the slate, of its own date and of the registry's newest: runs are
    dated by the machine's clock, also where a league keeps its own."""
    newest = run.house.warehouse.newest(evidence.FACT_RUN_REGISTRY)
    days = {slate.isoformat(), newest or slate.isoformat()}
    rows = run.read(evidence.FACT_RUN_REGISTRY, sorted(days)).dropna(subset=["first_slate", "last_slate"])
    key = slate.isoformat()
    return rows.loc[(rows["first_slate"] <= key) & (rows["last_slate"] >= key)]


def write_daily(draft: Draft, slate: date, read: Read, context: DailyContext, runs: pd.DataFrame) -> None:
    """The slate's report in both forms."""
    found = DailyEvidence(
        coverage=read(evidence.FACT_ODDS_COVERAGE_DAILY),
        mapping=read(evidence.FACT_MAPPING_QUALITY_DAILY),
        ev=read(evidence.FACT_EV_SUMMARY_DAILY),
        accuracy=read(evidence.FACT_FORECAST_ACCURACY_DAILY),
        runs=runs,
    )
    daily = read(reports.REPORT_DAILY)
    for suffix, write in (("md", write_daily_report), ("html", write_daily_html)):
        write(draft.files / Path(names.daily_report(slate, suffix)).name, slate, daily, context, found)


def daily_context(
    run: SlateRun, publication: Publication, bets: pd.DataFrame, record: RunRecord
) -> DailyContext:
    key, slate = publication.game_date, date.fromisoformat(publication.game_date)
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
        files=(*names.dated(slate), *names.UNDATED),
        steps=list(record.steps.values()),
        slates_of_run=len(run.requested),
        version=publication.version,
        revisions=publication.revisions,
        replaces=publication.replaces,
    )


def as_of(run: SlateRun, games: pd.DataFrame) -> pd.Timestamp:
    """The latest as-of of the slate's games; the run's now for a slate without games."""
    return games["as_of_ts_utc"].max() if len(games) else pd.Timestamp(run.now)


def card_of(run: SlateRun, key: str) -> dict[str, object]:
    """What the title of the slate's workbook says, as the manifest keeps it: enough to render it again."""
    games, figures = run.read(results.DIM_GAMES, [key]), run.read(reports.REPORT_DAILY, [key]).iloc[0]
    reason = figures["outcome_reason"]
    meta = WorkbookMeta(
        as_of_utc=as_of(run, games),
        as_of_mode=mode_of(run.run, date.fromisoformat(key), run.now),
        games=int(games["is_playable"].sum()),
        generated_at_utc=run.audit.created_at_utc,
        run_id=run.run.run_id,
        model_version=run.house.settings.model.version,
        outcome=SlateOutcome(figures["outcome"]),
        outcome_reason=None if pd.isna(reason) else reason,
    )
    return CARD.dump_python(meta, mode="json", exclude={"version", "withdrawn"})


def card_told(publication: Publication, read: Read) -> Mapping[str, object]:
    """What the manifest says of the card; of a manifest from before it did, what the slate's tables tell."""
    if publication.card:
        return publication.card
    games, figures = read(results.DIM_GAMES), read(reports.REPORT_DAILY).iloc[0]
    is_pretip = len(games) > 0 and (games["as_of_ts_utc"] == games["start_time_utc"]).all()
    return {
        "as_of_utc": games["as_of_ts_utc"].max() if len(games) else publication.published_at_utc,
        "as_of_mode": AsOfMode.PRETIP if is_pretip else AsOfMode.LIVE,
        "games": int(games["is_playable"].sum()),
        "generated_at_utc": publication.published_at_utc,
        "run_id": publication.run_id,
        "outcome": figures["outcome"],
        "outcome_reason": None if pd.isna(figures["outcome_reason"]) else figures["outcome_reason"],
    }


def write_workbook(draft: Draft, read: Read) -> None:
    """`MultiBookBestBets.xlsx` of a publication, from its tables and its card."""
    publication = draft.publication
    state = {"version": publication.version, "withdrawn": publication.withdrawn}
    meta = CARD.validate_python({**card_told(publication, read), **state})
    bets, prices = read(ev.EV_MULTI_BOOK_BEST_BETS), read(ev.EV_FAIR_PRICES)
    path = draft.files / Path(names.BEST_BETS_WORKBOOK).name
    write_best_bets_workbook(path, date.fromisoformat(publication.game_date), bets, prices, meta)


def write_undated(draft: Draft, read: Read, read_window: Read) -> None:
    """The files that readers know by a name without a date.

    read_window: rows of the days that the slate's windows look at, as far as they exist.
    """
    write_workbook(draft, read)
    probabilities = read(projections.SINGLE_GAME_PROP_PROBABILITIES)
    write_probabilities_csv(draft.files / Path(names.PROBABILITIES_CSV).name, probabilities)
    rolling, daily = named_windows(read(reports.REPORT_ROLLING)), read_window(reports.REPORT_DAILY)
    found = rolling_evidence(draft.publication.game_date, rolling, read_window)
    written_at = CARD.validate_python(card_told(draft.publication, read)).generated_at_utc
    for name, write in (
        (names.ROLLING_REPORT, write_rolling_report),
        (names.ROLLING_PAGE, write_rolling_html),
    ):
        write(draft.files / Path(name).name, rolling, daily, found, written_at)


def rolling_evidence(key: str, rolling: pd.DataFrame, read_window: Read) -> RollingEvidence:
    """Evidence of the longest window of days, and what moved in the shortest against the one before."""
    windows = rolling.loc[rolling["window"] != reports.SEASON, "window_days"]
    first = (date.fromisoformat(key) - timedelta(days=int(windows.max()) - 1)).isoformat()
    coverage, summary, accuracy = (
        read_window(spec)
        for spec in (
            evidence.FACT_ODDS_COVERAGE_DAILY,
            evidence.FACT_EV_SUMMARY_DAILY,
            evidence.FACT_FORECAST_ACCURACY_DAILY,
        )
    )
    return RollingEvidence(
        coverage=coverage.loc[coverage["game_date"] >= first],
        ev=summary.loc[summary["game_date"] >= first],
        accuracy=accuracy.loc[accuracy["game_date"] >= first],
        moves=movements(key, int(windows.min()), coverage, summary, accuracy),
    )


def files_of(house: House, key: str) -> list[str]:
    """Files that exist for a slate, as project-relative names; those without a date only where they show it."""
    slate = date.fromisoformat(key)
    undated = names.UNDATED if house.warehouse.published.shown_undated() == key else ()
    known = (*names.dated(slate), names.ingest_status(slate), names.daily_run(slate), *undated)
    return [name for name in known if (house.root / name).exists()]
