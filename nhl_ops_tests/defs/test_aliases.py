"""config/aliases.csv and config/alias_rejections.csv: read checked, grown a row at a time."""

from pathlib import Path

import pytest

from nhl_ops.defs.aliases import (
    ALIASES,
    REJECTION_COLUMNS,
    REJECTIONS,
    add_row,
    read_aliases,
    read_rejections,
)
from nhl_ops.domain.failures import ConfigError
from nhl_ops.transforms.identity import ALIAS_COLUMNS

HEADER = ",".join(ALIAS_COLUMNS)
ROW = dict.fromkeys(ALIAS_COLUMNS, "") | {
    "alias_name": "Tim Sttzle",
    "player_id": "8482116",
    "source": 'a "b", c',
}


def aliases(folder: Path, *lines: str) -> Path:
    path = folder / ALIASES
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return path


def test_a_row_that_was_added_is_read_back_with_commas_and_quotes(tmp_path: Path) -> None:
    path = aliases(tmp_path)
    assert add_row(path, ALIAS_COLUMNS, ROW)
    (row,) = read_aliases(tmp_path).to_dict("records")
    assert (row["alias_name"], row["player_id"], row["source"]) == ("Tim Sttzle", 8482116, 'a "b", c')


def test_former_rows_stay_as_they_are(tmp_path: Path) -> None:
    path = aliases(tmp_path, "Old Name,,8480012,2024-10-01,,why", "By Name,Real Name,,,,")
    before = path.read_text()
    add_row(path, ALIAS_COLUMNS, ROW)
    assert path.read_text().startswith(before)


def test_the_same_decision_twice_is_one_row(tmp_path: Path) -> None:
    path = aliases(tmp_path)
    assert [add_row(path, ALIAS_COLUMNS, ROW) for _ in range(2)] == [True, False]
    assert len(read_aliases(tmp_path)) == 1


def test_without_a_file_nobody_is_ruled_out_and_the_first_rejection_makes_it(tmp_path: Path) -> None:
    assert read_rejections(tmp_path).empty
    row = {"alias_name": "X", "player_id": "1", "rejected_on": "2026-01-20", "reason": "another man"}
    assert add_row(tmp_path / REJECTIONS, REJECTION_COLUMNS, row)
    assert read_rejections(tmp_path)["player_id"].tolist() == [1]


@pytest.mark.parametrize(
    ("text", "said"),
    [("alias_name,reason\nX,y\n", r"\['player_id', 'rejected_on'\] are missing"),
     (",".join(REJECTION_COLUMNS) + "\nX,abc,2026-01-20,y\n", "line 2: player_id 'abc' is no NHL id")],
)  # fmt: skip
def test_a_damaged_rejection_is_named_with_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / REJECTIONS).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        read_rejections(tmp_path)


def test_a_damaged_alias_is_named_with_file_and_line(tmp_path: Path) -> None:
    aliases(tmp_path, "X,,,,,")
    with pytest.raises(ConfigError, match=r"aliases\.csv: aliases, line 2"):
        read_aliases(tmp_path)
