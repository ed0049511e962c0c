"""`nhl-ops backup` and `nhl-ops restore`."""

import os
from pathlib import Path

from rich.console import Console

from nhl_ops.cli.session import open_session
from nhl_ops.defs.history import rebuild_history
from nhl_ops.defs.house import project_root, source_of
from nhl_ops.defs.league_control import world_of
from nhl_ops.defs.locking import exclusive
from nhl_ops.defs.replay import contiguous
from nhl_ops.defs.runs import command_for
from nhl_ops.domain.failures import ConfigError
from nhl_ops.gateways.backup import Backup, back_up, read_index, restore
from nhl_ops.gateways.clock import SystemClock
from nhl_ops.gateways.warehouse import Audit
from nhl_ops.gateways.worlds import enter_world, present_world

RESTORED = "restored"
"""Run and scope of the rows that a restore stores."""


def make_backup(console: Console, out: Path) -> int:
    """Waits until no run works."""
    root = project_root(os.environ.get)
    with exclusive(root):
        made = back_up(root, out, SystemClock().now(), present_world(root))
    console.print(f"{_told(made)} in {out}", soft_wrap=True)
    return 0


def restore_backup(console: Console, source: Path) -> int:
    """Archive and state, then the results history from the archive; slates are computed by the commands it prints."""
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
        ranges = contiguous({move.game_date for move in house.state.publications()})
    if rows:
        told = ", ".join(f"{count:,} rows of {name}" for name, count in rows.items())
        console.print(f"The results history is rebuilt from the archive: {told}.")
    for keys in ranges:
        console.print(f"Compute again: {command_for(keys)}")
    return 0


def _told(backup: Backup) -> str:
    return f"{len(backup.files) - 1:,} payloads and the state ({backup.size_bytes / 1e6:,.1f} MB)"
