"""The files of a published slate: rendered into its folder before it is shown."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter

from nhl_ops.contracts import ev, projections, reports, results
from nhl_ops.contracts.game_odds import FACT_GAME_ODDS
from nhl_ops.contracts.odds import FACT_PROP_ODDS
from nhl_ops.contracts.spec import TableSpec
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
from nhl_ops.gateways.exports.withdrawn import mark_texts
from nhl_ops.gateways.exports.workbook import WorkbookMeta, write_best_bets_workbook
from nhl_ops.gateways.publication import Draft
from nhl_ops.gateways.publication_manifest import Publication

Read = Callable[[TableSpec], pd.DataFrame]
CARD = TypeAdapter(WorkbookMeta)


def render_slate(run: SlateRun, draft: Draft, record: RunRecord, *, with_undated: bool) -> None:
    """Write the slate's files; the undated ones only for the newest slate, which alone they show.

    `record` tells what the vendors and the checks of this run said. A withdrawn draft is marked.
    """
    publication = draft.publication
    key, slate = publication.game_date, date.fromisoformat(publication.game_date)

    def read(spec: TableSpec) -> pd.DataFrame:
        return run.read(spec, [key])

    bets = read(ev.EV_MULTI_BOOK_BEST_BETS)
    write_prob_audit(draft.files, slate, read(ev.EV_PROB_AUDIT), bets)
    context = daily_context(run, publication, bets, record)
    write_daily_report(
        draft.files / Path(names.daily_report(slate)).name, slate, read(reports.REPORT_DAILY), context
    )
    if with_undated:
        write_undated(draft, read, earlier(run, [slate]))
    if publication.withdrawn is not None:
        mark_texts(draft.files, key, publication.withdrawn)


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


def write_workbook(draft: Draft, read: Read) -> None:
    """`MultiBookBestBets.xlsx` of a publication, from its tables and its card."""
    publication = draft.publication
    state = {"version": publication.version, "withdrawn": publication.withdrawn}
    meta = CARD.validate_python({**publication.card, **state})
    bets, prices = read(ev.EV_MULTI_BOOK_BEST_BETS), read(ev.EV_FAIR_PRICES)
    path = draft.files / Path(names.BEST_BETS_WORKBOOK).name
    write_best_bets_workbook(path, date.fromisoformat(publication.game_date), bets, prices, meta)


def write_undated(draft: Draft, read: Read, daily: pd.DataFrame) -> None:
    """The files that readers know by a name without a date. `daily`: report_daily of the longest window."""
    write_workbook(draft, read)
    probabilities = read(projections.SINGLE_GAME_PROP_PROBABILITIES)
    write_probabilities_csv(draft.files / Path(names.PROBABILITIES_CSV).name, probabilities)
    rolling = read(reports.REPORT_ROLLING)
    written_at = CARD.validate_python(draft.publication.card).generated_at_utc
    write_rolling_report(draft.files / Path(names.ROLLING_REPORT).name, rolling, daily, written_at)


def files_of(house: House, key: str) -> list[str]:
    """Files that exist for a slate, as project-relative names."""
    slate = date.fromisoformat(key)
    known = (*names.dated(slate), names.ingest_status(slate), names.daily_run(slate), *names.UNDATED)
    return [name for name in known if (house.root / name).exists()]
