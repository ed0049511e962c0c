"""Columns of the best-bets workbook: header, table column, form, width. Their meaning is the contract's."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from nhl_ops.contracts.ev import EV_FAIR_PRICES, EV_MULTI_BOOK_BEST_BETS
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.slates import EASTERN
from nhl_ops.gateways.exports.csv_export import DIGITS, safe_text
from nhl_ops.gateways.exports.wording import market_label, side_label


class Form(StrEnum):
    """How a value is shown; the value says how, in the words of the sheet "Columns"."""

    TEXT = "text"
    MARKET = "market"
    SIDE = "Over or Under"
    YES_NO = "yes or no"
    COUNT = "number"
    LINE = "line"
    AMERICAN = "American odds with sign"
    DECIMAL = "decimal odds"
    PERCENT = "percent of the stake"
    SHARE = "percent"
    MINUTES = "minutes"
    EASTERN = "Eastern time (ET)"


NUMBER_FORMATS = {
    Form.COUNT: "#,##0",
    Form.LINE: "0.0",
    Form.AMERICAN: "+0;-0",
    Form.DECIMAL: "0.00",
    Form.PERCENT: "+0.0%;-0.0%;0.0%",
    Form.SHARE: "0.0%",
    Form.MINUTES: "#,##0",
    Form.EASTERN: "mmm d, h:mm AM/PM",
}
EXCEL_EPOCH = pd.Timestamp("1899-12-30")


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet; `note` adds to the contract's description what a bettor wants to know."""

    header: str
    name: str
    form: Form
    width: float
    note: str = ""


@dataclass(frozen=True)
class SheetTable:
    title: str
    spec: TableSpec
    columns: tuple[SheetColumn, ...]

    def position(self, name: str) -> int:
        return [c.name for c in self.columns].index(name)


WAGER = (
    SheetColumn("Player", "player_name", Form.TEXT, 26),
    SheetColumn("Team", "team", Form.TEXT, 9),
    SheetColumn("Opp.", "opponent", Form.TEXT, 9, "The team he plays against."),
    SheetColumn("Market", "market", Form.MARKET, 16),
    SheetColumn("Side", "side", Form.SIDE, 9),
    SheetColumn("Line", "line", Form.LINE, 8),
    SheetColumn("Book", "book_name", Form.TEXT, 18),
    SheetColumn("Price", "price_american", Form.AMERICAN, 9),
    SheetColumn(
        "EV",
        "ev_pct",
        Form.PERCENT,
        9,
        "+5% means five cents for every dollar staked, if the consensus is right.",
    ),
    SheetColumn(
        "Model EV",
        "ev_model_pct",
        Form.PERCENT,
        9,
        "A second opinion: far from EV it is mostly the model's own error.",
    ),
)

BEST_BETS = SheetTable(
    "Best bets",
    EV_MULTI_BOOK_BEST_BETS,
    (
        SheetColumn("#", "rank", Form.COUNT, 6),
        *WAGER,
        SheetColumn("Check first", "is_suspect", Form.YES_NO, 9),
        SheetColumn("Price (decimal)", "price_decimal", Form.DECIMAL, 10),
        SheetColumn(
            "Fair (decimal)",
            "fair_price_decimal",
            Form.DECIMAL,
            10,
            "At this price a bet neither gains nor loses in the long run.",
        ),
        SheetColumn("Break-even (decimal)", "break_even_price_decimal", Form.DECIMAL, 11),
        SheetColumn("Consensus prob.", "prob_consensus", Form.SHARE, 11),
        SheetColumn("Model prob.", "prob_model", Form.SHARE, 9),
        SheetColumn("Other books", "books_in_consensus", Form.COUNT, 8),
        SheetColumn("Books quoting", "books_quoting", Form.COUNT, 9),
        SheetColumn("Quote age (min)", "quote_age_sec", Form.MINUTES, 11),
        SheetColumn("Start (ET)", "start_time_utc", Form.EASTERN, 17),
        SheetColumn("Vendor", "source_vendor", Form.TEXT, 13, "Where the price was read."),
        SheetColumn("Bet id", "bet_id", Form.TEXT, 22),
    ),
)

ALL_PRICES = SheetTable(
    "All prices",
    EV_FAIR_PRICES,
    (
        *WAGER,
        SheetColumn("Price (decimal)", "price_decimal", Form.DECIMAL, 10),
        SheetColumn(
            "Fair (decimal)",
            "fair_price_decimal",
            Form.DECIMAL,
            10,
            "At this price a bet neither gains nor loses in the long run.",
        ),
        SheetColumn("Break-even (decimal)", "break_even_price_decimal", Form.DECIMAL, 11),
        SheetColumn("Consensus prob.", "prob_consensus", Form.SHARE, 11),
        SheetColumn(
            "Method spread",
            "prob_consensus_spread",
            Form.SHARE,
            10,
            "The wider, the less certain the consensus.",
        ),
        SheetColumn("Other books", "books_in_consensus", Form.COUNT, 8),
        SheetColumn("Model prob.", "prob_model", Form.SHARE, 9),
        SheetColumn("Book's fair prob.", "prob_devig_book", Form.SHARE, 10),
        SheetColumn("Hold", "hold", Form.SHARE, 8, "The book's margin."),
        SheetColumn("Bettable", "is_bettable", Form.YES_NO, 11),
        SheetColumn("Quote age (min)", "quote_age_sec", Form.MINUTES, 11),
        SheetColumn("Last seen (ET)", "last_seen_at_utc", Form.EASTERN, 17),
        SheetColumn("Start (ET)", "start_time_utc", Form.EASTERN, 17),
        SheetColumn("Vendor", "source_vendor", Form.TEXT, 13, "Where the price was read."),
    ),
)


def cell_values(column: SheetColumn, values: pd.Series) -> list[object]:
    """What a sheet holds for a column's values: safe text, Excel numbers, None where missing."""
    match column.form:
        case Form.TEXT:
            shown = safe_text(values)
        case Form.MARKET:
            shown = safe_text(values.map(market_label))
        case Form.SIDE:
            shown = safe_text(values.map(side_label))
        case Form.YES_NO:
            shown = values.map({True: "yes", False: "no"})
        case Form.PERCENT:
            shown = (values / 100).round(DIGITS)
        case Form.MINUTES:
            shown = values / 60
        case Form.EASTERN:
            wall = values.dt.tz_convert(EASTERN).dt.tz_localize(None)
            shown = (wall - EXCEL_EPOCH) / pd.Timedelta(days=1)
        case _:
            shown = values.round(DIGITS)
    return [None if missing else value for value, missing in zip(shown, shown.isna(), strict=True)]


def explanations(tables: Sequence[SheetTable]) -> list[tuple[str, str, str, str, str]]:
    """Rows of the sheet "Columns": sheet, header, meaning, how it is shown, and the table's column."""
    return [
        (
            table.title,
            column.header,
            f"{table.spec.by_name[column.name].description} {column.note}".strip(),
            column.form.value,
            f"{table.spec.name}.{column.name}",
        )
        for table in tables
        for column in table.columns
    ]
