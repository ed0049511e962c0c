"""Every number of every best bet, step by step, with the figures put in: from the projected mean to EV."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import logit

from nhl_ops.contracts.ev import EV_PROB_AUDIT
from nhl_ops.domain.ev import EvPolicy
from nhl_ops.domain.markets import Side
from nhl_ops.transforms.fair_prices import BOOK_LINE, LINE, voices

PLAYER_MARKET = ["game_date", "game_id_nhl", "player_id_nhl", "market"]


class Step(NamedTuple):
    quantity: str
    value: float | None
    derivation: str


def prob_audit(
    bets: pd.DataFrame,
    prices: pd.DataFrame,
    projections: pd.DataFrame,
    probabilities: pd.DataFrame,
    policy: EvPolicy,
) -> pd.DataFrame:
    """EV_PROB_AUDIT: the steps of every bet.

    bets: EV_MULTI_BOOK_BEST_BETS. prices: EV_FAIR_PRICES that they were chosen from. projections: skaters'
    and goalies' rows together. probabilities: SINGLE_GAME_PROP_PROBABILITIES. policy: the one of the prices.
    """
    priced = prices[["game_date", "quote_id", "book_key", "prob_implied", "prob_push_model"]]
    rows = bets.merge(priced, on=["game_date", "quote_id"])
    model = ["mean", "mean_base", "opponent_factor", "home_factor", "distribution", "dispersion"]
    model += ["games_played", "is_fallback", "model_version"]
    rows = rows.merge(projections[[*PLAYER_MARKET, *model]], on=PLAYER_MARKET, how="left")
    rows = rows.merge(probabilities[[*LINE, "p_over", "p_push", "p_under"]], on=LINE, how="left")
    others = _others(rows, prices, policy)
    records: list[Any] = list(rows.itertuples(index=False))
    steps = []
    for bet in records:
        derived = [*_model_steps(bet), *_market_steps(bet, others[bet.bet_id], policy), *_value_steps(bet)]
        steps += [(bet.game_date, bet.bet_id, number, *step) for number, step in enumerate(derived, start=1)]
    columns = ["game_date", "bet_id", "step", "quantity", "value", "derivation"]
    return EV_PROB_AUDIT.conform(pd.DataFrame(steps, columns=columns))


def _others(rows: pd.DataFrame, prices: pd.DataFrame, policy: EvPolicy) -> dict[str, list[Any]]:
    """By bet, the other books behind its consensus with both their prices."""
    books = voices(prices, policy)[[*BOOK_LINE, "book_name", "book_key"]]
    sides = {
        name: prices.loc[
            prices["side"] == side, [*BOOK_LINE, "price_decimal", "prob_implied", "prob_devig_book"]
        ]
        for name, side in (("over", Side.OVER), ("under", Side.UNDER))
    }
    books = books.merge(sides["over"], on=BOOK_LINE)
    books = books.merge(sides["under"], on=BOOK_LINE, suffixes=("_over", "_under"))
    pairs = rows[["bet_id", "book_key", "side", *LINE]].merge(books, on=LINE, suffixes=("_bet", ""))
    speaks = pairs["prob_devig_book_over"].notna() & (pairs["book_key"] != pairs["book_key_bet"])
    pairs = pairs[speaks].sort_values(["bet_id", "book_key"])
    found: defaultdict[str, list[Any]] = defaultdict(list)
    records: list[Any] = list(pairs.itertuples(index=False))
    for pair in records:
        found[pair.bet_id].append(pair)
    return found


def _model_steps(bet: Any) -> list[Step]:
    """From the projected mean to the model's probability; a step says so where there is no projection."""
    if pd.isna(bet.mean):
        return [Step("prob_model", None, f"no projection of {bet.market} for this player")]
    basis = "the prior of his position alone" if bet.is_fallback else f"{bet.games_played} games of history"
    product = f"{bet.mean_base:.4f} x {bet.opponent_factor:.4f} x {bet.home_factor:.4f}"
    variance = f"{bet.mean:.4f} + {bet.dispersion:.4f} x {bet.mean:.4f}^2"
    split = f"P(X < {bet.line:g}) {bet.p_under:.4f}, P(X = {bet.line:g}) {bet.p_push:.4f}, "
    split += f"P(X > {bet.line:g}) {bet.p_over:.4f}"
    steps = [
        Step("mean_base", bet.mean_base, f"weighted, shrunk rate from {basis} (model {bet.model_version})"),
        Step("opponent_factor", bet.opponent_factor, f"what {bet.opponent} allows, 1 = league average"),
        Step("home_factor", bet.home_factor, "at home or away, 1 = neither"),
        Step("mean", bet.mean, f"{product} = {bet.mean:.4f}"),
        Step("dispersion", bet.dispersion, f"{bet.distribution} with variance {variance}"),
        Step("prob_model", bet.prob_model, f"{bet.side.lower()} wins: {split}"),
    ]
    if bet.prob_push_model > 0:
        steps.append(
            Step("prob_push_model", bet.prob_push_model, f"P(X = {bet.line:g}): the stake comes back")
        )
    return steps


def _market_steps(bet: Any, others: list[Any], policy: EvPolicy) -> list[Step]:
    """From the price taken to the consensus of the other books."""
    steps = [
        Step("price_decimal", bet.price_decimal, _price(bet)),
        Step("prob_implied", bet.prob_implied, f"1 / {bet.price_decimal:.4f} = {bet.prob_implied:.4f}"),
    ]
    terms = []
    for book in others:
        fair = book.prob_devig_book_over if bet.side == Side.OVER else book.prob_devig_book_under
        total = book.prob_implied_over + book.prob_implied_under
        terms.append(logit(fair))
        derivation = (
            f"over {book.price_decimal_over:.3f} and under {book.price_decimal_under:.3f}: "
            f"{book.prob_implied_over:.4f} + {book.prob_implied_under:.4f} = {total:.4f}, "
            f"hold {100 * (total - 1):.2f} %, {policy.devig_method} = {fair:.4f}"
        )
        steps.append(Step(f"prob_devig_book {book.book_name}", fair, derivation))
    mean = float(np.mean(terms))
    summed = " + ".join(f"({term:.4f})" for term in terms)
    consensus = f"mean logit ({summed}) / {len(terms)} = {mean:.4f}, so 1 / (1 + e^({-mean:.4f}))"
    return [*steps, Step("prob_consensus", bet.prob_consensus, f"{consensus} = {bet.prob_consensus:.4f}")]


def _price(bet: Any) -> str:
    american = bet.price_american
    profit, text = (
        (american / 100, f"{american} / 100") if american > 0 else (-100 / american, f"100 / {-american}")
    )
    if abs(1 + profit - bet.price_decimal) < 5e-7:
        return f"{american:+d} at {bet.book_name}: 1 + {text}"
    return f"decimal odds as {bet.source_vendor} sent them for {bet.book_name}, about {american:+d}"


def _value_steps(bet: Any) -> list[Step]:
    """Fair price, break-even price and EV, against the consensus and against the model."""
    p, d = bet.prob_consensus, bet.price_decimal
    push = 0.0 if bet.line % 1 else bet.prob_push_model
    win = p * (1.0 - push)
    chance = f"{p:.4f}" if push == 0 else f"{p:.4f} x (1 - {push:.4f})"
    plus = "" if push == 0 else f" + {push:.4f}"
    steps = [
        Step("fair_price_decimal", bet.fair_price_decimal, f"1 / {p:.4f} = {bet.fair_price_decimal:.4f}"),
        Step(
            "break_even_price_decimal",
            bet.break_even_price_decimal,
            f"(1 - {push:.4f}) / {win:.4f} = {bet.break_even_price_decimal:.4f}",
        ),
        Step("ev_pct", bet.ev_pct, f"100 x ({chance} x {d:.4f}{plus} - 1) = {bet.ev_pct:.2f} %"),
    ]
    if pd.notna(bet.ev_model_pct):
        claim = f"100 x ({bet.prob_model:.4f} x {d:.4f}{plus} - 1) = {bet.ev_model_pct:.2f} %"
        steps.append(Step("ev_model_pct", bet.ev_model_pct, claim))
    return steps
