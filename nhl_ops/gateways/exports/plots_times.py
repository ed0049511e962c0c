"""How long the steps took, and of which run that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from nhl_ops.contracts.evidence import RUN
from nhl_ops.domain.run_summary import StepResult
from nhl_ops.gateways.exports import wording
from nhl_ops.gateways.exports.plots import BLUE, drawing, label, listed, sentence

TIMINGS = "Time of each step"
NOTHING = "No step of a run of this slate has been recorded with its time yet."
STEPS_SHOWN = 12
ROW_IN, FRAME_IN = 0.24, 1.0


@dataclass(frozen=True)
class StepTimes:
    """Steps with their seconds, the longest first, and a sentence that says of which run; without any, why not."""

    steps: Sequence[tuple[str, float]]
    said: str

    @property
    def rows(self) -> list[dict[str, object]]:
        return [{"step": name, "seconds": seconds} for name, seconds in self.steps]


def step_times(own: Sequence[StepResult], slates: int, runs: pd.DataFrame) -> StepTimes:
    """Times of the run that writes the report, else those of the newest run in the registry that has some.

    own: its steps that have ended. slates: how many it is of. runs: FACT_RUN_REGISTRY of runs with the slate.
    """
    times = [(step.name, step.seconds) for step in own if step.seconds is not None]
    if times:
        return StepTimes(
            _longest_first(times), f"Steps of this run{_over(slates)} that had ended when this was written."
        )
    steps = runs.loc[(runs["step"] != RUN) & runs["seconds"].notna()].sort_values(
        ["at_utc", "run_id_dagster"]
    )
    if steps.empty:
        return StepTimes((), NOTHING)
    newest = steps.iloc[-1]
    rows = steps.loc[steps["run_id_dagster"] == newest["run_id_dagster"]].drop_duplicates("step", keep="last")
    ended = wording.moment(newest["at_utc"])
    return StepTimes(
        _longest_first(list(zip(rows["step"], rows["seconds"], strict=True))),
        f"This run has no step with a time; these are of run {newest['run_id_dagster'][:8]}"
        f"{_over(int(newest['slates']))}, ended {ended} by the machine's clock.",
    )


def _longest_first(times: list[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(times, key=lambda step: (-step[1], step[0]))


def _over(slates: int) -> str:
    return f" over {slates:,} slates" if slates > 1 else ""


def timings(times: StepTimes) -> str:
    """Seconds of each step. A figure."""
    if not times.steps:
        return sentence(TIMINGS, times.said)
    shown, rest = list(times.steps[:STEPS_SHOWN]), times.steps[STEPS_SHOWN:]
    if rest:
        shown.append((f"{len(rest)} shorter ones", sum(seconds for _, seconds in rest)))
    names, seconds = [label(name) for name, _ in shown], [number for _, number in shown]

    def draw(axes: Axes) -> None:
        bars = axes.barh(range(len(names)), seconds, color=BLUE, height=0.65)
        axes.bar_label(bars, [f" {number:.1f}" for number in seconds], size=8)
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        axes.margins(x=0.15)
        axes.grid(visible=False, axis="y")
        axes.set(xlabel="Time (s)")

    told = f"{times.said} {listed(f'{name} {wording.seconds(n)}' for name, n in shown)}"
    return drawing(TIMINGS, draw, told=told, caption=times.said, height_in=FRAME_IN + ROW_IN * len(names))
