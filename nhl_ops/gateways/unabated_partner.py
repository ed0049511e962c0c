"""Form C, Unabated's partner API v2: `propsPeopleEvents.{lg6:pt1:pregame}[]`, one row a player and event.

A row's `propsMarketSourcesLines` has its prices by side, book and alternate number (`si0:ms2:an0`) and in
there by bet type (`bt86`). Side 0 is over: the document's prose says "home/over for si0", its table and the
other forms say away or over. `/changes`, its stream of deltas, is not read: the vendor recommends it for those
who ask more often than every 30 seconds, and a delta is no board, from which alone one can tell what is gone.
"""

from collections.abc import Iterator
from typing import Any

from nhl_ops.gateways.drift import Defect
from nhl_ops.gateways.unabated_board import BookLine, MarketEvent, MarketSide, grouped
from nhl_ops.gateways.wire import Node

EVENTS = "propsPeopleEvents"
LINES = "propsMarketSourcesLines"
MAIN_LINE = ("", "an0")


def partner_events(events: Node) -> Iterator[MarketEvent]:
    """A market event for each bet type of each row. Raises ShapeError when `events` is no object."""
    for body, path, scope, is_live in grouped(events):
        sources = body.get(LINES) if isinstance(body, dict) else None
        if not isinstance(sources, dict):
            yield MarketEvent(body, path, scope, is_live, None, None)
            continue
        for key, junk in ((key, priced) for key, priced in sources.items() if not isinstance(priced, dict)):
            defect = Defect("malformed_line", "an object of bet types", junk, f"{path}.{LINES}.{key}")
            side = MarketSide(f".{LINES}", key, {}, [(key, "", junk, False)])
            yield MarketEvent(body, path, scope or defect, is_live, None, [side])
        for bet_type, sides in _by_bet_type(sources).items():
            listed = [MarketSide(f".{LINES}", side, {}, lines) for side, lines in sides.items()]
            yield MarketEvent(body, path, scope, is_live, bet_type, listed)


def _by_bet_type(sources: dict[str, Any]) -> dict[str, dict[str, list[BookLine]]]:
    """Lines by bet type and side, of what is built as it should be."""
    markets: dict[str, dict[str, list[BookLine]]] = {}
    for key, priced in sources.items():
        side, _, rest = key.partition(":")
        book, _, alternate = rest.partition(":")
        if not isinstance(priced, dict):
            continue
        is_alternate = alternate not in MAIN_LINE
        for bet_key, fields in priced.items():
            lines = markets.setdefault(bet_key.removeprefix("bt"), {}).setdefault(side, [])
            lines.append((f"{key}.{bet_key}", book, fields, is_alternate))
    return markets
