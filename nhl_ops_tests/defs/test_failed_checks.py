"""The class of failure of a run in which a blocking check failed on every slate: stale roster, empty model output."""

from collections.abc import Mapping

import dagster as dg
import pandas as pd
import pytest

from nhl_ops.contracts import reports
from nhl_ops.defs.checks import slate_check
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.quality_games import old_rosters
from nhl_ops.defs.quality_model import thin_output
from nhl_ops.defs.quality_prices import unexplained_games
from nhl_ops.defs.run_record import read_record
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import Made, table_asset
from nhl_ops.defs.verdicts import Judged
from nhl_ops.domain.failure_signatures import failed_check, failure_type
from nhl_ops.domain.failures import ContractBroken, FailureClass, MissingInput
from nhl_ops.transforms.absences import games_without_prices
from nhl_ops_tests.defs.test_checks import daily, execute
from nhl_ops_tests.defs.test_every_check import TWO_AND_ONE
from nhl_ops_tests.fakes.project import Project
from nhl_ops_tests.transforms.ev_frames import (
    SLATE,
    et,
    facts,
    games,
    probabilities,
    rosters,
    schedule,
    sightings,
)


def stale_roster() -> Mapping[str, str]:
    long_ago = {"game_date": "2025-12-20", "known_at_utc": et("2025-12-20 12:00")}
    captured = rosters(long_ago, long_ago | {"team": "VAN"})
    since = schedule({"game_date": "2026-01-02", "game_id_nhl": 2})
    return old_rosters(games({}), captured, captured.head(0), since, 7)


def empty_model_output() -> Mapping[str, str]:
    return thin_output(games({}), probabilities(), TWO_AND_ONE)


def unasked_vendor() -> Mapping[str, str]:
    bare = games_without_prices(
        games({}), facts(), sightings(), pd.DataFrame({"game_date": [], "accepted": []}), {SLATE: ["PLAYNOW"]}
    )
    return unexplained_games(bare)


CASES = [
    ("every_game_without_odds_has_a_reason", unasked_vendor, FailureClass.MISSING_INPUT),
    ("rosters_are_recent", stale_roster, FailureClass.MISSING_INPUT),
    ("every_game_has_projections_of_both_teams", empty_model_output, FailureClass.CONTRACT),
]


def small_graph(check: str, reasons: Mapping[str, str]) -> dg.JobDefinition:
    def make(run: SlateRun) -> Made:
        return Made(reports.REPORT_DAILY.conform(pd.DataFrame([daily(key, 5) for key in run.keys])))

    name = reports.REPORT_DAILY.name
    return dg.Definitions(
        assets=[table_asset(reports.REPORT_DAILY, make)],
        asset_checks=[slate_check(name, check, "A check.", lambda _context, _run: Judged.bad(reasons))],
        jobs=[dg.define_asset_job("small", executor_def=dg.in_process_executor)],
        resources={"house": HouseResource()},
    ).resolve_job_def("small")


@pytest.mark.parametrize(("check", "judge", "kind"), CASES)
def test_a_run_that_fails_by_a_check_is_of_the_class_of_what_it_lacks(
    project: Project, check: str, judge: object, kind: FailureClass
) -> None:
    reasons = judge()
    with project.here():
        result = execute(project, small_graph(check, reasons), [SLATE])
        (failure,) = read_record(project.instance, result.run_id).failures
    assert not result.success
    assert failure.failure_class is kind
    assert reasons[SLATE] in failure.message
    assert f"--date {SLATE}" in failure.next_command


@pytest.mark.parametrize(("check", "judge", "kind"), CASES)
def test_its_words_alone_lead_to_the_same_class(check: str, judge: object, kind: FailureClass) -> None:
    assert failure_type(None, judge()[SLATE]).failure_class is kind
    assert failed_check(check, judge()[SLATE]) is {FailureClass.MISSING_INPUT: MissingInput}.get(
        kind, ContractBroken
    )
