"""Processes that stay up end with the command, however they take it."""

import signal
import subprocess
import sys

from nhl_ops.cli.dev import stop


def child(code: str) -> subprocess.Popen:
    process = subprocess.Popen([sys.executable, "-c", f"{code}; print('up', flush=True); import time; time.sleep(60)"],
                               stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert process.stdout.readline().strip() == "up"
    return process


def ended(process: subprocess.Popen, wait_sec: float = 10.0) -> int:
    stop(process, wait_sec)
    process.stdout.close()
    return process.returncode


def test_a_process_is_asked_as_ctrl_c_would() -> None:
    assert (
        ended(child("import signal; signal.signal(signal.SIGINT, lambda *_: __import__('os')._exit(7))")) == 7
    )


def test_one_that_ignores_ctrl_c_is_ended_all_the_same() -> None:
    stubborn = child("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)")
    assert ended(stubborn, wait_sec=0.3) == -signal.SIGTERM
