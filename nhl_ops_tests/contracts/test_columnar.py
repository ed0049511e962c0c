"""Rows of a slate as JSON values and back."""

import json

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.contracts.columnar import pack, unpack
from nhl_ops.contracts.evidence import FACT_MAPPING_QUALITY_DAILY as SPEC

COLUMNS = [name for name in SPEC.column_names if name != "game_date"]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "source_vendor": st.text(max_size=5),
            "subject": st.sampled_from(["player", "event"]),
            "method": st.text(max_size=5),
            "reason": st.text(max_size=5),
            "quotes": st.integers(1, 10**9),
            "names": st.integers(1, 10**6),
            "quotes_share": st.floats(0, 1).map(lambda x: round(x, 6)),
            "mean_score": st.none() | st.floats(0, 1).map(lambda x: round(x, 6)),
        }
    ),
    max_size=6,
    unique_by=lambda row: (row["source_vendor"], row["subject"], row["method"], row["reason"]),
)


@given(ROWS)
def test_what_was_packed_comes_back_through_json(rows: list[dict[str, object]]) -> None:
    constants = {"game_date": "2026-01-05"}
    frame = pd.DataFrame(rows, columns=COLUMNS)
    packed = json.loads(json.dumps(pack(SPEC, frame, COLUMNS), allow_nan=False))
    expected = SPEC.conform(frame.assign(**constants)).sort_values(list(SPEC.key), ignore_index=True)
    pd.testing.assert_frame_equal(unpack(SPEC, packed, constants), expected)


def test_no_rows_are_no_rows() -> None:
    packed = pack(SPEC, SPEC.empty_frame(), COLUMNS)
    assert unpack(SPEC, packed, {}).empty
    assert packed["columns"] == COLUMNS
