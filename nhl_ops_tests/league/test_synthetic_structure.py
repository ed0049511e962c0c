"""The synthetic league holds together, and holds every special case that the pipeline must meet."""

from collections import Counter
from dataclasses import fields
from datetime import date, timedelta

import pandas as pd
import pytest

from nhl_ops.domain.slates import season_of, slate_of
from nhl_ops.league import dataset as shape
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.synthetic import build_synthetic

ANCHOR = date(2026, 1, 15)
TODAY = ANCHOR.isoformat()
COLUMNS = {
    "teams": shape.TEAM_COLUMNS,
    "players": shape.PLAYER_COLUMNS,
    "rosters": shape.ROSTER_COLUMNS,
    "games": shape.GAME_COLUMNS,
    "skater_games": shape.SKATER_GAME_COLUMNS,
    "goalie_games": shape.GOALIE_GAME_COLUMNS,
    "scratches": shape.SCRATCH_COLUMNS,
    "books": shape.BOOK_COLUMNS,
    "quotes": shape.QUOTE_COLUMNS,
    "game_odds": shape.GAME_ODDS_COLUMNS,
    "people_ids": ["player_key", "unabated_person_id"],
    "oracle": shape.ORACLE_COLUMNS,
}


def small(seed: int = 7, anchor: date = ANCHOR, **sizes: int) -> LeagueDataset:
    return build_synthetic(seed, anchor, **({"n_teams": 8, "priced_slates": 5} | sizes))


@pytest.fixture(scope="module")
def league() -> LeagueDataset:
    return small()


@pytest.fixture(scope="module")
def played(league: LeagueDataset) -> pd.DataFrame:
    return league.games[league.games["schedule_state"] == "OK"].set_index("game_id")


def per_team_game(frame: pd.DataFrame, column: str) -> pd.Series:
    return frame.groupby(["game_id", "team"])[column].sum()


@pytest.mark.parametrize("name", COLUMNS)
def test_frame_has_the_columns_of_the_dataset(league: LeagueDataset, name: str) -> None:
    assert list(getattr(league, name).columns) == COLUMNS[name]


def test_same_seed_and_anchor_give_equal_frames(league: LeagueDataset) -> None:
    again = small()
    for name in COLUMNS:
        pd.testing.assert_frame_equal(getattr(league, name), getattr(again, name))


def test_another_seed_gives_another_league(league: LeagueDataset) -> None:
    other = small(seed=8)
    assert not league.skater_games.equals(other.skater_games)
    assert set(league.players["last_name"]) != set(other.players["last_name"])


def test_more_priced_slates_leave_the_results_as_they_were(league: LeagueDataset) -> None:
    wider = small(priced_slates=9)
    for name in ("games", "skater_games", "goalie_games", "rosters", "players"):
        pd.testing.assert_frame_equal(getattr(league, name), getattr(wider, name))


def test_all_instants_are_utc_and_in_microseconds(league: LeagueDataset) -> None:
    for field in fields(league):
        value = getattr(league, field.name)
        if isinstance(value, pd.DataFrame):
            for column in [c for c in value.columns if c.endswith("_utc")]:
                assert str(value[column].dtype) == "datetime64[us, UTC]", (field.name, column)


@pytest.mark.parametrize("sizes", [{"n_teams": 7}, {"n_teams": 6}, {"n_teams": 34}, {"seasons": 0}])
def test_sizes_that_give_no_league_are_named(sizes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(sizes))} is {next(iter(sizes.values()))}; give"):
        small(**sizes)


@pytest.mark.parametrize(
    "anchor", [date(2026, 7, 1), date(2026, 6, 30), date(2025, 12, 25), date(2026, 3, 8)]
)
def test_any_date_is_a_game_day_in_mid_season(anchor: date) -> None:
    league = small(anchor=anchor, games_per_team=40, seasons=1)
    tonight = league.games[league.games["game_date"] == anchor.isoformat()]
    assert len(tonight) == 4
    assert set(tonight["season"]) == {season_of(anchor)}
    assert tonight["start_time_utc"].min() > league.anchor_utc
    before = league.games[league.games["game_date"] < anchor.isoformat()]
    assert 2 * len(before) / 8 == pytest.approx(40 * 45 / 82, abs=2)


def test_game_ids_carry_the_season_and_number_its_games(league: LeagueDataset) -> None:
    ids = league.games["game_id"].astype(str)
    assert (ids.str[:4].astype(int) == league.games["season"] // 10_000).all()
    assert (ids.str[4:6] == "02").all()
    assert sorted(set(league.games["season"])) == [20242025, 20252026]


def test_previous_season_is_complete(played: pd.DataFrame) -> None:
    previous = played[played["season"] == 20242025]
    assert set((Counter(previous["home"]) + Counter(previous["away"])).values()) == {82}
    assert max(Counter(previous["home"]).values()) <= 44


def test_two_weeks_after_the_anchor_are_scheduled_and_played(
    league: LeagueDataset, played: pd.DataFrame
) -> None:
    after = played[played["game_date"] > (ANCHOR + timedelta(days=13)).isoformat()]
    assert len(after) > 0
    assert set(after.index) <= set(league.skater_games["game_id"])


def test_nobody_plays_twice_a_day(played: pd.DataFrame) -> None:
    appearances = pd.concat(
        [played[["game_date", side]].set_axis(["day", "team"], axis=1) for side in ("home", "away")]
    )
    assert not appearances.duplicated().any()


def test_game_dates_are_eastern_dates_of_the_start(league: LeagueDataset) -> None:
    starts = [slate_of(t.to_pydatetime()).isoformat() for t in league.games["start_time_utc"]]
    assert starts == league.games["game_date"].tolist()


def test_off_day_has_no_game_for_anyone(league: LeagueDataset) -> None:
    assert (ANCHOR - timedelta(days=4)).isoformat() not in set(league.games["game_date"])


def test_postponed_game_has_two_rows_and_one_result(league: LeagueDataset, played: pd.DataFrame) -> None:
    (put_off,) = league.games[league.games["schedule_state"] == "PPD"].to_dict("records")
    later = played.loc[put_off["game_id"]]
    assert put_off["game_date"] < later["game_date"] < TODAY
    assert pd.isna(put_off["home_score"])
    assert pd.isna(put_off["end_time_utc"])
    assert pd.isna(put_off["state_from_utc"])
    assert put_off["start_time_utc"] < later["state_from_utc"] < later["start_time_utc"]
    prices = league.quotes.loc[league.quotes["game_id"] == put_off["game_id"], "seen_from_utc"]
    assert (prices > later["state_from_utc"]).all()


def test_team_moves_between_the_seasons_with_its_players(league: LeagueDataset, played: pd.DataFrame) -> None:
    homes = played.groupby("season")["home"].agg(set)
    assert "ARI" in homes[20242025] - homes[20252026]
    assert "UTA" in homes[20252026] - homes[20242025]
    assert league.teams.set_index("team").loc[["ARI", "UTA"], "team_id"].tolist() == [53, 68]
    former, current = (
        set(league.rosters.loc[league.rosters["team"] == t, "player_id"]) for t in ("ARI", "UTA")
    )
    assert len(former & current) > 12


def test_eighteen_skaters_and_two_goalies_dress_for_each_team(
    league: LeagueDataset, played: pd.DataFrame
) -> None:
    positions = league.players.set_index("player_id")["position"]
    skaters = league.skater_games.assign(position=league.skater_games["player_id"].map(positions))
    defence = (skaters["position"] == "D").groupby([skaters["game_id"], skaters["team"]]).agg(["sum", "size"])
    assert set(defence["sum"]) == {6}
    assert set(defence["size"]) == {18}
    assert len(defence) == 2 * len(played)
    assert set(league.goalie_games.groupby(["game_id", "team"]).size()) == {2}
    assert set(league.goalie_games["player_id"].map(positions)) == {"G"}
    assert not league.skater_games.duplicated(["game_id", "player_id"]).any()


def test_scores_are_skater_goals_and_one_for_the_shootout(
    league: LeagueDataset, played: pd.DataFrame
) -> None:
    goals = per_team_game(league.skater_games, "goals")
    extra = pd.DataFrame(
        {
            side: played[f"{side}_score"].astype(int)
            - [goals[game, team] for game, team in played[side].items()]
            for side in ("home", "away")
        }
    )
    shootout = played["last_period_type"] == "SO"
    assert (extra[shootout].sum(axis=1) == 1).all()
    assert (extra[shootout].max(axis=1) == 1).all()
    assert (extra[~shootout] == 0).all(axis=None)
    margin = (played["home_score"] - played["away_score"]).abs()
    assert (margin[played["last_period_type"] != "REG"] == 1).all()
    assert (margin > 0).all()
    assert set(played["last_period_type"]) == {"REG", "OT", "SO"}


def test_goalies_face_what_the_other_side_shot(league: LeagueDataset, played: pd.DataFrame) -> None:
    faced = {c: per_team_game(league.goalie_games, c) for c in ("shots_against", "goals_against")}
    done = {c: per_team_game(league.skater_games, c) for c in ("shots_on_goal", "goals")}
    for own, other in (("home", "away"), ("away", "home")):
        for against, scored in (("shots_against", "shots_on_goal"), ("goals_against", "goals")):
            mine = [faced[against][game, team] for game, team in played[own].items()]
            theirs = [done[scored][game, team] for game, team in played[other].items()]
            assert mine == theirs
    goalies = league.goalie_games
    assert (goalies["saves"] == goalies["shots_against"] - goalies["goals_against"]).all()
    assert (goalies[["saves", "goals_against", "toi_sec"]] >= 0).all(axis=None)


def test_backup_who_stays_on_the_bench_has_no_ice_time_and_some_relieve(league: LeagueDataset) -> None:
    backups = league.goalie_games[~league.goalie_games["is_starter"]]
    bench = backups[backups["toi_sec"] == 0]
    assert (bench[["shots_against", "goals_against"]] == 0).all(axis=None)
    assert bench["decision"].isna().all()
    assert 0.01 < 1 - len(bench) / len(backups) < 0.15


def test_each_game_has_one_winning_goalie(league: LeagueDataset) -> None:
    decisions = league.goalie_games.groupby("game_id")["decision"].agg(lambda d: "".join(sorted(d.dropna())))
    assert set(decisions) == {"LW", "OW"}


def test_counts_of_a_skater_agree_with_each_other(league: LeagueDataset) -> None:
    skaters = league.skater_games
    assert (skaters["points"] == skaters["goals"] + skaters["assists"]).all()
    assert (skaters["goals"] <= skaters["shots_on_goal"]).all()
    assert (skaters["power_play_goals"] <= skaters["goals"]).all()
    assert (skaters["power_play_points"] <= skaters["points"]).all()
    assert (skaters["power_play_toi_sec"] < skaters["toi_sec"]).all()
    assert (skaters["shifts"] > 0).all()
    passes, goals = per_team_game(skaters, "assists"), per_team_game(skaters, "goals")
    assert (passes <= 2 * goals).all()


def test_every_row_refers_to_what_exists(league: LeagueDataset) -> None:
    players, games, teams = (
        set(league.players["player_id"]),
        set(league.games["game_id"]),
        set(league.teams["team"]),
    )
    assert len(players) == len(league.players)
    for name in ("rosters", "skater_games", "goalie_games", "scratches", "quotes"):
        assert set(getattr(league, name)["player_id"]) <= players, name
    for name in ("skater_games", "goalie_games", "scratches", "quotes", "game_odds"):
        assert set(getattr(league, name)["game_id"]) <= games, name
    for name, column in (
        ("rosters", "team"),
        ("skater_games", "team"),
        ("games", "home"),
        ("scratches", "team"),
    ):
        assert set(getattr(league, name)[column]) <= teams, name
    assert set(league.quotes["book_id"]) == set(league.books["book_id"])
    assert set(league.game_odds["book_id"]) < set(league.books["book_id"])
    assert league.oracle["quote_no"].tolist() == league.quotes["quote_no"].tolist()


def test_who_plays_or_is_scratched_is_on_the_roster_that_day(
    league: LeagueDataset, played: pd.DataFrame
) -> None:
    seen = pd.concat(
        [
            f[["game_id", "team", "player_id"]]
            for f in (league.skater_games, league.goalie_games, league.scratches)
        ]
    )
    seen = seen.join(played["game_date"], on="game_id").merge(league.rosters, on=["team", "player_id"])
    member = seen["game_date"].between(seen["from_date"], seen["to_date"].fillna("9999"))
    assert member.groupby([seen["game_id"], seen["player_id"]]).sum().eq(1).all()
    assert len(seen[member]) == len(league.skater_games) + len(league.goalie_games) + len(league.scratches)


def test_scratched_players_did_not_play(league: LeagueDataset) -> None:
    both = league.scratches.merge(league.skater_games, on=["game_id", "player_id"])
    assert both.empty
    assert len(league.scratches) > 0


def test_some_are_traded_during_the_season(league: LeagueDataset, played: pd.DataFrame) -> None:
    season = played[played["season"] == 20252026]
    start = season["game_date"].min()
    moves = league.rosters[(league.rosters["from_date"] > start) & (league.rosters["from_date"] <= TODAY)]
    earlier = league.rosters[league.rosters["to_date"].notna()]
    traded = moves.merge(earlier, on="player_id", suffixes=("", "_before"))
    traded = traded[
        (traded["to_date_before"] < traded["from_date"]) & (traded["team"] != traded["team_before"])
    ]
    assert len(traded) >= 2


def test_two_pairs_share_a_name_and_one_of_them_a_team(league: LeagueDataset) -> None:
    names = league.players["first_name"] + " " + league.players["last_name"]
    pairs = [league.players[names == name] for name, count in Counter(names).items() if count > 1]
    assert [len(pair) for pair in pairs] == [2, 2]
    tonight = league.rosters[league.rosters["to_date"].isna()].set_index("player_id")["team"]
    teams = sorted(tuple(sorted(tonight[pair["player_id"]])) for pair in pairs)
    assert teams == [("CAR", "MTL"), ("VAN", "VAN")]
    for pair in pairs:
        assert pair["position"].nunique() == 2


def test_rookie_is_priced_tonight_and_has_no_history(league: LeagueDataset, played: pd.DataFrame) -> None:
    (rookie,) = league.rosters.loc[league.rosters["from_date"] == TODAY, "player_id"]
    games = league.skater_games.loc[league.skater_games["player_id"] == rookie, "game_id"]
    assert played.loc[games, "game_date"].min() == TODAY
    tonight = set(played.index[played["game_date"] == TODAY])
    quotes = league.quotes[league.quotes["player_id"] == rookie]
    assert quotes["game_id"].isin(tonight).any()
    assert {"SOG", "POINTS"} <= set(quotes["market"])


def test_priced_player_is_scratched_tonight(league: LeagueDataset, played: pd.DataFrame) -> None:
    tonight = league.scratches[league.scratches["game_id"].isin(played.index[played["game_date"] == TODAY])]
    priced = tonight.merge(league.quotes, on=["game_id", "player_id"])
    assert priced["player_id"].nunique() >= 1


def test_people_have_vendor_ids_of_their_own(league: LeagueDataset) -> None:
    ids = league.people_ids
    assert set(ids["player_key"]) == set(league.players["player_id"].astype(str))
    assert ids["unabated_person_id"].is_unique
    assert abs(ids["player_key"].astype(int).corr(ids["unabated_person_id"])) < 0.2
