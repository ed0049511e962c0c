"""The league's inner arrays as the frames of `LeagueDataset`."""

from datetime import date

import numpy as np
import pandas as pd

from nhl_ops.league.dataset import (
    GAME_COLUMNS,
    GOALIE_GAME_COLUMNS,
    PLAYER_COLUMNS,
    ROSTER_COLUMNS,
    SCRATCH_COLUMNS,
    SKATER_GAME_COLUMNS,
)
from nhl_ops.league.synthetic.games import Played
from nhl_ops.league.synthetic.lineups import DRESSED, Lineups
from nhl_ops.league.synthetic.people import People
from nhl_ops.league.synthetic.rosters import CAMP_DAYS
from nhl_ops.league.synthetic.schedule import Postponement, Schedule
from nhl_ops.league.synthetic.teams import Franchise

GAME_MIN, GOAL_MIN = 138, 2
EXTRA_MIN = {"REG": 0, "OT": 7, "SO": 14}


def team_codes(schedule: Schedule, franchises: tuple[Franchise, ...]) -> np.ndarray:
    """Tri-code of every team-game in its season."""
    current = schedule.seasons[-1].number
    table = np.array(
        [[f.code_in(s.number, current) for f in franchises] for s in schedule.seasons], dtype=object
    )
    season = np.repeat(schedule.games["season_no"].to_numpy(), 2)
    return table[season, schedule.games[["home", "away"]].to_numpy().reshape(-1)]


def games_frame(schedule: Schedule, played: Played, codes: np.ndarray) -> pd.DataFrame:
    """`dataset.GAME_COLUMNS`.

    A postponed game has a PPD row on its first date, always valid and without score or end, and an OK row on
    the later date, valid from the afternoon after the first (state_from_utc).
    """
    games = schedule.games
    score, last = played.score, played.last_period
    length = GAME_MIN + GOAL_MIN * score.sum(axis=1) + pd.Series(last).map(EXTRA_MIN).to_numpy()
    frame = pd.DataFrame(
        {
            "game_id": games["game_id"],
            "season": games["season"],
            "game_type": "R",
            "game_date": [date.fromordinal(day).isoformat() for day in games["day"]],
            "start_time_utc": games["start_time_utc"],
            "end_time_utc": games["start_time_utc"]
            + pd.to_timedelta(length, unit="min").astype("timedelta64[us]"),
            "home": codes[::2],
            "away": codes[1::2],
            "home_score": pd.array(score[:, 0], dtype="Int64"),
            "away_score": pd.array(score[:, 1], dtype="Int64"),
            "last_period_type": last.astype(object),
            "schedule_state": "OK",
            "state_from_utc": pd.Series(pd.NaT, index=games.index, dtype="datetime64[us, UTC]"),
        }
    )
    return _with_postponement(frame, schedule.postponement)[GAME_COLUMNS]


def _with_postponement(frame: pd.DataFrame, put_off: Postponement | None) -> pd.DataFrame:
    if put_off is None:
        return frame
    moved = frame["game_id"] == put_off.game_id
    out = pd.concat([frame, frame[moved]], ignore_index=True)
    out.loc[out["game_id"] == put_off.game_id, "state_from_utc"] = put_off.rescheduled_utc
    first = len(frame)
    out.loc[first, ["game_date", "schedule_state"]] = [put_off.first_day.isoformat(), "PPD"]
    out.loc[first, "start_time_utc"] = put_off.first_start_utc
    out.loc[first, ["end_time_utc", "state_from_utc"]] = pd.NaT
    out.loc[first, ["home_score", "away_score"]] = pd.NA
    out.loc[first, "last_period_type"] = None
    return out.sort_values(["start_time_utc", "game_id"], kind="stable", ignore_index=True)


def skater_games_frame(
    schedule: Schedule, people: People, lineups: Lineups, played: Played, codes: np.ndarray
) -> pd.DataFrame:
    """`dataset.SKATER_GAME_COLUMNS`: the eighteen who dressed for each team."""
    return pd.DataFrame(
        {
            "game_id": np.repeat(schedule.games["game_id"].to_numpy(), 2 * DRESSED),
            "player_id": people.persons["player_id"].to_numpy()[lineups.skaters[:, :DRESSED].reshape(-1)],
            "team": np.repeat(codes, DRESSED),
            "goals": played.goals.reshape(-1),
            "assists": played.assists.reshape(-1),
            "points": (played.goals + played.assists).reshape(-1),
            "shots_on_goal": played.shots.reshape(-1),
            "blocked_shots": played.blocks.reshape(-1),
            "hits": played.hits.reshape(-1),
            "power_play_goals": played.power_play_goals.reshape(-1),
            "power_play_points": played.power_play_points.reshape(-1),
            "toi_sec": played.toi_sec.reshape(-1),
            "power_play_toi_sec": played.power_play_toi_sec.reshape(-1),
            "shifts": played.shifts.reshape(-1),
            "plus_minus": played.plus_minus.reshape(-1),
            "pim": played.pim.reshape(-1),
        }
    )[SKATER_GAME_COLUMNS]


def goalie_games_frame(
    schedule: Schedule, people: People, lineups: Lineups, played: Played, codes: np.ndarray
) -> pd.DataFrame:
    """`dataset.GOALIE_GAME_COLUMNS`: both who dressed; the one who did not play has toi_sec 0."""
    goalies = played.goalies
    row = goalies["team_game"].to_numpy()
    person = lineups.goalies[row, goalies["goalie"]]
    return goalies.assign(
        game_id=schedule.games["game_id"].to_numpy()[row // 2],
        player_id=people.persons["player_id"].to_numpy()[person],
        team=codes[row],
        is_starter=goalies["goalie"] == 0,
    )[GOALIE_GAME_COLUMNS]


def scratches_frame(schedule: Schedule, people: People, lineups: Lineups, codes: np.ndarray) -> pd.DataFrame:
    """`dataset.SCRATCH_COLUMNS`."""
    row = lineups.scratches["team_game"].to_numpy()
    frame = pd.DataFrame(
        {
            "game_id": schedule.games["game_id"].to_numpy()[row // 2],
            "team": codes[row],
            "player_id": people.persons["player_id"].to_numpy()[lineups.scratches["person"]],
        }
    )
    return frame.sort_values(SCRATCH_COLUMNS, ignore_index=True)[SCRATCH_COLUMNS]


def rosters_frame(schedule: Schedule, people: People, franchises: tuple[Franchise, ...]) -> pd.DataFrame:
    """`dataset.ROSTER_COLUMNS`. A stint that spans the move of a franchise is two rows."""
    current = schedule.seasons[-1].number
    first_days = schedule.games.groupby("season_no")["day"].min() - CAMP_DAYS
    rows = []
    for stint in people.stints.itertuples():
        franchise = franchises[stint.franchise]
        player, first, last = people.persons.at[stint.person, "player_id"], stint.first_day, stint.last_day
        moved_on = int(first_days[current])
        if franchise.former and current and first < moved_on:
            end = min(last, moved_on - 1)
            rows.append((franchise.former[0], player, first, end, False))
            first = moved_on
        if first <= last:
            rows.append((franchise.code, player, first, last, stint.is_open))
    frame = pd.DataFrame(rows, columns=[*ROSTER_COLUMNS, "is_open"])
    for column in ("from_date", "to_date"):
        frame[column] = [date.fromordinal(day).isoformat() for day in frame[column]]
    frame["to_date"] = frame["to_date"].where(~frame["is_open"].astype(bool), None)
    return frame.sort_values(["team", "from_date", "player_id"], ignore_index=True)[ROSTER_COLUMNS]


def players_frame(people: People) -> pd.DataFrame:
    """`dataset.PLAYER_COLUMNS`."""
    return people.persons.sort_values("player_id", ignore_index=True)[PLAYER_COLUMNS]


def people_ids_frame(people: People) -> pd.DataFrame:
    """player_key and unabated_person_id."""
    persons = people.persons.sort_values("player_id", ignore_index=True)
    return pd.DataFrame(
        {"player_key": persons["player_id"].astype(str), "unabated_person_id": persons["unabated_person_id"]}
    )
