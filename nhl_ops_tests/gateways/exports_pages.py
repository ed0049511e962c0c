"""Pages of the reports, written and read back."""

from pathlib import Path

import pandas as pd
from lxml import html as lxml_html

from nhl_ops.gateways.exports import daily_report as daily
from nhl_ops_tests.gateways import exports_samples as samples

Page = lxml_html.HtmlElement


def context(**changes: object) -> daily.DailyContext:
    return daily.DailyContext(
        as_of_utc=samples.AS_OF, generated_at_utc=samples.WRITTEN, run_id="5f0c", **changes
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
