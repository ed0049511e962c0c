"""What a slate lacks beside what it should have: games, players, recent rosters, room in its probabilities."""

from __future__ import annotations

from datetime import date

import pandas as pd

from nhl_ops.contracts.results import OFF_THE_DATE
from nhl_ops.domain.slates import AsOfMode, as_of
from nhl_ops.transforms.walk_forward import days

ROLES = ("skater", "goalie")
GAME = ["game_date", "game_id_nhl"]


def unlisted_games(schedule: pd.DataFrame, games: pd.DataFrame, slates: pd.DataFrame) -> pd.DataFrame:
    """GAME of each game that the schedule listed under a slate by its as-of and that DIM_GAMES does not have.

    schedule: RAW_NHL_SCHEDULE, every version, any dates. games: DIM_GAMES. slates: game_date, mode, now_utc.
    A game's very first version counts also when it was loaded later.
    """
    versions = schedule.sort_values(["game_id_nhl", "known_at_utc", "captured_at_utc", "row_hash"])
    versions = versions.assign(is_first=~versions.duplicated("game_id_nhl"))
    listed = versions.merge(slates, on="game_date").drop_duplicates(GAME)
    told = zip(listed["mode"], listed["game_date"], listed["now_utc"], listed["start_time_utc"], strict=True)
    limits = [as_of(AsOfMode(m), date.fromisoformat(d), now, start) for m, d, now, start in told]
    known = listed["known_at_utc"] <= pd.Series(limits, index=listed.index, dtype="datetime64[us, UTC]")
    return _without(listed.loc[known | listed["is_first"], GAME], games)


def sides_of(games: pd.DataFrame) -> pd.DataFrame:
    """GAME, team and as_of_ts_utc of both teams of every playable game of DIM_GAMES."""
    playable = games[games["is_playable"]]
    sides = [playable.assign(team=playable[side]) for side in ("home_team", "away_team")]
    return pd.concat(sides)[[*GAME, "team", "as_of_ts_utc"]].sort_values([*GAME, "team"], ignore_index=True)


def unprojected(games: pd.DataFrame, probabilities: pd.DataFrame) -> pd.DataFrame:
    """GAME, team and role ("skater" or "goalie") of which SINGLE_GAME_PROP_PROBABILITIES has nobody.

    games: DIM_GAMES.
    """
    wanted = sides_of(games).merge(pd.DataFrame({"role": ROLES}), how="cross")
    role = probabilities["position"].map(lambda position: ROLES[position == "G"])
    return _without(wanted[[*GAME, "team", "role"]], probabilities.assign(role=role))


def stale_rosters(
    games: pd.DataFrame,
    rosters: pd.DataFrame,
    appearances: pd.DataFrame,
    played: pd.DataFrame,
    max_age_days: int,
) -> pd.DataFrame:
    """GAME, team and age_days of each team whose newest roster or boxscore is older, though it played since.

    games: DIM_GAMES. rosters: RAW_NHL_ROSTERS. appearances: game_date, team, known_at_utc of who played. played:
    RAW_NHL_SCHEDULE, every version: preseason games and those that were called off do not count. age_days is null
    where nothing was ever seen of the team. Rosters and boxscores count if they were known at the game's as-of; that a
    game was played is no knowledge that shapes a number, so a schedule that was loaded later tells it too.
    """
    sides = sides_of(games).assign(side=lambda frame: range(len(frame)))
    seen = pd.concat([rosters, appearances])[["game_date", "team", "known_at_utc"]].drop_duplicates()
    pairs = _with_age(sides, seen)
    known = pairs[(pairs["age"] >= 0) & (pairs["known_at_utc"] <= pairs["as_of_ts_utc"])]
    newest = known.groupby("side")["age"].min()
    earlier = _with_age(sides, _games_by_team(played)).query("age > 0")
    last_game = earlier.groupby("side")["age"].min()
    ages = sides.assign(age_days=sides["side"].map(newest), idle_days=sides["side"].map(last_game))
    is_old = ages["age_days"].isna() | (ages["age_days"] > max_age_days)
    has_played = ages["idle_days"].notna() & ~(ages["idle_days"] >= ages["age_days"])
    return ages.loc[is_old & has_played, [*GAME, "team", "age_days"]].astype({"age_days": "Int64"})


def _games_by_team(played: pd.DataFrame) -> pd.DataFrame:
    newest = played.sort_values("known_at_utc").drop_duplicates("game_id_nhl", keep="last")
    stood = newest[~newest["schedule_state"].isin(OFF_THE_DATE) & (newest["game_type"] != "PR")]
    teams = [stood.assign(team=stood[side]) for side in ("home_team", "away_team")]
    return pd.concat(teams)[["game_date", "team"]]


def _with_age(sides: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Each side with what was seen of its team; age: days from then to the slate."""
    pairs = sides.merge(seen, on="team", suffixes=("", "_seen"))
    return pairs.assign(age=days(pairs["game_date"]) - days(pairs["game_date_seen"]))


def certainties(probabilities: pd.DataFrame) -> pd.DataFrame:
    """Rows of SINGLE_GAME_PROP_PROBABILITIES that claim to know how the wager ends.

    Far up a ladder P(over) may be smaller than what a table keeps, so zero is wrong at a player's lowest line alone.
    Nothing lies under the line 0.
    """
    ladder = probabilities.groupby([*GAME, "player_id_nhl", "market"])["line"]
    is_lowest = probabilities["line"] == ladder.transform("min")
    sure = (probabilities["p_over"] >= 1) | ((probabilities["p_under"] <= 0) & (probabilities["line"] > 0))
    outside = (probabilities[["p_over", "p_push", "p_under"]] < 0).any(axis=1)
    return probabilities[sure | outside | ((probabilities["p_over"] <= 0) & is_lowest)]


def _without(wanted: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The wanted rows that are not among the found ones."""
    columns = list(wanted.columns)
    marked = wanted.merge(found[columns].drop_duplicates(), how="left", indicator=True)
    return marked.loc[marked["_merge"] == "left_only", columns].reset_index(drop=True)
