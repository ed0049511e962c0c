"""The rolling report as a page: the newest slate and what moved first, then the tables of its Markdown."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
from lxml import html as lxml_html

from nhl_ops.contracts.reports import MOVEMENT_COLUMNS, REPORT_ROLLING
from nhl_ops.gateways.exports.rolling_report import RollingEvidence, write_rolling_html, write_rolling_report
from nhl_ops_tests.gateways import exports_evidence as evidence
from nhl_ops_tests.gateways import exports_samples as samples
from nhl_ops_tests.gateways.exports_pages import Page, cells, first_words
from nhl_ops_tests.gateways.exports_report_rows import daily_row, quiet_row, rolling_rows, section, tables

MOVES = pd.DataFrame(
    [
        ("vendor", "PLAYNOW", "quotes", 12.5, 6.25, -6.25, 2.0, 6, 7, True),
        ("vendor", "PLAYNOW", "mapped", 0.99, 0.98, -0.01, 0.02, 6, 7, False),
        ("market", "SOG", "log_loss", 0.61, 0.6125, 0.0025, 0.02, 6, 7, False),
        ("market", "GOALS", "ev", None, -5.0, None, None, 0, 7, False),
    ],
    columns=list(MOVEMENT_COLUMNS),
)


def rolling_page(path: Path, windows: pd.DataFrame, found: RollingEvidence) -> tuple[Page, str]:
    written = (windows, daily_row(), found, samples.WRITTEN)
    page = write_rolling_html(path / "rolling_report.html", *written).read_text()
    return lxml_html.fromstring(page), write_rolling_report(path / "rolling_report.md", *written).read_text()


def rolling_evidence() -> RollingEvidence:
    return RollingEvidence(evidence.coverage(), evidence.ev_summary(), evidence.accuracy(), MOVES)


def test_the_rolling_page_has_the_tables_of_its_markdown(tmp_path: Path) -> None:
    page, markdown = rolling_page(tmp_path, rolling_rows(), rolling_evidence())
    shown, told = cells(page), tables(markdown)
    assert shown[-1][-1][-1] == "daily_report_2026-01-07.html"
    assert told[-1][-1][-1] == "daily_report_2026-01-07.md"
    shown[-1][-1].pop(), told[-1][-1].pop()
    assert shown == told
    assert len(page.cssselect("svg")) == 6


def test_what_moved_stands_in_the_lead_with_its_noise(tmp_path: Path) -> None:
    page, markdown = rolling_page(tmp_path, rolling_rows(), rolling_evidence())
    lead = page.cssselect(".lead")[0].text_content()
    assert (
        "Vendors: 1 of 2 figures moved beyond noise, furthest PLAYNOW, quotes a game: 12.5 to 6.2 (noise ±2.0)."
        in lead
    )
    assert "Markets: none of 1 figure moved beyond its noise." in lead
    rows = tables(section(markdown, "What moved"))[0]
    assert [row[1:6] for row in rows[1:]] == [
        ["quotes a game", "12.5", "6.2", "-6.2", "±2.0"],
        ["mapped share", "99.0%", "98.0%", "-1.0 pts", "±2.0 pts"],
        ["log-loss", "0.6100", "0.6125", "+0.0025", "±0.0200"],
        ["mean EV", "\N{EN DASH}", "-5.0%", "\N{EN DASH}", "\N{EN DASH}"],
    ]
    assert [row[6] for row in rows[1:]] == ["moved", "within noise", "within noise", "not known"]


def test_nothing_moved_without_a_window_before(tmp_path: Path) -> None:
    still = MOVES.assign(noise=None)
    page, _ = rolling_page(tmp_path, rolling_rows(), replace(rolling_evidence(), moves=still))
    assert "Vendors: nothing to compare" in page.cssselect(".lead")[0].text_content()


def test_a_rolling_page_says_first_what_its_newest_slate_was_and_what_to_do(tmp_path: Path) -> None:
    broken = quiet_row("vendor_down", games=8)
    written = write_rolling_html(
        tmp_path / "rolling.html", rolling_rows(), broken, RollingEvidence(), samples.WRITTEN
    )
    page = lxml_html.fromstring(written.read_text())
    state, said = first_words(page)
    assert page.cssselect("h1")[0].text == "Rolling report: the days up to Wednesday, January 7, 2026"
    assert state == "broken"
    assert said.startswith("Broken: A vendor could not be reached")
    assert (
        "What to do: nhl-ops run-daily --date 2026-01-07 --all" in page.cssselect(".lead")[0].text_content()
    )
    assert page.cssselect(".lead a")[0].get("href") == "daily_report_2026-01-07.html"


def test_a_rolling_page_before_the_first_slate_says_so_first(tmp_path: Path) -> None:
    page, _ = rolling_page(tmp_path, REPORT_ROLLING.empty_frame(), RollingEvidence())
    assert first_words(page)[0] == "empty"
    assert first_words(page)[1].startswith("No slate is published yet.")
    assert not page.cssselect("svg")
