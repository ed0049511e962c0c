"""What the benchmark prints of the heavy slates."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.table import Table

from benchmarks.heavy_work import PARTS
from benchmarks.measure import Measurement
from benchmarks.tables import megabytes, ratio


@dataclass(frozen=True)
class HeavyResult:
    """One vendor's heavy slate. rivals: seconds of other ways on the same bytes, by name."""

    name: str
    figures: Mapping[str, float]
    floor: Measurement
    rows: Measurement
    rivals: Mapping[str, Measurement] = field(default_factory=dict)


def heavy_table(results: list[HeavyResult]) -> Table:
    """From archived bytes to rows in the warehouse, everything included, against reading the bytes alone."""
    table = Table(title="A heavy slate, three captures", title_justify="left", show_edge=False)
    table.add_column("Vendor", no_wrap=True)
    for name in ("Bytes", "Quotes", "Facts", "Floor", "Time", "/ floor", "Peak memory"):
        table.add_column(name, justify="right")
    for result in results:
        figures, floor = result.figures, result.floor.seconds
        counts = (f"{figures['bytes'] / 1e6:.1f} MB", f"{figures['quotes']:,.0f}", f"{figures['facts']:,.0f}")
        rows = result.rows
        took = (f"{floor:.2f} s", f"{rows.seconds:.2f} s", ratio(rows.seconds / floor), megabytes(rows))
        table.add_row(result.name, *counts, *took)
        for name, rival in result.rivals.items():
            told = (f"{rival.seconds:.2f} s", ratio(rival.seconds / floor), megabytes(rival))
            table.add_row(f"  {name}", "", "", "", "", *told)
    return table


def parts_table(results: list[HeavyResult]) -> Table:
    """Where the time goes, in units of the floor."""
    table = Table(title="Where it goes, in floors", title_justify="left", show_edge=False)
    table.add_column("Part", no_wrap=True)
    for result in results:
        table.add_column(result.name, justify="right", max_width=10)
    for part in PARTS:
        table.add_row(part, *(ratio(r.rows.parts[part] / r.floor.seconds) for r in results))
    return table
