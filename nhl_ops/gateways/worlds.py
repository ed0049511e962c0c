"""One world at a time in the project folder: the synthetic league, a recorded one, or the live vendors.

Their game ids overlap, so their data must never mix. Entering another world parks the present one whole under
`.worlds/<name>/` and brings the other back, by renames: nothing is lost, nothing is copied.
"""

import json
from pathlib import Path

from nhl_ops.domain.failures import ConfigError

PARTS = ("outputs", "manifests", ".dagster", "data")
"""`data` comes last: it holds the marker that says whose parts these are."""


def present_world(root: Path) -> str | None:
    marker = root / "data" / "world.json"
    return json.loads(marker.read_text(encoding="utf-8"))["world"] if marker.exists() else None


def enter_world(root: Path, world: str) -> bool:
    """Make `world` the one in the project folder. True when another one was parked for it.

    Call it before anything opens the state or Dagster's storage, with the launcher's lock held.
    """
    present = present_world(root)
    if present == world:
        return False
    if present is not None:
        _move(root, root / ".worlds" / present)
    parked = root / ".worlds" / world
    if parked.exists():
        _move(parked, root)
    marker = root / "data" / "world.json"
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps({"world": world}), encoding="utf-8")
    return present is not None


def _move(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        if not (source / part).exists():
            continue
        if (target / part).exists():
            raise ConfigError(
                f"cannot move {source / part}: {target / part} is in the way; move one of them aside by hand"
            )
        (source / part).rename(target / part)
