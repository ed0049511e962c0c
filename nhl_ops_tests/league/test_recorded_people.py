"""Recorded rosters: who belonged to which team on a date, without knowing later trades."""

import pandas as pd

from nhl_ops.league.recorded.people import load_players, load_rosters, scratches_with_teams

SEASON = 20252026
LISTED = ["player_id", "first_name", "last_name", "team", "position", "sweater_number", "label"]


def appearances(*seen: tuple[int, str, str], season: int = SEASON) -> pd.DataFrame:
    frame = pd.DataFrame(seen, columns=["player_id", "team", "game_date"])
    return frame.assign(season=season)


def on_file(*pairs: tuple[int, str], label: int = 2026) -> pd.DataFrame:
    return pd.DataFrame([(i, "Some", "One", team, "C", 9, label) for i, team in pairs], columns=LISTED)


def team_on(rosters: pd.DataFrame, player: int, day: str) -> list[str]:
    held = (rosters["from_date"] <= day) & (rosters["to_date"] >= day) & (rosters["player_id"] == player)
    return rosters.loc[held, "team"].tolist()


def test_a_player_not_yet_seen_belongs_to_the_team_of_the_file() -> None:
    rosters = load_rosters(appearances((1, "CAR", "2025-10-09")), on_file((1, "CAR"), (2, "NJD")), [SEASON])
    assert team_on(rosters, 1, "2025-10-01") == ["CAR"]
    assert team_on(rosters, 2, "2026-06-30") == ["NJD"]
    assert team_on(rosters, 2, "2026-07-01") == []


def test_a_later_trade_does_not_show_before_the_first_game_for_the_new_team() -> None:
    seen = appearances((1, "CAR", "2025-10-09"), (1, "CAR", "2026-01-01"), (1, "NJD", "2026-01-05"))
    rosters = load_rosters(seen, on_file((1, "NJD"), (1, "CAR")), [SEASON])
    assert [team_on(rosters, 1, d) for d in ("2025-10-01", "2026-01-04", "2026-01-05", "2026-03-01")] == [
        ["CAR"],
        ["CAR"],
        ["NJD"],
        ["NJD"],
    ]


def test_a_player_who_goes_and_comes_back_has_three_spells() -> None:
    seen = appearances((1, "CAR", "2025-10-09"), (1, "NJD", "2025-12-01"), (1, "CAR", "2026-01-05"))
    rosters = load_rosters(seen, on_file((1, "CAR"), (1, "NJD")), [SEASON])
    assert rosters[["team", "from_date", "to_date"]].to_numpy().tolist() == [
        ["CAR", "2025-07-01", "2025-11-30"],
        ["NJD", "2025-12-01", "2026-01-04"],
        ["CAR", "2026-01-05", "2026-06-30"],
    ]


def test_who_is_on_no_file_joins_on_the_date_of_his_first_game() -> None:
    seen = appearances((1, "CAR", "2025-10-09"), (3, "CAR", "2026-01-05"))
    rosters = load_rosters(seen, on_file((1, "CAR")), [SEASON])
    assert team_on(rosters, 3, "2026-01-04") == []
    assert team_on(rosters, 3, "2026-01-05") == ["CAR"]


def test_the_label_is_the_first_or_the_last_year_whichever_fits() -> None:
    seen = appearances((1, "CAR", "2025-10-09"))
    by_first_year = on_file((1, "CAR"), (2, "CAR"), label=2025)
    of_the_season_before = on_file((1, "NJD"), (2, "NJD"), label=2026)
    rosters = load_rosters(seen, pd.concat([by_first_year, of_the_season_before]), [SEASON])
    assert team_on(rosters, 2, "2025-10-09") == ["CAR"]


def test_without_a_file_the_team_of_the_season_before_holds() -> None:
    before = appearances((1, "CAR", "2025-03-01"), (1, "NJD", "2025-04-01"), season=20242025)
    now = appearances((2, "CAR", "2025-10-09"))
    rosters = load_rosters(pd.concat([before, now]), on_file((1, "CAR"), label=2025), [20242025, SEASON])
    assert team_on(rosters, 1, "2025-10-09") == ["NJD"]


def test_of_several_teams_on_the_file_an_unseen_player_keeps_his_former_one() -> None:
    before = appearances((1, "NJD", "2025-04-01"), season=20242025)
    now = appearances((2, "CAR", "2025-10-09"))
    files = pd.concat([on_file((1, "NJD"), label=2025), on_file((1, "CAR"), (1, "NJD"), (2, "CAR"))])
    rosters = load_rosters(pd.concat([before, now]), files, [20242025, SEASON])
    assert team_on(rosters, 1, "2025-10-09") == ["NJD"]


def test_a_scratch_is_placed_by_his_last_appearance_else_by_his_next_else_by_the_file() -> None:
    seen = appearances((1, "CAR", "2026-01-01"), (1, "BOS", "2026-01-20"), (2, "NJD", "2026-01-20"))
    raw = pd.DataFrame(
        [(player, "Some", "One", 7, "2026-01-05", SEASON, "NJD", "CAR") for player in (1, 2, 3, 4)],
        columns=["player_id", "first_name", "last_name", "game_id", "game_date", "season", "home", "away"],
    )
    placed = scratches_with_teams(raw, seen, on_file((3, "CAR"), (4, "BOS")))
    assert dict(zip(placed["player_id"], placed["team"], strict=True)) == {1: "CAR", 2: "NJD", 3: "CAR"}


def test_names_come_from_the_file_and_positions_from_the_last_game() -> None:
    skaters = pd.DataFrame(
        [
            (1, "A. Marchenko", "C", 86, "2025-10-09"),
            (1, "A. Marchenko", "R", 87, "2026-01-05"),
            (2, "Jean-Gabriel Pageau", "C", 44, "2026-01-05"),
        ],
        columns=["player_id", "full_name", "position", "sweater_number", "game_date"],
    )
    goalies = pd.DataFrame([(5, "Jake Allen", "2026-01-05")], columns=["player_id", "full_name", "game_date"])
    listed = on_file((1, "CBJ"), (6, "CBJ"))
    players = load_players(skaters, goalies, listed).set_index("player_id")
    assert players.loc[1, ["first_name", "last_name", "position", "sweater_number"]].tolist() == [
        "Some",
        "One",
        "R",
        87,
    ]
    assert players.loc[2, ["first_name", "last_name"]].tolist() == ["Jean-Gabriel", "Pageau"]
    assert players.loc[5, "position"] == "G"
    assert players.loc[6, "position"] == "C"
    assert players["birth_date"].isna().all()
