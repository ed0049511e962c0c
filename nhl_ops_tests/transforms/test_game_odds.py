"""Game lines become facts: every distinct line of a slate once, mapped or not, every price accounted for."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhl_ops.contracts.game_odds import FACT_GAME_ODDS, FACT_GAME_ODDS_ACCOUNTING
from nhl_ops.contracts.schema import violations
from nhl_ops.transforms.game_odds import FACT_KEY, LineCaptures, map_games, normalize
from nhl_ops_tests.transforms.ev_frames import GAME, NOON, SLATE, START, et, games, quarantined, sightings
from nhl_ops_tests.transforms.game_line_frames import SHARK, facts, lines

NEXT = "2026-01-06"
FIVE = et(f"{SLATE} 17:00")
LATER = {"payload_hash": "p2", "captured_at_utc": FIVE}
NEXT_GAME = {"game_date": NEXT, "game_id_nhl": GAME + 1, "start_time_utc": et(f"{NEXT} 19:00")}
TONIGHT = games({}, NEXT_GAME)
BALANCE = ["seen", "accepted", "duplicate", "other_slate", "quarantined", "mapped"]


def run(
    raw: pd.DataFrame,
    *slates: str,
    seen: pd.DataFrame | None = None,
    letters: pd.DataFrame | None = None,
    existing: pd.DataFrame | None = None,
    lookback: int = 2,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    captures = LineCaptures(
        raw, sightings() if seen is None else seen, quarantined() if letters is None else letters
    )
    stored = facts() if existing is None else existing
    return normalize(captures, TONIGHT, list(slates or (SLATE,)), lookback, stored)


def balance(accounting: pd.DataFrame) -> dict[str, list[int]]:
    return {row["payload_hash"]: [row[c] for c in BALANCE] for _, row in accounting.iterrows()}


def mapping(change: dict[str, object], schedule: pd.DataFrame = TONIGHT) -> tuple[object, object, object]:
    row = map_games(lines(change), schedule).iloc[0]
    game = None if pd.isna(row["game_id_nhl"]) else int(row["game_id_nhl"])
    return game, row["mapping_method"], row["mapping_reason"]


def test_a_line_with_the_nhls_id_has_that_game() -> None:
    assert mapping({}) == (GAME, "game_id", None)


def test_a_start_that_moved_does_not_matter_where_the_id_is_sent() -> None:
    assert mapping({"start_time_utc": et(f"{SLATE} 01:00")}) == (GAME, "game_id", None)


def test_a_line_without_an_id_is_matched_by_date_and_teams() -> None:
    assert mapping(SHARK) == (GAME, "date_and_teams", None)


@pytest.mark.parametrize(
    ("home", "away"), [("TOR", "VAN"), ("Toronto", "Vancouver"), ("Maple Leafs", "Canucks")]
)
def test_any_spelling_of_the_teams_will_do(home: str, away: str) -> None:
    assert mapping({**SHARK, "home_team_raw": home, "away_team_raw": away})[0] == GAME


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"game_id_sent": 2025029999}, "game 2025029999 is not on the schedule of 2026-01-05"),
        ({"game_id_sent": GAME + 1}, f"game {GAME + 1} is not on the schedule of 2026-01-05"),
        (
            {"home_team_raw": "VAN", "away_team_raw": "TOR"},
            f"game {GAME} is VAN at TOR, but was sent as TOR at VAN",
        ),
        (
            {**SHARK, "home_team_raw": "Vancouver Canucks", "away_team_raw": "Toronto Maple Leafs"},
            "TOR at VAN on 2026-01-05 is scheduled with home and away the other way round",
        ),
        ({**SHARK, "home_team_raw": "Toronto Arenas"}, "no NHL team is spelt 'Toronto Arenas'"),
        (
            {**SHARK, "start_time_utc": START + pd.Timedelta(hours=20)},
            "VAN at TOR on 2026-01-05 starts 20 h away from the vendor's time",
        ),
    ],
)
def test_what_does_not_fit_is_left_open_with_the_reason(change: dict[str, object], reason: str) -> None:
    assert mapping(change) == (None, "unresolved", reason)


def test_a_postponed_game_keeps_its_id_on_both_dates() -> None:
    both = games({"schedule_state": "PPD", "is_playable": False}, {"game_date": NEXT})
    assert mapping({}, both)[0] == mapping({"game_date": NEXT}, both)[0] == GAME


def test_a_line_that_cannot_be_mapped_is_a_fact_all_the_same() -> None:
    new, accounting = run(lines({}, {"line_id": "l2", "game_id_sent": 2025029999}))
    assert new["game_id_nhl"].isna().tolist() == [False, True]
    assert balance(accounting) == {"p1": [2, 2, 0, 0, 0, 1]}
    assert violations(FACT_GAME_ODDS, new) == []


def test_three_sources_stand_in_one_table() -> None:
    partner = {"line_id": "l2", "source": "nhl_partner_game", "payload_hash": "p2"}
    new, accounting = run(lines({}, partner, {**SHARK, "line_id": "l3", "payload_hash": "p3"}))
    assert new["source"].tolist() == ["nhl_schedule", "nhl_partner_game", "oddsshark_scores"]
    assert set(new["game_id_nhl"]) == {GAME}
    assert set(balance(accounting)) == {"p1", "p2", "p3"}
    assert violations(FACT_GAME_ODDS_ACCOUNTING, accounting) == []


def test_an_unchanged_line_in_new_bytes_is_a_counted_duplicate() -> None:
    new, accounting = run(lines({}, LATER))
    assert new["captured_at_utc"].tolist() == [NOON]
    assert new["last_seen_at_utc"].tolist() == [FIVE]
    assert balance(accounting) == {"p1": [1, 1, 0, 0, 0, 1], "p2": [1, 0, 1, 0, 0, 0]}


def test_a_sighting_of_equal_bytes_moves_when_a_line_was_last_seen() -> None:
    again = sightings({"source_vendor": "NHL", "captured_at_utc": FIVE})
    assert run(lines({}), seen=again)[0]["last_seen_at_utc"].tolist() == [FIVE]


def test_lines_of_other_slates_are_counted_and_left_to_them() -> None:
    other = {"game_date": NEXT, "game_id_sent": GAME + 1, "line_id": "l2"}
    new, accounting = run(lines({}, other))
    assert new["line_id"].tolist() == ["l1"]
    assert balance(accounting) == {"p1": [2, 1, 0, 1, 0, 1]}
    assert run(lines({}, other), NEXT)[0]["line_id"].tolist() == ["l2"]


def test_payloads_beyond_the_lookback_or_after_the_slate_are_not_read() -> None:
    new, accounting = run(lines({"capture_date": "2026-01-02"}, {"capture_date": NEXT, "payload_hash": "p2"}))
    assert (len(new), len(accounting)) == (0, 0)


def test_a_payload_of_dead_letters_alone_is_accounted_for() -> None:
    letters = quarantined({"source_vendor": "ODDSSHARK", "quarantined": 6})
    new, accounting = run(lines(), letters=letters)
    assert (len(new), balance(accounting)) == (0, {"p1": [6, 0, 0, 0, 6, 0]})


def test_stored_facts_are_not_written_again_and_the_accounting_does_not_change() -> None:
    raw = lines({}, {"line_id": "l2", "game_id_sent": 2025029999}, LATER)
    first, accounting = run(raw)
    again, repeated = run(raw, existing=first[FACT_KEY])
    assert len(again) == 0
    pd.testing.assert_frame_equal(accounting, repeated)


def test_a_line_whose_game_becomes_known_is_a_new_fact() -> None:
    unmapped = facts({"game_id_nhl": None, "mapping_method": "unresolved"})
    assert run(lines({}), existing=unmapped[FACT_KEY])[0]["game_id_nhl"].tolist() == [GAME]


@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "line_id": st.sampled_from(["l1", "l2", "l3"]),
                "payload_hash": st.sampled_from(["p1", "p2"]),
                "game_date": st.sampled_from([SLATE, NEXT, "2026-01-09"]),
                "game_id_sent": st.sampled_from([GAME, GAME + 1, None]),
            }
        ),
        max_size=12,
    )
)
@settings(max_examples=20, deadline=None)
def test_every_payload_balances(rows: list[dict[str, object]]) -> None:
    new, accounting = run(lines(*rows), SLATE, NEXT)
    parts = accounting[["accepted", "duplicate", "other_slate", "quarantined"]].sum(axis=1)
    assert (accounting["seen"] == parts).all()
    assert accounting["accepted"].sum() == len(new)
    assert not new.duplicated(["game_date", "line_id"]).any()
