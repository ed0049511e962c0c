"""`python -m nhl_ops_tests.chaos`: prints a line a kill, and ends with 1 if a reader or a next run suffered."""

import argparse
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nhl_ops.defs.league_control import LeagueChoice, league_process, serve_arguments
from nhl_ops.domain.settings import LeagueKind
from nhl_ops.gateways.config_files import load_settings
from nhl_ops_tests.chaos.faults import Case, faults
from nhl_ops_tests.chaos.kills import BACKFILL, Killed, kills, prepare
from nhl_ops_tests.chaos.readers import NOTHING
from nhl_ops_tests.cli.operator import ANCHOR, new_project

COLUMNS = ("Kill", "Command", "After", "Which is", "In step", "Readers saw", "Looks", "Next run", "Equal")
WIDTH = 160
TO_THE_RIGHT = {"Kill", "After", "Looks"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m nhl_ops_tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20260120)
    parser.add_argument("--faults", action=argparse.BooleanOptionalAction, default=True)
    chosen = parser.parse_args()
    console = Console(width=WIDTH)
    with TemporaryDirectory(prefix="nhl-ops-chaos-") as folder:
        operator = new_project(Path(folder) / "project")
        policy = load_settings(operator.root / "config").policy.league
        choice = LeagueChoice(LeagueKind.SYNTHETIC, None, None)
        arguments = serve_arguments(choice, policy, operator.root, date.fromisoformat(ANCHOR))
        with league_process(arguments) as address:
            prepared = prepare(operator, address)
            cases: list[Case] = []
            for case in faults(prepared) if chosen.faults else ():
                cases.append(case)
                console.print(f"{case}", highlight=False, soft_wrap=True)
            done: list[Killed] = []
            for killed in kills(prepared, chosen.kills, chosen.seed):
                done.append(killed)
                console.print(f"{killed}", highlight=False, soft_wrap=True)
    console.print(table(done))
    console.print(faults_table(cases))
    bad: list[Killed | Case] = [k for k in [*done, *cases] if k.next_code != 0 or not k.is_equal]
    console.print(
        f"{len(done)} kills, {len(cases)} other cases, {len(bad)} bad; seed {chosen.seed}; "
        f"tonight is {ANCHOR}, the backfill is {BACKFILL.slates}"
    )
    sys.exit(1 if bad else 0)


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
            str(k.looks),
            f"{k.next_start}, exit {k.next_code}",
            "yes" if k.is_equal else "NO",
        )
    return shown


def faults_table(cases: list[Case]) -> Table:
    shown = Table(title="What else goes wrong", title_justify="left", show_edge=False)
    for name in ("Case", "Run", "It said", "Readers saw", "Way on", "Then", "Equal tables"):
        shown.add_column(name)
    for c in cases:
        run = "succeeds" if c.code is None else f"exit {c.code}"
        equal = "yes" if c.is_equal else "NO"
        shown.add_row(c.name, run, Text(c.said), c.readers, c.way_on, f"exit {c.next_code}", equal)
    return shown


if __name__ == "__main__":
    main()
