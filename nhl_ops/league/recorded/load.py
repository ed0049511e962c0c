"""A recorded folder as a league."""

from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

import pandas as pd

from nhl_ops.domain.slates import eastern
from nhl_ops.domain.teams import TEAMS, team_on
from nhl_ops.league.dataset import (
    GAME_ODDS_COLUMNS,
    ORACLE_COLUMNS,
    QUOTE_COLUMNS,
    SCRATCH_COLUMNS,
    TEAM_COLUMNS,
    LeagueDataset,
)
from nhl_ops.league.recorded.books import books_table, source_of
from nhl_ops.league.recorded.files import read_tables
from nhl_ops.league.recorded.games import (
    goalie_games,
    load_games,
    read_goalies,
    read_skaters,
    recorded_seasons,
    skater_games,
)
from nhl_ops.league.recorded.people import (
    load_players,
    load_rosters,
    read_scratches,
    read_season_rosters,
    scratches_with_teams,
)
from nhl_ops.league.recorded.playnow import load_playnow_quotes
from nhl_ops.league.recorded.prices import load_unabated_quotes

_APPEARANCE = ["player_id", "team", "game_date", "season"]
_ODDS = ["nhl_game_id", "bookmaker", "snapshot_label", "ml_home", "ml_away", "total_line", "total_over_odds"]
_ODDS += ["total_under_odds", "bookmaker_last_update_utc"]


def load_recorded(folder: Path, seasons: int = 3) -> LeagueDataset:
    """The league of a folder in the layout of its README: the last `seasons` seasons and all their prices.

    The anchor is noon Eastern of the day after the last recorded game. Raises FileNotFoundError when the
    folder has no table of games, KeyError when a table lacks a column.
    """
    wanted = recorded_seasons(folder, seasons)
    skaters, goalies = read_skaters(folder, wanted), read_goalies(folder, wanted)
    games = load_games(folder, wanted, goalies)
    season_rosters = read_season_rosters(folder)
    played = pd.concat([skaters[_APPEARANCE], goalies[_APPEARANCE]], ignore_index=True)
    scratches = scratches_with_teams(read_scratches(folder, games), played, season_rosters)
    appearances = pd.concat([played, scratches[_APPEARANCE]], ignore_index=True)
    quotes = _quotes(folder, games)
    days = [date.fromisoformat(d) for d in (games["game_date"].min(), games["game_date"].max())]
    return LeagueDataset(
        name="recorded",
        anchor_utc=eastern(days[1] + timedelta(days=1), 12),
        first_slate=days[0],
        last_slate=days[1],
        teams=_teams(games, days[1]),
        players=load_players(skaters, goalies, season_rosters),
        rosters=load_rosters(appearances, season_rosters, wanted),
        games=games,
        skater_games=skater_games(skaters),
        goalie_games=goalie_games(goalies),
        scratches=scratches[SCRATCH_COLUMNS],
        books=books_table(_book_keys(folder)),
        quotes=quotes,
        game_odds=_game_odds(folder, games),
        people_ids=_people_ids(quotes),
        oracle=pd.DataFrame({c: pd.Series(dtype="float64") for c in ORACLE_COLUMNS}),
    )


def _teams(games: pd.DataFrame, on: date) -> pd.DataFrame:
    """Teams of these games in `TEAM_COLUMNS`, under the name they bear now, else the last one they bore."""
    rows = []
    for tri in sorted(set(games["home"]) | set(games["away"])):
        team = team_on(tri, on) or [t for t in TEAMS if t.tri == tri][-1]
        rows.append((tri, team.team_id, team.place, team.common))
    return pd.DataFrame(rows, columns=TEAM_COLUMNS)


def _quotes(folder: Path, games: pd.DataFrame) -> pd.DataFrame:
    """Quotes of all vendors in `QUOTE_COLUMNS`, numbered by the time they were seen from."""
    unabated = load_unabated_quotes(folder, games)
    playnow = load_playnow_quotes(folder, games, unabated)
    whole = pd.concat([unabated, playnow], ignore_index=True) if len(playnow) else unabated
    whole = whole.sort_values(
        ["seen_from_utc", "vendor", "game_id", "book_id", "player_name", "market", "line"], ignore_index=True
    )
    return whole.assign(quote_no=range(len(whole)))[QUOTE_COLUMNS]


def _people_ids(quotes: pd.DataFrame) -> pd.DataFrame:
    """A vendor id for each name as written, from the name alone; two spellings are two people."""
    taken: dict[int, str] = {}
    for name in sorted(quotes.loc[quotes["vendor"] == "UNABATED", "player_name"].unique()):
        person_id = 10_000 + crc32(name.encode()) % 990_000
        while person_id in taken:
            person_id += 1
        taken[person_id] = name
    return pd.DataFrame({"player_key": list(taken.values()), "unabated_person_id": list(taken)})


def _book_keys(folder: Path) -> list[str]:
    books = read_tables(folder, "odds/player_props_*.parquet", ["book"])["book"]
    return sorted(books.dropna().unique())


def _game_odds(folder: Path, games: pd.DataFrame) -> pd.DataFrame:
    """Moneyline and total in `GAME_ODDS_COLUMNS` under Unabated's book ids, one row a game and book: the last
    snapshot. Its time is recorded for few of them; the others stand from 10:00 Eastern of the game's date."""
    raw = read_tables(folder, "odds/game_odds_[0-9]*.parquet", [], optional=_ODDS)
    raw = raw.dropna(subset=["nhl_game_id", "bookmaker", "ml_home", "ml_away"])
    raw = raw.astype({"nhl_game_id": "int64"}).rename(columns={"nhl_game_id": "game_id"})
    raw = raw.drop_duplicates(["game_id", "bookmaker"], keep="last")
    raw = raw.merge(games[["game_id", "game_date", "start_time_utc"]], on="game_id")
    updated = pd.to_datetime(raw["bookmaker_last_update_utc"], utc=True).astype("datetime64[us, UTC]")
    morning = pd.Series(
        [eastern(date.fromisoformat(d), 10) for d in raw["game_date"]], dtype="datetime64[us, UTC]"
    )
    prices = {"ml_home": "home_american", "ml_away": "away_american"}
    prices |= {"total_over_odds": "over_american", "total_under_odds": "under_american"}
    frame = raw.rename(columns=prices | {"total_line": "total"}).assign(
        book_id=[source_of(b)[0] for b in raw["bookmaker"]],
        seen_from_utc=updated.fillna(morning).clip(upper=raw["start_time_utc"]),
        seen_until_utc=raw["start_time_utc"],
    )
    american = {c: "Int64" for c in prices.values()}
    return frame[GAME_ODDS_COLUMNS].round({c: 0 for c in prices.values()}).astype(american)
