"""What a vendor sent in place of what its format says, always in one wording: `PLACE: expected THIS, found THAT`.

A place is the path in the JSON such as `$.games[3].id`, the selector in a page, the row and column of a file. What
came is quoted, shortened and escaped.
"""

import orjson

from nhl_ops.domain.escaping import escaped, quoted
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.vendor import Payload, Rejected

SAMPLE_CHARS = 400
DETAIL_CHARS = 500
PLACE_CHARS = 200
MESSAGE_CHARS = 200
"""Longest message of a vendor that a message of ours quotes."""
ROOT = "$"


class Told(str):
    """What came, told in our own words, in which a vendor's are quoted already."""

    __slots__ = ()


class ShapeError(ValueError):
    """A value is not what the vendor's format says: a dead letter, or a VendorContract at the top."""

    def __init__(self, place: str, expected: str, came: object) -> None:
        super().__init__(unlike(place, expected, came))
        self.place = place
        self.expected = expected
        self.came = came


class Defect(Exception):  # noqa: N818 - the rule of a dead letter, between a parser's functions
    """Why a price is none: the rule that it breaks, and what was expected where.

    place: whole when it begins with `$`, else below the price, such as `.points`; empty for the price itself.
    """

    def __init__(self, rule: str, expected: str, came: object, place: str = "") -> None:
        super().__init__(rule, expected, came, place)
        self.rule = rule
        self.expected = expected
        self.came = came
        self.place = place

    @classmethod
    def of(cls, rule: str, problem: ShapeError) -> "Defect":
        return cls(rule, problem.expected, problem.came, problem.place)

    def at(self, price: str) -> str:
        """The detail of the dead letter of the price at this place."""
        return unlike(
            self.place if self.place.startswith(ROOT) else price + self.place, self.expected, self.came
        )


def unlike(place: str, expected: str, came: object) -> str:
    """Where, what was expected, and what came. A long place loses its middle."""
    if len(place) > PLACE_CHARS:
        place = f"{place[: PLACE_CHARS // 2]}…{place[-PLACE_CHARS // 2 :]}"
    return escaped(f"{place}: expected {expected}, found {shown(came)}")


def shown(value: object) -> str:
    """What came, for a message: a text or number quoted, cut and escaped; of an object or a list only the kind."""
    if isinstance(value, Told):
        return value
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return quoted(value)


def broken(payload: Payload, problem: object) -> VendorContract:
    """The failure of a payload that cannot be parsed at all. problem: a ShapeError, or the words of `unlike`."""
    cause = escaped(f"payload {payload.payload_hash[:12]}: {problem}")[:DETAIL_CHARS]
    return VendorContract(payload.endpoint, payload.url, cause)


def no_json(payload: Payload, error: ValueError) -> VendorContract:
    return broken(payload, unlike(ROOT, "JSON", Told(f"{shown(start_of(payload))} ({error})")))


def start_of(payload: Payload) -> str:
    """The first characters of a body, for a message."""
    return payload.body[:80].decode("utf-8", "replace")


def rejected(rule: str, detail: str, sample: object) -> Rejected:
    """A dead letter; its detail is escaped, and detail and sample are cut to a few hundred characters."""
    return Rejected(rule, escaped(detail)[:DETAIL_CHARS], sample_of(sample))


def sample_of(value: object) -> str:
    """A value as JSON, cut to a few hundred characters."""
    try:
        text = orjson.dumps(value, default=str).decode("utf-8", "replace")
    except orjson.JSONEncodeError as error:
        text = f"{type(value).__name__} that cannot be shown: {error}"
    return text[:SAMPLE_CHARS]
