"""`python -m benchmarks`: a league in a temporary folder, worked on in several ways, and the ratios between them."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console

from benchmarks.launched import as_one_range, bring_captures, slate_by_slate
from benchmarks.measure import measured, middle
from benchmarks.plain import bytes_to_rows, only_loads, without_dagster
from benchmarks.publication import publication
from benchmarks.tables import odds_table, range_table
from benchmarks.workspace import SLATES, Workspace, league_workspace

TEAMS = 16
REPEATS = 3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--teams", type=int, default=TEAMS, help="size of the synthetic league, 4 to 32")
    teams = parser.parse_args().teams
    console = Console()
    started = perf_counter()
    with TemporaryDirectory(prefix="nhl-ops-bench-") as folder, league_workspace(Path(folder), teams) as base:
        console.print(f"{SLATES} slates of a league of {teams} teams; each piece of work in its own process")
        measured(bring_captures, base)
        ranges(console, base)
        odds(console, base)
        console.print()
        console.print(publication(base))
    console.print(f"\nAll of it took {perf_counter() - started:.0f} s.")


def ranges(console: Console, base: Workspace) -> None:
    """One range run against the plain transforms (medians, in turn), and against a run a slate."""
    pairs = [
        (measured(without_dagster, base.copy("plain")), measured(as_one_range, base.copy("range")))
        for _ in range(REPEATS)
    ]
    plain, together = (middle(list(repeats)) for repeats in zip(*pairs, strict=True))
    apart = measured(slate_by_slate, base.copy("single"))
    console.print(range_table(plain, together, apart))


def odds(console: Console, base: Workspace) -> None:
    """Bytes to rows against reading the JSON alone; medians."""
    loads = middle([measured(only_loads, base) for _ in range(REPEATS)])
    rows = middle([measured(bytes_to_rows, base.copy("odds")) for _ in range(REPEATS)])
    console.print()
    console.print(odds_table(loads, rows))


if __name__ == "__main__":
    main()
