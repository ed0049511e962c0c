"""The reports as pages: the numbers of the Markdown, plots with their bands, and nothing that leads out."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as lxml_html

from nhl_ops.domain.run_summary import CheckResult, Severity
from nhl_ops.gateways.exports import daily_report as daily
from nhl_ops.gateways.exports.html import write_html
from nhl_ops.gateways.exports.plots_times import step_times
from nhl_ops_tests.gateways import exports_evidence as evidence
from nhl_ops_tests.gateways import exports_samples as samples
from nhl_ops_tests.gateways.exports_pages import cells, context, page_of, text_of
from nhl_ops_tests.gateways.exports_report_rows import daily_row, tables


@pytest.fixture(scope="module")
def full() -> daily.DailyContext:
    prices = samples.fair_prices(600)
    bets = samples.best_bets(prices)
    return context(
        games=samples.games(),
        quotes=samples.quotes(prices),
        best_bets=bets,
        settlements=samples.settlements(bets),
        files=("outputs/ev_analysis/MultiBookBestBets.xlsx",),
    )


def test_the_page_has_every_table_of_the_markdown_cell_by_cell(
    tmp_path: Path, full: daily.DailyContext
) -> None:
    found = evidence.daily_evidence()
    page = page_of(tmp_path, daily_row(), full, found)
    markdown = daily.write_daily_report(
        tmp_path / "daily.md", samples.SLATE, daily_row(), full, found
    ).read_text()
    assert cells(page) == tables(markdown)
    assert len(cells(page)) == 12
    assert all(table.getparent().get("class") == "scroll" for table in page.cssselect("table"))


def test_each_plot_stands_under_its_heading(tmp_path: Path, full: daily.DailyContext) -> None:
    page = page_of(tmp_path, daily_row(), full, evidence.daily_evidence())
    placed = {s.cssselect("h2")[0].text: len(s.cssselect("svg")) for s in page.cssselect("section")}
    assert {name for name, number in placed.items() if number} == set(
        daily.daily_plots(daily.NO_EVIDENCE, step_times((), 1, daily.NO_EVIDENCE.runs))
    )


def test_a_day_with_games_and_no_evidence_says_so_in_each_plot(
    tmp_path: Path, full: daily.DailyContext
) -> None:
    page = page_of(tmp_path, daily_row(), full)
    figures = page.cssselect("figure")
    assert len(figures) == 5
    assert not page.cssselect("svg")
    assert all(re.search(r"\b(No|not)\b", figure.text_content()) for figure in figures)


def test_a_page_has_no_script_and_loads_nothing(tmp_path: Path, full: daily.DailyContext) -> None:
    text = text_of(tmp_path, daily_row(), full, evidence.daily_evidence())
    page = lxml_html.fromstring(text)
    assert not page.cssselect("script, link, img, iframe, object, embed, base, form")
    assert not re.search(r"@import|url\((?!#)|\son\w+=", text)
    assert page.xpath("//a/@href") == ["../ev_analysis/MultiBookBestBets.xlsx"]
    assert {href[0] for href in page.xpath("//@*[local-name()='href' or name()='xlink:href']")} <= {"#", "."}


def test_a_page_reads_on_a_phone_and_in_the_dark(tmp_path: Path) -> None:
    text = text_of(tmp_path, daily_row(), context())
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in text
    assert "@media (prefers-color-scheme: dark)" in text
    assert ".scroll { overflow-x: auto;" in text


def test_hostile_text_is_text_on_the_page(tmp_path: Path, full: daily.DailyContext) -> None:
    names = (samples.HOSTILE * 40)[:600]
    quotes = full.quotes.assign(player_name_raw=names, book_name=names, mapping_reason=samples.HOSTILE[5])
    bets = full.best_bets.assign(player_name=(samples.HOSTILE * 2)[:23], book_name=samples.HOSTILE[5])
    checks = [CheckResult("row_accounting_balances", False, Severity.WARN, detail=t) for t in samples.HOSTILE]
    around = replace(full, quotes=quotes, best_bets=bets, checks=checks, files=())
    found = evidence.daily_evidence(coverage=evidence.coverage(samples.HOSTILE))
    row = daily_row(outcome_reason="<img src=x onerror=alert(1)> [x](http://e.example) <!--")
    page = page_of(tmp_path, row, around, found)
    assert not page.cssselect("script, img, a, b, del")
    assert len(page.cssselect("h1, h2")) == len(
        page_of(tmp_path, row, replace(around, checks=checks)).cssselect("h1, h2")
    )
    assert "<img src=x onerror=alert(1)>" in page.cssselect(".lead")[0].text_content()
    assert "<script>alert(1)</script>" in page.cssselect("main")[0].text_content()


def test_an_address_outside_the_project_makes_no_link(tmp_path: Path) -> None:
    outside = (
        "[a](http://e.example) [b](//e.example) [c](javascript:x) [d](data:x) ![e](http://e.example/x.png)"
    )
    text = f"# T\n\n{outside} ![g](g.png) [f](f.md)\n"
    page = lxml_html.fromstring(write_html(tmp_path / "p.html", text, "ok", {}).read_text())
    assert page.xpath("//a/@href") == ["g.png", "f.md"]
    assert not page.cssselect("img")


def test_equal_evidence_gives_equal_bytes(tmp_path: Path, full: daily.DailyContext) -> None:
    pages = [text_of(tmp_path, daily_row(), full, evidence.daily_evidence()) for _ in range(2)]
    assert pages[0] == pages[1]


def test_a_page_explains_its_bands_under_its_plots_and_its_markdown_under_its_tables(
    tmp_path: Path, full: daily.DailyContext
) -> None:
    found = evidence.daily_evidence()
    page = page_of(tmp_path, daily_row(), full, found)
    written = daily.write_daily_report(tmp_path / "daily.md", samples.SLATE, daily_row(), full, found)
    notes = [caption.text_content() for caption in page.cssselect("figcaption")]
    below = " ".join(p.text_content() for p in page.cssselect("section > p"))
    for words in ("95% interval of the ROI", "Wilson's 95% interval of the share", "these are of run"):
        assert sum(words in note for note in notes) == 1
        assert words not in below
        assert written.read_text().count(words) == 1
