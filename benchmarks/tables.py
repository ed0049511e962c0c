"""What the benchmark prints: each piece of work beside what it is measured against."""

from rich.table import Table

from benchmarks.launched import ASSETS, CHECKS, PUBLISHING, REST
from benchmarks.measure import Measurement
from benchmarks.plain import STORING, TRANSFORMS

PARTS = {
    ASSETS: "  its assets",
    CHECKS: "  its checks",
    PUBLISHING: "  publication, files too",
    REST: "  Dagster's events, the rest",
}


def range_table(plain: Measurement, together: Measurement, apart: Measurement) -> Table:
    """Ratios to the plain run of the transforms, tables stored as in a range run, and to the range run."""
    table = Table(title="From archived bytes to published slates", title_justify="left", show_edge=False)
    table.add_column("Work")
    for name in ("Time", "/ plain", "/ range", "Peak memory"):
        table.add_column(name, justify="right")

    def add(name: str, seconds: float, peak: str = "") -> None:
        ratios = (ratio(seconds / base.seconds) for base in (plain, together))
        table.add_row(name, f"{seconds:.2f} s", *ratios, peak)

    add("plain: without Dagster", plain.seconds, megabytes(plain))
    add("  its transforms", plain.parts[TRANSFORMS])
    add("range: one run", together.seconds, megabytes(together))
    for part, name in PARTS.items():
        add(name, together.parts[part])
    add("one run a slate", apart.seconds, megabytes(apart))
    return table


def odds_table(loads: Measurement, rows: Measurement) -> Table:
    """Ratios to `orjson.loads` of the same bytes (`lxml.html` for pages)."""
    table = Table(title="A slate's odds", title_justify="left", show_edge=False)
    table.add_column("Work")
    for name in ("Time", "/ orjson.loads"):
        table.add_column(name, justify="right")
    steps = {
        "orjson.loads of the archived bodies (pages: lxml)": loads.seconds,
        "read, parsed, mapped": rows.parts[TRANSFORMS],
        "held against their contracts, appended": rows.parts[STORING],
        "archived bytes to rows in the warehouse": rows.seconds,
    }
    for name, seconds in steps.items():
        table.add_row(name, f"{seconds * 1000:.1f} ms", ratio(seconds / loads.seconds))
    return table


def ratio(value: float) -> str:
    return f"{value:.2f}"


def megabytes(measurement: Measurement) -> str:
    return f"{measurement.peak_mb:.0f} MB"
