import numpy as np
import pandas as pd
import pytest

from nhl_ops.transforms.best_bets import best_bets
from nhl_ops.transforms.settlements import Results, settle_slate
from nhl_ops.transforms.slate_reports import SlateTables, report_daily
from nhl_ops_tests.transforms.ev_frames import (
    GAME,
    NEXT_DAY,
    SLATE,
    Row,
    et,
    facts,
    final,
    games,
    goalies,
    policy,
    prices,
    probabilities,
    schedule,
    sightings,
    skaters,
)

NEXT = "2026-01-06"
WINNER = {"quote_id": "a", "book_name": "A", "price_american": 120, "ev_pct": 4.0}
LOSER = {"quote_id": "b", "book_name": "B", "line": 3.5, "price_american": 200, "ev_pct": 2.0}
VOID = {"quote_id": "c", "player_id_nhl": 9, "ev_pct": 1.0}


def tables(
    game: list[Row] | None = None,
    fact: list[Row] | None = None,
    price: list[Row] | None = None,
    seen: list[Row] | None = None,
    is_played: bool = True,
) -> SlateTables:
    price_rows = prices(*([WINNER, LOSER, VOID] if price is None else price))
    bets = best_bets(price_rows, policy())
    finals = final({}) if is_played else final()
    results = Results(finals, skaters({}), goalies({}), schedule({}))
    return SlateTables(
        games(*([{}] if game is None else game)),
        facts(*([{}] if fact is None else fact)),
        probabilities({}, {"line": 3.5}, {"market": "GOALS", "line": 0.5, "is_fallback": True}),
        price_rows,
        bets,
        settle_slate(price_rows, bets, results, NEXT_DAY),
        sightings(*([{}] if seen is None else seen)),
    )


def daily(**parts: object) -> pd.Series:
    return report_daily([SLATE], tables(**parts)).iloc[0]


def test_a_slate_is_told_in_figures() -> None:
    row = daily(
        fact=[
            {},
            {"quote_id": "x", "book_name": "B", "player_id_nhl": None, "mapping_method": "unresolved"},
            {"quote_id": "y", "captured_at_utc": et(f"{SLATE} 19:01")},
        ]
    )
    assert (row["outcome"], row["outcome_reason"]) == ("ok", None)
    figures = ["games", "games_with_odds", "quotes", "quotes_mapped", "books", "players_projected", "prices"]
    assert row[figures].tolist() == [1, 1, 2, 1, 2, 1, 3]
    assert row["fallback_share"] == 0.5


def test_bets_and_what_became_of_them_are_counted() -> None:
    row = daily()
    assert row[["best_bets", "best_ev_pct", "bets_won", "bets_lost", "bets_void", "bets_pending"]].tolist() == [
        3, 4.0, 1, 1, 1, 0,
    ]  # fmt: skip
    assert row["mean_ev_pct"] == pytest.approx(7 / 3, abs=1e-6)
    assert row["profit_units"] == pytest.approx(1.2 - 1.0)


def test_while_nothing_is_settled_profit_is_unknown_and_not_zero() -> None:
    row = daily(is_played=False)
    assert row[["bets_pending", "rows_scored"]].tolist() == [3, 0]
    assert row[["profit_units", "log_loss_model", "log_loss_consensus"]].isna().all()


def test_both_log_losses_score_the_same_wagers_once() -> None:
    over = {"prob_consensus": 0.6, "prob_model": 0.7}
    row = daily(
        price=[
            WINNER | over | {"prob_consensus": 0.5},
            WINNER | over | {"quote_id": "a2", "book_name": "A2", "prob_consensus": 0.7},
            WINNER | {"quote_id": "u", "side": "UNDER"},
            LOSER | over,
            LOSER | {"quote_id": "n", "line": 4.5, "prob_model": None},
            VOID,
        ]
    )
    assert row["rows_scored"] == 2
    assert row["log_loss_model"] == pytest.approx(-(np.log(0.7) + np.log(0.3)) / 2, abs=1e-6)
    assert row["log_loss_consensus"] == pytest.approx(-(np.log(0.6) + np.log(0.4)) / 2, abs=1e-6)


DOWN = {"outcome": "vendor_down", "payload_hash": None, "error": "connect timeout"}


@pytest.mark.parametrize(
    ("parts", "outcome", "said"),
    [
        ({"game": [], "fact": []}, "no_games", "No game is scheduled for 2026-01-05."),
        ({"game": []}, "no_games", "although vendors offer 1 quotes"),
        ({"game": [{"is_playable": False}], "fact": []}, "no_games", "No game is scheduled"),
        ({"fact": []}, "not_offered_yet", "The vendors answered and offer no player props yet."),
        ({"fact": [], "seen": [{"outcome": "not_offered_yet"}]}, "not_offered_yet", "offer no player props"),
        ({"fact": [], "seen": []}, "endpoint_serves_no_history", "No odds endpoint was asked on 2026-01-05"),
        ({"fact": [], "seen": [DOWN]}, "vendor_down", "UNABATED: vendor_down (connect timeout)"),
        ({"fact": [], "seen": [DOWN | {"outcome": "rejected"}]}, "rejected", "UNABATED: rejected"),
        (
            {"fact": [], "seen": [DOWN, {"captured_at_utc": et(f"{SLATE} 17:00")}]},
            "not_offered_yet",
            "answered",
        ),
        (
            {"seen": [{}, DOWN | {"source_vendor": "PLAYNOW"}]},
            "ok",
            "last answer of a vendor failed: PLAYNOW: vendor_down",
        ),
    ],
)
def test_each_kind_of_nothing_has_its_own_outcome_and_sentence(
    parts: dict[str, object], outcome: str, said: str
) -> None:
    row = daily(price=[], **parts)
    assert row["outcome"] == outcome
    assert said in row["outcome_reason"]


def test_a_slate_on_which_nothing_happened_has_a_row_of_zeros() -> None:
    report = report_daily([SLATE, "2026-07-01"], tables())
    idle = report.iloc[1]
    assert idle[["games", "quotes", "prices", "best_bets", "rows_scored"]].tolist() == [0] * 5
    assert idle[["fallback_share", "best_ev_pct", "profit_units"]].isna().all()


def test_a_requoted_mapping_counts_its_quote_once() -> None:
    row = daily(fact=[{"player_id_nhl": None, "mapping_method": "unresolved"}, {"created_at_utc": NEXT_DAY}])
    assert row[["quotes", "quotes_mapped"]].tolist() == [1, 1]


def test_a_range_of_slates_reports_as_each_slate_does() -> None:
    other = {"game_date": NEXT, "game_id_nhl": GAME + 1}
    both = SlateTables(
        games({}, other | {"as_of_ts_utc": et(f"{NEXT} 19:00")}),
        facts({}, other | {"quote_id": "z"}),
        probabilities({}, other),
        prices(WINNER, WINNER | other),
        best_bets(prices(WINNER, WINNER | other), policy()),
        tables().settlements,
        sightings({}, {"capture_date": NEXT, "outcome": "vendor_down"}),
    )
    parts = [
        report_daily(
            [day],
            SlateTables(
                *(t[t["game_date"] == day] for t in list(vars(both).values())[:-1]),
                both.sightings[both.sightings["capture_date"] == day],
            ),
        )
        for day in (SLATE, NEXT)
    ]
    together = report_daily([SLATE, NEXT], both)
    pd.testing.assert_frame_equal(together, pd.concat(parts, ignore_index=True))
