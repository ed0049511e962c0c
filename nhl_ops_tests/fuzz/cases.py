"""What the fuzz test knows of a parser: the payloads to send, how it is called, and what it must have seen."""

import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import pandas as pd
from hypothesis import strategies as st

from nhl_ops.contracts.spec import TableSpec
from nhl_ops.gateways.vendor import Parsed, Rejected

SHOWN_BYTES = 600
FREE_FRAMES = 800
"""Of the 1,000 that Python allows, what a run leaves to a parser."""


@dataclass(frozen=True)
class Sent:
    """A payload as bytes. beside: the bodies of its companions by endpoint. holds: the number of prices that
    it was built with, where only the builder can know it."""

    body: bytes
    beside: tuple[tuple[str, bytes], ...] = ()
    holds: int | None = None

    def __repr__(self) -> str:
        """How to make it again; long bodies packed."""
        beside = "".join(f"({name!r}, {_shown(body)}), " for name, body in self.beside)
        return f"Sent({_shown(self.body)}, ({beside}), {self.holds})"


def unpacked(text: str) -> bytes:
    """A body from the `repr` of a payload."""
    return zlib.decompress(b64decode(text))


def _shown(body: bytes) -> str:
    if len(body) <= SHOWN_BYTES:
        return repr(body)
    return f"unpacked({b64encode(zlib.compress(body, 9)).decode()!r})"


@dataclass(frozen=True)
class Read:
    """What a parser made of a payload: rows by table, and dead letters."""

    tables: tuple[tuple[TableSpec, pd.DataFrame], ...]
    rejected: Sequence[Rejected]
    seen: int

    @classmethod
    def of(cls, parsed: Parsed, spec: TableSpec) -> "Read":
        return cls(((spec, parsed.rows),), parsed.rejected, parsed.seen)


@dataclass(frozen=True)
class ParserCase:
    """One parser.

    counted: from the payload alone, the numbers of prices that it may have seen; None where only the builder
    knows. pinned: payloads that once broke it. has_rows: some payloads have any; without them nothing was tried.
    """

    name: str
    payloads: st.SearchStrategy[Sent]
    read: Callable[[Sent], Read]
    counted: Callable[[Sent], range | None]
    pinned: tuple[Sent, ...] = ()
    has_rows: bool = True


def sent(bodies: st.SearchStrategy[bytes], **beside: st.SearchStrategy[bytes]) -> st.SearchStrategy[Sent]:
    """Payloads with companions by endpoint."""
    if not beside:
        return bodies.map(Sent)
    companions = st.fixed_dictionaries(beside).map(lambda found: tuple(found.items()))
    return st.builds(Sent, bodies, companions)


def document_of(payload: Sent) -> Any:
    """The payload's JSON."""
    return orjson.loads(payload.body.removeprefix(b"\xef\xbb\xbf"))


def exactly(count: int) -> range:
    return range(count, count + 1)


def values_of(holder: Any) -> list[Any] | None:
    """Elements of a list or values of an object; None for anything else."""
    return list(holder.values()) if isinstance(holder, dict) else holder if isinstance(holder, list) else None


def always(value: Any) -> st.SearchStrategy[Any]:
    """The value, which is too long to be shown with the strategy."""
    return st.none().map(lambda _: value)


def usually(value: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The value eleven times in twelve, else one of the others: a row has many fields, and must often be whole."""
    common = 11 * len(others)
    return st.integers(0, 12 * len(others) - 1).map(lambda i: value if i < common else others[i - common])


@contextmanager
def a_runs_stack() -> Iterator[None]:
    """As many free stack frames as a run leaves: Hypothesis raises Python's limit, a run does not."""
    frame, depth = sys._getframe(), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + FREE_FRAMES)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
