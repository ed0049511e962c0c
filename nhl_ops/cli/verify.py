"""`nhl-ops verify`: every stored file against its digest, and the damaged ones rebuilt from the archive."""

from rich.console import Console
from rich.text import Text

from nhl_ops.cli.daily import work
from nhl_ops.cli.session import Session, open_session
from nhl_ops.defs.locking import exclusive
from nhl_ops.defs.repair import put_aside
from nhl_ops.defs.replay import contiguous
from nhl_ops.defs.steps import Step, assets_of
from nhl_ops.gateways.verification import Damage, verify
from nhl_ops.gateways.warehouse import Audit

REPAIRED = "repaired"
"""Run and scope of the rows that a repair stores."""
SHOWN = 20


def verify_files(console: Console, *, repair: bool) -> int:
    """0 when all is well or was rebuilt, 1 when something is damaged still."""
    with open_session(needs_sound_files=False) as session, exclusive(session.root):
        found = verify(session.house.warehouse, session.house.archive)
        for damage in found.damages[:SHOWN]:
            console.print(Text(f"damaged: {damage.path.relative_to(session.root)}", style="red"))
        console.print(f"{found.files:,} files looked at, {len(found.damages)} damaged.")
        if not found.damages:
            return 0
        if not repair:
            console.print(
                "Next: `nhl-ops verify --repair` puts them aside and rebuilds them from the archive."
            )
            return 1
        return _repair(console, session, found.damages)


def _repair(console: Console, session: Session, damages: tuple[Damage, ...]) -> int:
    house = session.house
    audit = Audit(REPAIRED, REPAIRED, house.clock.now())
    slates = put_aside(house, damages, audit)
    assets = assets_of(list(Step))
    codes = [work(console, session, keys, assets, None).exit_code for keys in contiguous(slates)]
    left = verify(house.warehouse, house.archive).damages
    for damage in left[:SHOWN]:
        console.print(Text(f"still damaged: {damage.path.relative_to(session.root)}", style="red"))
    if any(damage.table is None for damage in left):
        console.print(
            "A payload cannot be rebuilt: copy it from a backup. Slates that are published stay as they are."
        )
    return 1 if left else max(codes, default=0)
