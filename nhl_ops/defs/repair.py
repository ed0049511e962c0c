"""Damaged files put aside, and which slates to compute again so that the archive fills the gap."""

from collections.abc import Iterable
from datetime import date, timedelta

from nhl_ops.contracts.registry import TABLES
from nhl_ops.contracts.results import RAW_NHL_SCHEDULE
from nhl_ops.contracts.spec import Kind
from nhl_ops.defs.history import rebuild_history
from nhl_ops.defs.house import House
from nhl_ops.domain.capture_plan import LOOKBACK_DAYS
from nhl_ops.gateways.verification import Damage
from nhl_ops.gateways.warehouse import BULK, Audit

ASIDE = "data/damaged"
WEEK = 7
"""A schedule names the games of a week around its slate."""


def put_aside(house: House, damages: Iterable[Damage], audit: Audit) -> list[str]:
    """Move damaged observations to data/damaged/, rebuild the results history where it is hit, and return the
    published slates to compute again. Hold the lock. Payloads stay: only a backup has them."""
    slates: set[str] = set()
    is_history_hit = False
    for damage in damages:
        if damage.table is None:
            continue
        if TABLES[damage.table].kind is Kind.OBSERVATION:
            aside = house.root / ASIDE / damage.path.relative_to(house.warehouse.folder)
            aside.parent.mkdir(parents=True, exist_ok=True)
            damage.path.rename(aside)
        if damage.path.parent.name == BULK:
            is_history_hit = True
        elif damage.key is not None:
            slates |= _read_by(damage.table, damage.key)
    if is_history_hit:
        rebuild_history(house, audit)
    return sorted(key for key in slates if house.warehouse.published.is_published(key))


def _read_by(table: str, key: str) -> set[str]:
    """Slates whose runs store rows into this partition, or read it."""
    spec, day = TABLES[table], date.fromisoformat(key)
    if spec.kind is Kind.DERIVATION:
        return {key}
    back, ahead = (WEEK, WEEK) if spec is RAW_NHL_SCHEDULE else (0, LOOKBACK_DAYS)
    return {(day + timedelta(days=n)).isoformat() for n in range(-back, ahead + 1)}
