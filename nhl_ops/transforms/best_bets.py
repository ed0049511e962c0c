"""The wagers worth a look: one row each, at its best takeable price, ranked by EV against the consensus."""

from __future__ import annotations

import hashlib

import pandas as pd

from nhl_ops.contracts.ev import EV_MULTI_BOOK_BEST_BETS
from nhl_ops.domain.ev import EvPolicy

WAGER = ["game_date", "game_id_nhl", "player_id_nhl", "market", "line", "side"]


def best_bets(prices: pd.DataFrame, policy: EvPolicy) -> pd.DataFrame:
    """EV_MULTI_BOOK_BEST_BETS of the slates.

    prices: EV_FAIR_PRICES. A price is takeable if its book is bettable, it is young enough, within the
    policy's band, and enough other books stand behind its consensus. Equal prices: the younger, then the
    book's name.
    """
    bettable = prices[prices["is_bettable"]]
    quoting = bettable.groupby(WAGER)["book_key"].nunique().reset_index(name="books_quoting")
    best = (
        bettable[_is_takeable(bettable, policy)]
        .sort_values(
            ["price_decimal", "quote_age_sec", "book_name", "source_vendor", "quote_id"],
            ascending=[False, True, True, True, True],
        )
        .drop_duplicates(WAGER)
    )
    best = best[best["ev_pct"] >= policy.min_ev_pct].merge(quoting, on=WAGER)
    best = best.assign(
        bet_id=[bet_id(row) for row in best[WAGER[1:]].itertuples(index=False, name=None)],
        is_suspect=best["ev_pct"] > policy.max_credible_ev_pct,
    )
    best = best.sort_values(
        ["game_date", "ev_pct", "bet_id"], ascending=[True, False, True], ignore_index=True
    )
    best["rank"] = best.groupby("game_date").cumcount() + 1
    return EV_MULTI_BOOK_BEST_BETS.conform(best[best["rank"] <= policy.max_bets].reset_index(drop=True))


def bet_id(wager: tuple[object, ...]) -> str:
    """Digest of game, player, market, line and side: the same wager has the same id in every run."""
    text = "|".join(str(part) for part in wager)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_takeable(prices: pd.DataFrame, policy: EvPolicy) -> pd.Series[bool]:
    takeable = prices["ev_pct"].notna() & (prices["books_in_consensus"] >= policy.min_books_in_consensus)
    if policy.max_quote_age_sec is not None:
        takeable &= prices["quote_age_sec"] <= policy.max_quote_age_sec
    if policy.min_price_american is not None:
        takeable &= prices["price_american"] >= policy.min_price_american
    if policy.max_price_american is not None:
        takeable &= prices["price_american"] <= policy.max_price_american
    return takeable
