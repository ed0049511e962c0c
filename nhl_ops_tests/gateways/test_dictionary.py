"""The data dictionary says what the contracts say, and the committed page is the generated one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nhl_ops.contracts.spec import AUDIT_COLUMNS, Column, Dtype, Kind, NullRule, TableSpec, chance
from nhl_ops.gateways.exports import dictionary
from nhl_ops.gateways.exports.dictionary import COMMAND, GROUPS, SHOWN, data_dictionary

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "data_dictionary.md"
CELL_BORDER = re.compile(r"(?<!\\)\|")


def small_table(
    *columns: Column,
    group: str = "odds",
    max_age_hours: float | None = None,
    nulls: tuple[NullRule, ...] = (),
) -> TableSpec:
    return TableSpec(
        "fact_small",
        group,
        Kind.OBSERVATION,
        "A table of a test.",
        columns,
        (columns[0].name,),
        partition_column="capture_date",
        max_age_hours=max_age_hours,
        nulls=nulls,
    )


def section_of(name: str, page: str) -> str:
    """The lines of one table, without its heading."""
    return page.split(f"\n### {name}\n")[1].split("\n### ", maxsplit=1)[0]


def rows_of(section: str) -> list[list[str]]:
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in CELL_BORDER.split(line)[1:-1]] for line in lines]


def test_the_committed_page_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == data_dictionary(), (
        f"{PAGE.relative_to(ROOT)} is not what the contracts say; write it again: {COMMAND}"
    )


def test_the_module_prints_the_page() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", dictionary.__name__], capture_output=True, check=True, cwd=ROOT
    )
    assert printed.stdout.decode() == data_dictionary()


@pytest.mark.parametrize("spec", SHOWN.values(), ids=SHOWN)
def test_a_table_has_a_section_with_all_its_columns_in_order(spec: TableSpec) -> None:
    section = section_of(spec.name, data_dictionary())
    assert [row[0] for row in rows_of(section)[2:]] == [f"`{name}`" for name in spec.column_names]
    assert f"Key: {', '.join(f'`{name}`' for name in spec.key)}." in section


def test_every_row_has_as_many_cells_as_its_header() -> None:
    cells = {len(row) for name in SHOWN for row in rows_of(section_of(name, data_dictionary()))}
    assert cells == {5}


def test_the_index_links_every_table_to_its_heading() -> None:
    page = data_dictionary()
    assert re.findall(r"\[(\w+)\]\(#\1\)", page) == re.findall(r"^### (\w+)$", page, re.MULTILINE)
    assert set(re.findall(r"^### (\w+)$", page, re.MULTILINE)) == set(SHOWN)


def test_columns_of_every_row_are_told_once() -> None:
    page = data_dictionary()
    for column in AUDIT_COLUMNS:
        assert page.count(f"| `{column.name}` |") == 1


def test_null_unit_bounds_and_allowed_values_are_told() -> None:
    price = Column("price", Dtype.FLOAT, "A price.", nullable=True, unit="%", ge=1.0, le=2.5)
    side = Column("side", Dtype.STRING, "A side.", allowed=("OVER", "UNDER"))
    rows = rows_of(section_of("fact_small", data_dictionary({"fact_small": small_table(price, side)})))
    assert rows[2] == ["`price`", "float64, may be null", "%", "A price.", "at least 1; at most 2.5"]
    assert rows[3] == ["`side`", "string", "", "A side.", "one of OVER, UNDER"]


def test_a_chance_and_the_time_of_nulls_are_told() -> None:
    column = chance("p", "A chance.", nullable=True)
    rule = NullRule(("p",), "nobody says", lambda frame: frame["p"].isna())
    section = section_of("fact_small", data_dictionary({"fact_small": small_table(column, nulls=(rule,))}))
    assert rows_of(section)[2][4] == "above 0; below 1"
    assert "- `p`: null exactly when nobody says." in section


def test_text_of_a_contract_makes_no_markup_and_no_cell() -> None:
    odd = Column("odd", Dtype.INT, "|price| of report-<date>.md")
    rows = rows_of(section_of("fact_small", data_dictionary({"fact_small": small_table(odd)})))
    assert rows[2][3] == r"\|price\| of report-\<date\>.md"


def test_a_freshness_limit_is_told_where_there_is_one() -> None:
    column = Column("n", Dtype.INT, "A number.")
    limited = data_dictionary({"fact_small": small_table(column, max_age_hours=30)})
    unlimited = data_dictionary({"fact_small": small_table(column)})
    assert "Fresh for 30 hours." in section_of("fact_small", limited)
    assert "Fresh for" not in section_of("fact_small", unlimited)


def test_a_group_without_a_heading_is_an_error() -> None:
    column = Column("n", Dtype.INT, "A number.")
    with pytest.raises(KeyError, match="weather"):
        data_dictionary({"fact_small": small_table(column, group="weather")})
    assert {spec.group for spec in SHOWN.values()} == set(GROUPS)
