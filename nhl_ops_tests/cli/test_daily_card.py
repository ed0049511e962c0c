"""`nhl-ops run-daily`: the skip, the card and its files, the same card again."""

import json
from datetime import datetime

import dagster as dg
import pandas as pd
import pytest
from openpyxl import load_workbook

from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.spec import Kind
from nhl_ops.defs.steps import ASSETS, PUBLISHING_ASSET, Step
from nhl_ops_tests.cli.conftest import Card, Skipped
from nhl_ops_tests.cli.operator import ANCHOR, Operator, Told

A3 = [
    f"outputs/monitoring/daily_run_{ANCHOR}.md",
    f"outputs/monitoring/daily_report_{ANCHOR}.md",
    "outputs/monitoring/rolling_report.md",
    f"outputs/monitoring/ingest_status_{ANCHOR}.json",
    "outputs/projections/SingleGamePropProbabilities.csv",
    "outputs/ev_analysis/MultiBookBestBets.xlsx",
    *(f"outputs/audits/ev_prob_audit_{ANCHOR}.{suffix}" for suffix in ("md", "csv", "jsonl")),
]


def test_without_a_switch_nothing_runs_and_the_skip_is_recorded(skipped: Skipped) -> None:
    assert skipped.told.code == 0
    assert "Nothing was asked for" in skipped.told.text
    assert "nhl-ops run-daily --all" in skipped.told.text
    assert "**Skipped. No step was asked for, so nothing ran.**" in skipped.daily_run


def test_a_skipped_run_is_visible_in_the_instance(skipped: Skipped) -> None:
    (run,) = skipped.runs
    assert run.job_name == "slates"
    assert run.tags["dagster/partition"] == ANCHOR
    assert run.tags["nhl_ops/skipped"] == "no step was switched on"
    assert run.is_finished
    assert run.run_id in skipped.daily_run


def test_a_step_whose_inputs_were_never_computed_fails_and_says_what_to_run(too_early: Told) -> None:
    assert too_early.code == 1
    assert f"dim_games has not been computed for {ANCHOR}" in too_early.text
    assert "nhl-ops backfill" in too_early.text


def test_a_date_outside_of_the_slates_is_refused_with_their_range(
    operator: Operator, skipped: Skipped, league: str
) -> None:
    told = operator.run("run-daily", "--date", "2019-01-01", "--all", NHL_OPS_LEAGUE_URL=league)
    assert told.code == 1
    assert "2019-01-01 is no slate: they run from 2021-07-01 to" in told.err
    assert not list((operator.root / "outputs" / "monitoring").glob("*2019*"))


def test_the_card_succeeds_and_the_table_shows_it(card: Card) -> None:
    assert card.told.code == 0, card.told
    for header in ("Slate", "Games", "Quotes PLAYNOW", "Quotes UNABATED", "Mapped", "Best bets"):
        assert header in card.told.text
    assert f"Best bets of {ANCHOR}" in card.told.text
    assert "0 failed" in card.told.text
    assert "succeeded in" in card.told.text
    for file in A3:
        assert file in card.told.out


def test_the_card_is_a_run_of_its_slate_in_the_instance(card: Card) -> None:
    run = card.newest_run
    assert run.status is dg.DagsterRunStatus.SUCCESS
    assert run.tags["dagster/partition"] == ANCHOR
    assert run.tags["nhl_ops/launched_by"] == "command"
    assert run.run_id in card.daily_run


@pytest.mark.parametrize("file", A3)
def test_every_file_is_there_under_its_name(operator: Operator, card: Card, file: str) -> None:
    assert (operator.root / file).stat().st_size > 300


def test_all_derived_tables_are_published(card: Card) -> None:
    assert set(card.digests) == {spec.name for spec in TABLES.values() if spec.kind is Kind.DERIVATION}


def test_the_workbook_lists_the_published_best_bets(operator: Operator, card: Card) -> None:
    book = load_workbook(operator.root / "outputs/ev_analysis/MultiBookBestBets.xlsx", read_only=True)
    cells = {str(cell) for row in book["Best bets"].iter_rows(values_only=True) for cell in row}
    prices = sum(1 for _ in book["All prices"].iter_rows(values_only=True))
    book.close()
    names = operator.ask(f"select player_name from ev_multi_book_best_bets where game_date = '{ANCHOR}'")
    assert names
    assert {name for (name,) in names} <= cells
    assert prices > operator.ask("select count(*) from ev_fair_prices")[0][0]


def test_the_csv_holds_every_published_probability(operator: Operator, card: Card) -> None:
    rows = pd.read_csv(operator.root / "outputs/projections/SingleGamePropProbabilities.csv")
    (published,) = operator.ask(
        f"select count(*), avg(p_over) from single_game_prop_probabilities where game_date = '{ANCHOR}'"
    )
    assert len(rows) == published[0]
    assert rows["p_over"].mean() == pytest.approx(published[1], abs=1e-6)


def test_the_audit_derives_every_best_bet_down_to_its_ev(operator: Operator, card: Card) -> None:
    lines = operator.read(f"outputs/audits/ev_prob_audit_{ANCHOR}.jsonl").splitlines()
    bets = {bet["bet_id"]: bet for bet in map(json.loads, lines)}
    published = operator.ask("select bet_id, ev_pct from ev_multi_book_best_bets")
    assert set(bets) == {bet_id for bet_id, _ in published}
    for bet_id, ev_pct in published:
        steps = {step["quantity"]: step["value"] for step in bets[bet_id]["steps"]}
        assert steps["ev_pct"] == pytest.approx(ev_pct, abs=1e-4)
        assert {"mean", "prob_model", "prob_consensus", "fair_price_decimal"} <= set(steps)


def test_the_ingest_status_balances_for_each_vendor(card: Card) -> None:
    status = json.loads(card.ingest_status)
    assert set(status["vendors"]) == {"UNABATED", "PLAYNOW", "ODDSSHARK", "FILE_DROP"}
    for name, vendor in status["vendors"].items():
        parts = ("accepted", "duplicate", "other_slate", "quarantined")
        assert vendor["outcome"] == "ok"
        assert vendor["seen"] == sum(vendor[part] for part in parts)
        assert (vendor["seen"] > 0) is (name != "FILE_DROP"), "nobody dropped a file"
        assert vendor["mapped"] <= vendor["accepted"]


def test_what_vendors_sent_lies_in_the_archive_by_vendor_and_day(operator: Operator, card: Card) -> None:
    day = f"{datetime.fromisoformat(ANCHOR):%Y/%m/%d}"
    for vendor in ("UNABATED", "PLAYNOW", "NHL"):
        bodies = list((operator.root / "outputs/odds/raw" / vendor / day).glob("*.json.zst"))
        assert bodies, f"nothing archived for {vendor}"


def test_the_same_card_again_adds_no_observation_and_leaves_equal_tables(card: Card, again: Card) -> None:
    assert again.told.code == 0, again.told
    assert again.observed == card.observed
    assert again.observed["fact_prop_odds"] > 0
    assert again.digests == card.digests


def test_the_environment_flag_for_everything_equals_the_switch(card: Card, again: Card) -> None:
    assert steps_of(again.daily_run) == steps_of(card.daily_run)
    assert again.newest_run.asset_selection == card.newest_run.asset_selection


def test_flags_of_single_steps_run_those_steps_and_publish(
    operator: Operator, again: Card, league: str
) -> None:
    told = operator.run(
        "run-daily", NHL_OPS_RUN_EV="1", NHL_OPS_RUN_DIAGNOSTICS="true", NHL_OPS_LEAGUE_URL=league
    )
    assert told.code == 0, told
    chosen = {*ASSETS[Step.EV], *ASSETS[Step.DIAGNOSTICS], PUBLISHING_ASSET}
    assert operator.runs()[0].asset_selection == {dg.AssetKey(name) for name in chosen}
    assert operator.digests() == again.digests


def steps_of(daily_run: str) -> set[str]:
    """Names in the table of steps."""
    table = daily_run.split("## Steps", 1)[1].split("##", 1)[0]
    return {line.split("`")[1] for line in table.splitlines() if "`" in line}
