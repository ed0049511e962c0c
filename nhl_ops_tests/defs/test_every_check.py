"""Every check of the house once passing and once failing; floors are in test_floors, their severities in runs."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.defs.checks import CONTRACT_CHECK
from nhl_ops.defs.floors import FLOOR_CHECKS
from nhl_ops.defs.freshness import GROUPS, check_name
from nhl_ops.defs.quality_games import old_rosters, unlike_the_schedule, without_schedule
from nhl_ops.defs.quality_model import ladders_fall, nothing_is_certain, of_another_model, thin_output
from nhl_ops.defs.quality_publication import PUBLISHED_EQUALS_COMPUTED
from nhl_ops.domain.checks import CheckPolicy, GamePolicy
from nhl_ops.gateways.state import State
from nhl_ops.transforms.absences import games_without_prices
from nhl_ops_tests.defs.agreement_cases import CASES as AGREEMENT
from nhl_ops_tests.defs.price_cases import CASES as PRICES
from nhl_ops_tests.defs.price_cases import accepted
from nhl_ops_tests.fakes.frames import FakeRun
from nhl_ops_tests.transforms.ev_frames import (
    GAME,
    NOON,
    SLATE,
    Row,
    et,
    facts,
    games,
    probabilities,
    rosters,
    schedule,
    sightings,
    skaters,
    slates,
)
from nhl_ops_tests.transforms.ev_frames import projected as made


def scheduled(*versions: Row) -> Mapping[str, str]:
    return unlike_the_schedule(schedule(*versions), games({}), slates(SLATE), pd.Timedelta(minutes=5))


def rosters_of(*captured: Row, played: str = "2026-01-02", **version: object) -> Mapping[str, str]:
    """Toronto's rosters; Vancouver's is of the day."""
    between = schedule({"game_date": played, "game_id_nhl": 2, "away_team": "BOS", **version})
    seen = rosters({"team": "VAN"}, *captured)
    return old_rosters(games({}), seen, skaters()[["game_date", "team", "known_at_utc"]], between, 7)


def captured(day: str) -> Row:
    return {"game_date": day, "known_at_utc": et(f"{day} 12:00")}


TEAMS: list[Row] = [
    {"team": team, "position": position, "player_id_nhl": number}
    for number, (team, position) in enumerate(
        [("TOR", "C"), ("TOR", "L"), ("TOR", "G"), ("VAN", "D"), ("VAN", "C"), ("VAN", "G")]
    )
]
TWO_AND_ONE = GamePolicy(
    start_tolerance_minutes=5, min_skaters_projected=2, min_goalies_projected=1, min_skaters_dressed=2
)


def projected(*rows: Row) -> Mapping[str, str]:
    return thin_output(games({}), probabilities(*rows), TWO_AND_ONE)


def of_models(skater: str, goalie: str) -> Mapping[str, str]:
    tables = {"skaters": made({"model_version": skater}), "goalies": made({"model_version": goalie})}
    return of_another_model(tables, "m1")


def ladder(*overs: float, **changes: object) -> FakeRun:
    rows = [{"line": n + 0.5, "p_over": p, "p_under": 1 - p, **changes} for n, p in enumerate(overs)]
    return FakeRun([SLATE], {SINGLE_GAME_PROP_PROBABILITIES.name: probabilities(*rows)})


def line(at: float, over: float, push: float, under: float) -> FakeRun:
    row = {"line": at, "p_over": over, "p_push": push, "p_under": under}
    return FakeRun([SLATE], {SINGLE_GAME_PROP_PROBABILITIES.name: probabilities(row)})


Judge = Callable[[], Mapping[str, str]]

CASES: Mapping[str, list[tuple[str, Judge, str | None]]] = PRICES | AGREEMENT | {
    "every_scheduled_game_is_in_dim_games": [
        ("all there", partial(scheduled, {}), None),
        ("moved here after as-of", partial(
            scheduled, {}, {"game_id_nhl": 2, "game_date": "2026-01-09"},
            {"game_id_nhl": 2, "known_at_utc": et(f"{SLATE} 20:00"), "row_hash": "v2"}), None),
        ("a little later", partial(scheduled, {"start_time_utc": et(f"{SLATE} 19:05")}), None),
        ("told after as-of", partial(
            scheduled, {}, {"away_team": "MTL", "known_at_utc": et(f"{SLATE} 20:00"), "row_hash": "v2"}), None),
        ("put off after its start", partial(
            scheduled, {}, {"start_time_utc": et(f"{SLATE} 21:00"), "known_at_utc": et(f"{SLATE} 19:30"),
                            "row_hash": "v2"}), None),
        ("put off in time", partial(
            scheduled, {}, {"start_time_utc": et(f"{SLATE} 21:00"), "known_at_utc": NOON, "row_hash": "v2"}),
         "VAN at TOR (21:00 Eastern) on the schedule"),
        ("other teams", partial(scheduled, {"away_team": "MTL"}),
         f"game {GAME} is VAN at TOR (19:00 Eastern) in dim_games, and MTL at TOR (19:00 Eastern) on the schedule"),
        ("another start", partial(scheduled, {"start_time_utc": et(f"{SLATE} 19:06")}), "TOR (19:06 Eastern) on the"),
        ("not on the schedule", partial(scheduled), f"game {GAME} is in dim_games and not on the schedule"),
        ("one missing", partial(scheduled, {}, {"game_id_nhl": 2}), "game 2 is on the schedule and not in"),
        ("moved here in time", partial(
            scheduled, {}, {"game_id_nhl": 2, "game_date": "2026-01-09"},
            {"game_id_nhl": 2, "known_at_utc": NOON, "row_hash": "v2"}), "game 2 is on the schedule"),
    ],
    "rosters_are_recent": [
        ("of the day", partial(rosters_of, captured(SLATE)), None),
        ("old, and idle since", partial(rosters_of, captured("2025-12-20"), played="2025-12-20"), None),
        ("old, and the game since was called off", partial(
            rosters_of, captured("2025-12-20"), schedule_state="PPD"), None),
        ("at the limit", partial(rosters_of, captured("2025-12-29")), None),
        ("stale", partial(rosters_of, captured("2025-12-28")), "TOR's roster snapshot is 8 days old, limit 7"),
        ("stale, on a schedule that was loaded later", partial(
            rosters_of, captured("2025-12-28"), known_at_utc=et("2026-03-01 12:00")), "TOR's roster snapshot is 8"),
        ("old, and preseason since", partial(rosters_of, captured("2025-12-20"), game_type="PR"), None),
        ("known too late", partial(rosters_of, {"known_at_utc": et(f"{SLATE} 20:00")}), "TOR has no roster"),
        ("never seen", partial(rosters_of), "TOR has no roster snapshot and no boxscore"),
    ],
    "every_game_has_projections_of_both_teams": [
        ("both teams, skaters and goalie", partial(projected, *TEAMS), None),
        ("no goalie", partial(projected, *TEAMS[:5]), f"empty model output: no goalie of VAN in game {GAME}"),
        ("a skater alone", partial(projected, *TEAMS[1:]),
         f"thin model output: 1 skaters of TOR in game {GAME}, at least 2 are expected"),
        ("many lines of one skater", partial(projected, *TEAMS[1:], TEAMS[1] | {"line": 3.5}), "1 skaters of TOR"),
        ("empty", partial(projected), "empty model output: no skater of TOR"),
    ],
    "predictions_carry_the_current_model_version": [
        ("current", partial(of_models, "m1", "m1"), None),
        ("another of one table", partial(of_models, "m1", "m0"), "goalies: 1 predictions of m0, not m1"),
    ],
    "probabilities_lie_between_zero_and_one": [
        ("within", lambda: nothing_is_certain(ladder(0.6, 0.3)), None),
        ("nothing lies under zero", lambda: nothing_is_certain(line(0.0, 0.4, 0.6, 0.0)), None),
        ("a whole line", lambda: nothing_is_certain(line(2.0, 0.4, 0.2, 0.4)), None),
        ("smaller than any number", lambda: nothing_is_certain(line(100.5, 0.0, 0.0, 1.0)), None),
        ("zero, far up", lambda: nothing_is_certain(ladder(0.6, 0.0)), "1 probabilities of zero or one"),
        ("no push at a whole line", lambda: nothing_is_certain(line(2.0, 0.5, 0.0, 0.5)), "1 probabilities of zero"),
        ("a push at half a line", lambda: nothing_is_certain(line(2.5, 0.4, 0.2, 0.4)), "1 probabilities of zero"),
        ("nothing under a line", lambda: nothing_is_certain(line(1.0, 0.5, 0.5, 0.0)), "1 probabilities of zero"),
        ("one", lambda: nothing_is_certain(ladder(1.0, 0.3)), "1 probabilities of zero or one"),
        ("zero", lambda: nothing_is_certain(ladder(0.0)), "1 probabilities of zero or one"),
        ("beyond", lambda: nothing_is_certain(ladder(0.5, p_push=-0.1)), "1 probabilities of zero or one"),
    ],
    "probabilities_fall_along_the_ladder": [
        ("falling", lambda: ladders_fall(ladder(0.6, 0.3)), None),
        ("rising", lambda: ladders_fall(ladder(0.3, 0.6)), "1 probabilities that do not fall"),
        ("not adding up", lambda: ladders_fall(ladder(0.5, p_push=0.1)), "1 probabilities that do not fall"),
    ],
}  # fmt: skip

ELSEWHERE = {
    CONTRACT_CHECK: "contracts/test_rules, table by table",
    "its_schedule_was_captured": "below, with a state",
    PUBLISHED_EQUALS_COMPUTED.name: "test_held_slates",
    "every_figure_is_in_the_log": "test_evidence",
    **{spec.name: "test_floors" for check in FLOOR_CHECKS for spec in check.check_specs},
    **{check_name(group): "test_freshness" for group in GROUPS},
}


@pytest.mark.parametrize(
    ("judge", "words"),
    [
        pytest.param(judge, words, id=f"{check}: {case}")
        for check, cases in CASES.items()
        for case, judge, words in cases
    ],
)
def test_a_check_passes_or_names_the_slate_and_the_reason(judge: Judge, words: str | None) -> None:
    found = judge()
    assert list(found) == ([] if words is None else [SLATE])
    assert words is None or words in found[SLATE]


def test_every_check_is_shown_passing_and_failing() -> None:
    assert set(CASES) | set(ELSEWHERE) == set(CheckPolicy.model_fields)
    for check, cases in CASES.items():
        assert {words is None for _, _, words in cases} == {True, False}, check


def test_a_game_that_was_called_off_needs_no_price() -> None:
    called_off = games({"is_playable": False})
    assert games_without_prices(called_off, facts(), sightings(), accepted(0), {}).empty


def test_its_schedule_was_captured(tmp_path: Path) -> None:
    state = State(tmp_path / "state.sqlite")
    assert "the NHL schedule was never captured" in without_schedule(state, [SLATE])[SLATE]
    state.record_capture("NHL", SLATE, NOON.to_pydatetime())
    assert without_schedule(state, [SLATE]) == {}
