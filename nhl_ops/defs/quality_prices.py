"""Are the prices all there, accounted for, and from before the game?"""

import pandas as pd

from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.odds import CHUNK
from nhl_ops.defs.quality_check import Reasons, reasons, told
from nhl_ops.defs.reporting import read_sightings, unasked_vendors
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.transforms.absences import UNEXPLAINED, games_without_prices
from nhl_ops.transforms.agreement import lost_quotes

MAPPING = [
    "game_date",
    "quote_id",
    "game_id_nhl",
    "player_id_nhl",
    "captured_at_utc",
    "created_at_utc",
    "home_team_raw",
    "away_team_raw",
]
"""Of the facts, what tells which game each quote was mapped to last, and of which teams it is."""


def accounting_balances(
    run: SlateRun,
    spec: TableSpec = FACT_ODDS_ACCOUNTING,
    facts: TableSpec = FACT_PROP_ODDS,
    key: str = "quote_id",
) -> Reasons:
    """Of player props, or of game lines; key: what tells the facts apart."""
    accounting, columns = run.read(spec), ["game_date", "source_vendor", key]
    lost = [
        lost_quotes(
            accounting[accounting["game_date"].isin(keys)],
            run.house.warehouse.observations(facts, keys, columns=columns),
            key,
        )
        for keys in run.chunks(CHUNK)
    ]
    return {**told(pd.concat(lost), lambda row: row.words), **unbalanced(accounting)}


def unbalanced(rows: pd.DataFrame) -> Reasons:
    """Slates with payloads of which seen is not accepted + duplicate + other slate + quarantined."""
    parts = rows[["accepted", "duplicate", "other_slate", "quarantined"]]
    return reasons(
        rows[(parts.sum(axis=1) != rows["seen"]) | (parts < 0).any(axis=1)], "payloads do not balance"
    )


def absent_prices(run: SlateRun) -> pd.DataFrame:
    """`games_without_prices` of the run's slates, a few at a time."""
    games, sightings, accounting = run.read(DIM_GAMES), read_sightings(run), run.read(FACT_ODDS_ACCOUNTING)
    parts = [
        games_without_prices(
            games[games["game_date"].isin(keys)],
            run.house.warehouse.observations(FACT_PROP_ODDS, keys, columns=MAPPING),
            sightings,
            accounting,
            unasked_vendors(run.house, keys, run.now),
        )
        for keys in run.chunks(CHUNK)
    ]
    return pd.concat(parts, ignore_index=True)


def games_have_odds(run: SlateRun) -> Reasons:
    return bare_games(absent_prices(run))


def bare_games(absences: pd.DataFrame) -> Reasons:
    """Slates with games without a price, each with its kind of nothing. absences: `games_without_prices`."""
    return told(
        absences,
        lambda row: f"{row.away_team} at {row.home_team} has no price: {row.outcome or 'unexplained'}",
    )


def absences_have_a_reason(run: SlateRun) -> Reasons:
    return unexplained_games(absent_prices(run))


def unexplained_games(absences: pd.DataFrame) -> Reasons:
    """Slates with games without a price that nothing explains."""
    return told(
        absences[absences["outcome"].isin(UNEXPLAINED)],
        lambda row: f"{row.away_team} at {row.home_team} has no price and no reason: {row.reason}",
    )


def no_late_prices(run: SlateRun) -> Reasons:
    prices = run.read(EV_FAIR_PRICES)
    seen, captured = prices["last_seen_at_utc"], prices["captured_at_utc"]
    after_start = (seen >= prices["start_time_utc"]) | (captured >= prices["start_time_utc"])
    late = after_start | (seen > prices["as_of_ts_utc"]) | (captured > prices["as_of_ts_utc"])
    return reasons(prices[late], "prices from after puck drop or after as-of")
