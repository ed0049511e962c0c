"""One piece of work in a process of its own: its seconds and its peak memory, untouched by what ran before."""

import multiprocessing
import resource
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import median

Seconds = Mapping[str, float]
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024
"""Of ru_maxrss, which each system counts in its own unit."""


@dataclass(frozen=True)
class Measurement:
    """What a piece of work took. `parts` are seconds by part, as the work itself timed them."""

    parts: Seconds
    peak_mb: float

    @property
    def seconds(self) -> float:
        return sum(self.parts.values())


def measured(work: Callable[..., Seconds], *arguments: object) -> Measurement:
    """Run `work` in a new process; it returns seconds by part, so that imports and set-up stay out."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_with_peak, work, arguments).result()


def _with_peak(work: Callable[..., Seconds], arguments: tuple[object, ...]) -> Measurement:
    parts = work(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT
    return Measurement(parts, peak / 1e6)


def middle(repeats: list[Measurement]) -> Measurement:
    """The median of every part and of the peak."""
    parts = {name: median(r.parts[name] for r in repeats) for name in repeats[0].parts}
    return Measurement(parts, median(r.peak_mb for r in repeats))
