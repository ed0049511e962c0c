"""`nhl-ops backup` and `nhl-ops restore`."""

import os
import shlex
from pathlib import Path

from rich.console import Console

from nhl_ops.cli.session import open_session
from nhl_ops.contracts.publications import WITHDRAWN
from nhl_ops.defs.history import rebuild_history
from nhl_ops.defs.house import House, own_settings, project_root, source_of
from nhl_ops.defs.league_control import world_of
from nhl_ops.defs.locking import exclusive
from nhl_ops.defs.registry import keep_records
from nhl_ops.defs.replay import contiguous
from nhl_ops.defs.runs import command_for, open_instance
from nhl_ops.domain.failures import ConfigError
from nhl_ops.gateways.backup import STATE, Backup, back_up, read_index, restore
from nhl_ops.gateways.clock import SystemClock
from nhl_ops.gateways.exports.wording import plural
from nhl_ops.gateways.state_publications import PublicationRow
from nhl_ops.gateways.warehouse import Audit
from nhl_ops.gateways.worlds import enter_world, present_world

RESTORED = "restored"
"""Run and scope of the rows that a restore stores."""


def make_backup(console: Console, out: Path) -> int:
    """Waits until no run works."""
    root = project_root(os.environ.get)
    with exclusive(root):
        if (root / STATE).exists():
            own_settings(root)
            keep_records(House(root, os.environ.get), open_instance(root))
        made = back_up(root, out, SystemClock().now(), present_world(root))
    console.print(f"{_told(made)} in {out}", soft_wrap=True)
    return 0


def restore_backup(console: Console, source: Path) -> int:
    """Archive, state and records of runs, then the results history from the archive; slates are computed by the
    commands that it prints."""
    root, world = project_root(os.environ.get), world_of(os.environ.get, source_of(os.environ.get))
    with exclusive(root):
        index = read_index(source)
        if index.world not in (None, world):
            raise ConfigError(
                f"the backup is of the world {index.world!r}, and the environment names {world!r}",
                "set NHL_OPS_SOURCE and NHL_OPS_LEAGUE as for the project that was backed up",
            )
        restored = restore(source, root)
        enter_world(root, world)
    console.print(f"{_told(restored)} restored from {source}, made {index.made_at_utc:%Y-%m-%d %H:%M} UTC.")
    with open_session() as session, exclusive(session.root):
        house = session.house
        rows = rebuild_history(house, Audit(RESTORED, RESTORED, house.clock.now()))
        moves = {move.game_date: move for move in house.state.publications()}
    if rows:
        told = ", ".join(f"{count:,} rows of {name}" for name, count in rows.items())
        console.print(f"The results history is rebuilt from the archive: {told}.")
    for keys in contiguous(moves):
        console.print(f"Compute again: {command_for(keys)}")
    for move in moves.values():
        if move.state == WITHDRAWN:
            console.print(f"Then withdraw again: {withdrawal_of(move)}", soft_wrap=True)
    return 0


def withdrawal_of(move: PublicationRow) -> str:
    """The command that withdraws a card as it was before."""
    words = ["--date", move.game_date, "--by", move.moved_by or "", "--reason", move.reason or ""]
    return shlex.join(["nhl-ops", "publish", "withdraw", *words])


def _told(backup: Backup) -> str:
    size = f"{backup.size_bytes / 1e6:,.1f} MB"
    return f"{backup.payloads:,} payloads, the state and the records of {plural(backup.runs, 'run')} ({size})"
