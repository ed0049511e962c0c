"""The slate in figures, and windows over slates: what the reports are rendered from. Nothing here decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from nhl_ops.contracts.reports import REPORT_DAILY, REPORT_ROLLING
from nhl_ops.domain.markets import Side
from nhl_ops.domain.settlement import Outcome
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.transforms.absences import failures_of, last_answers, why_no_prices
from nhl_ops.transforms.sightings import newest_mapping

DIGITS = 6
WAGER = ["game_date", "game_id_nhl", "player_id_nhl", "market", "line"]


@dataclass(frozen=True)
class SlateTables:
    """The slates' rows of DIM_GAMES, FACT_PROP_ODDS, SINGLE_GAME_PROP_PROBABILITIES, EV_FAIR_PRICES,
    EV_MULTI_BOOK_BEST_BETS and FACT_PROP_SETTLEMENTS, and the RAW_ODDS_SIGHTINGS of their dates."""

    games: pd.DataFrame
    facts: pd.DataFrame
    probabilities: pd.DataFrame
    prices: pd.DataFrame
    bets: pd.DataFrame
    settlements: pd.DataFrame
    sightings: pd.DataFrame


def report_daily(slates: list[str], tables: SlateTables) -> pd.DataFrame:
    """REPORT_DAILY, a row for each slate (ISO dates), also for those on which nothing happened."""
    facts = _known_facts(tables.facts, tables.games)
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
        _slate_outcome(slate, games, quotes, tables.sightings)
        for slate, games, quotes in zip(slates, figures["games"], figures["quotes"], strict=True)
    ]
    report = figures.rename_axis("game_date").reset_index().round(DIGITS)
    return REPORT_DAILY.conform(
        report.assign(
            outcome=[o.value for o, _ in said], outcome_reason=pd.Series([r for _, r in said], dtype="object")
        )
    )


def report_rolling(
    slates: list[str], daily: pd.DataFrame, windows: tuple[int, ...] = (7, 14, 30)
) -> pd.DataFrame:
    """REPORT_ROLLING, a row for each slate and window of that many days up to and with the slate.

    daily: REPORT_DAILY rows of the slates and of the days before them, as far as there are any.
    """
    rows = [_window(daily, slate, days) for slate in slates for days in windows]
    return REPORT_ROLLING.conform(pd.DataFrame(rows, columns=REPORT_ROLLING.column_names).round(DIGITS))


def _known_facts(facts: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """Newest mapping of each quote captured by its game's as-of (the slate's last, where it has no game)."""
    newest = newest_mapping(facts)
    limits = newest.merge(
        games[["game_date", "game_id_nhl", "as_of_ts_utc"]].astype({"game_id_nhl": "Int64"}),
        on=["game_date", "game_id_nhl"],
        how="left",
    )["as_of_ts_utc"]
    last = newest["game_date"].map(games.groupby("game_date")["as_of_ts_utc"].max())
    limit = limits.set_axis(newest.index).fillna(last)
    return newest[(newest["captured_at_utc"] <= limit) | limit.isna()]


def _counts(facts: pd.DataFrame, tables: SlateTables) -> pd.DataFrame:
    mapped = facts[facts["game_id_nhl"].notna() & facts["player_id_nhl"].notna()]
    projected = tables.probabilities.drop_duplicates(["game_date", "game_id_nhl", "player_id_nhl", "market"])
    return pd.DataFrame(
        {
            "games": tables.games[tables.games["is_playable"]].groupby("game_date").size(),
            "games_with_odds": tables.prices.groupby("game_date")["game_id_nhl"].nunique(),
            "quotes": facts.groupby("game_date").size(),
            "quotes_mapped": mapped.groupby("game_date").size(),
            "books": facts.groupby("game_date")["book_name"].nunique(),
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


def _slate_outcome(
    slate: str, games: int, quotes: int, sightings: pd.DataFrame
) -> tuple[SlateOutcome, str | None]:
    answers = last_answers(slate, sightings)
    if games == 0:
        odd = f", although vendors offer {quotes} quotes" if quotes else ""
        return SlateOutcome.NO_GAMES, f"No game is scheduled for {slate}{odd}."
    if quotes:
        failures = failures_of(answers)
        return SlateOutcome.OK, f"Published without a vendor: {failures}." if failures else None
    return why_no_prices(slate, answers)


def _window(daily: pd.DataFrame, slate: str, days: int) -> dict[str, object]:
    first = (date.fromisoformat(slate) - timedelta(days=days - 1)).isoformat()
    rows = daily[daily["game_date"].between(first, slate)]
    quotes, settled = rows["quotes"].sum(), (rows["bets_won"] + rows["bets_lost"]).sum()
    return {
        "game_date": slate,
        "window_days": days,
        "slates": (rows["games"] > 0).sum(),
        "games": rows["games"].sum(),
        "quotes": quotes,
        "mapped_share": rows["quotes_mapped"].sum() / quotes if quotes else None,
        "best_bets": rows["best_bets"].sum(),
        "bets_settled": settled,
        "mean_ev_pct": _weighted(rows["mean_ev_pct"], rows["best_bets"]),
        "realized_roi_pct": 100.0 * rows["profit_units"].sum() / settled if settled else None,
        "log_loss_model": _weighted(rows["log_loss_model"], rows["rows_scored"]),
        "log_loss_consensus": _weighted(rows["log_loss_consensus"], rows["rows_scored"]),
    }


def _weighted(values: pd.Series[float], weights: pd.Series[int]) -> float | None:
    weight = weights[values.notna()].sum()
    return float((values * weights).sum() / weight) if weight else None
