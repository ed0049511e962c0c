"""`nhl-ops drops`: a template that fits, and a check that says what ingesting would bring."""

import io
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
import typer
from rich.console import Console

from nhl_ops.cli.drops import check_file, write_template
from nhl_ops.domain.failures import AccessDenied, MissingInput
from nhl_ops.gateways.file_drop_contract import columns_of, template
from nhl_ops_tests.gateways.file_drop_samples import LIMIT, ROW, TAKEN_AT, csv_of, row


def quiet() -> Console:
    return Console(file=io.StringIO(), width=200)


def check(path: Path) -> tuple[int, str]:
    console = quiet()
    code = check_file(console, path, TAKEN_AT, LIMIT)
    return code, console.file.getvalue()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_template_has_every_column_and_no_row(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"odds{suffix}"
    assert write_template(quiet(), out) == 0
    table = pa_csv.read_csv(out) if suffix == ".csv" else pq.read_table(out)
    assert (table.column_names, table.num_rows) == (template(), 0)
    assert columns_of(table.column_names).ignored == ()
    assert "has a header and no rows" in check(out)[1]


def test_a_template_overwrites_nothing_and_knows_its_two_forms(tmp_path: Path) -> None:
    out = tmp_path / "odds.csv"
    out.write_text("mine")
    with pytest.raises(AccessDenied, match="choose another name"):
        write_template(quiet(), out)
    assert out.read_text() == "mine"
    with pytest.raises(typer.BadParameter, match=r"\.csv or \.parquet"):
        write_template(quiet(), tmp_path / "odds.xlsx")


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (csv_of(ROW), 0, "1 prices would be ingested, 0 rejected"),
        (csv_of(ROW, row(price="0")), 3, "american_price_below_100 | 1 | row 3"),
        (csv_of(row(price="0")), 1, "none of its 1 prices can be used"),
        (b"junk", 1, "odds.csv would be rejected: missing in the header"),
        (b"x" * (LIMIT + 1), 1, "at most 1,000,000 are read"),
    ],
)
def test_a_check_says_what_would_be_ingested(tmp_path: Path, body: bytes, code: int, said: str) -> None:
    path = tmp_path / "odds.csv"
    path.write_bytes(body)
    found, text = check(path)
    assert (found, said in text) == (code, True)
    assert path.read_bytes() == body
    assert [p.name for p in tmp_path.iterdir()] == ["odds.csv"]


def test_a_check_of_no_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match="is not there"):
        check(tmp_path / "odds.csv")
    with pytest.raises(AccessDenied, match="cannot be read"):
        check(tmp_path)
