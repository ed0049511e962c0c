"""The reports as pages: the state of the day first, the numbers of the Markdown, and nothing that leads out."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from lxml import html as lxml_html

from nhl_ops.contracts.reports import MOVEMENT_COLUMNS, REPORT_ROLLING
from nhl_ops.domain.run_summary import CheckResult, Severity, VendorOutcome
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.exports import daily_report as daily
from nhl_ops.gateways.exports.html import write_html
from nhl_ops.gateways.exports.plots_times import step_times
from nhl_ops.gateways.exports.rolling_report import RollingEvidence, write_rolling_html, write_rolling_report
from nhl_ops_tests.gateways import exports_evidence as evidence
from nhl_ops_tests.gateways import exports_samples as samples
from nhl_ops_tests.gateways.exports_report_rows import daily_row, quiet_row, rolling_rows, section, tables

Page = lxml_html.HtmlElement
DOWN = VendorOutcome("PLAYNOW", SlateOutcome.VENDOR_DOWN, 4, error="connect timed out after 5 s")
HELD = CheckResult("row_accounting_balances", False, Severity.ERROR, detail="3 rows are missing")
MOVES = pd.DataFrame(
    [
        ("vendor", "PLAYNOW", "quotes", 12.5, 6.25, -6.25, 2.0, 6, 7, True),
        ("vendor", "PLAYNOW", "mapped", 0.99, 0.98, -0.01, 0.02, 6, 7, False),
        ("market", "SOG", "log_loss", 0.61, 0.6125, 0.0025, 0.02, 6, 7, False),
        ("market", "GOALS", "ev", None, -5.0, None, None, 0, 7, False),
    ],
    columns=list(MOVEMENT_COLUMNS),
)


def context(**changes: object) -> daily.DailyContext:
    return daily.DailyContext(
        as_of_utc=samples.AS_OF, generated_at_utc=samples.WRITTEN, run_id="5f0c", **changes
    )


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


def text_of(
    path: Path, row: pd.DataFrame, around: daily.DailyContext, found: daily.DailyEvidence = daily.NO_EVIDENCE
) -> str:
    return daily.write_daily_html(path / "daily.html", samples.SLATE, row, around, found).read_text()


def page_of(
    path: Path, row: pd.DataFrame, around: daily.DailyContext, found: daily.DailyEvidence = daily.NO_EVIDENCE
) -> Page:
    return lxml_html.fromstring(text_of(path, row, around, found))


def first_words(page: Page) -> tuple[str, str]:
    """State of the page and its first sentence."""
    (lead,) = page.cssselect(".lead")
    return lead.get("class").split()[1], lead.cssselect("strong")[0].text_content()


def cells(page: Page) -> list[list[list[str]]]:
    rows = [
        [[c.text_content() for c in r.cssselect("th,td")] for r in t.cssselect("tr")]
        for t in page.cssselect("table")
    ]
    return rows


@pytest.mark.parametrize(
    ("row", "changes", "state", "said"),
    [
        (daily_row(), {}, "ok", "OK: The slate was priced."),
        (quiet_row("no_games"), {}, "empty", "Empty: The NHL plays no games"),
        (quiet_row("not_offered_yet", games=8), {}, "empty", "Empty: Games are scheduled, but no book offered"),
        (daily_row(), {"vendors": [DOWN]}, "degraded", "Degraded: PLAYNOW could not be reached. The slate was priced."),
        (daily_row(outcome_reason="The last answer of a vendor failed: PLAYNOW."), {}, "degraded",
         "Degraded: The slate was priced. The last answer of a vendor failed: PLAYNOW."),
        (quiet_row("vendor_down", games=8), {}, "broken", "Broken: A vendor could not be reached"),
        (quiet_row("rejected", games=8), {}, "broken", "Broken: What a vendor sent did not fit"),
        (quiet_row("held", "3 rows are missing.", 8), {"checks": [HELD]}, "broken",
         'Broken: the check "row accounting balances" failed. A blocking check failed'),
        (quiet_row("failed", games=8), {}, "broken", "Broken: The run failed before this slate was published"),
    ],
)  # fmt: skip
def test_a_page_says_first_what_the_day_was(
    tmp_path: Path, row: pd.DataFrame, changes: dict[str, object], state: str, said: str
) -> None:
    page = page_of(tmp_path, row, context(**changes))
    assert first_words(page)[0] == state
    assert first_words(page)[1].startswith(said)
    markdown = daily.write_daily_report(
        tmp_path / "daily.md", samples.SLATE, row, context(**changes)
    ).read_text()
    assert markdown.splitlines()[2].startswith(f"**{said}")


def test_a_failed_warning_does_not_break_the_day(tmp_path: Path) -> None:
    page = page_of(tmp_path, daily_row(), context(checks=[replace(HELD, severity=Severity.WARN)]))
    assert first_words(page) == ("ok", "OK: The slate was priced.")


def test_the_lead_says_who_failed_and_leaves_the_rest_to_the_vendors(tmp_path: Path) -> None:
    told = "The last answer of a vendor failed: PLAYNOW: vendor_down (" + 40 * "http 503 " + ")."
    known = page_of(tmp_path, daily_row(outcome_reason=told), context(vendors=[DOWN]))
    assert first_words(known)[1] == "Degraded: PLAYNOW could not be reached. The slate was priced."
    assert any(DOWN.error in row for table in cells(known) for row in table)
    unknown = page_of(tmp_path, daily_row(outcome_reason=told), context())
    assert "PLAYNOW: vendor_down" in first_words(unknown)[1]
    assert len(first_words(unknown)[1]) < 250


def test_an_empty_day_names_a_vendor_that_failed(tmp_path: Path) -> None:
    page = page_of(tmp_path, quiet_row("not_offered_yet", games=8), context(vendors=[DOWN]))
    assert first_words(page)[1].endswith("PLAYNOW could not be reached.")


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


def test_the_digest_is_ten_lines_at_most_and_says_the_state_first() -> None:
    busy = daily.daily_digest(
        samples.SLATE, daily_row(outcome_reason="The last answer of a vendor failed: `X`."), samples.SLATE
    )
    assert (
        busy.splitlines()[0]
        == r"**Degraded: The slate was priced. The last answer of a vendor failed: \`X\`.**"
    )
    assert "- 600 quotes from 9 books, 97.5% mapped" in busy.splitlines()
    assert 5 < len(busy.splitlines()) <= 10
    quiet = daily.daily_digest(samples.SLATE, quiet_row("no_games"), samples.SLATE)
    assert quiet.strip().startswith("**Empty: The NHL plays no games on this date")
    assert quiet.strip().splitlines()[1:] == ["", "What to do: nothing."]


@pytest.mark.parametrize(
    ("row", "changes", "todo"),
    [
        (daily_row(), {}, "nothing."),
        (daily_row(), {"checks": [replace(HELD, severity=Severity.WARN)]},
         "read the detail of 1 failed check, below."),
        (daily_row(), {"vendors": [DOWN]},
         "`nhl-ops run-daily --date 2026-01-07 --all` once PLAYNOW can be read again; "
         "`nhl-ops triage` tells the cause."),
        (quiet_row("no_games"), {"vendors": [DOWN]}, "nothing."),
        (quiet_row("not_offered_yet", games=8), {},
         "`nhl-ops run-daily --date 2026-01-07 --all` later, when books offer props."),
        (quiet_row("held", games=8), {"checks": [HELD]},
         "`nhl-ops triage` tells what stopped it, and `nhl-ops rerun` runs it again as that allows."),
        (quiet_row("failed", games=8), {},
         "`nhl-ops triage` tells what stopped it, and `nhl-ops rerun` runs it again as that allows."),
    ],
)  # fmt: skip
def test_what_to_do_stands_right_after_what_the_day_was(
    tmp_path: Path, row: pd.DataFrame, changes: dict[str, object], todo: str
) -> None:
    written = daily.write_daily_report(tmp_path / "daily.md", samples.SLATE, row, context(**changes))
    assert written.read_text().splitlines()[4] == f"**What to do:** {todo}"


def test_a_day_without_a_published_card_says_nothing_of_bets_and_prices(tmp_path: Path) -> None:
    page = page_of(tmp_path, quiet_row("failed", games=8), context(version=0, games=samples.games()))
    assert [h.text for h in page.cssselect("h2")] == ["Games", "Quotes", "Game lines", "Timings"]
    lead = page.cssselect(".lead")[0].text_content()
    assert "No version of this card is published, so it has no best bets" in lead
    assert "with odds" not in lead


def test_nothing_is_to_be_done_about_offers_of_a_slate_that_is_over(tmp_path: Path) -> None:
    later = replace(context(), generated_at_utc=samples.WRITTEN + timedelta(days=1))
    written = daily.write_daily_report(
        tmp_path / "daily.md", samples.SLATE, quiet_row("not_offered_yet", games=8), later
    )
    assert written.read_text().splitlines()[4] == "**What to do:** nothing; the slate is over."


@pytest.mark.parametrize("outcome", list(SlateOutcome))
def test_every_outcome_has_something_to_do_or_says_that_there_is_nothing(outcome: SlateOutcome) -> None:
    assert "What to do: " in daily.daily_digest(samples.SLATE, quiet_row(outcome), samples.SLATE)


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


# -- the rolling page ----------------------------------------------------------------------------------------


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
