"""Are the slate's games and players those that they should be?"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from nhl_ops.contracts import results as tables
from nhl_ops.defs.quality_check import Reasons, told
from nhl_ops.defs.results import APPEARANCES, after, schedule_around
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.domain.slates import EASTERN
from nhl_ops.gateways.state import State
from nhl_ops.transforms.completeness import misread_games, stale_rosters, unlisted_games, unscheduled_games


def schedule_was_captured(run: SlateRun) -> Reasons:
    return without_schedule(run.house.state, run.keys)


def without_schedule(state: State, keys: Sequence[str]) -> Reasons:
    """Slates for which the NHL never answered, with the reason that holds them."""
    reason = "the NHL schedule was never captured, so that no games cannot be told from no answer"
    captured = {k for k in keys if any(state.captured_times(v, k) for v in ("NHL", "NHL_RESULTS"))}
    return {key: reason for key in keys if key not in captured}


def scheduled_games_are_there(run: SlateRun) -> Reasons:
    tolerance = pd.Timedelta(minutes=run.house.settings.policy.games.start_tolerance_minutes)
    return unlike_the_schedule(schedule_around(run), run.read(tables.DIM_GAMES), run.slates, tolerance)


def unlike_the_schedule(
    schedule: pd.DataFrame, games: pd.DataFrame, slates: pd.DataFrame, tolerance: pd.Timedelta
) -> Reasons:
    """See `unlisted_games`, `unscheduled_games` and `misread_games`."""
    missing = unlisted_games(schedule, games, slates)
    invented = unscheduled_games(schedule, games)
    misread = misread_games(schedule, games, slates, tolerance)
    words = [f"game {game} is on the schedule and not in dim_games" for game in missing["game_id_nhl"]] + [
        f"game {game} is in dim_games and not on the schedule" for game in invented["game_id_nhl"]
    ]
    words += [
        f"game {row.game_id_nhl} is {_fixture(row.away_team, row.home_team, row.start_time_utc)} in dim_games, and "
        f"{_fixture(row.away_team_scheduled, row.home_team_scheduled, row.start_time_utc_scheduled)} on the schedule"
        for row in misread.itertuples()
    ]
    bad = pd.concat([missing, invented, misread])[["game_date"]].assign(words=words)
    return told(bad, lambda row: row.words)


def _fixture(away: Any, home: Any, start: Any) -> str:
    return f"{away} at {home} ({start.tz_convert(EASTERN):%H:%M} Eastern)"


def rosters_are_recent(run: SlateRun) -> Reasons:
    warehouse = run.house.warehouse
    since = (date.fromisoformat(min(run.keys)) - APPEARANCES).isoformat()
    before, seen = after(run.keys), ["game_date", "team", "known_at_utc"]
    facts = [tables.FACT_SKATER_GAMES, tables.FACT_GOALIE_GAMES]
    appearances = [warehouse.observations(s, since=since, before=before, columns=seen) for s in facts]
    return old_rosters(
        run.read(tables.DIM_GAMES),
        warehouse.observations(tables.RAW_NHL_ROSTERS, since=since, before=before),
        pd.concat(appearances, ignore_index=True),
        warehouse.observations(tables.RAW_NHL_SCHEDULE, since=since, before=before),
        run.house.settings.policy.rosters.max_age_days,
    )


def old_rosters(
    games: pd.DataFrame,
    rosters: pd.DataFrame,
    appearances: pd.DataFrame,
    played: pd.DataFrame,
    max_age_days: int,
) -> Reasons:
    """See `stale_rosters`."""

    def words(row: pd.Series) -> str:
        if pd.isna(row.age_days):
            return f"{row.team} has no roster snapshot and no boxscore, though it has played"
        return (
            f"{row.team}'s roster snapshot is {row.age_days} days old, limit {max_age_days}, "
            "and the team has played since"
        )

    return told(stale_rosters(games, rosters, appearances, played, max_age_days), words)
