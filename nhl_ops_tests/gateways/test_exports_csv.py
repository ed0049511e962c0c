"""SingleGamePropProbabilities.csv and the three forms of the probability audit."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from nhl_ops.contracts.ev import EV_PROB_AUDIT
from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.gateways.exports.audit_files import write_prob_audit
from nhl_ops.gateways.exports.csv_export import write_probabilities_csv
from nhl_ops_tests.gateways import exports_samples as samples


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def with_names(names: list[str]) -> pd.DataFrame:
    frame = samples.probabilities().head(len(names))
    return frame.assign(player_name=names)


def test_the_csv_has_the_columns_of_the_contract_and_a_row_a_line(tmp_path: Path) -> None:
    rows = rows_of(write_probabilities_csv(tmp_path / "p.csv", samples.probabilities()))
    assert list(rows[0]) == SINGLE_GAME_PROP_PROBABILITIES.column_names
    assert len(rows) == len(samples.probabilities())


def test_the_order_is_game_team_player_market_line_whatever_came_in(tmp_path: Path) -> None:
    frame = samples.probabilities()
    first = write_probabilities_csv(tmp_path / "a.csv", frame)
    second = write_probabilities_csv(tmp_path / "b.csv", frame.sample(frac=1, random_state=3))
    assert first.read_bytes() == second.read_bytes()
    rows = rows_of(first)
    assert [(r["market"], r["line"]) for r in rows[:4]] == [
        ("GOALS", "0.5"),
        ("GOALS", "1.5"),
        ("SOG", "0.5"),
        ("SOG", "1.5"),
    ]
    assert [r["game_id_nhl"] for r in rows] == sorted(r["game_id_nhl"] for r in rows)


def test_floats_have_six_decimals_at_most_and_times_are_utc(tmp_path: Path) -> None:
    row = rows_of(write_probabilities_csv(tmp_path / "p.csv", samples.probabilities()))[-1]
    assert row["mean"] == "1.234568"
    assert len(row["p_over"]) <= 8
    assert row["as_of_ts_utc"] == "2026-01-07T22:30:00Z"
    assert row["is_fallback"] == "false"


def test_what_was_written_reads_back_as_the_table(tmp_path: Path) -> None:
    frame = samples.probabilities()
    read = pd.read_csv(write_probabilities_csv(tmp_path / "p.csv", frame), parse_dates=["as_of_ts_utc"])
    read = SINGLE_GAME_PROP_PROBABILITIES.conform(read)
    keys = list(SINGLE_GAME_PROP_PROBABILITIES.key)
    pd.testing.assert_frame_equal(
        read.sort_values(keys, ignore_index=True), frame.sort_values(keys, ignore_index=True), atol=1e-6
    )


def test_no_cell_of_the_csv_starts_a_formula(tmp_path: Path) -> None:
    rows = rows_of(write_probabilities_csv(tmp_path / "p.csv", with_names(samples.HOSTILE)))
    assert len(rows) == len(samples.HOSTILE)
    assert [r for r in rows if r["player_name"].startswith(("=", "+", "-", "@", "|", "\uff1d"))] == []
    assert {r["player_name"] for r in rows} >= {"'+1", "a|b | c", "x;'=1+1", "two lines and a tab", ""}
    assert all(None not in r and None not in r.values() for r in rows)


def test_a_slate_without_probabilities_leaves_the_header_alone(tmp_path: Path) -> None:
    path = write_probabilities_csv(tmp_path / "p.csv", SINGLE_GAME_PROP_PROBABILITIES.empty_frame())
    assert path.read_text() == ",".join(SINGLE_GAME_PROP_PROBABILITIES.column_names) + "\n"


def test_a_failing_csv_leaves_the_former_file(tmp_path: Path) -> None:
    path = write_probabilities_csv(tmp_path / "p.csv", samples.probabilities())
    former = path.read_bytes()
    with pytest.raises(KeyError, match="single_game_prop_probabilities"):
        write_probabilities_csv(path, samples.probabilities().drop(columns="mean"))
    assert path.read_bytes() == former


@pytest.fixture
def bets() -> pd.DataFrame:
    return samples.best_bets(samples.fair_prices(90), 3)


def test_the_audit_comes_in_three_forms_with_the_slate_in_the_name(
    tmp_path: Path, bets: pd.DataFrame
) -> None:
    paths = write_prob_audit(tmp_path, samples.SLATE, samples.audit(bets), bets)
    assert [p.name for p in paths] == [f"ev_prob_audit_2026-01-07.{s}" for s in ("md", "csv", "jsonl")]


def test_the_three_forms_hold_the_same_steps_in_the_same_order(tmp_path: Path, bets: pd.DataFrame) -> None:
    audit = samples.audit(bets).sample(frac=1, random_state=2)
    md, table, lines = write_prob_audit(tmp_path, samples.SLATE, audit, bets)
    rows = rows_of(table)
    entries = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [e["bet_id"] for e in entries] == bets["bet_id"].tolist()
    flat = [(e["bet_id"], s["step"], s["quantity"]) for e in entries for s in e["steps"]]
    assert [(r["bet_id"], int(r["step"]), r["quantity"]) for r in rows] == flat
    assert entries[0]["steps"][0]["value"] == 2.713429
    assert entries[0]["steps"][2]["value"] is None
    assert rows[2]["value"] == ""
    headings = [line for line in md.read_text().splitlines() if line.startswith("## ")]
    assert [h.split(".")[0] for h in headings] == ["## 1", "## 2", "## 3"]


def test_the_audit_of_hostile_names_stays_in_its_cells(tmp_path: Path, bets: pd.DataFrame) -> None:
    hostile = bets.assign(player_name=samples.HOSTILE[:3], book_name=samples.HOSTILE[5:8])
    audit = samples.audit(bets).assign(derivation="a|b <img src=x> [x](http://e.example)")
    md, table, lines = write_prob_audit(tmp_path, samples.SLATE, audit, hostile)
    html = MarkdownIt("commonmark").enable("table").render(md.read_text())
    assert not any(tag in html for tag in ("<script", "<img", "<a ", "<r>"))
    assert html.count("<td>") + html.count('<td style="text-align:right">') == 4 * len(audit)
    assert rows_of(table)[0]["player_name"].startswith("'=HYPERLINK")
    assert json.loads(lines.read_text().splitlines()[0])["player_name"].startswith("=HYPERLINK")


def test_a_slate_without_bets_has_an_audit_that_says_so(tmp_path: Path) -> None:
    md, table, lines = write_prob_audit(
        tmp_path, samples.SLATE, EV_PROB_AUDIT.empty_frame(), samples.no_best_bets()
    )
    assert "There are no best bets of this slate" in md.read_text()
    assert len(table.read_text().splitlines()) == 1
    assert lines.read_bytes() == b""


def test_an_audit_of_a_bet_that_nobody_was_offered_is_refused(tmp_path: Path, bets: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"steps of 1 bets .* \(bet0002\); materialize"):
        write_prob_audit(tmp_path, samples.SLATE, samples.audit(bets), bets.head(2))
    assert list(tmp_path.iterdir()) == []
