"""Payloads of PlayNow, with their outcomes counted apart from the parser."""

from typing import Any

from hypothesis import strategies as st

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.gateways.playnow import EVENT_LIST, EVENTS_BY_IDS, PlayNowVendor
from nhl_ops_tests.fuzz.cases import ParserCase, Read, Sent, document_of, exactly, sent, usually, values_of
from nhl_ops_tests.fuzz.damage import DEEP_VALUE, json_bodies, rendered
from nhl_ops_tests.gateways.playnow_samples import (
    DATA_FETCHING_EXCEPTION,
    answer,
    event,
    market,
    outcome,
    price,
)
from nhl_ops_tests.gateways.wire_samples import payload_of

VENDOR = PlayNowVendor("http://playnow/q/")
SPEC = RAW_QUOTES["PLAYNOW"]
DECIMALS = usually(1.9, None, 1, 1.0, 1.000001, 2, "1.9", 0.5, -3, 1e7, 1e308, 99_900, True, "nan")
HANDICAPS = usually(None, 0.5, 2.5, "2.5", 25.5, 2.25, -0.5, "", "nan", "inf", "1_0", True, 1e300)
OUTCOME_NAMES = st.sampled_from(
    ["Over", "Under", "1+", "4+", "Jack Hughes", "Sebastian Aho (CAR)", "under", "99+", "\u0661+", ""]
)
MARKET_NAMES = st.sampled_from(
    [
        "Player 1+ Goals", "Player 2+ Goals", "Jack Hughes Total Points 0.5", "Jake Allen Total Saves",
        "Jack Hughes Total Shots on Goal", "Jack Hughes Total Shots On Goal 2.5", "Devils Total Shots on Goal",
        "Jack Hughes (F) (NJD) Total Assists 0.5", "Jack Hughes Total Powerplay Points 0.5", "",
        "Jack Hughes Total Points \u0661.\u0665", f"Jack Hughes Total Points {'9' * 400}", "Total Total Points 0.5",
    ]
)  # fmt: skip
STATUS = usually("ACTIVE", None, "SUSPENDED", 1)
PRICES = st.lists(
    st.builds(
        price,
        DECIMALS,
        priceType=usually("LP", "LP_BASE", None, ["LP"]),
        numerator=usually(9, 0, -1, None, "9", 2**63 - 1, 1e308, True),
        denominator=usually(10, 0, 5e-324, None, "10", 1e308),
        handicapLow=HANDICAPS,
    ),
    min_size=1,
    max_size=2,
)
OUTCOMES = st.builds(
    lambda name, prices, status, number: outcome(name, prices=prices, status=status, id=number),
    OUTCOME_NAMES,
    PRICES,
    STATUS,
    usually("9", 9, None, "", 2**63 - 1),
)
MARKETS = st.builds(
    lambda name, outcomes, handicap, status: market(name, *outcomes, handicap=handicap, status=status),
    MARKET_NAMES,
    st.lists(OUTCOMES, min_size=1, max_size=3),
    HANDICAPS,
    STATUS,
)
EVENTS = st.builds(
    lambda markets, fields: event(*markets, **fields),
    st.lists(MARKETS, min_size=1, max_size=3),
    st.fixed_dictionaries(
        {
            "startTime": usually(
                "2026-01-10T00:00:00Z", "2026-01-10", None, "", 5, "2026-01-10T00:00:00+99:00"
            ),
            "id": usually("11990001", 11990001, None, ""),
            "status": STATUS,
            "started": usually(False, True, None),
            "teams": usually(
                event()["teams"], None, [], [None], [{"side": "HOME", "name": 5}], {"HOME": "x"}
            ),
            "name": usually("A at B", " at ", "A v B", None, 7),
            "competitionDrilldownTagId": usually("220", 220, "221", None, []),
        }
    ),
)
ANSWERS = st.one_of(
    *[st.lists(EVENTS, min_size=1, max_size=2).map(lambda events: answer(*events))] * 9,
    st.just(DATA_FETCHING_EXCEPTION),
)


def reading(endpoint: str) -> Any:
    def read(payload: Sent) -> Read:
        return Read.of(VENDOR.parse(payload_of(payload.body, "PLAYNOW", endpoint)), SPEC)

    return read


def counted(payload: Sent) -> range:
    """One for an error body, else every outcome; an event or market that cannot hold any counts as one."""
    root = document_of(payload)
    if root.get("errors") or root.get("data") is None:
        return exactly(1)
    events = values_of(root["data"]["events"])
    assert events is not None
    return exactly(sum(_held(one, "markets", lambda m: _held(m, "outcomes", lambda _: 1)) for one in events))


def _held(holder: Any, key: str, count: Any) -> int:
    if not isinstance(holder, dict):
        return 1
    held = values_of(holder.get(key))
    if not holder.get(key):
        return 0
    return 1 if held is None else sum(map(count, held))


PINNED = tuple(
    Sent(rendered(body))
    for body in (
        answer(event(market("Player 1+ Goals", outcome("A B", DEEP_VALUE)))),
        answer(event(market("A B Total Points", outcome("Over"), handicap=DEEP_VALUE))),
        answer(event(market("Player 1+ Goals", outcome("A B", status=DEEP_VALUE)))),
        answer(event(market("Player 1+ Goals", outcome("A B")), startTime=DEEP_VALUE)),
        {"data": None, "errors": [DEEP_VALUE]},
    )
)
BODIES = sent(json_bodies(ANSWERS))
PARSERS = (
    ParserCase("playnow-event-list", BODIES, reading(EVENT_LIST), counted, PINNED),
    ParserCase("playnow-events-by-ids", BODIES, reading(EVENTS_BY_IDS), counted, PINNED),
)
