"""Plots of the reports: what they show, what they say when there is nothing, and that they are fit for a page."""

import re
from collections.abc import Callable
from itertools import combinations

import pandas as pd
import pytest
from lxml import etree

from nhl_ops.contracts import evidence as contracts
from nhl_ops.contracts.reports import REPORT_DAILY
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.run_summary import StepResult, StepStatus
from nhl_ops.gateways.exports import claims, plots_ev, plots_forecasts, plots_odds, plots_times
from nhl_ops.gateways.exports.plots import INK
from nhl_ops_tests import evidence_frames as frames
from nhl_ops_tests.gateways import exports_evidence as evidence
from nhl_ops_tests.gateways.exports_report_rows import daily_row
from nhl_ops_tests.gateways.exports_samples import HOSTILE

Plot = Callable[[pd.DataFrame], str]
SVG = "{http://www.w3.org/2000/svg}"
COVERAGE, EV = contracts.FACT_ODDS_COVERAGE_DAILY, contracts.FACT_EV_SUMMARY_DAILY
ACCURACY, RUNS = contracts.FACT_FORECAST_ACCURACY_DAILY, contracts.FACT_RUN_REGISTRY


def timings(runs: pd.DataFrame) -> str:
    return plots_times.timings(plots_times.step_times((), 1, runs))


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
    (timings, evidence.runs, RUNS, "Time (s)", "No step of a run"),
    (
        plots_ev.distribution,
        evidence.ev_summary,
        EV,
        "EV (% of stake)",
        "No price had",
    ),
    (
        plots_ev.by_slate,
        evidence.ev_summary,
        EV,
        "EV (% of stake)",
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


def described(svg: str) -> str:
    """What is said to who does not see it."""
    (told,) = etree.fromstring(svg).iter(f"{SVG}desc")
    return str(told.text)


def caption(svg: str) -> str:
    return str(etree.fromstring(svg).findtext("figcaption"))


every_plot = pytest.mark.parametrize(("plot", "full", "spec", "axis", "nothing"), PLOTS, ids=NAMES)


@every_plot
def test_a_plot_has_a_title_for_eyes_and_ears_and_a_unit_on_its_axis(
    plot: Plot, full: Callable[[], pd.DataFrame], spec: TableSpec, axis: str, nothing: str
) -> None:
    svg = plot(full())
    drawn = etree.fromstring(svg)[0]
    assert [drawn[0].tag, drawn[1].tag] == [f"{SVG}title", f"{SVG}desc"]
    assert drawn.get("role") == "img"
    assert drawn[0].text in texts(svg)
    assert axis in texts(svg)


@every_plot
def test_a_plot_states_its_figures_to_who_does_not_see_it(
    plot: Plot, full: Callable[[], pd.DataFrame], spec: TableSpec, axis: str, nothing: str
) -> None:
    assert len(re.findall(r"\d", described(plot(full())))) > 5
    assert described(plot(full())).endswith(".")


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
    said = etree.fromstring(svg).find("p")
    assert said is not None
    assert str(said[0].tail).strip().startswith(nothing)
    assert not texts(svg)


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


def test_the_figures_said_of_a_curve_are_those_of_its_dots() -> None:
    rows = [{"level": "bin", "market": "SOG", "bin": b, "mean_p_over": p, "over_rate": o, "predictions": 200}
            for b, p, o in ((1, 0.15, 0.16), (6, 0.65, 0.4))]  # fmt: skip
    said = described(plots_forecasts.reliability(frames.accuracy(*rows)))
    assert said.startswith("400 decided probabilities; in 1 of 2 tenths what was said lies in the band")
    assert "15.0% and 16.0% (" in said


def test_a_band_says_its_level_its_method_and_its_bets() -> None:
    under = caption(plots_ev.claimed(evidence.ev_summary()))
    assert under == claims.band_note(claims.by_bucket(evidence.ev_summary()))
    assert under.startswith("95% interval of the ROI of the 21 bets won or lost: Wilson's")
    assert under.endswith("ROI is only observed, never tuned on.")
    assert "Wilson's 95% interval" in caption(plots_forecasts.reliability(evidence.accuracy()))


LATER = pd.Timestamp("2026-01-08T01:00Z")


def registered(run: str, step: str, seconds: float | None, at: pd.Timestamp = LATER, slates: int = 1) -> dict:
    told = {"run_id_dagster": run, "step": step, "seconds": seconds, "at_utc": at}
    return told | {"slates": slates, "first_slate": "2026-01-07", "last_slate": "2026-01-07"}


def test_times_are_those_of_the_run_that_writes_as_far_as_it_has_come() -> None:
    own = [StepResult("a", StepStatus.SUCCEEDED, 1.5), StepResult("b", StepStatus.SUCCEEDED, 8.0)]
    skipped = StepResult("c", StepStatus.SKIPPED)
    times = plots_times.step_times([*own, skipped], 1, frames.runs(registered("old", "a", 9.0)))
    assert times.steps == [("b", 8.0), ("a", 1.5)]
    assert times.said == "Steps of this run that had ended when this was written."
    assert caption(plots_times.timings(times)) == times.said
    assert "over 20 slates" in plots_times.step_times(own, 20, frames.runs()).said


def test_times_of_a_former_run_are_called_so() -> None:
    rows = [
        registered("0ld0f00d-1", "report_daily", 9.0, LATER - pd.Timedelta("1h")),
        registered("5eed5eed-2", "report_daily", 1.0, slates=3),
        registered("5eed5eed-2", "run", 5.0, slates=3),
        registered("newest", "report_daily", None, LATER + pd.Timedelta("1h")),
    ]
    times = plots_times.step_times((), 1, frames.runs(*rows))
    assert times.steps == [("report_daily", 1.0)]
    assert times.said == (
        "This run has no step with a time; these are of run 5eed5eed over 3 slates, ended Jan 7, 8:00 PM ET "
        "by the machine's clock."
    )


def test_a_book_that_vendors_spell_differently_is_one_row() -> None:
    svg = plots_odds.coverage(evidence.coverage(["bet365", "Bet365", "FanDuel"]))
    assert "Bet365" in svg
    assert "bet365" not in svg


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
