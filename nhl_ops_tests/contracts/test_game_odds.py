"""The tables of game lines: what tells two lines apart, and what a row must not be."""

import pandas as pd
import pytest

from nhl_ops.contracts.game_odds import (
    FACT_GAME_ODDS,
    FACT_GAME_ODDS_ACCOUNTING,
    LINE_COLUMNS,
    RAW_GAME_LINES,
)
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.game_lines import GameMarket, Outcome
from nhl_ops_tests.transforms.game_line_frames import lines


@pytest.mark.parametrize("spec", [RAW_GAME_LINES, FACT_GAME_ODDS, FACT_GAME_ODDS_ACCOUNTING])
def test_an_empty_table_breaks_no_rule(spec) -> None:
    assert violations(spec, spec.empty_frame()) == []


def test_raw_lines_lie_under_their_capture_date_and_facts_under_their_slate() -> None:
    assert (RAW_GAME_LINES.partition_column, FACT_GAME_ODDS.partition_column) == ("capture_date", "game_date")


def test_a_fact_keeps_every_column_of_its_line() -> None:
    assert {c.name for c in LINE_COLUMNS} <= set(FACT_GAME_ODDS.column_names)


def test_three_way_prices_have_their_own_market_and_the_draw_its_own_outcome() -> None:
    allowed = {name: set(RAW_GAME_LINES.by_name[name].allowed) for name in ("market", "outcome")}
    assert {"MONEYLINE", "MONEYLINE_3WAY"} <= allowed["market"] == set(GameMarket)
    assert allowed["outcome"] == set(Outcome)


@pytest.mark.parametrize("change", [{"market": "H2H"}, {"outcome": "TIE"}, {"price_decimal": 0.5}])
def test_a_row_outside_the_contract_is_a_violation(change: dict[str, object]) -> None:
    found = violations(RAW_GAME_LINES, lines(change))
    assert [(v.key, v.rows) for v in found] == [("2026-01-05", 1)]


def test_a_moneyline_has_no_line() -> None:
    frame = lines({}, {"market": "TOTAL", "outcome": "OVER", "line": 6.5})
    assert violations(RAW_GAME_LINES, frame) == []
    assert pd.isna(frame["line"].iloc[0])
