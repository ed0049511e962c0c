"""The one shape of a league, whichever source it comes from. The server serves this and nothing else."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

TEAM_COLUMNS = ["team", "team_id", "place_name", "common_name"]
PLAYER_COLUMNS = ["player_id", "first_name", "last_name", "birth_date", "position", "sweater_number"]
ROSTER_COLUMNS = ["team", "player_id", "from_date", "to_date"]
GAME_COLUMNS = [
    "game_id",
    "season",
    "game_type",
    "game_date",
    "start_time_utc",
    "end_time_utc",
    "home",
    "away",
    "home_score",
    "away_score",
    "last_period_type",
    "schedule_state",
    "state_from_utc",
]
SKATER_GAME_COLUMNS = [
    "game_id",
    "player_id",
    "team",
    "goals",
    "assists",
    "points",
    "shots_on_goal",
    "blocked_shots",
    "hits",
    "power_play_goals",
    "power_play_points",
    "toi_sec",
    "power_play_toi_sec",
    "shifts",
    "plus_minus",
    "pim",
]
GOALIE_GAME_COLUMNS = [
    "game_id",
    "player_id",
    "team",
    "is_starter",
    "shots_against",
    "saves",
    "goals_against",
]
GOALIE_GAME_COLUMNS += ["toi_sec", "decision"]
SCRATCH_COLUMNS = ["game_id", "team", "player_id"]
BOOK_COLUMNS = ["book_id", "vendor", "book_name", "is_sportsbook"]
QUOTE_COLUMNS = [
    "quote_no",
    "vendor",
    "book_id",
    "game_id",
    "player_id",
    "player_name",
    "player_team",
    "market",
    "line",
    "over_american",
    "under_american",
    "over_decimal",
    "under_decimal",
    "is_alternate",
    "seen_from_utc",
    "seen_until_utc",
]
GAME_ODDS_COLUMNS = ["game_id", "book_id", "home_american", "away_american", "total", "over_american"]
GAME_ODDS_COLUMNS += ["under_american", "seen_from_utc", "seen_until_utc"]
ORACLE_COLUMNS = ["quote_no", "p_over_true"]


@dataclass(frozen=True)
class LeagueDataset:
    """Frames of one league. Ids of players, teams and games are NHL ids; times are UTC; dates are ISO strings.

    teams: team (tri-code), team_id, place_name, common_name.
    players: birth_date and sweater_number may be null; position C, L, R, D or G.
    rosters: membership from from_date to to_date (ISO, both included; to_date null = open).
    games: a row a game and schedule state; a postponed game has two rows, each valid from state_from_utc (null
        = always). Scores are final scores, served only after end_time_utc.
    skater_games, goalie_games: what each player did; power_play_* null where not recorded.
    quotes: a two-way price (under null = one-sided) that stands in [seen_from_utc, seen_until_utc). player_id
        null = nobody knows; player_name and player_team as that vendor writes them. The American price is
        given for Unabated books and the decimal one for PlayNow.
    people_ids: columns player_key, unabated_person_id: the vendor's own ids, not derived from NHL ids;
        player_key is the quote's player_id as string, else its player_name.
    oracle: the true P(over) of a synthetic quote; empty for a recorded league. Never served.
    """

    name: str
    anchor_utc: datetime
    first_slate: date
    last_slate: date
    teams: pd.DataFrame
    players: pd.DataFrame
    rosters: pd.DataFrame
    games: pd.DataFrame
    skater_games: pd.DataFrame
    goalie_games: pd.DataFrame
    scratches: pd.DataFrame
    books: pd.DataFrame
    quotes: pd.DataFrame
    game_odds: pd.DataFrame
    people_ids: pd.DataFrame
    oracle: pd.DataFrame

    def capture_times(self, slate: date) -> list[datetime]:
        """When a price of that slate came, changed or went: the instants worth a capture, in order."""
        games = self.games.loc[self.games["game_date"] == slate.isoformat(), ["game_id", "start_time_utc"]]
        quotes = self.quotes.merge(games, on="game_id")
        seen = quotes.loc[quotes["seen_from_utc"] < quotes["start_time_utc"], "seen_from_utc"]
        return [t.to_pydatetime() for t in sorted(seen.dt.ceil("min").unique())]
