"""`python -m benchmarks`: builds a league in a temporary folder, works on it in several ways, prints the ratios."""

import argparse
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console

from benchmarks.launched import as_one_range, bring_captures, slate_by_slate
from benchmarks.measure import Measurement, measured, middle
from benchmarks.plain import bytes_to_rows, only_loads, without_dagster
from benchmarks.tables import odds_table, range_table
from benchmarks.workspace import SLATES, Workspace, league_workspace

TEAMS = 32
REPEATS = 3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--teams", type=int, default=TEAMS, help="size of the synthetic league (4 to 32)")
    teams = parser.parse_args().teams
    console = Console()
    started = perf_counter()
    with TemporaryDirectory(prefix="nhl-ops-bench-") as folder, league_workspace(Path(folder), teams) as base:
        console.print(f"A league of {teams} teams, its last {SLATES} slates; each piece of work in a process of its own.")
        captured = measured(bring_captures, base)
        ranges(console, base)
        odds(console, base)
    console.print(f"Captured beforehand in {captured.seconds:.1f} s; all of it took {perf_counter() - started:.0f} s.")


def ranges(console: Console, base: Workspace) -> None:
    plain = measured(without_dagster, base.copy("plain"))
    together = measured(as_one_range, base.copy("range"))
    apart = measured(slate_by_slate, base.copy("single"))
    console.print(range_table(plain, together, apart))


def odds(console: Console, base: Workspace) -> None:
    loads = middle([measured(only_loads, base) for _ in range(REPEATS)])
    rows = middle([measured(bytes_to_rows, base.copy("odds")) for _ in range(REPEATS)])
    console.print(odds_table(loads, rows))


if __name__ == "__main__":
    main()
