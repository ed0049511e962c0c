"""Assets behind the reports."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from nhl_ops.contracts import ev, reports
from nhl_ops.contracts.evidence import FACT_EV_SUMMARY_DAILY
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS, RAW_ODDS_SIGHTINGS
from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.defs.measures import packed_by_slate
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import Made, table_asset
from nhl_ops.domain.vendors import NOT_ON_OFFER
from nhl_ops.transforms.claims_evidence import ev_summary
from nhl_ops.transforms.ingest import with_refusals
from nhl_ops.transforms.slate_reports import SlateTables, report_daily, report_rolling


def earlier(run: SlateRun, slates: Sequence[date]) -> pd.DataFrame:
    """report_daily of the longest window before and with each of these slates, as far as it exists."""
    longest = max(run.house.settings.policy.reports.rolling_windows)
    days = {slate - timedelta(days=n) for slate in slates for n in range(longest)}
    return run.read_earlier(reports.REPORT_DAILY, sorted(day.isoformat() for day in days))


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
    rows = packed_by_slate(FACT_EV_SUMMARY_DAILY, summary, run.keys)
    figures = {str(row.pop("game_date")): row for row in frame.to_dict("records")}
    return Made(frame, {key: figures[key] | rows[key] for key in run.keys})


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
    daily = earlier(run, [date.fromisoformat(key) for key in run.keys])
    return Made(report_rolling(run.keys, daily, windows))


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
