"""Which recorded price stands when: from its first sighting to the book's next scrape, else to the start."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.league.recorded.books import books_table, source_of
from nhl_ops.league.recorded.prices import standing_prices

START = pd.Timestamp("2026-01-06T00:00Z")


def rows(*sightings: tuple[str, str, float, float, float | None], offer: int = 0) -> pd.DataFrame:
    """first and last sighting (hour and minute of 2026-01-05, UTC), line, over, under."""
    frame = pd.DataFrame(sightings, columns=["first", "last", "line", "over_price", "under_price"])
    for name in ("first", "last"):
        day = pd.to_datetime("2026-01-05T" + frame.pop(name) + "Z", utc=True)
        frame[f"{name}_seen_at"] = day.astype("datetime64[us, UTC]")
    frame["start_time_utc"] = pd.Series([START] * len(frame), dtype="datetime64[us, UTC]")
    return frame.astype({"under_price": "float64"}).assign(offer=offer)


def standing(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """line, over, from, until (None = the start), by time."""
    found = standing_prices(frame).sort_values(["seen_from", "line"])
    return [
        (
            r.line,
            r.over_price,
            f"{r.seen_from:%H:%M:%S}",
            None if pd.isna(r.seen_until) else f"{r.seen_until:%H:%M:%S}",
        )
        for r in found.itertuples()
    ]


def test_a_price_stands_to_the_next_scrape_and_the_last_one_to_the_start() -> None:
    found = standing(rows(("15:00:00", "15:00:02", 2.5, -120, 100), ("18:00:00", "18:00:01", 2.5, -130, 110)))
    assert found == [(2.5, -120, "15:00:00", "18:00:00"), (2.5, -130, "18:00:00", None)]


def test_a_line_that_the_next_scrape_lacks_is_gone() -> None:
    found = standing(rows(("15:00:00", "15:00:02", 2.5, 150, -190), ("18:00:00", "18:00:01", 1.5, -140, 115)))
    assert found == [(2.5, 150, "15:00:00", "18:00:00"), (1.5, -140, "18:00:00", None)]


def test_an_unchanged_price_is_one_piece_a_scrape_without_a_gap() -> None:
    found = standing(
        rows(
            ("15:00:00", "15:00:02", 2.5, -120, 100),
            ("18:00:00", "18:00:01", 3.5, 200, None),
            ("18:00:05", "18:00:06", 2.5, -120, 100),
        )
    )
    assert found == [
        (2.5, -120, "15:00:00", "18:00:00"),
        (2.5, -120, "18:00:00", None),
        (3.5, 200, "18:00:00", None),
    ]


def test_the_same_scrape_saved_in_two_files_is_one_scrape() -> None:
    found = standing(rows(("15:00:00", "15:00:01", 2.5, -120, 100), ("15:00:03", "15:00:06", 2.5, -120, 100)))
    assert found == [(2.5, -120, "15:00:00", None)]


def test_a_price_seen_over_several_scrapes_stands_through_each() -> None:
    found = standing(rows(("15:00:00", "20:00:00", 2.5, -120, 100), ("18:00:00", "18:00:01", 3.5, 210, None)))
    assert found == [
        (2.5, -120, "15:00:00", "18:00:00"),
        (2.5, -120, "18:00:00", "20:00:00"),
        (3.5, 210, "18:00:00", "20:00:00"),
        (2.5, -120, "20:00:00", None),
    ]


def test_of_two_prices_for_one_line_in_a_scrape_the_latest_seen_stands() -> None:
    found = standing(rows(("15:00:00", "15:00:04", 2.5, -120, 100), ("15:00:20", "15:00:21", 2.5, -125, 105)))
    assert found == [(2.5, -125, "15:00:20", None)]


def test_a_price_still_seen_after_the_start_stands_to_the_start() -> None:
    frame = rows(("15:00:00", "15:00:02", 2.5, -120, 100), ("18:00:00", "18:00:01", 3.5, 200, None))
    frame.loc[0, "last_seen_at"] = START + pd.Timedelta(hours=1)
    assert (2.5, -120, "18:00:00", None) in standing(frame)


def test_offers_do_not_end_each_other() -> None:
    one = rows(("15:00:00", "15:00:02", 2.5, -120, 100))
    other = rows(("18:00:00", "18:00:01", 0.5, 150, -180), offer=1)
    found = standing(pd.concat([one, other], ignore_index=True))
    assert found == [(2.5, -120, "15:00:00", None), (0.5, 150, "18:00:00", None)]


@st.composite
def sightings(draw: st.DrawFn) -> pd.DataFrame:
    minute = st.integers(0, 500)
    picked = draw(
        st.lists(
            st.tuples(
                minute, st.integers(0, 600), st.sampled_from([1.5, 2.5]), st.sampled_from([-120, 100, 130])
            ),
            min_size=1,
            max_size=12,
        )
    )
    first = pd.to_datetime([START - pd.Timedelta(minutes=m + 1) for m, *_ in picked], utc=True)
    frame = pd.DataFrame(
        {
            "first_seen_at": first,
            "last_seen_at": first + pd.to_timedelta([length for _, length, *_ in picked], unit="min"),
            "line": [line for *_, line, _ in picked],
            "over_price": [float(price) for *_, price in picked],
            "under_price": -110.0,
            "offer": 0,
            "start_time_utc": START,
        }
    )
    return frame.astype(
        {c: "datetime64[us, UTC]" for c in ("first_seen_at", "last_seen_at", "start_time_utc")}
    )


@settings(max_examples=40, deadline=None)
@given(sightings())
def test_prices_of_a_line_never_overlap_and_never_stand_before_they_were_seen(frame: pd.DataFrame) -> None:
    found = standing_prices(frame)
    ends = found["seen_until"].fillna(START)
    assert (found["seen_from"] < ends).all()
    for _, pieces in found.assign(end=ends).sort_values("seen_from").groupby("line"):
        assert (pieces["seen_from"].iloc[1:].to_numpy() >= pieces["end"].iloc[:-1].to_numpy()).all()
    for piece in found.itertuples():
        same = frame.loc[(frame["line"] == piece.line) & (frame["over_price"] == piece.over_price)]
        assert same["first_seen_at"].min() <= piece.seen_from


@settings(max_examples=40, deadline=None)
@given(sightings())
def test_the_price_seen_last_stands_at_the_start(frame: pd.DataFrame) -> None:
    found = standing_prices(frame)
    seen = frame["last_seen_at"].where(frame["last_seen_at"] < START, frame["first_seen_at"])
    assert frame.loc[seen.idxmax(), "line"] in set(found.loc[found["seen_until"].isna(), "line"])


@pytest.mark.parametrize(
    ("key", "source"),
    [
        ("draftkings", ("1", "DraftKings")),
        ("williamhill_us", ("20", "Caesars")),
        ("pinnacle", ("58", "Pinnacle-Delayed")),
    ],
)
def test_books_that_unabated_lists_have_its_ids(key: str, source: tuple[str, str]) -> None:
    assert source_of(key) == source


def test_other_books_have_stable_ids_from_900_on() -> None:
    number, name = source_of("ballybet")
    assert (number, name) == source_of("ballybet")
    assert int(number) >= 900


def test_sweepstakes_are_no_sportsbooks() -> None:
    table = books_table(["fliff", "draftkings"]).set_index("book_name")["is_sportsbook"]
    assert table.to_dict() == {"DraftKings": True, "Fliff": False, "PlayNow": True}
