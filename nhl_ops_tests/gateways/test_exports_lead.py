"""What a reader of a day meets first: its state in a sentence, and what to do."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.domain.run_summary import CheckResult, Severity, VendorOutcome
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.exports import daily_report as daily
from nhl_ops_tests.gateways import exports_samples as samples
from nhl_ops_tests.gateways.exports_pages import cells, context, first_words, page_of
from nhl_ops_tests.gateways.exports_report_rows import daily_row, quiet_row

DOWN = VendorOutcome("PLAYNOW", SlateOutcome.VENDOR_DOWN, 4, error="connect timed out after 5 s")
HELD = CheckResult("row_accounting_balances", False, Severity.ERROR, detail="3 rows are missing")


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
