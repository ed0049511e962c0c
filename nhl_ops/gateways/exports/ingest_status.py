"""`ingest_status_<date>.json`: what each vendor gave, for people in trouble and for programs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from nhl_ops.domain.escaping import plain_text
from nhl_ops.domain.run_summary import IngestStatus, VendorIngest
from nhl_ops.gateways.files import write_atomically

SCHEMA_VERSION = 1
ERROR_LIMIT = 500


def write_ingest_status(path: Path, status: IngestStatus) -> Path:
    """Write the status with sorted keys; times are ISO 8601 in UTC, absent ones null."""
    body = {
        "schema_version": SCHEMA_VERSION,
        "slate": status.slate.isoformat(),
        "run_id": status.run_id,
        "as_of_mode": status.as_of_mode.value,
        "generated_at_utc": _iso(status.generated_at_utc),
        "vendors": {v.vendor: vendor_status(v) for v in status.vendors},
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    encoded = orjson.dumps(body, option=options)
    return write_atomically(path, lambda beside: beside.write_bytes(encoded))


def vendor_status(vendor: VendorIngest) -> dict[str, Any]:
    """One vendor's entry: `is_balanced` says whether seen is the sum of its parts."""
    return {
        "outcome": vendor.outcome.value,
        "error": None if vendor.error is None else plain_text(vendor.error, ERROR_LIMIT),
        "requests": vendor.requests,
        "payloads": vendor.payloads,
        "size_bytes": vendor.size_bytes,
        "seen": vendor.seen,
        "accepted": vendor.accepted,
        "duplicate": vendor.duplicate,
        "other_slate": vendor.other_slate,
        "quarantined": vendor.quarantined,
        "quarantined_by_rule": {plain_text(rule): n for rule, n in vendor.quarantined_by_rule.items()},
        "mapped": vendor.mapped,
        "newest_quote_at_utc": _iso(vendor.newest_quote_at_utc),
        "is_balanced": vendor.is_balanced,
    }


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
