"""Mapping of the recorded league's quotes against the ids of their source; skipped where the folder is absent."""

import os
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS
from nhl_ops.domain.identity import name_key
from nhl_ops.transforms.identity import check_aliases, map_events, map_players

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("NHL_OPS_SHARED_DATA", ROOT.parent / "shared" / "data"))
KNOWN_WRONG = ("Matthew Wood", "Dryden Hunt", "Elias Pettersson")
APPEARANCE = ["game_id", "game_date", "player_id", "full_name", "team", "opponent"]

pytestmark = pytest.mark.skipif(not (DATA / "odds").is_dir(), reason=f"no recorded data in {DATA}")


def recorded_games() -> pd.DataFrame:
    table = pd.read_parquet(DATA / "stats/games_2011-12_to_2026-02.parquet")
    table = table[table["season"] == 20252026].rename(
        columns={"game_id": "game_id_nhl", "home_team_abbr": "home_team", "away_team_abbr": "away_team"}
    )
    as_of = table["start_time_utc"]
    return DIM_GAMES.conform(table.assign(schedule_state="OK", is_playable=True, as_of_ts_utc=as_of))


def candidates(games: pd.DataFrame) -> pd.DataFrame:
    """Who played for either team within 30 days before, or tonight."""
    skaters = pd.read_parquet(
        DATA / "stats/skater_games_2021-22_to_2026-02.parquet", columns=[*APPEARANCE, "position"]
    )
    goalies = pd.read_parquet(DATA / "stats/goalie_games_2011-12_to_2026-02.parquet", columns=APPEARANCE)
    seen = pd.concat([skaters, goalies.assign(position="G")])
    seen = seen[seen["game_date"] > "2025-09-01"].assign(day=lambda rows: pd.to_datetime(rows["game_date"]))
    sides = pd.concat(
        games.rename(columns={team: "team", opponent: "opponent"}).assign(is_home=team == "home_team")
        for team, opponent in (("home_team", "away_team"), ("away_team", "home_team"))
    )
    pairs = sides.merge(seen.drop(columns=["game_date", "opponent", "game_id"]), on="team")
    age = (pd.to_datetime(pairs["game_date"]) - pairs["day"]).dt.days
    pairs = pairs[age.between(0, 30)].sort_values("day")
    pairs = pairs.drop_duplicates(["game_id_nhl", "player_id"], keep="last")
    pairs = pairs.rename(columns={"player_id": "player_id_nhl", "full_name": "player_name"})
    keys = [name_key(name) for name in pairs["player_name"]]
    return DIM_PLAYERS.conform(pairs.assign(name_key=keys, birth_date=None, source="appearance"))


@pytest.fixture(scope="module")
def quotes() -> pd.DataFrame:
    """Every recorded quote of a player who played, with the answer beside the source's own id."""
    games = recorded_games()
    table = pd.read_parquet(DATA / "odds/player_props_2025-10_to_2026-02.parquet")
    table = table[table["game_id"].notna()].astype({"game_id": "int64"})
    teams = games.set_index("game_id_nhl")[["home_team", "away_team"]].add_suffix("_raw")
    raw = table.rename(columns={"player_name": "player_name_raw", "team": "player_team_raw"}).join(
        teams, on="game_id"
    )
    raw = raw.assign(player_position_raw=None, player_birth_date=None)
    aliases = check_aliases(pd.read_csv(ROOT / "config/aliases.csv", dtype=str, keep_default_na=False))
    return map_players(map_events(raw, games), candidates(games), aliases)


def test_every_recorded_event_is_its_game(quotes: pd.DataFrame) -> None:
    assert (quotes["game_id_nhl"] == quotes["game_id"]).all()


def test_at_least_99_percent_of_the_quotes_of_who_played_are_mapped_right(quotes: pd.DataFrame) -> None:
    right = (quotes["player_id_nhl"] == quotes["player_id"]).fillna(False)
    assert len(quotes) > 190_000
    assert right.mean() >= 0.996


def test_no_quote_is_mapped_wrong(quotes: pd.DataFrame) -> None:
    mapped = quotes[quotes["player_id_nhl"].notna() & ~quotes["player_name_raw"].isin(KNOWN_WRONG)]
    wrong = mapped[mapped["player_id_nhl"] != mapped["player_id"]]
    assert wrong["player_name_raw"].unique().tolist() == []


def test_the_plain_name_of_the_two_elias_petterssons_is_the_forward_by_the_alias_table(
    quotes: pd.DataFrame,
) -> None:
    plain = quotes[quotes["player_name_raw"] == "Elias Pettersson"]
    assert len(plain) > 0
    assert set(plain["mapping_method"]) == {"alias"}
    assert set(plain["player_id_nhl"]) == {8480012}


def test_only_the_wrong_id_of_the_source_stays_undecided(quotes: pd.DataFrame) -> None:
    undecided = quotes.loc[quotes["player_id_nhl"].isna(), "player_name_raw"]
    assert set(undecided) == {"Dryden Hunt"}
