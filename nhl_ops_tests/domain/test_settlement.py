import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.domain.markets import Side
from nhl_ops.domain.settlement import Outcome, profit_units, settle

stats = st.integers(0, 12)
lines = st.integers(0, 20).map(lambda n: n / 2)


@pytest.mark.parametrize(
    ("stat", "line", "side", "outcome"),
    [
        (0, 0.5, Side.UNDER, Outcome.WON),
        (0, 0.5, Side.OVER, Outcome.LOST),
        (3, 2.5, Side.OVER, Outcome.WON),
        (3, 3.0, Side.OVER, Outcome.PUSH),
        (3, 3.0, Side.UNDER, Outcome.PUSH),
        (0, 0.0, Side.OVER, Outcome.PUSH),
    ],
)
def test_a_count_settles_against_its_line(stat: int, line: float, side: Side, outcome: Outcome) -> None:
    assert settle(stat, line, side, is_final=True, played=True) is outcome


@given(stat=stats, line=lines)
def test_one_side_wins_what_the_other_loses(stat: int, line: float) -> None:
    over, under = (settle(stat, line, side, is_final=True, played=True) for side in Side)
    assert {over, under} in ({Outcome.WON, Outcome.LOST}, {Outcome.PUSH})


@given(stat=stats, line=lines, side=st.sampled_from(Side))
def test_nothing_settles_before_the_game_is_final(stat: int, line: float, side: Side) -> None:
    assert settle(stat, line, side, is_final=False, played=True) is Outcome.PENDING


@given(stat=st.none() | stats, line=lines, side=st.sampled_from(Side))
def test_who_did_not_play_is_void(stat: int | None, line: float, side: Side) -> None:
    assert settle(stat, line, side, is_final=True, played=False) is Outcome.VOID


@pytest.mark.parametrize(
    ("outcome", "profit"),
    [
        (Outcome.WON, 1.5),
        (Outcome.LOST, -1.0),
        (Outcome.PUSH, 0.0),
        (Outcome.VOID, 0.0),
        (Outcome.PENDING, None),
    ],
)
def test_push_and_void_return_the_stake(outcome: Outcome, profit: float | None) -> None:
    assert profit_units(outcome, 2.5) == profit
