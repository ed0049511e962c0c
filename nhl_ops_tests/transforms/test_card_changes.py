"""What changed between two versions of a card, bet by bet."""

import pandas as pd

from nhl_ops.domain.cards import BetChangeKind
from nhl_ops.transforms.card_changes import EV_STEP_PCT, card_changes


def bet(
    bet_id: str, rank: int, price: int = 120, book: str = "FanDuel", ev: float = 3.0
) -> dict[str, object]:
    return {
        "bet_id": bet_id,
        "rank": rank,
        "player_name": f"Player {bet_id}",
        "market": "SOG",
        "line": 2.5,
        "side": "OVER",
        "book_name": book,
        "price_american": price,
        "ev_pct": ev,
    }


def changes(
    before: list[dict[str, object]], after: list[dict[str, object]]
) -> list[tuple[str, BetChangeKind]]:
    columns = list(bet("x", 1))
    frames = (pd.DataFrame(rows, columns=columns) for rows in (before, after))
    return [(change.bet_id, change.kind) for change in card_changes(*frames)]


def test_an_equal_card_has_no_changes_whatever_the_order_of_its_rows() -> None:
    assert changes([bet("a", 1), bet("b", 2)], [bet("b", 2), bet("a", 1)]) == []
    assert changes([], []) == []


def test_a_new_rank_alone_is_no_change() -> None:
    assert changes([bet("a", 1), bet("b", 2)], [bet("a", 2), bet("b", 1)]) == []


def test_added_ones_come_by_their_rank_and_removed_ones_after_them() -> None:
    found = changes([bet("a", 1), bet("b", 2)], [bet("d", 2), bet("c", 1)])
    added, removed = BetChangeKind.ADDED, BetChangeKind.REMOVED
    assert found == [("c", added), ("d", added), ("a", removed), ("b", removed)]


def test_another_price_or_another_book_is_a_changed_price() -> None:
    assert changes([bet("a", 1)], [bet("a", 1, price=115)]) == [("a", BetChangeKind.PRICE)]
    assert changes([bet("a", 1)], [bet("a", 1, book="Caesars")]) == [("a", BetChangeKind.PRICE)]


def test_an_ev_that_moved_by_a_step_is_told_and_a_smaller_move_is_not() -> None:
    assert changes([bet("a", 1)], [bet("a", 1, ev=3.0 + EV_STEP_PCT)]) == [("a", BetChangeKind.EV)]
    assert changes([bet("a", 1)], [bet("a", 1, ev=3.0 + EV_STEP_PCT / 2)]) == []


def test_a_change_holds_both_sides() -> None:
    columns = list(bet("x", 1))
    before = pd.DataFrame([bet("a", 1)], columns=columns)
    after = pd.DataFrame([bet("a", 1, price=-105, book="Caesars", ev=1.5)], columns=columns)
    (change,) = card_changes(before, after)
    assert (change.book_before, change.price_before, change.ev_before) == ("FanDuel", 120, 3.0)
    assert (change.book_after, change.price_after, change.ev_after) == ("Caesars", -105, 1.5)
    (gone,) = card_changes(before, after.head(0))
    assert (gone.book_after, gone.price_after, gone.ev_after) == (None, None, None)
