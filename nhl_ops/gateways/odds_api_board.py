"""Documents of The Odds API: one event, a list of events, or a snapshot of the past around either of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from nhl_ops.domain.escaping import quoted
from nhl_ops.domain.slates import OVER_AFTER
from nhl_ops.gateways.drift import MESSAGE_CHARS, ShapeError, Told, broken, unlike
from nhl_ops.gateways.vendor import Payload
from nhl_ops.gateways.wire import EPOCH, Node, document, eastern_day, text_or_none

EVENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Board:
    """What one payload holds.

    events: in the order sent, unchecked. taken_us: when a snapshot of the past was taken, in microseconds
    since 1970; None for a board of now. error: what a 200 says that carries an error instead.
    """

    events: list[Node]
    taken_us: int | None = None
    error: str | None = None

    def known_at(self, payload: Payload) -> Payload:
        """The payload under the time at which its prices were known: a snapshot's own, unless it is later."""
        if self.taken_us is None:
            return payload
        taken = EPOCH + timedelta(microseconds=self.taken_us)
        return replace(payload, captured_at_utc=min(taken, payload.captured_at_utc))


def board_of(payload: Payload) -> Board:
    """The payload's board. Raises VendorContract for what is no document of this vendor."""
    try:
        return _board(document(payload))
    except ShapeError as problem:
        raise broken(payload, problem) from None


def listed_event(event: Node) -> tuple[str, int]:
    """Id and start (microseconds since 1970) of a listed event. Raises ShapeError when it cannot be asked for."""
    event_id = event["id"].text()
    if not EVENT_ID.fullmatch(event_id):
        raise ShapeError(event["id"].path, "an event id", event_id)
    return event_id, event["commence_time"].instant()


def events_due(board: Board, at_us: int, first: date) -> list[str]:
    """Ids of events of an Eastern date and the next that start after an instant, each once.

    An event that cannot be asked for is left out here: parsing the list makes it a dead letter.
    """
    dates = {first.isoformat(), (first + timedelta(days=1)).isoformat()}
    due: dict[str, None] = {}
    for event in board.events:
        try:
            event_id, start_us = listed_event(event)
        except ShapeError:
            continue
        if start_us > at_us and eastern_day(start_us) in dates:
            due[event_id] = None
    return list(due)


def is_outdated(board: Board, at_us: int) -> bool:
    """Whether it lists events, and all of them began so long before an instant that they are over."""
    starts = []
    for event in board.events:
        try:
            starts.append(listed_event(event)[1])
        except ShapeError:
            continue
    return bool(starts) and max(starts) + OVER_AFTER // timedelta(microseconds=1) < at_us


def market_keys(board: Board) -> set[str]:
    """Distinct market keys that any book of the board quotes: what the vendor charges event odds by."""
    return {
        market["key"]
        for event in board.events
        for book in _dicts(event.value, "bookmakers")
        for market in _dicts(book, "markets")
        if isinstance(market.get("key"), str)
    }


def _board(root: Node) -> Board:
    if not isinstance(root.value, dict):
        return Board(_elements(root))
    if "error_code" in root.value or ("message" in root.value and "id" not in root.value):
        return Board([], error=_error_text(root.value))
    if "timestamp" not in root.value and "data" not in root.value:
        if "id" not in root.value and "bookmakers" not in root.value:
            raise ShapeError("$", "an event, a list of events or a snapshot", root.value)
        return Board([root])
    data, taken_us = root["data"], root["timestamp"].instant()
    return Board([data] if isinstance(data.value, dict) else _elements(data), taken_us)


def _elements(node: Node) -> list[Node]:
    if not isinstance(node.value, list):
        raise ShapeError(node.path, "a list of events", node.value)
    return list(node.each())


def _error_text(body: dict[str, Any]) -> str:
    words = filter(None, (text_or_none(body.get(key)) for key in ("error_code", "message")))
    return unlike("$", "events", Told(f"an error: {quoted(' '.join(words), MESSAGE_CHARS)}"))


def _dicts(value: Any, key: str) -> Iterator[dict[str, Any]]:
    listed = value.get(key) if isinstance(value, dict) else None
    yield from (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()
