import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.transforms.sightings import newest_mapping, standing
from nhl_ops_tests.transforms.ev_frames import (
    GAME,
    NOON,
    PLAYER,
    SLATE,
    START,
    et,
    facts,
    games,
    raw_quotes,
    sightings,
)

ONE = et(f"{SLATE} 13:00")
FIVE = et(f"{SLATE} 17:00")
LATE = et(f"{SLATE} 18:30")
OTHER_EVENT = {"event_id_vendor": "e2", "quote_id": "x"}
PLAYNOW = {"source_vendor": "PLAYNOW", "event_id_vendor": "n1"}


def at(when: pd.Timestamp, payload: str, **more: object) -> dict[str, object]:
    return {"captured_at_utc": when, "payload_hash": payload, **more}


def last_seen(
    fact_rows: pd.DataFrame, quotes: pd.DataFrame, seen: pd.DataFrame, when: pd.Timestamp = START
) -> dict[str, pd.Timestamp]:
    rows = standing(fact_rows, quotes, seen, games({"as_of_ts_utc": when}), 10)
    return dict(zip(rows["quote_id"], rows["last_seen_at_utc"], strict=True))


def boards(*boards_seen: dict[str, object]) -> pd.DataFrame:
    return sightings(*boards_seen)


def test_a_price_on_the_vendors_last_board_stands() -> None:
    quotes = raw_quotes(at(NOON, "p1"), at(FIVE, "p2"))
    assert last_seen(facts({}), quotes, boards(at(NOON, "p1"), at(FIVE, "p2"))) == {"q1": FIVE}


def test_a_price_that_the_next_board_has_replaced_is_gone() -> None:
    moved = {"quote_id": "q2", "price_american": -130}
    quotes = raw_quotes(at(NOON, "p1"), at(FIVE, "p2", **moved))
    both = facts({}, {**moved, "captured_at_utc": FIVE})
    assert last_seen(both, quotes, boards(at(NOON, "p1"), at(FIVE, "p2"))) == {"q2": FIVE}


def test_a_line_that_a_book_has_taken_down_is_gone() -> None:
    other = {"quote_id": "q2", "book_id": "2", "book_name": "FanDuel"}
    quotes = raw_quotes(at(NOON, "p1"), at(NOON, "p1", **other), at(FIVE, "p2", **other))
    assert last_seen(facts({}, other), quotes, boards(at(NOON, "p1"), at(FIVE, "p2"))) == {"q2": FIVE}


def test_a_price_that_comes_back_stands_again() -> None:
    moved = {"quote_id": "q2", "price_american": -130}
    quotes = raw_quotes(at(NOON, "p1"), at(ONE, "p2", **moved), at(FIVE, "p3"))
    seen = boards(at(NOON, "p1"), at(ONE, "p2"), at(FIVE, "p3"))
    assert last_seen(facts({}, moved), quotes, seen) == {"q1": FIVE}
    assert last_seen(facts({}, moved), quotes, seen, when=et(f"{SLATE} 16:00")) == {"q2": ONE}


def test_equal_bytes_seen_again_keep_a_price_standing() -> None:
    seen = boards(at(NOON, "p1"), at(LATE, "p1", outcome="not_modified", http_status=304))
    assert last_seen(facts({}), raw_quotes(at(NOON, "p1")), seen) == {"q1": LATE}


def test_what_is_captured_after_as_of_is_not_known() -> None:
    quotes = raw_quotes(at(NOON, "p1"), at(FIVE, "p2"))
    seen = boards(at(NOON, "p1"), at(FIVE, "p2"))
    assert last_seen(facts({}), quotes, seen, when=ONE) == {"q1": NOON}
    assert last_seen(facts({}), quotes, seen, when=et(f"{SLATE} 11:59")) == {}


def test_a_board_from_the_start_on_neither_prices_nor_replaces() -> None:
    live = {"quote_id": "q2", "price_american": -300}
    quotes = raw_quotes(at(NOON, "p1"), at(START, "p2", **live))
    seen = boards(at(NOON, "p1"), at(START, "p2"))
    late = et(f"{SLATE} 21:00")
    assert last_seen(facts({}, live), quotes, seen, when=late) == {"q1": NOON}


def test_a_vendor_that_is_down_leaves_its_last_board_standing() -> None:
    down = at(FIVE, "p0", outcome="vendor_down", payload_hash=None, http_status=None)
    assert last_seen(facts({}), raw_quotes(at(NOON, "p1")), boards(at(NOON, "p1"), down)) == {"q1": NOON}


def test_an_event_that_a_later_board_leaves_out_is_gone() -> None:
    quotes = raw_quotes(at(NOON, "p1"), at(FIVE, "p2", **OTHER_EVENT))
    assert last_seen(facts({}), quotes, boards(at(NOON, "p1"), at(FIVE, "p2"))) == {}


def test_an_empty_board_takes_every_price_down() -> None:
    empty = at(FIVE, "p9", outcome="not_offered_yet")
    assert last_seen(facts({}), raw_quotes(at(NOON, "p1")), boards(at(NOON, "p1"), empty)) == {}


def test_events_asked_for_one_after_the_other_are_one_pass() -> None:
    second = NOON + pd.Timedelta(minutes=8)
    quotes = raw_quotes(at(NOON, "p1"), at(second, "p2", **OTHER_EVENT))
    assert last_seen(facts({}), quotes, boards(at(NOON, "p1"), at(second, "p2"))) == {"q1": NOON}


def test_an_endpoint_without_prices_takes_nothing_down() -> None:
    event_list = at(FIVE, "list", endpoint="event-list")
    assert last_seen(facts({}), raw_quotes(at(NOON, "p1")), boards(at(NOON, "p1"), event_list)) == {
        "q1": NOON
    }


def test_vendors_do_not_replace_each_other() -> None:
    quotes = raw_quotes(at(NOON, "p1"), at(FIVE, "n1", quote_id="n", **PLAYNOW))
    seen = boards(at(NOON, "p1"), at(FIVE, "n1", source_vendor="PLAYNOW"))
    both = facts({}, {"quote_id": "n", **PLAYNOW})
    assert last_seen(both, quotes, seen) == {"q1": NOON, "n": FIVE}


def test_the_newest_mapping_of_a_quote_counts() -> None:
    twice = facts({"player_id_nhl": 1, "created_at_utc": FIVE}, {"player_id_nhl": 2, "created_at_utc": NOON})
    rows = standing(twice, raw_quotes(at(NOON, "p1")), boards(at(NOON, "p1")), games({}), 10)
    assert rows["player_id_nhl"].tolist() == [1]


def test_what_is_not_mapped_or_not_played_does_not_stand() -> None:
    quotes, seen = raw_quotes(at(NOON, "p1")), boards(at(NOON, "p1"))
    unmapped = facts({"player_id_nhl": None, "mapping_method": "unresolved"})
    assert standing(unmapped, quotes, seen, games({}), 10).empty
    assert standing(facts({}), quotes, seen, games({"is_playable": False}), 10).empty
    assert standing(facts(), raw_quotes(), sightings(), games({}), 10).empty


minutes = st.integers(0, 700)


@settings(max_examples=20, deadline=None)
@given(early=st.lists(minutes, min_size=1, max_size=4), later=st.lists(minutes, max_size=4), cut=minutes)
def test_later_captures_change_nothing_that_stood_before(
    early: list[int], later: list[int], cut: int
) -> None:
    opening = et(f"{SLATE} 07:00")
    when = opening + pd.Timedelta(minutes=cut)

    def captured(offsets: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
        times = {opening + pd.Timedelta(minutes=m) for m in offsets}
        rows = [at(t, f"p{t.value}", quote_id=f"q{t.minute % 3}") for t in sorted(times)]
        return raw_quotes(*rows), boards(*(at(t, f"p{t.value}") for t in sorted(times)))

    known = facts(*({"quote_id": f"q{n}"} for n in range(3)))
    after = [cut + 1 + m for m in later]
    assert last_seen(known, *captured(early), when=when) == last_seen(
        known, *captured(early + after), when=when
    )


def test_each_game_of_a_range_has_its_own_as_of() -> None:
    other = {"game_id_nhl": GAME + 1, "home_team": "BOS", "away_team": "SEA", "as_of_ts_utc": ONE}
    both = games({}, other)
    second = {"quote_id": "b1", "event_id_vendor": "e2", "game_id_nhl": GAME + 1}
    raw = {k: v for k, v in second.items() if k != "game_id_nhl"}
    quotes = raw_quotes(at(NOON, "p1"), at(NOON, "p1", **raw), at(FIVE, "p2"), at(FIVE, "p2", **raw))
    seen = boards(at(NOON, "p1"), at(FIVE, "p2"))
    rows = standing(facts({}, second), quotes, seen, both, 10)
    assert dict(zip(rows["quote_id"], rows["last_seen_at_utc"], strict=True)) == {"q1": FIVE, "b1": NOON}
    assert rows["player_id_nhl"].tolist() == [PLAYER, PLAYER]


def test_of_two_mappings_written_at_one_instant_the_one_with_both_ids_counts() -> None:
    at = pd.Timestamp("2026-01-05 17:00", tz="UTC")
    ids = pd.array([1, None], dtype="Int64")
    facts = pd.DataFrame(
        {"game_date": "2026-01-05", "quote_id": "q", "created_at_utc": at, "game_id_nhl": ids}
    )
    for order in (facts, facts.iloc[::-1]):
        assert newest_mapping(order.assign(player_id_nhl=order["game_id_nhl"]))["game_id_nhl"].tolist() == [1]
