"""daily_run_<date>.md, ingest_status_<date>.json, and how figures are worded."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from nhl_ops.domain.run_summary import (
    Asked,
    CheckResult,
    Counted,
    Failure,
    HeldSlate,
    IngestStatus,
    RunStatus,
    RunSummary,
    Severity,
    SlateFigures,
    StepResult,
    StepStatus,
    VendorIngest,
    VendorOutcome,
)
from nhl_ops.domain.slates import AsOfMode, SlateOutcome
from nhl_ops.gateways.exports import wording
from nhl_ops.gateways.exports.daily_run import best_bet_lines, write_daily_run
from nhl_ops.gateways.exports.ingest_status import write_ingest_status
from nhl_ops_tests.gateways import exports_samples as samples

RUN = RunSummary(
    run_id="5f0c-11",
    slates=(samples.SLATE,),
    as_of_mode=AsOfMode.LIVE,
    started_at_utc=samples.AS_OF,
    ended_at_utc=samples.WRITTEN,
    status=RunStatus.DEGRADED,
    model_version="v1",
    steps=(
        StepResult("capture", StepStatus.DEGRADED, 12.34),
        StepResult("fact_prop_odds", StepStatus.SUCCEEDED, 1, 600),
    ),
    vendors=(VendorOutcome("PLAYNOW", SlateOutcome.VENDOR_DOWN, 4, error="timed out"),),
    figures=(SlateFigures(samples.SLATE, SlateOutcome.OK, 8, {"UNABATED": 533, "PLAYNOW": 67}, 0.975, 23),),
    checks=(
        CheckResult("row_accounting_balances", True),
        CheckResult("every_game_has_odds", False, Severity.WARN),
    ),
    held=(HeldSlate(date(2026, 1, 6), "no price after puck drop: 3 rows"),),
    files=("outputs/ev_analysis/MultiBookBestBets.xlsx",),
    failures=(
        Failure("vendor outage", "PLAYNOW timed out", "nhl-ops run-daily --date 2026-01-07", "capture"),
    ),
)


def render(path: Path, run: RunSummary) -> str:
    return write_daily_run(path / "daily_run.md", run).read_text()


@pytest.mark.parametrize(
    ("status", "code"),
    [(RunStatus.SUCCEEDED, 0), (RunStatus.DEGRADED, 3), (RunStatus.FAILED, 1), (RunStatus.SKIPPED, 0)],
)
def test_the_exit_code_follows_from_the_status(tmp_path: Path, status: RunStatus, code: int) -> None:
    run = replace(RUN, status=status)
    assert run.exit_code == code
    assert f"| Exit code | {code} " in render(tmp_path, run)


def test_a_run_says_how_it_ended_when_and_with_which_model(tmp_path: Path) -> None:
    text = render(tmp_path, RUN)
    assert text.startswith("# Daily run: Wednesday, January 7, 2026\n\n**Degraded. Part of it failed;")
    for fact in ("Jan 7, 5:30 PM ET", "4 min 05 s", "`v1`", "`5f0c-11`", "live: what is known now"):
        assert fact in text


def test_a_failure_names_its_kind_its_cause_and_the_next_command(tmp_path: Path) -> None:
    text = render(tmp_path, RUN)
    assert "| vendor outage | PLAYNOW timed out | `nhl-ops run-daily --date 2026-01-07` |" in text
    assert text.index("## Failures") < text.index("## Held back") < text.index("## Slates")


def test_figures_steps_and_checks_are_told(tmp_path: Path) -> None:
    text = render(tmp_path, RUN)
    assert "|    600 | PLAYNOW 67, UNABATED 533 |  97.5% |" in text
    assert "| `capture`        | degraded  | 12.3 s |" in text
    assert "**1 of 2 checks failed.**" in text
    assert "| every game has odds |" in text


def test_a_skipped_run_says_that_nothing_was_asked_for(tmp_path: Path) -> None:
    run = RunSummary("r", (samples.SLATE,), AsOfMode.LIVE, samples.AS_OF, samples.AS_OF, RunStatus.SKIPPED)
    text = render(tmp_path, run)
    assert "**Skipped. No step was asked for, so nothing ran.**" in text
    assert "##" not in text


def test_a_run_over_a_range_is_titled_by_its_ends(tmp_path: Path) -> None:
    run = replace(RUN, slates=tuple(date(2026, 1, d) for d in (3, 1, 2)))
    assert render(tmp_path, run).startswith("# Daily run: 2026-01-01 to 2026-01-03, 3 slates")


def test_the_five_best_bets_of_a_run_come_from_the_table(tmp_path: Path) -> None:
    bets = samples.best_bets(samples.fair_prices(120), 12)
    lines = best_bet_lines(bets[::-1])
    assert [line.rank for line in lines] == [1, 2, 3, 4, 5]
    assert lines[0].player_name == bets["player_name"].iloc[0]
    assert lines[3].ev_model_pct is None
    assert bets["player_name"].iloc[0] in render(tmp_path, replace(RUN, best_bets=lines))


def test_hostile_messages_break_no_table(tmp_path: Path) -> None:
    failures = tuple(Failure("code", text, f"nhl-ops rerun | `{text}`", text) for text in samples.HOSTILE)
    text = render(tmp_path, replace(RUN, failures=failures, files=()))
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert not any(tag in html for tag in ("<script", "<img", "<a ", "<r>"))
    part = html.split("<h2>Failures</h2>")[1].split("<h2>")[0]
    assert part.count("<td") == 4 * len(failures)


def test_a_failing_render_leaves_the_former_record(tmp_path: Path) -> None:
    former = render(tmp_path, RUN)
    with pytest.raises(AttributeError):
        render(tmp_path, replace(RUN, checks=("not a check",)))
    assert (tmp_path / "daily_run.md").read_text() == former


def status() -> IngestStatus:
    unabated = VendorIngest(
        "UNABATED",
        SlateOutcome.OK,
        Asked(
            requests=3,
            attempts=4,
            retries=1,
            payloads=1,
            size_bytes=120_000,
            quota_left=480.0,
            skew_sec=-0.25,
        ),
        Counted(
            payloads_read=2,
            seen=700,
            accepted=600,
            duplicate=80,
            other_slate=15,
            quarantined_by_rule={"line_is_known": 2, "a_rule": 3},
            mapped=585,
            newest_quote_at_utc=samples.AS_OF,
            newest_quote_age_sec=0.0,
        ),
    )
    playnow = VendorIngest(
        "PLAYNOW", SlateOutcome.VENDOR_DOWN, Asked(requests=4), Counted(), "timed out\nafter <5> s"
    )
    return IngestStatus(samples.SLATE, "5f0c", AsOfMode.LIVE, samples.WRITTEN, (unabated, playnow))


def test_the_ingest_status_accounts_for_every_quote_of_every_vendor(tmp_path: Path) -> None:
    read = json.loads(write_ingest_status(tmp_path / "ingest_status.json", status()).read_text())
    vendor = read["vendors"]["UNABATED"]
    assert vendor["seen"] == sum(vendor[k] for k in ("accepted", "duplicate", "other_slate", "quarantined"))
    assert vendor["quarantined_by_rule"] == {"a_rule": 3, "line_is_known": 2}
    assert vendor["is_balanced"] is True
    assert vendor["newest_quote_at_utc"] == "2026-01-07T22:30:00Z"
    assert read["schema_version"] == 2


def test_the_ingest_status_says_what_asking_took_and_null_where_nothing_tells(tmp_path: Path) -> None:
    vendors = json.loads(write_ingest_status(tmp_path / "ingest_status.json", status()).read_text())[
        "vendors"
    ]
    unabated, playnow = vendors["UNABATED"], vendors["PLAYNOW"]
    figures = (
        "requests",
        "attempts",
        "retries",
        "not_modified",
        "quota_left",
        "quota_used",
        "skew_sec",
        "breaker",
    )
    assert [unabated[name] for name in figures] == [3, 4, 1, None, 480.0, None, -0.25, None]
    assert [playnow[name] for name in figures] == [4, *[None] * 7]


def test_a_vendor_that_was_neither_asked_nor_counted_has_nulls_and_no_zeros(tmp_path: Path) -> None:
    bare = replace(status(), vendors=(VendorIngest("ODDS_API", None),))
    entry = json.loads(write_ingest_status(tmp_path / "x.json", bare).read_text())["vendors"]["ODDS_API"]
    assert set(entry.values()) == {None}
    counted = json.loads(write_ingest_status(tmp_path / "y.json", status()).read_text())["vendors"][
        "UNABATED"
    ]
    assert set(entry) == set(counted)


def test_a_vendor_that_failed_stands_in_the_status_with_its_error(tmp_path: Path) -> None:
    read = json.loads(write_ingest_status(tmp_path / "ingest_status.json", status()).read_text())
    vendor = read["vendors"]["PLAYNOW"]
    assert (vendor["outcome"], vendor["error"]) == ("vendor_down", "timed out after <5> s")
    assert vendor["newest_quote_at_utc"] is None
    assert vendor["seen"] == 0


def test_the_status_has_sorted_keys_and_equal_bytes(tmp_path: Path) -> None:
    first = write_ingest_status(tmp_path / "a.json", status())
    turned = replace(status(), vendors=status().vendors[::-1])
    assert first.read_bytes() == write_ingest_status(tmp_path / "b.json", turned).read_bytes()
    assert list(json.loads(first.read_text())) == sorted(json.loads(first.read_text()))


def test_a_count_that_does_not_add_up_is_shown_as_unbalanced(tmp_path: Path) -> None:
    unbalanced = Counted(seen=5, accepted=4)
    broken = replace(status(), vendors=(VendorIngest("UNABATED", SlateOutcome.OK, counted=unbalanced),))
    read = json.loads(write_ingest_status(tmp_path / "x.json", broken).read_text())
    assert read["vendors"]["UNABATED"]["is_balanced"] is False


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (wording.american(120), "+120"),
        (wording.american(-110), "-110"),
        (wording.percent(-0.04), "+0.0%"),
        (wording.percent(float("nan")), "\N{EN DASH}"),
        (wording.share(0.99999), "99.9%"),
        (wording.share(1.0), "100.0%"),
        (wording.seconds(59.96), "1 min 00 s"),
        (wording.seconds(7_500), "2 h 05 min"),
        (wording.size(1_250_000), "1.2 MB"),
        (wording.count(None), "\N{EN DASH}"),
        (wording.plural(1, "game"), "1 game"),
        (wording.plural(1_204, "price"), "1,204 prices"),
        (wording.moment(datetime(2026, 7, 1, 4, 5, tzinfo=UTC)), "Jul 1, 12:05 AM ET"),
        (wording.clock(datetime(2026, 11, 1, 17, 0, tzinfo=UTC)), "12:00 PM"),
    ],
)
def test_figures_and_times_are_worded_for_reading(said: str, expected: str) -> None:
    assert said == expected
