"""From parsed prices to rows of a table."""

import orjson
import pandas as pd
import pytest

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.gateways.quotes import Quote, QuoteSheet
from nhl_ops.gateways.wire import instant_us
from nhl_ops_tests.gateways.wire_samples import payload_of

QUOTE = Quote(
    event_id_vendor="104900", start_time_utc=instant_us("2026-01-07T00:30:00Z"), home_team_raw="CAR",
    away_team_raw="DAL", player_id_vendor="1", player_name_raw="Some Player", player_team_raw=None,
    player_position_raw=None, player_birth_date=None, market="SOG", market_raw="86", market_id_vendor="55",
    line=2.5, side="OVER", book_id="1", book_name="DraftKings", price_american=-120, price_decimal=11 / 6,
    is_live=False, is_alternate=False, vendor_updated_at_utc=None, version="7",
)  # fmt: skip


def sheet_of(*quotes: Quote) -> QuoteSheet:
    return QuoteSheet(payload_of({}, "UNABATED"), list(quotes))


def quote_id(**changes: object) -> str:
    return str(sheet_of(QUOTE._replace(**changes)).parsed().rows["quote_id"].iloc[0])


@pytest.mark.parametrize(
    "change",
    [
        {"market_id_vendor": "56"},
        {"book_id": "2"},
        {"line": 3.5},
        {"side": "UNDER"},
        {"price_decimal": 1.85},
        {"version": "8"},
    ],
)
def test_what_makes_another_quote_makes_another_id(change: dict[str, object]) -> None:
    assert quote_id(**change) != quote_id()


@pytest.mark.parametrize(
    "change", [{"book_name": "DK"}, {"player_name_raw": "S. Player"}, {"home_team_raw": "Canes"}]
)
def test_a_new_spelling_is_the_same_quote(change: dict[str, object]) -> None:
    assert quote_id(**change) == quote_id()


def test_rows_are_numbered_and_typed_as_their_table() -> None:
    rows = sheet_of(QUOTE, QUOTE._replace(line=3.5)).parsed().rows
    assert rows["row_number"].tolist() == [0, 1]
    expected = RAW_QUOTES["UNABATED"].empty_frame().dtypes
    pd.testing.assert_series_equal(rows.dtypes, expected)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"market": "HITS"}, "contract_market"),
        ({"side": "DRAW"}, "contract_side"),
        ({"line": -0.5}, "contract_line"),
        ({"price_decimal": 0.9}, "contract_price_decimal"),
        ({"player_name_raw": None}, "contract_player_name_raw"),
    ],
)
def test_a_row_that_breaks_the_contract_is_a_dead_letter(change: dict[str, object], rule: str) -> None:
    parsed = sheet_of(QUOTE, QUOTE._replace(**change)).parsed()
    assert (len(parsed.rows), [letter.rule for letter in parsed.rejected]) == (1, [rule])
    assert orjson.dumps(parsed.rejected[0].sample)


def test_an_empty_sheet_is_an_empty_table() -> None:
    parsed = sheet_of().parsed()
    assert parsed.seen == 0
    pd.testing.assert_frame_equal(parsed.rows, RAW_QUOTES["UNABATED"].empty_frame(), check_index_type=False)
