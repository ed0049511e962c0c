"""Every check of the house once passing and once failing; floors are in test_floors, their severities in runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.contracts.game_odds import FACT_GAME_ODDS_ACCOUNTING
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING
from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.schema import violations
from nhl_ops.contracts.spec import Dtype, TableSpec
from nhl_ops.defs.checks import CONTRACT_CHECK
from nhl_ops.defs.floors import FLOOR_CHECKS
from nhl_ops.defs.freshness import GROUPS, check_name
from nhl_ops.defs.quality_games import missing_games, old_rosters, without_schedule
from nhl_ops.defs.quality_model import both_teams_are_projected as both_teams
from nhl_ops.defs.quality_model import ladders_fall, nothing_is_certain, of_another_model
from nhl_ops.defs.quality_prices import accounting_balances, bare_games, no_late_prices, unexplained_games
from nhl_ops.defs.quality_publication import PUBLISHED_EQUALS_COMPUTED
from nhl_ops.domain.checks import CheckPolicy
from nhl_ops.gateways.state import State
from nhl_ops.transforms.absences import games_without_prices
from nhl_ops_tests.transforms.ev_frames import (
    GAME,
    LONG_AGO,
    NOON,
    SLATE,
    Row,
    et,
    facts,
    games,
    prices,
    probabilities,
    rosters,
    schedule,
    sightings,
    skaters,
    slates,
)


@dataclass
class FakeRun:
    """The reading side of a run: frames by table."""

    keys: list[str]
    frames: dict[str, pd.DataFrame]

    def read(self, spec: TableSpec) -> pd.DataFrame:
        return self.frames[spec.name]


def run_of(spec: TableSpec, *rows: Row, **others: pd.DataFrame) -> FakeRun:
    return FakeRun([SLATE], {spec.name: pd.DataFrame(list(rows))} | others)


def scheduled(*versions: Row) -> Mapping[str, str]:
    return missing_games(schedule(*versions), games({}), slates(SLATE))


def rosters_of(*captured: Row, played: str = "2026-01-02", **version: object) -> Mapping[str, str]:
    """Toronto's rosters; Vancouver's is of the day."""
    between = schedule({"game_date": played, "game_id_nhl": 2, "away_team": "BOS", **version})
    seen = rosters({"team": "VAN"}, *captured)
    return old_rosters(games({}), seen, skaters()[["game_date", "team", "known_at_utc"]], between, 7)


def captured(day: str) -> Row:
    return {"game_date": day, "known_at_utc": et(f"{day} 12:00")}


TEAMS: list[Row] = [
    {"team": team, "position": position, "player_id_nhl": number}
    for number, (team, position) in enumerate([("TOR", "C"), ("TOR", "G"), ("VAN", "D"), ("VAN", "G")])
]


def projected(*rows: Row) -> Mapping[str, str]:
    return both_teams(
        FakeRun([SLATE], {"dim_games": games({}), SINGLE_GAME_PROP_PROBABILITIES.name: probabilities(*rows)})
    )


def ladder(*overs: float, **changes: object) -> FakeRun:
    rows = [{"line": n + 0.5, "p_over": p, "p_under": 1 - p, **changes} for n, p in enumerate(overs)]
    return FakeRun([SLATE], {SINGLE_GAME_PROP_PROBABILITIES.name: probabilities(*rows)})


def counts(seen: int) -> Row:
    parts = {"accepted": 1, "duplicate": 2, "other_slate": 3, "quarantined": 4}
    return {"game_date": SLATE, "seen": seen} | parts


def balance(spec: TableSpec, seen: int) -> Mapping[str, str]:
    return accounting_balances(run_of(spec, counts(seen)), spec)


def accepted(number: int) -> pd.DataFrame:
    return pd.DataFrame([{"game_date": SLATE, "accepted": number}])


def absences(
    *quotes: Row, seen: Row | None = None, counted: int = 0, expected: tuple[str, ...] = ("UNABATED",)
) -> pd.DataFrame:
    """Two games, of which the quotes may name the first. expected: vendors that could be asked."""
    asked = sightings() if seen is None else sightings(seen)
    both = games({}, {"game_id_nhl": 9})
    return games_without_prices(both, facts(*quotes), asked, accepted(counted), {SLATE: expected})


def late(captured: str, seen: str) -> Mapping[str, str]:
    row = {"captured_at_utc": et(f"{SLATE} {captured}"), "last_seen_at_utc": et(f"{SLATE} {seen}")}
    return no_late_prices(
        FakeRun([SLATE], {EV_FAIR_PRICES.name: prices({**row, "as_of_ts_utc": et(f"{SLATE} 17:00")})})
    )


BOTH = ({}, {"quote_id": "q2", "game_id_nhl": 9})
LOST = {"quote_id": "q2", "game_id_nhl": None, "event_method": "unresolved"}
OTHERS = LOST | {"home_team_raw": "Boston Bruins", "away_team_raw": "Montreal Canadiens"}
LATE = {"captured_at_utc": et(f"{SLATE} 19:30")}
DOWN = {"outcome": "vendor_down", "payload_hash": None, "error": "timed out"}
Judge = Callable[[], Mapping[str, str]]

CASES: Mapping[str, list[tuple[str, Judge, str | None]]] = {
    "every_scheduled_game_is_in_dim_games": [
        ("all there", partial(scheduled, {}), None),
        ("moved here after as-of", partial(
            scheduled, {}, {"game_id_nhl": 2, "game_date": "2026-01-09"},
            {"game_id_nhl": 2, "known_at_utc": et(f"{SLATE} 20:00"), "row_hash": "v2"}), None),
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
        ("both teams, skater and goalie", partial(projected, *TEAMS), None),
        ("no goalie", partial(projected, *TEAMS[:3]), f"empty model output: no goalie of VAN in game {GAME}"),
        ("empty", partial(projected), "empty model output: no skater of TOR"),
    ],
    "predictions_carry_the_current_model_version": [
        ("current", lambda: of_another_model(probabilities({}), "m1"), None),
        ("another", lambda: of_another_model(probabilities({}), "m2"), "1 predictions of another model version"),
    ],
    "probabilities_lie_between_zero_and_one": [
        ("within", lambda: nothing_is_certain(ladder(0.6, 0.3)), None),
        ("too small to keep, far up", lambda: nothing_is_certain(ladder(0.6, 0.0)), None),
        ("one", lambda: nothing_is_certain(ladder(1.0, 0.3)), "1 probabilities of zero or one"),
        ("zero", lambda: nothing_is_certain(ladder(0.0)), "1 probabilities of zero or one"),
        ("beyond", lambda: nothing_is_certain(ladder(0.5, p_push=-0.1)), "1 probabilities of zero or one"),
    ],
    "probabilities_fall_along_the_ladder": [
        ("falling", lambda: ladders_fall(ladder(0.6, 0.3)), None),
        ("rising", lambda: ladders_fall(ladder(0.3, 0.6)), "1 probabilities that do not fall"),
        ("not adding up", lambda: ladders_fall(ladder(0.5, p_push=0.1)), "1 probabilities that do not fall"),
    ],
    "row_accounting_balances": [
        ("props", partial(balance, FACT_ODDS_ACCOUNTING, 10), None),
        ("props, a row lost", partial(balance, FACT_ODDS_ACCOUNTING, 11), "1 payloads do not balance"),
        ("game lines", partial(balance, FACT_GAME_ODDS_ACCOUNTING, 10), None),
        ("game lines, a row lost", partial(balance, FACT_GAME_ODDS_ACCOUNTING, 11), "1 payloads do not"),
    ],
    "every_scheduled_game_has_odds": [
        ("both priced", lambda: bare_games(absences(*BOTH)), None),
        ("one bare", lambda: bare_games(absences({}, seen={})), "VAN at TOR has no price: not_offered_yet"),
        ("vendor down", lambda: bare_games(absences(seen=DOWN)), "VAN at TOR has no price: vendor_down"),
        ("rejected", lambda: bare_games(absences(seen=DOWN | {"outcome": "rejected"})), "no price: rejected"),
        ("nobody asked", lambda: bare_games(absences()), "no price: not_asked"),
        ("nobody asked then, and nobody can be", lambda: bare_games(absences(expected=())),
         "no price: endpoint_serves_no_history"),
        ("a price from after as-of", lambda: bare_games(absences({}, BOTH[1] | LATE, seen={})), "not_offered_yet"),
        ("unexplained", lambda: bare_games(absences({}, LOST, seen={})), "has no price: unexplained"),
    ],
    "every_game_without_odds_has_a_reason": [
        ("both priced", lambda: unexplained_games(absences(*BOTH)), None),
        ("not offered yet", lambda: unexplained_games(absences({}, seen={})), None),
        ("down", lambda: unexplained_games(absences(seen=DOWN)), None),
        ("asked after as-of alone", lambda: unexplained_games(absences(seen=LATE)), None),
        ("nobody asked then, and nobody can be", lambda: unexplained_games(absences(expected=())), None),
        ("nobody asked", lambda: unexplained_games(absences()),
         f"VAN at TOR has no price and no reason: UNABATED could be asked for {SLATE} and never was"),
        ("one of two not asked", lambda: unexplained_games(absences(seen={}, expected=("UNABATED", "PLAYNOW"))),
         "no price and no reason: PLAYNOW could be asked"),
        ("a quote without game, after as-of", lambda: unexplained_games(absences({}, LOST | LATE, seen={})), None),
        ("a quote without game", lambda: unexplained_games(absences({}, LOST, seen={})),
         "VAN at TOR has no price and no reason: 1 quotes of the slate found no game"),
        ("a quote of other teams", lambda: unexplained_games(absences({}, OTHERS, seen={})), None),
        ("lost on the way", lambda: unexplained_games(absences(seen={}, counted=3)), "3 quotes were accepted and none"),
    ],
    "no_price_after_puck_drop": [
        ("in time", partial(late, "16:00", "16:30"), None),
        ("seen after the start", partial(late, "16:00", "19:00"), "1 prices from after puck drop"),
        ("captured after as-of", partial(late, "17:30", "17:30"), "1 prices from after puck drop"),
    ],
}  # fmt: skip

ELSEWHERE = {
    CONTRACT_CHECK: "below, table by table",
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


# -- contracts -------------------------------------------------------------------------------------------------

VALUES = {
    Dtype.DATE: SLATE,
    Dtype.STRING: "x",
    Dtype.TIMESTAMP: LONG_AGO,
    Dtype.BOOL: True,
}


def sound(spec: TableSpec) -> Row:
    """A row that keeps every rule of a table."""
    return {c.name: c.allowed[0] if c.allowed else VALUES.get(c.dtype, c.ge or 0) for c in spec.columns}


@pytest.mark.parametrize("spec", TABLES.values(), ids=lambda spec: spec.name)
def test_a_contract_passes_and_finds_a_null_where_none_may_be(spec: TableSpec) -> None:
    frame = spec.conform(pd.DataFrame([sound(spec)]))
    assert violations(spec, frame) == []
    forbidden = [c.name for c in spec.columns if not c.nullable and c.name != spec.partition_column]
    broken = frame.astype({name: object for name in forbidden}).assign(**dict.fromkeys(forbidden))
    assert {f"{name} is never null" for name in forbidden} <= {v.rule for v in violations(spec, broken)}
