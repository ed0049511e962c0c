"""Capture assets of the NHL: tonight's schedule and rosters, the results of the morning after, its betting partners."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import dagster as dg

from nhl_ops.defs.capture import capture_at, capture_boards, figures_of
from nhl_ops.defs.history import bring_history
from nhl_ops.defs.house import House, HouseResource
from nhl_ops.defs.partitions import RANGE, SLATES
from nhl_ops.defs.results import team_in
from nhl_ops.defs.scopes import covers
from nhl_ops.defs.tables import report_figures, slate_run
from nhl_ops.domain.capture_plan import is_past, results_time
from nhl_ops.domain.failures import VendorContract, VendorOutdated
from nhl_ops.domain.settings import Source
from nhl_ops.domain.slates import SlateOutcome, eastern
from nhl_ops.gateways import nhl_game_odds
from nhl_ops.gateways.capture import CaptureResult
from nhl_ops.gateways.nhl import require_players
from nhl_ops.gateways.nhl_boxscore import require_usable
from nhl_ops.gateways.nhl_schedule import require_games
from nhl_ops.gateways.vendor import Fetch, Payload

DAY_BEFORE = timedelta(days=1)
"""A week is asked for from the day before its slate: games of that day tell an old schedule from a new one."""


def capture_schedule(house: House, slate: str, now: datetime) -> dict[str, object]:
    """The week's schedule and, of tonight's teams, the rosters; in the league also for past mornings."""
    day = date.fromisoformat(slate)
    past = is_past(day, now)
    live_past = past and house.source is Source.LIVE
    times = [eastern(day, 10)] if past and not live_past else [now]
    done = house.state.captured_times("NHL", slate) if past and not live_past else []

    def work(fetch: Fetch) -> list[Payload]:
        week = house.nhl.week(fetch, day - DAY_BEFORE)
        teams = [] if live_past else house.nhl.teams_of(week, slate)
        return [week, *(fetch(house.nhl.roster(team)) for team in teams)]

    results = capture_at(house, "NHL", slate, times, work, done)
    figures = figures_of(results, len(times) - len(results))
    return figures | (left_out(results, slate) if figures["outcome"] == SlateOutcome.OK else {})


def left_out(results: Sequence[CaptureResult], slate: str) -> dict[str, object]:
    """Outcome and cause where a game or a player of the slate breaks the format: the rest is of use, and captured."""
    try:
        for week, *rosters in (result.payloads for result in results):
            require_games(week, slate)
            for roster in rosters:
                require_players(roster, team_in(roster.url), slate)
    except VendorContract as problem:
        error = str(problem.at(slate=slate))
        return {"outcome": str(SlateOutcome.REJECTED), "error": error, "error_class": type(problem).__name__}
    return {}


@dg.asset(
    group_name="capture",
    description="NHL schedule of the week and current rosters of the slate's teams, archived; first the results "
    "history that projections need, as far as it is missing.",
    partitions_def=SLATES,
    backfill_policy=RANGE,
    kinds={"http"},
)
def captured_nhl(context: dg.AssetExecutionContext, house: HouseResource) -> None:
    run = slate_run(context, house)
    now = run.house.clock.now()
    own_results = covers(run.run, captured_nhl_results.key)
    bring_history(run.house, run.requested[:1] if own_results else run.requested, run.audit, context.log)
    figures = {key: capture_schedule(run.house, key, now) for key in run.requested}
    report_figures(context, run, figures, "captured_nhl")


def capture_results(house: House, slate: str, now: datetime) -> dict[str, object]:
    """Boxscores and the day's stats reports, the morning after; live, also while games are ending."""
    day = date.fromisoformat(slate)
    due = results_time(day, now, house.settings.policy.capture)
    times = [due] if due is not None and house.source is Source.LEAGUE else [now]
    done = house.state.captured_times("NHL_RESULTS", slate) if due in times else []

    def work(fetch: Fetch) -> list[Payload]:
        week = house.nhl.week(fetch, day)
        boxes = [fetch(house.nhl.boxscore(game)) for game in house.nhl.finished_games(week, slate)]
        reports = [page for report in house.nhl.day_reports(day) for page in house.nhl.pages(fetch, report)]
        left = house.nhl.unfinished_games(week, slate) if due is not None else []
        if left:
            cause = f"games {', '.join(map(str, left))} of {slate} are not finished the morning after: an old schedule"
            raise VendorOutdated(week.endpoint, week.url, cause)
        require_usable(boxes)
        return [week, *boxes, *(reports if boxes else [])]

    results = capture_at(house, "NHL_RESULTS", slate, times, work, done)
    return figures_of(results, len(times) - len(results))


@dg.asset(
    group_name="capture",
    description="Boxscores and stats reports of the slate's finished games, archived.",
    partitions_def=SLATES,
    backfill_policy=RANGE,
    kinds={"http"},
)
def captured_nhl_results(context: dg.AssetExecutionContext, house: HouseResource) -> None:
    run = slate_run(context, house)
    now = run.house.clock.now()
    figures = {key: capture_results(run.house, key, now) for key in run.requested}
    report_figures(context, run, figures, "captured_nhl_results")


def capture_partner_games(house: House, slate: str, now: datetime) -> dict[str, object]:
    """The partner games of every configured country: now for tonight, in the league at past capture times."""
    if not house.nhl_game_odds.config.partner_countries:
        return {"outcome": str(SlateOutcome.SWITCHED_OFF)}
    return capture_boards(house, nhl_game_odds.VENDOR, slate, now, house.nhl_game_odds.capture)


@dg.asset(
    group_name="capture",
    description="Game lines of the NHL's betting partners, country by country, archived; apart from the schedule, "
    "which they must not take along when they fail.",
    partitions_def=SLATES,
    backfill_policy=RANGE,
    kinds={"http"},
)
def captured_nhl_game_odds(context: dg.AssetExecutionContext, house: HouseResource) -> None:
    run = slate_run(context, house)
    now = run.house.clock.now()
    figures = {key: capture_partner_games(run.house, key, now) for key in run.requested}
    for key in run.requested:
        if figures[key].get("error"):
            context.log.warning(f"{nhl_game_odds.VENDOR} {key}: {figures[key]['error']}")
    report_figures(context, run, figures, "captured_nhl_game_odds")


NHL_CAPTURES = [captured_nhl, captured_nhl_results, captured_nhl_game_odds]
