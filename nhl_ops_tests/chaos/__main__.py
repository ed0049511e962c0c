"""`python -m nhl_ops_tests.chaos`: prints a line a kill, and ends with 1 if a reader or a next run suffered."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nhl_ops.defs.league_control import LeagueChoice, league_process, serve_arguments
from nhl_ops.domain.settings import LeagueKind
from nhl_ops.gateways.config_files import load_settings
from nhl_ops_tests.chaos.faults import CASES, Case, faults
from nhl_ops_tests.chaos.kills import BACKFILL, Killed, Prepared, equality, kills, prepare
from nhl_ops_tests.chaos.readers import NOTHING
from nhl_ops_tests.cli.operator import ANCHOR, new_project

COLUMNS = ("Kill", "Command", "After", "Which is", "In step", "Readers saw", "Looks", "Next run", "Tables")
WIDTH = 180
T = TypeVar("T", Case, Killed)
TO_THE_RIGHT = {"Kill", "After", "Looks"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m nhl_ops_tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20260120)
    names = [case.__name__ for case in CASES]
    parser.add_argument(
        "--cases", nargs="*", choices=names, default=names, metavar="CASE", help=", ".join(names)
    )
    chosen = parser.parse_args()
    console = Console(width=WIDTH)
    with TemporaryDirectory(prefix="nhl-ops-chaos-") as folder, prepared_in(Path(folder)) as prepared:
        cases = told(console, faults(prepared, chosen.cases))
        done = told(console, kills(prepared, chosen.kills, chosen.seed))
    for shown in filter(lambda made: made.row_count, (table(done), faults_table(cases))):
        console.print(shown)
        console.print()
    bad = [one for one in [*done, *cases] if not one.is_good]
    console.print(
        f"{len(done)} kills, {len(cases)} other cases, {len(bad)} bad; seed {chosen.seed}; "
        f"tonight is {ANCHOR}, the backfill is {BACKFILL.slates[0]} to {BACKFILL.slates[-1]}"
    )
    sys.exit(1 if bad else 0)


@contextmanager
def prepared_in(folder: Path) -> Iterator[Prepared]:
    """A project with its cards and a league of its own that runs until the end of the block."""
    operator = new_project(folder / "project")
    policy = load_settings(operator.root / "config").policy.league
    choice = LeagueChoice(LeagueKind.SYNTHETIC, None, None)
    arguments = serve_arguments(choice, policy, operator.root, date.fromisoformat(ANCHOR))
    with league_process(arguments) as address:
        yield prepare(operator, address)


def told(console: Console, found: Iterable[T]) -> list[T]:
    """All of them; each is a line as soon as it is known."""
    done = []
    for one in found:
        done.append(one)
        console.print(one.line, highlight=False, markup=False, soft_wrap=True)
    return done


def table(done: list[Killed]) -> Table:
    title = "kill -9 (after so much processor time), then the same command again"
    shown = Table(title=title, title_justify="left", show_edge=False)
    for name in COLUMNS:
        shown.add_column(name, justify="right" if name in TO_THE_RIGHT else "left", overflow="fold")
    for k in done:
        shown.add_row(
            str(k.number),
            k.kind,
            f"{k.after_sec:.1f} s",
            k.point,
            Text(k.step),
            Text(k.readers.replace(NOTHING, "nothing yet")),
            f"{k.looks} ({k.asked_again} again)" if k.asked_again else str(k.looks),
            f"{k.next_start}, exit {k.next_code}",
            equality(k.unequal),
        )
    return shown


def faults_table(cases: list[Case]) -> Table:
    shown = Table(title="What else goes wrong", title_justify="left", show_edge=False)
    for name in ("Case", "Run", "It said", "Readers saw", "Way on", "Then", "Tables"):
        shown.add_column(name, overflow="fold", ratio=1 if name == "It said" else None)
    for c in cases:
        if c.left_out:
            shown.add_row(c.name, "left out", c.left_out, *"----")
            continue
        run = "succeeds" if c.code is None else f"exit {c.code}"
        shown.add_row(
            c.name, run, Text(c.said), Text(c.readers), c.way_on, f"exit {c.next_code}", equality(c.unequal)
        )
    return shown


if __name__ == "__main__":
    main()
