"""What a mutation works on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from nhl_ops.league.server.faults_exchange import FaultOptions
from nhl_ops.league.server.faults_formats import FORMATS, Format

Place = TypeVar("Place")


@dataclass(frozen=True)
class Site:
    """A vendor's parsed body at the virtual instant `now`."""

    tree: Any
    vendor: str
    options: FaultOptions
    now: datetime

    @property
    def form(self) -> Format:
        return FORMATS[self.vendor]

    def every(self, places: Iterable[Place]) -> list[Place]:
        """Each so-many-th place, from the first on."""
        return list(islice(places, 0, None, self.options.every))


Mutation = Callable[[Site], int]
"""Changes the tree in place; the number of places that it changed."""
