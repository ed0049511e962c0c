"""`python -m benchmarks`: a league in a temporary folder, worked on in several ways, and the ratios between them."""

import argparse
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console

from benchmarks.heavy import CASES, Case, capture_heavy
from benchmarks.heavy_tables import HeavyResult, heavy_table, parts_table
from benchmarks.heavy_work import heavy_figures, heavy_floor, heavy_rows
from benchmarks.launched import as_one_range, bring_captures, slate_by_slate
from benchmarks.measure import measured, middle
from benchmarks.plain import bytes_to_rows, only_loads, without_dagster
from benchmarks.publication import publication
from benchmarks.rivals import with_json_normalize, with_read_json
from benchmarks.tables import odds_table, range_table
from benchmarks.workspace import SLATES, Workspace, league_workspace

TEAMS = 16
REPEATS = 3
WIDTH = 118
SLATE_PART, HEAVY_PART = "slates", "heavy"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--teams", type=int, default=TEAMS, help="size of the synthetic league, 4 to 32")
    parser.add_argument("--only", choices=[SLATE_PART, HEAVY_PART], help="one half of it")
    arguments = parser.parse_args()
    teams, only = arguments.teams, arguments.only
    console = Console(width=WIDTH)
    started = perf_counter()
    with TemporaryDirectory(prefix="nhl-ops-bench-") as folder, league_workspace(Path(folder), teams) as base:
        console.print(f"{SLATES} slates of a league of {teams} teams; each piece of work in its own process")
        if only != HEAVY_PART:
            measured(bring_captures, base)
            ranges(console, base)
            odds(console, base)
            console.print()
            console.print(publication(base))
        if only != SLATE_PART:
            heavy_slates(console, Path(folder), base)
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


def heavy_slates(console: Console, folder: Path, base: Workspace) -> None:
    """Every vendor's heavy slate; the other ways beside form A, whose figures are medians."""
    console.print("\nHeavy slates: 16 games, 6 markets, 3 captures; 9 books, or as much of one page or book")
    results = []
    for case in CASES:
        started = perf_counter()
        measured(capture_heavy, folder, case)
        results.append(heavy_slate(folder, case, base))
        console.print(f"  {case.name}: done in {perf_counter() - started:.0f} s")
        shutil.rmtree(folder / case.folder)
    console.print()
    console.print(heavy_table(results))
    console.print()
    console.print(parts_table(results))


def heavy_slate(folder: Path, case: Case, base: Workspace) -> HeavyResult:
    captured = Workspace(folder / case.folder, base.league_url)
    repeats = REPEATS if case is CASES[0] else 1
    floor = measured(heavy_floor, captured, case.vendor)
    rows = middle([measured(heavy_rows, captured.copy("heavy"), case.vendor) for _ in range(repeats)])
    figures = measured(heavy_figures, captured.beside("heavy"), case.vendor).parts
    ways = {"json_normalize, insert": with_json_normalize, "read_json, insert": with_read_json}
    rivals = {name: measured(way, captured) for name, way in ways.items()} if case is CASES[0] else {}
    return HeavyResult(case.name, figures, floor, rows, rivals)


if __name__ == "__main__":
    main()
