"""Seconds by part of a piece of work, read off named functions while it runs. No part is counted in another."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from time import perf_counter
from typing import Any

REST = "rest"
Place = tuple[Any, str]
"""A module or class and the name of a function in it."""


@contextmanager
def parts_of(places: Mapping[str, list[Place]]) -> Iterator[dict[str, float]]:
    """Seconds by part of what runs inside: of a function, without those of other parts that it calls."""
    watch = _Stopwatch(dict.fromkeys([*places, REST], 0.0))
    kept = [(owner, name, getattr(owner, name)) for found in places.values() for owner, name in found]
    for part, found in places.items():
        for owner, name in found:
            setattr(owner, name, watch.timed(part, getattr(owner, name)))
    watch.enter(REST)
    try:
        yield watch.seconds
    finally:
        watch.leave()
        for owner, name, function in kept:
            setattr(owner, name, function)


class _Stopwatch:
    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds = seconds
        self._open: list[str] = []
        self._since = perf_counter()

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(*arguments: Any, **named: Any) -> Any:
            self.enter(part)
            try:
                return function(*arguments, **named)
            finally:
                self.leave()

        return run

    def enter(self, part: str) -> None:
        self._count()
        self._open.append(part)

    def leave(self) -> None:
        self._count()
        self._open.pop()

    def _count(self) -> None:
        now = perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now
