import pandas as pd
import pytest

from nhl_ops.transforms.best_bets import best_bets, bet_id
from nhl_ops_tests.transforms.ev_frames import GAME, PLAYER, SLATE, policy, prices


def book(name: str, price: int, **more: object) -> dict[str, object]:
    return {"quote_id": name, "book_name": name, "book_id": name, "price_american": price, **more}


def test_a_wager_is_one_row_at_its_best_price() -> None:
    bets = best_bets(
        prices(book("A", 100, ev_pct=0.0), book("B", 120, ev_pct=10.0), book("C", 110)), policy()
    )
    assert bets[["book_name", "price_american", "books_quoting", "rank"]].values.tolist() == [
        ["B", 120, 3, 1]
    ]


def test_sides_and_lines_are_wagers_of_their_own() -> None:
    bets = best_bets(
        prices(book("A", 100), book("A2", 100, side="UNDER"), book("A3", 100, line=3.5)), policy()
    )
    assert len(bets) == bets["bet_id"].nunique() == 3


@pytest.mark.parametrize(
    ("untaken", "limits"),
    [
        ({"is_bettable": False}, {}),
        ({"books_in_consensus": 1}, {}),
        ({"ev_pct": -0.1}, {}),
        ({"ev_pct": None}, {}),
        ({"quote_age_sec": 601.0}, {"max_quote_age_sec": 600}),
        ({"price_american": 650}, {"max_price_american": 600}),
        ({"price_american": -450}, {"min_price_american": -400}),
        ({"ev_pct": 1.9}, {"min_ev_pct": 2.0}),
    ],
)
def test_a_price_outside_the_policy_is_not_taken(
    untaken: dict[str, object], limits: dict[str, object]
) -> None:
    assert best_bets(prices(book("A", 110) | untaken), policy(**limits)).empty
    assert len(best_bets(prices(book("A", 110)), policy(**limits))) == 1


def test_a_price_that_cannot_be_taken_does_not_hide_the_next_best() -> None:
    bets = best_bets(prices(book("A", 900), book("B", 110)), policy(max_price_american=600))
    assert bets[["book_name", "books_quoting"]].values.tolist() == [["B", 2]]


def test_bets_are_ranked_by_ev_within_their_slate() -> None:
    table = prices(
        book("A", 110, ev_pct=1.0),
        book("B", 110, ev_pct=3.0, line=3.5),
        book("C", 110, ev_pct=2.0, line=4.5, game_date="2026-01-06"),
    )
    bets = best_bets(table, policy())
    assert bets[["game_date", "rank", "ev_pct"]].values.tolist() == [
        [SLATE, 1, 3.0],
        [SLATE, 2, 1.0],
        ["2026-01-06", 1, 2.0],
    ]


def test_no_more_bets_than_the_policy_allows() -> None:
    table = prices(*(book(f"A{n}", 110, line=n + 0.5, ev_pct=float(n)) for n in range(5)))
    assert best_bets(table, policy(max_bets=2))["ev_pct"].tolist() == [4.0, 3.0]


def test_an_ev_too_good_to_be_true_is_shown_as_suspect() -> None:
    table = prices(book("A", 110, ev_pct=10.0), book("B", 110, ev_pct=10.1, line=3.5))
    assert best_bets(table, policy(max_credible_ev_pct=10.0))["is_suspect"].tolist() == [True, False]


def test_equal_prices_go_to_the_younger_quote_then_to_the_name() -> None:
    table = prices(book("B", 110), book("A", 110), book("C", 110, quote_age_sec=1.0))
    assert best_bets(table, policy())["book_name"].tolist() == ["C"]
    assert best_bets(table[table["book_name"] != "C"], policy())["book_name"].tolist() == ["A"]


def test_the_order_of_the_prices_changes_nothing() -> None:
    table = prices(*(book(f"A{n}", 100 + n % 3, line=n // 3 + 0.5) for n in range(12)))
    shuffled = table.sample(frac=1.0, random_state=5)
    pd.testing.assert_frame_equal(best_bets(table, policy()), best_bets(shuffled, policy()))


def test_a_wager_has_the_same_id_in_every_run() -> None:
    bets = best_bets(prices(book("A", 110)), policy())
    assert bets["bet_id"].tolist() == [bet_id((GAME, PLAYER, "SOG", 2.5, "OVER"))] == ["f8dafbe71b0ca9b3"]


def test_no_prices_no_bets() -> None:
    assert best_bets(prices(), policy()).empty
