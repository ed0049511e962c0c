"""`MultiBookBestBets.xlsx`: the best bets, every price behind them, and what each column means."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from nhl_ops.domain.cards import Withdrawal
from nhl_ops.domain.escaping import spreadsheet_cell
from nhl_ops.domain.slates import AsOfMode, SlateOutcome
from nhl_ops.gateways.exports.sheets import (
    ALL_PRICES,
    BEST_BETS,
    NUMBER_FORMATS,
    SheetTable,
    cell_values,
    explanations,
)
from nhl_ops.gateways.exports.wording import long_date, outcome_sentence, plural, priced_as_of
from nhl_ops.gateways.files import write_atomically

BEST_BETS_HEADER_ROW = 5
HEADER_HEIGHT = 33
HEADLINE = "ev_pct"
WITHDRAWN_COLOR = "#B00020"
NOTE = (
    "EV compares a price with the consensus of the other books at the same line. "
    "Model EV is the second opinion: where it disagrees with the market, the market has mostly been right."
)
SUSPECT_NOTE = "Amber rows claim more than is credible. Check the price and the player before anything else."
TEXT_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
EV_SCALE = {
    "type": "3_color_scale",
    "min_type": "num",
    "mid_type": "num",
    "max_type": "num",
    "min_value": -0.10,
    "mid_value": 0,
    "max_value": 0.08,
    "min_color": "#F4B8B0",
    "mid_color": "#FFFFFF",
    "max_color": "#7CC68D",
}


@dataclass(frozen=True)
class WorkbookMeta:
    """What the title says. `outcome` is the slate's typed outcome, with its reason when it is not ok.

    version: of the card; withdrawn: it is not to be used, and both sheets say so before anything else.
    """

    as_of_utc: datetime
    as_of_mode: AsOfMode
    games: int
    generated_at_utc: datetime
    run_id: str
    model_version: str | None = None
    outcome: SlateOutcome = SlateOutcome.OK
    outcome_reason: str | None = None
    version: int = 1
    withdrawn: Withdrawal | None = None


def write_best_bets_workbook(
    path: Path, slate: date, best_bets: pd.DataFrame, fair_prices: pd.DataFrame, meta: WorkbookMeta
) -> Path:
    """Write the workbook of one slate; equal inputs give equal bytes.

    `best_bets` has the columns of ev_multi_book_best_bets and is shown by rank; `fair_prices` those of
    ev_fair_prices, shown by player, market, line, side and price. Raises KeyError on a missing column.
    """
    bets = BEST_BETS.spec.conform(best_bets).sort_values("rank")
    by = [
        "game_id_nhl",
        "player_name",
        "player_id_nhl",
        "market",
        "line",
        "side",
        "price_decimal",
        "quote_id",
    ]
    ascending = [name != "price_decimal" for name in by]
    prices = ALL_PRICES.spec.conform(fair_prices).sort_values(by, ascending=ascending)
    return write_atomically(path, lambda beside: _fill(beside, slate, bets, prices, meta))


def _fill(path: Path, slate: date, bets: pd.DataFrame, prices: pd.DataFrame, meta: WorkbookMeta) -> None:
    book = xlsxwriter.Workbook(path, TEXT_OPTIONS | {"in_memory": True})
    book.set_properties(
        {
            "title": f"Best bets, {long_date(slate)}",
            "comments": f"Run {meta.run_id}, model {meta.model_version or 'none'}",
            "created": meta.generated_at_utc.astimezone(UTC),
        }
    )
    styles = _styles(book)
    best_bets, all_prices, columns = (
        book.add_worksheet(t) for t in (BEST_BETS.title, ALL_PRICES.title, "Columns")
    )
    _title(best_bets, styles, title_lines(slate, len(bets), len(prices), meta))
    _table(best_bets, styles, BEST_BETS, bets, BEST_BETS_HEADER_ROW)
    _mark_suspects(best_bets, styles["suspect"], len(bets))
    if meta.withdrawn:
        all_prices.write_string(0, 0, spreadsheet_cell(meta.withdrawn.sentence), styles["withdrawn"])
        for sheet in (best_bets, all_prices):
            sheet.set_tab_color(WITHDRAWN_COLOR)
    _table(all_prices, styles, ALL_PRICES, prices, 1 if meta.withdrawn else 0)
    _columns_sheet(columns, styles)
    book.close()


def _styles(book: Any) -> dict[str, Any]:
    styles = {form.value: book.add_format({"num_format": code}) for form, code in NUMBER_FORMATS.items()}
    styles["title"] = book.add_format({"bold": True, "font_size": 16})
    styles["withdrawn"] = book.add_format({"bold": True, "font_size": 16, "font_color": WITHDRAWN_COLOR})
    styles["facts"] = book.add_format({"font_color": "#333333"})
    styles["note"] = book.add_format({"italic": True, "font_color": "#555555"})
    styles["empty"] = book.add_format({"bold": True})
    styles["suspect"] = book.add_format({"bg_color": "#FFE3A3"})
    styles["wrapped"] = book.add_format({"text_wrap": True, "valign": "top"})
    header = {
        "bold": True,
        "bg_color": "#17324D",
        "font_color": "#FFFFFF",
        "valign": "top",
        "text_wrap": True,
    }
    styles["header"] = book.add_format(header | {"align": "left", "indent": 1})
    styles["header_number"] = book.add_format(header | {"align": "right"})
    styles["text"] = book.add_format({"align": "left", "indent": 1})
    return styles


def title_lines(slate: date, bets: int, prices: int, meta: WorkbookMeta) -> list[tuple[str, str]]:
    """The lines above the best bets, each with the style it is shown in."""
    known = priced_as_of(meta.as_of_mode, meta.as_of_utc)
    facts = f"{plural(meta.games, 'game')}, {known}. {plural(bets, 'best bet')} of {plural(prices, 'price')}."
    closing = (SUSPECT_NOTE, "note") if bets else (empty_sentence(prices, meta), "empty")
    title = f"Best bets, {long_date(slate)}, version {meta.version}"
    first = (f"{meta.withdrawn.sentence}. {title}", "withdrawn") if meta.withdrawn else (title, "title")
    return [first, (facts, "facts"), (NOTE, "note"), closing]


def _title(sheet: Any, styles: dict[str, Any], lines: list[tuple[str, str]]) -> None:
    for row, (line, style) in enumerate(lines):
        sheet.write_string(row, 0, spreadsheet_cell(line), styles[style])


def _mark_suspects(sheet: Any, style: Any, bets: int) -> None:
    if bets:
        first, last = BEST_BETS_HEADER_ROW + 1, BEST_BETS_HEADER_ROW + bets
        flag = xl_col_to_name(BEST_BETS.position("is_suspect"), col_abs=True)
        rule = {"type": "formula", "criteria": f'={flag}{first + 1}="yes"', "format": style}
        sheet.conditional_format(first, 0, last, len(BEST_BETS.columns) - 1, rule)


def empty_sentence(prices: int, meta: WorkbookMeta) -> str:
    """Why there is no bet: the slate's typed outcome, else that no price was good enough."""
    if meta.outcome is not SlateOutcome.OK or not prices:
        return f"No best bets. {outcome_sentence(meta.outcome, meta.outcome_reason)}"
    return f"No best bets. {plural(prices, 'price')} compared, none was better than the consensus."


def _table(
    sheet: Any, styles: dict[str, Any], table: SheetTable, frame: pd.DataFrame, header_row: int
) -> None:
    """Header, values, widths, filter, EV colours and print setup of one table."""
    last = header_row + len(frame)
    sheet.set_row(header_row, HEADER_HEIGHT)
    for col, column in enumerate(table.columns):
        is_number = column.form in NUMBER_FORMATS
        sheet.set_column(col, col, column.width)
        style = styles["header_number" if is_number else "header"]
        sheet.write_string(header_row, col, column.header, style)
        write = sheet.write_number if is_number else sheet.write_string
        style = styles.get(column.form.value, styles["text"])
        for row, value in enumerate(cell_values(column, frame[column.name]), header_row + 1):
            if value is not None:
                write(row, col, value, style)
        if column.name == HEADLINE and len(frame):
            sheet.conditional_format(header_row + 1, col, last, col, EV_SCALE)
    sheet.autofilter(header_row, 0, last, len(table.columns) - 1)
    sheet.freeze_panes(header_row + 1, table.position("player_name") + 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header_row)


def _columns_sheet(sheet: Any, styles: dict[str, Any]) -> None:
    headers = ("Sheet", "Column", "Meaning", "Shown as", "Table column")
    for col, (header, width) in enumerate(zip(headers, (12, 22, 70, 26, 52), strict=True)):
        sheet.set_column(col, col, width)
        sheet.write_string(0, col, header, styles["header"])
    rows = explanations((BEST_BETS, ALL_PRICES))
    for row, texts in enumerate(rows, 1):
        for col, shown in enumerate(texts):
            sheet.write_string(row, col, shown, styles["wrapped"])
    sheet.autofilter(0, 0, len(rows), len(headers) - 1)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
