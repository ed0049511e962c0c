"""The slate's games and who could play in them, as known at as-of; history loaded late counts as known."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from nhl_ops.contracts.results import DIM_GAMES, DIM_PLAYERS, OFF_THE_DATE
from nhl_ops.domain.identity import is_short, name_key
from nhl_ops.domain.slates import AsOfMode, eastern
from nhl_ops.transforms.walk_forward import days, microseconds

APPEARANCE_DAYS = 45
"""A player counts for the team he last appeared for, within the season and this many days."""

ROSTER_DAYS = 7
"""How old a captured roster may be; who appeared since it was captured is added to it."""

SCHEDULED = ("FUT", "PRE")


def dim_games(schedule: pd.DataFrame, slates: pd.DataFrame) -> pd.DataFrame:
    """DIM_GAMES of the slates.

    schedule: RAW_NHL_SCHEDULE, every version, any dates. slates: game_date, mode, now_utc.
    Versions of a game are taken in the order in which they became known, each as long as it was known by the
    as-of that the one before it implies: a start moved before the old start moves the as-of, a change after
    it does not. The first version always counts. A game that stood on the slate and then moved to another
    date stays as a row that is not playable.
    """
    versions = schedule.sort_values(["game_id_nhl", "known_at_utc", "captured_at_utc", "row_hash"])
    pairs = slates.merge(
        versions.loc[:, ["game_id_nhl", "game_date"]].drop_duplicates(), on="game_date", how="inner"
    ).merge(versions, on="game_id_nhl", suffixes=("", "_listed"))
    pairs["is_listed"] = pairs["game_date_listed"] == pairs["game_date"]
    pairs["as_of_ts_utc"] = _as_of(pairs)
    reached = pairs[_is_reached(pairs)]
    stood = reached[reached["is_listed"]].drop_duplicates(["game_date", "game_id_nhl"], keep="last")
    last = reached.drop_duplicates(["game_date", "game_id_nhl"], keep="last")
    games = last.drop(columns="as_of_ts_utc").merge(
        stood[["game_date", "game_id_nhl", "as_of_ts_utc"]], on=["game_date", "game_id_nhl"]
    )
    games = _without_hindsight(games)
    games["is_playable"] = games["is_listed"] & ~games["schedule_state"].isin(OFF_THE_DATE)
    return DIM_GAMES.conform(
        games.sort_values(["game_date", "start_time_utc", "game_id_nhl"], ignore_index=True)
    )


def _as_of(pairs: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """As-of of the slate by each version (domain.slates.as_of); a version on another date gives no start."""
    days = {text: date.fromisoformat(text) for text in pairs["game_date"].unique()}
    morning = pairs["game_date"].map({k: pd.Timestamp(eastern(d, 10)) for k, d in days.items()})
    day_end = pairs["game_date"].map({k: pd.Timestamp(eastern(d, 23, 59)) for k, d in days.items()})
    start = pairs["start_time_utc"].where(pairs["is_listed"], day_end)
    limit = pairs["now_utc"].where(pairs["mode"] == AsOfMode.LIVE, start)
    limit = limit.where(pairs["mode"] != AsOfMode.MORNING, morning)
    return limit.where(limit <= pairs["now_utc"], pairs["now_utc"]).astype("datetime64[us, UTC]")


def _is_reached(pairs: pd.DataFrame) -> pd.Series[bool]:
    game = [pairs["game_date"], pairs["game_id_nhl"]]
    limit_before = pairs["as_of_ts_utc"].groupby(game).shift()
    in_time = (pairs["known_at_utc"] <= limit_before) & (pairs["known_at_utc"] <= pairs["as_of_ts_utc"])
    return (limit_before.isna() | in_time).groupby(game).cummin()


def _without_hindsight(games: pd.DataFrame) -> pd.DataFrame:
    """A version that was loaded after as-of tells that the game stood, not yet that it was played."""
    is_late = games["known_at_utc"] > games["as_of_ts_utc"]
    played = is_late & ~games["game_state"].isin((*SCHEDULED, *OFF_THE_DATE))
    finished = is_late & (games["schedule_state"] == "COMPLETED")
    return games.assign(
        game_state=games["game_state"].mask(played, "FUT"),
        schedule_state=games["schedule_state"].mask(finished, "OK"),
    )


def dim_players(
    games: pd.DataFrame, rosters: pd.DataFrame, skaters: pd.DataFrame, goalies: pd.DataFrame
) -> pd.DataFrame:
    """DIM_PLAYERS of the playable games.

    games: DIM_GAMES. rosters: RAW_NHL_ROSTERS. skaters, goalies: FACT_SKATER_GAMES and FACT_GOALIE_GAMES,
    every version. A team's newest captured roster counts if it is at most ROSTER_DAYS old, with who appeared
    since; else who appeared in the last APPEARANCE_DAYS of the season. Whoever was seen with another team
    after that belongs there. Only rows known at the game's as-of are read.
    """
    sides = _sides(games)
    seen = _appearances(skaters, goalies)
    listed = _listed(rosters)
    with duckdb.connect() as engine:
        engine.register("sides", sides[["side_no", "team", "season", "day", "as_of"]])
        engine.register("seen", seen[["player_id_nhl", "team", "season", "day", "known"]].drop_duplicates())
        engine.register("listed", listed[["player_id_nhl", "team", "day", "known"]])
        limits = {"roster_days": ROSTER_DAYS, "appearance_days": APPEARANCE_DAYS}
        members = engine.sql(_MEMBERS, params=limits).df()
        engine.register("members", members)
        engine.register("people", _people(seen, listed))
        people = engine.sql(_PEOPLE).df()
    players = members.merge(people, on=["side_no", "player_id_nhl"]).merge(sides, on="side_no")
    players["name_key"] = [name_key(name) for name in players["player_name"]]
    players["birth_date"] = players["birth_date"].astype(object).mask(players["birth_date"].isna(), None)
    players = players.sort_values(["side_no", "player_id_nhl"], ignore_index=True)
    return DIM_PLAYERS.conform(players)


_MEMBERS = """
with newest as (
    select side_no, max(r.day) as roster_day
    from sides s join listed r on r.team = s.team
        and r.day between s.day - $roster_days and s.day and r.known <= s.as_of
    group by side_no
),
evidence as (
    select side_no, player_id_nhl, r.day, true as is_roster
    from sides s join newest using (side_no)
    join listed r on r.team = s.team and r.day = roster_day and r.known <= s.as_of
    union all
    select side_no, player_id_nhl, a.day, false
    from sides s left join newest using (side_no)
    join seen a on a.team = s.team and a.season = s.season and a.known <= s.as_of
        and a.day < s.day and a.day >= coalesce(roster_day, s.day - $appearance_days)
),
members as (
    select side_no, player_id_nhl, max(day) as day, bool_or(is_roster) as is_roster
    from evidence group by all
),
elsewhere as (
    select player_id_nhl, team, day, known, 1 as from_slate from seen
    union all select player_id_nhl, team, day, known, 0 from listed
)
select side_no, player_id_nhl, case when is_roster then 'roster' else 'appearance' end as source
from members m join sides s using (side_no)
where not exists (
    from elsewhere e
    where e.player_id_nhl = m.player_id_nhl and e.team <> s.team and e.known <= s.as_of
        and e.day > m.day and e.day <= s.day - from_slate
)
"""

_PEOPLE = """
select side_no, player_id_nhl,
    arg_max(player_name, (is_full, is_roster, known, player_name)) as player_name,
    arg_max(position, (is_roster, known, position)) as position,
    arg_max(birth_date, (known, birth_date)) filter (birth_date is not null) as birth_date
from members join sides using (side_no) join people p using (player_id_nhl)
where p.known <= sides.as_of
group by all
"""


def _sides(games: pd.DataFrame) -> pd.DataFrame:
    playable = games[games["is_playable"]]
    home = playable.assign(team=playable["home_team"], opponent=playable["away_team"], is_home=True)
    away = playable.assign(team=playable["away_team"], opponent=playable["home_team"], is_home=False)
    sides = pd.concat([home, away]).sort_values(
        ["game_date", "game_id_nhl", "is_home"], ascending=[True, True, False], ignore_index=True
    )
    columns = ["game_date", "game_id_nhl", "season", "team", "opponent", "is_home", "as_of_ts_utc"]
    return sides[columns].assign(
        side_no=np.arange(len(sides)),
        day=days(sides["game_date"]),
        as_of=microseconds(sides["as_of_ts_utc"]),
    )


def _appearances(skaters: pd.DataFrame, goalies: pd.DataFrame) -> pd.DataFrame:
    columns = ["player_id_nhl", "player_name", "position", "team", "season", "game_date", "known_at_utc"]
    seen = pd.concat([skaters[columns], goalies.assign(position="G")[columns]], ignore_index=True)
    return seen.assign(day=days(seen["game_date"]), known=microseconds(seen["known_at_utc"]))


def _listed(rosters: pd.DataFrame) -> pd.DataFrame:
    return rosters.assign(day=days(rosters["game_date"]), known=microseconds(rosters["known_at_utc"]))


def _people(seen: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Distinct names, positions and birth dates of each player, with the instant each was first known."""
    columns = ["player_id_nhl", "player_name", "position", "birth_date", "known", "is_roster"]
    rows = pd.concat(
        [
            seen.assign(birth_date=None, is_roster=False)[columns],
            listed.assign(is_roster=True)[columns],
        ],
        ignore_index=True,
    )
    identity = [column for column in columns if column != "known"]
    people = rows.groupby(identity, dropna=False)["known"].min().reset_index()
    is_full = {name: not is_short(name_key(name)) for name in people["player_name"].unique()}
    return people.assign(is_full=people["player_name"].map(is_full))
