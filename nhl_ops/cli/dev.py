"""`nhl-ops dev` and `nhl-ops league serve`: processes that stay up until Ctrl-C."""

import os
import shutil
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
from rich.console import Console

from nhl_ops.cli.session import open_session
from nhl_ops.defs.house import PROJECT_ROOT, House, project_root
from nhl_ops.defs.league_control import league_choice, league_process, serve_arguments
from nhl_ops.domain.failures import PortTaken
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.clock import SystemClock
from nhl_ops.gateways.ports import is_free

LOOPBACK = "127.0.0.1"
STOP_WAIT_SEC = 10.0


def run_ui(console: Console, port: int) -> int:
    """The Dagster UI and daemon of this project, the league ticking beside them."""
    if not is_free(port):
        raise PortTaken(
            f"port {port} on {LOOPBACK} is in use", f"stop what uses it, or `nhl-ops dev --port {port + 1}`"
        )
    with open_session(ticking=True) as session:
        environment = os.environ | {"DAGSTER_HOME": str(session.root), "PYTHONPATH": str(PROJECT_ROOT)}
        dagster = shutil.which("dagster", path=str(Path(sys.executable).parent)) or "dagster"
        command = [
            dagster,
            "dev",
            "-w",
            str(PROJECT_ROOT / "workspace.yaml"),
            "-h",
            LOOPBACK,
            "-p",
            str(port),
        ]
        console.print(f"The UI comes up at http://{LOOPBACK}:{port} (Ctrl-C stops it)")
        return run_until_stopped(command, environment, session.root)


def run_until_stopped(command: list[str], environment: Mapping[str, str], folder: Path) -> int:
    """Exit code of the command; Ctrl-C and a polite kill end it with all that it started, and are a normal end."""
    hear_the_end()
    process = psutil.Popen(command, env=dict(environment), cwd=folder)
    try:
        return process.wait()
    except KeyboardInterrupt:
        stop(process)
        return 0


def hear_the_end() -> None:
    """Ctrl-C and a polite kill interrupt this process and, by default, what it starts from now on.

    A shell's background job starts with Ctrl-C ignored, and would hand that on.
    """
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, interrupt)


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def stop(process: psutil.Process, wait_sec: float = STOP_WAIT_SEC) -> None:
    """Ask as Ctrl-C would, then firmly, then end what is left of it and of all that it started."""
    family = [process, *process.children(recursive=True)]
    process.send_signal(signal.SIGINT)
    _, left = psutil.wait_procs(family, wait_sec)
    for ask in (signal.SIGTERM, signal.SIGKILL):
        for survivor in left:
            with suppress(psutil.NoSuchProcess):
                survivor.send_signal(ask)
        _, left = psutil.wait_procs(left, wait_sec)


def serve_league(console: Console, port: int, ticking: bool) -> int:
    """The league's server by hand."""
    env = os.environ.get
    house = House(project_root(env), env)
    today = slate_of(SystemClock().now())
    choice = league_choice(env)
    arguments = serve_arguments(choice, house.settings.policy.league, house.root, today)
    if port and not is_free(port):
        raise PortTaken(
            f"port {port} on {LOOPBACK} is in use", "choose another with --port, or 0 for a free one"
        )
    hear_the_end()
    with league_process(arguments, port=port, ticking=ticking) as address:
        console.print(f"The league listens at {address}")
        console.print(f'  time: curl {address}/__league__/clock   (POST {{"now": ISO time}} moves it)')
        kind = f"NHL_OPS_LEAGUE=recorded NHL_OPS_LEAGUE_DATA={choice.data} " if choice.data else ""
        console.print(f"  use it: {kind}NHL_OPS_LEAGUE_URL={address} .venv/bin/nhl-ops run-daily --all")
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0
