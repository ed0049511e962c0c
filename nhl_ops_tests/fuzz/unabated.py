"""Payloads of Unabated's three forms and their lists, with their prices counted apart from the parser."""

from typing import Any

from hypothesis import strategies as st

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.gateways.unabated import KEYED_BOARD, NO_SPORTSBOOKS, PARTNER_BOARD, PUBLIC_BOARD, UnabatedVendor
from nhl_ops_tests.fuzz.cases import ParserCase, Read, Sent, always, document_of, exactly, sent, usually
from nhl_ops_tests.fuzz.damage import DEEP_VALUE, damaged, json_bodies, mixture, rendered
from nhl_ops_tests.gateways.unabated_samples import (
    BET_TYPES,
    Json,
    board,
    companions,
    event,
    keyed_board,
    line,
    partner_board,
    partner_companions,
)
from nhl_ops_tests.gateways.wire_samples import payload_of

VENDOR = UnabatedVendor("cdn", "http://cdn", None, lambda: 0, BET_TYPES, NO_SPORTSBOOKS)
SPEC = RAW_QUOTES["UNABATED"]
POINTS = usually(2.5, None, 0, 0.5, 3, 2.25, -0.5, "1.5", 1e300, True)
PRICES = usually(
    -110, None, 100, -100, 99, 0, 50, 99_900, -99_900, 150.0, 150.5, "-110", 10_000_001, 2**63 - 1, True
)
STARTS = usually("2026-01-07T00:00:00", "2026-01-06", "", "1066-10-14T09:00:00")
STATUSES = usually(1, None, 0, "1", 3, 1.0, [1])
SEQUENCES = usually(1767900000000000001, None, 0, "7", "9" * 30, -1, 1.5, "\u0661")
MODIFIED = usually("2026-01-06T19:02:11.123", "", "yesterday", "2099-01-01T00:00:00")
LINES = st.builds(
    line,
    POINTS,
    PRICES,
    statusId=STATUSES,
    sequenceNumber=SEQUENCES,
    modifiedOn=MODIFIED,
    isBlurred=usually(False, True, None, 0, "no"),
    marketId=usually(7, 8, None, "m", 0),
)
ALTERNATES = st.fixed_dictionaries(
    {"points": POINTS, "americanPrice": PRICES}, optional={"statusId": STATUSES}
)
LADDERS = st.builds(
    lambda main, alternates: main | {"alternateLines": alternates}, LINES, st.lists(ALTERNATES, max_size=2)
)
BOOKS = st.one_of(
    st.dictionaries(
        st.sampled_from(["ms1", "ms2", "ms49"]), st.one_of(LINES, LADDERS), min_size=1, max_size=2
    ),
    st.none(),
)
EVENTS = st.builds(
    event,
    BOOKS,
    BOOKS,
    person=usually(44999, 45000, 1),
    eventId=usually(104900, 104901, 2**63 - 1),
    eventStart=STARTS,
    statusId=usually(1, 3, "5", None),
    betTypeId=st.sampled_from([*BET_TYPES, 70, 73, 999, None]),
    betSubType=usually(None, "milestone", "0", "alt", ""),
    periodTypeId=usually(1, None, "1", 2),
    live=st.booleans(),
)
SLATES = st.lists(EVENTS, min_size=1, max_size=3)
GROUPS = usually(
    "lg6:pt1:pregame", "lg6:pt1:live", "lg5:pt1:pregame", "lg6:pt2:pregame", "lg6", "", "lg6:pt1:closing"
)


def either(lists: dict[str, Any]) -> dict[str, st.SearchStrategy[bytes]]:
    """Each list as it should be or, one time in four, damaged."""
    return {
        endpoint: mixture((3, always(rendered(rows))), (1, damaged(always(rows))))
        for endpoint, rows in lists.items()
    }


def reading(endpoint: str) -> Any:
    def read(payload: Sent) -> Read:
        beside = [payload_of(body, "UNABATED", name) for name, body in payload.beside]
        return Read.of(VENDOR.parse(payload_of(payload.body, "UNABATED", endpoint), beside), SPEC)

    return read


def counted(payload: Sent) -> range:
    """One for an error body, else books and alternates of every side; what cannot hold any counts as one."""
    root = document_of(payload)
    if root.get("success") is False:
        return exactly(1)
    if root.get("data") is not None:
        return exactly(sum(map(_in_event, _keyed_events(root["data"]["odds"]))))
    of_row = _in_event if root.get("propsPeopleEvents") is None else _in_row
    groups = root["odds"] if root.get("propsPeopleEvents") is None else root["propsPeopleEvents"]
    return exactly(
        sum(of_row(row) for rows in groups.values() for row in (rows if isinstance(rows, list) else [rows]))
    )


def _keyed_events(leagues: Json) -> list[Any]:
    """Under a period stand its number and phases; a phase that nobody knows holds prices as well."""
    periods = [period for league in leagues.values() for period in league["periodTypes"].values()]
    return [
        body
        for period in periods
        for held in period.values()
        if isinstance(held, dict)
        for body in held.values()
    ]


def _in_event(body: Any) -> int:
    sides = body.get("sides") if isinstance(body, dict) else None
    return sum(map(_in_side, sides.values())) if isinstance(sides, dict) else 1


def _in_side(side: Any) -> int:
    books = side.get("marketSourceLines", side) if isinstance(side, dict) else None
    return sum(map(_in_line, books.values())) if isinstance(books, dict) else 1


def _in_row(row: Any) -> int:
    sources = row.get("propsMarketSourcesLines") if isinstance(row, dict) else None
    if not isinstance(sources, dict):
        return 1
    return sum(
        sum(map(_in_line, held.values())) if isinstance(held, dict) else 1 for held in sources.values()
    )


def _in_line(line_sent: Any) -> int:
    alternates = line_sent.get("alternateLines") if isinstance(line_sent, dict) else None
    return 1 + (0 if alternates is None else len(alternates) if isinstance(alternates, list) else 1)


PUBLIC = st.builds(lambda events, group: board(*events, group=group), SLATES, GROUPS)
KEYED = st.builds(
    lambda events, phase, league, period: keyed_board(*events, phase=phase, league=league, period=period),
    SLATES,
    usually("pregame", "live", "closing"),
    usually(6, 5, "6"),
    usually(1, 2, None),
)
PARTNER = st.builds(lambda events, group: partner_board(*events, group=group), SLATES, GROUPS)


def _pinned(own: Json) -> Sent:
    return Sent(rendered(board(event({"ms1": own}))))


PARSERS = (
    ParserCase(
        "unabated-public",
        sent(json_bodies(PUBLIC)),
        reading(PUBLIC_BOARD),
        counted,
        (
            *(_pinned(line(**{key: DEEP_VALUE})) for key in ("points", "modifiedOn")),
            _pinned(line(price=DEEP_VALUE)),
            _pinned(line(statusId=DEEP_VALUE, disabled=True)),
            Sent(rendered({"success": False, "messages": [DEEP_VALUE]})),
        ),
    ),
    ParserCase(
        "unabated-keyed",
        sent(json_bodies(KEYED), **either(companions())),
        reading(KEYED_BOARD),
        counted,
        (Sent(rendered(keyed_board(event({"ms1": line()}), phase="closing"))),),
    ),
    ParserCase(
        "unabated-partner",
        sent(json_bodies(PARTNER), **either(partner_companions())),
        reading(PARTNER_BOARD),
        counted,
    ),
)
