"""What foreign exceptions mean, as they are raised and as an event log tells them."""

import errno
import sqlite3

import duckdb
import pytest

from nhl_ops.domain.failure_signatures import as_failure, failure_type
from nhl_ops.domain.failures import (
    AccessDenied,
    CodeDefect,
    ConfigError,
    ContractBroken,
    Failure,
    MissingInput,
    PortTaken,
    VendorOutage,
    WarehouseBroken,
)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (PermissionError(errno.EACCES, "denied", "/data"), AccessDenied),
        (OSError(errno.EROFS, "Read-only file system"), AccessDenied),
        (FileNotFoundError(errno.ENOENT, "gone", "/data"), MissingInput),
        (OSError(errno.EADDRINUSE, "Address already in use"), PortTaken),
        (OSError(errno.ENOSPC, "No space left on device"), WarehouseBroken),
        (OSError(errno.EIO, "broken"), CodeDefect),
        (sqlite3.OperationalError("database is locked"), WarehouseBroken),
        (sqlite3.DatabaseError("database disk image is malformed"), WarehouseBroken),
        (duckdb.IOException("cannot open"), WarehouseBroken),
        (ZeroDivisionError("division by zero"), CodeDefect),
    ],
)
def test_a_foreign_exception_is_sorted_by_its_signature(error: Exception, kind: type[Failure]) -> None:
    failure = as_failure(error)
    assert type(failure) is kind
    assert f"{type(error).__name__}: {error}" in failure.cause


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (
            "[Errno 98] error while attempting to bind on address ('0.0.0.0', 8501): address already in use",
            PortTaken,
        ),
        ("Requested run=abc missing under /data/features_minutes_v1", MissingInput),
        ("Roster snapshot is 31h old", MissingInput),
        ("stale roster", MissingInput),
        ("empty model output", ContractBroken),
        ("missing required columns ['toi_sec', 'shots']", ContractBroken),
        ("<urlopen error [Errno -3] Temporary failure in name resolution>", VendorOutage),
        ("_ssl.c:980: The handshake operation timed out", VendorOutage),
        ("[Errno 13] Permission denied: '/outputs'", AccessDenied),
        ("fact_skater_games has not been computed for 2026-01-05", MissingInput),
    ],
)
def test_the_signatures_of_the_field_land_in_their_class(told: str, kind: type[Failure]) -> None:
    assert failure_type("RuntimeError", told) is kind


def test_one_of_ours_is_known_by_its_name_whatever_its_words() -> None:
    assert failure_type("nhl_ops.domain.failures.ConfigError", "permission denied") is ConfigError
    assert failure_type("ConfigError", "permission denied") is ConfigError


@pytest.mark.parametrize("name", [None, "", "GRAVITY", "StrEnum", "KeyError"])
def test_a_name_that_is_no_failure_of_ours_decides_nothing(name: str | None) -> None:
    assert failure_type(name, "something else") is CodeDefect


def test_a_failure_stays_the_failure_it_is() -> None:
    failure = ConfigError("a typo")
    assert as_failure(failure) is failure
