"""MultiBookBestBets.xlsx, opened again as a reader would."""

from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from nhl_ops.contracts.ev import EV_FAIR_PRICES, EV_MULTI_BOOK_BEST_BETS
from nhl_ops.domain.cards import Withdrawal
from nhl_ops.domain.slates import EASTERN, AsOfMode, SlateOutcome
from nhl_ops.gateways.exports.sheets import ALL_PRICES, BEST_BETS
from nhl_ops.gateways.exports.workbook import BEST_BETS_HEADER_ROW, write_best_bets_workbook
from nhl_ops_tests.gateways import exports_samples as samples

HEADER = BEST_BETS_HEADER_ROW + 1


def write(path: Path, bets: pd.DataFrame, prices: pd.DataFrame, **meta: object) -> Path:
    return write_best_bets_workbook(path, samples.SLATE, bets, prices, samples.meta(**meta))


@pytest.fixture(scope="module")
def prices() -> pd.DataFrame:
    return samples.fair_prices(120)


@pytest.fixture(scope="module")
def bets(prices: pd.DataFrame) -> pd.DataFrame:
    return samples.best_bets(prices, 12)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, bets: pd.DataFrame, prices: pd.DataFrame) -> Workbook:
    folder = tmp_path_factory.mktemp("workbook")
    return load_workbook(write(folder / "MultiBookBestBets.xlsx", bets, prices))


def column(sheet: Worksheet, header: str, header_row: int) -> list[object]:
    headers = [cell.value for cell in sheet[header_row]]
    return [row[headers.index(header)].value for row in sheet.iter_rows(min_row=header_row + 1)]


def titles(sheet: Worksheet) -> list[str]:
    return [sheet.cell(row, 1).value for row in range(1, 5)]


def test_it_has_a_sheet_for_the_bets_one_for_the_prices_and_one_for_the_columns(book: Workbook) -> None:
    assert book.sheetnames == ["Best bets", "All prices", "Columns"]


def test_the_title_names_slate_games_as_of_and_what_ev_means(book: Workbook) -> None:
    title, facts, note, suspects = titles(book["Best bets"])
    assert title == "Best bets, Wednesday, January 7, 2026, version 1"
    assert facts == "8 games, priced as of Jan 7, 5:30 PM ET. 12 best bets of 120 prices."
    assert "consensus of the other books" in note
    assert "Model EV is the second opinion" in note
    assert "Amber rows" in suspects


def test_a_withdrawn_workbook_says_so_first_on_both_sheets(
    tmp_path: Path, bets: pd.DataFrame, prices: pd.DataFrame
) -> None:
    mark = Withdrawal(3, datetime(2026, 1, 7, 23, tzinfo=UTC), "ann", "=wrong() lines")
    book = load_workbook(write(tmp_path / "x.xlsx", bets, prices, version=3, withdrawn=mark))
    told = "WITHDRAWN, do not use this card: =wrong() lines (ann, 2026-01-07 23:00 UTC)"
    assert titles(book["Best bets"])[0] == f"{told}. Best bets, Wednesday, January 7, 2026, version 3"
    assert book["All prices"]["A1"].value == told
    assert book["All prices"].auto_filter.ref == "A2:X122"
    assert column(book["All prices"], "Price", 2) == column(
        load_workbook(write(tmp_path / "y.xlsx", bets, prices))["All prices"], "Price", 1
    )


def test_a_pretip_workbook_says_that_each_game_has_its_own_as_of(
    tmp_path: Path, bets: pd.DataFrame, prices: pd.DataFrame
) -> None:
    path = write(tmp_path / "x.xlsx", bets, prices, as_of_mode=AsOfMode.PRETIP, games=1)
    facts = titles(load_workbook(path)["Best bets"])[1]
    assert facts.startswith("1 game, priced before each game's start, at the latest Jan 7, 5:30 PM ET.")


def test_both_tables_have_filters_over_every_row_and_a_frozen_header(book: Workbook) -> None:
    assert book["Best bets"].auto_filter.ref == f"A{HEADER}:W{HEADER + 12}"
    assert book["Best bets"].freeze_panes == f"C{HEADER + 1}"
    assert book["All prices"].auto_filter.ref == "A1:X121"
    assert book["All prices"].freeze_panes == "B2"
    assert book["Columns"].freeze_panes == "C2"


def test_bets_stand_by_rank_with_the_values_of_the_table(book: Workbook, bets: pd.DataFrame) -> None:
    sheet = book["Best bets"]
    assert column(sheet, "#", HEADER) == list(range(1, 13))
    assert column(sheet, "Player", HEADER) == bets["player_name"].tolist()
    assert column(sheet, "Price", HEADER) == bets["price_american"].tolist()
    assert column(sheet, "EV", HEADER) == pytest.approx(bets["ev_pct"] / 100, abs=1e-6)
    assert column(sheet, "Bet id", HEADER) == bets["bet_id"].tolist()


def test_a_missing_number_is_an_empty_cell(book: Workbook, bets: pd.DataFrame) -> None:
    assert pd.isna(bets["ev_model_pct"].iloc[3])
    assert column(book["Best bets"], "Model EV", HEADER)[3] is None


def test_markets_and_sides_are_said_in_words(book: Workbook) -> None:
    assert set(column(book["All prices"], "Side", 1)) == {"Over", "Under"}
    assert "Shots on goal" in column(book["All prices"], "Market", 1)


@pytest.mark.parametrize(
    ("header", "number_format"),
    [
        ("Price", "+0;-0"),
        ("EV", "+0.0%;-0.0%;0.0%"),
        ("Price (decimal)", "0.00"),
        ("Consensus prob.", "0.0%"),
        ("Start (ET)", "mmm d, h:mm AM/PM"),
    ],
)
def test_numbers_are_formatted_for_reading(book: Workbook, header: str, number_format: str) -> None:
    headers = [cell.value for cell in book["Best bets"][HEADER]]
    assert book["Best bets"].cell(HEADER + 1, headers.index(header) + 1).number_format == number_format


def test_times_are_eastern_wall_clock(book: Workbook, bets: pd.DataFrame) -> None:
    starts = column(book["Best bets"], "Start (ET)", HEADER)
    expected = [start.astimezone(EASTERN).replace(tzinfo=None) for start in bets["start_time_utc"]]
    assert starts == expected
    assert datetime.fromisoformat("2026-01-07T19:30:00") in starts


def test_suspect_bets_are_flagged_and_coloured_by_the_flag(book: Workbook) -> None:
    sheet = book["Best bets"]
    assert column(sheet, "Check first", HEADER) == ["yes"] * 2 + ["no"] * 10
    rules = [rule for found in sheet.conditional_formatting for rule in found.rules]
    assert [rule.formula for rule in rules if rule.type == "expression"] == [[f'$L{HEADER + 1}="yes"']]
    assert [rule.type for rule in rules if rule.type == "colorScale"] == ["colorScale"]


def test_every_price_is_in_the_second_sheet(book: Workbook, prices: pd.DataFrame) -> None:
    shown = column(book["All prices"], "Price (decimal)", 1)
    assert sorted(shown) == pytest.approx(sorted(prices["price_decimal"]), abs=1e-6)


def test_every_column_of_both_sheets_is_explained_from_the_contract(book: Workbook) -> None:
    rows = list(book["Columns"].iter_rows(min_row=2, values_only=True))
    expected = [(t.title, c.header) for t in (BEST_BETS, ALL_PRICES) for c in t.columns]
    assert [row[:2] for row in rows] == expected
    meaning = {row[4]: row[2] for row in rows}
    for spec in (EV_MULTI_BOOK_BEST_BETS, EV_FAIR_PRICES):
        description = spec.by_name["books_in_consensus"].description
        assert meaning[f"{spec.name}.books_in_consensus"] == description


def test_hostile_text_stays_text(tmp_path: Path, bets: pd.DataFrame, prices: pd.DataFrame) -> None:
    names = (samples.HOSTILE * 2)[: len(bets)]
    spelt = prices.assign(book_name=(samples.HOSTILE * 10)[: len(prices)])
    path = write(tmp_path / "x.xlsx", bets.assign(player_name=names), spelt)
    read = load_workbook(path)
    cells = [cell for sheet in read for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert [text for text in texts if text.startswith(("=", "+", "-", "@", "|", "\uff1d"))] == []
    assert not any(c in text for text in texts for c in "\u202e\u2066\n\r\x00\t")
    with ZipFile(path) as parts:
        assert [name for name in parts.namelist() if "externalLink" in name or "hyperlink" in name] == []
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml") + parts.read("xl/worksheets/sheet2.xml")


def test_text_that_looks_like_rich_markup_is_shown_as_it_is(
    tmp_path: Path, bets: pd.DataFrame, prices: pd.DataFrame
) -> None:
    hostile = "<r><t>x</t><broken></r>"
    path = write(tmp_path / "x.xlsx", bets.assign(player_name=hostile), prices)
    assert column(load_workbook(path)["Best bets"], "Player", HEADER)[0] == f"'{hostile}"


def test_equal_inputs_give_equal_bytes_whatever_their_order(
    tmp_path: Path, bets: pd.DataFrame, prices: pd.DataFrame
) -> None:
    first = write(tmp_path / "a.xlsx", bets, prices).read_bytes()
    shuffled = write(tmp_path / "b.xlsx", bets[::-1], prices.sample(frac=1, random_state=1)).read_bytes()
    assert first == shuffled
    with ZipFile(tmp_path / "a.xlsx") as parts:
        assert b"2026-01-07T22:34:05Z</dcterms:created>" in parts.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("outcome", "reason", "sentence"),
    [
        (SlateOutcome.NO_GAMES, None, "No best bets. The NHL plays no games on this date"),
        (SlateOutcome.NOT_OFFERED, "Asked at 10:00 AM ET.", "Asked at 10:00 AM ET."),
        (SlateOutcome.VENDOR_DOWN, None, "A vendor could not be reached"),
    ],
)
def test_a_workbook_without_prices_says_why(
    tmp_path: Path, outcome: SlateOutcome, reason: str | None, sentence: str
) -> None:
    nothing = EV_FAIR_PRICES.empty_frame()
    path = write(tmp_path / "x.xlsx", samples.no_best_bets(), nothing, outcome=outcome, outcome_reason=reason)
    book = load_workbook(path)
    assert sentence in titles(book["Best bets"])[3]
    assert book["All prices"].max_row == 1


def test_a_slate_whose_prices_are_all_too_low_says_so(tmp_path: Path, prices: pd.DataFrame) -> None:
    path = write(tmp_path / "x.xlsx", samples.no_best_bets(), prices)
    sentence = titles(load_workbook(path)["Best bets"])[3]
    assert sentence == "No best bets. 120 prices compared, none was better than the consensus."


def test_a_failing_render_leaves_the_former_workbook(
    tmp_path: Path, bets: pd.DataFrame, prices: pd.DataFrame
) -> None:
    path = write(tmp_path / "x.xlsx", bets, prices)
    former = path.read_bytes()
    with pytest.raises(KeyError, match=r"ev_fair_prices: column\(s\) \['hold'\] are missing"):
        write(path, bets, prices.drop(columns="hold"))
    with pytest.raises(TypeError):
        write(path, bets, prices.assign(ev_pct=float("inf")))
    assert path.read_bytes() == former
    assert [p.name for p in tmp_path.iterdir()] == ["x.xlsx"]


@pytest.mark.slow
def test_twenty_thousand_prices_take_seconds_and_not_minutes(tmp_path: Path) -> None:
    prices = samples.fair_prices(20_000)
    path = write(tmp_path / "x.xlsx", samples.best_bets(prices, 300), prices)
    sheet = load_workbook(path, read_only=True)["All prices"]
    assert sheet.max_row == 20_001
