"""A line that shows which step runs, and how many are done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def step_progress(console: Console, title: str, steps: int) -> Iterator[Callable[[dg.DagsterEvent], None]]:
    """Yields what to call with each event of the run."""
    columns = [TextColumn("{task.fields[title]}"), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn()]
    with Progress(*columns, TextColumn("{task.description}"), console=console, transient=True) as progress:
        task = progress.add_task("", total=steps, title=title)

        def on_event(event: dg.DagsterEvent) -> None:
            if event.event_type is dg.DagsterEventType.STEP_START:
                progress.update(task, description=str(event.step_key))
            elif event.event_type in (dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_FAILURE):
                progress.advance(task)

        yield on_event
