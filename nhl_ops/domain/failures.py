# ruff: noqa: N818 - named by what went wrong, in the words of the runbook
"""Every failure the house can name, in one tree: its class, how grave it is, how to try again, what to do next.

What belongs here: exception classes and what follows from their class.
What does not: logging, retrying, foreign exceptions (`failure_signatures`), and anything that needs a clock or a
client.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Self


class FailureClass(StrEnum):
    """What kind of thing failed."""

    VENDOR_OUTAGE = "vendor_outage"
    MISSING_INPUT = "missing_input"
    CONTRACT = "contract"
    PERMISSION = "permission"
    PORT = "port"
    WAREHOUSE = "warehouse"
    PROCESS = "process"
    CANCELED = "canceled"
    CODE = "code"

    @property
    def gravity(self) -> "Gravity":
        return GRAVITY[self]

    @property
    def retry(self) -> "Retry":
        return RETRY[self]


class Gravity(StrEnum):
    """How much hangs on it, the worst first."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"


class Retry(StrEnum):
    """How a failed run is tried again (the categories of the runbook).

    A: in the same scope; what it computed stands, and waiting may help. B: as a new run, which computes its inputs
    anew. C: not before a person has mended the cause: the same bytes and settings fail again.
    """

    SAME_SCOPE = "A"
    NEW_RUN = "B"
    FIX_FIRST = "C"


GRAVITY: Mapping[FailureClass, Gravity] = MappingProxyType(
    {
        FailureClass.VENDOR_OUTAGE: Gravity.WARNING,
        FailureClass.MISSING_INPUT: Gravity.ERROR,
        FailureClass.CONTRACT: Gravity.ERROR,
        FailureClass.PERMISSION: Gravity.CRITICAL,
        FailureClass.PORT: Gravity.WARNING,
        FailureClass.WAREHOUSE: Gravity.CRITICAL,
        FailureClass.PROCESS: Gravity.ERROR,
        FailureClass.CANCELED: Gravity.WARNING,
        FailureClass.CODE: Gravity.CRITICAL,
    }
)
RETRY: Mapping[FailureClass, Retry] = MappingProxyType(
    {
        FailureClass.VENDOR_OUTAGE: Retry.SAME_SCOPE,
        FailureClass.MISSING_INPUT: Retry.NEW_RUN,
        FailureClass.CONTRACT: Retry.FIX_FIRST,
        FailureClass.PERMISSION: Retry.FIX_FIRST,
        FailureClass.PORT: Retry.FIX_FIRST,
        FailureClass.WAREHOUSE: Retry.FIX_FIRST,
        FailureClass.PROCESS: Retry.SAME_SCOPE,
        FailureClass.CANCELED: Retry.SAME_SCOPE,
        FailureClass.CODE: Retry.FIX_FIRST,
    }
)


class Failure(Exception):
    """A failure with a class, a cause and a next step.

    `str()` is the one message an operator reads: slate, asset, cause, next step. `at()` fills in slate and
    asset where they are known; `{slate}` in a next step becomes the slate.
    """

    failure_class: ClassVar[FailureClass] = FailureClass.CODE
    is_transient: ClassVar[bool] = False
    advice: ClassVar[str] = ""

    def __init__(self, cause: str, next_step: str = "") -> None:
        super().__init__(cause, next_step)
        self.cause = cause
        self.next_step = next_step or self.advice
        self.slate: str | None = None
        self.asset: str | None = None

    def at(self, *, slate: str | None = None, asset: str | None = None) -> Self:
        """This failure, told where it happened."""
        self.slate = slate or self.slate
        self.asset = asset or self.asset
        return self

    def __str__(self) -> str:
        where = " ".join(part for part in (self.slate, self.asset) if part)
        next_step = self.next_step.replace("{slate}", self.slate or "<slate>")
        message = f"{where}: {self.cause}" if where else self.cause
        return f"{message.rstrip('.')}. Next: {next_step}" if next_step else message


class MissingInput(Failure):
    """Something that an earlier step should have left is not there, or is damaged."""

    failure_class = FailureClass.MISSING_INPUT


class ContractBroken(Failure):
    """Rows of one of our tables break its contract."""

    failure_class = FailureClass.CONTRACT
    advice = (
        "look at the failed check's rows and the dead letters, then `nhl-ops run-daily --date {slate} --all`"
    )


class ConfigError(Failure):
    """A setting is wrong; the message names the file, the key and what is allowed."""

    failure_class = FailureClass.CONTRACT


class AccessDenied(Failure):
    """A file, folder or key does not give the access that is needed."""

    failure_class = FailureClass.PERMISSION
    advice = "give this user access to it, then start the run again"


class PortTaken(Failure):
    """A port on this machine is in use."""

    failure_class = FailureClass.PORT
    advice = "stop the process that holds the port, or choose another port"


class WarehouseBroken(Failure):
    """A table's file, the state file or the engine failed."""

    failure_class = FailureClass.WAREHOUSE
    advice = "published files are safe; check the disk, then `nhl-ops run-daily --date {slate} --all`"


class ProjectBusy(Failure):
    """Another process of this project has the lock."""

    failure_class = FailureClass.PROCESS
    is_transient = True
    advice = "let it finish (the UI shows it), then start this again"


class ProcessGone(Failure):
    """The process of a run ended before the run did."""

    failure_class = FailureClass.PROCESS
    is_transient = True
    advice = "start the run again"


class RunCanceled(Failure):
    """A person, or the end of the UI's processes, stopped a run."""

    failure_class = FailureClass.CANCELED
    is_transient = True
    advice = "start it again when it is wanted; nothing half-done was published"

    def __init__(self, cause: str = "the run was canceled", next_step: str = "") -> None:
        super().__init__(cause, next_step)


class CodeDefect(Failure):
    """A defect of this program."""

    advice = "this is a defect: keep the run's log and report it"


class VendorError(Failure):
    """A vendor's answer cannot be used.

    endpoint: name of the endpoint in the vendor's client, which starts with the vendor's name.
    url: without secrets and cache-busters. status: HTTP status, None when no answer came.
    """

    def __init__(
        self, endpoint: str, url: str, cause: str, next_step: str = "", status: int | None = None
    ) -> None:
        super().__init__(f"{endpoint} ({url}): {cause}" if url else f"{endpoint}: {cause}", next_step)
        self.args = (endpoint, url, cause, next_step, status)
        self.endpoint = endpoint
        self.url = url
        self.status = status


class VendorOutage(VendorError):
    """No usable answer now: refused, timed out, cut, 5xx, or 429 after all retries. Waiting helps."""

    failure_class = FailureClass.VENDOR_OUTAGE
    is_transient = True
    advice = "wait for the vendor, then `nhl-ops run-daily --date {slate} --all`"


class VendorErrorBody(VendorOutage):
    """HTTP 200 with an error in the body, as a vendor sends when its own backend is down."""


class VendorOutdated(VendorOutage):
    """The answer is an old one, as a cache gives that was not renewed."""


class VendorRejected(VendorError):
    """The vendor refused the request itself (4xx): asking again changes nothing."""

    failure_class = FailureClass.CONTRACT
    advice = "compare the request with the vendor's documentation and config/vendors.toml"


class VendorDenied(VendorRejected):
    """The vendor refused access (401 or 403)."""

    failure_class = FailureClass.PERMISSION
    advice = "check the vendor's key and plan, and that the vendor serves this region"


class VendorContract(VendorError):
    """The answer is not what the vendor's format says: not JSON, empty, too large, or of another shape."""

    failure_class = FailureClass.CONTRACT
    advice = (
        "compare the payload with the vendor's documented format; its parser may need the vendor's change"
    )
