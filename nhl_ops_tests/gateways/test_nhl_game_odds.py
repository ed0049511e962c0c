"""Partner prices on the NHL's schedule: every price is a moneyline of a known kind or a dead letter."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nhl_ops.contracts.game_odds import RAW_GAME_LINES
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.nhl import SCHEDULE
from nhl_ops.gateways.nhl_game_odds import PARTNER_GAME, Config, NhlGameOdds
from nhl_ops.gateways.vendor import Parsed
from nhl_ops_tests.gateways.game_line_samples import (
    GAME_ID,
    quoted,
    rules,
    schedule,
)
from nhl_ops_tests.gateways.wire_samples import payload_of, recorded

ODDS = NhlGameOdds("http://nhl/v1/", Config(partner_countries=("US", "CA"), stale_after_hours=24))
LINES = ["book_name", "market", "outcome", "line", "price_american"]


def parse(body: object, endpoint: str = SCHEDULE) -> Parsed:
    return ODDS.parse(payload_of(body, "NHL", endpoint))


def lines_of(parsed: Parsed) -> list[tuple[object, ...]]:
    rows = parsed.rows[LINES].astype(object).where(parsed.rows[LINES].notna(), None)
    return sorted(rows.itertuples(index=False, name=None), key=str)


def only_game(prices: dict[int, tuple[Any, Any]], **fields: Any) -> Parsed:
    return parse(schedule(quoted(prices, **fields)))


def test_american_and_decimal_texts_of_a_schedule_become_moneylines() -> None:
    assert lines_of(only_game({9: ("+120", "-142"), 7: ("2.25", "1.67")})) == [
        ("DraftKings", "MONEYLINE", "AWAY", None, 120),
        ("DraftKings", "MONEYLINE", "HOME", None, -142),
        ("FanDuel", "MONEYLINE", "AWAY", None, 125),
        ("FanDuel", "MONEYLINE", "HOME", None, -149),
    ]


def test_a_line_of_the_schedule_names_its_game_and_the_date_that_lists_it() -> None:
    rows = only_game({9: ("+120", "-142")}).rows
    assert set(rows["game_id_sent"]) == {GAME_ID}
    assert set(rows["game_date"]) == {"2026-01-06"}
    assert set(zip(rows["away_team_raw"], rows["home_team_raw"], strict=True)) == {("MTL", "LAK")}
    assert (rows["is_live"].any(), rows["is_stale"].any()) == (False, False)
    assert violations(RAW_GAME_LINES, rows) == []


def test_three_way_prices_are_a_market_of_their_own() -> None:
    parsed = only_game({9: ("+120", "-142"), 6: ("3.20", "1.87")})
    assert set(zip(parsed.rows["book_name"], parsed.rows["market"], strict=True)) == {
        ("DraftKings", "MONEYLINE"),
        ("Veikkaus", "MONEYLINE_3WAY"),
    }


@pytest.mark.parametrize(
    ("pair", "rule"),
    [
        (("+120", None), "unknown_market"),
        (("4.37", "4.37"), "unknown_market"),
        (("2.05", "2.15"), "unknown_market"),
        (("+120", "EVEN"), "price_not_a_number"),
        (("+120", "-99"), "american_price_below_100"),
    ],
)
def test_what_cannot_be_typed_is_a_dead_letter_for_each_price(pair: tuple[Any, Any], rule: str) -> None:
    parsed = only_game({3: pair})
    assert len(parsed.rows) == 0
    assert rules(parsed)[rule] >= 1
    assert parsed.seen == sum(value is not None for value in pair)


def test_a_partner_without_a_name_goes_by_its_id() -> None:
    body = schedule(quoted({4: ("2.30", "1.60")}))
    del body["oddsPartners"]
    assert set(parse(body).rows["book_name"]) == {"4"}


def test_exchanged_sides_are_dead_letters_and_never_turned_round() -> None:
    parsed = only_game({9: ("+225", "-278"), 7: ("3.25", "1.36"), 6: ("1.34", "3.25")})
    assert rules(parsed) == {"swapped_sides": 2}
    assert set(parsed.rows["book_name"]) == {"DraftKings", "FanDuel"}
    assert "home at 29%" in parsed.rejected[0].detail
    assert '"partner":"6"' in parsed.rejected[0].sample


def test_of_two_partners_that_contradict_each_other_neither_is_believed() -> None:
    assert rules(only_game({9: ("+225", "-278"), 6: ("1.34", "3.25")})) == {"swapped_sides": 4}


def test_an_ordinary_difference_of_opinion_is_no_exchange() -> None:
    assert rules(only_game({9: ("-105", "-115"), 7: ("-102", "-118"), 6: ("1.80", "2.01")})) == {}


def test_a_partner_that_was_caught_keeps_only_games_that_fit_better_as_sent() -> None:
    parsed = parse(
        schedule(
            quoted({9: ("+225", "-278"), 7: ("3.25", "1.36"), 6: ("1.34", "3.25")}),
            quoted({9: ("-105", "-115"), 7: ("-102", "-118"), 6: ("1.80", "2.01")}, GAME_ID + 1),
            quoted({9: ("+210", "-258"), 7: ("+220", "-275"), 6: ("2.90", "1.41")}, GAME_ID + 2),
        )
    )
    assert rules(parsed) == {"swapped_sides": 4}
    assert set(parsed.rows.loc[parsed.rows["book_id"] == "6", "game_id_sent"]) == {GAME_ID + 2}


def test_several_prices_of_a_partner_for_one_side_are_a_conflict() -> None:
    body = quoted({9: ("+120", "-142")})
    body["awayTeam"]["odds"].append({"providerId": 9, "value": "+150"})
    assert rules(parse(schedule(body))) == {"price_conflict": 3}


@pytest.mark.parametrize("state", ["LIVE", "CRIT", "FINAL"])
def test_prices_of_a_started_game_are_marked_as_live(state: str) -> None:
    assert only_game({9: ("+120", "-142")}, gameState=state).rows["is_live"].all()


def test_prices_captured_after_the_start_are_marked_as_live() -> None:
    payload = payload_of(schedule(quoted({9: ("+120", "-142")})), "NHL", SCHEDULE)
    late = replace(payload, captured_at_utc=datetime(2026, 1, 6, 23, 30, tzinfo=UTC))
    assert ODDS.parse(late).rows["is_live"].all()


def test_games_without_odds_are_neither_rows_nor_letters() -> None:
    assert only_game({}).seen == 0
    broken_game = quoted({})
    broken_game["id"] = None
    assert parse(schedule(broken_game)).seen == 0


def test_a_game_that_cannot_be_named_gives_a_letter_for_each_of_its_prices() -> None:
    assert rules(only_game({9: ("+120", "-142"), 7: ("2.25", "1.67")}, startTimeUTC="soon")) == {
        "malformed_event": 4
    }


def test_ids_may_be_texts() -> None:
    body = quoted({9: ("+120", "-142")}, id=str(GAME_ID))
    for team in ("awayTeam", "homeTeam"):
        body[team]["odds"][0]["providerId"] = "9"
    assert set(parse(schedule(body)).rows["game_id_sent"]) == {GAME_ID}


@pytest.mark.parametrize("body", [{"gameWeek": None}, {}, [], b"", b"<html></html>", {"error": "x"}])
@pytest.mark.parametrize("endpoint", [SCHEDULE, PARTNER_GAME])
def test_another_document_is_a_contract_failure(body: object, endpoint: str) -> None:
    with pytest.raises(VendorContract):
        parse(body, endpoint)


def test_the_recorded_schedules_of_2023_split_into_two_way_three_way_and_unknown() -> None:
    path = recorded("nhl/schedule_landing_standings/schedule-2023-11-11.json")[0]
    payload = payload_of(path.read_bytes(), "NHL", SCHEDULE)
    parsed = ODDS.parse(replace(payload, captured_at_utc=datetime(2023, 11, 11, 12, tzinfo=UTC)))
    by_book = parsed.rows.groupby(["book_id", "market"]).size().to_dict()
    assert by_book == {
        ("2", "MONEYLINE_3WAY"): 22,
        ("4", "MONEYLINE"): 24,
        ("6", "MONEYLINE_3WAY"): 4,
        ("8", "MONEYLINE"): 24,
        ("9", "MONEYLINE"): 24,
    }
    assert rules(parsed) == {"unknown_market": 22}


def test_every_recorded_schedule_is_accounted_for() -> None:
    for path in recorded("nhl/*/schedule-*.json"):
        payload = payload_of(path.read_bytes(), "NHL", SCHEDULE)
        assert ODDS.parse(payload).seen == path.read_bytes().count(b'"providerId"')


def test_the_transcribed_schedule_catches_the_partner_with_exchanged_sides() -> None:
    path = recorded("nhl/transcribed/schedule-odds-2026-09-28.transcribed.json")[0]
    parsed = parse(path.read_bytes())
    assert rules(parsed) == {"swapped_sides": 8}
    veikkaus = parsed.rows[parsed.rows["book_name"] == "Veikkaus"]
    assert set(veikkaus["game_id_sent"]) == {2026020005}
    assert set(parsed.rows["market"]) == {"MONEYLINE"}
