"""Boxscores completed by the reports; when versions count as known; who played."""

import pandas as pd

from nhl_ops.transforms.results import complete, of_players_who_played, with_known_at

START = pd.Timestamp("2026-01-05 00:00", tz="UTC")
KNOWN = pd.Timestamp("2026-01-05 05:45", tz="UTC")
STARTS = pd.Series({1: START, 2: START})
ENTITY = ["game_id_nhl", "player_id_nhl"]


def line(game: int, player: int, name: str, **others: object) -> dict[str, object]:
    return {"game_id_nhl": game, "player_id_nhl": player, "player_name": name} | others


def versions(*captured: str) -> pd.DataFrame:
    rows = [
        line(1, 8, "A", row_hash=str(n), captured_at_utc=pd.Timestamp(at, tz="UTC"))
        for n, at in enumerate(captured)
    ]
    return pd.DataFrame(rows)


def none_stored() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="int64") for name in ENTITY})


def test_a_first_version_is_known_three_hours_after_the_end_however_late_it_was_loaded() -> None:
    rows = with_known_at(versions("2026-03-01"), none_stored(), STARTS, ENTITY)
    assert rows["known_at_utc"].tolist() == [KNOWN]


def test_a_correction_is_known_from_its_own_capture() -> None:
    rows = with_known_at(versions("2026-01-06", "2026-01-08"), none_stored(), STARTS, ENTITY)
    assert rows["known_at_utc"].tolist() == [KNOWN, pd.Timestamp("2026-01-08", tz="UTC")]


def test_a_version_of_what_is_stored_already_is_a_correction() -> None:
    stored = pd.DataFrame({"game_id_nhl": [1], "player_id_nhl": [8]})
    rows = with_known_at(versions("2026-01-08"), stored, STARTS, ENTITY)
    assert rows["known_at_utc"].tolist() == [pd.Timestamp("2026-01-08", tz="UTC")]


def test_a_game_without_a_known_start_is_known_from_its_capture() -> None:
    rows = with_known_at(versions("2026-01-08"), none_stored(), STARTS.drop(1), ENTITY)
    assert rows["known_at_utc"].tolist() == [pd.Timestamp("2026-01-08", tz="UTC")]


def points(*values: int | None) -> pd.Series:
    return pd.Series(list(values), dtype="Int64")


def test_reports_give_the_full_name_and_the_power_play_points_that_boxscores_lack() -> None:
    box = pd.DataFrame([line(1, 8, "N. Pionk"), line(1, 9, "A. Nobody")]).assign(
        power_play_points=points(None, None)
    )
    report = pd.DataFrame([line(1, 8, "Neal Pionk")]).assign(power_play_points=points(2))
    rows = complete(box, report)
    assert rows["player_name"].tolist() == ["Neal Pionk", "A. Nobody"]
    assert rows["power_play_points"].tolist() == [2, pd.NA]


def test_a_game_without_a_usable_boxscore_is_taken_from_the_reports() -> None:
    box = pd.DataFrame([line(1, 8, "A")])
    report = pd.DataFrame([line(1, 8, "A"), line(2, 9, "B")])
    assert complete(box, report)["game_id_nhl"].tolist() == [1, 2]


def test_an_empty_night_stays_empty() -> None:
    empty = pd.DataFrame([line(1, 8, "A")]).head(0)
    assert complete(empty, empty).empty


def test_only_skaters_who_played_and_goalies_who_started_are_exported_at_half_lines() -> None:
    offered = [(1, 8, 0.5), (1, 8, 1.0), (1, 30, 24.5), (1, 31, 24.5), (1, 99, 0.5)]
    probabilities = pd.DataFrame(offered, columns=[*ENTITY, "line"]).assign(market="SOG", p_over=0.4)
    skaters = pd.DataFrame([line(1, 8, "A"), line(1, 8, "A")])
    goalies = pd.DataFrame([line(1, 30, "G", is_starter=True), line(1, 31, "H", is_starter=False)])
    rows = of_players_who_played(probabilities, skaters, goalies)
    assert list(rows.columns) == ["game_id", "player_id", "market", "line", "p_over"]
    assert rows[["player_id", "line"]].to_numpy().tolist() == [[8, 0.5], [30, 24.5]]
