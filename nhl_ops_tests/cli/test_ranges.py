"""`nhl-ops backfill` over past slates, and `nhl-ops export` of what it published."""

from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from nhl_ops_tests.cli.conftest import Card
from nhl_ops_tests.cli.operator import ANCHOR, Operator, Told

START, END = "2026-01-18", "2026-01-19"


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def filled(operator: Operator, again: Card, league: str) -> Told:
    return operator.run("backfill", "--start", START, "--end", END, NHL_OPS_LEAGUE_URL=league)


def test_a_range_is_one_run_that_publishes_every_slate(operator: Operator, filled: Told) -> None:
    assert filled.code == 0, filled
    run = operator.runs()[0]
    assert run.status is dg.DagsterRunStatus.SUCCESS
    assert run.tags["dagster/asset_partition_range_start"] == START
    assert run.tags["dagster/asset_partition_range_end"] == END
    assert operator.digests(START)
    assert operator.digests(END)


def test_a_past_slate_is_priced_before_its_games_and_settled_after_them(
    operator: Operator, filled: Told
) -> None:
    late = operator.ask(
        f"select count(*) from ev_fair_prices where game_date <= '{END}' and captured_at_utc >= start_time_utc"
    )
    outcomes = operator.ask(
        f"select distinct outcome from fact_prop_settlements where game_date between '{START}' and '{END}'"
    )
    assert late == [(0,)]
    assert {"won", "lost"} <= {outcome.lower() for (outcome,) in outcomes}
    assert "pending" not in {outcome.lower() for (outcome,) in outcomes}


def test_a_backfill_leaves_tonights_card_as_it_was(operator: Operator, again: Card, filled: Told) -> None:
    assert operator.digests(ANCHOR) == again.digests
    workbook = (operator.root / "outputs/ev_analysis/MultiBookBestBets.xlsx").resolve()
    assert ANCHOR in workbook.parts


def test_the_export_holds_the_published_probabilities_of_those_who_played(
    operator: Operator, filled: Told, league: str, tmp_path: Path
) -> None:
    out = tmp_path / "probabilities.parquet"
    told = operator.run(
        "export",
        "probabilities",
        "--start",
        START,
        "--end",
        END,
        "--out",
        str(out),
        NHL_OPS_LEAGUE_URL=league,
    )
    assert told.code == 0, told
    exported = pd.read_parquet(out)
    assert list(exported.columns) == ["game_id", "player_id", "market", "line", "p_over"]
    assert exported["p_over"].between(0, 1).all()
    played = operator.ask(
        f"""select game_id_nhl, player_id_nhl from fact_skater_games where toi_sec > 0
        and game_date between '{START}' and '{END}'"""
    )
    shots = exported[exported["market"] == "SOG"]
    assert set(zip(shots["game_id"], shots["player_id"], strict=True)) <= set(played)
    assert len(exported) > 1000
