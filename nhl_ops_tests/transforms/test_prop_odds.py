import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.contracts.encoding import encode, plain
from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.transforms.prop_odds import FACT_KEY, Captures, Reference, normalize
from nhl_ops_tests.transforms.ev_frames import (
    GAME,
    NOON,
    PLAYER,
    SLATE,
    aliases,
    et,
    facts,
    games,
    players,
    quarantined,
    raw_quotes,
    sightings,
)

NEXT = "2026-01-06"
FIVE = et(f"{SLATE} 17:00")
AFTERNOON = {"payload_hash": "p2", "captured_at_utc": FIVE}
NEXT_GAME = {
    "game_date": NEXT,
    "game_id_nhl": GAME + 1,
    "start_time_utc": et(f"{NEXT} 19:00"),
    "as_of_ts_utc": et(f"{NEXT} 19:00"),
}
REFERENCE = Reference(
    games({}, NEXT_GAME),
    players({}, {k: v for k, v in NEXT_GAME.items() if k != "start_time_utc"}),
    aliases(),
)
BALANCE = ["seen", "accepted", "duplicate", "other_slate", "quarantined", "mapped"]


def run(
    quotes: pd.DataFrame,
    *days: str,
    seen: pd.DataFrame | None = None,
    letters: pd.DataFrame | None = None,
    existing: pd.DataFrame | None = None,
    lookback: int = 2,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    captures = Captures(
        quotes, sightings() if seen is None else seen, quarantined() if letters is None else letters
    )
    return normalize(
        captures, REFERENCE, list(days or (SLATE,)), lookback, facts() if existing is None else existing
    )


def balance(accounting: pd.DataFrame) -> dict[str, list[int]]:
    return {row["payload_hash"]: [row[c] for c in BALANCE] for _, row in accounting.iterrows()}


def test_a_quote_becomes_a_fact_with_its_nhl_ids() -> None:
    new, _ = run(raw_quotes({}))
    row = new.iloc[0]
    assert (row["game_id_nhl"], row["player_id_nhl"], row["mapping_method"]) == (GAME, PLAYER, "exact_name")
    assert (row["captured_at_utc"], row["last_seen_at_utc"]) == (NOON, NOON)


def test_an_unchanged_price_in_new_bytes_is_a_counted_duplicate_that_moves_last_seen() -> None:
    new, accounting = run(raw_quotes({}, AFTERNOON))
    assert new[["payload_hash", "captured_at_utc", "last_seen_at_utc"]].values.tolist() == [
        ["p1", NOON, FIVE]
    ]
    assert balance(accounting) == {"p1": [1, 1, 0, 0, 0, 1], "p2": [1, 0, 1, 0, 0, 0]}


def test_a_quote_twice_in_one_payload_is_a_duplicate_of_that_payload() -> None:
    _, accounting = run(raw_quotes({}, {}))
    assert balance(accounting) == {"p1": [2, 1, 1, 0, 0, 1]}


def test_the_order_of_capture_decides_which_payload_a_fact_comes_from() -> None:
    new, _ = run(raw_quotes(AFTERNOON, {}))
    assert new["payload_hash"].tolist() == ["p1"]


def test_quotes_of_another_slate_are_counted_and_left_to_it() -> None:
    tomorrow = {"game_date": NEXT, "start_time_utc": et(f"{NEXT} 19:00"), "quote_id": "q2"}
    quotes = raw_quotes({}, tomorrow)
    today, accounting = run(quotes, SLATE)
    after, next_accounting = run(quotes, NEXT)
    assert (today["quote_id"].tolist(), after["quote_id"].tolist()) == (["q1"], ["q2"])
    assert balance(accounting) == {"p1": [2, 1, 0, 1, 0, 1]}
    assert balance(next_accounting) == {"p1": [2, 1, 0, 1, 0, 1]}


def test_a_slate_reads_the_captures_of_its_last_days() -> None:
    old = {"capture_date": "2026-01-03", "captured_at_utc": et("2026-01-03 12:00")}
    assert len(run(raw_quotes(old), lookback=2)[0]) == 1
    late, accounting = run(raw_quotes(old), lookback=1)
    assert late.empty
    assert accounting.empty


def test_a_capture_after_the_slates_day_is_not_read() -> None:
    after = {"capture_date": NEXT, "captured_at_utc": et(f"{NEXT} 00:10")}
    assert run(raw_quotes(after))[0].empty


def test_quarantined_rows_are_part_of_what_was_seen() -> None:
    _, accounting = run(raw_quotes({}), letters=quarantined({"quarantined": 2}, {"quarantined": 1}))
    assert balance(accounting) == {"p1": [4, 1, 0, 0, 3, 1]}


def test_a_payload_that_was_quarantined_whole_is_accounted_for() -> None:
    _, accounting = run(raw_quotes({}), letters=quarantined({"payload_hash": "p9", "quarantined": 5}))
    assert balance(accounting) == {"p1": [1, 1, 0, 0, 0, 1], "p9": [5, 0, 0, 0, 5, 0]}


def test_what_cannot_be_mapped_is_a_fact_with_its_reason() -> None:
    unknown = {"quote_id": "q2", "player_name_raw": "Nobody"}
    elsewhere = {"quote_id": "q3", "home_team_raw": "BOS", "event_id_vendor": "e2"}
    new, accounting = run(raw_quotes({}, unknown, elsewhere))
    assert new["mapping_method"].tolist() == ["exact_name", "unresolved", "unresolved"]
    assert new["mapping_reason"].tolist()[1:] == [
        "no player of that name is known for either team: Nobody",
        "no game VAN at BOS on 2026-01-05",
    ]
    assert new["game_id_nhl"].isna().tolist() == [False, False, True]
    assert balance(accounting) == {"p1": [3, 3, 0, 0, 0, 1]}


def test_a_sighting_of_equal_bytes_extends_last_seen_until_the_end_of_the_slate() -> None:
    seen = sightings(
        {"captured_at_utc": FIVE, "outcome": "not_modified"},
        {"captured_at_utc": et(f"{SLATE} 18:00"), "outcome": "vendor_down"},
        {"captured_at_utc": et(f"{NEXT} 00:01")},
    )
    new, _ = run(raw_quotes({}), seen=seen)
    assert new["last_seen_at_utc"].tolist() == [FIVE]


def test_a_rerun_on_the_same_bytes_adds_no_row_and_repeats_the_accounting() -> None:
    quotes = raw_quotes({}, AFTERNOON, {"quote_id": "q2", "player_name_raw": "Nobody"})
    first, accounting = run(quotes)
    again, accounting_again = run(quotes, existing=first)
    assert again.empty
    pd.testing.assert_frame_equal(accounting, accounting_again)


def test_a_quote_that_maps_differently_now_is_a_new_row() -> None:
    before = facts({"player_id_nhl": None, "mapping_method": "unresolved"})
    new, _ = run(raw_quotes({}), existing=before[FACT_KEY])
    assert new["player_id_nhl"].tolist() == [PLAYER]


def test_no_captures_leave_empty_tables() -> None:
    new, accounting = run(raw_quotes())
    assert new.empty
    assert accounting.empty


captured = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([SLATE, NEXT]),
        st.sampled_from(["2026-01-03", SLATE, NEXT]),
        st.integers(0, 3),
    ),
    max_size=12,
)


def as_quotes(seen: list[tuple[str, str, str, int]]) -> pd.DataFrame:
    return raw_quotes(
        *(
            {
                "quote_id": quote + day,
                "game_date": day,
                "start_time_utc": et(f"{day} 19:00"),
                "capture_date": capture_day,
                "payload_hash": f"{capture_day}-{hour}",
                "captured_at_utc": et(f"{capture_day} 1{hour}:00"),
            }
            for quote, day, capture_day, hour in seen
        )
    )


@settings(max_examples=12, deadline=None)
@given(seen=captured, letters=st.integers(0, 3))
def test_every_row_of_every_payload_is_accounted_for(
    seen: list[tuple[str, str, str, int]], letters: int
) -> None:
    quotes = as_quotes(seen)
    bad = quarantined({"quarantined": letters, "capture_date": SLATE, "payload_hash": f"{SLATE}-1"})
    new, accounting = run(quotes, SLATE, NEXT, letters=bad)
    parts = accounting[["accepted", "duplicate", "other_slate", "quarantined"]].sum(axis=1)
    assert (accounting["seen"] == parts).all()
    assert accounting["accepted"].sum() == len(new)
    assert accounting["mapped"].sum() == new["player_id_nhl"].notna().sum()


@settings(max_examples=8, deadline=None)
@given(seen=captured)
def test_a_range_of_slates_gives_the_facts_of_each(seen: list[tuple[str, str, str, int]]) -> None:
    quotes = as_quotes(seen)
    together = run(quotes, SLATE, NEXT)
    one_by_one = [run(quotes, day) for day in (SLATE, NEXT)]
    for number, whole in enumerate(together):
        parts = pd.concat([one[number] for one in one_by_one if len(one[number])] or [whole])
        ordered = whole.sort_values(["game_date", "captured_at_utc"], kind="stable", ignore_index=True)
        expected = parts.sort_values(["game_date", "captured_at_utc"], kind="stable", ignore_index=True)
        pd.testing.assert_frame_equal(ordered, expected)


@pytest.mark.parametrize("live", [True, False])
def test_a_live_price_is_a_fact_too(live: bool) -> None:
    assert run(raw_quotes({"is_live": live}))[0]["is_live"].tolist() == [live]


def test_encoded_quotes_give_the_same_facts_and_accounting() -> None:
    quotes = raw_quotes(
        AFTERNOON,
        {},
        {"quote_id": "q2", "player_name_raw": "Nobody Known", "row_number": 1},
        {"quote_id": "q3", "home_team_raw": None, "row_number": 2},
        {"quote_id": "q4", "game_date": NEXT, "start_time_utc": NEXT_GAME["start_time_utc"], "row_number": 3},
        {"payload_hash": "a0", "captured_at_utc": FIVE, "player_birth_date": None},
    )
    as_strings = run(quotes, SLATE, NEXT, letters=quarantined({}))
    encoded = run(encode(RAW_QUOTES["UNABATED"], quotes), SLATE, NEXT, letters=quarantined({}))
    assert len(as_strings[0]) == 4
    for one, other in zip(as_strings, encoded, strict=True):
        pd.testing.assert_frame_equal(plain(other), one)
