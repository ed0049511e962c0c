"""A range run and one run a slate leave the same tables; a rerun adds nothing; later knowledge changes nothing."""

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from nhl_ops.contracts.registry import TABLES
from nhl_ops.defs.steps import PUBLISHING_ASSET
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.fakes.project import DERIVATIONS, OBSERVATIONS, Project, new_project


@dataclass(frozen=True)
class OneByOne:
    """The same slates as `ranged`, a run each; cards: what readers saw of each after its own run."""

    project: Project
    cards: dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory: pytest.TempPathFactory, server: LeagueServer, past: list[str]) -> OneByOne:
    project = new_project(tmp_path_factory.mktemp("one-by-one") / "project", server.url)
    cards: dict[tuple[str, str], str] = {}
    for key in past:
        project.succeed([key])
        cards |= project.published_digests([key])
    return OneByOne(project, cards)


def test_a_range_run_and_one_run_per_slate_leave_the_same_tables(
    ranged: Project, one_by_one: OneByOne, past: list[str]
) -> None:
    project = one_by_one.project
    assert project.published_digests(past) == ranged.published_digests(past)
    assert set(ranged.published_digests(past)) == {(key, name) for key in past for name in DERIVATIONS}
    for name in OBSERVATIONS:
        pd.testing.assert_frame_equal(project.observed(name), ranged.observed(name))


def test_a_rerun_adds_no_observation_and_leaves_equal_tables(ranged: Project, past: list[str]) -> None:
    before = {name: len(ranged.observed(name)) for name in OBSERVATIONS}
    digests = ranged.published_digests(past)
    ranged.succeed(past[-1:])
    assert {name: len(ranged.observed(name)) for name in OBSERVATIONS} == before
    assert before["fact_prop_odds"] > 0
    assert ranged.published_digests(past) == digests


def test_what_becomes_known_later_changes_no_earlier_card(
    one_by_one: OneByOne, server: LeagueServer, past: list[str], tmp_path: Path
) -> None:
    project, earlier = one_by_one.project.copy(tmp_path / "project"), past[-2]
    card = {(key, name): digest for (key, name), digest in one_by_one.cards.items() if key == earlier}
    assert card
    present = server.clock.now()
    try:
        server.clock.move_to(present + timedelta(hours=2))
        project.succeed([earlier])
    finally:
        server.clock.move_to(present)
    assert project.published_digests([earlier]) == card


def test_every_good_slate_is_published_and_reported_slate_by_slate(ranged: Project, past: list[str]) -> None:
    assert ranged.published_partitions(PUBLISHING_ASSET) == set(past)
    for key in past:
        entry = ranged.house.warehouse.published.tables(key)["dim_games"]
        assert entry.rows == len(
            ranged.house.warehouse.read_slices(TABLES["dim_games"], [key], "no scope")[0]
        )


def test_accounting_balances_on_every_payload(ranged: Project, past: list[str]) -> None:
    rows, _ = ranged.house.warehouse.read_slices(TABLES["fact_odds_accounting"], past, "no scope")
    parts = rows[["accepted", "duplicate", "other_slate", "quarantined"]].sum(axis=1)
    assert (parts == rows["seen"]).all()
    assert rows["accepted"].sum() == len(ranged.observed("fact_prop_odds"))


def test_rows_carry_their_slate_run_scope_and_time(ranged: Project, past: list[str]) -> None:
    columns = ["quote_id", "game_date", "run_id", "scope_id", "created_at_utc"]
    facts = ranged.house.warehouse.observations(TABLES["fact_prop_odds"], past, columns=columns)
    assert facts["run_id"].nunique() == 1
    assert (facts["scope_id"] == facts["run_id"]).all()
    assert facts.notna().all(axis=None)


def test_a_card_made_while_a_vendor_was_down_does_not_replace_a_better_one(
    ranged: Project, past: list[str], tmp_path: Path
) -> None:
    slate, worse = past[-1], ranged.copy(tmp_path / "project")
    card = worse.house.warehouse.published.current(slate).resolve()
    vendors = worse.root / "config" / "vendors.toml"
    vendors.write_text(
        vendors.read_text(encoding="utf-8").replace("{league}/unabated-cdn", "http://127.0.0.1:9"),
        encoding="utf-8",
    )
    forget_unabated(worse)
    run = worse.run([slate])
    assert run.status is not dg.DagsterRunStatus.SUCCESS
    assert "keeps its published card: UNABATED failed" in worse.record(run).failures[-1].message
    assert worse.house.warehouse.published.current(slate).resolve() == card


def forget_unabated(project: Project) -> None:
    """As if today's first capture had failed: no payload and no quote of that vendor is there."""
    for folder in ("raw_unabated_odds", "raw_odds_payloads", "raw_odds_sightings", "fact_prop_odds"):
        for part in (project.root / "data" / "warehouse" / folder).glob("*=*"):
            shutil.rmtree(part)
    with sqlite3.connect(project.root / "data" / "state.sqlite") as state:
        for table in ("payloads", "sightings", "captures"):
            state.execute(f"delete from {table} where vendor='UNABATED'")
