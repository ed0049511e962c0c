"""The `nhl-ops` command in a process that has imported everything already: it works, and does not import."""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PRELOADED = ["nhl_ops.definitions", "nhl_ops.cli.daily", "nhl_ops.cli.session"]
"""Not the module of the command itself: its console takes the width of the terminal that it starts in."""


def forkserver() -> multiprocessing.context.ForkServerContext:
    """Where commands come from: a process that has the definitions and no thread."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def typed(words: Sequence[str], environment: Mapping[str, str], out: Path, err: Path) -> None:
    """Runs in the new process, as if the words had been typed there. out, err: where it prints; may be one file."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    for stream, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    sys.argv = ["nhl-ops", *words]
    from nhl_ops.cli.main import main

    main()
