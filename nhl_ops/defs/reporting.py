"""Assets behind the reports."""

from collections.abc import Sequence
from datetime import date, timedelta

import dagster as dg
import pandas as pd

from nhl_ops.contracts import ev, reports
from nhl_ops.contracts.evidence import FACT_EV_SUMMARY_DAILY
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS, RAW_ODDS_SIGHTINGS
from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.measures import packed_by_slate
from nhl_ops.defs.slate_run import Figures, SlateRun
from nhl_ops.defs.tables import Made, table_asset
from nhl_ops.domain.slates import slate_of, slates_between
from nhl_ops.domain.vendors import NOT_ON_OFFER
from nhl_ops.gateways.exports.daily_report import daily_digest
from nhl_ops.gateways.exports.rolling_report import rolling_digest
from nhl_ops.transforms.claims_evidence import ev_summary
from nhl_ops.transforms.ingest import with_refusals
from nhl_ops.transforms.rolling_windows import first_day_needed, report_rolling
from nhl_ops.transforms.slate_reports import SlateTables, report_daily
from nhl_ops.transforms.withdrawals import with_withdrawn, without_claims


def window_keys(
    windows: tuple[int, ...], slates: Sequence[date], spec: TableSpec = reports.REPORT_DAILY
) -> list[str]:
    """Every day whose rows of a table the windows of these slates look at, in order.

    The season is counted from report_daily alone; evidence is shown of days: those of the longest window, and those
    of the shortest and of the one before it.
    """
    is_season = spec.name == reports.REPORT_DAILY.name
    back = timedelta(days=max(*windows, 2 * min(windows)) - 1)
    first = [first_day_needed(slate, windows) if is_season else slate - back for slate in slates]
    days = {day for start, end in zip(first, slates, strict=True) for day in slates_between(start, end)}
    return sorted(day.isoformat() for day in days)


def earlier(run: SlateRun, spec: TableSpec, slates: Sequence[date]) -> pd.DataFrame:
    """Rows of the days that the windows of these slates look at, as far as they exist, without withdrawn claims."""
    keys = window_keys(run.house.settings.policy.reports.rolling_windows, slates, spec)
    return without_claims(spec, run.read_earlier(spec, keys), withdrawn_slates(run, keys))


def withdrawn_slates(run: SlateRun, keys: Sequence[str]) -> set[str]:
    """Slates whose card is withdrawn and not made anew by this scope."""
    own = run.house.state.slices(run.scope_id, keys)
    made_anew = {key for name, key in own if name == ev.EV_MULTI_BOOK_BEST_BETS.name}
    return run.house.warehouse.published.withdrawn(keys) - made_anew


def make_report_daily(run: SlateRun) -> Made:
    columns = [*FACT_PROP_ODDS.column_names, "created_at_utc"]
    tables = SlateTables(
        games=run.read(DIM_GAMES),
        facts=run.house.warehouse.observations(FACT_PROP_ODDS, run.keys, columns=columns),
        sightings=read_sightings(run),
        probabilities=run.read(SINGLE_GAME_PROP_PROBABILITIES),
        prices=run.read(ev.EV_FAIR_PRICES),
        bets=run.read(ev.EV_MULTI_BOOK_BEST_BETS),
        settlements=run.read(ev.FACT_PROP_SETTLEMENTS),
    )
    frame = report_daily(run.keys, tables)
    summary = ev_summary(run.keys, tables.prices, tables.bets, tables.settlements)
    packed = packed_by_slate(FACT_EV_SUMMARY_DAILY, summary, run.keys)
    rows: Figures = {str(row.pop("game_date")): row for row in frame.to_dict("records")}
    told = {
        key: dg.MetadataValue.md(daily_digest(date.fromisoformat(key), frame, slate_of(run.now)))
        for key in run.keys
    }
    return Made(frame, {key: {**rows[key], **packed[key], "summary": told[key]} for key in run.keys})


def read_sightings(run: SlateRun) -> pd.DataFrame:
    """Sightings of the slates' dates; a board of which every row broke the format counts as refused."""
    accounting = run.read(FACT_ODDS_ACCOUNTING)
    letters = run.house.state.quarantined(accounting["payload_hash"].unique().tolist())
    broken = {
        digest: f"every row broke the format: {rule}"
        for digest, rule, _ in letters
        if rule not in NOT_ON_OFFER
    }
    return with_refusals(run.read(RAW_ODDS_SIGHTINGS), accounting, broken)


def make_report_rolling(run: SlateRun) -> Made:
    windows = run.house.settings.policy.reports.rolling_windows
    slates = [date.fromisoformat(key) for key in run.keys]
    rolling = report_rolling(run.keys, earlier(run, reports.REPORT_DAILY, slates), windows)
    frame = with_withdrawn(rolling, withdrawn_slates(run, window_keys(windows, slates)))
    told = {
        key: {"summary": dg.MetadataValue.md(rolling_digest(date.fromisoformat(key), frame))}
        for key in run.keys
    }
    return Made(frame, told)


REPORTS = [
    table_asset(
        reports.REPORT_DAILY,
        make_report_daily,
        [
            DIM_GAMES.name,
            FACT_PROP_ODDS.name,
            FACT_ODDS_ACCOUNTING.name,
            RAW_ODDS_SIGHTINGS.name,
            SINGLE_GAME_PROP_PROBABILITIES.name,
            ev.EV_FAIR_PRICES.name,
            ev.EV_MULTI_BOOK_BEST_BETS.name,
            ev.FACT_PROP_SETTLEMENTS.name,
        ],
    ),
    table_asset(
        reports.REPORT_ROLLING,
        make_report_rolling,
        [reports.REPORT_DAILY.name],
    ),
]
