"""What a foreign exception means: by its type's name and its text, as an event log keeps them."""

import re
from collections.abc import Sequence

from nhl_ops.domain import failures
from nhl_ops.domain.failures import (
    AccessDenied,
    CodeDefect,
    ContractBroken,
    Failure,
    MissingInput,
    PortTaken,
    VendorOutage,
    WarehouseBroken,
)

NEVER_ASKED = r"could be asked for .* and never was"
SIGNATURES: Sequence[tuple[re.Pattern[str], type[Failure]]] = [
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"address already in use|errno 98\b", PortTaken),
        (r"permissionerror|permission denied|read-only file system|operation not permitted", AccessDenied),
        (
            r"no space left|errno 28\b|disk i/o error|database (is locked|disk image is malformed)",
            WarehouseBroken,
        ),
        (r"name resolution|name or service not known|getaddrinfo", VendorOutage),
        (r"handshake.*timed out|timed out.*handshake|sslerror|ssleoferror", VendorOutage),
        (r"connection (refused|reset|aborted)|(read|connect) timed out|connecttimeout", VendorOutage),
        (r"missing required columns|column.*(missing|not in index|not found)|schemaerror", ContractBroken),
        (r"no such column|binder error.*column", ContractBroken),
        (r"(empty|thin) model output", ContractBroken),
        (r"filenotfounderror|no such file|runnotfounderror|\brun\b.*(not found|missing)", MissingInput),
        (r"snapshot is .* old|stale roster|no partition|has not been computed", MissingInput),
        (NEVER_ASKED, MissingInput),
        (r"^(duckdb|_duckdb|sqlite3|pyarrow)\b|arrowinvalid|operationalerror|databaseerror", WarehouseBroken),
    )
]
"""The first that fits decides; what fits none is a defect of this program."""


CHECKS_OF_INPUT = frozenset({"its_schedule_was_captured", "rosters_are_recent"})
"""Checks that fail because something was never brought: a new run may bring it. All others say that rows are wrong."""


def failed_check(check: str, reason: str) -> type[Failure]:
    """The class of failure of a blocking check that every slate of a run failed, by its name and its verdict."""
    was_never_brought = check in CHECKS_OF_INPUT or re.search(NEVER_ASKED, reason)
    return MissingInput if was_never_brought else ContractBroken


def failure_type(error_name: str | None, text: str) -> type[Failure]:
    """The class of failure of an exception: by its name if it is one of ours, else by its signature.

    error_name: with or without its module. text: its message.
    """
    known = getattr(failures, (error_name or "").rpartition(".")[2], None)
    if isinstance(known, type) and issubclass(known, Failure):
        return known
    told = f"{error_name}: {text}"
    return next((kind for pattern, kind in SIGNATURES if pattern.search(told)), CodeDefect)


def as_failure(error: Exception) -> Failure:
    """The failure that an exception stands for. Raise it `from` the exception, so that the trace stays."""
    if isinstance(error, Failure):
        return error
    kind = failure_type(f"{type(error).__module__}.{type(error).__name__}", str(error))
    cause = f"{type(error).__name__}: {error}"
    return VendorOutage("vendor", "", cause) if kind is VendorOutage else kind(cause)
