"""Plots of the reports: what they show, what they say when there is nothing, and that they are fit for a page."""

from collections.abc import Callable
from itertools import combinations

import pandas as pd
import pytest
from lxml import etree

from nhl_ops.contracts import evidence as contracts
from nhl_ops.contracts.reports import REPORT_DAILY
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.gateways.exports import plots_ev, plots_forecasts, plots_odds
from nhl_ops.gateways.exports.plots import INK
from nhl_ops_tests import evidence_frames as frames
from nhl_ops_tests.gateways import exports_evidence as evidence
from nhl_ops_tests.gateways.exports_report_rows import daily_row
from nhl_ops_tests.gateways.exports_samples import HOSTILE

Plot = Callable[[pd.DataFrame], str]
SVG = "{http://www.w3.org/2000/svg}"
COVERAGE, EV = contracts.FACT_ODDS_COVERAGE_DAILY, contracts.FACT_EV_SUMMARY_DAILY
ACCURACY, RUNS = contracts.FACT_FORECAST_ACCURACY_DAILY, contracts.FACT_RUN_REGISTRY
PLOTS = [
    (
        plots_forecasts.reliability,
        evidence.accuracy,
        ACCURACY,
        "P(over) as published (%)",
        "No probability has been",
    ),
    (plots_forecasts.losses, daily_row, REPORT_DAILY, "Log-loss (nats, lower is better)", "No settled price"),
    (plots_odds.coverage, evidence.coverage, COVERAGE, "Market (cells: quotes)", "No book quoted"),
    (plots_odds.by_vendor, evidence.coverage, COVERAGE, "Vendor (cells: quotes)", "No vendor quoted"),
    (plots_odds.timings, evidence.runs, RUNS, "Time (s)", "No step of a run"),
    (
        plots_ev.distribution,
        evidence.ev_summary,
        EV,
        "EV (% of stake), 5th to 95th percentile",
        "No price had",
    ),
    (
        plots_ev.by_slate,
        evidence.ev_summary,
        EV,
        "EV (% of stake), 5th to 95th percentile",
        "No price in this window",
    ),
    (plots_ev.claimed, evidence.ev_summary, EV, "Profit (% of stake)", "No best bet has been won or lost"),
    (
        plots_ev.units,
        daily_row,
        REPORT_DAILY,
        "Profit (units, one on each bet)",
        "No best bet has been won or lost",
    ),
]
NAMES = [plot.__name__ for plot, *_ in PLOTS]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(svg).iter(f"{SVG}text")]


every_plot = pytest.mark.parametrize(("plot", "full", "spec", "axis", "nothing"), PLOTS, ids=NAMES)


@every_plot
def test_a_plot_has_a_title_for_eyes_and_ears_and_a_unit_on_its_axis(
    plot: Plot, full: Callable[[], pd.DataFrame], spec: TableSpec, axis: str, nothing: str
) -> None:
    svg = plot(full())
    root = etree.fromstring(svg)
    assert root[0].tag == f"{SVG}title"
    assert root.get("role") == "img"
    assert root[0].text in texts(svg)
    assert axis in texts(svg)


@every_plot
def test_a_plot_is_the_same_twice_and_takes_the_colour_of_the_page(
    plot: Plot, full: Callable[[], pd.DataFrame], spec: TableSpec, axis: str, nothing: str
) -> None:
    svg = plot(full())
    assert svg == plot(full()[::-1])
    assert INK not in svg
    assert "currentColor" in svg
    assert not any(word in svg for word in ("#000000", "#ffffff", "<?xml", "<style", "<metadata", "<image"))


@every_plot
def test_a_plot_of_nothing_says_so_in_a_sentence(
    plot: Plot, full: Callable[[], pd.DataFrame], spec: TableSpec, axis: str, nothing: str
) -> None:
    svg = plot(spec.empty_frame())
    assert " ".join(texts(svg)[1:]).startswith(nothing)
    assert axis not in texts(svg)


def test_two_plots_of_a_page_share_no_id() -> None:
    pages = [plot(full()) for plot, full, *_ in PLOTS]
    ids = [set(etree.fromstring(svg).xpath("//@id")) for svg in pages]
    assert not any(one & other for one, other in combinations(ids, 2))


def test_a_band_is_of_all_markets_together() -> None:
    rows = [{"level": "bin", "market": m, "bin": 4, "mean_p_over": p, "over_rate": o, "predictions": n}
            for m, p, o, n in (("SOG", 0.42, 0.5, 30), ("POINTS", 0.48, 0.2, 10))]  # fmt: skip
    line = {"level": "line", "market": "SOG", "line": 2.5, "bin": -1, "predictions": 99}
    (row,) = plots_forecasts.reliability_bins(frames.accuracy(*rows, line)).to_dict("records")
    assert row["predictions"] == 40
    assert row["mean_p_over"] == pytest.approx(0.435)
    assert row["over_rate"] == pytest.approx(17 / 40)
    assert row["low"] < 17 / 40 < row["high"]


def test_claims_of_several_slates_are_weighed_by_their_settled_bets() -> None:
    bucket = {"level": "bucket", "name": "0% to 1%"}
    one = bucket | {"best_bets_mean_ev_pct": 0.2, "bets_settled": 1, "bets_won": 1, "bets_profit_units": 0.9}
    two = bucket | {"best_bets_mean_ev_pct": 0.8, "bets_settled": 3, "bets_won": 1, "bets_profit_units": -1.3}
    open_ = bucket | {"best_bets_mean_ev_pct": 9.0, "bets_settled": 0}
    (row,) = plots_ev.claimed_rows(frames.ev_summary(one, two, open_)).to_dict("records")
    assert (row["bets"], row["won"]) == (4, 2)
    assert row["claimed"] == pytest.approx(0.65)
    assert row["realised"] == pytest.approx(-10.0)
    assert row["low"] < -10 < row["high"]


def test_times_are_of_the_newest_run_alone_and_not_of_the_whole() -> None:
    later = pd.Timestamp("2026-01-08T01:00Z")
    rows = [
        ("old", "report_daily", 9.0, None),
        ("new", "report_daily", 1.0, later),
        ("new", "run", 5.0, later),
    ]
    given = [
        {"run_id_dagster": r, "step": s, "seconds": x} | ({"at_utc": at} if at else {})
        for r, s, x, at in rows
    ]
    started = {"run_id_dagster": "newest", "step": "report_daily", "at_utc": later + pd.Timedelta("1h")}
    steps = plots_odds.step_times(frames.runs(*given, started))
    assert steps.to_dict("records") == [{"step": "report_daily", "seconds": 1.0}]


def test_many_books_are_cut_and_it_is_said() -> None:
    svg = plots_odds.coverage(evidence.coverage([f"book {i:02d}" for i in range(30)]))
    assert f"Book, {plots_odds.ROWS_SHOWN} of 30" in texts(svg)
    assert "book 29" in texts(svg)
    assert "book 00" not in texts(svg)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_and_nothing_else(name: str) -> None:
    svg = plots_odds.coverage(evidence.coverage([name]))
    root = etree.fromstring(svg)
    assert not root.xpath("//*[local-name()='script' or local-name()='a' or local-name()='image']")
    assert not any(char in svg for char in "\u202e\u2066\x00")
