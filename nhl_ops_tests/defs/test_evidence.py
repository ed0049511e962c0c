"""The evidence tables are what the metadata of the runs tells, and can be made again from it."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from nhl_ops.contracts.evidence import (
    DAILY_EVIDENCE,
    FACT_EV_SUMMARY_DAILY,
    FACT_FORECAST_ACCURACY_DAILY,
    FACT_MAPPING_QUALITY_DAILY,
    FACT_ODDS_COVERAGE_DAILY,
    FACT_RUN_REGISTRY,
    FIGURE,
)
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.reports import REPORT_DAILY
from nhl_ops.contracts.schema import violations
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.evidence import evidence_is_told
from nhl_ops.defs.evidence_rebuild import Match, rebuild
from nhl_ops.defs.materializations import newest_figures
from nhl_ops.defs.pruning import prune
from nhl_ops.defs.registry import sync_registry
from nhl_ops.defs.run_files import write_run_files
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.steps import PUBLISHING_ASSET, Step, assets_of
from nhl_ops.gateways.exports import wording
from nhl_ops_tests.fakes.project import Project
from nhl_ops_tests.gateways.exports_report_rows import section, tables

OFF_DAY = "2026-01-16"


def published(project: Project, spec: TableSpec, key: str) -> pd.DataFrame:
    found = project.house.warehouse.published.table(key, spec.name)
    assert found is not None
    return project.house.warehouse.read_slices(spec, [key], "")[0]


def only(frame: pd.DataFrame, level: str) -> pd.Series:
    rows = frame[frame["level"] == level]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory, ranged: Project) -> Project:
    """A copy of the project after every run of it left the instance."""
    project = ranged.copy(tmp_path_factory.mktemp("pruned") / "project")
    with project.here():
        later = datetime.now(UTC) + timedelta(minutes=1)
        gone = list(prune(project.house, project.instance, later))
    assert gone
    return project


@pytest.mark.parametrize("spec", DAILY_EVIDENCE, ids=lambda spec: spec.name)
def test_rebuilt_from_the_log_the_tables_are_identical(
    ranged: Project, past: list[str], tmp_path: Path, spec: TableSpec
) -> None:
    with ranged.here():
        found = [r for r in rebuild(ranged.house, ranged.instance, past, tmp_path) if r.table == spec.name]
    assert [(r.slate, r.match) for r in found] == [(key, Match.IDENTICAL) for key in past]
    assert sum(r.rows for r in found) > 0


def test_a_pruned_project_still_tells_its_evidence(pruned: Project, past: list[str], tmp_path: Path) -> None:
    with pruned.here():
        assert pruned.instance.get_runs() == []
        found = list(rebuild(pruned.house, pruned.instance, past, tmp_path))
    assert {r.match for r in found} == {Match.IDENTICAL}


def test_pruning_leaves_what_is_published(pruned: Project, ranged: Project, past: list[str]) -> None:
    assert pruned.published_digests(past) == ranged.published_digests(past)
    assert pruned.published_partitions(PUBLISHING_ASSET) == set(past)


def test_results_of_a_pruned_slate_can_still_be_settled(pruned: Project, past: list[str]) -> None:
    run = pruned.succeed(past[:1], assets_of([Step.OUTCOMES, Step.DIAGNOSTICS]))
    with pruned.here():
        told = newest_figures(pruned.instance, FACT_ODDS_COVERAGE_DAILY.name, past[:1])[past[0]]
    assert told["read_from_run"] != run.run_id
    assert len(published(pruned, FACT_ODDS_COVERAGE_DAILY, past[0])) > 1


def test_every_figure_is_in_the_log_or_the_slate_is_named(
    ranged: Project, past: list[str], tmp_path: Path
) -> None:
    log = logging.getLogger(__name__)
    with ranged.here():
        told = SlateRun(ranged.house, ranged.first_run, past, log, ranged.instance)
        assert evidence_is_told(told) == {}
        with dg.DagsterInstance.ephemeral() as empty:
            untold = SlateRun(ranged.house, ranged.first_run, past, log, empty)
            reasons = evidence_is_told(untold)
    assert set(reasons) == set(past)
    assert f"nhl-ops run-daily --date {past[0]} --all" in reasons[past[0]]


def test_a_difference_is_found_and_quoted(ranged: Project, past: list[str], tmp_path: Path) -> None:
    project = ranged.copy(tmp_path / "project")
    with project.here():
        path = project.house.warehouse.published.current(past[0]) / "manifest.json"
        text = path.read_text()
        digest = project.house.warehouse.published.tables(past[0])[FACT_EV_SUMMARY_DAILY.name].digest
        path.resolve().write_text(text.replace(digest, "0" * 32))
        found = list(rebuild(project.house, project.instance, past[:1], tmp_path / "out"))
    wrong = [r for r in found if r.match is not Match.IDENTICAL]
    assert [(r.table, r.match) for r in wrong] == [(FACT_EV_SUMMARY_DAILY.name, Match.DIFFERS)]


def test_the_ui_tells_a_slate_in_a_few_lines_and_where_its_page_is(ranged: Project, past: list[str]) -> None:
    key = past[-1]
    with ranged.here():
        day, windows, published_as = (
            newest_figures(ranged.instance, name, [key])[key]
            for name in (REPORT_DAILY.name, "report_rolling", PUBLISHING_ASSET)
        )
    assert "What to do: " in day["summary"]
    assert "| 30 days |" in windows["summary"]
    page = (ranged.root / published_as["report"]).read_text(encoding="utf-8")
    assert day["summary"].splitlines()[0].strip("*") in page


def test_metadata_stays_small(ranged: Project, past: list[str]) -> None:
    with ranged.here():
        for asset in {source for source, _ in FIGURE.values()}:
            for figures in newest_figures(ranged.instance, asset, past).values():
                assert len(json.dumps(figures)) < 10_000, asset


def test_ten_numbers_are_the_same_wherever_they_stand(ranged: Project, past: list[str]) -> None:
    """In the UI's metadata, the manifest, the tables, the evidence and the report of one slate."""
    key = past[-1]
    with ranged.here():
        run = ranged.first_run
        write_run_files(ranged.house, ranged.instance, run)
        metadata = {
            name: newest_figures(ranged.instance, name, [key])[key]
            for name in ("report_daily", "fact_prop_settlements", "ev_fair_prices", "ev_multi_book_best_bets")
        }
    manifests = {name: manifest(ranged, name, key, run.run_id) for name in metadata}
    daily = published(ranged, REPORT_DAILY, key).iloc[0]
    coverage = only(published(ranged, FACT_ODDS_COVERAGE_DAILY, key), "slate")
    claims = only(published(ranged, FACT_EV_SUMMARY_DAILY, key), "slate")
    report = (ranged.root / f"outputs/monitoring/daily_report_{key}.md").read_text(encoding="utf-8")
    bets = published(ranged, TABLES["ev_multi_book_best_bets"], key)
    settled = published(ranged, TABLES["fact_prop_settlements"], key)
    is_bet = settled["bet_id"].notna()
    sources = {
        "quotes": [daily["quotes"], coverage["quotes"], metadata["report_daily"]["quotes"]],
        "quotes_mapped": [daily["quotes_mapped"], coverage["quotes_mapped"]],
        "games": [daily["games"], coverage["games_scheduled"], metadata["report_daily"]["games"]],
        "prices": [daily["prices"], claims["prices"], metadata["ev_fair_prices"]["rows"]],
        "best_bets": [daily["best_bets"], claims["best_bets"], len(bets)],
        "mean_ev_pct": [
            round(x, 6)
            for x in (daily["mean_ev_pct"], claims["best_bets_mean_ev_pct"], bets["ev_pct"].mean())
        ],
        "bets_won": [daily["bets_won"], claims["bets_won"], (settled["outcome"][is_bet] == "won").sum()],
        "bets_settled": [daily["bets_won"] + daily["bets_lost"], claims["bets_settled"]],
        "profit_units": [round(x, 6) for x in (daily["profit_units"], claims["bets_profit_units"])],
        "above_0": [claims["above_0_pct"], metadata["ev_fair_prices"]["above_zero_ev"]],
    }
    assert {name: len(set(map(float, found))) for name, found in sources.items()} == dict.fromkeys(sources, 1)
    for name, told in metadata.items():
        assert manifests[name]["rows"] == told["rows"]
        assert manifests[name]["figures"].items() <= told.items()
    for number in (daily["quotes"], daily["best_bets"]):
        assert f"{number:,}" in report
    bets_said = tables(section(report, "What became of the bets"))[0][-1]
    assert bets_said[1:4] == [str(claims[n]) for n in ("best_bets", "bets_won")] + [
        str(claims["bets_settled"] - claims["bets_won"])
    ]
    assert bets_said[6] == wording.units(daily["profit_units"])


def test_the_times_of_a_report_are_those_of_the_registry(ranged: Project, past: list[str]) -> None:
    """On a first publication too: the report stands on the steps that had ended, the registry on the whole run."""
    with ranged.here():
        sync_registry(ranged.house, ranged.instance)
    runs = ranged.observed("fact_run_registry")
    own = runs[(runs["run_id_dagster"] == ranged.first_run.run_id) & runs["seconds"].notna()]
    registered = dict(zip(own["step"], own["seconds"].map(wording.seconds), strict=True))
    report = (ranged.root / f"outputs/monitoring/daily_report_{past[0]}.md").read_text(encoding="utf-8")
    timings = section(report, "Timings")
    told = dict(tables(timings)[0][1:])
    assert len(told) > 20
    assert {step: registered[step] for step in told} == told
    assert PUBLISHING_ASSET not in told
    assert f"Steps of this run over {len(past)} slates that had ended when this was written." in timings


def manifest(project: Project, asset: str, key: str, run_id: str) -> dict[str, object]:
    path = project.root / f"manifests/{asset}/game_date={key}/run={run_id}/manifest.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_evidence_adds_up(ranged: Project, past: list[str]) -> None:
    for key in past:
        coverage = published(ranged, FACT_ODDS_COVERAGE_DAILY, key)
        by_level = coverage.groupby("level")["quotes"].sum()
        assert by_level.nunique() == 1
        mapped = published(ranged, FACT_MAPPING_QUALITY_DAILY, key)
        shares = mapped.groupby(["source_vendor", "subject"])["quotes_share"].sum()
        assert shares.to_list() == pytest.approx([1.0] * len(shares))
        scores = published(ranged, FACT_FORECAST_ACCURACY_DAILY, key)
        assert scores.groupby("level")["predictions"].sum().nunique() == 1


def test_a_slate_without_games_has_its_row_of_coverage_and_claims(project: Project) -> None:
    project.succeed([OFF_DAY])
    assert only(published(project, FACT_ODDS_COVERAGE_DAILY, OFF_DAY), "slate")["quotes"] == 0
    assert only(published(project, FACT_EV_SUMMARY_DAILY, OFF_DAY), "slate")["prices"] == 0


def test_the_registry_is_kept_once(ranged: Project) -> None:
    with ranged.here():
        sync_registry(ranged.house, ranged.instance)
        before = ranged.observed("fact_run_registry")
        assert sync_registry(ranged.house, ranged.instance) == 0
        assert len(ranged.observed("fact_run_registry")) == len(before)
    assert violations(FACT_RUN_REGISTRY, before) == []
    run = before[(before["run_id_dagster"] == ranged.first_run.run_id) & (before["step"] == "run")]
    assert run["state"].tolist() == ["started", "succeeded"] or set(run["state"]) == {"started", "degraded"}
