"""Whatever vendors send, what becomes of it on the slates that read it adds up."""

from hashlib import sha256

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.failures import VendorContract
from nhl_ops.domain.slates import slate_of
from nhl_ops.transforms.prop_odds import FACT_KEY, Captures, Reference, normalize
from nhl_ops_tests.fuzz import file_drops, odds_api, oddsshark, playnow, unabated
from nhl_ops_tests.fuzz.cases import ParserCase, Read, Sent
from nhl_ops_tests.fuzz.tables import require_a_table, require_contracts
from nhl_ops_tests.gateways.wire_samples import CAPTURED_AT
from nhl_ops_tests.transforms.ev_frames import aliases, facts, games, players, quarantined, sightings

PARSERS: tuple[ParserCase, ...] = (
    *unabated.PARSERS,
    *playnow.PARSERS,
    *odds_api.PARSERS,
    *oddsshark.PARSERS,
    file_drops.PAGES,
)
CAPTURED_ON = slate_of(CAPTURED_AT).isoformat()
SLATES = [CAPTURED_ON, "2026-01-09"]
HURRICANES_AT_DEVILS = {"game_date": CAPTURED_ON, "away_team": "CAR", "home_team": "NJD"}
REFERENCE = Reference(
    games({**HURRICANES_AT_DEVILS, "start_time_utc": pd.Timestamp("2026-01-07T00:00Z")}),
    players({"game_date": CAPTURED_ON, "player_name": "Jack Hughes", "team": "NJD", "opponent": "CAR"}),
    aliases(),
)
OUTCOMES = ["accepted", "duplicate", "other_slate", "quarantined"]
BOARDS = st.lists(
    st.integers(0, len(PARSERS) - 1).flatmap(
        lambda number: st.tuples(st.just(number), PARSERS[number].payloads)
    ),
    min_size=1,
    max_size=3,
)
FEWER = settings(max_examples=settings.default.max_examples // 4)
"""A slate takes as long as twenty payloads, and has several in it."""


def test_every_row_of_every_payload_is_accounted_for_on_every_slate_that_reads_it() -> None:
    tables: list[tuple[TableSpec, pd.DataFrame]] = []

    @FEWER
    @given(boards=BOARDS, lookback_days=st.integers(0, 3))
    def balances(boards: list[tuple[int, Sent]], lookback_days: int) -> None:
        read = _read(boards)
        captures = _captures(read)
        new, accounting = normalize(captures, REFERENCE, SLATES, lookback_days, facts())
        assert (accounting["seen"] == accounting[OUTCOMES].sum(axis=1)).all()
        assert (accounting[["seen", "mapped", *OUTCOMES]] >= 0).all(axis=None)
        assert (accounting["mapped"] <= accounting["accepted"]).all()
        seen = accounting.set_index(["source_vendor", "payload_hash"])["seen"].to_dict()
        assert seen.items() <= {key: one.seen for key, one in read.items()}.items()
        assert accounting["accepted"].sum() == len(new)
        made = [
            (FACT_ODDS_ACCOUNTING, accounting),
            *((FACT_PROP_ODDS, f) for _, f in new.groupby("game_date")),
        ]
        for spec, frame in made:
            require_a_table(spec, frame)
        tables.extend(made)
        none, again = normalize(captures, REFERENCE, SLATES, lookback_days, new[FACT_KEY])
        assert none.empty
        assert again.equals(accounting)

    balances()
    assert any(spec is FACT_PROP_ODDS for spec, _ in tables)
    require_contracts(tables)


def _read(boards: list[tuple[int, Sent]]) -> dict[tuple[str, str], Read]:
    """What was made of each payload that is one, by vendor and digest; the same bytes are one payload."""
    found = {}
    for number, payload in boards:
        try:
            read = PARSERS[number].read(payload)
        except VendorContract:
            continue
        spec, _ = read.tables[0]
        vendor = spec.name.removeprefix("raw_").removesuffix("_odds").upper()
        found.setdefault((vendor, sha256(payload.body).hexdigest()), read)
    return found


def _captures(read: dict[tuple[str, str], Read]) -> Captures:
    rows = [frame for one in read.values() for _, frame in one.tables if len(frame)]
    origins = [
        {
            "source_vendor": vendor,
            "payload_hash": digest,
            "capture_date": CAPTURED_ON,
            "captured_at_utc": CAPTURED_AT,
        }
        for vendor, digest in read
    ]
    letters = [
        origin | {"quarantined": len(one.rejected)}
        for origin, one in zip(origins, read.values(), strict=True)
        if one.rejected
    ]
    nothing = unabated.SPEC.empty_frame()
    quotes = pd.concat(rows, ignore_index=True) if rows else nothing
    return Captures(quotes, sightings(*origins), quarantined(*letters))
