"""The sheet of game lines: single prices, the identity of a line, conflicts within a payload."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nhl_ops.contracts.game_odds import RAW_GAME_LINES
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.game_lines import GameMarket, Outcome
from nhl_ops.domain.odds import PriceDefect
from nhl_ops.gateways.game_lines import (
    Book,
    Defect,
    GameEvent,
    GameLine,
    GameLineSheet,
    Offer,
    Price,
    american_price,
    mixed_price,
)
from nhl_ops.gateways.vendor import Payload
from nhl_ops.gateways.wire import Node, microseconds
from nhl_ops_tests.gateways.wire_samples import CAPTURED_AT, payload_of

EVENT = GameEvent("2026-01-06", "2025020600", 2025020600, microseconds(CAPTURED_AT), "LAK", "MTL", False)
BOOK = Book("9", "DraftKings")
PAYLOAD = payload_of({}, "NHL", "nhl_schedule")


def moneyline(american: int = 120, decimal: float = 2.2, book: Book = BOOK) -> GameLine:
    offer = Offer(GameMarket.MONEYLINE, "odds[]", Outcome.AWAY, None, Price(american, decimal))
    return GameLine(EVENT, book, offer)


def sheet_of(*lines: GameLine, payload: Payload = PAYLOAD, source: str = "nhl_schedule") -> GameLineSheet:
    sheet = GameLineSheet(payload, source)
    for line in lines:
        sheet.accept(line)
    return sheet


@pytest.mark.parametrize(
    ("sent", "price"),
    [
        ("+120", Price(120, 2.2)),
        ("-125", Price(-125, 1.8)),
        ("225.0000", Price(225, 3.25)),
        ("-105.0000", Price(-105, 1 + 100 / 105)),
        ("100.0000", Price(100, 2.0)),
        ("1.73", Price(-137, 1.73)),
        ("2.3000", Price(130, 2.3)),
        (" 2.20 ", Price(120, 2.2)),
        (-142.0, Price(-142, 1 + 100 / 142)),
        (2.5, Price(150, 2.5)),
        ("50", Price(4900, 50.0)),
    ],
)
def test_a_price_is_american_when_signed_or_at_least_100_else_decimal(sent: object, price: Price) -> None:
    assert mixed_price(Node(sent)) == price


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ("+2.20", PriceDefect.BELOW_100),
        ("-99", PriceDefect.BELOW_100),
        ("0", PriceDefect.NOT_ABOVE_ONE),
        ("1.00", PriceDefect.NOT_ABOVE_ONE),
        ("99900", PriceDefect.NO_CONTRACT),
        ("-125.5", PriceDefect.OUT_OF_RANGE),
        ("EVEN", PriceDefect.NOT_A_NUMBER),
        ("1e3", PriceDefect.NOT_A_NUMBER),
        ("−125", PriceDefect.NOT_A_NUMBER),  # noqa: RUF001 - a minus sign that is no hyphen
        ("١٢٥", PriceDefect.NOT_A_NUMBER),
        ("nan", PriceDefect.NOT_A_NUMBER),
        (float("inf"), PriceDefect.NOT_A_NUMBER),
        (True, PriceDefect.NOT_A_NUMBER),
        (None, PriceDefect.NOT_A_NUMBER),
        ([120], PriceDefect.NOT_A_NUMBER),
    ],
)
def test_what_is_no_price_says_why(sent: object, rule: PriceDefect) -> None:
    with pytest.raises(Defect) as caught:
        mixed_price(Node(sent))
    assert caught.value.rule is rule


@pytest.mark.parametrize("sent", [2.2, "1.73", 0, 50])
def test_where_prices_are_american_a_decimal_one_is_none(sent: object) -> None:
    with pytest.raises(Defect) as caught:
        american_price(Node(sent))
    assert caught.value.rule is PriceDefect.BELOW_100


def test_rows_meet_the_contract_and_carry_their_payload() -> None:
    rows = sheet_of(moneyline()).parsed().rows
    assert violations(RAW_GAME_LINES, rows) == []
    row = rows.iloc[0]
    assert (row["source_vendor"], row["source"], row["payload_hash"]) == (
        "NHL",
        "nhl_schedule",
        PAYLOAD.payload_hash,
    )
    assert (row["capture_date"], row["game_date"]) == ("2026-01-06", "2026-01-06")


def test_an_empty_sheet_is_an_empty_table() -> None:
    parsed = sheet_of().parsed()
    assert (parsed.seen, parsed.rows.columns.tolist()) == (0, RAW_GAME_LINES.column_names)
    assert violations(RAW_GAME_LINES, parsed.rows) == []


def test_a_line_keeps_its_id_in_a_later_payload() -> None:
    later = replace(PAYLOAD, captured_at_utc=CAPTURED_AT + timedelta(hours=1), payload_hash="other")
    ids = [sheet_of(moneyline(), payload=p).parsed().rows["line_id"].item() for p in (PAYLOAD, later)]
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    "other",
    [
        moneyline(125, 2.25),
        moneyline(book=Book("7", "FanDuel")),
        moneyline(book=Book("9", "DraftKings", is_stale=True)),
        GameLine(EVENT._replace(is_live=True), BOOK, moneyline().offer),
        GameLine(EVENT, BOOK, moneyline().offer._replace(market=GameMarket.MONEYLINE_3WAY)),
        GameLine(EVENT, BOOK, moneyline().offer._replace(line=1.5)),
    ],
)
def test_price_book_market_line_staleness_and_play_make_another_line(other: GameLine) -> None:
    ids = [sheet_of(line).parsed().rows["line_id"].item() for line in (moneyline(), other)]
    assert ids[0] != ids[1]


def test_the_same_price_from_another_source_is_another_line() -> None:
    sources = ("nhl_schedule", "nhl_partner_game")
    ids = [sheet_of(moneyline(), source=source).parsed().rows["line_id"].item() for source in sources]
    assert ids[0] != ids[1]


def test_a_price_sent_twice_is_two_rows_of_one_line() -> None:
    rows = sheet_of(moneyline(), moneyline()).parsed().rows
    assert (len(rows), rows["line_id"].nunique(), rows["row_number"].tolist()) == (2, 1, [0, 1])


def test_two_prices_for_one_outcome_are_both_dead_letters() -> None:
    parsed = sheet_of(moneyline(), moneyline(150, 2.5)).parsed()
    assert [letter.rule for letter in parsed.rejected] == ["price_conflict"] * 2
    assert (len(parsed.rows), parsed.seen) == (0, 2)
