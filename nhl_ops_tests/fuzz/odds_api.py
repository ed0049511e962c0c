"""Payloads of The Odds API, with their outcomes counted apart from the parser."""

from typing import Any

from hypothesis import strategies as st

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.gateways.odds_api import DECIMAL, EVENTS, PAST_EVENT_LIST, PAST_EVENT_ODDS
from nhl_ops.gateways.odds_api_ask import EVENT_ODDS
from nhl_ops_tests.fuzz.cases import ParserCase, Read, Sent, document_of, exactly, sent, usually
from nhl_ops_tests.fuzz.damage import DEEP_VALUE, json_bodies, rendered
from nhl_ops_tests.gateways.odds_api_samples import UPDATED, book, event, listed, market, over, snapshot
from nhl_ops_tests.gateways.odds_api_vendor import odds_api
from nhl_ops_tests.gateways.wire_samples import payload_of

VENDOR = odds_api("http://vendor")
SPEC = RAW_QUOTES["ODDS_API"]
PRICES = usually(105, -110, 1.91, 2, 1, 99, 0, 99_900, "105", None, 150.5, 1e308, 2**63 - 1, True)
LINES = usually(2.5, 0.5, None, 0, 2.25, -1, "2.5", 1e300, True)
MARKETS = st.sampled_from(
    [
        "player_points", "player_assists_alternate", "player_goal_scorer_anytime", "player_total_saves",
        "player_shots_on_goal", "player_goal_scorer_first", "h2h", "", None, ["player_points"],
    ]
)  # fmt: skip
TIMES = usually(UPDATED, None, "", "now", 1767744000, "2026-01-07T00:00:00+00:00", "1492-10-12T00:00:00Z")
OUTCOMES = st.builds(
    over,
    usually("Tage Thompson", None, "", " ", "\U0001f3d2", "x" * 3000, 7),
    PRICES,
    LINES,
    name=st.sampled_from(["Over", "Under", "Over", "Under", "Yes", "No", None, ["Over"], "over"]),
)
BOOKS = st.builds(
    lambda markets, key: book(*markets, key=key),
    st.lists(
        st.builds(
            lambda key, outcomes, updated: market(key, *outcomes, last_update=updated),
            MARKETS,
            st.lists(OUTCOMES, min_size=1, max_size=3),
            TIMES,
        ),
        min_size=1,
        max_size=2,
    ),
    usually("draftkings", "fanduel", None, "", 7),
)
START = usually("2026-01-07T00:00:00Z", "2026-01-06T12:00:00Z", "2026-01-08", None, "", 5)
IDS = usually("e1", "e2", None, "", 7, "a/../b", "x" * 65)
PRICED = st.builds(
    lambda books, start, number: event(*books, commence_time=start, id=number),
    st.lists(BOOKS, min_size=1, max_size=2),
    START,
    IDS,
)
LISTED = st.lists(st.builds(listed, IDS, START), max_size=3)
TAKEN = usually("2026-01-05T16:45:39Z", "2027-01-01T00:00:00Z", None, "", 5)
ERROR = st.just({"message": "Quota reached", "error_code": "OUT_OF_USAGE_CREDITS"})
PAST = st.builds(snapshot, st.one_of(PRICED, st.lists(PRICED, max_size=2), LISTED), TAKEN)


def reading(endpoint: str) -> Any:
    def read(payload: Sent) -> Read:
        return Read.of(VENDOR.parse(payload_of(payload.body, "ODDS_API", endpoint)), SPEC)

    return read


def counted(payload: Sent) -> range:
    """One for an error body, else every outcome; what cannot hold any counts as one."""
    events = _events(document_of(payload))
    if events is None:
        return exactly(1)
    return exactly(
        sum(
            _held(e, "bookmakers", lambda b: _held(b, "markets", lambda m: _held(m, "outcomes")))
            for e in events
        )
    )


def counted_events(payload: Sent) -> range:
    """A list holds no prices: at most a dead letter for each of its events."""
    events = _events(document_of(payload))
    return exactly(1) if events is None else range(len(events) + 1)


def _events(root: Any) -> list[Any] | None:
    if isinstance(root, list):
        return root
    if "error_code" in root or ("message" in root and "id" not in root):
        return None
    if "timestamp" not in root and "data" not in root:
        return [root]
    return root["data"] if isinstance(root["data"], list) else [root["data"]]


def _held(holder: Any, key: str, count: Any = lambda _: 1) -> int:
    held = holder.get(key) if isinstance(holder, dict) else None
    return sum(map(count, held)) if isinstance(held, list) else 1


PINNED = tuple(
    Sent(rendered(event(book(market("player_points", outcome)))))
    for outcome in (
        over(price=DEEP_VALUE),
        over(point=DEEP_VALUE),
        over(name=DEEP_VALUE),
    )
)
PINNED_PAST = (Sent(rendered(snapshot([], DEEP_VALUE))),)
NOW = st.one_of(*[PRICED] * 9, ERROR)
PARSERS = (
    ParserCase("odds-api-event-odds", sent(json_bodies(NOW)), reading(EVENT_ODDS), counted, PINNED),
    ParserCase(
        "odds-api-decimal-event-odds", sent(json_bodies(NOW)), reading(EVENT_ODDS + DECIMAL), counted, PINNED
    ),
    ParserCase(
        "odds-api-past-event-odds",
        sent(json_bodies(PAST)),
        reading(PAST_EVENT_ODDS),
        counted,
        PINNED_PAST,
    ),
    ParserCase("odds-api-events", sent(json_bodies(LISTED)), reading(EVENTS), counted_events, has_rows=False),
    ParserCase(
        "odds-api-past-events",
        sent(json_bodies(PAST)),
        reading(PAST_EVENT_LIST),
        counted_events,
        has_rows=False,
    ),
)
