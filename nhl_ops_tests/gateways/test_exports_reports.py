"""daily_report_<date>.md, as text and as what a Markdown viewer makes of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from nhl_ops.domain.run_summary import CheckResult, Severity, VendorOutcome
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.exports.daily_report import NO_EVIDENCE, DailyContext, DailyEvidence, write_daily_report
from nhl_ops_tests.gateways import exports_evidence as evidence
from nhl_ops_tests.gateways import exports_samples as samples
from nhl_ops_tests.gateways.exports_report_rows import daily_row, quiet_row, section, tables
from nhl_ops_tests.transforms.game_line_frames import facts as game_lines

FILES = ("outputs/ev_analysis/MultiBookBestBets.xlsx", "outputs/monitoring/daily_run_2026-01-07.md")
CHECKS = (
    CheckResult("row_accounting_balances", True),
    CheckResult("every_scheduled_game_has_odds", False, Severity.WARN, detail="no price: VAN at SEA"),
)


def context(**changes: object) -> DailyContext:
    return DailyContext(as_of_utc=samples.AS_OF, generated_at_utc=samples.WRITTEN, run_id="5f0c", **changes)


@pytest.fixture(scope="module")
def full() -> DailyContext:
    prices = samples.fair_prices(600)
    bets = samples.best_bets(prices)
    vendors = (
        VendorOutcome("UNABATED", SlateOutcome.OK, 3, 1, 533),
        VendorOutcome("PLAYNOW", SlateOutcome.VENDOR_DOWN, 4, error="connect timed out after 5 s"),
    )
    return context(
        model_version="v1",
        games=samples.games(),
        quotes=samples.quotes(prices),
        best_bets=bets,
        settlements=samples.settlements(bets),
        vendors=vendors,
        checks=CHECKS,
        files=FILES,
    )


def render(path: Path, daily: pd.DataFrame, around: DailyContext, found: DailyEvidence = NO_EVIDENCE) -> str:
    return write_daily_report(path / "daily_report.md", samples.SLATE, daily, around, found).read_text()


def test_the_outcome_and_what_went_wrong_come_first(tmp_path: Path, full: DailyContext) -> None:
    lines = render(tmp_path, daily_row(), full).splitlines()
    assert lines[0] == "# Daily report: Wednesday, January 7, 2026"
    assert lines[2:6] == [
        "**Degraded: PLAYNOW could not be reached. The slate was priced.**",
        "",
        "**What to do:** `nhl-ops run-daily --date 2026-01-07 --all` once PLAYNOW can be read again; "
        "`nhl-ops triage` tells the cause.",
        "1 of 2 checks failed, see below.",
    ]


def test_a_slate_priced_game_by_game_says_so(tmp_path: Path, full: DailyContext) -> None:
    games = full.games.assign(as_of_ts_utc=full.games["start_time_utc"])
    for some in (games, games.head(1)):
        text = render(tmp_path, daily_row(), replace(full, games=some))
        assert "Priced before each game's start, at the latest Jan 7, 5:30 PM ET." in text
    assert "Priced as of Jan 7, 5:30 PM ET." in render(tmp_path, daily_row(), full)


def test_games_stand_by_start_with_their_coverage(tmp_path: Path, full: DailyContext) -> None:
    rows = tables(section(render(tmp_path, daily_row(), full), "Games"))[0]
    assert [row[:3] for row in rows[1:3]] == [
        ["CAR at NJD", "7:00 PM", "quoted"],
        ["BUF at MTL", "7:30 PM", "quoted"],
    ]
    assert rows[-1][:4] == ["LAK at VGK", "10:30 PM", "postponed", "0"]


def test_quotes_stand_by_vendor_and_book_with_their_mapped_share(tmp_path: Path, full: DailyContext) -> None:
    rows = tables(section(render(tmp_path, daily_row(), full), "Quotes"))[0]
    assert len(rows) == 10
    assert rows[1][:4] == ["PLAYNOW", "PlayNow", "66", "97.0%"]


def test_sources_of_game_lines_stand_with_the_games_whose_moneyline_they_have(tmp_path: Path) -> None:
    stale = {"line_id": "l2", "source": "nhl_partner_game", "is_stale": True}
    lines = game_lines(
        {}, {"line_id": "l3", "outcome": "AWAY"}, stale, stale | {"line_id": "l4", "is_live": True}
    )
    text = section(render(tmp_path, daily_row(), context(game_lines=lines)), "Game lines")
    assert tables(text)[0][1:] == [
        ["nhl partner game", "1", "1", "1", "1"],
        ["nhl schedule", "1", "1", "2", "0"],
    ]
    none = section(render(tmp_path, daily_row(), context()), "Game lines")
    assert "There are no game lines of this slate." in none


def test_what_was_not_mapped_is_said_with_reason_and_names(tmp_path: Path, full: DailyContext) -> None:
    methods, reasons = tables(section(render(tmp_path, daily_row(), full), "Mapping"))
    assert methods[1:] == [["exact name", "585", "97.5%"], ["unresolved", "15", "2.5%"]]
    assert reasons[1][1:] == ["15", "no player of either team has this name"]


def test_the_ten_best_bets_stand_with_their_results(tmp_path: Path, full: DailyContext) -> None:
    bets = section(render(tmp_path, daily_row(), full), "Best bets")
    rows = tables(bets)[0]
    assert "The first 10 of 23." in bets
    assert [row[0] for row in rows[1:]] == [str(i) for i in range(1, 11)]
    assert [row[8] for row in rows[1:7]] == ["won", "lost", "lost", "won", "pending", "void"]
    assert [row[11] for row in rows[1:4]] == ["check the data first", "check the data first", ""]


def test_claimed_ev_stands_next_to_what_came_of_it(tmp_path: Path, full: DailyContext) -> None:
    text = section(render(tmp_path, daily_row(), full, evidence.daily_evidence()), "What became of the bets")
    assert "8 won, 13 lost, 1 pushed or void, 1 pending" in text
    assert "ROI is only observed, never tuned on." in text
    assert [row[:5] for row in tables(text)[0][1:]] == [
        ["0% to 1%", "9", "4", "5", "0"],
        ["1% to 2%", "9", "3", "5", "1"],
        ["2% to 4%", "5", "1", "3", "1"],
        ["all", "23", "8", "13", "2"],
    ]


def test_the_model_is_scored_next_to_the_books(tmp_path: Path, full: DailyContext) -> None:
    rows = tables(section(render(tmp_path, daily_row(), full), "Model"))[0]
    assert rows[1:] == [["model", "0.6712", "281"], ["consensus of the books", "0.6688", "281"]]


def test_failed_checks_stand_before_those_that_passed(tmp_path: Path, full: DailyContext) -> None:
    rows = tables(section(render(tmp_path, daily_row(), full), "Checks"))[0]
    assert rows[1] == ["every scheduled game has odds", "failed", "warns", "no price: VAN at SEA"]
    assert rows[2][:3] == ["row accounting balances", "passed", "holds the slate"]


def test_files_are_linked_relative_to_the_report(tmp_path: Path, full: DailyContext) -> None:
    files = section(render(tmp_path, daily_row(), full), "Files")
    assert "[MultiBookBestBets.xlsx](../ev_analysis/MultiBookBestBets.xlsx)" in files
    assert "[daily_run_2026-01-07.md](daily_run_2026-01-07.md)" in files


@pytest.mark.parametrize(
    ("outcome", "games", "sentence"),
    [
        ("no_games", 0, "The NHL plays no games on this date"),
        ("not_offered_yet", 8, "no book offered a player prop by then"),
        ("endpoint_serves_no_history", 8, "the vendors serve no history of it"),
        ("vendor_down", 8, "A vendor could not be reached"),
        ("rejected", 8, "did not fit its known format"),
    ],
)
def test_each_kind_of_nothing_is_said_in_its_own_sentence(
    tmp_path: Path, outcome: str, games: int, sentence: str
) -> None:
    text = render(tmp_path, quiet_row(outcome, "Asked at noon.", games), context())
    assert sentence in text
    assert "Asked at noon." in text
    assert "nan" not in text.lower()
    assert ("## Games" in text) == bool(games)


def test_a_slate_that_is_not_settled_says_that_bets_are_pending(tmp_path: Path, full: DailyContext) -> None:
    daily = daily_row(bets_won=0, bets_lost=0, bets_void=0, bets_pending=23, profit_units=None, rows_scored=0)
    text = render(tmp_path, daily, context(games=full.games, quotes=full.quotes, best_bets=full.best_bets))
    assert "Not settled yet: 23 bets pending." in text
    assert "No settled price to score it on yet." in text
    assert {row[8] for row in tables(section(text, "Best bets"))[0][1:]} == {"pending"}


def test_hostile_names_break_no_table_and_make_no_markup(tmp_path: Path, full: DailyContext) -> None:
    plain = render(tmp_path, daily_row(), full)
    bets = full.best_bets.assign(player_name=(samples.HOSTILE * 2)[:23], book_name=samples.HOSTILE[5])
    names = (samples.HOSTILE * 40)[:600]
    quotes = full.quotes.assign(player_name_raw=names, mapping_reason=samples.HOSTILE[4])
    checks = [CheckResult("row_accounting_balances", False, detail=text) for text in samples.HOSTILE]
    around = context(
        games=full.games, quotes=quotes, best_bets=bets, settlements=full.settlements, checks=checks
    )
    text = render(tmp_path, daily_row(outcome_reason="<b>[x](http://e.example)|"), around)
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert not any(tag in html for tag in ("<script", "<img", "<a ", "<b>", "<code>code"))
    for table in tables(text):
        assert {len(row) for row in table} == {len(table[0])}
    assert len(tables(section(text, "Best bets"))[0]) == len(tables(section(plain, "Best bets"))[0])
    assert len(tables(section(text, "Checks"))[0]) == len(samples.HOSTILE) + 1


def test_every_row_of_a_table_has_the_same_width_as_plain_text(tmp_path: Path, full: DailyContext) -> None:
    lines = section(render(tmp_path, daily_row(), full), "Best bets").splitlines()
    assert len({len(line) for line in lines if line.startswith("|")}) == 1


def test_equal_inputs_give_an_equal_report_whatever_their_order(tmp_path: Path, full: DailyContext) -> None:
    shuffled = context(
        model_version="v1",
        games=full.games[::-1],
        quotes=full.quotes.sample(frac=1, random_state=5),
        best_bets=full.best_bets[::-1],
        settlements=full.settlements[::-1],
        vendors=full.vendors,
        checks=full.checks[::-1],
        files=full.files,
    )
    assert render(tmp_path, daily_row(), full) == render(tmp_path, daily_row(), shuffled)


def test_a_report_of_a_slate_without_figures_is_refused_and_leaves_the_former(
    tmp_path: Path, full: DailyContext
) -> None:
    former = render(tmp_path, daily_row(), full)
    with pytest.raises(ValueError, match="0 rows of 2026-01-07 instead of one; materialize report_daily"):
        render(tmp_path, daily_row(samples.SLATE - timedelta(days=1)), full)
    with pytest.raises(ValueError, match="not a valid SlateOutcome"):
        render(tmp_path, daily_row(outcome="fine"), full)
    assert (tmp_path / "daily_report.md").read_text() == former
    assert [p.name for p in tmp_path.iterdir()] == ["daily_report.md"]
