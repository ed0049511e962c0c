"""Floors under what vendors bring: each is kept and not kept, warns or blocks as the operator says."""

import dagster as dg
import pandas as pd
import pytest

from nhl_ops.contracts import reports
from nhl_ops.defs.floor_rules import (
    judge_clocks,
    judge_freshness,
    judge_holds,
    judge_mirrors,
    judge_sides,
    judge_volumes,
)
from nhl_ops.defs.floors import (
    FLOOR_CHECKS,
    Evidence,
    floor_check,
)
from nhl_ops.defs.house import PROJECT_ROOT, HouseResource
from nhl_ops.defs.run_record import read_record
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import Made, table_asset
from nhl_ops.defs.verdicts import Judged, in_words
from nhl_ops.domain.floors import ClockFloor, FloorPolicy, FreshnessFloor
from nhl_ops.domain.run_summary import CheckResult, Severity
from nhl_ops.gateways.config_files import load_settings
from nhl_ops.transforms.fair_prices import fair_prices
from nhl_ops_tests.defs.test_checks import BAD, SLATES, daily, execute
from nhl_ops_tests.fakes.policies import set_policy
from nhl_ops_tests.fakes.project import Project
from nhl_ops_tests.transforms.ev_frames import facts, games, players, policy, probabilities
from nhl_ops_tests.transforms.test_odds_floors import GAMES, SLATE, against, ladder, offers, prices

FLOORS = load_settings(PROJECT_ROOT / "config").policy.floors
VOLUME = FLOORS.volume.model_copy(update={"min_days": 3, "min_median": 10})
SIMILAR = ("2026-01-10", "2026-01-15", "2026-01-18")
TONIGHT = GAMES | {SLATE: 7}
NAMES = {check.name for checks in FLOOR_CHECKS for check in checks.check_specs}


def usual(tonight: int, days: tuple[str, ...] = SIMILAR) -> pd.DataFrame:
    return offers(*((day, "UNABATED", "SOG", 100) for day in days), (SLATE, "UNABATED", "SOG", tonight))


@pytest.mark.parametrize(("tonight", "bad"), [(50, []), (49, [SLATE]), (0, [SLATE])])
def test_every_vendor_offers_as_much_as_usual(tonight: int, bad: list[str]) -> None:
    judged = judge_volumes(usual(tonight), TONIGHT, {SLATE: ["UNABATED"]}, VOLUME)
    assert list(judged.faults) == bad
    assert judged.notes == {}


def test_a_low_volume_is_told_with_its_market_and_what_is_usual() -> None:
    judged = judge_volumes(usual(9), TONIGHT, {SLATE: ["UNABATED"]}, VOLUME)
    assert judged.faults[SLATE] == [
        "UNABATED SOG: 9 offers, where 3 days with about as many games have a median of 100"
    ]


def test_early_in_the_season_a_volume_is_flagged_and_not_failed() -> None:
    judged = judge_volumes(usual(0, SIMILAR[:2]), TONIGHT, {SLATE: ["UNABATED", "PLAYNOW"]}, VOLUME)
    assert judged.faults == {}
    assert judged.notes[SLATE] == [
        "UNABATED is not judged yet: 2 of 3 days with about as many games",
        "PLAYNOW is not judged yet: 0 of 3 days with about as many games",
    ]


def test_a_vendor_that_could_not_be_asked_and_a_slate_without_games_are_not_judged() -> None:
    assert judge_volumes(usual(0), TONIGHT, {SLATE: []}, VOLUME) == Judged()
    assert judge_volumes(usual(0), GAMES | {SLATE: 0}, {SLATE: ["UNABATED"]}, VOLUME) == Judged()


@pytest.mark.parametrize(("missing", "bad"), [(5, []), (6, [SLATE])])
def test_two_way_markets_have_both_sides(missing: int, bad: list[str]) -> None:
    rows = prices(*ladder(*([0.06] * (20 - missing)), *([None] * missing)))
    assert list(judge_sides(rows, FLOORS.two_sided).faults) == bad


def test_few_lines_of_a_book_are_not_judged() -> None:
    assert judge_sides(prices(*ladder(*([None] * 19))), FLOORS.two_sided) == Judged()
    assert judge_holds(prices(*ladder(*([0.5] * 19))), FLOORS.hold) == Judged()


@pytest.mark.parametrize(("hold", "outside", "bad"), [(0.3, 1, []), (0.3, 2, [SLATE]), (-0.1, 2, [SLATE])])
def test_holds_of_two_way_prices_are_plausible(hold: float, outside: int, bad: list[str]) -> None:
    rows = prices(*ladder(*([0.06] * (20 - outside)), *([hold] * outside)))
    assert list(judge_holds(rows, FLOORS.hold).faults) == bad


def test_an_implausible_hold_is_told_with_its_book_and_its_extremes() -> None:
    (told,) = judge_holds(prices(*ladder(*([0.06] * 19), 0.4, -0.2)), FLOORS.hold).faults[SLATE]
    assert told == (
        "UNABATED FanDuel: the hold of 10% of 21 two-way prices lies outside of 0% to 15%: -20.0% to 40.0%"
    )


@pytest.mark.parametrize(("opposite", "bad"), [(5, []), (6, [SLATE])])
def test_no_book_mirrors_the_others(opposite: int, bad: list[str]) -> None:
    rows = against(*([(0.3, 0.6)] * opposite), *([(0.6, 0.7)] * (10 - opposite)))
    assert list(judge_mirrors(rows, FLOORS.mirror).faults) == bad
    assert judge_mirrors(rows.iloc[:9], FLOORS.mirror) == Judged()


def test_a_book_whose_sides_are_swapped_is_found_among_sound_ones_and_none_of_them_with_it() -> None:
    sides = [("OVER", -160), ("UNDER", 130)]
    swapped = {"OVER": "UNDER", "UNDER": "OVER"}
    quotes = facts(
        *(
            {"quote_id": f"{book}{side}{n}", "book_id": book, "book_name": book, "line": n + 0.5,
             "side": swapped[side] if book == "Caesars" else side, "price_american": price + n}
            for book in ("DraftKings", "FanDuel", "BetMGM", "Caesars") for side, price in sides for n in range(10)
        )
    )  # fmt: skip
    made = fair_prices(quotes, games({}), players({}), probabilities(), policy())
    (told,) = judge_mirrors(made, FLOORS.mirror).faults.values()
    assert told == [
        "UNABATED Caesars: at 100% of 10 lines its over is the other books' under, as if its sides were swapped"
    ]


def seen(**ages: float) -> pd.DataFrame:
    rows = [(SLATE, vendor, age) for vendor, age in ages.items()]
    return pd.DataFrame(rows, columns=["game_date", "source_vendor", "newest_quote_age_sec"])


@pytest.mark.parametrize(
    ("ages", "told"),
    [
        ({"UNABATED": 3_600.0, "PLAYNOW": 7_200.0}, []),
        (
            {"UNABATED": 3_600.0, "PLAYNOW": 7_201.0},
            ["PLAYNOW: the newest quote is 2.0 h old at as-of, limit 2 h"],
        ),
        ({"UNABATED": 3_600.0}, ["PLAYNOW has no quote of the slate, though others do"]),
    ],
)
def test_every_vendor_quotes_are_fresh(ages: dict[str, float], told: list[str]) -> None:
    floor = FreshnessFloor(max_age_sec=7_200)
    judged = judge_freshness(seen(**ages), {SLATE: ["UNABATED", "PLAYNOW"]}, floor)
    assert judged.faults.get(SLATE, []) == told


def test_when_nobody_quotes_the_slate_nothing_is_old() -> None:
    judged = judge_freshness(seen(), {SLATE: ["UNABATED"]}, FLOORS.freshness)
    assert judged.faults == {}
    assert judged.notes[SLATE] == ["no vendor quotes the slate, so that nothing can be old"]


@pytest.mark.parametrize(
    ("skew", "words"), [(60.0, None), (None, None), (60.5, "60 s ahead of"), (-3_600.0, "3,600 s behind")]
)
def test_every_vendor_clock_agrees_with_ours(skew: float | None, words: str | None) -> None:
    figures = {} if skew is None else {"skew_sec": skew}
    floor = ClockFloor(max_skew_sec=60)
    faults = judge_clocks([SLATE], {"UNABATED": {SLATE: figures}, "NHL": {}}, floor).faults
    assert bool(faults) is bool(words)
    assert words is None or words in faults[SLATE][0]


def test_a_verdict_spells_out_a_few_faults_and_counts_the_rest() -> None:
    assert in_words([]) is None
    assert in_words([str(n) for n in range(7)]) == "0; 1; 2; 3; 4; and 2 more"


# -- in runs -------------------------------------------------------------------------------


def floor_verdicts(project: Project) -> dict[tuple[str, str], CheckResult]:
    checks = project.record(project.first_run).checks
    return {(c.name.split(": ")[1], str(c.slate)): c for c in checks if c.name.split(": ")[1] in NAMES}


def test_every_floor_gives_each_slate_a_verdict_and_sound_prices_keep_them(
    ranged: Project, past: list[str]
) -> None:
    found = floor_verdicts(ranged)
    assert {name for name, _ in found} == NAMES
    assert {slate for _, slate in found} == set(past)
    assert [c.detail for c in found.values() if not c.passed] == []
    assert {c.severity for c in found.values()} == {Severity.WARN}
    assert "not judged yet" in found["every_vendor_offers_as_much_as_usual", past[-1]].detail


def small_graph(seen: list[list[str]]) -> dg.JobDefinition:
    """A table under a floor that one slate does not keep and another is too young for, and a table after it."""

    def upstream(run: SlateRun) -> Made:
        return Made(reports.REPORT_DAILY.conform(pd.DataFrame([daily(key, 5) for key in run.keys])))

    def downstream(run: SlateRun) -> Made:
        seen.append(list(run.keys))
        return Made(reports.REPORT_ROLLING.empty_frame())

    def decide(evidence: Evidence, _policy: FloorPolicy) -> Judged:
        assert evidence.run.keys == SLATES
        return Judged({BAD: ["12 offers"]}, {SLATES[0]: ["2 of 5 days"]})

    first = table_asset(reports.REPORT_DAILY, upstream)
    second = table_asset(reports.REPORT_ROLLING, downstream, [reports.REPORT_DAILY.name])
    floor = floor_check(reports.REPORT_DAILY, "every_vendor_clock_agrees_with_ours", "A floor.", decide)
    return dg.Definitions(
        assets=[first, second],
        asset_checks=[floor],
        jobs=[dg.define_asset_job("small", executor_def=dg.in_process_executor)],
        resources={"house": HouseResource()},
    ).resolve_job_def("small")


@pytest.mark.parametrize(("severity", "reached"), [("warning", SLATES), ("blocking", [SLATES[0], SLATES[2]])])
def test_a_floor_warns_or_holds_its_slate_back_as_the_operator_says(
    project: Project, severity: str, reached: list[str]
) -> None:
    set_policy(project, "every_vendor_clock_agrees_with_ours", f'"{severity}"')
    seen: list[list[str]] = []
    with project.here():
        result = execute(project, small_graph(seen), SLATES)
        held = project.house.state.holds(result.run_id)
        checks = {str(c.slate): c for c in read_record(project.instance, result.run_id).checks}
    assert result.success
    assert seen == [reached]
    assert list(held) == [key for key in SLATES if key not in reached]
    assert (checks[BAD].passed, checks[BAD].detail) == (False, "12 offers")
    assert (checks[SLATES[0]].passed, checks[SLATES[0]].detail) == (True, "2 of 5 days")
