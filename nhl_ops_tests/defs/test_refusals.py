"""When a vendor's board is of no use as a whole, and when it is not."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from nhl_ops.defs.refusals import ERROR_BODY, UNUSABLE, Board, newest_bodies, refusal
from nhl_ops.gateways.vendor import Parsed, Rejected

NOON = datetime(2026, 1, 5, 17, tzinfo=UTC)


def board(digest: str, rows: int, *rules: str, is_news: bool = True) -> Board:
    letters = [Rejected(rule, f"$.odds: {rule}", "{}") for rule in rules]
    starts = pd.Series([NOON + timedelta(hours=2)] * rows, dtype="datetime64[us, UTC]")
    frame = pd.DataFrame({"start_time_utc": starts, "captured_at_utc": pd.Timestamp(NOON)})
    return Board(digest, Parsed(frame, letters), is_news)


def sighting(endpoint: str, at: str, digest: str | None, outcome: str = "ok") -> tuple:
    return (endpoint, "url", at, 200, outcome, digest, None)


def test_the_newest_bodies_are_those_of_each_endpoints_last_round() -> None:
    seen = [
        sighting("events", "12:00", "e1"),
        sighting("odds", "12:00", "a1"),
        sighting("odds", "13:00", "a2"),
        sighting("odds", "13:00", "b2", "not_modified"),
        sighting("odds", "14:00", None, "vendor_down"),
    ]
    assert newest_bodies(seen) == {"e1", "a2", "b2"}
    assert newest_bodies([]) == frozenset()


@pytest.mark.parametrize(
    ("boards", "outcome"),
    [
        ([board("a", 5)], None),
        ([board("a", 5, "no_price")], None),
        ([board("a", 0, "no_price", "no_price")], "rejected"),
        ([board("a", 0, "no_price"), board("b", 3)], None),
        ([board("a", 0)], None),
        ([board("a", 0, "market_suspended", "event_closed")], None),
        ([board("a", 0, UNUSABLE), board("b", 3)], "rejected"),
        ([board("old", 0, "no_price")], None),
        ([board("old", 0, UNUSABLE)], "rejected"),
        ([board("old", 0, UNUSABLE, is_news=False)], None),
        ([board("a", 0, UNUSABLE, is_news=False)], "rejected"),
    ],
    ids=[
        "sound", "a letter", "every row broke", "another board is good", "an empty board", "nothing on offer now",
        "one of two of no use", "replaced", "replaced and news", "replaced long ago", "still there",
    ],
)  # fmt: skip
def test_a_board_is_refused_whole_or_not(boards: list[Board], outcome: str | None) -> None:
    assert refusal(boards, {"a", "b"}, set()).get("outcome") == outcome


@pytest.mark.parametrize(
    ("hours", "outcome"), [([-240, -200], "vendor_down"), ([-240, 2], None), ([-3, -2], None)],
    ids=["all games over", "one game to come", "games that are on"],
)  # fmt: skip
def test_a_board_of_games_that_are_all_over_is_an_old_copy(hours: list[int], outcome: str | None) -> None:
    old = board("a", len(hours))
    old.parsed.rows["start_time_utc"] = pd.to_datetime([NOON + timedelta(hours=h) for h in hours], utc=True)
    assert refusal([old], {"a"}, set()).get("outcome") == outcome


def test_an_error_in_the_body_is_an_outage() -> None:
    assert refusal([board("a", 0, ERROR_BODY)], {"a"}, set())["outcome"] == "vendor_down"


def test_a_vendor_whose_standing_board_gave_rows_before_is_not_refused_for_another() -> None:
    assert refusal([board("a", 0, "no_price")], {"a", "b"}, {"b"}) == {}


def test_the_cause_counts_the_letters_and_shows_one() -> None:
    told = refusal([board("a", 0, "no_line", "no_price", "no_price", "market_suspended")], {"a"}, set())
    assert "3 broke the format, 2 of them by no_price, such as $.odds: no_price" in str(told["error"])
