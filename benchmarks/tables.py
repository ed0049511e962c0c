"""What the benchmark prints."""

from rich.table import Table

from benchmarks.launched import ASSETS, CHECKS, PUBLISHING, REST
from benchmarks.measure import Measurement
from benchmarks.plain import STORING, TRANSFORMS


def range_table(plain: Measurement, together: Measurement, apart: Measurement) -> Table:
    """Ratios to the plain transforms, and to the range run."""
    table = table_of("From archived bytes to published slates", "Peak memory")
    plain_table = [
        ("the transforms, without Dagster", plain.parts[TRANSFORMS], ""),
        ("the same, their tables stored", plain.seconds, plain),
    ]
    return table


def table_of(title: str, *more: str) -> Table:
    table = Table(title=title, title_justify="left", show_edge=False)
    table.add_column("Work")
    for name in ("Time", "Ratio", *more):
        table.add_column(name, justify="right")
    return table
