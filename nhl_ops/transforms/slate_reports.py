"""The slate in figures: what its report is rendered from. Nothing here decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhl_ops.contracts.reports import REPORT_DAILY
from nhl_ops.domain.books import book_key
from nhl_ops.domain.markets import Side
from nhl_ops.domain.settlement import Outcome
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.transforms.absences import Unasked, slate_outcome
from nhl_ops.transforms.sightings import known_facts

DIGITS = 6
WAGER = ["game_date", "game_id_nhl", "player_id_nhl", "market", "line"]


@dataclass(frozen=True)
class SlateTables:
    """The slates' rows of DIM_GAMES, FACT_PROP_ODDS, SINGLE_GAME_PROP_PROBABILITIES, EV_FAIR_PRICES,
    EV_MULTI_BOOK_BEST_BETS and FACT_PROP_SETTLEMENTS, and the RAW_ODDS_SIGHTINGS of their dates. unasked: by slate,
    the vendors that could be asked for it and never were."""

    games: pd.DataFrame
    facts: pd.DataFrame
    probabilities: pd.DataFrame
    prices: pd.DataFrame
    bets: pd.DataFrame
    settlements: pd.DataFrame
    sightings: pd.DataFrame
    unasked: Unasked


def report_daily(slates: list[str], tables: SlateTables) -> pd.DataFrame:
    """REPORT_DAILY, a row for each slate (ISO dates), also for those on which nothing happened."""
    facts = known_facts(tables.facts, tables.games)
    parts = [
        _counts(facts, tables),
        _claims(tables.bets),
        _outcomes(tables.settlements),
        _log_losses(tables.prices, tables.settlements),
    ]
    figures = pd.concat(parts, axis=1).reindex(slates)
    counts = [c.name for c in REPORT_DAILY.columns if c.name in figures and not c.nullable]
    figures[counts] = figures[counts].fillna(0).astype("int64")
    said = [
        slate_outcome(
            slate,
            tables.games[tables.games["game_date"] == slate],
            quotes,
            tables.sightings,
            tables.unasked.get(slate, ()),
        )
        for slate, quotes in zip(slates, figures["quotes"], strict=True)
    ]
    report = figures.rename_axis("game_date").reset_index().round(DIGITS)
    return REPORT_DAILY.conform(
        report.assign(
            outcome=[o.value for o, _ in said], outcome_reason=pd.Series([r for _, r in said], dtype="object")
        )
    )


def report_stopped(
    slate: str,
    outcome: SlateOutcome,
    reason: str | None,
    *,
    games: int,
    quotes: int,
    quotes_mapped: int,
    books: int,
) -> pd.DataFrame:
    """REPORT_DAILY of a slate (ISO date) that a run stopped: what was counted until then, and nothing claimed."""
    nothing = {c.name: None if c.nullable else 0 for c in REPORT_DAILY.columns}
    said = {"game_date": slate, "outcome": outcome.value, "outcome_reason": reason}
    counted = {"games": games, "quotes": quotes, "quotes_mapped": quotes_mapped, "books": books}
    return REPORT_DAILY.conform(pd.DataFrame([nothing | said | counted]))


def _counts(facts: pd.DataFrame, tables: SlateTables) -> pd.DataFrame:
    mapped = facts[facts["game_id_nhl"].notna() & facts["player_id_nhl"].notna()]
    projected = tables.probabilities.drop_duplicates(["game_date", "game_id_nhl", "player_id_nhl", "market"])
    return pd.DataFrame(
        {
            "games": tables.games[tables.games["is_playable"]].groupby("game_date").size(),
            "games_with_odds": tables.prices.groupby("game_date")["game_id_nhl"].nunique(),
            "quotes": facts.groupby("game_date").size(),
            "quotes_mapped": mapped.groupby("game_date").size(),
            "books": facts["book_name"].map(book_key).groupby(facts["game_date"]).nunique(),
            "players_projected": projected.groupby("game_date")["player_id_nhl"].nunique(),
            "fallback_share": projected.groupby("game_date")["is_fallback"].mean(),
            "prices": tables.prices.groupby("game_date").size(),
        }
    )


def _claims(bets: pd.DataFrame) -> pd.DataFrame:
    ev = bets.groupby("game_date")["ev_pct"]
    return pd.DataFrame({"best_bets": ev.size(), "best_ev_pct": ev.max(), "mean_ev_pct": ev.mean()})


def _outcomes(settlements: pd.DataFrame) -> pd.DataFrame:
    bets = settlements[settlements["bet_id"].notna()]

    def number(*outcomes: Outcome) -> pd.Series[float]:
        return bets["outcome"].isin(outcomes).astype("float64").groupby(bets["game_date"]).sum()

    return pd.DataFrame(
        {
            "bets_won": number(Outcome.WON),
            "bets_lost": number(Outcome.LOST),
            "bets_void": number(Outcome.PUSH, Outcome.VOID),
            "bets_pending": number(Outcome.PENDING),
            "profit_units": bets.groupby("game_date")["profit_units"].sum(min_count=1),
        }
    )


def _log_losses(prices: pd.DataFrame, settlements: pd.DataFrame) -> pd.DataFrame:
    """Log-loss of model and consensus on decided overs: a wager counts once, at its books' mean consensus."""
    overs = prices.loc[
        prices["side"] == Side.OVER, [*WAGER, "quote_id", "prob_consensus", "prob_model", "prob_push_model"]
    ]
    decided = settlements.loc[
        settlements["outcome"].isin([Outcome.WON, Outcome.LOST]), ["game_date", "quote_id", "outcome"]
    ]
    rows = overs.merge(decided, on=["game_date", "quote_id"])
    rows = rows.assign(
        model=rows["prob_model"] / (1.0 - rows["prob_push_model"]), won=rows["outcome"] == Outcome.WON
    )
    wagers = rows.groupby(WAGER)[["prob_consensus", "model", "won"]].mean().dropna().reset_index()
    losses = pd.DataFrame(
        {
            "game_date": wagers["game_date"],
            "log_loss_model": _log_loss(wagers["model"], wagers["won"]),
            "log_loss_consensus": _log_loss(wagers["prob_consensus"], wagers["won"]),
        }
    )
    by_slate = losses.groupby("game_date")
    return by_slate.mean().assign(rows_scored=by_slate.size())


def _log_loss(p: pd.Series[float], won: pd.Series[float]) -> pd.Series[float]:
    chance = p.clip(1e-9, 1.0 - 1e-9)
    return pd.Series(-np.log(chance.where(won > 0.5, 1.0 - chance)), index=p.index)
