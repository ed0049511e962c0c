"""What is said of a value that a vendor's format does not allow: where, what was expected, what came."""

import pytest

from nhl_ops.gateways.drift import DETAIL_CHARS, Defect, ShapeError, Told, rejected, unlike
from nhl_ops_tests.gateways.wire_samples import UNLIKE


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        (None, "nothing"),
        ({"a": 1}, "an object"),
        ([1], "a list"),
        ("<b>\u202e", "'\\x3cb\\x3e\\u202e'"),
        (-99, "-99"),
        ("x" * 900, "'" + "x" * 59 + "…'"),
        (Told("2 of 3 rows"), "2 of 3 rows"),
    ],
)
def test_what_came_is_shown_short_and_escaped(came: object, shown: str) -> None:
    assert unlike("$.a", "a line", came) == f"$.a: expected a line, found {shown}"


def test_a_place_however_long_leaves_room_for_the_rest() -> None:
    place = "$" + ".nested" * 500
    found = UNLIKE.fullmatch(rejected("rule", unlike(place, "a line", "x" * 900), None).detail)
    assert found is not None
    assert found["place"].startswith("$.nested")
    assert found["place"].endswith(".nested")
    assert len(found[0]) < DETAIL_CHARS


def test_a_defects_place_is_below_the_price_unless_it_is_whole() -> None:
    below = Defect("bad_line", "a line", 2.25, ".points")
    whole = Defect.of("bad_start_time", ShapeError("$.events[0].start", "an ISO time", "soon"))
    assert below.at("$.lines[3]") == "$.lines[3].points: expected a line, found 2.25"
    assert whole.at("$.lines[3]") == "$.events[0].start: expected an ISO time, found 'soon'"
