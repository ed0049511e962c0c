"""Reading JSON that others wrote."""

from typing import Any

import pytest

from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.drift import ShapeError, rejected
from nhl_ops.gateways.wire import Node, eastern_day, id_text, instant_us, load
from nhl_ops_tests.gateways.wire_samples import payload_of

HOUR_US = 3_600_000_000


def test_a_path_leads_to_the_value() -> None:
    games = next(Node({"week": [{"games": {"a": 1, "b": 2}}]})["week"].each())["games"]
    assert [(node.path, node.value) for node in games.each()] == [
        ("$.week[0].games.a", 1),
        ("$.week[0].games.b", 2),
    ]


def test_an_absent_key_reads_like_null() -> None:
    assert Node({})["score"].is_null


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        ("integer", 7, 7),
        ("integer", "7", 7),
        ("integer", 7.0, 7),
        ("integer", -7, -7),
        ("count", 0, 0),
        ("rounded", 999.5, 1000),
        ("rounded", 12, 12),
        ("text", " x ", "x"),
        ("flag", False, False),
        ("day", "1997-07-26T00:00:00", "1997-07-26"),
        ("seconds", "16:05", 965),
        ("seconds", "100:00", 6000),
        ("instant", "1970-01-01T01:00:00", HOUR_US),
        ("instant", "1970-01-01T01:00:00Z", HOUR_US),
        ("instant", "1970-01-01T01:00:00.1234567+01:00", 123_456),
    ],
)
def test_values_are_read_in_every_form_that_vendors_send(reader: str, value: Any, expected: Any) -> None:
    assert getattr(Node(value), reader)() == expected


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        ("integer", None),
        ("integer", True),
        ("integer", 7.5),
        ("integer", "seven"),
        ("integer", "9" * 5000),
        ("integer", 1e30),
        ("count", -1),
        ("rounded", "12"),
        ("rounded", -1),
        ("text", ""),
        ("text", 5),
        ("flag", 1),
        ("day", "26.07.1997"),
        ("seconds", "16:75"),
        ("seconds", "9" * 5000 + ":00"),
        ("seconds", "1605"),
        ("instant", "0001-01-01T00:00:00"),
        ("instant", "tonight"),
        ("instant", 1767900000),
    ],
)
def test_what_cannot_be_read_names_its_path(reader: str, value: Any) -> None:
    with pytest.raises(ShapeError, match=r"^\$\.a: "):
        getattr(Node({"a": value})["a"], reader)()


@pytest.mark.parametrize("value", [None, 5, "text"])
def test_only_lists_and_objects_have_elements(value: Any) -> None:
    with pytest.raises(ShapeError, match=r"^\$: expected a list or an object"):
        list(Node(value).each())


def test_a_key_of_what_is_no_object_names_its_path() -> None:
    with pytest.raises(ShapeError, match=r"^\$\.a: expected an object, found a list"):
        Node({"a": [1]})["a"]["b"]


@pytest.mark.parametrize(
    ("value", "expected"), [(5, "5"), (" 5 ", "5"), ("", None), (True, None), (5.0, None)]
)
def test_an_id_is_text_however_it_was_sent(value: object, expected: str | None) -> None:
    assert id_text(value) == expected


def test_the_eastern_day_of_an_instant_knows_summer_time() -> None:
    assert eastern_day(instant_us("2026-01-07T04:59:00Z")) == "2026-01-06"
    assert eastern_day(instant_us("2026-06-07T04:01:00Z")) == "2026-06-07"


def test_a_byte_order_mark_is_no_error() -> None:
    assert load(payload_of(b'\xef\xbb\xbf{"a": 1}'))["a"].value == 1


@pytest.mark.parametrize("body", [b"", b"nul", b"[1]", b'{"a": NaN}', b'"text"'])
def test_what_is_no_json_object_is_a_contract_failure_that_names_the_payload(body: bytes) -> None:
    payload = payload_of(body)
    with pytest.raises(VendorContract, match=payload.payload_hash[:12]):
        load(payload)


def test_a_sample_of_a_dead_letter_is_short() -> None:
    assert len(rejected("rule", "detail", {"a": "x" * 10_000}).sample) == 400


def test_a_sample_that_is_nested_too_deeply_to_show_is_a_letter_all_the_same() -> None:
    deep: object = 1
    for _ in range(600):
        deep = [deep]
    letter = rejected("malformed", "too deep", deep)
    assert letter.sample.startswith("list that cannot be shown")


def test_a_failure_names_the_path_what_was_expected_and_what_came_cut_and_escaped() -> None:
    with pytest.raises(ShapeError) as caught:
        Node({"a": {"b<i>": "\u202e" + "x" * 100}})["a"]["b<i>"].integer()
    told = str(caught.value)
    assert told.startswith(r"$.a['b\x3ci\x3e']: expected a whole number, found '\u202exxx")
    assert told.endswith("…'")
    assert len(told) < 130


def test_a_dead_letters_detail_hides_nothing() -> None:
    assert rejected("a_rule", "$.\u200bkey\n: expected 1", None).detail == r"$.\u200bkey\x0a: expected 1"
