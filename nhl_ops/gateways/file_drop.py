"""File drops: odds that a person bought or kept, as files in data/inbox/. Nobody is asked anything.

A file is archived as it was dropped (endpoint FILE), then cut into passes, each archived under the instant at
which its prices were seen (endpoint PAGE). A page holds the prices; the file holds the dead letters of rows that
do not say when they were seen. So a slate of long ago finds its prices under their own capture date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from nhl_ops.domain.failures import VendorContract
from nhl_ops.domain.settings import PriceVendor
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.drift import Told, broken, unlike
from nhl_ops.gateways.file_drop_contract import DropError
from nhl_ops.gateways.file_drop_inbox import PAGE, VENDOR, Inbox, Taken
from nhl_ops.gateways.file_drop_pages import open_drop, read_one_page
from nhl_ops.gateways.file_drop_reader import READ_LIMIT
from nhl_ops.gateways.quotes import QuoteSheet
from nhl_ops.gateways.state import State
from nhl_ops.gateways.vendor import Fetch, Parsed, Payload, VendorContext


class Config(PriceVendor):
    """Section [file_drop].

    max_file_bytes: of a file as it lies there, and unpacked. settle_sec: a file that changes within so many
    seconds is still being copied and left alone.
    """

    max_file_bytes: Annotated[int, Field(gt=0, le=READ_LIMIT)]
    settle_sec: Annotated[float, Field(ge=0, le=60)]


def vendor(config: Config, context: VendorContext) -> "FileDropVendor":  # noqa: ARG001 - nobody is asked
    return FileDropVendor(config.max_file_bytes, config.settle_sec)


@dataclass(frozen=True)
class FileDropVendor:
    """A source of prices that is not asked but looked into: see `take`."""

    max_file_bytes: int
    settle_sec: float

    name: ClassVar[str] = VENDOR
    companion_endpoints: ClassVar[tuple[str, ...]] = ()

    def take(self, archive: Archive, state: State, now: datetime) -> Taken:
        """Take the files that lie ready in the archive's project; `now` is the instant of ingestion."""
        return Inbox(archive, state, self.max_file_bytes, self.settle_sec).take(now)

    def capture(self, fetch: Fetch) -> list[Payload]:  # noqa: ARG002 - nobody is asked
        """Nothing: files are taken by `take`."""
        return []

    def parse(self, payload: Payload, companions: Sequence[Payload] = ()) -> Parsed:  # noqa: ARG002 - none here
        """Quotes of a page, all as of its instant; of a file, the dead letters of rows that lie on no page.

        Raises VendorContract for bytes that are neither.
        """
        sheet = QuoteSheet(payload)
        try:
            if payload.endpoint == PAGE:
                read_one_page(payload.body).fill(sheet)
            else:
                sheet.rejected.extend(open_drop(payload.body, payload.captured_at_utc).unplaced())
        except DropError as problem:
            raise unusable(payload, problem) from None
        return sheet.parsed()


def unusable(payload: Payload, problem: DropError) -> VendorContract:
    """The failure of bytes that are neither a dropped file nor a page of one."""
    return broken(payload, unlike("the file", "odds as in docs/file_drops.md", Told(problem.cause)))
