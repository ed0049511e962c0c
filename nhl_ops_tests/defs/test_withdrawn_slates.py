"""A withdrawn card among the windows of a later slate: left out of what was claimed and observed, and said so."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import pytest

from nhl_ops.contracts.reports import REPORT_DAILY, REPORT_ROLLING, SEASON
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.card_moves import roll_back, rolling_behind, withdraw
from nhl_ops.defs.gaps import PUBLISHED_ONLY
from nhl_ops.defs.steps import Step, assets_of
from nhl_ops.gateways.exports import names
from nhl_ops_tests.fakes.project import Project


@dataclass(frozen=True)
class Withdrawn:
    """A range of slates of which one in the middle was withdrawn, and what was behind before the next run."""

    project: Project
    slate: str
    newest: str
    behind: tuple[str | None, ...]

    def read(self, spec: TableSpec, keys: list[str]) -> pd.DataFrame:
        return self.project.house.warehouse.read_slices(spec, keys, PUBLISHED_ONLY)[0]


@pytest.fixture(scope="module")
def withdrawn(
    ranged: Project, past: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Withdrawn]:
    project = ranged.copy(tmp_path_factory.mktemp("withdrawn") / "project")
    slate, newest = past[-2:]
    with project.here():
        before = rolling_behind(project.house)
        withdraw(project.house, slate, "ann", "wrong lines")
        after = rolling_behind(project.house)
        project.succeed([newest], assets_of([Step.DIAGNOSTICS]))
        yield Withdrawn(project, slate, newest, (before, after, rolling_behind(project.house)))


def test_the_rolling_report_is_behind_from_the_withdrawal_to_the_next_run(withdrawn: Withdrawn) -> None:
    assert withdrawn.behind == (None, withdrawn.newest, None)


def test_windows_leave_the_withdrawn_bets_out_and_count_the_slate(
    withdrawn: Withdrawn, past: list[str]
) -> None:
    daily = withdrawn.read(REPORT_DAILY, past).set_index("game_date")
    season = withdrawn.read(REPORT_ROLLING, [withdrawn.newest]).set_index("window").loc[SEASON]
    assert daily.loc[withdrawn.slate, "best_bets"] > 0
    kept = daily.drop(index=withdrawn.slate)
    assert season["best_bets"] == kept["best_bets"].sum()
    assert season["bets_settled"] == (kept["bets_won"] + kept["bets_lost"]).sum()
    assert (season["slates_withdrawn"], season["quotes"]) == (1, daily["quotes"].sum())


def test_the_report_says_how_many_slates_are_left_out(withdrawn: Withdrawn) -> None:
    report = (withdrawn.project.root / names.ROLLING_REPORT).read_text(encoding="utf-8")
    assert "because their cards are withdrawn: season: 1 slate, 7 days: 1 slate, 14 days: 1 slate" in report


def test_a_card_that_is_put_back_leaves_the_rolling_report_behind_again(withdrawn: Withdrawn) -> None:
    house = withdrawn.project.house
    first = house.warehouse.published.history(withdrawn.slate)[0]
    roll_back(house, withdrawn.slate, first.scope_id, "ann", "the lines were right")
    assert rolling_behind(house) == withdrawn.newest
