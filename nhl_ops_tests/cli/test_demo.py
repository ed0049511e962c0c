"""`nhl-ops demo`, twice: seven past slates and tonight's card from nothing, then the same again."""

from dataclasses import dataclass

import pytest

from nhl_ops_tests.cli.operator import ANCHOR, Operator, Told, new_project

pytestmark = pytest.mark.slow

SLATES = [f"2026-01-{day}" for day in range(13, 21)]


@dataclass(frozen=True)
class Shown:
    """What one `demo` left."""

    told: Told
    digests: dict[str, dict[str, str]]
    observed: dict[str, int]


def show(operator: Operator) -> Shown:
    told = operator.run("demo")
    return Shown(told, {slate: operator.digests(slate) for slate in SLATES}, operator.observed())


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return new_project(tmp_path_factory.mktemp("newcomer") / "project")


@pytest.fixture(scope="module")
def first(newcomer: Operator) -> Shown:
    return show(newcomer)


def test_a_newcomer_gets_eight_slates_and_is_told_where_to_look(newcomer: Operator, first: Shown) -> None:
    assert first.told.code == 0, first.told
    assert all(first.digests.values())
    assert "MultiBookBestBets.xlsx" in first.told.text
    assert "make dev" in first.told.text
    bets = newcomer.ask(f"select count(*) from ev_multi_book_best_bets where game_date = '{ANCHOR}'")
    assert bets[0][0] > 0


def test_past_slates_are_settled_and_tonight_is_pending(newcomer: Operator, first: Shown) -> None:
    outcomes = newcomer.ask(
        "select game_date::varchar, outcome from fact_prop_settlements group by all order by all"
    )
    pending = {day for day, outcome in outcomes if outcome == "pending"}
    assert {day for day, _ in outcomes} >= {ANCHOR}
    assert pending == {ANCHOR}


def test_a_second_demo_adds_no_observation_and_leaves_equal_tables(newcomer: Operator, first: Shown) -> None:
    second = show(newcomer)
    assert second.told.code == 0, second.told
    assert second.observed == first.observed
    assert second.digests == first.digests
