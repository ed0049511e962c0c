"""What became of each vendor's quotes of a slate, and when the vendor was last seen to quote it."""

import pandas as pd

from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING
from nhl_ops.domain.run_summary import Counted
from nhl_ops.transforms.ingest import counted, newest_quotes, with_refusals
from nhl_ops_tests.transforms.ev_frames import NOON, SLATE, START, et, games, sightings, table

ONE, FIVE, EIGHT = et(f"{SLATE} 13:00"), et(f"{SLATE} 17:00"), et(f"{SLATE} 20:00")


def accounting(*changes: dict[str, object]) -> pd.DataFrame:
    defaults = {
        "game_date": SLATE, "source_vendor": "UNABATED", "payload_hash": "p1", "captured_at_utc": NOON, "seen": 10,
        "accepted": 4, "duplicate": 3, "other_slate": 2, "quarantined": 1, "mapped": 4,
    }  # fmt: skip
    return table(FACT_ODDS_ACCOUNTING, defaults, *changes)


def newest(rows: pd.DataFrame, seen: pd.DataFrame, **game: object) -> dict[str, tuple[pd.Timestamp, float]]:
    found = newest_quotes(rows, seen, games(game))
    columns = ("source_vendor", "newest_quote_at_utc", "newest_quote_age_sec")
    return {vendor: (at, age) for vendor, at, age in zip(*(found[c] for c in columns), strict=True)}


def test_a_board_that_is_seen_again_keeps_its_vendors_quotes_new() -> None:
    again = {"captured_at_utc": FIVE, "payload_hash": "p1", "outcome": "not_modified"}
    assert newest(accounting({}), sightings(again)) == {"UNABATED": (FIVE, 7_200.0)}


def test_what_is_seen_after_as_of_makes_nothing_newer() -> None:
    later = {"captured_at_utc": EIGHT, "payload_hash": "p1"}
    assert newest(accounting({}), sightings(later)) == {"UNABATED": (NOON, 7 * 3_600.0)}


def test_the_latest_game_of_the_slate_sets_the_as_of() -> None:
    two = games({}, {"game_id_nhl": 2, "as_of_ts_utc": EIGHT})
    found = newest_quotes(accounting({}), sightings({"captured_at_utc": NOON, "payload_hash": "p1"}), two)
    assert list(found["newest_quote_age_sec"]) == [8 * 3_600.0]


def test_a_board_without_a_quote_of_the_slate_says_nothing_of_its_age() -> None:
    bare = {"payload_hash": "p2", "captured_at_utc": FIVE, "accepted": 0, "duplicate": 0, "other_slate": 9}
    rows = accounting({}, bare, {**bare, "source_vendor": "PLAYNOW"})
    assert newest(rows, sightings({"captured_at_utc": FIVE, "payload_hash": "p2"})) == {
        "UNABATED": (NOON, 7 * 3_600.0)
    }


def test_a_failed_request_is_no_sighting_of_a_quote() -> None:
    failed = {"captured_at_utc": FIVE, "payload_hash": None, "outcome": "vendor_down"}
    assert newest(accounting({}), sightings(failed))["UNABATED"][0] == NOON


def test_a_slate_without_a_game_that_stands_has_no_as_of() -> None:
    assert newest(accounting({}), sightings({}), is_playable=False) == {}


def test_a_vendors_payloads_add_up_with_their_letters_by_rule() -> None:
    rows = accounting({}, {"payload_hash": "p2"}, {"payload_hash": "n1", "source_vendor": "PLAYNOW"})
    rules = [("p1", "no_price", 1), ("p2", "no_price", 1), ("n1", "no_line", 1), ("elsewhere", "no_line", 9)]
    seen = newest_quotes(rows, sightings({"captured_at_utc": START, "payload_hash": "p2"}), games({}))
    found = counted(rows, rules, seen)
    assert list(found) == [SLATE]
    unabated = Counted(2, 20, 8, 6, 4, {"no_price": 2}, 8, START.to_pydatetime(), 0.0)
    assert found[SLATE] == {
        "PLAYNOW": Counted(1, 10, 4, 3, 2, {"no_line": 1}, 4, NOON.to_pydatetime(), 7 * 3_600.0),
        "UNABATED": unabated,
    }
    assert unabated.is_balanced


def test_without_games_the_quotes_are_counted_and_have_no_age() -> None:
    found = counted(accounting({}), [], newest_quotes(accounting({}), sightings({}), games()))
    assert found[SLATE]["UNABATED"].newest_quote_age_sec is None
    assert found[SLATE]["UNABATED"].seen == 10


def outcome_of(seen: int, quarantined: int, broken: dict[str, str]) -> tuple[str, str | None]:
    rows = accounting({"seen": seen, "accepted": seen - quarantined, "quarantined": quarantined})
    marked = with_refusals(sightings({"payload_hash": "p1"}, {"payload_hash": "p2"}), rows, broken)
    assert marked["outcome"].iloc[1] == "ok"
    return marked["outcome"].iloc[0], marked["error"].iloc[0]


def test_a_board_whose_every_row_broke_the_format_is_a_refusal_with_its_cause() -> None:
    assert outcome_of(5, 5, {"p1": "no_price"}) == ("rejected", "no_price")


def test_a_board_with_a_quote_and_one_that_offers_nothing_now_are_none() -> None:
    assert outcome_of(5, 4, {"p1": "no_price"})[0] == "ok"
    assert outcome_of(5, 5, {})[0] == "ok"
