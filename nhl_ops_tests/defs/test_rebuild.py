"""From archive and state alone everything comes back: a restored project, and files that were damaged."""

from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.contracts.evidence import DAILY_EVIDENCE, FACT_RUN_REGISTRY
from nhl_ops.contracts.results import FACT_SKATER_GAMES
from nhl_ops.defs.event_log import EventLog
from nhl_ops.defs.evidence_rebuild import Match, compared, newest_publications, rebuild, told_by_log
from nhl_ops.defs.history import rebuild_history
from nhl_ops.defs.registry import keep_records
from nhl_ops.defs.repair import put_aside
from nhl_ops.gateways.backup import back_up, restore
from nhl_ops.gateways.verification import verify
from nhl_ops.gateways.warehouse import Audit
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops_tests.fakes.project import OBSERVATIONS, Project, new_project


def audit(project: Project) -> Audit:
    return Audit("rebuilt", "rebuilt", project.house.clock.now())


def test_a_restored_project_still_knows_every_run_and_what_it_measured(
    ranged: Project, server: LeagueServer, past: list[str], tmp_path: Path
) -> None:
    """Of evidence that no run computes again: rebuilt from the restored log alone, it is what was published."""
    with ranged.here():
        keep_records(ranged.house, ranged.instance)
        publications = newest_publications(ranged.instance, past)
    back_up(ranged.root, tmp_path / "safe", server.clock.now(), "synthetic")
    restored = new_project(tmp_path / "restored", server.url)
    restore(tmp_path / "safe", restored.root)
    name = FACT_RUN_REGISTRY.name
    pd.testing.assert_frame_equal(restored.observed(name), ranged.observed(name))
    with restored.here():
        log = EventLog(restored.instance, restored.root)
        for spec in DAILY_EVIDENCE:
            told = told_by_log(log, spec, publications)
            found = {compared(ranged.house, spec, key, told, tmp_path / "rebuilt").match for key in past}
            assert found == {Match.IDENTICAL}, spec.name


@pytest.mark.slow
def test_a_restored_project_computes_the_same_tables_from_its_archive(
    ranged: Project, server: LeagueServer, past: list[str], tmp_path: Path
) -> None:
    back_up(ranged.root, tmp_path / "safe", server.clock.now(), "synthetic")
    restored = new_project(tmp_path / "restored", server.url)
    restore(tmp_path / "safe", restored.root)
    with restored.here():
        assert sum(rebuild_history(restored.house, audit(restored)).values()) > 0
    asked = requests_of(restored)
    restored.succeed(past)
    assert restored.published_digests(past) == ranged.published_digests(past)
    for name in OBSERVATIONS:
        pd.testing.assert_frame_equal(restored.observed(name), ranged.observed(name))
    assert requests_of(restored) == asked, "a moment that was captured is not asked for again"
    with restored.here():
        found = list(rebuild(restored.house, restored.instance, past, tmp_path / "rebuilt"))
    assert {one.match for one in found} == {Match.IDENTICAL}


def requests_of(project: Project) -> int:
    """Sightings of every vendor: one each time that an endpoint was asked."""
    return project.house.state._rows("select count(*) from sightings")[0][0]


def test_the_results_history_comes_back_from_its_archived_pages(ranged: Project) -> None:
    before = ranged.observed(FACT_SKATER_GAMES.name)
    path = next((ranged.house.warehouse.folder / FACT_SKATER_GAMES.name).glob("bulk/*.parquet"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    with ranged.here():
        found = verify(ranged.house.warehouse, ranged.house.archive)
        assert [damage.path for damage in found.damages] == [path]
        assert put_aside(ranged.house, found.damages, audit(ranged)) == []
        assert verify(ranged.house.warehouse, ranged.house.archive).damages == ()
    pd.testing.assert_frame_equal(ranged.observed(FACT_SKATER_GAMES.name), before)
    aside = ranged.root / "data" / "damaged" / FACT_SKATER_GAMES.name / "bulk" / path.name
    assert aside.read_bytes() == whole[:-5]


@pytest.mark.parametrize(
    ("table", "slates"), [("fact_prop_odds", slice(1, None)), ("raw_nhl_schedule", slice(None))]
)
def test_a_damaged_partition_names_the_published_slates_to_compute_again(
    ranged: Project, past: list[str], table: str, slates: slice
) -> None:
    path = next((ranged.house.warehouse.folder / table).glob(f"game_date={past[1]}/*.parquet"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    with ranged.here():
        damages = verify(ranged.house.warehouse, ranged.house.archive).damages
        assert put_aside(ranged.house, damages, audit(ranged)) == past[slates]
    path.write_bytes(whole)
