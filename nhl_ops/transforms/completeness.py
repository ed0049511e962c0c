"""What a slate lacks beside what it should have: games, players, recent rosters, room in its probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from nhl_ops.contracts.results import OFF_THE_DATE
from nhl_ops.domain.slates import AsOfMode, as_of
from nhl_ops.transforms.walk_forward import days

GAME = ["game_date", "game_id_nhl"]
TEAMS = ["home_team", "away_team"]
FIXTURE = [*TEAMS, "start_time_utc"]
UNDERFLOW = 90.0
"""Of a mean of one in fifty, P(over) falls below what a float can hold near this line; nobody offers one as high."""


def unlisted_games(schedule: pd.DataFrame, games: pd.DataFrame, slates: pd.DataFrame) -> pd.DataFrame:
    """GAME of each game that the schedule listed under a slate by its as-of and that DIM_GAMES does not have.

    schedule: RAW_NHL_SCHEDULE, every version, any dates. games: DIM_GAMES. slates: game_date, mode, now_utc.
    A game's very first version counts also when it was loaded later.
    """
    listed = _versions(schedule, slates).drop_duplicates(GAME)
    return _without(listed.loc[listed["is_known"], GAME], games)


def unscheduled_games(schedule: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """GAME of each row of DIM_GAMES that no version of the schedule lists under its slate."""
    return _without(games[GAME], schedule)


def misread_games(
    schedule: pd.DataFrame, games: pd.DataFrame, slates: pd.DataFrame, tolerance: pd.Timedelta
) -> pd.DataFrame:
    """GAME of playable games of which DIM_GAMES tells other teams or, beyond the tolerance, another start than the
    last version of the schedule by the as-of; with home_team, away_team, start_time_utc and what is scheduled.

    See `unlisted_games` for the tables.
    """
    told = games.loc[games["is_playable"], [*GAME, *FIXTURE, "as_of_ts_utc"]]
    versions = _versions(schedule, slates).merge(told[[*GAME, "as_of_ts_utc"]], on=GAME)
    by_then = versions["is_first"] | (versions["known_at_utc"] <= versions["as_of_ts_utc"])
    last = versions[versions["is_known"] & by_then].drop_duplicates(GAME, keep="last")
    both = told.merge(last[[*GAME, *FIXTURE]], on=GAME, suffixes=("", "_scheduled"))
    moved = (both["start_time_utc"] - both["start_time_utc_scheduled"]).abs() > tolerance
    others = (both[TEAMS] != both[[f"{team}_scheduled" for team in TEAMS]].to_numpy()).any(axis=1)
    return both[moved | others]


def _versions(schedule: pd.DataFrame, slates: pd.DataFrame) -> pd.DataFrame:
    """Versions of the schedule under the slates, in the order in which they became known, with is_known: by as-of."""
    versions = schedule.sort_values(["game_id_nhl", "known_at_utc", "captured_at_utc", "row_hash"])
    versions = versions.assign(is_first=~versions.duplicated("game_id_nhl"))
    listed = versions.merge(slates, on="game_date")
    told = zip(listed["mode"], listed["game_date"], listed["now_utc"], listed["start_time_utc"], strict=True)
    limits = [as_of(AsOfMode(m), date.fromisoformat(d), now, start) for m, d, now, start in told]
    known = listed["known_at_utc"] <= pd.Series(limits, index=listed.index, dtype="datetime64[us, UTC]")
    return listed.assign(is_known=known | listed["is_first"])


def sides_of(games: pd.DataFrame) -> pd.DataFrame:
    """GAME, team and as_of_ts_utc of both teams of every playable game of DIM_GAMES."""
    playable = games[games["is_playable"]]
    sides = [playable.assign(team=playable[side]) for side in ("home_team", "away_team")]
    return pd.concat(sides)[[*GAME, "team", "as_of_ts_utc"]].sort_values([*GAME, "team"], ignore_index=True)


def unprojected(games: pd.DataFrame, probabilities: pd.DataFrame, least: Mapping[str, int]) -> pd.DataFrame:
    """GAME, team and role of which SINGLE_GAME_PROP_PROBABILITIES has too few players, with found and least.

    games: DIM_GAMES. least: by role ("skater", "goalie"), how many players a team should have.
    """
    roles = pd.DataFrame({"role": least.keys(), "least": least.values()})
    wanted = sides_of(games).merge(roles, how="cross")
    role = probabilities["position"].map(lambda position: "goalie" if position == "G" else "skater")
    key = [*GAME, "team", "role"]
    found = probabilities.assign(role=role.astype(object)).groupby(key)["player_id_nhl"].nunique()
    counted = wanted.merge(found.rename("found").reset_index(), on=key, how="left").fillna({"found": 0})
    return counted.loc[counted["found"] < counted["least"], [*key, "found", "least"]].astype(
        {"found": "int64"}
    )


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

    Three zeros are right: nothing lies under the line 0, half a line cannot be pushed, and from UNDERFLOW on a chance
    may be smaller than the smallest number. P(under) is 1 where the rest is lost beside it.
    """
    line, over, push, under = (probabilities[name] for name in ("line", "p_over", "p_push", "p_under"))
    must_be_there = line < UNDERFLOW
    over_is_wrong = (over < 0) | (over >= 1) | ((over == 0) & must_be_there)
    under_is_wrong = (under < 0) | (under > 1) | ((under == 0) & (line > 0))
    push_is_missing = (push >= 1) | ((push == 0) & must_be_there)
    push_is_wrong = (push < 0) | push_is_missing.where(line % 1 == 0, push > 0)
    return probabilities[over_is_wrong | under_is_wrong | push_is_wrong]


def _without(wanted: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The wanted rows that are not among the found ones."""
    columns = list(wanted.columns)
    marked = wanted.merge(found[columns].drop_duplicates(), how="left", indicator=True)
    return marked.loc[marked["_merge"] == "left_only", columns].reset_index(drop=True)
