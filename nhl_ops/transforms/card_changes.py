"""What changed between two versions of a card."""

from typing import Any

import pandas as pd

from nhl_ops.domain.cards import BetChange, BetChangeKind

EV_STEP_PCT = 0.1
"""An EV that moved less than this, at an equal price, is no change that a reader acts on."""


def card_changes(before: pd.DataFrame, after: pd.DataFrame) -> tuple[BetChange, ...]:
    """Best bets (columns of ev_multi_book_best_bets, one slate) that were added, removed or priced anew.

    In order: added and changed ones by their new rank, then removed ones by their former rank.
    """
    old = {bet["bet_id"]: bet for bet in before.sort_values("rank").to_dict("records")}
    new = {bet["bet_id"]: bet for bet in after.sort_values("rank").to_dict("records")}
    pairs: list[tuple[Any, Any]] = [(old.get(bet_id), bet) for bet_id, bet in new.items()]
    pairs += [(bet, None) for bet_id, bet in old.items() if bet_id not in new]
    return tuple(_change(a, b, kind) for a, b in pairs if (kind := _kind(a, b)) is not None)


def _kind(old: Any, new: Any) -> BetChangeKind | None:
    if old is None:
        return BetChangeKind.ADDED
    if new is None:
        return BetChangeKind.REMOVED
    if (old["price_american"], old["book_name"]) != (new["price_american"], new["book_name"]):
        return BetChangeKind.PRICE
    return BetChangeKind.EV if abs(old["ev_pct"] - new["ev_pct"]) >= EV_STEP_PCT else None


def _change(old: Any, new: Any, kind: BetChangeKind) -> BetChange:
    bet = new or old
    return BetChange(
        kind,
        bet["bet_id"],
        bet["player_name"],
        bet["market"],
        float(bet["line"]),
        bet["side"],
        book_before=old and old["book_name"],
        book_after=new and new["book_name"],
        price_before=old and int(old["price_american"]),
        price_after=new and int(new["price_american"]),
        ev_before=old and round(float(old["ev_pct"]), 6),
        ev_after=new and round(float(new["ev_pct"]), 6),
    )
