"""Small frames in the tables' shapes: a default row of each table, with what a test changes in it.

The stage is one game, Vancouver at Toronto on 2026-01-05 at 19:00 Eastern, in the mode pretip.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nhl_ops.contracts import ev, odds, projections, results
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.books import book_key
from nhl_ops.domain.ev import EvPolicy
from nhl_ops.domain.identity import name_key
from nhl_ops.domain.odds import decimal_from_american
from nhl_ops.transforms.identity import ALIAS_COLUMNS, check_aliases

SLATE = "2026-01-05"
GAME = 2025020100
PLAYER = 8479318

Row = dict[str, Any]


def et(text: str) -> pd.Timestamp:
    """An instant given as wall-clock time in New York: "2026-01-05 19:00"."""
    return pd.Timestamp(text, tz="America/New_York").tz_convert("UTC").as_unit("us")


START = et(f"{SLATE} 19:00")
NOON = et(f"{SLATE} 12:00")
LONG_AGO = et("2025-09-01 12:00")
NEXT_DAY = et("2026-01-06 12:00")


def table(spec: TableSpec, defaults: Mapping[str, Any], *changes: Row) -> pd.DataFrame:
    """One row for each change; `table(spec, defaults)` alone is an empty table."""
    if not changes:
        return spec.empty_frame()
    return spec.conform(pd.DataFrame([{**defaults, **change} for change in changes]))


def schedule(*changes: Row) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "game_id_nhl": GAME, "season": 20252026, "game_type": "R", "start_time_utc": START,
        "home_team": "TOR", "away_team": "VAN", "home_team_name": None, "away_team_name": None,
        "game_state": "FUT", "schedule_state": "OK", "home_score": None, "away_score": None,
        "last_period_type": None, "captured_at_utc": LONG_AGO, "known_at_utc": LONG_AGO, "payload_hash": "s",
        "row_hash": "v1",
    }  # fmt: skip
    return table(results.RAW_NHL_SCHEDULE, defaults, *changes)


def slates(*days: str, mode: str = "pretip", now: pd.Timestamp = NEXT_DAY) -> pd.DataFrame:
    frame = pd.DataFrame({"game_date": list(days), "mode": mode})
    return frame.assign(now_utc=pd.Series([now] * len(days), dtype="datetime64[us, UTC]"))


def games(*changes: Row) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "game_id_nhl": GAME, "season": 20252026, "game_type": "R", "start_time_utc": START,
        "home_team": "TOR", "away_team": "VAN", "game_state": "FUT", "schedule_state": "OK",
        "is_playable": True, "as_of_ts_utc": START,
    }  # fmt: skip
    return table(results.DIM_GAMES, defaults, *changes)


def players(*changes: Row) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "game_id_nhl": GAME, "player_id_nhl": PLAYER, "player_name": "Auston Matthews",
        "team": "TOR", "opponent": "VAN", "is_home": True, "position": "C", "birth_date": None,
        "source": "roster", "as_of_ts_utc": START,
    }  # fmt: skip
    merged = [{**defaults, **change} for change in changes]
    return table(
        results.DIM_PLAYERS, {}, *({**row, "name_key": name_key(row["player_name"])} for row in merged)
    )


def rosters(*changes: Row) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "team": "TOR", "player_id_nhl": PLAYER, "player_name": "Auston Matthews",
        "position": "C", "birth_date": "1997-09-17", "sweater_number": 34, "captured_at_utc": NOON,
        "known_at_utc": NOON, "payload_hash": "r", "row_hash": "r1",
    }  # fmt: skip
    return table(results.RAW_NHL_ROSTERS, defaults, *changes)


def final(*changes: Row) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "game_id_nhl": GAME, "home_team": "TOR", "away_team": "VAN", "home_score": 3,
        "away_score": 2, "last_period_type": "REG", "captured_at_utc": NEXT_DAY,
        "known_at_utc": et("2026-01-06 00:45"), "payload_hash": "f", "row_hash": "f1",
    }  # fmt: skip
    return table(results.FACT_GAME_RESULTS, defaults, *changes)


def skaters(*changes: Row) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "game_id_nhl": GAME, "season": 20252026, "game_type": "R", "team": "TOR",
        "opponent": "VAN", "is_home": True, "player_id_nhl": PLAYER, "player_name": "Auston Matthews",
        "position": "C", "goals": 1, "assists": 0, "points": 1, "shots_on_goal": 3, "blocked_shots": 2,
        "hits": 0, "power_play_goals": 0, "power_play_points": None, "toi_sec": 1200.0,
        "power_play_toi_sec": None, "captured_at_utc": NEXT_DAY, "known_at_utc": et("2026-01-06 00:45"),
        "source": "stats_rest", "payload_hash": "k", "row_hash": "k1",
    }  # fmt: skip
    return table(results.FACT_SKATER_GAMES, defaults, *changes)


def goalies(*changes: Row) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "game_id_nhl": GAME, "season": 20252026, "game_type": "R", "team": "TOR",
        "opponent": "VAN", "is_home": True, "player_id_nhl": 8476932, "player_name": "Anthony Stolarz",
        "is_starter": True, "shots_against": 30, "saves": 28, "goals_against": 2, "toi_sec": 3600.0,
        "captured_at_utc": NEXT_DAY, "known_at_utc": et("2026-01-06 00:45"), "source": "stats_rest",
        "payload_hash": "g", "row_hash": "g1",
    }  # fmt: skip
    return table(results.FACT_GOALIE_GAMES, defaults, *changes)


QUOTE = {
    "game_date": SLATE, "source_vendor": "UNABATED", "quote_id": "q1", "payload_hash": "p1",
    "payload_path": "raw/p1", "captured_at_utc": NOON, "event_id_vendor": "e1", "start_time_utc": START,
    "home_team_raw": "TOR", "away_team_raw": "VAN", "player_id_vendor": "9", "player_team_raw": None,
    "player_name_raw": "Auston Matthews", "player_position_raw": None, "player_birth_date": None,
    "market": "SOG", "market_raw": "86", "market_id_vendor": "m1", "line": 2.5, "side": "OVER",
    "book_id": "1", "book_name": "DraftKings", "price_american": -110, "is_live": False,
    "is_alternate": False, "vendor_updated_at_utc": None,
}  # fmt: skip


def priced(row: Row) -> Row:
    return {"price_decimal": decimal_from_american(row["price_american"]), **row}


def raw_quotes(*changes: Row) -> pd.DataFrame:
    """Rows of a raw odds table; row_number counts through, capture_date is the slate unless given."""
    merged = [
        priced({**QUOTE, "capture_date": SLATE, "row_number": number, **change})
        for number, change in enumerate(changes)
    ]
    return table(odds.RAW_QUOTES["UNABATED"], {}, *merged)


def facts(*changes: Row) -> pd.DataFrame:
    """Stored facts, mapped to the stage's game and player, with created_at_utc."""
    defaults = {
        **QUOTE, "last_seen_at_utc": NOON, "game_id_nhl": GAME, "player_id_nhl": PLAYER,
        "mapping_method": "exact_name", "mapping_reason": None, "mapping_score": 0.95,
        "event_method": "date_and_teams",
    }  # fmt: skip
    rows = [priced({**defaults, **change}) for change in changes]
    written = [row.pop("created_at_utc", NOON) for row in rows]
    frame = table(odds.FACT_PROP_ODDS, {}, *rows)
    return frame.assign(created_at_utc=pd.Series(written, dtype="datetime64[us, UTC]"))


def sightings(*changes: Row) -> pd.DataFrame:
    defaults = {
        "capture_date": SLATE, "source_vendor": "UNABATED", "endpoint": "props", "url": "u",
        "captured_at_utc": NOON, "http_status": 200, "outcome": "ok", "payload_hash": "p1", "error": None,
    }  # fmt: skip
    return table(odds.RAW_ODDS_SIGHTINGS, defaults, *changes)


def quarantined(*changes: Row) -> pd.DataFrame:
    columns = ["source_vendor", "payload_hash", "capture_date", "captured_at_utc", "quarantined"]
    defaults = dict(zip(columns, ("UNABATED", "p1", SLATE, NOON, 1), strict=True))
    frame = pd.DataFrame([{**defaults, **change} for change in changes], columns=columns)
    return frame.astype({"captured_at_utc": "datetime64[us, UTC]", "quarantined": "int64"})


def aliases(*rows: Row) -> pd.DataFrame:
    return check_aliases(
        pd.DataFrame([{**dict.fromkeys(ALIAS_COLUMNS), **row} for row in rows], columns=ALIAS_COLUMNS)
    )


def probabilities(*changes: Row) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "game_id_nhl": GAME, "player_id_nhl": PLAYER, "player_name": "Auston Matthews",
        "team": "TOR", "opponent": "VAN", "position": "C", "market": "SOG", "line": 2.5, "p_over": 0.55,
        "p_push": 0.0, "p_under": 0.45, "mean": 2.8, "is_fallback": False, "model_version": "m1",
        "as_of_ts_utc": START,
    }  # fmt: skip
    return table(projections.SINGLE_GAME_PROP_PROBABILITIES, defaults, *changes)


def projected(*changes: Row) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "game_id_nhl": GAME, "player_id_nhl": PLAYER, "market": "SOG", "mean": 2.8,
        "mean_base": 2.5, "opponent_factor": 1.0, "home_factor": 1.12, "toi_sec_mean": 1200.0,
        "distribution": "negative_binomial", "dispersion": 0.05, "games_played": 41, "is_fallback": False,
        "model_version": "m1", "as_of_ts_utc": START,
    }  # fmt: skip
    return table(projections.PROJECTION_SKATER_MARKETS, defaults, *changes)


def prices(*changes: Row) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "quote_id": "q1", "game_id_nhl": GAME, "player_id_nhl": PLAYER,
        "player_name": "Auston Matthews", "team": "TOR", "opponent": "VAN", "market": "SOG", "line": 2.5,
        "side": "OVER", "source_vendor": "UNABATED", "book_id": "1", "book_name": "DraftKings",
        "is_bettable": True, "price_american": 110, "prob_implied": 0.476, "hold": 0.06,
        "prob_devig_book": 0.46, "devig_basis": "two_way", "devig_method": "probit", "prob_consensus": 0.5,
        "prob_consensus_spread": 0.001, "books_in_consensus": 3, "prob_model": 0.55, "prob_push_model": 0.0,
        "fair_price_decimal": 2.0, "fair_price_american": 100, "break_even_price_decimal": 2.0, "ev_pct": 5.0,
        "ev_model_pct": 15.5, "quote_age_sec": 600.0, "captured_at_utc": NOON, "last_seen_at_utc": NOON,
        "start_time_utc": START, "as_of_ts_utc": START,
    }  # fmt: skip
    rows = [priced({**defaults, **change}) for change in changes]
    rows = [{"book_key": book_key(row["book_name"]), **row} for row in rows]
    return table(ev.EV_FAIR_PRICES, {}, *rows)


def policy(**changes: Any) -> EvPolicy:
    defaults = {
        "devig_method": "probit",
        "hold_min": -0.02,
        "hold_max": 0.15,
        "capture_pass_minutes": 10,
        "min_books_in_consensus": 2,
        "min_ev_pct": 0.0,
        "max_credible_ev_pct": 10.0,
        "max_bets": 50,
    }
    return EvPolicy.model_validate(defaults | changes)
