"""The golden run: the same numbers as recorded, and a planted change is found and shown."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.defs.golden import GOLDEN, golden_results
from nhl_ops.domain.failures import ConfigError
from nhl_ops.gateways.golden import DIGESTS, Results, comparable, compare, note_change, record
from nhl_ops.gateways.tables import read_tables, to_arrow, to_frame, write_table

AUDIT = {"run_id": "r", "scope_id": "s", "created_at_utc": pd.Timestamp(0, tz="UTC")}


@pytest.fixture(scope="module")
def results() -> Iterator[Results]:
    with golden_results() as found:
        yield found


def changed(results: Results, path: Path) -> Results:
    """As if one constant of the prices were another: every EV of the first ten prices is 0.001 higher."""
    spec = EV_FAIR_PRICES
    frame = to_frame(spec, read_tables(spec, [results.tables[spec.name]]))
    frame.loc[:9, "ev_pct"] += 0.001
    write_table(spec, path, to_arrow(spec, frame, AUDIT))
    return Results({**results.tables, spec.name: path}, results.texts)


def test_todays_code_gives_the_recorded_numbers(results: Results) -> None:
    assert compare(GOLDEN, results) == []


def test_a_planted_change_is_named_with_its_rows(results: Results, tmp_path: Path) -> None:
    (found,) = compare(GOLDEN, changed(results, tmp_path / "changed.parquet"))
    assert found.name == EV_FAIR_PRICES.name
    assert "0 rows gone, 0 new" in found.detail
    assert "ev_pct" in found.detail
    assert " -> " in found.detail


def test_what_is_recorded_is_then_as_recorded(results: Results, tmp_path: Path) -> None:
    folder = tmp_path / "golden"
    shutil.copytree(GOLDEN, folder)
    other = changed(results, tmp_path / "changed.parquet")
    assert record(folder, other) == [EV_FAIR_PRICES.name]
    assert compare(folder, other) == []
    assert [d.name for d in compare(folder, results)] == [EV_FAIR_PRICES.name]


def test_a_text_that_differs_shows_its_lines(results: Results) -> None:
    name = next(name for name in results.texts if name.startswith("daily_report"))
    other = Results(results.tables, {**results.texts, name: "# Another\n" + results.texts[name]})
    (found,) = compare(GOLDEN, other)
    assert (found.name, "'# Another'" in found.detail) == (name, True)


def test_a_file_that_is_no_longer_made_is_a_difference(results: Results) -> None:
    name = next(iter(results.texts))
    left = {other: text for other, text in results.texts.items() if other != name}
    assert [(d.name, d.detail) for d in compare(GOLDEN, Results(results.tables, left))] == [
        (name, "no longer made")
    ]


def test_ids_of_runs_do_not_count() -> None:
    assert comparable("run 3fa85f64-5717-4562-b3fc-2c963f66afa6, ok") == "run <run>, ok"


def test_how_long_the_steps_took_does_not_count() -> None:
    told = "## Checks\n\nAll passed.\n\n{}## Files\n\n- a\n"
    assert comparable(told.format("## Timings\n\n| a | 8.2 s |\n\n")) == told.format("")
    page = "<section>\n<h2>Checks</h2>\n</section>\n{}<section>\n<h2>Files</h2>\n</section>\n"
    assert comparable(page.format("<section>\n<h2>Timings</h2>\n8.2 s</section>\n")) == page.format("")


def test_the_reason_of_a_change_stands_first_in_its_section(tmp_path: Path) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n### Changes to numbers\n\n- older\n\n### Added\n")
    note_change(changelog, "a new\nconstant", ["ev_fair_prices"])
    expected = "- a new constant (golden run: ev_fair_prices)\n- older\n"
    assert expected in changelog.read_text()


def test_a_changelog_without_the_section_is_an_error(tmp_path: Path) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changelog\n")
    with pytest.raises(ConfigError, match="Changes to numbers"):
        note_change(changelog, "why", ["x"])


def test_the_digests_are_in_the_repository() -> None:
    assert (GOLDEN / DIGESTS).exists()
