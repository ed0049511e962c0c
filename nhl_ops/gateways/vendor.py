"""What every vendor's module offers, and the shapes that travel between client, archive and parser.

A vendor module knows its URLs and its wire format. It never touches the archive, the state or the clock:
`fetch` does that for it, so that bytes are archived before anything parses them.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

import pandas as pd

from nhl_ops.domain.settings import HostPair


@dataclass(frozen=True)
class VendorRequest:
    """One GET. `volatile` parameters (cache-busters) and `secret` headers never reach a log or the archive."""

    endpoint: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    volatile: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)
    accepts: Literal["json", "html"] = "json"


@dataclass(frozen=True)
class Payload:
    """Archived bytes and how they came."""

    vendor: str
    endpoint: str
    url: str
    captured_at_utc: datetime
    payload_hash: str
    payload_path: str
    body: bytes


@dataclass(frozen=True)
class Rejected:
    """A row that broke its contract: the dead letter. `sample` is the row as JSON, shortened."""

    rule: str
    detail: str
    sample: str


@dataclass(frozen=True)
class Parsed:
    """Rows of one payload: seen = len(rows) + len(rejected) by construction."""

    rows: pd.DataFrame
    rejected: Sequence[Rejected] = ()

    @property
    def seen(self) -> int:
        return len(self.rows) + len(self.rejected)


@dataclass(frozen=True)
class VendorContext:
    """What a vendor is made with.

    base_url: address by source. now: the clock gateway's time. secret: of the environment. state_file: the
    project's SQLite file, for what must outlive the process. sleep: waits so many seconds.
    """

    base_url: Callable[[HostPair], str]
    now: Callable[[], datetime]
    secret: Callable[[str], str | None]
    state_file: Path
    sleep: Callable[[float], object] = time.sleep


Fetch = Callable[[VendorRequest], Payload]
"""Ask, archive, record the sighting, return the payload. Raises a `gateways.http.VendorError`."""


class OddsVendor(Protocol):
    """A source of prices."""

    name: str
    companion_endpoints: Sequence[str]

    def capture(self, fetch: Fetch) -> list[Payload]:
        """Ask for the whole board now; several requests where the vendor needs them."""
        ...

    def parse(self, payload: Payload, companions: Sequence[Payload] = ()) -> Parsed:
        """Quotes of one payload, in the columns of `contracts.odds.QUOTE_COLUMNS` plus row_number.

        `companions`: newest bodies of `companion_endpoints`, which the payload refers to.
        """
        ...
