"""A league on disk appears whole or not at all, and comes back as it was."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.store import FRAMES, load_dataset, save_dataset
from nhl_ops.league.synthetic import build_synthetic


@pytest.fixture(scope="module")
def league() -> LeagueDataset:
    return build_synthetic(5, date(2026, 2, 3), n_teams=8, priced_slates=2, games_per_team=24, seasons=1)


def test_every_frame_of_the_dataset_is_stored() -> None:
    assert len(FRAMES) == 12


def test_league_comes_back_as_it_was(league: LeagueDataset, tmp_path: Path) -> None:
    back = load_dataset(save_dataset(league, tmp_path / "deep" / "league"))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(back, name), getattr(league, name))
    for name in ("name", "anchor_utc", "first_slate", "last_slate"):
        assert getattr(back, name) == getattr(league, name)


def test_empty_frames_keep_their_columns(league: LeagueDataset, tmp_path: Path) -> None:
    bare = replace(league, quotes=league.quotes.iloc[:0], oracle=league.oracle.iloc[:0])
    back = load_dataset(save_dataset(bare, tmp_path / "league"))
    pd.testing.assert_frame_equal(back.quotes, bare.quotes)


def test_saving_again_replaces_the_league_and_leaves_nothing_beside_it(
    league: LeagueDataset, tmp_path: Path
) -> None:
    folder = tmp_path / "league"
    save_dataset(league, folder)
    save_dataset(replace(league, name="second"), folder)
    assert load_dataset(folder).name == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["league"]


def test_failure_while_writing_leaves_the_former_league(league: LeagueDataset, tmp_path: Path) -> None:
    folder = tmp_path / "league"
    save_dataset(league, folder)
    unwritable = league.books.assign(book_id=[object()] * len(league.books))
    with pytest.raises(Exception, match="book_id"):
        save_dataset(replace(league, name="broken", books=unwritable), folder)
    assert load_dataset(folder).name == league.name


def test_leftovers_of_a_killed_save_do_not_hinder_the_next(league: LeagueDataset, tmp_path: Path) -> None:
    leftover = tmp_path / ".league.partial"
    leftover.mkdir()
    (leftover / "games.parquet").write_bytes(b"half")
    assert load_dataset(save_dataset(league, tmp_path / "league")).name == league.name
    assert not leftover.exists()


def test_missing_league_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="build the league"):
        load_dataset(tmp_path / "nothing")


def test_other_format_says_what_to_do(league: LeagueDataset, tmp_path: Path) -> None:
    folder = save_dataset(league, tmp_path / "league")
    about = json.loads((folder / "league.json").read_text(encoding="utf-8"))
    (folder / "league.json").write_text(json.dumps(about | {"format": 0}), encoding="utf-8")
    with pytest.raises(ValueError, match="delete it and build it again"):
        load_dataset(folder)
