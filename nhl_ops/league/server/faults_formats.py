"""What a fault must know of the vendors' formats: who speaks on which mount, and where a body keeps what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

VENDOR_OF_MOUNT: Mapping[str, str] = MappingProxyType(
    {
        "nhl-web": "NHL",
        "nhl-stats": "NHL",
        "unabated-cdn": "UNABATED",
        "unabated-api": "UNABATED",
        "unabated-partner": "UNABATED",
        "playnow": "PLAYNOW",
        "oddsshark": "ODDSSHARK",
        "odds-api": "ODDS_API",
    }
)
"""First part of a path -> vendor; a mount that the application does not have answers nothing, faulted or not."""


@dataclass(frozen=True)
class Format:
    """Keys of a vendor's JSON.

    rows: keys of the lists that hold one row a price or record (Unabated's: a pattern of its keys).
    starts, ids, live, stamps: of an event its start, the ids that another event has otherwise, the flags of a
    running game with their values, the times of a price. error: the body of its own that comes with HTTP 200.
    """

    error: Any
    prices: frozenset[str]
    lines: frozenset[str]
    rows: re.Pattern[str]
    starts: frozenset[str]
    ids: frozenset[str]
    id_step: int = 5_000_000
    live: Mapping[str, Any] = field(default_factory=dict)
    stamps: frozenset[str] = frozenset()


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "NHL": Format(
            error={"statusCode": 500, "message": "Internal server error"},
            prices=frozenset({"value"}),
            lines=frozenset({"qualifier"}),
            rows=re.compile("games|data|forwards|defensemen|defense|goalies"),
            starts=frozenset({"startTimeUTC"}),
            ids=frozenset({"id", "gameId"}),
            id_step=8_000,
            live={"gameState": "LIVE"},
            stamps=frozenset({"lastUpdatedUTC"}),
        ),
        "UNABATED": Format(
            error={"success": False, "data": None, "messages": ["The odds snapshot is not available."]},
            prices=frozenset({"price", "americanPrice", "sourcePrice"}),
            lines=frozenset({"points", "bestAltPoints"}),
            rows=re.compile(r"lg\d+:pt\d+:\w+|pregame|live"),
            starts=frozenset({"eventStart"}),
            ids=frozenset({"eventId", "marketId", "marketLineId"}),
            live={"live": True, "isLive": True, "statusId": 2},
            stamps=frozenset({"modifiedOn"}),
        ),
        "PLAYNOW": Format(
            error={"data": None, "errors": [{"code": "DataFetchingException", "message": "Backend failure"}]},
            prices=frozenset({"decimal"}),
            lines=frozenset({"handicapValue", "handicapLow"}),
            rows=re.compile("outcomes"),
            starts=frozenset({"startTime"}),
            ids=frozenset({"id", "eventId", "marketId"}),
            live={"started": True, "liveNow": True},
        ),
        "ODDSSHARK": Format(
            error={"message": "The website encountered an unexpected error."},
            prices=frozenset({"moneyLine", "spreadPrice", "overPrice", "underPrice"}),
            lines=frozenset({"total", "spread"}),
            rows=re.compile("scores"),
            starts=frozenset({"date"}),
            ids=frozenset({"id"}),
            live={"status": "LIVE"},
        ),
        "ODDS_API": Format(
            error={"message": "Internal error", "error_code": "INTERNAL_ERROR"},
            prices=frozenset({"price"}),
            lines=frozenset({"point"}),
            rows=re.compile("outcomes"),
            starts=frozenset({"commence_time"}),
            ids=frozenset({"id"}),
            stamps=frozenset({"last_update"}),
        ),
    }
)
VENDORS = tuple(FORMATS)
