"""One bad slate holds back itself alone, and the verdicts stand by partition."""

import dagster as dg
import pandas as pd

from nhl_ops.contracts import reports
from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.contracts.schema import violations
from nhl_ops.definitions import defs
from nhl_ops.defs.checks import CONTRACT_CHECK, contract_check
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.run_record import read_record
from nhl_ops.defs.runs import partition_tags
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import Made, table_asset
from nhl_ops.domain.run_summary import Severity
from nhl_ops_tests.fakes.policies import set_policy
from nhl_ops_tests.fakes.project import Project

SLATES = ["2026-01-05", "2026-01-06", "2026-01-07"]
BAD = "2026-01-06"


def daily(key: str, games: int) -> dict[str, object]:
    row = {c.name: None if c.nullable else 0 for c in reports.REPORT_DAILY.columns}
    return row | {"game_date": key, "outcome": "ok", "games": games}


def small_graph(bad: list[str], seen: list[list[str]]) -> dg.JobDefinition:
    """Two tables: the first has a negative count on the bad slates, the second records which slates it is given."""

    def upstream(run: SlateRun) -> Made:
        frame = pd.DataFrame([daily(key, -1 if key in bad else 5) for key in run.keys])
        return Made(reports.REPORT_DAILY.conform(frame))

    def downstream(run: SlateRun) -> Made:
        seen.append(list(run.keys))
        return Made(reports.REPORT_ROLLING.empty_frame())

    first = table_asset(reports.REPORT_DAILY, upstream)
    second = table_asset(reports.REPORT_ROLLING, downstream, [reports.REPORT_DAILY.name])
    job = dg.define_asset_job("small", executor_def=dg.in_process_executor)
    return dg.Definitions(
        assets=[first, second],
        asset_checks=[contract_check(reports.REPORT_DAILY)],
        jobs=[job],
        resources={"house": HouseResource()},
    ).resolve_job_def("small")


def execute(project: Project, job: dg.JobDefinition, keys: list[str]) -> dg.ExecuteInProcessResult:
    return job.execute_in_process(instance=project.instance, tags=partition_tags(keys), raise_on_error=False)


def verdicts(result: dg.ExecuteInProcessResult, project: Project) -> dict[str | None, bool]:
    logs = project.instance.all_logs(result.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    found = [entry.dagster_event.asset_check_evaluation_data for entry in logs]
    return {evaluation.partition: evaluation.passed for evaluation in found}


def test_a_bad_slate_holds_back_itself_alone(project: Project) -> None:
    seen: list[list[str]] = []
    with project.here():
        result = execute(project, small_graph([BAD], seen), SLATES)
        assert result.success
        assert seen == [["2026-01-05", "2026-01-07"]]
        assert verdicts(result, project) == {SLATES[0]: True, BAD: False, SLATES[2]: True, None: False}
        held = project.house.state.holds(result.run_id)
    assert list(held) == [BAD]
    assert "games is at least 0" in held[BAD][0][1]


def test_a_check_that_the_operator_lets_warn_holds_nothing_back(project: Project) -> None:
    set_policy(project, CONTRACT_CHECK, '"warning"')
    seen: list[list[str]] = []
    with project.here():
        result = execute(project, small_graph([BAD], seen), SLATES)
        (bad,) = [c for c in read_record(project.instance, result.run_id).checks if not c.passed]
        assert project.house.state.holds(result.run_id) == {}
    assert seen == [SLATES]
    assert (str(bad.slate), bad.severity) == (BAD, Severity.WARN)


def test_the_held_slate_says_so_in_the_metadata_of_what_follows(project: Project) -> None:
    with project.here():
        result = execute(project, small_graph([BAD], []), SLATES)
        events = [e for e in result.get_asset_materialization_events() if e.partition == BAD]
    metadata = events[-1].materialization.metadata
    assert metadata["outcome"].value == "held"
    assert "report_daily" in metadata["held_by"].value


def test_a_range_whose_slates_are_all_bad_fails(project: Project) -> None:
    seen: list[list[str]] = []
    with project.here():
        result = execute(project, small_graph(SLATES, seen), SLATES)
    assert not result.success
    assert seen == []


def test_verdicts_stand_at_the_materialization_of_their_slate(project: Project) -> None:
    with project.here():
        result = execute(project, small_graph([], []), SLATES)
        entries = project.instance.all_logs(result.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        evaluations = [e.dagster_event.asset_check_evaluation_data for e in entries]
    by_slate = [e for e in evaluations if e.partition is not None]
    assert {e.check_name for e in by_slate} == {CONTRACT_CHECK}
    assert all(e.target_materialization_data.run_id == result.run_id for e in by_slate)
    assert len({e.target_materialization_data.storage_id for e in by_slate}) == len(SLATES)


def test_a_run_of_the_same_scope_judges_again(project: Project) -> None:
    with project.here():
        first = execute(project, small_graph([BAD], []), SLATES)
        project.house.state.clear_holds(first.run_id, [reports.REPORT_DAILY.name])
        assert project.house.state.holds(first.run_id) == {}


def test_a_broken_contract_names_the_rule_the_rows_and_one_value() -> None:
    frame = reports.REPORT_DAILY.conform(pd.DataFrame([daily(SLATES[0], 5), daily(BAD, -3)]))
    (found,) = violations(reports.REPORT_DAILY, frame)
    assert (found.key, found.rule, found.rows) == (BAD, "games is at least 0", 1)
    assert "-3" in found.example


def test_a_repeated_key_breaks_the_contract() -> None:
    frame = reports.REPORT_DAILY.conform(pd.DataFrame([daily(BAD, 5), daily(BAD, 6)]))
    assert {v.key for v in violations(reports.REPORT_DAILY, frame)} == {BAD}


def test_a_check_executed_alone_says_what_to_do_instead(ranged: Project) -> None:
    check = dg.AssetCheckKey(dg.AssetKey(EV_FAIR_PRICES.name), CONTRACT_CHECK)
    job = defs.resolve_implicit_global_asset_job_def().get_subset(
        asset_selection=frozenset(), asset_check_selection={check}
    )
    with ranged.here():
        result = job.execute_in_process(instance=ranged.instance, raise_on_error=False)
        (failure,) = read_record(ranged.instance, result.run_id).failures
    assert "executed alone" in failure.message
    assert failure.next_command == "materialize the asset for a slate; its checks run with it"
