import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from nhl_ops.domain.devig import DevigMethod, devig
from nhl_ops.domain.odds import decimal_from_american
from nhl_ops.transforms.fair_prices import fair_prices
from nhl_ops_tests.transforms.ev_frames import (
    GAME,
    NOON,
    PLAYER,
    SLATE,
    START,
    et,
    facts,
    games,
    players,
    policy,
    probabilities,
)

FIVE = et(f"{SLATE} 17:00")
Board = dict[str, tuple[int, int | None]]
BOOKS: Board = {"DraftKings": (-110, -110), "FanDuel": (-120, 100), "Pinnacle": (-105, -115)}


def quotes(board: Board, **more: object) -> list[dict[str, object]]:
    """A quote a side: {book: (over, under)}; a book without an under is one-sided."""
    return [
        {"quote_id": f"{book}-{side}{more.get('line', '')}", "book_id": book, "book_name": book, "side": side}
        | {"price_american": price}
        | more
        for book, sides in board.items()
        for side, price in zip(("OVER", "UNDER"), sides, strict=True)
        if price is not None
    ]


def priced(*rows: dict[str, object], model: pd.DataFrame | None = None, **limits: object) -> pd.DataFrame:
    table = probabilities({}) if model is None else model
    seen = fair_prices(facts(*rows), games({}), players({}), table, policy(**limits))
    return seen.set_index("quote_id")


def implied(american: int) -> float:
    return 1.0 / decimal_from_american(american)


def p_over(board: Board, book: str, method: DevigMethod = DevigMethod.PROBIT) -> float:
    over, under = board[book]
    return float(devig(implied(over), implied(under), method))


def test_a_two_way_price_is_freed_of_its_margin() -> None:
    row = priced(*quotes({"FanDuel": (-120, 100)})).loc["FanDuel-OVER"]
    assert row["hold"] == pytest.approx(implied(-120) + 0.5 - 1)
    assert row["prob_devig_book"] == pytest.approx(p_over(BOOKS, "FanDuel"))
    assert (row["devig_basis"], row["devig_method"]) == ("two_way", "probit")


def test_both_sides_of_a_book_sum_to_one() -> None:
    assert priced(*quotes(BOOKS)).groupby("book_name")["prob_devig_book"].sum().tolist() == pytest.approx(
        [1.0] * 3
    )


def test_the_consensus_is_the_logit_mean_of_the_other_books() -> None:
    row = priced(*quotes(BOOKS)).loc["DraftKings-OVER"]
    others = [p_over(BOOKS, book) for book in ("FanDuel", "Pinnacle")]
    assert row["prob_consensus"] == pytest.approx(expit(np.mean(logit(others))))
    assert row["books_in_consensus"] == 2


def test_the_priced_book_says_nothing_about_itself() -> None:
    moved = BOOKS | {"DraftKings": (-300, 220)}
    before, after = (priced(*quotes(board)).loc["DraftKings-OVER"] for board in (BOOKS, moved))
    assert after["prob_consensus"] == pytest.approx(before["prob_consensus"])
    assert after["prob_devig_book"] > before["prob_devig_book"]


def test_the_consensus_of_both_sides_sums_to_one() -> None:
    sums = priced(*quotes(BOOKS)).groupby("book_name")["prob_consensus"].sum()
    assert sums.tolist() == pytest.approx([1.0] * 3)


def test_a_single_book_has_no_consensus_and_no_ev() -> None:
    row = priced(*quotes({"DraftKings": (-110, -110)})).loc["DraftKings-OVER"]
    assert row["books_in_consensus"] == 0
    assert row[["prob_consensus", "prob_consensus_spread", "fair_price_decimal", "ev_pct"]].isna().all()
    assert row["ev_model_pct"] == pytest.approx(100 * (0.55 * decimal_from_american(-110) - 1))


def test_a_one_sided_price_gets_the_others_consensus_and_gives_none() -> None:
    seen = priced(*quotes(BOOKS | {"BetMGM": (150, None)}))
    row = seen.loc["BetMGM-OVER"]
    assert (row["devig_basis"], row["books_in_consensus"]) == ("none", 3)
    assert row[["hold", "prob_devig_book"]].isna().all()
    assert row["ev_pct"] == pytest.approx(100 * (row["prob_consensus"] * 2.5 - 1))
    assert seen.loc["DraftKings-OVER", "books_in_consensus"] == 2


def test_another_line_is_no_evidence() -> None:
    seen = priced(
        *quotes(BOOKS), *quotes({"BetMGM": (150, -190)}, line=3.5), model=probabilities({"line": 3.5})
    )
    assert seen.loc["BetMGM-OVER3.5", "books_in_consensus"] == 0


@pytest.mark.parametrize("price", [(-250, -250), (150, 150)])
def test_a_hold_that_nobody_offers_is_shown_and_enters_no_consensus(price: tuple[int, int]) -> None:
    seen = priced(*quotes(BOOKS | {"Broken": price}))
    assert seen.loc["DraftKings-OVER", "books_in_consensus"] == 2
    assert seen.loc["Broken-OVER", "prob_devig_book"] == pytest.approx(0.5)


def test_a_book_that_is_not_bettable_is_shown_and_enters_no_consensus() -> None:
    seen = priced(*quotes(BOOKS | {"PrizePicks": (-119, -119)}), not_bettable=("prizepicks",))
    assert seen.loc[["PrizePicks-OVER", "DraftKings-OVER"], "is_bettable"].tolist() == [False, True]
    assert seen.loc["DraftKings-OVER", "books_in_consensus"] == 2
    assert seen.loc["PrizePicks-OVER", "books_in_consensus"] == 3


def test_a_price_too_old_enters_no_consensus() -> None:
    old = quotes({"FanDuel": (-120, 100)}, last_seen_at_utc=NOON)
    fresh = quotes({book: BOOKS[book] for book in ("DraftKings", "Pinnacle")}, last_seen_at_utc=FIVE)
    seen = priced(*old, *fresh, max_quote_age_sec=3 * 3600)
    assert seen.loc["DraftKings-OVER", ["books_in_consensus", "quote_age_sec"]].tolist() == [1, 2 * 3600]
    assert seen.loc["FanDuel-OVER", ["books_in_consensus", "quote_age_sec"]].tolist() == [2, 7 * 3600]


def test_a_book_that_two_vendors_carry_speaks_once_and_never_about_itself() -> None:
    again = quotes({"DraftKings": (-130, 110)}, source_vendor="PLAYNOW", last_seen_at_utc=FIVE)
    again = [row | {"quote_id": f"{row['quote_id']}-2"} for row in again]
    seen = priced(*quotes(BOOKS), *again)
    assert seen.loc["DraftKings-OVER", "books_in_consensus"] == 2
    assert seen.loc["DraftKings-OVER-2", "books_in_consensus"] == 2
    others = [float(devig(implied(-130), implied(110), DevigMethod.PROBIT)), p_over(BOOKS, "Pinnacle")]
    assert seen.loc["FanDuel-OVER", "prob_consensus"] == pytest.approx(expit(np.mean(logit(others))))


def test_the_newest_price_of_a_book_at_a_line_counts() -> None:
    newer = quotes({"FanDuel": (-140, 118)}, captured_at_utc=FIVE, last_seen_at_utc=FIVE)
    newer = [row | {"quote_id": f"{row['quote_id']}-2"} for row in newer]
    seen = priced(*quotes(BOOKS), *newer)
    assert [i for i in seen.index if i.startswith("FanDuel")] == ["FanDuel-OVER-2", "FanDuel-UNDER-2"]


def test_of_two_prices_as_new_the_main_lines_counts() -> None:
    ladder = quotes({"FanDuel": (-150, 125)}, is_alternate=True)
    ladder = [row | {"quote_id": f"a{row['quote_id']}"} for row in ladder]
    seen = priced(*ladder, *quotes({"FanDuel": (-120, 100)}))
    assert sorted(seen["price_american"]) == [-120, 100]


@pytest.mark.parametrize(
    "gone",
    [
        {"is_live": True},
        {"captured_at_utc": START},
        {"last_seen_at_utc": START + pd.Timedelta(minutes=1)},
        {"player_id_nhl": 4},
    ],
    ids=["in play", "captured at the start", "seen after as-of", "not among the players"],
)
def test_only_pregame_prices_of_the_slates_players_are_priced(gone: dict[str, object]) -> None:
    assert priced(*quotes(BOOKS, **gone)).empty


def test_a_game_that_is_not_played_has_no_prices() -> None:
    unplayed = games({"is_playable": False})
    assert fair_prices(facts(*quotes(BOOKS)), unplayed, players({}), probabilities({}), policy()).empty


def test_the_headline_is_the_market_and_the_model_stands_beside_it() -> None:
    seen = priced(*quotes(BOOKS))
    for side, model in (("OVER", 0.55), ("UNDER", 0.45)):
        row = seen.loc[f"DraftKings-{side}"]
        assert row["prob_model"] == model
        assert row["ev_pct"] == pytest.approx(100 * (row["prob_consensus"] * row["price_decimal"] - 1))
        assert row["ev_model_pct"] == pytest.approx(100 * (model * row["price_decimal"] - 1))
        assert row["fair_price_decimal"] == pytest.approx(1 / row["prob_consensus"])
        assert row["break_even_price_decimal"] == pytest.approx(row["fair_price_decimal"])
    assert seen.loc["DraftKings-OVER", "fair_price_american"] == -102


def test_a_push_returns_the_stake_at_a_whole_line() -> None:
    model = probabilities({"line": 3.0, "p_over": 0.4, "p_push": 0.2, "p_under": 0.4})
    row = priced(*quotes(BOOKS, line=3.0), model=model).loc["DraftKings-OVER3.0"]
    price, p = row["price_decimal"], row["prob_consensus"]
    assert row["ev_pct"] == pytest.approx(100 * 0.8 * (p * price - 1))
    assert row["ev_model_pct"] == pytest.approx(100 * (0.4 * price + 0.2 - 1))
    assert row["break_even_price_decimal"] == pytest.approx(1 / p)


def test_without_a_model_half_lines_have_ev_and_whole_lines_have_none() -> None:
    seen = priced(*quotes(BOOKS), *quotes(BOOKS, line=3.0), model=probabilities())
    assert seen.loc["DraftKings-OVER", ["prob_model", "ev_model_pct"]].isna().all()
    assert -10 < seen.loc["DraftKings-OVER", "ev_pct"] < 0
    assert pd.isna(seen.loc["DraftKings-OVER3.0", "ev_pct"])
    assert seen.loc["DraftKings-OVER3.0", "books_in_consensus"] == 2


@pytest.mark.parametrize("method", list(DevigMethod))
def test_the_method_is_the_policys_and_its_choice_is_shown_as_spread(method: DevigMethod) -> None:
    board = {"DraftKings": (400, -600), "FanDuel": (380, -550), "Pinnacle": (390, -560)}
    row = priced(*quotes(board), devig_method=method).loc["DraftKings-OVER"]
    by_method = [
        expit(np.mean(logit([p_over(board, book, m) for book in ("FanDuel", "Pinnacle")])))
        for m in DevigMethod
    ]
    assert row["prob_consensus"] == pytest.approx(by_method[list(DevigMethod).index(method)])
    assert row["prob_consensus_spread"] == pytest.approx(max(by_method) - min(by_method))


def test_no_quotes_no_prices() -> None:
    assert priced().empty


american = st.integers(101, 900).flatmap(lambda a: st.sampled_from([a, -a]))
boards = st.dictionaries(
    st.sampled_from(["A", "B", "C", "D"]), st.tuples(american, american | st.none()), min_size=1, max_size=4
)


@settings(max_examples=12, deadline=None)
@given(board=boards)
def test_swapping_the_sides_swaps_the_probabilities(board: Board) -> None:
    complete = {book: sides for book, sides in board.items() if sides[1] is not None}
    swapped = {book: (under, over) for book, (over, under) in complete.items()}
    columns = ["prob_consensus", "prob_devig_book"]
    seen, mirrored = (priced(*quotes(b)) for b in (complete, swapped))
    for book in complete:
        assert seen.loc[f"{book}-OVER", columns].tolist() == pytest.approx(
            mirrored.loc[f"{book}-UNDER", columns].tolist(), nan_ok=True
        )


@settings(max_examples=12, deadline=None)
@given(board=boards)
def test_no_probability_leaves_the_unit_interval_and_no_price_its_bounds(board: Board) -> None:
    seen = priced(*quotes(board))
    for column in ("prob_implied", "prob_devig_book", "prob_consensus"):
        known = seen[column].dropna()
        assert ((known > 0) & (known < 1)).all()
    assert (seen["fair_price_decimal"].dropna() > 1).all()
    assert seen["books_in_consensus"].between(0, len(board) - 1).all()


def test_a_range_of_slates_gives_the_prices_of_each_to_the_last_bit() -> None:
    second = {"game_date": "2026-01-06", "game_id_nhl": GAME + 1}
    tomorrow = {k: et(f"2026-01-06 {h}:00") for k, h in (("captured_at_utc", 12), ("last_seen_at_utc", 12))}
    instants = {k: et("2026-01-06 19:00") for k in ("start_time_utc", "as_of_ts_utc")}
    both = games({}, second | instants)
    rng = np.random.default_rng(3)
    sides = [int(s * a) for s, a in itertools.product((1, -1), rng.integers(101, 400, 4))]
    board = {f"B{n}": (over, under) for n, (over, under) in enumerate(itertools.product(sides, sides))}
    rows = facts(*quotes(board), *quotes(board, **second, **tomorrow))
    known = players({}, second | {"as_of_ts_utc": instants["as_of_ts_utc"]})
    model = probabilities({}, second)
    limits = policy(hold_min=-0.5, hold_max=0.5)
    together = fair_prices(rows, both, known, model, limits)
    one_by_one = [
        fair_prices(*(t[t["game_date"] == day] for t in (rows, both, known, model)), limits)
        for day in both["game_date"]
    ]
    pd.testing.assert_frame_equal(together, pd.concat(one_by_one, ignore_index=True), check_exact=True)
    assert together["player_id_nhl"].unique().tolist() == [PLAYER]


def test_a_book_that_two_vendors_spell_differently_is_one_voice() -> None:
    alone = priced(*quotes(BOOKS))
    twice = priced(
        *quotes(BOOKS),
        *(
            row
            | {
                "quote_id": f"x{row['quote_id']}",
                "source_vendor": "ODDS_API",
                "book_name": "draftkings",
                "book_id": "dk",
            }
            for row in quotes({"DraftKings": BOOKS["DraftKings"]})
        ),
    )
    assert set(twice["book_key"]) == set(alone["book_key"])
    both = twice.merge(alone, on="quote_id", suffixes=("", "_alone"))
    assert both["books_in_consensus"].tolist() == both["books_in_consensus_alone"].tolist()
    assert both["prob_consensus"].tolist() == pytest.approx(both["prob_consensus_alone"].tolist())
