"""The league's server as a process: prints its address on the first line, ends with its parent if told to."""

import argparse
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Event

from nhl_ops.domain.slates import slate_of
from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.recorded import load_recorded
from nhl_ops.league.server.faults import FaultPlan, PlanError, plan_of_argument
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops.league.store import load_dataset, save_dataset
from nhl_ops.league.synthetic import build_synthetic


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recorded", type=Path, help="folder with stats/ and odds/")
    parser.add_argument("--synthetic", type=Path, help="folder that keeps the synthetic league")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--teams", type=int)
    parser.add_argument("--priced-slates", type=int)
    parser.add_argument("--anchor", type=date.fromisoformat)
    parser.add_argument("--insist", action="store_true", help="refuse a kept league of another anchor")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument(
        "--faults", type=fault_plan, default=FaultPlan(), help="a fault plan: JSON, or a file of it"
    )
    parser.add_argument("--ticking", action="store_true")
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input closes")
    return parser.parse_args()


def fault_plan(text: str) -> FaultPlan:
    try:
        return plan_of_argument(text)
    except PlanError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def dataset_of(args: argparse.Namespace) -> LeagueDataset:
    """The recorded league, or the synthetic one: built when missing, kept as it is from then on."""
    if args.recorded is not None:
        return load_recorded(args.recorded)
    if not (args.synthetic / "league.json").exists():
        print("building the synthetic league ...", file=sys.stderr)  # noqa: T201
        league = build_synthetic(args.seed, args.anchor, n_teams=args.teams, priced_slates=args.priced_slates)
        save_dataset(league, args.synthetic)
    league = load_dataset(args.synthetic)
    kept = slate_of(league.anchor_utc)
    if args.insist and kept != args.anchor:
        sys.exit(f"the league in {args.synthetic} stands at {kept}, not at {args.anchor}: `make clean` first")
    return league


def main() -> None:
    args = arguments()
    with LeagueServer(dataset_of(args), port=args.port, faults=args.faults) as server:
        if args.ticking:
            server.clock.start_ticking()
        print(server.url, flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            sys.stdin.read() if args.with_parent else Event().wait()


if __name__ == "__main__":
    main()
