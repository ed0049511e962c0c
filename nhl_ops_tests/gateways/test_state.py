"""The state file: what was seen, computed, held and published, each once, by any number of processes."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from nhl_ops.domain.failures import WarehouseBroken
from nhl_ops.gateways.state import SightingRow, SliceRow, State
from nhl_ops.gateways.state_publications import PublicationRow

NOON = datetime(2026, 1, 5, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
SLATE, NEXT = "2026-01-05", "2026-01-06"


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "data" / "state.sqlite")


def sighting(
    at: datetime = NOON, body: str | None = "a" * 64, url: str = "https://vendor/board", **other: object
) -> SightingRow:
    values = {
        "vendor": "UNABATED",
        "url": url,
        "captured_at_utc": at,
        "endpoint": "board",
        "slate": SLATE,
        "http_status": 200,
        "outcome": "ok",
        "payload_hash": body,
        "path": None if body is None else f"outputs/{body[:4]}.json.zst",
        "size_bytes": None if body is None else 10,
    }
    return SightingRow(**values | other)


def sightings(state: State) -> list[tuple]:
    return state.sightings_between("UNABATED", NOON - HOUR, NOON + 24 * HOUR)


def payloads(state: State) -> list[tuple]:
    return state.payloads_between("UNABATED", NOON - HOUR, NOON + 24 * HOUR)


# -- captures ------------------------------------------------------------------------------------------------


def test_the_same_sighting_is_kept_once(state: State) -> None:
    assert state.record_sighting(sighting()) is True
    assert state.record_sighting(sighting()) is False
    assert len(sightings(state)) == 1
    assert len(payloads(state)) == 1


def test_equal_bytes_later_are_one_payload_with_two_sightings(state: State) -> None:
    state.record_sighting(sighting())
    assert state.record_sighting(sighting(NOON + HOUR)) is True
    assert [row[2] for row in sightings(state)] == [
        "2026-01-05T17:00:00.000000+00:00",
        "2026-01-05T18:00:00.000000+00:00",
    ]
    (payload,) = payloads(state)
    assert payload == (
        "board",
        "a" * 64,
        "outputs/aaaa.json.zst",
        10,
        200,
        "2026-01-05T17:00:00.000000+00:00",
    )


def test_a_failed_request_is_a_sighting_without_a_payload(state: State) -> None:
    state.record_sighting(
        sighting(body=None, http_status=None, outcome="vendor_down", error="connection refused")
    )
    (row,) = sightings(state)
    assert row[3:] == (None, "vendor_down", None, "connection refused")
    assert payloads(state) == []
    assert [row for row in sightings(state) if row[5] is not None] == []


def test_equal_bytes_of_two_vendors_are_two_payloads(state: State) -> None:
    state.record_sighting(sighting())
    state.record_sighting(sighting(vendor="PLAYNOW"))
    assert state.payload_path("UNABATED", "a" * 64) == "outputs/aaaa.json.zst"
    assert state.payload_path("PLAYNOW", "b" * 64) is None
    assert len(state.payloads_between("PLAYNOW", NOON, NOON + HOUR)) == 1


def test_a_range_of_time_includes_its_start_and_not_its_end(state: State) -> None:
    state.record_sighting(sighting(NOON))
    state.record_sighting(sighting(NOON + HOUR, body="b" * 64))
    assert len(state.sightings_between("UNABATED", NOON, NOON + HOUR)) == 1
    assert [row[1] for row in state.payloads_between("UNABATED", NOON + HOUR, NOON + 2 * HOUR)] == ["b" * 64]


def test_instants_compare_as_instants_whatever_zone_they_are_written_in(state: State) -> None:
    eastern = NOON.astimezone(timezone(-5 * HOUR))
    assert state.record_sighting(sighting(eastern)) is True
    assert state.record_sighting(sighting(NOON)) is False
    assert [datetime.fromisoformat(row[2]) for row in sightings(state)] == [NOON]


def test_the_newest_body_of_an_endpoint_at_an_instant(state: State) -> None:
    state.record_sighting(sighting(NOON, body="a" * 64))
    state.record_sighting(sighting(NOON + HOUR, body="b" * 64))
    state.record_sighting(sighting(NOON + 2 * HOUR, body=None, outcome="vendor_down"))
    assert state.payload_at("UNABATED", "board", NOON - HOUR) is None
    assert state.payload_at("UNABATED", "board", NOON) == ("board", "a" * 64, "outputs/aaaa.json.zst")
    assert state.payload_at("UNABATED", "board", NOON + 3 * HOUR) == (
        "board",
        "b" * 64,
        "outputs/bbbb.json.zst",
    )
    assert state.payload_at("UNABATED", "other", NOON + 3 * HOUR) is None


def test_the_payloads_of_a_slate_come_once_each_by_first_sighting(state: State) -> None:
    state.record_sighting(sighting(NOON + HOUR, body="b" * 64))
    state.record_sighting(sighting(NOON, body="a" * 64))
    state.record_sighting(sighting(NOON + 2 * HOUR, body="a" * 64))
    state.record_sighting(sighting(NOON, body="c" * 64, slate=NEXT, url="https://vendor/next"))
    state.record_sighting(sighting(NOON, body="d" * 64, endpoint="names", url="https://vendor/names"))
    found = state.payloads_of_slate("UNABATED", ["board"], SLATE)
    assert [(row[2][11:16], row[3]) for row in found] == [("17:00", "a" * 64), ("18:00", "b" * 64)]
    both = state.payloads_of_slate("UNABATED", ["board", "names"], SLATE)
    assert {row[3] for row in both} == {"a" * 64, "b" * 64, "d" * 64}


def test_a_body_names_the_slates_whose_captures_brought_it(state: State) -> None:
    state.record_sighting(sighting())
    state.record_sighting(sighting(NOON + HOUR, slate=NEXT))
    state.record_sighting(sighting(NOON + 2 * HOUR))
    assert state.slates_of_payload("UNABATED", "a" * 64) == [SLATE, NEXT]
    assert state.slates_of_payload("UNABATED", "b" * 64) == []


def test_a_complete_capture_is_remembered_for_its_vendor_and_slate(state: State) -> None:
    for _ in range(2):
        state.record_capture("UNABATED", SLATE, NOON)
    state.record_capture("UNABATED", SLATE, NOON + HOUR)
    assert state.captured_times("UNABATED", SLATE) == {NOON, NOON + HOUR}
    assert state.captured_times("PLAYNOW", SLATE) == set()
    assert state.captured_times("UNABATED", NEXT) == set()


def test_a_dead_letter_is_kept_once_and_counted_by_rule(state: State) -> None:
    letter = ("UNABATED", "a" * 64, "unknown_market", "bet type 12", "{}", NOON.isoformat(), 3)
    other = ("UNABATED", "a" * 64, "unknown_market", "bet type 13", "{}", NOON.isoformat(), 2)
    state.add_dead_letters([letter, letter])
    state.add_dead_letters([letter, other])
    assert state.quarantined(["a" * 64, "b" * 64]) == [("a" * 64, "unknown_market", 5)]
    assert state.quarantined([]) == []


def test_history_days_are_a_set_that_grows(state: State) -> None:
    state.add_history_days([SLATE], NOON)
    state.add_history_days([SLATE, NEXT], NOON + HOUR)
    assert state.history_days() == {SLATE, NEXT}


def test_two_loads_of_one_month_at_one_instant_are_told_apart_by_what_they_captured(state: State) -> None:
    days = ["2025-12-31", SLATE, NEXT, "2026-01-07"]
    state.add_history_days(days, NOON)
    for first in (days[0], SLATE, days[3]):
        state.record_sighting(sighting(vendor="NHL_HISTORY", slate=first, url=f"https://nhl/{first}"))
    assert state.history_loads("NHL_HISTORY") == [[days[0]], [SLATE, NEXT], [days[3]]]


# -- scopes, slices, holds -----------------------------------------------------------------------------------


def test_the_first_now_of_a_scope_stands(state: State) -> None:
    assert state.scope_now("scope", NOON) == NOON
    assert state.scope_now("scope", NOON + HOUR) == NOON
    assert state.scope_now("other", NOON + HOUR) == NOON + HOUR


def test_two_processes_that_ask_for_a_scopes_now_get_the_same(state: State) -> None:
    def ask(hours: int) -> datetime:
        return State(state.path).scope_now("scope", NOON + hours * HOUR)

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(24)))
    assert len(answers) == 1


def slice_row(digest: str = "d1", key: str = SLATE, scope: str = "scope") -> SliceRow:
    return SliceRow("ev_fair_prices", key, scope, 7, digest, {"dim_games": "g1"}, "run")


def test_a_slice_is_replaced_by_the_next_of_its_scope_and_kept_apart_from_others(state: State) -> None:
    state.record_slices([slice_row("d1"), slice_row("n1", NEXT), slice_row("o1", scope="other")])
    state.record_slices([slice_row("d2")])
    assert state.slices("scope", [SLATE]) == {("ev_fair_prices", SLATE): slice_row("d2")}
    assert set(state.slices("scope", [SLATE, NEXT])) == {("ev_fair_prices", SLATE), ("ev_fair_prices", NEXT)}
    assert state.slices("other", [SLATE])["ev_fair_prices", SLATE].digest == "o1"
    assert state.slices("scope", []) == {}


def test_a_check_that_judges_again_replaces_its_own_verdicts_alone(state: State) -> None:
    state.judge("scope", [SLATE, NEXT], "dim_games", "contract", {SLATE: "a null", NEXT: "a null"})
    state.judge("scope", [SLATE], "ev_fair_prices", "contract", {SLATE: "too late"})
    state.judge("other", [SLATE], "dim_games", "contract", {SLATE: "elsewhere"})
    state.judge("scope", [SLATE], "dim_games", "contract", {})
    assert state.holds("scope") == {
        SLATE: [("ev_fair_prices.contract", "too late")],
        NEXT: [("dim_games.contract", "a null")],
    }
    assert state.holds("other") == {SLATE: [("dim_games.contract", "elsewhere")]}


def test_a_new_reason_replaces_the_former_one(state: State) -> None:
    state.judge("scope", [SLATE], "dim_games", "contract", {SLATE: "one null"})
    state.judge("scope", [SLATE], "dim_games", "contract", {SLATE: "two nulls"})
    assert state.holds("scope") == {SLATE: [("dim_games.contract", "two nulls")]}


def test_verdicts_on_tables_that_are_computed_again_are_forgotten(state: State) -> None:
    state.judge("scope", [SLATE], "dim_games", "contract", {SLATE: "a null"})
    state.judge("scope", [SLATE], "dim_games_of_old", "contract", {SLATE: "a null"})
    state.clear_holds("scope", ["dim_games"])
    assert state.holds("scope") == {SLATE: [("dim_games_of_old.contract", "a null")]}
    state.clear_holds("scope", None)
    assert state.holds("scope") == {}


# -- publications and the file -------------------------------------------------------------------------------


def moved(seq: int, **changes: object) -> PublicationRow:
    row = PublicationRow(SLATE, seq, "scope", "run", f"{seq:04d}-scope", NOON, "publish", seq, "published")
    return replace(row, **changes)


def test_moves_of_a_slate_are_kept_in_order_with_who_and_why(state: State) -> None:
    assert state.last_move(SLATE) == (0, 0)
    rollback = moved(2, action="rollback", version=1, moved_by="ann", reason="wrong prices")
    for row in (moved(1), rollback):
        state.record_publication(row)
    assert state.last_move(SLATE) == (2, 1)
    assert state.last_move(NEXT) == (0, 0)
    assert state.publications() == [moved(1), rollback]
    assert state.publications([NEXT]) == []


def test_a_recorded_move_is_never_changed(state: State) -> None:
    state.record_publication(moved(1))
    state.record_publication(moved(1, reason="another story"))
    assert state.publications() == [moved(1)]


def test_a_flip_is_pending_until_its_move_is_recorded_or_it_is_given_up(state: State) -> None:
    state.begin_flip(SLATE)
    state.begin_flip(NEXT)
    assert state.pending_flips() == [SLATE, NEXT]
    state.record_publication(moved(1))
    state.end_flip(NEXT)
    assert state.pending_flips() == []


def test_the_latest_slates_with_a_record_come_first_and_none_is_later_than_asked(state: State) -> None:
    for day in (SLATE, NEXT):
        state.record_publication(moved(1, game_date=day))
        state.record_publication(moved(2, game_date=day))
    assert state.slates_until("9999-12-31", 5) == [NEXT, SLATE]
    assert state.slates_until("9999-12-31", 1) == [NEXT]
    assert state.slates_until(SLATE, 5) == [SLATE]


def test_a_record_of_an_earlier_format_is_read_as_publications(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    with sqlite3.connect(path) as db:
        db.execute(
            "create table publications(game_date text, seq integer, scope_id text, run_id text, folder text, "
            "published_at_utc text, primary key(game_date, seq)) without rowid"
        )
        db.execute(
            "insert into publications values (?,?,?,?,?,?)",
            (SLATE, 3, "scope", "run", "0003-scope", NOON.isoformat()),
        )
    db.close()
    assert State(path).publications() == [moved(3)]


def test_what_one_opener_wrote_the_next_one_reads(state: State) -> None:
    state.record_sighting(sighting())
    assert len(sightings(State(state.path))) == 1


def test_readers_are_not_locked_out_by_a_writer(state: State) -> None:
    state.record_sighting(sighting())
    writer = sqlite3.connect(state.path)
    try:
        writer.execute("begin immediate")
        writer.execute("delete from sightings")
        assert len(sightings(state)) == 1
    finally:
        writer.rollback()
        writer.close()


def test_an_error_inside_a_write_leaves_nothing_of_it(state: State) -> None:
    letter = ("UNABATED", "a" * 64, "rule", "detail", "{}", NOON.isoformat(), 1)
    with pytest.raises(sqlite3.Error):
        state.add_dead_letters([letter, ("too", "short")])
    assert state.quarantined(["a" * 64]) == []


# -- a file that does not work -------------------------------------------------------------------------------


def test_a_file_that_another_process_has_locked_is_named_with_what_to_do(state: State) -> None:
    state.timeout_sec = 0.05
    holder = sqlite3.connect(state.path, isolation_level=None)
    try:
        holder.execute("begin immediate")
        with pytest.raises(WarehouseBroken, match=r"state\.sqlite is locked by another process.*Next: close"):
            state.begin_flip(SLATE)
    finally:
        holder.close()
    state.begin_flip(SLATE)


@pytest.mark.parametrize("text", [b"this is no database" * 400, None])
def test_a_damaged_file_is_named_with_what_to_do(state: State, text: bytes | None) -> None:
    for number in range(200):
        state.record_sighting(sighting(url=f"https://vendor/{number}"))
    with sqlite3.connect(state.path) as db:
        db.execute("pragma wal_checkpoint(truncate)")
    db.close()
    whole = state.path.read_bytes()
    state.path.write_bytes(text or whole[:4096] + bytes(len(whole) - 4096))
    with pytest.raises(WarehouseBroken, match=r"state\.sqlite is damaged.*Next: .*nhl-ops restore"):
        sightings(State(state.path))
