"""Boards that came and are none: what is told of a vendor's payloads as a whole."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.board_verdict import unusable
from nhl_ops.gateways.vendor import Parsed, Rejected

CAPTURED = datetime(2026, 1, 19, 22, 30, tzinfo=UTC)


def rows(*starts: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"start_time_utc": pd.to_datetime(list(starts), utc=True), "captured_at_utc": pd.Timestamp(CAPTURED)}
    )


def letters(*rules: str) -> list[Rejected]:
    return [Rejected(rule, f"detail of {rule}", "{}") for rule in rules]


NONE = rows()
TONIGHT, LAST_WEEK = "2026-01-20T00:00Z", "2026-01-12T00:00Z"


@pytest.mark.parametrize(
    ("frame", "rules", "outcome"),
    [
        (NONE, ["unusable_payload"], SlateOutcome.REJECTED),
        (NONE, ["error_body"], SlateOutcome.VENDOR_DOWN),
        (NONE, ["no_price", "no_price"], SlateOutcome.REJECTED),
        (rows(LAST_WEEK, LAST_WEEK), [], SlateOutcome.VENDOR_DOWN),
        (rows(TONIGHT), ["unusable_payload"], SlateOutcome.REJECTED),
    ],
    ids=["no board", "an error", "every price broken", "all games over", "one of two payloads"],
)
def test_what_is_no_board_is_told(frame: pd.DataFrame, rules: list[str], outcome: SlateOutcome) -> None:
    found = unusable([Parsed(frame, letters(*rules))])
    assert found is not None
    assert found.outcome is outcome


@pytest.mark.parametrize(
    ("frame", "rules"),
    [
        (NONE, []),
        (NONE, ["market_not_supported", "event_closed"]),
        (rows(TONIGHT), ["no_price"]),
        (rows(LAST_WEEK, TONIGHT), []),
        (rows("2026-01-19T20:00Z"), []),
    ],
    ids=["empty", "nothing of ours", "some broken", "one game to come", "a game that is on"],
)
def test_what_is_a_board_is_not_refused(frame: pd.DataFrame, rules: list[str]) -> None:
    assert unusable([Parsed(frame, letters(*rules))]) is None


def test_the_rules_of_a_broken_board_are_counted_with_the_most_frequent_first() -> None:
    found = unusable([Parsed(NONE, letters("no_line", "no_price", "no_price"))])
    assert found is not None
    assert "not one of 3 prices could be used: no_price 2, no_line 1" in found.cause
