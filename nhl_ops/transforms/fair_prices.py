"""Every price that stands, against the other books and against the model.

A book's two-way price at a line is freed of its margin; the consensus for a price is the logit mean of what
the other books say of the same line, pushes aside. The priced book never enters its own consensus, whichever
vendor carries it. Prices of synthetic books and pick'em sites are shown, but never enter a consensus.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.domain.books import book_key, is_bettable
from nhl_ops.domain.devig import DevigMethod, devig, hold
from nhl_ops.domain.ev import (
    EvPolicy,
    american_odds,
    break_even_price,
    expected_value,
    fair_price,
    win_given_pushes,
)
from nhl_ops.domain.markets import Side

Floats = NDArray[np.float64]

LINE = ["game_date", "game_id_nhl", "player_id_nhl", "market", "line"]
BOOK_LINE = ["source_vendor", "book_id", *LINE]
SLATE_PLAYER = ["game_date", "game_id_nhl", "player_id_nhl"]


def fair_prices(
    standing: pd.DataFrame,
    games: pd.DataFrame,
    players: pd.DataFrame,
    probabilities: pd.DataFrame,
    policy: EvPolicy,
) -> pd.DataFrame:
    """EV_FAIR_PRICES of the slates.

    standing: facts of `sightings.standing`. games, players: DIM_GAMES, DIM_PLAYERS. probabilities:
    SINGLE_GAME_PROP_PROBABILITIES; a line without one has no model columns. EV is null where the consensus
    is, or where the line is whole and nobody says how likely a push is.
    """
    quotes = _offers(standing, games, players, policy)
    quotes = quotes.merge(_two_way(quotes), on=BOOK_LINE, how="left")
    quotes = _with_consensus(_with_own_probability(quotes, policy), policy)
    quotes = _with_model(quotes, probabilities)
    return EV_FAIR_PRICES.conform(
        _with_ev(quotes).sort_values([*LINE, "side", "quote_id"], ignore_index=True)
    )


def _offers(
    standing: pd.DataFrame, games: pd.DataFrame, players: pd.DataFrame, policy: EvPolicy
) -> pd.DataFrame:
    """Pregame prices, one for each book, line and side: the newest, of equally new ones the main line's."""
    started = games.loc[games["is_playable"], ["game_date", "game_id_nhl", "start_time_utc", "as_of_ts_utc"]]
    who = players[[*SLATE_PLAYER, "player_name", "team", "opponent"]]
    quotes = standing.drop(columns="start_time_utc").merge(started, on=["game_date", "game_id_nhl"])
    quotes = quotes.merge(who, on=SLATE_PLAYER)
    in_time = quotes["captured_at_utc"] < quotes["start_time_utc"]
    known = quotes["last_seen_at_utc"] <= quotes["as_of_ts_utc"]
    quotes = quotes[in_time & known & ~quotes["is_live"]]
    quotes = quotes.sort_values(
        ["last_seen_at_utc", "captured_at_utc", "vendor_updated_at_utc", "is_alternate", "quote_id"],
        ascending=[False, False, False, True, True],
    ).drop_duplicates([*BOOK_LINE, "side"])
    keys = quotes["book_name"].map({name: book_key(name) for name in quotes["book_name"].unique()})
    refused = {book_key(name) for name in policy.not_bettable}
    age = (quotes["as_of_ts_utc"] - quotes["last_seen_at_utc"]).dt.total_seconds()
    return quotes.assign(
        book_key=keys.astype(object),
        is_bettable=keys.map(lambda key: is_bettable(key) and key not in refused).astype(bool),
        is_over=quotes["side"] == Side.OVER,
        quote_age_sec=age,
        prob_implied=1.0 / quotes["price_decimal"],
    )


def _two_way(quotes: pd.DataFrame) -> pd.DataFrame:
    """Implied probabilities of both sides of each book's line, and of every method its P(over)."""
    over, under = (
        quotes.loc[quotes["is_over"] == is_over, [*BOOK_LINE, "prob_implied"]] for is_over in (True, False)
    )
    pairs = over.merge(under, on=BOOK_LINE, suffixes=("_over", "_under"))
    q_over, q_under = pairs["prob_implied_over"].to_numpy(), pairs["prob_implied_under"].to_numpy()
    fair = {f"p_{method}": devig(q_over, q_under, method) for method in DevigMethod}
    return pairs[BOOK_LINE].assign(hold=hold(q_over, q_under), **fair)


def _with_own_probability(quotes: pd.DataFrame, policy: EvPolicy) -> pd.DataFrame:
    p_over = quotes[f"p_{policy.devig_method}"]
    return quotes.assign(
        prob_devig_book=p_over.where(quotes["is_over"], 1.0 - p_over),
        devig_basis=np.where(p_over.notna(), "two_way", "none"),
        devig_method=policy.devig_method.value,
    )


def _with_consensus(quotes: pd.DataFrame, policy: EvPolicy) -> pd.DataFrame:
    """Consensus of the other books in the policy's method; its spread over all methods."""
    said = voices(quotes, policy)
    columns = [f"p_{method}" for method in DevigMethod]
    logits = said[columns].apply(logit)
    line_keys = [said[key] for key in LINE]
    book = said[[*LINE, "book_key"]]
    total = book.join(logits.groupby(line_keys).transform("sum"))
    count = book.join(logits.notna().groupby(line_keys).transform("sum"))
    lines_sum, lines_count = (frame.drop_duplicates(LINE)[[*LINE, *columns]] for frame in (total, count))
    keyed = quotes[[*LINE, "book_key"]]
    own = keyed.merge(book.join(logits), on=[*LINE, "book_key"], how="left")[columns]
    sums = keyed.merge(lines_sum, on=LINE, how="left")[columns].fillna(0.0) - own.fillna(0.0)
    others = keyed.merge(lines_count, on=LINE, how="left")[columns].fillna(0.0) - own.notna()
    p_over = expit((sums / others.where(others > 0)).to_numpy(dtype=np.float64))
    consensus = np.where(quotes["is_over"].to_numpy()[:, None], p_over, 1.0 - p_over)
    chosen = columns.index(f"p_{policy.devig_method}")
    return quotes.assign(
        prob_consensus=consensus[:, chosen],
        prob_consensus_spread=np.fmax.reduce(consensus, axis=1) - np.fmin.reduce(consensus, axis=1),
        books_in_consensus=others.iloc[:, chosen].to_numpy(),
    )


def voices(quotes: pd.DataFrame, policy: EvPolicy) -> pd.DataFrame:
    """One row for each line and book that has a say: real books, credible holds, prices that are not too old.

    A book that two vendors carry speaks once, with its newer price.
    """
    is_sound = quotes["hold"].between(policy.hold_min, policy.hold_max) & quotes["is_bettable"]
    if policy.max_quote_age_sec is not None:
        is_sound &= quotes["quote_age_sec"] <= policy.max_quote_age_sec
    newest_first = quotes[is_sound].sort_values(
        ["quote_age_sec", "captured_at_utc", "source_vendor", "book_id", "quote_id"],
        ascending=[True, False, True, True, True],
    )
    return newest_first.drop_duplicates([*LINE, "book_key"]).sort_values(
        [*LINE, "book_key"], ignore_index=True
    )


def _with_model(quotes: pd.DataFrame, probabilities: pd.DataFrame) -> pd.DataFrame:
    columns = ["p_over", "p_under", "p_push"]
    quotes = quotes.merge(probabilities[[*LINE, *columns]], on=LINE, how="left")
    is_half = quotes["line"] % 1.0 != 0
    return quotes.assign(
        prob_model=quotes["p_over"].where(quotes["is_over"], quotes["p_under"]),
        prob_push_model=quotes["p_push"].mask(is_half & quotes["p_push"].notna(), 0.0),
        prob_push=quotes["p_push"].mask(is_half, 0.0),
    )


def _with_ev(quotes: pd.DataFrame) -> pd.DataFrame:
    p, push, price = (quotes[c].to_numpy() for c in ("prob_consensus", "prob_push", "price_decimal"))
    p_win = win_given_pushes(p, push)
    fair = fair_price(p)
    american = american_odds(fair)
    return quotes.assign(
        fair_price_decimal=fair,
        fair_price_american=pd.array(american, dtype="Float64").astype("Int64"),
        break_even_price_decimal=break_even_price(p_win, push),
        ev_pct=100.0 * expected_value(p_win, price, push),
        ev_model_pct=100.0
        * expected_value(quotes["prob_model"].to_numpy(), price, quotes["prob_push_model"].to_numpy()),
    )
