"""Processes that stay up end with the command, however they take it."""

import signal
import subprocess
import sys

import psutil
import pytest

from nhl_ops.cli.dev import stop
from nhl_ops.defs.house import PROJECT_ROOT

UP = "print('up', flush=True); import time; time.sleep(60)"
ON_CTRL_C = "import signal; signal.signal(signal.SIGINT, lambda *_: __import__('os')._exit(7))"
STUBBORN = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
WITH_A_CHILD = f'import subprocess, sys; subprocess.Popen([sys.executable, "-c", """{STUBBORN}; {UP}"""])'


def process_of(code: str, lines: int = 1) -> psutil.Popen:
    process = psutil.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    for _ in range(lines):
        assert process.stdout.readline().strip() == "up"
    return process


def ended(process: psutil.Popen, wait_sec: float = 10.0) -> int:
    stop(process, wait_sec)
    process.stdout.close()
    return process.returncode


def test_a_process_is_asked_as_ctrl_c_would() -> None:
    assert ended(process_of(f"{ON_CTRL_C}; {UP}")) == 7


def test_one_that_ignores_ctrl_c_is_ended_all_the_same() -> None:
    assert ended(process_of(f"{STUBBORN}; {UP}"), wait_sec=0.3) == -signal.SIGTERM


def test_what_a_process_started_ends_with_it() -> None:
    parent = process_of(f"{WITH_A_CHILD}; {ON_CTRL_C}; {UP}", lines=2)
    (child,) = parent.children()
    assert ended(parent, wait_sec=0.3) == 7
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("ask", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_is_heard_also_by_what_a_background_job_starts(ask: signal.Signals) -> None:
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from pathlib import Path; from nhl_ops.cli.dev import run_until_stopped\n"
        f'sys.exit(run_until_stopped([sys.executable, "-c", "{UP}"], {{}}, Path()))'
    )
    with psutil.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT
    ) as parent:
        assert parent.stdout.readline().strip() == "up"
        (child,) = parent.children()
        parent.send_signal(ask)
        assert parent.wait(timeout=15) == 0
    assert not child.is_running()
