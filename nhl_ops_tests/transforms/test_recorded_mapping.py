"""Mapping of recorded prices against the ids of their source; skipped where the folder is absent.

Nothing in the house is tuned to these files: the names of other seasons and dates are judged by the same rules.
"""

import os
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.mapping import CORRECTIONS, Figures, Recorded, load, prices_of_files, prices_with_teams
from nhl_ops.domain.identity import name_key
from nhl_ops.transforms.identity import map_players
from nhl_ops_tests.transforms.ev_frames import aliases, players

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("NHL_OPS_SHARED_DATA", ROOT.parent / "shared" / "data"))
FORWARD, DEFENCEMAN, AHO = 8480012, 8483678, 8478427

pytestmark = pytest.mark.skipif(not (DATA / "odds").is_dir(), reason=f"no recorded data in {DATA}")


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return load(DATA)


@pytest.fixture(scope="module", params=[True, False], ids=["with the players' teams", "without"])
def figures(recorded: Recorded, request: pytest.FixtureRequest) -> Figures:
    return prices_with_teams(recorded, with_player_team=request.param)


def test_precision_and_recall_of_players_who_played(figures: Figures) -> None:
    assert len(figures.mapped) > 190_000
    assert figures.precision >= 0.9995, figures.wrong
    assert figures.recall >= 0.995, figures.undecided


def test_every_recorded_event_is_its_game(figures: Figures) -> None:
    assert (figures.mapped["game_id_nhl"] == figures.mapped["game_true"]).all()
    assert set(figures.mapped["event_method"]) == {"date_and_teams"}


def test_no_namesake_is_confused(figures: Figures) -> None:
    by_name = figures.mapped.groupby(figures.mapped["player_name_raw"].map(name_key))["player_id_nhl"]
    ids = {name: set(found.dropna()) for name, found in by_name}
    assert ids["elias pettersson"] == {FORWARD}
    assert ids["sebastian aho"] == {AHO}
    assert ids["matthew wood"] == {8484241}
    assert ids["miles wood"] == {8477425}


def test_the_plain_name_of_the_two_elias_petterssons_is_the_forward_by_the_alias_table(
    figures: Figures,
) -> None:
    plain = figures.mapped[figures.mapped["player_name_raw"] == "Elias Pettersson"]
    assert len(plain) > 0
    assert set(plain["mapping_method"]) == {"alias"}


def test_only_a_name_that_nobody_in_the_game_has_stays_undecided(figures: Figures) -> None:
    assert set(figures.undecided["player_name_raw"]) == {"Dryden Hunt"}


def test_a_decision_has_a_score_and_nothing_else_has(figures: Figures) -> None:
    assert (figures.mapped["mapping_score"].gt(0) == figures.is_mapped).all()
    assert figures.mapped["mapping_score"].le(1).all()


def test_every_correction_of_the_source_is_of_one_of_its_rows_and_says_why(recorded: Recorded) -> None:
    listed = pd.read_csv(CORRECTIONS)
    assert listed["reason"].str.len().gt(40).all()
    rows = recorded.prices[recorded.prices["is_corrected"]]
    met = set(rows[["player_name_raw", "player_said"]].itertuples(index=False, name=None))
    assert met == set(listed[["player_name", "source_id"]].itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def drops(recorded: Recorded) -> Figures:
    if not any(DATA.glob("odds/raw_csv/*.csv*")):
        pytest.skip("recorded odds/raw_csv/*.csv.gz are not at hand (set NHL_OPS_SHARED_DATA)")
    return prices_of_files(recorded)


@pytest.mark.slow
def test_files_without_teams_are_mapped_by_their_people(drops: Figures) -> None:
    """What is open is open because the files' date is ambiguous; see docs/file_drops.md."""
    assert len(drops.mapped) > 160_000
    assert drops.precision >= 0.9995, drops.wrong
    assert drops.recall >= 0.96, drops.undecided


@pytest.mark.slow
def test_files_without_teams_never_name_another_man(drops: Figures) -> None:
    decided = drops.mapped[drops.is_mapped]
    assert (decided["player_id_nhl"] == decided["player_true"]).all()


def test_namesakes_of_one_team_in_any_recorded_season_are_decided_by_position_or_left_open() -> None:
    listed = pd.read_parquet(DATA / "stats/rosters_by_season.parquet")
    listed = listed.drop_duplicates(["season", "team_abbr", "player_id"]).assign(
        name_key=listed["full_name"].map(name_key), is_goalie=listed["position_code"] == "G"
    )
    shared = listed[listed.duplicated(["season", "team_abbr", "is_goalie", "name_key"], keep=False)]
    assert len(shared) > 0
    for _, men in shared.groupby(["season", "team_abbr", "is_goalie", "name_key"]):
        known = players(
            *(
                {"player_id_nhl": man.player_id, "player_name": man.full_name, "position": man.position_code}
                for man in men.itertuples()
            )
        )
        for position, right in [(None, None), *men[["position_code", "player_id"]].itertuples(index=False)]:
            quote = known.iloc[:1].assign(
                player_name_raw=known["player_name"].iloc[0],
                player_team_raw="TOR",
                player_position_raw=position,
                player_birth_date=None,
                market="SOG",
                event_reason=None,
                event_method="date_and_teams",
            )
            answer = map_players(quote, known, aliases()).iloc[0]
            told_apart = right is not None and men["position_code"].isin(["C", "L", "R"]).sum() == 1
            assert (answer["player_id_nhl"] == right) if told_apart else pd.isna(answer["player_id_nhl"])
