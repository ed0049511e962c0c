"""One bad slate holds back itself alone, and the verdicts stand by partition. Every check passes and fails."""

from dataclasses import dataclass

import dagster as dg
import pandas as pd
import pytest

from nhl_ops.contracts import reports
from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.contracts.game_odds import FACT_GAME_ODDS_ACCOUNTING
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS
from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.contracts.schema import violations
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.definitions import defs
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.quality import accounting_balances, games_have_odds, ladders_fall, no_late_prices
from nhl_ops.defs.run_record import read_record
from nhl_ops.defs.runs import partition_tags
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import CONTRACT_CHECK, Made, contract_check, table_asset
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


@dataclass
class FakeRun:
    """The reading side of a run: frames by table."""

    keys: list[str]
    frames: dict[str, pd.DataFrame]

    def read(self, spec: TableSpec) -> pd.DataFrame:
        return self.frames[spec.name]


def run_of(spec: TableSpec, *rows: dict[str, object], **others: pd.DataFrame) -> FakeRun:
    return FakeRun(SLATES, {spec.name: pd.DataFrame(list(rows))} | others)


def counts(seen: int) -> dict[str, object]:
    parts = {"accepted": 1, "duplicate": 2, "other_slate": 3, "quarantined": 4}
    return {"game_date": BAD, "seen": seen} | parts


@pytest.mark.parametrize(("seen", "bad"), [(10, []), (11, [BAD])])
@pytest.mark.parametrize("spec", [FACT_ODDS_ACCOUNTING, FACT_GAME_ODDS_ACCOUNTING], ids=lambda s: s.name)
def test_row_accounting_balances(spec: TableSpec, seen: int, bad: list[str]) -> None:
    assert list(accounting_balances(run_of(spec, counts(seen)), spec)) == bad


@pytest.mark.parametrize(("priced", "bad"), [([1, 2], []), ([1], [BAD])])
def test_every_scheduled_game_has_odds(priced: list[int], bad: list[str]) -> None:
    games = [{"game_date": BAD, "game_id_nhl": n, "is_playable": True} for n in (1, 2)]
    called_off = {"game_date": BAD, "game_id_nhl": 3, "is_playable": False}
    quotes = pd.DataFrame({"game_id_nhl": priced})
    assert (
        list(games_have_odds(run_of(DIM_GAMES, *games, called_off, **{FACT_PROP_ODDS.name: quotes}))) == bad
    )


@pytest.mark.parametrize(
    ("captured", "seen", "bad"),
    [("16:00", "16:30", []), ("16:00", "19:00", [BAD]), ("17:30", "17:30", [BAD])],
)
def test_no_price_after_puck_drop_or_as_of(captured: str, seen: str, bad: list[str]) -> None:
    times = {
        "captured_at_utc": captured,
        "last_seen_at_utc": seen,
        "start_time_utc": "19:00",
        "as_of_ts_utc": "17:00",
    }
    row = {name: pd.Timestamp(f"{BAD} {value}", tz="UTC") for name, value in times.items()}
    assert list(no_late_prices(run_of(EV_FAIR_PRICES, {"game_date": BAD} | row))) == bad


@pytest.mark.parametrize(("overs", "bad"), [((0.6, 0.3), []), ((0.3, 0.6), [BAD])], ids=["falling", "rising"])
def test_probabilities_fall_along_the_ladder(overs: tuple[float, float], bad: list[str]) -> None:
    head = {"game_date": BAD, "game_id_nhl": 1, "player_id_nhl": 8, "market": "SOG", "p_push": 0.0}
    rows = [head | {"line": n + 0.5, "p_over": p, "p_under": 1 - p} for n, p in enumerate(overs)]
    assert list(ladders_fall(run_of(SINGLE_GAME_PROP_PROBABILITIES, *rows))) == bad


def test_probabilities_that_do_not_add_up_are_found() -> None:
    row = {"game_date": BAD, "game_id_nhl": 1, "player_id_nhl": 8, "market": "SOG", "line": 0.5}
    row |= {"p_over": 0.5, "p_push": 0.1, "p_under": 0.5}
    assert list(ladders_fall(run_of(SINGLE_GAME_PROP_PROBABILITIES, row))) == [BAD]


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
