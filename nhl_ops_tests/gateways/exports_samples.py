"""A made-up slate of eight games for the export tests: frames in the columns of contracts/."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd

from nhl_ops.contracts import ev, odds, projections, results
from nhl_ops.domain.books import book_key
from nhl_ops.domain.settlement import Outcome, Side, profit_units, settle
from nhl_ops.domain.slates import AsOfMode
from nhl_ops.gateways.exports.workbook import WorkbookMeta

SLATE = date(2026, 1, 7)
AS_OF = datetime(2026, 1, 7, 22, 30, tzinfo=UTC)
WRITTEN = datetime(2026, 1, 7, 22, 34, 5, tzinfo=UTC)
TEAMS = [("CAR", "NJD"), ("BUF", "MTL"), ("TOR", "OTT"), ("NYR", "NYI"), ("DAL", "COL")]
TEAMS += [("MIN", "STL"), ("VAN", "SEA"), ("LAK", "VGK")]
BOOKS = [
    "DraftKings",
    "FanDuel",
    "Caesars",
    "BetMGM",
    "Pinnacle",
    "bet365",
    "Fanatics",
    "Hard Rock",
    "PlayNow",
]
MARKETS = ["SOG", "POINTS", "ASSISTS", "GOALS", "BLOCKS", "SAVES"]
NAMES = [
    "Sebastian Aho",
    "J.T. Miller",
    "Martin Fehérváry",
    "Ryan Nugent-Hopkins",
    "Zach O'Reilly",
    "Jan Doe",
]
HOSTILE = [
    '=HYPERLINK("http://evil.example","click")',
    "+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "a|b | c",
    "<script>alert(1)</script>",
    "<r><t>x</t></r>",
    "evil\u202egnp.exe\u2066",
    "two\nlines\r\n\tand a tab",
    "[click](http://evil.example) ![x](http://evil.example/x.png)",
    "`code` **bold** __b__ ~~s~~ $x$",
    "\\| backslash \\",
    "🏒 Łukasz Žižka",
    "lone \ud800 surrogate and \x00 nul",
    "x;=1+1",
    "\uff1d1+1",
    "_x0041_ &lt;b&gt; www.evil.example a@b.example",
    "",
]


def games() -> pd.DataFrame:
    starts = pd.Timestamp("2026-01-08T00:00Z") + pd.to_timedelta(np.arange(8) * 30, unit="min")
    frame = pd.DataFrame(
        {
            "game_date": SLATE.isoformat(),
            "game_id_nhl": 2025020650 + np.arange(8),
            "season": 20252026,
            "game_type": "R",
            "start_time_utc": starts,
            "home_team": [home for _, home in TEAMS],
            "away_team": [away for away, _ in TEAMS],
            "game_state": "FUT",
            "schedule_state": ["OK"] * 7 + ["PPD"],
            "is_playable": [True] * 7 + [False],
            "as_of_ts_utc": pd.Timestamp(AS_OF),
        }
    )
    return results.DIM_GAMES.conform(frame)


def fair_prices(rows: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    index = np.arange(rows)
    game = index % 7
    decimal = 1.4 + rng.gamma(2.0, 0.5, rows)
    consensus = np.clip(1 / decimal * rng.normal(0.965, 0.02, rows), 0.02, 0.97)
    one_sided = rng.random(rows) < 0.1
    model = np.clip(consensus + rng.normal(0, 0.03, rows), 0.01, 0.99)
    frame = pd.DataFrame(
        {
            "game_date": SLATE.isoformat(),
            "quote_id": [f"q{i:06d}" for i in index],
            "game_id_nhl": 2025020650 + game,
            "player_id_nhl": 8470000 + index // 9,
            "player_name": [NAMES[i // 9 % len(NAMES)] for i in index],
            "team": [TEAMS[g][0] for g in game],
            "opponent": [TEAMS[g][1] for g in game],
            "market": [MARKETS[i // 18 % 6] for i in index],
            "line": 0.5 + index // 36 % 4,
            "side": np.where(index % 2 == 0, Side.OVER.value, Side.UNDER.value),
            "source_vendor": np.where(index % 9 == 8, "PLAYNOW", "UNABATED"),
            "book_id": (index % 9).astype(str),
            "book_name": [BOOKS[i % 9] for i in index],
            "is_bettable": index % 9 != 4,
            "price_american": np.where(
                decimal >= 2, np.round((decimal - 1) * 100), -np.round(100 / (decimal - 1))
            ).astype("int64"),
            "price_decimal": decimal,
            "prob_implied": 1 / decimal,
            "hold": np.where(one_sided, np.nan, 0.065),
            "prob_devig_book": np.where(one_sided, np.nan, 1 / decimal * 0.965),
            "devig_basis": np.where(one_sided, "none", "two_way"),
            "devig_method": "additive",
            "prob_consensus": np.where(one_sided, np.nan, consensus),
            "prob_consensus_spread": np.where(one_sided, np.nan, 0.004),
            "books_in_consensus": np.where(one_sided, 0, 6),
            "prob_model": model,
            "prob_push_model": 0.0,
            "fair_price_decimal": np.where(one_sided, np.nan, 1 / consensus),
            "fair_price_american": pd.array(np.where(one_sided, None, 115), dtype="Int64"),
            "break_even_price_decimal": np.where(one_sided, np.nan, 1 / consensus),
            "ev_pct": np.where(one_sided, np.nan, 100 * (consensus * decimal - 1)),
            "ev_model_pct": 100 * (model * decimal - 1),
            "quote_age_sec": 300.0 + index % 4000,
            "captured_at_utc": pd.Timestamp("2026-01-07T15:00Z"),
            "last_seen_at_utc": pd.Timestamp(AS_OF) - pd.to_timedelta(300 + index % 4000, unit="s"),
            "start_time_utc": pd.Timestamp("2026-01-08T00:00Z") + pd.to_timedelta(game * 30, unit="min"),
            "as_of_ts_utc": pd.Timestamp(AS_OF),
        }
    )
    return ev.EV_FAIR_PRICES.conform(frame.assign(book_key=frame["book_name"].map(book_key)))


def best_bets(prices: pd.DataFrame, count: int = 23) -> pd.DataFrame:
    top = prices.dropna(subset=["ev_pct"]).sort_values("ev_pct", ascending=False).head(count)
    frame = top.assign(
        rank=np.arange(1, len(top) + 1),
        bet_id=[f"bet{i:04d}" for i in range(len(top))],
        books_quoting=7,
        is_suspect=np.arange(len(top)) < 2,
        ev_model_pct=top["ev_model_pct"].where(np.arange(len(top)) != 3),
    )
    return ev.EV_MULTI_BOOK_BEST_BETS.conform(frame)


def no_best_bets() -> pd.DataFrame:
    return ev.EV_MULTI_BOOK_BEST_BETS.empty_frame()


def settlements(bets: pd.DataFrame) -> pd.DataFrame:
    """Every third bet won, one void, one pending."""
    rows = []
    for i, bet in enumerate(bets.to_dict("records")):
        final, played = i != 4, i != 5
        over = bet["side"] == "OVER"
        stat = int(bet["line"] + 1) if over == (i % 3 == 0) else int(bet["line"])
        outcome = settle(stat, bet["line"], Side(bet["side"]), is_final=final, played=played)
        rows.append(
            bet
            | {
                "stat_value": stat if outcome in (Outcome.WON, Outcome.LOST) else None,
                "outcome": outcome.value,
                "outcome_reason": None,
                "profit_units": profit_units(outcome, bet["price_decimal"]),
                "settled_at_utc": pd.Timestamp("2026-01-08T06:00Z") if final else pd.NaT,
            }
        )
    return ev.FACT_PROP_SETTLEMENTS.conform(pd.DataFrame(rows).astype({"stat_value": "Int64"}))


def quotes(prices: pd.DataFrame) -> pd.DataFrame:
    """A fact a price; every 40th was not resolved."""
    open_ = np.arange(len(prices)) % 40 == 0
    ids = prices[["game_id_nhl", "player_id_nhl"]].astype("Int64")
    frame = prices.assign(
        payload_hash="0" * 64,
        payload_path="outputs/odds/raw/UNABATED/2026/01/07/x.json.zst",
        event_id_vendor="e1",
        home_team_raw=None,
        away_team_raw=None,
        player_id_vendor=None,
        player_name_raw=prices["player_name"],
        player_team_raw=None,
        player_position_raw=None,
        player_birth_date=None,
        market_raw="86",
        market_id_vendor="m1",
        is_live=False,
        is_alternate=False,
        vendor_updated_at_utc=prices["captured_at_utc"].where(~open_),
        game_id_nhl=ids["game_id_nhl"],
        player_id_nhl=ids["player_id_nhl"].mask(open_),
        mapping_method=np.where(open_, "unresolved", "exact_name"),
        mapping_reason=np.where(open_, "no player of either team has this name", None),
        mapping_score=np.where(open_, 0.0, 0.95),
        event_method="date_and_teams",
    )
    return odds.FACT_PROP_ODDS.conform(frame)


def audit(bets: pd.DataFrame) -> pd.DataFrame:
    steps = [
        ("projected mean", 2.713428571, "rate 9.1 an hour x ice time 17.9 min x opponent 1.02 x home 0.98"),
        ("P(over) by the model", 0.4512345678, "negative binomial, mean 2.71343, dispersion 0.06, line 2.5"),
        ("consensus", None, "one-sided at every other book"),
        ("EV against the consensus", 4.2, "0.4736 x 2.20 - 1"),
    ]
    rows = [
        {"game_date": SLATE.isoformat(), "bet_id": bet_id, "step": i}
        | dict(zip(("quantity", "value", "derivation"), step, strict=True))
        for bet_id in bets["bet_id"]
        for i, step in enumerate(steps, 1)
    ]
    return ev.EV_PROB_AUDIT.conform(pd.DataFrame(rows)) if rows else ev.EV_PROB_AUDIT.empty_frame()


def probabilities() -> pd.DataFrame:
    index = np.arange(48)
    player = index // 4
    frame = pd.DataFrame(
        {
            "game_date": SLATE.isoformat(),
            "game_id_nhl": 2025020650 + player % 2,
            "player_id_nhl": 8470000 + player,
            "player_name": [NAMES[p % len(NAMES)] for p in player],
            "team": [TEAMS[p % 2][0] for p in player],
            "opponent": [TEAMS[p % 2][1] for p in player],
            "position": "C",
            "market": np.where(index % 4 < 2, "SOG", "GOALS"),
            "line": np.where(index % 2 == 0, 1.5, 0.5),
            "p_over": 1 / (3 + player),
            "p_push": 0.0,
            "p_under": 1 - 1 / (3 + player),
            "mean": 1.23456789,
            "is_fallback": player == 0,
            "model_version": "v1",
            "as_of_ts_utc": pd.Timestamp(AS_OF),
        }
    )
    return projections.SINGLE_GAME_PROP_PROBABILITIES.conform(frame)


def meta(**changes: object) -> WorkbookMeta:
    values = {
        "as_of_utc": AS_OF,
        "as_of_mode": AsOfMode.LIVE,
        "games": 8,
        "generated_at_utc": WRITTEN,
        "run_id": "5f0c",
        "model_version": "v1",
    }
    return WorkbookMeta(**(values | changes))
