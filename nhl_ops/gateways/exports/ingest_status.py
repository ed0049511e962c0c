"""`ingest_status_<date>.json`: what each vendor gave, for people in trouble and for programs."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from nhl_ops.domain.escaping import plain_text
from nhl_ops.domain.run_summary import Counted, IngestStatus, VendorIngest
from nhl_ops.gateways.files import write_atomically

SCHEMA_VERSION = 2
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
    """One vendor's entry; what is not known is null. `is_balanced` says whether seen is the sum of its parts."""
    outcome, error = vendor.outcome, vendor.error
    return {
        "outcome": None if outcome is None else outcome.value,
        "error": None if error is None else plain_text(error, ERROR_LIMIT),
        **asdict(vendor.asked),
        **(UNCOUNTED if vendor.counted is None else counted_figures(vendor.counted)),
    }


def counted_figures(counted: Counted) -> dict[str, Any]:
    """The accounting of a vendor and slate as plain JSON: here and in the metadata of fact_odds_accounting."""
    return {
        **asdict(counted),
        "quarantined": counted.quarantined,
        "quarantined_by_rule": {plain_text(rule): n for rule, n in counted.quarantined_by_rule.items()},
        "newest_quote_at_utc": _iso(counted.newest_quote_at_utc),
        "is_balanced": counted.is_balanced,
    }


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


UNCOUNTED = dict.fromkeys(counted_figures(Counted()))
