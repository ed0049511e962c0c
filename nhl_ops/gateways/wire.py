"""Reading JSON that others wrote: typed access whose failures name the JSON path; times, ids and digests."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

from nhl_ops.domain.escaping import quoted
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.drift import ROOT, ShapeError, broken, no_json, unlike
from nhl_ops.gateways.vendor import Payload

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_WITHOUT_ZONE = datetime(1970, 1, 1)  # noqa: DTZ001 - what a vendor's time without a zone counts from
PLAUSIBLE_YEARS = range(1917, 2101)
FIRST_YEAR, LAST_YEAR = PLAUSIBLE_YEARS[0], PLAUSIBLE_YEARS[-1]
MAX_DIGITS = 20
PLAIN_KEY = re.compile(r"[\w:-][\w:. -]*(\[[0-9]+\])*")
INDEX = re.compile(r"\[[0-9]+\]")
TIME_ON_ICE = re.compile(r"[0-9]{1,3}:[0-9]{2}")
NO_TIME = np.iinfo(np.int64).min


def load(payload: Payload) -> "Node":
    """The payload's JSON object. Raises VendorContract when it is none."""
    root = document(payload)
    if not isinstance(root.value, dict):
        raise broken(payload, unlike(ROOT, "an object", root.value))
    return root


def document(payload: Payload) -> "Node":
    """The payload's JSON, a list too. Raises VendorContract when it is no JSON."""
    try:
        return Node(orjson.loads(payload.body.removeprefix(b"\xef\xbb\xbf")))
    except orjson.JSONDecodeError as error:
        raise no_json(payload, error) from None


class Node:
    """A JSON value and its path. A key that is absent reads like null; each reader raises ShapeError."""

    __slots__ = ("_key", "_parent", "value")

    def __init__(self, value: Any, key: str = ROOT, parent: "Node | None" = None) -> None:
        self.value = value
        self._key = key
        self._parent = parent

    def __getitem__(self, key: str) -> "Node":
        value = self.value
        if not isinstance(value, dict):
            raise ShapeError(self.path, "an object", value)
        return Node(value.get(key), key, self)

    @property
    def path(self) -> str:
        """Like `$.games[3].id`."""
        if self._parent is None:
            return self._key
        if PLAIN_KEY.fullmatch(self._key):
            return f"{self._parent.path}.{self._key}"
        return f"{self._parent.path}{self._key if INDEX.fullmatch(self._key) else f'[{quoted(self._key)}]'}"

    @property
    def is_null(self) -> bool:
        return self.value is None

    def parts(self) -> Iterable[tuple[int | str, Any]]:
        """Place and value of each element of a list, or of each value of an object, in the order sent.

        For rows by the thousand: `part` makes a node of one that is worth a path.
        """
        if isinstance(self.value, list):
            return enumerate(self.value)
        if isinstance(self.value, dict):
            return self.value.items()
        raise ShapeError(self.path, "a list or an object", self.value)

    def part(self, place: int | str, value: Any) -> "Node":
        return Node(value, f"[{place}]" if isinstance(place, int) else place, self)

    def each(self) -> Iterator["Node"]:
        """Elements of a list, or values of an object, in the order sent."""
        for place, value in self.parts():
            yield self.part(place, value)

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise ShapeError(self.path, "a text", self.value)
        return self.value.strip()

    def integer(self) -> int:
        """A whole number, also when sent as text or as 3.0."""
        value = self.value
        if isinstance(value, str) and value.strip().isdecimal() and len(value) < MAX_DIGITS:
            value = int(value)
        if type(value) is int and -(2**63) <= value < 2**63:
            return value
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            return int(value)
        raise ShapeError(self.path, "a whole number", value)

    def rounded(self) -> int:
        """A number that is not negative, to the nearest whole one."""
        value = self.value
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 2**53:
            raise ShapeError(self.path, "a number", value)
        return int(value + 0.5)

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise ShapeError(self.path, "true or false", self.value)
        return self.value

    def count(self) -> int:
        """A whole number that is not negative."""
        value = self.integer()
        if value < 0:
            raise ShapeError(self.path, "a count", value)
        return value

    def counts(self, names: Mapping[str, str]) -> dict[str, int]:
        """Counts of an object by our names; `names` maps each to the object's key. For rows by the thousand."""
        found: dict[str, Any] = {}
        if type(self.value) is dict:
            found = {name: self.value.get(key) for name, key in names.items()}
        if found and all(type(value) is int and 0 <= value < 2**63 for value in found.values()):
            return found
        return {name: self[key].count() for name, key in names.items()}

    def instant(self) -> int:
        """Microseconds since 1970 in UTC; a time without a zone is UTC."""
        try:
            return instant_us(self.text())
        except ValueError:
            raise ShapeError(self.path, "an ISO time", self.value) from None

    def day(self) -> str:
        """An ISO date."""
        try:
            return date.fromisoformat(self.text()[:10]).isoformat()
        except ValueError:
            raise ShapeError(self.path, "an ISO date", self.value) from None

    def seconds(self) -> int:
        """Seconds of a time on ice, "MM:SS"."""
        minutes, _, seconds = self.text().partition(":")
        if not (TIME_ON_ICE.fullmatch(self.text()) and int(seconds) < 60):
            raise ShapeError(self.path, "MM:SS", self.value)
        return int(minutes) * 60 + int(seconds)


def id_text(value: object) -> str | None:
    """An id as text, whether it was sent as number or text; None if it is neither."""
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def text_or_none(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def fresh_instant_us(text: str) -> int:
    """Microseconds since 1970 in UTC of an ISO time; without a zone it is UTC. Raises ValueError."""
    parsed = datetime.fromisoformat(text)
    if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
        raise ValueError(f"{quoted(text)} is no time of this league")
    since = parsed - (EPOCH_WITHOUT_ZONE if parsed.tzinfo is None else EPOCH)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


instant_us = lru_cache(maxsize=20_000)(fresh_instant_us)
"""The same, remembered."""


@lru_cache(maxsize=4_000)
def eastern_day(us: int) -> str:
    """ISO date in New York of an instant."""
    return slate_of(EPOCH + timedelta(microseconds=us)).isoformat()


def instants(values: Iterable[int | None]) -> "pd.Series[pd.Timestamp]":
    """A UTC column of microseconds since 1970; None is NaT."""
    return in_utc(ticks(values))


def ticks(values: Iterable[int | None]) -> NDArray[np.datetime64]:
    """Microseconds since 1970 as times without a zone; None is NaT."""
    whole = np.array([NO_TIME if us is None else us for us in values], dtype=np.int64)
    return whole.view("datetime64[us]")


def in_utc(times: NDArray[np.datetime64]) -> "pd.Series[pd.Timestamp]":
    """A UTC column of `ticks`."""
    return pd.Series(times).dt.tz_localize("UTC")


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970 of an aware instant."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def digests(*columns: Iterable[object]) -> list[str]:
    """128-bit digest of every row of equally long columns."""
    return [
        blake2b(row.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        for row in map("\x1f".join, zip(*map(_texts, columns), strict=True))
    ]


def _texts(column: Iterable[object]) -> Iterable[Any]:
    values = list(column)
    return values if set(map(type, values)) == {str} else map(str, values)
