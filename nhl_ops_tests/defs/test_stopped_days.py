"""A slate that a run stopped and that nobody has published has a report, and it says first that the day is broken."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import dagster as dg
from lxml import html

from nhl_ops.defs.sensors import run_files_sensor
from nhl_ops.gateways.exports import names
from nhl_ops.gateways.publication import Draft
from nhl_ops_tests.fakes.project import Project

SLATE = "2026-01-19"
AT = datetime(2026, 1, 20, 4, tzinfo=UTC)


def stop(project: Project, *, hold: str | None = None) -> None:
    """A run of the slate that was canceled; hold: what its scope holds the slate back for."""
    with project.here():
        run = dg.DagsterRun(job_name="slates", run_id=str(uuid4()), tags={"dagster/partition": SLATE})
        if hold is not None:
            project.house.state.judge(
                run.run_id, [SLATE], "fact_prop_odds", "row_accounting_balances", {SLATE: hold}
            )
        project.instance.report_run_canceled(project.instance.add_run(run))
        run_files_sensor(dg.build_sensor_context(instance=project.instance))


def report(project: Project, suffix: str) -> Path:
    return project.root / names.daily_report(date.fromisoformat(SLATE), suffix)


def first_words(project: Project) -> str:
    """The first sentence, which both forms share."""
    page = html.fromstring(report(project, "html").read_text())
    (lead,) = page.cssselect(".lead.broken")
    said = lead.cssselect("strong")[0].text_content()
    assert report(project, "md").read_text().splitlines()[2] == f"**{said}**"
    return said


def publish(project: Project, text: str) -> None:
    def fill(draft: Draft) -> None:
        for suffix in ("md", "html"):
            (draft.files / report(project, suffix).name).write_text(text)

    published = project.house.warehouse.published
    published.publish(published.next_version(SLATE, "scope", "run", AT, {}), {}, fill)


def test_a_slate_whose_run_failed_says_so_and_what_to_read_next(project: Project) -> None:
    stop(project)
    assert first_words(project).startswith("Broken: The run failed before this slate was published")
    text = report(project, "md").read_text()
    assert "No version of this card is published" in text
    assert f"[daily_run_{SLATE}.md](daily_run_{SLATE}.md)" in text


def test_a_held_slate_says_what_holds_it(project: Project) -> None:
    stop(project, hold="3 rows are missing")
    said = first_words(project)
    assert said.startswith("Broken: A blocking check failed, so the new results are not published")
    assert said.endswith("fact_prop_odds.row_accounting_balances 3 rows are missing")


def test_readers_of_a_published_slate_keep_its_report(project: Project) -> None:
    publish(project, "former")
    stop(project)
    assert [report(project, suffix).read_text() for suffix in ("md", "html")] == ["former", "former"]


def test_a_later_publication_takes_the_place_of_the_broken_day(project: Project) -> None:
    stop(project)
    publish(project, "new")
    assert [report(project, suffix).read_text() for suffix in ("md", "html")] == ["new", "new"]
