"""Dead letters in the state file: counted, replayed, cleared, and never deleted."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.contracts.dead_letters import DEAD_LETTERS, LetterState
from nhl_ops.contracts.schema import violations
from nhl_ops.gateways.letters import Chosen, Letter, Mark, Reconciled, letters_frame
from nhl_ops.gateways.state import SightingRow, State

NOON = datetime(2026, 1, 20, 17, tzinfo=UTC)
LATER = datetime(2026, 1, 25, tzinfo=UTC)
BOARD, OTHER = "a" * 64, "b" * 64
EVERY = Chosen(states=tuple(LetterState))
REPLAY = Mark("ann", LATER, "replay-1")
PRICE = ("bad_price", "$.a: American price 50", "{}")
MARKET = ("unknown_market", "$.b: betTypeId 12", "{}")
OLD_SCHEMA = """
create table dead_letters(
    vendor text, payload_hash text, rule text, detail text, sample text, captured_at_utc text,
    occurrences integer, primary key(vendor, payload_hash, rule, detail, sample)) without rowid;
"""


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "data" / "state.sqlite")


def letter(
    key: tuple[str, str, str] = PRICE,
    count: int = 1,
    vendor: str = "UNABATED",
    payload: str = BOARD,
    at: datetime = NOON,
) -> tuple:
    return (vendor, payload, *key, at.isoformat(), count)


def one(state: State) -> Letter:
    (found,) = state.letters(EVERY)
    return found


def open_items(state: State, payload: str = BOARD) -> dict[str, int]:
    return {rule: count for _, rule, count in state.quarantined([payload])}


# -- seeing --------------------------------------------------------------------------------------------------


def test_letters_are_counted_by_vendor_eastern_date_and_rule_with_the_newest_as_an_example(
    state: State,
) -> None:
    last_hour = datetime(2026, 1, 21, 3, 30, tzinfo=UTC)
    newest = ("bad_price", "$.z: American price 99", '{"price":99}')
    state.add_dead_letters(
        [letter(count=3), letter(newest, 2, payload=OTHER, at=last_hour), letter(MARKET, vendor="PLAYNOW")]
    )
    unabated, playnow = sorted(state.letter_groups(Chosen()), reverse=True)
    assert unabated == ("UNABATED", "2026-01-20", "bad_price", "open", 5, last_hour, *newest[1:])
    assert (playnow.vendor, playnow.items) == ("PLAYNOW", 1)


@pytest.mark.parametrize(
    ("chosen", "rules"),
    [
        (Chosen(), {"bad_price", "unknown_market", "no_line"}),
        (Chosen(vendor="PLAYNOW"), {"no_line"}),
        (Chosen(day="2026-01-25"), {"unknown_market"}),
        (Chosen(rule="bad_price"), {"bad_price"}),
        (Chosen("UNABATED", "2026-01-20", "bad_price"), {"bad_price"}),
        (Chosen("PLAYNOW", "2026-01-20", "bad_price"), set()),
    ],
)
def test_letters_are_chosen_by_vendor_eastern_date_and_rule(
    state: State, chosen: Chosen, rules: set[str]
) -> None:
    no_line = ("no_line", "$.c: no line", "{}")
    late = LATER + timedelta(hours=18)
    state.add_dead_letters(
        [letter(), letter(MARKET, payload=OTHER, at=late), letter(no_line, vendor="PLAYNOW")]
    )
    assert {found.rule for found in state.letters(chosen)} == rules
    assert {group.rule for group in state.letter_groups(chosen)} == rules


def test_a_letter_names_its_endpoint_and_the_archived_payload(state: State) -> None:
    seen = SightingRow("UNABATED", "u", NOON, "board", "2026-01-20", 200, "ok", BOARD, None, "raw/a.zst", 9)
    state.record_sighting(seen)
    state.add_dead_letters([letter()])
    assert (one(state).endpoint, one(state).payload_path) == ("board", "raw/a.zst")


def test_a_letter_of_a_payload_that_was_never_recorded_is_shown_all_the_same(state: State) -> None:
    state.add_dead_letters([letter()])
    assert (one(state).endpoint, one(state).payload_path) == (None, None)


def test_newest_letters_come_first_and_no_more_than_asked_for(state: State) -> None:
    state.add_dead_letters([letter(payload=f"{n:064}", at=NOON + timedelta(days=n)) for n in range(5)])
    assert [found.captured_at_utc.day for found in state.letters(Chosen(), 2)] == [24, 23]


# -- replaying -----------------------------------------------------------------------------------------------


def test_what_a_new_parse_no_longer_finds_is_replayed_and_kept_with_who_when_and_which_replay(
    state: State,
) -> None:
    state.add_dead_letters([letter(count=4)])
    assert state.reconcile_letters("UNABATED", BOARD, NOON, {}, REPLAY) == Reconciled(4, 0, 0)
    found = one(state)
    assert (found.state, found.changed_by, found.changed_at_utc, found.replay_id) == ("replayed", *REPLAY)
    assert (found.occurrences, found.quarantined, found.version) == (4, 0, 1)
    assert open_items(state) == {}


def test_what_is_a_letter_still_stays_open_with_one_attempt_more(state: State) -> None:
    state.add_dead_letters([letter(), letter(MARKET, 2)])
    assert state.reconcile_letters("UNABATED", BOARD, NOON, {MARKET: 2}, REPLAY) == Reconciled(1, 2, 0)
    state.reconcile_letters("UNABATED", BOARD, NOON, {MARKET: 2}, REPLAY)
    (left,) = state.letters(Chosen())
    assert (left.rule, left.state, left.attempts, left.version) == ("unknown_market", "open", 2, 2)


def test_of_equal_items_only_those_that_are_good_now_are_replayed(state: State) -> None:
    state.add_dead_letters([letter(count=5)])
    assert state.reconcile_letters("UNABATED", BOARD, NOON, {PRICE: 2}, REPLAY) == Reconciled(3, 2, 0)
    assert (one(state).state, one(state).quarantined, open_items(state)) == ("open", 2, {"bad_price": 2})


def test_an_item_that_breaks_another_rule_now_is_a_new_letter_and_its_former_one_is_replayed(
    state: State,
) -> None:
    state.add_dead_letters([letter(MARKET)])
    assert state.reconcile_letters("UNABATED", BOARD, NOON, {PRICE: 1}, REPLAY) == Reconciled(1, 0, 1)
    assert open_items(state) == {"bad_price": 1}
    assert {found.rule: found.state for found in state.letters(EVERY)} == {
        "bad_price": "open",
        "unknown_market": "replayed",
    }


def test_letters_of_other_payloads_and_vendors_are_not_touched(state: State) -> None:
    state.add_dead_letters([letter(), letter(payload=OTHER), letter(vendor="PLAYNOW")])
    state.reconcile_letters("UNABATED", BOARD, NOON, {}, REPLAY)
    assert {(f.source_vendor, f.payload_hash) for f in state.letters(Chosen())} == {
        ("UNABATED", OTHER),
        ("PLAYNOW", BOARD),
    }


def test_a_replayed_letter_that_comes_again_is_open_again(state: State) -> None:
    state.add_dead_letters([letter(count=2)])
    state.reconcile_letters("UNABATED", BOARD, NOON, {}, REPLAY)
    state.add_dead_letters([letter(count=2)])
    assert (one(state).state, one(state).quarantined, one(state).version) == ("open", 2, 2)
    state.reconcile_letters("UNABATED", BOARD, NOON, {}, REPLAY)
    assert state.reconcile_letters("UNABATED", BOARD, NOON, {PRICE: 2}, REPLAY) == Reconciled(0, 2, 0)
    assert (one(state).state, one(state).quarantined) == ("open", 2)


def test_a_replay_that_could_do_nothing_counts_as_an_attempt(state: State) -> None:
    state.add_dead_letters([letter()])
    state.count_attempt("UNABATED", BOARD, REPLAY)
    assert (one(state).state, one(state).attempts, one(state).changed_by) == ("open", 1, "ann")


PARSE = st.dictionaries(st.sampled_from([PRICE, MARKET, ("no_line", "$.c", "{}")]), st.integers(1, 5))


@settings(max_examples=40, deadline=None)
@given(st.lists(PARSE, min_size=1, max_size=4), st.booleans())
def test_after_any_number_of_parses_the_quarantined_items_are_those_of_the_last_one(
    tmp_path_factory: pytest.TempPathFactory, parses: list[dict], is_cleared: bool
) -> None:
    state = State(tmp_path_factory.mktemp("state") / "state.sqlite")
    state.add_dead_letters([letter(key, count) for key, count in parses[0].items()])
    before = sum(parses[0].values())
    if is_cleared:
        state.clear_letters(Chosen(), "no use", Mark("bob", NOON))
    for parse in parses[1:]:
        done = state.reconcile_letters("UNABATED", BOARD, NOON, parse, REPLAY)
        assert done.remaining + done.new == sum(parse.values())
        assert done.replayed <= before
        before = sum(parse.values())
    expected: dict[str, int] = {rule: count for (rule, _, _), count in parses[-1].items()}
    assert open_items(state) == expected


# -- clearing ------------------------------------------------------------------------------------------------


def test_clearing_leaves_a_tombstone_with_who_when_and_why(state: State) -> None:
    state.add_dead_letters([letter(), letter(MARKET)])
    assert state.clear_letters(Chosen(rule="bad_price"), "the book was mad", Mark("bob", LATER)) == 1
    assert [found.rule for found in state.letters(Chosen())] == ["unknown_market"]
    (cleared,) = state.letters(Chosen(states=(LetterState.CLEARED,)))
    assert (cleared.changed_by, cleared.changed_at_utc, cleared.reason) == ("bob", LATER, "the book was mad")


def test_a_cleared_letter_never_became_a_row_and_stays_quarantined(state: State) -> None:
    state.add_dead_letters([letter(count=3)])
    state.clear_letters(Chosen(), "no use", Mark("bob", LATER))
    assert open_items(state) == {"bad_price": 3}
    state.add_dead_letters([letter(count=3)])
    assert (one(state).state, one(state).version) == ("cleared", 1)


def test_clearing_twice_keeps_the_first_reason(state: State) -> None:
    state.add_dead_letters([letter()])
    state.clear_letters(Chosen(), "first", Mark("bob", LATER))
    assert state.clear_letters(Chosen(), "second", Mark("eve", LATER)) == 0
    assert (one(state).reason, one(state).changed_by) == ("first", "bob")


def test_a_cleared_item_that_becomes_a_row_is_replayed_and_its_reason_is_kept(state: State) -> None:
    state.add_dead_letters([letter()])
    state.clear_letters(Chosen(), "no use", Mark("bob", NOON))
    state.reconcile_letters("UNABATED", BOARD, NOON, {}, REPLAY)
    assert (one(state).state, one(state).reason, open_items(state)) == ("replayed", "no use", {})


def test_a_cleared_letter_that_is_one_still_stays_cleared(state: State) -> None:
    state.add_dead_letters([letter()])
    state.clear_letters(Chosen(), "no use", Mark("bob", NOON))
    state.reconcile_letters("UNABATED", BOARD, NOON, {PRICE: 1}, REPLAY)
    assert one(state).state is LetterState.CLEARED


# -- the table -----------------------------------------------------------------------------------------------


def test_every_version_of_a_letter_is_a_row_of_its_own_in_the_table(state: State) -> None:
    state.add_dead_letters([letter(count=2)])
    first = letters_frame(state.letters(EVERY))
    state.clear_letters(Chosen(), "no use", Mark("bob", LATER))
    second = letters_frame(state.letters(EVERY))
    assert first["letter_id"].tolist() == second["letter_id"].tolist()
    assert (first["version"].item(), second["version"].item()) == (0, 1)
    assert second[["capture_date", "state", "quarantined", "reason"]].values.tolist() == [
        ["2026-01-20", "cleared", 2, "no use"]
    ]
    assert violations(DEAD_LETTERS, pd.concat([first.dropna(axis=1, how="all"), second])) == []


def test_no_letters_are_an_empty_table(state: State) -> None:
    assert letters_frame(state.letters(EVERY)).empty


# -- files of before -----------------------------------------------------------------------------------------


def old_file(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    db = sqlite3.connect(path)
    with db:
        db.executescript(OLD_SCHEMA)
        db.execute("insert into dead_letters values (?,?,?,?,?,?,?)", letter(count=7))
    db.close()
    return path


def test_a_state_file_of_before_keeps_its_letters_and_they_are_open(tmp_path: Path) -> None:
    state = State(old_file(tmp_path / "data" / "state.sqlite"))
    assert (one(state).state, one(state).quarantined, one(state).version) == ("open", 7, 0)
    assert open_items(state) == {"bad_price": 7}
    state.add_dead_letters([letter(count=7), letter(MARKET)])
    assert open_items(state) == {"bad_price": 7, "unknown_market": 1}
    assert state.clear_letters(Chosen(rule="bad_price"), "old", Mark("bob", LATER)) == 1


def test_processes_that_meet_an_old_state_file_together_all_open_it(tmp_path: Path) -> None:
    path = old_file(tmp_path / "data" / "state.sqlite")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: open_items(State(path)), range(16)))
    assert found == [{"bad_price": 7}] * 16


def test_letters_can_be_read_while_another_process_writes(state: State) -> None:
    state.add_dead_letters([letter()])
    writer = sqlite3.connect(state.path)
    try:
        writer.execute("begin immediate")
        writer.execute("delete from dead_letters")
        assert [group.items for group in State(state.path).letter_groups(Chosen())] == [1]
    finally:
        writer.rollback()
        writer.close()
