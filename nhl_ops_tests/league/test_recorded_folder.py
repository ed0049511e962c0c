"""A recorded folder, written small, becomes a league: nothing invented, nothing fixed."""

from dataclasses import fields
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.league import dataset as shape
from nhl_ops.league.recorded import load_recorded
from nhl_ops_tests.league.recorded_folder import (
    LAST,
    OVERTIME,
    SEASON,
    SHOOTOUT,
    utc,
    write,
    write_playnow,
    write_prices,
    write_results,
)


@pytest.fixture(scope="module")
def league(tmp_path_factory: pytest.TempPathFactory) -> shape.LeagueDataset:
    folder = tmp_path_factory.mktemp("recorded")
    write_results(folder)
    write_prices(folder)
    write_playnow(folder)
    return load_recorded(folder, seasons=1)


def test_it_has_the_agreed_columns(league: shape.LeagueDataset) -> None:
    assert list(league.games) == shape.GAME_COLUMNS
    assert list(league.skater_games) == shape.SKATER_GAME_COLUMNS
    assert list(league.goalie_games) == shape.GOALIE_GAME_COLUMNS
    assert list(league.quotes) == shape.QUOTE_COLUMNS
    assert list(league.players) == shape.PLAYER_COLUMNS
    assert list(league.rosters) == shape.ROSTER_COLUMNS
    assert list(league.game_odds) == shape.GAME_ODDS_COLUMNS
    assert len(fields(league)) == 16


def test_it_is_anchored_at_noon_after_the_last_game(league: shape.LeagueDataset) -> None:
    assert (league.first_slate, league.last_slate) == (date(2026, 1, 5), date(2026, 1, 5))
    assert league.anchor_utc.isoformat() == "2026-01-06T17:00:00+00:00"


def test_final_scores_count_the_shootout_and_keep_what_is_recorded(league: shape.LeagueDataset) -> None:
    games = league.games.set_index("game_id")
    assert games["last_period_type"].to_dict() == {SHOOTOUT: "SO", OVERTIME: "OT", LAST: "REG"}
    assert games.loc[SHOOTOUT, ["home_score", "away_score"]].tolist() == [3, 4]
    assert games.loc[LAST, ["home_score", "away_score"]].tolist() == [1, 5]


def test_what_is_not_recorded_is_null(league: shape.LeagueDataset) -> None:
    assert league.skater_games["power_play_points"].isna().tolist() == [False, True, True, True]
    assert league.skater_games["power_play_toi_sec"].isna().all()
    assert league.skater_games["goals"].tolist()[0] == 0
    assert league.players["birth_date"].isna().all()


def test_backups_and_scratches_are_there(league: shape.LeagueDataset) -> None:
    assert 7 in set(league.goalie_games["player_id"])
    assert league.scratches.to_dict("records") == [{"game_id": SHOOTOUT, "team": "DAL", "player_id": 8480000}]


def test_rows_that_cannot_be_served_are_left_out(league: shape.LeagueDataset) -> None:
    names = set(league.quotes.loc[league.quotes["vendor"] == "UNABATED", "player_name"])
    assert names == {"Clayton Keller", "Alex Nobody", "Artemi Panarin"}


def test_a_team_is_filled_from_the_same_name_in_the_same_game_and_never_guessed(
    league: shape.LeagueDataset,
) -> None:
    quotes = league.quotes.loc[league.quotes["vendor"] == "UNABATED"]
    teams = quotes.groupby("player_name")["player_team"].agg(lambda t: set(t.dropna()))
    assert teams.to_dict() == {"Alex Nobody": set(), "Artemi Panarin": {"NYR"}, "Clayton Keller": {"UTA"}}
    assert quotes.loc[quotes["player_name"] == "Clayton Keller", "player_team"].notna().all()


def test_vendor_ids_come_from_the_name_alone(league: shape.LeagueDataset) -> None:
    ids = league.people_ids
    assert set(ids["player_key"]) == {"Clayton Keller", "Alex Nobody", "Artemi Panarin"}
    assert ids["unabated_person_id"].is_unique
    assert not set(ids["unabated_person_id"]) & set(league.players["player_id"])


def test_books_are_mapped_to_the_vendors_ids(league: shape.LeagueDataset) -> None:
    assert league.books[["book_id", "book_name"]].to_numpy().tolist() == [
        ["1", "DraftKings"],
        ["2", "FanDuel"],
        ["playnow", "PlayNow"],
    ]


def playnow(league: shape.LeagueDataset, game_id: int) -> dict[tuple[str, str, float], tuple[float, float]]:
    quotes = league.quotes.loc[(league.quotes["vendor"] == "PLAYNOW") & (league.quotes["game_id"] == game_id)]
    return {
        (q.market, q.player_name, q.line): (
            q.over_decimal,
            None if pd.isna(q.under_decimal) else q.under_decimal,
        )
        for q in quotes.itertuples()
    }


def test_an_event_page_is_read_for_its_game(league: shape.LeagueDataset) -> None:
    assert playnow(league, SHOOTOUT) == {
        ("GOALS", "Wyatt Johnston", 1.5): (15.0, None),
        ("SAVES", "Wyatt Johnston", 25.5): (1.76, 1.9),
        ("SOG", "Wyatt Johnston", 2.5): (2.9, None),
        ("FIRST_GOAL", "Wyatt Johnston", 0.5): (9.0, None),
    }


def test_the_other_books_decide_which_price_is_the_over(league: shape.LeagueDataset) -> None:
    assert playnow(league, LAST) == {
        ("POINTS", "Clayton Keller", 0.5): (2.4, 1.5),
        ("POINTS", "Artemi Panarin", 0.5): (1.53, 2.35),
        ("GOALS", "Nick Schmaltz", 0.5): (3.4, None),
    }


def test_playnow_prices_stand_from_noon_to_the_start(league: shape.LeagueDataset) -> None:
    quotes = league.quotes.loc[(league.quotes["vendor"] == "PLAYNOW") & (league.quotes["game_id"] == LAST)]
    assert set(quotes["seen_from_utc"]) == {utc("2026-01-05T17:00")}
    assert set(quotes["seen_until_utc"]) == {utc("2026-01-06T00:00")}


def test_game_odds_are_the_last_snapshot(league: shape.LeagueDataset) -> None:
    assert league.game_odds["seen_from_utc"].tolist() == [utc("2026-01-05T23:50")]
    assert league.game_odds[["book_id", "home_american", "total"]].to_numpy().tolist() == [["1", -120, 6.5]]


def test_a_folder_without_prices_is_a_league_without_quotes(tmp_path: Path) -> None:
    write_results(tmp_path)
    league = load_recorded(tmp_path)
    assert (len(league.quotes), len(league.games), list(league.books["vendor"])) == (0, 4, ["PLAYNOW"])
    assert league.capture_times(date(2026, 1, 5)) == []


def test_scratches_and_season_rosters_may_be_missing(tmp_path: Path) -> None:
    write_results(tmp_path)
    for table in ("scratches_2026", "rosters_by_season"):
        (tmp_path / "stats" / f"{table}.parquet").unlink()
    league = load_recorded(tmp_path)
    assert league.scratches.empty
    assert league.rosters.loc[league.rosters["team"] == "UTA", "from_date"].unique().tolist() == [
        "2026-01-05"
    ]


def test_a_folder_without_games_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="NHL_OPS_LEAGUE_DATA"):
        load_recorded(tmp_path)


def test_a_table_that_lacks_a_column_names_file_and_column(tmp_path: Path) -> None:
    write_results(tmp_path)
    write(tmp_path, "stats/goalie_games_2025.parquet", [{"season": SEASON, "game_id": 1}])
    with pytest.raises(KeyError, match=r"goalie_games_2025.*starter"):
        load_recorded(tmp_path)
