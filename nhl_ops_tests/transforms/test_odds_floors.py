"""Figures of floors, on tables of numbers."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.domain.floors import HoldFloor, MirrorFloor, TwoSidedFloor, VolumeFloor
from nhl_ops.transforms.odds_floors import holds, mirrored, one_sided, similar_days, volumes

VOLUME = VolumeFloor(history_days=10, min_days=3, similar_games=2, min_share_of_median=0.5, min_median=1)
SIDES = TwoSidedFloor(yes_only_markets=("GOALS",), min_lines=1, max_one_sided_share=0.25)
MIRROR = MirrorFloor(min_edge=0.05, min_lines=1, max_mirrored_share=0.5)
HOLD = HoldFloor(hold_min=0.0, hold_max=0.15, min_lines=1, max_share_outside=0.05)
SLATE = "2026-01-20"
GAMES = {"2026-01-09": 7, "2026-01-10": 9, "2026-01-15": 5, "2026-01-16": 4, "2026-01-18": 7, "2026-01-19": 0}


def offers(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["game_date", "source_vendor", "market", "offers"])


def figures(found: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(row) for row in found.itertuples(index=False)]


@pytest.mark.parametrize(
    ("games", "days"),
    [
        (7, ["2026-01-10", "2026-01-15", "2026-01-18"]),
        (2, ["2026-01-16"]),
        (14, []),
    ],
)
def test_similar_days_are_within_the_history_and_have_about_as_many_games(
    games: int, days: list[str]
) -> None:
    assert similar_days(SLATE, GAMES | {SLATE: games}, VOLUME) == days


def test_later_days_and_the_slate_itself_are_no_history() -> None:
    assert similar_days("2026-01-15", GAMES | {SLATE: 5}, VOLUME) == ["2026-01-09"]


def test_offers_are_set_beside_the_median_of_similar_days_game_for_game() -> None:
    rows = offers(
        ("2026-01-10", "UNABATED", "SOG", 90),
        ("2026-01-15", "UNABATED", "SOG", 60),
        ("2026-01-16", "UNABATED", "SOG", 5_000),
        ("2026-01-18", "UNABATED", "SOG", 120),
        (SLATE, "UNABATED", "SOG", 30),
    )
    found = volumes(rows, GAMES | {SLATE: 7}, SLATE, VOLUME)
    assert figures(found) == [("UNABATED", "SOG", 30, 3, 84.0)]


def test_a_market_that_is_gone_has_no_offers_and_its_median() -> None:
    rows = offers(*((day, "PLAYNOW", "SAVES", 14) for day in ("2026-01-10", "2026-01-15", "2026-01-18")))
    assert figures(volumes(rows, GAMES | {SLATE: 7}, SLATE, VOLUME)) == [("PLAYNOW", "SAVES", 0, 3, 14.0)]


def test_a_day_counts_for_a_market_as_soon_as_its_vendor_quoted_anything() -> None:
    rows = offers(
        ("2026-01-10", "UNABATED", "SOG", 100),
        ("2026-01-15", "PLAYNOW", "SOG", 50),
        ("2026-01-18", "PLAYNOW", "GOALS", 40),
        (SLATE, "PLAYNOW", "SOG", 50),
    )
    found = volumes(rows, GAMES | {SLATE: 7}, SLATE, VOLUME)
    assert figures(found[found["source_vendor"] == "PLAYNOW"]) == [
        ("PLAYNOW", "GOALS", 0, 2, 20.0),
        ("PLAYNOW", "SOG", 50, 2, 35.0),
    ]


def test_without_any_earlier_day_there_is_no_median() -> None:
    (row,) = volumes(offers((SLATE, "UNABATED", "SOG", 9)), {SLATE: 7}, SLATE, VOLUME).to_dict("records")
    assert (row["offers"], row["days"]) == (9, 0)
    assert pd.isna(row["median"])


def test_no_offers_at_all_are_no_figures() -> None:
    assert volumes(offers(), {SLATE: 7}, SLATE, VOLUME).empty


@given(st.lists(st.integers(0, 500), min_size=3, max_size=3), st.integers(0, 500))
def test_the_median_does_not_depend_on_the_slates_own_offers(past: list[int], tonight: int) -> None:
    days = ("2026-01-10", "2026-01-15", "2026-01-18")
    rows = [(day, "UNABATED", "SOG", count) for day, count in zip(days, past, strict=True)]
    found = volumes(offers(*rows, (SLATE, "UNABATED", "SOG", tonight)), GAMES | {SLATE: 7}, SLATE, VOLUME)
    middle = sorted(count * 7 / GAMES[day] for day, count in zip(days, past, strict=True))[1]
    assert figures(found) == [("UNABATED", "SOG", tonight, 3, middle)]


def prices(*rows: dict[str, object]) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "source_vendor": "UNABATED", "book_name": "FanDuel", "book_id": "2", "game_id_nhl": 1,
        "player_id_nhl": 8, "market": "SOG", "line": 2.5, "hold": 0.06, "is_bettable": True, "is_alternate": False,
    }  # fmt: skip
    return pd.DataFrame([{**defaults, **row} for row in rows]).astype({"hold": "float64"})


def ladder(*found: float | None, **same: object) -> list[dict[str, object]]:
    return [{"line": n + 0.5, "hold": hold, **same} for n, hold in enumerate(found)]


def test_the_share_of_one_sided_lines_is_by_vendor_and_book() -> None:
    rows = prices(*ladder(0.06, None, 0.05, None), *ladder(0.05, book_name="Caesars", book_id="3"))
    found = one_sided(rows, SIDES)
    assert figures(found) == [(SLATE, "UNABATED", "Caesars", 1, 0.0), (SLATE, "UNABATED", "FanDuel", 4, 0.5)]


def test_both_sides_of_a_line_are_one_line() -> None:
    assert figures(one_sided(prices({}, {}), SIDES)) == [(SLATE, "UNABATED", "FanDuel", 1, 0.0)]


@pytest.mark.parametrize("left_out", [{"market": "GOALS"}, {"is_alternate": True}], ids=["anytime", "ladder"])
def test_markets_that_are_sold_as_yes_alone_are_not_counted(left_out: dict[str, object]) -> None:
    rows = prices({}, *ladder(None, None, None, player_id_nhl=9, **left_out))
    assert figures(one_sided(rows, SIDES)) == [(SLATE, "UNABATED", "FanDuel", 1, 0.0)]


def test_holds_outside_of_the_limits_are_counted_with_their_extremes() -> None:
    (row,) = figures(holds(prices(*ladder(0.06, -0.02, 0.2, 0.15, None)), HOLD))
    assert row == (SLATE, "UNABATED", "FanDuel", 4, 0.5, -0.02, 0.2)


def test_a_hold_of_zero_is_inside_whatever_the_rounding() -> None:
    (row,) = figures(holds(prices({"hold": 1 / 3 + 2 / 3 - 1 - 1e-16}), HOLD))
    assert row[4] == 0.0


def test_prices_that_nobody_can_take_have_no_margin_to_judge() -> None:
    assert holds(prices({"is_bettable": False, "hold": -0.5}), HOLD).empty


def test_no_prices_are_no_figures() -> None:
    assert one_sided(prices({}).iloc[:0], SIDES).empty
    assert holds(prices({}).iloc[:0], HOLD).empty


def against(*pairs: tuple[float | None, float | None], **same: object) -> pd.DataFrame:
    """A line for each pair: what the book says of its over, and what the others say."""
    rows = [
        {"line": n + 0.5, "prob_devig_book": own, "prob_consensus": rest}
        for n, (own, rest) in enumerate(pairs)
    ]
    return prices(*({**row, **same} for row in rows))


def test_lines_at_which_a_book_says_the_opposite_of_the_others_are_counted() -> None:
    found = mirrored(against((0.35, 0.65), (0.62, 0.4), (0.6, 0.65), (0.45, 0.44)), MIRROR)
    assert figures(found) == [(SLATE, "UNABATED", "FanDuel", 4, 0.5)]


@pytest.mark.parametrize(
    "pair", [(0.4, 0.54), (None, 0.7), (0.3, None)], ids=["close to even", "one side", "alone"]
)
def test_a_line_that_tells_nothing_is_not_counted(pair: tuple[float | None, float | None]) -> None:
    assert mirrored(
        against(pair).astype({"prob_devig_book": "float64", "prob_consensus": "float64"}), MIRROR
    ).empty


def test_over_and_under_of_a_line_are_one_line_to_a_mirror() -> None:
    both = pd.concat([against((0.35, 0.65)), against((0.65, 0.35))])
    assert figures(mirrored(both, MIRROR)) == [(SLATE, "UNABATED", "FanDuel", 1, 1.0)]
