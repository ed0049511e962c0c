"""Encoded frames hold the same values as plain ones, whatever is done with them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.contracts.encoding import distinct, encode, numbered, plain, ranked, stacked
from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.contracts.schema import violations
from nhl_ops_tests.transforms.ev_frames import raw_quotes

SPEC = RAW_QUOTES["UNABATED"]
TEXTS = st.one_of(st.none(), st.sampled_from(["", "a", "b", "nan", "é"]))
COLUMNS = st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 2)), min_size=1, max_size=20)


def frame_of(rows: list[tuple[str | None, str | None, int]], *, encoded: bool = False) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["x", "y", "n"]).astype({"x": "object", "y": "object"})
    return frame.astype({"x": "category", "y": "category"}) if encoded else frame


def test_encoding_keeps_every_value_and_null() -> None:
    quotes = raw_quotes({}, {"player_team_raw": None, "market": "POINTS"}, {"player_birth_date": None})
    encoded = encode(SPEC, quotes)
    assert encoded["market"].dtype == "category"
    assert encoded["quote_id"].dtype == object
    pd.testing.assert_frame_equal(plain(encoded), quotes)
    pd.testing.assert_frame_equal(encode(SPEC, encoded), encoded)


def test_conforming_keeps_encoded_columns_encoded() -> None:
    encoded = encode(SPEC, raw_quotes({}))
    assert SPEC.conform(encoded)["market"].dtype == "category"


@given(COLUMNS, st.booleans())
def test_equal_rows_have_equal_numbers_in_the_order_of_appearance(
    rows: list[tuple[str | None, str | None, int]], encoded: bool
) -> None:
    expected: dict[tuple[object, ...], int] = {}
    numbers = numbered(frame_of(rows, encoded=encoded), ["x", "y", "n"])
    assert numbers.tolist() == [expected.setdefault(row, len(expected)) for row in rows]


@given(COLUMNS, st.booleans())
def test_distinct_gives_the_first_row_of_each_number_as_ordinary_strings(
    rows: list[tuple[str | None, str | None, int]], encoded: bool
) -> None:
    numbers, found = distinct(frame_of(rows, encoded=encoded), ["x", "y"])
    firsts = {}
    for row in rows:
        firsts.setdefault(row[:2], row)
    assert [tuple(row) for row in found.astype(object).to_numpy()] == list(firsts.values())
    assert [rows[i][:2] for i in range(len(rows))] == [
        tuple(found.iloc[n][["x", "y"]]) for n in numbers.tolist()
    ]


@given(st.lists(TEXTS, min_size=1, max_size=20))
def test_ranks_follow_the_order_of_the_texts_and_not_of_the_categories(texts: list[str | None]) -> None:
    plain_ones = pd.Series(texts, dtype=object)
    backwards = sorted({t for t in texts if t is not None}, reverse=True)
    encoded = pd.Series(pd.Categorical(texts, categories=[*backwards, "unused"]))
    for values in (plain_ones, encoded):
        order = np.argsort(ranked(values), kind="stable")
        expected = sorted(range(len(texts)), key=lambda i: (texts[i] is not None, texts[i] or ""))
        assert order.tolist() == expected


def test_stacked_frames_stay_encoded_when_their_texts_differ_and_empty_ones_count_for_nothing() -> None:
    frames = [raw_quotes({}), raw_quotes({"book_name": "Other"}, {"book_name": "Third"})]
    encoded = stacked([SPEC.empty_frame(), *(encode(SPEC, frame) for frame in frames)])
    assert encoded["book_name"].dtype == "category"
    pd.testing.assert_frame_equal(plain(encoded), pd.concat(frames, ignore_index=True))
    assert stacked([SPEC.empty_frame()]).empty


@pytest.mark.parametrize(
    "change", [{"market": "HATS"}, {"player_name_raw": None}, {"line": -1.0}, {"quote_id": "q"}]
)
def test_an_encoded_frame_breaks_the_same_rules(change: dict[str, object]) -> None:
    quotes = raw_quotes({}, {**change, "row_number": 1}, {"row_number": 2})
    for frame in (quotes, quotes.assign(row_number=0)):
        assert violations(SPEC, encode(SPEC, frame)) == violations(SPEC, frame)
