"""Worlds never mix: entering another parks the present one whole and brings the other back."""

from pathlib import Path

from nhl_ops.gateways.worlds import enter_world, present_world


def test_an_empty_folder_is_claimed(tmp_path: Path) -> None:
    assert enter_world(tmp_path, "synthetic") is False
    assert present_world(tmp_path) == "synthetic"


def test_each_world_finds_its_own_data_again(tmp_path: Path) -> None:
    enter_world(tmp_path, "synthetic")
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "card.txt").write_text("synthetic card")
    assert enter_world(tmp_path, "recorded-1") is True
    assert not (tmp_path / "outputs").exists()
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "card.txt").write_text("recorded card")
    enter_world(tmp_path, "synthetic")
    assert (tmp_path / "outputs" / "card.txt").read_text() == "synthetic card"
    enter_world(tmp_path, "recorded-1")
    assert (tmp_path / "outputs" / "card.txt").read_text() == "recorded card"


def test_a_switch_that_was_cut_short_is_completed_by_the_next(tmp_path: Path) -> None:
    enter_world(tmp_path, "synthetic")
    (tmp_path / "outputs").mkdir()
    parked = tmp_path / ".worlds" / "synthetic"
    parked.mkdir(parents=True)
    (tmp_path / "outputs").rename(parked / "outputs")
    assert present_world(tmp_path) == "synthetic"
    enter_world(tmp_path, "recorded-1")
    assert (parked / "outputs").exists()
    assert (parked / "data" / "world.json").exists()
    assert present_world(tmp_path) == "recorded-1"
