"""What each fault of each vendor must come to. A kind has one answer for all vendors, and the exceptions by name.

rows: of the vendor's rows without a fault, how many are accepted: none, some (the rest is quarantined), all, more.
priced: the same of its prices that count. attempts: requests that go out; None is as many as without a fault.
`is_hit` is False where the vendor's format has nothing that this fault could change.
"""

from dataclasses import dataclass, replace

from nhl_ops.domain.run_summary import RunStatus

VENDORS = ("NHL", "UNABATED", "PLAYNOW", "ODDSSHARK", "ODDS_API")


@dataclass(frozen=True)
class Expected:
    outcome: str = "ok"
    rows: str = "all"
    priced: str = "all"
    rules: tuple[str, ...] = ()
    error: str | None = None
    attempts: int | None = None
    status: RunStatus = RunStatus.SUCCEEDED
    repeats: bool = False
    other_slate: bool = False
    unmapped: bool = False
    is_hit: bool = True


def failure(outcome: str, error: str | None, attempts: int | None, *rules: str) -> Expected:
    return Expected(outcome, "none", "none", rules, error, attempts, RunStatus.DEGRADED)


OK = Expected()
UNTOUCHED = replace(OK, is_hit=False)
DOWN = failure("vendor_down", "VendorOutage", 4)
DENIED = failure("rejected", "VendorDenied", 1)
REFUSED = failure("rejected", "VendorRejected", 1)
REFUSED_BYTES = failure("rejected", "VendorContract", 1)
UNREADABLE = failure("rejected", "VendorContract", 1, "unusable_payload")
UNREADABLE_LATER = failure("rejected", None, None, "unusable_payload")
ALL_BROKEN = failure("rejected", None, None)
SECOND_SCORES = replace(REFUSED_BYTES, attempts=2)
"""OddsShark's scores of either day may be unusable, not those of both."""
PAGE_TOO = replace(REFUSED_BYTES, attempts=3)


def quarantined(*rules: str) -> Expected:
    return Expected(rows="some", priced="some", rules=rules)


def below_100(**others: Expected) -> dict[str, Expected]:
    return {"*": quarantined("american_price_below_100"), "NHL": OK, **others}


STRANGERS = Expected(priced="some", unmapped=True)

ANSWERS: dict[str, Expected | dict[str, Expected]] = {
    "none": UNTOUCHED,
    "host_refuses": DOWN,
    "host_deaf": DOWN,
    "connection_refused": DOWN,
    "reset_mid_body": DOWN,
    "connect_hang": DOWN,
    "slow_drip": DOWN,
    "redirect_elsewhere": {"*": REFUSED_BYTES, "ODDSSHARK": SECOND_SCORES},
    "status_401": DENIED,
    "status_403": DENIED,
    "status_404": REFUSED,
    "status_408": DOWN,
    "status_422": REFUSED,
    "status_429": DOWN,
    "status_500": DOWN,
    "status_502": DOWN,
    "status_503": DOWN,
    "status_504": DOWN,
    "status_429_retry_after": DOWN,
    "error_body": {
        "NHL": replace(UNREADABLE, rules=("not_a_schedule",)),
        "UNABATED": failure("vendor_down", None, 1, "error_body"),
        "PLAYNOW": failure("vendor_down", "VendorErrorBody", 3, "error_body"),
        "ODDSSHARK": PAGE_TOO,
        "ODDS_API": failure("vendor_down", "VendorErrorBody", 1, "error_body"),
    },
    "html_page": {"*": REFUSED_BYTES, "ODDSSHARK": SECOND_SCORES},
    "empty_body": {"*": REFUSED_BYTES, "ODDSSHARK": SECOND_SCORES},
    "truncated_json": {
        "NHL": replace(UNREADABLE, rules=("not_a_schedule",)),
        "UNABATED": UNREADABLE_LATER,
        "ODDSSHARK": UNREADABLE_LATER,
        "*": UNREADABLE,
    },
    "wrong_encoding_utf16": {"*": REFUSED_BYTES, "ODDSSHARK": SECOND_SCORES},
    "wrong_encoding_latin1": {
        "NHL": replace(UNREADABLE, rules=("not_a_schedule",)),
        "UNABATED": UNREADABLE_LATER,
        "ODDSSHARK": UNREADABLE_LATER,
        "*": UNREADABLE,
    },
    "wrong_content_type": {"*": REFUSED_BYTES, "ODDSSHARK": SECOND_SCORES},
    "gzip_bomb": {"*": REFUSED_BYTES, "ODDSSHARK": SECOND_SCORES},
    "huge_body": {"*": REFUSED_BYTES, "ODDSSHARK": SECOND_SCORES},
    "huge_body_declared": {"*": REFUSED_BYTES, "ODDSSHARK": SECOND_SCORES},
    "deep_json": {
        "NHL": replace(UNREADABLE, rules=("not_a_schedule",)),
        "UNABATED": UNREADABLE_LATER,
        "ODDSSHARK": PAGE_TOO,
        "*": UNREADABLE,
    },
    "stale_snapshot": {
        # The games of the day before are still to come in it.
        "NHL": failure("vendor_down", "VendorOutdated", 1, "outdated_schedule"),
        "UNABATED": replace(failure("vendor_down", None, None), other_slate=True),
        "PLAYNOW": replace(failure("vendor_down", None, None), other_slate=True),
        "ODDSSHARK": failure("rejected", None, None, "unknown_event"),
        "ODDS_API": failure("vendor_down", "VendorOutdated", 1),
    },
    "clock_skew": OK,
    "price_0": below_100(
        PLAYNOW=quarantined("decimal_price_not_above_one"), ODDSSHARK=quarantined("price_not_a_number")
    ),
    # 50.0 is a decimal price.
    "price_50": below_100(PLAYNOW=OK),
    "price_minus_99": below_100(PLAYNOW=quarantined("decimal_price_not_above_one")),
    "price_99900": {
        "*": quarantined("price_without_contract"),
        "NHL": OK,
        "PLAYNOW": quarantined("price_out_of_range"),
    },
    "line_2_25": {"*": quarantined("bad_line"), "NHL": UNTOUCHED},
    "ids_as_strings": {"*": OK, "PLAYNOW": UNTOUCHED, "ODDS_API": UNTOUCHED},
    "ids_as_ints": {"*": UNTOUCHED, "PLAYNOW": OK},
    # Seen because points would be less likely than assists.
    "swapped_sides": {"*": UNREADABLE_LATER, "NHL": OK},
    "renamed_field": {
        "NHL": OK,
        "UNABATED": replace(ALL_BROKEN, rules=("no_price",)),
        # The fraction beside the decimal price says the same.
        "PLAYNOW": OK,
        "ODDSSHARK": UNREADABLE_LATER,
        "ODDS_API": replace(ALL_BROKEN, rules=("no_price",)),
    },
    "new_market_label": {
        "*": quarantined("unknown_market"),
        "NHL": UNTOUCHED,
        "PLAYNOW": quarantined("market_not_supported"),
    },
    "new_book": {"*": OK, "PLAYNOW": UNTOUCHED},
    "unknown_player": STRANGERS,
    # A name of PlayNow's stands in its market's name, which no rule reads with dots and slashes.
    "hostile_names": {
        "*": STRANGERS,
        "PLAYNOW": replace(STRANGERS, rows="some", rules=("market_not_supported",)),
    },
    "duplicate_rows": {
        "*": replace(OK, repeats=True),
        # A line that comes twice is one line and one that it superseded.
        "UNABATED": replace(OK, rules=("superseded_in_payload",)),
    },
    # The last one counts, as JSON's readers have it.
    "duplicate_keys": OK,
    "nan_and_infinity": {
        "NHL": replace(UNREADABLE, rules=("not_a_schedule",)),
        "UNABATED": UNREADABLE_LATER,
        "PLAYNOW": replace(UNREADABLE, attempts=2),
        "ODDSSHARK": replace(ALL_BROKEN, rules=("unknown_event",)),
        "ODDS_API": replace(UNREADABLE, attempts=2),
    },
    "placeholder_events": {
        "NHL": replace(OK, rows="more"),
        "UNABATED": replace(OK, other_slate=True),
        "PLAYNOW": replace(OK, other_slate=True),
        "ODDSSHARK": OK,
        # It is listed, and gone when its odds are asked for.
        "ODDS_API": Expected("rejected", error="EventsGone", attempts=7, status=RunStatus.DEGRADED),
    },
    "live_prices": {
        "*": replace(OK, priced="none"),
        # An event that has begun is not asked for.
        "ODDS_API": replace(OK, rows="none", priced="none", attempts=3),
    },
}
FORM_KINDS = (
    "status_503",
    "error_body",
    "truncated_json",
    "stale_snapshot",
    "price_99900",
    "swapped_sides",
    "duplicate_rows",
    "live_prices",
)
"""Kinds that the vendor's other forms are tried with: what one client does for all is not tried again."""
FORM_ANSWERS = {
    # It is the list of people that carries the error, and that one has no prices to quarantine.
    "error_body": failure("vendor_down", "VendorErrorBody", 1),
    "truncated_json": REFUSED_BYTES,
}
RESULTS_ANSWERS = {
    "status_503": replace(DOWN, priced="all"),
    "error_body": replace(REFUSED_BYTES, priced="all"),
    "deep_json": replace(REFUSED_BYTES, priced="all"),
    # A game of yesterday that is not finished tells that the schedule is old.
    "stale_snapshot": replace(failure("vendor_down", "VendorOutdated", 5), priced="all"),
    # A boxscore's lists that come twice are one; a report that repeats a row may lack another.
    "duplicate_rows": replace(OK, rules=("duplicate_row",)),
    "ids_as_strings": OK,
    "hostile_names": OK,
}


def expected(subject: str, kind: str) -> Expected:
    """Of a vendor, or of one of its forms."""
    vendor = subject.partition(" ")[0]
    if subject == "NHL results":
        return RESULTS_ANSWERS[kind]
    if subject != vendor and kind in FORM_ANSWERS:
        return FORM_ANSWERS[kind]
    answer = ANSWERS[kind]
    found = answer if isinstance(answer, Expected) else answer.get(vendor) or answer["*"]
    is_held = vendor == "NHL" and found.outcome != "ok"
    return replace(found, status=RunStatus.FAILED) if is_held else found


MATRIX = [
    *((vendor, kind) for vendor in VENDORS for kind in ANSWERS),
    *((f"UNABATED {form}", kind) for form in ("api", "partner") for kind in FORM_KINDS),
    *(("NHL results", kind) for kind in RESULTS_ANSWERS),
]
