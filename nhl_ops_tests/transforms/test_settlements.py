import itertools

import pandas as pd
import pytest

from nhl_ops.domain.markets import Side
from nhl_ops.domain.settlement import profit_units, settle
from nhl_ops.transforms.best_bets import best_bets
from nhl_ops.transforms.settlements import Results, settle_slate
from nhl_ops_tests.transforms.ev_frames import (
    GAME,
    NEXT_DAY,
    SLATE,
    et,
    final,
    goalies,
    policy,
    prices,
    schedule,
    skaters,
)

KNOWN = et("2026-01-06 00:45")
GOALIE = {"player_id_nhl": 8476932, "market": "SAVES", "line": 25.5}


def results(
    finals: pd.DataFrame | None = None,
    skater: pd.DataFrame | None = None,
    goalie: pd.DataFrame | None = None,
    plan: pd.DataFrame | None = None,
) -> Results:
    return Results(
        final({}) if finals is None else finals,
        skaters({}) if skater is None else skater,
        goalies({}) if goalie is None else goalie,
        schedule({}) if plan is None else plan,
    )


def settled(
    *rows: dict[str, object], known: Results | None = None, now: pd.Timestamp = NEXT_DAY
) -> pd.DataFrame:
    table = prices(*({"quote_id": f"q{n}", **row} for n, row in enumerate(rows)))
    return settle_slate(table, best_bets(table, policy()), known or results(), now)


def outcome(row: dict[str, object], known: Results | None = None, **more: pd.Timestamp) -> list[object]:
    seen = settled(row, known=known, **more)
    return seen[["outcome", "outcome_reason"]].values.tolist()[0]


@pytest.mark.parametrize(
    ("market", "line", "over", "stat"),
    [
        ("GOALS", 0.5, "won", 1),
        ("ASSISTS", 0.5, "lost", 0),
        ("POINTS", 1.0, "push", 1),
        ("SOG", 3.5, "lost", 3),
        ("BLOCKS", 1.5, "won", 2),
    ],
)
def test_a_wager_settles_on_its_own_statistic(market: str, line: float, over: str, stat: int) -> None:
    row = settled({"market": market, "line": line}).iloc[0]
    assert (row["outcome"], row["stat_value"], row["outcome_reason"]) == (over, stat, None)
    assert row["settled_at_utc"] == KNOWN


def test_zero_is_a_result() -> None:
    none = results(skater=skaters({"shots_on_goal": 0}))
    seen = settled({"side": "OVER"}, {"side": "UNDER"}, known=none)
    assert seen[["side", "outcome", "stat_value"]].values.tolist() == [
        ["OVER", "lost", 0],
        ["UNDER", "won", 0],
    ]


def test_profit_is_that_of_one_unit() -> None:
    seen = settled({"price_american": 150}, {"side": "UNDER"}, {"line": 3.0}, {"player_id_nhl": 9})
    assert seen["profit_units"].tolist() == [1.5, -1.0, 0.0, 0.0]


def test_who_is_absent_from_the_boxscore_is_void() -> None:
    assert outcome({"player_id_nhl": 9}) == ["void", "the player did not play"]


def test_who_dressed_without_a_shift_is_void() -> None:
    assert outcome({}, results(skater=skaters({"toi_sec": 0.0}))) == ["void", "the player did not play"]


@pytest.mark.parametrize(
    ("goalie", "said"),
    [
        ({}, ["won", None]),
        ({"is_starter": False, "toi_sec": 1800.0}, ["void", "the goalie did not start"]),
        ({"player_id_nhl": 5}, ["void", "the goalie did not start"]),
    ],
)
def test_saves_count_for_the_starter_alone(goalie: dict[str, object], said: list[object]) -> None:
    assert outcome(GOALIE, results(goalie=goalies(goalie))) == said


def test_a_game_that_is_not_final_is_pending() -> None:
    row = settled({}, known=results(finals=final())).iloc[0]
    assert (row["outcome"], row["outcome_reason"]) == ("pending", "the game is not final")
    assert row[["stat_value", "profit_units", "settled_at_utc"]].isna().all()


def test_a_result_that_is_not_known_yet_is_pending() -> None:
    assert outcome({}, now=KNOWN - pd.Timedelta(minutes=1)) == ["pending", "the game is not final"]
    assert outcome({}, now=KNOWN) == ["won", None]


@pytest.mark.parametrize(("row", "missing"), [({}, {"skater": skaters()}), (GOALIE, {"goalie": goalies()})])
def test_a_final_game_without_statistics_is_pending_and_nobody_is_void(
    row: dict[str, object], missing: dict[str, pd.DataFrame]
) -> None:
    assert outcome(row, results(**missing)) == [
        "pending",
        "the game is final, its statistics are not known yet",
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"schedule_state": "PPD"}, "the game was postponed"),
        ({"schedule_state": "CNCL"}, "the game was cancelled"),
        ({"game_date": "2026-01-20"}, "the game was moved to 2026-01-20"),
    ],
)
def test_a_game_that_was_called_off_is_void(change: dict[str, object], reason: str) -> None:
    later = {"known_at_utc": KNOWN, "captured_at_utc": KNOWN, "row_hash": "v2"}
    assert outcome({}, results(final(), plan=schedule({}, later | change))) == ["void", reason]


def test_a_moved_game_stays_void_when_it_is_played() -> None:
    moved = {"game_date": "2026-01-20", "known_at_utc": KNOWN, "captured_at_utc": KNOWN, "row_hash": "v2"}
    played = final({"game_date": "2026-01-20"})
    assert outcome({}, results(played, plan=schedule({}, moved)))[0] == "void"


def test_a_correction_settles_again_from_its_own_time_on() -> None:
    corrected_at = et("2026-01-07 12:00")
    later = {
        "shots_on_goal": 2,
        "row_hash": "k2",
        "known_at_utc": corrected_at,
        "captured_at_utc": corrected_at,
    }
    known = results(skater=skaters({}, later))
    assert outcome({}, known, now=NEXT_DAY) == ["won", None]
    after = settled({}, known=known, now=corrected_at).iloc[0]
    assert (after["outcome"], after["stat_value"], after["settled_at_utc"]) == ("lost", 2, corrected_at)


def test_the_published_bets_are_marked_among_all_priced_lines() -> None:
    table = prices({"quote_id": "a"}, {"quote_id": "b", "book_name": "B", "price_american": 130})
    bets = best_bets(table, policy())
    seen = settle_slate(table, bets, results(), NEXT_DAY).set_index("quote_id")
    assert seen["bet_id"].notna().to_dict() == {"a": False, "b": True}
    assert seen.loc["b", "bet_id"] == bets["bet_id"].item()


def test_nothing_priced_nothing_settled() -> None:
    assert settled().empty


@pytest.mark.parametrize("is_final", [True, False])
def test_the_table_settles_as_the_domain_does(is_final: bool) -> None:
    cases = list(itertools.product(range(5), [n / 2 for n in range(10)], Side, [True, False]))
    rows = [
        {"player_id_nhl": stat, "line": line, "side": side.value, "game_id_nhl": GAME + (not played)}
        for stat, line, side, played in cases
    ]
    known = results(
        final({}, {"game_id_nhl": GAME + 1}) if is_final else final(),
        skaters(*({"player_id_nhl": n, "shots_on_goal": n} for n in range(5)), {"game_id_nhl": GAME + 1}),
    )
    seen = settled(*rows, known=known).set_index("quote_id")
    for number, (stat, line, side, played) in enumerate(cases):
        row = seen.loc[f"q{number}"]
        expected = settle(stat, line, side, is_final=is_final, played=played)
        profit = profit_units(expected, row["price_decimal"])
        assert row["outcome"] == expected
        assert pd.isna(row["profit_units"]) if profit is None else row["profit_units"] == profit


def test_a_range_of_slates_settles_as_each_slate_does() -> None:
    other = {"game_date": "2026-01-06", "game_id_nhl": GAME + 1}
    table = prices({}, other | {"quote_id": "q2"})
    known = results(final({}, other), skaters({}, other | {"shots_on_goal": 0}), plan=schedule({}, other))
    bets = best_bets(table, policy())
    together = settle_slate(table, bets, known, NEXT_DAY)
    parts = [
        settle_slate(table[table["game_date"] == day], bets[bets["game_date"] == day], known, NEXT_DAY)
        for day in (SLATE, "2026-01-06")
    ]
    pd.testing.assert_frame_equal(together, pd.concat(parts, ignore_index=True))
    assert together["outcome"].tolist() == ["won", "lost"]
