"""Does each table say what the tables that it was made from say?"""

import pandas as pd

from nhl_ops.contracts import ev, evidence, projections, results
from nhl_ops.contracts.odds import FACT_PROP_ODDS, MAPPING_REVIEW
from nhl_ops.contracts.reports import REPORT_DAILY, REPORT_ROLLING
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.quality_check import Reasons, told
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.transforms import agreement
from nhl_ops.transforms.sightings import newest_mapping

OF_PLAYERS = (
    projections.FEATURE_SKATER_FORM,
    projections.FEATURE_GOALIE_FORM,
    projections.PROJECTION_SKATER_MARKETS,
    projections.PROJECTION_GOALIE_MARKETS,
    projections.SINGLE_GAME_PROP_PROBABILITIES,
)
NAMES = ["game_date", "quote_id", "source_vendor", "player_name_raw", "game_id_nhl", "player_id_nhl"]
COUNTED_BY = {
    "prices": ev.EV_FAIR_PRICES,
    "best_bets": ev.EV_MULTI_BOOK_BEST_BETS,
}
"""Figures of the daily report and the tables whose rows they count."""


def in_words(*found: tuple[str, pd.DataFrame]) -> Reasons:
    """Reasons by slate; found: rows of `transforms.agreement`, each with the table that they are of."""
    said = [rows.assign(words=f"{table}: " + rows["words"].astype(str)) for table, rows in found]
    return told(pd.concat(said, ignore_index=True), lambda row: row.words)


def nobody_is_missing(run: SlateRun) -> Reasons:
    players, games = run.read(results.DIM_PLAYERS), run.read(results.DIM_GAMES)
    factors = projections.FEATURE_TEAM_FACTORS

    def missing(spec: TableSpec) -> pd.DataFrame:
        return agreement.unserved_players(players, run.read(spec), spec)

    return in_words(
        *((spec.name, missing(spec)) for spec in OF_PLAYERS),
        (factors.name, agreement.unserved_teams(games, run.read(factors))),
    )


def bets_are_prices(run: SlateRun) -> Reasons:
    bets = run.read(ev.EV_MULTI_BOOK_BEST_BETS)
    audit = run.read(ev.EV_PROB_AUDIT)
    return in_words(
        (ev.EV_MULTI_BOOK_BEST_BETS.name, agreement.baseless_bets(bets, run.read(ev.EV_FAIR_PRICES))),
        (ev.EV_PROB_AUDIT.name, agreement.unaudited_bets(audit, bets)),
    )


def prices_are_settled(run: SlateRun) -> Reasons:
    settlements, bets = run.read(ev.FACT_PROP_SETTLEMENTS), run.read(ev.EV_MULTI_BOOK_BEST_BETS)
    found = agreement.unsettled_prices(settlements, run.read(ev.EV_FAIR_PRICES), bets)
    return in_words((ev.FACT_PROP_SETTLEMENTS.name, found))


def reports_count(run: SlateRun) -> Reasons:
    games = run.read(results.DIM_GAMES)
    tables = {"games": games[games["is_playable"]]} | {n: run.read(spec) for n, spec in COUNTED_BY.items()}
    windows = run.house.settings.policy.reports.rolling_windows
    return in_words(
        (REPORT_DAILY.name, agreement.miscounts(run.read(REPORT_DAILY), tables)),
        (REPORT_ROLLING.name, agreement.unreported_windows(run.read(REPORT_ROLLING), run.keys, windows)),
    )


def evidence_adds_up(run: SlateRun) -> Reasons:
    rules = {
        evidence.FACT_ODDS_COVERAGE_DAILY: agreement.uneven_coverage,
        evidence.FACT_MAPPING_QUALITY_DAILY: agreement.uneven_mapping,
        evidence.FACT_EV_SUMMARY_DAILY: agreement.uneven_claims,
        evidence.FACT_FORECAST_ACCURACY_DAILY: agreement.uneven_accuracy,
    }
    return in_words(*((spec.name, rule(run.read_earlier(spec, run.keys))) for spec, rule in rules.items()))


def finals_have_statistics(run: SlateRun) -> Reasons:
    tables = (results.FACT_GAME_RESULTS, results.FACT_SKATER_GAMES, results.FACT_GOALIE_GAMES)
    least = run.house.settings.policy.games.min_skaters_dressed
    return in_words(
        (results.FACT_SKATER_GAMES.name, agreement.thin_box_scores(*map(run.read, tables), least=least))
    )


def names_are_reviewed(run: SlateRun) -> Reasons:
    columns = [*NAMES, "created_at_utc"]
    facts = newest_mapping(run.house.warehouse.observations(FACT_PROP_ODDS, run.keys, columns=columns))
    return in_words((MAPPING_REVIEW.name, agreement.unreviewed_names(facts, run.read(MAPPING_REVIEW))))
