"""The NHL's partner game of a country: named markets, stale snapshots, dead letters."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from nhl_ops.contracts.game_odds import RAW_GAME_LINES
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import VendorContract, VendorOutage
from nhl_ops.gateways.nhl_game_odds import PARTNER_GAME, Config, NhlGameOdds
from nhl_ops.gateways.vendor import Parsed, Payload, VendorRequest
from nhl_ops_tests.gateways.game_line_samples import (
    full_partner_game,
    named,
    partner_game,
    partner_quoted,
    rules,
)
from nhl_ops_tests.gateways.wire_samples import payload_of, recorded

ODDS = NhlGameOdds("http://nhl/v1/", Config(partner_countries=("US", "CA"), stale_after_hours=24))
LINES = ["market", "outcome", "line", "price_american"]


def parse(body: object) -> Parsed:
    return ODDS.parse(payload_of(body, "NHL", PARTNER_GAME))


def test_each_country_has_its_partner_game() -> None:
    asked = ODDS.partner_games()
    assert [r.url for r in asked] == [
        "http://nhl/v1/partner-game/US/now",
        "http://nhl/v1/partner-game/CA/now",
    ]
    assert {r.endpoint for r in asked} == {PARTNER_GAME}


def test_a_country_that_fails_keeps_no_other_from_being_asked_and_is_raised() -> None:
    archived: list[Payload] = []

    def fetch(request: VendorRequest) -> Payload:
        if "/US/" in request.url:
            raise VendorOutage(request.endpoint, request.url, "connection refused")
        archived.append(payload_of(full_partner_game(), "NHL_GAME_ODDS", PARTNER_GAME))
        return archived[-1]

    with pytest.raises(VendorOutage, match="/US/now"):
        ODDS.capture(fetch)
    assert len(archived) == 1


def test_a_capture_brings_each_countrys_body_and_raises_for_one_that_is_no_partner_game() -> None:
    bodies = iter([full_partner_game(), full_partner_game(), full_partner_game(), {"games": []}])

    def fetch(_: VendorRequest) -> Payload:
        return payload_of(next(bodies), "NHL_GAME_ODDS", PARTNER_GAME)

    assert len(ODDS.capture(fetch)) == 2
    with pytest.raises(VendorContract, match="lastUpdatedUTC"):
        ODDS.capture(fetch)


@pytest.mark.parametrize("bad", [{"partner_countries": ("us",)}, {"stale_after_hours": 0}, {"hours": 3}])
def test_a_setting_that_cannot_be_is_an_error(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Config(**({"partner_countries": ("US",), "stale_after_hours": 24} | bad))


def test_a_partner_game_names_its_markets() -> None:
    parsed = parse(full_partner_game())
    lines = parsed.rows[LINES].astype(object).where(parsed.rows[LINES].notna(), None)
    assert rules(parsed) == {}
    assert sorted(lines.itertuples(index=False, name=None), key=str) == [
        ("MONEYLINE", "AWAY", None, 120),
        ("MONEYLINE", "HOME", None, -142),
        ("MONEYLINE_3WAY", "AWAY", None, 190),
        ("MONEYLINE_3WAY", "DRAW", None, 320),
        ("MONEYLINE_3WAY", "DRAW", None, 320),
        ("MONEYLINE_3WAY", "HOME", None, 105),
        ("MONEYLINE_TIE_NO_BET", "AWAY", None, 130),
        ("MONEYLINE_TIE_NO_BET", "HOME", None, -150),
        ("PUCK_LINE", "AWAY", 1.5, -210),
        ("PUCK_LINE", "HOME", -1.5, 180),
        ("TOTAL", "OVER", 6.5, -115),
        ("TOTAL", "UNDER", 6.5, -105),
    ]
    assert violations(RAW_GAME_LINES, parsed.rows) == []


def test_the_draw_under_both_teams_is_one_line_and_two_draws_a_conflict() -> None:
    rows = parse(full_partner_game()).rows
    assert rows.loc[rows["outcome"] == "DRAW", "line_id"].nunique() == 1
    draws = ([named("MONEY_LINE_3_WAY", price, "Draw")] for price in (320.0, 310.0))
    assert rules(parse(partner_game(partner_quoted(*draws)))) == {"price_conflict": 2}


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        (named("FIRST_GOAL", 120.0), "unknown_market"),
        (named("MONEY_LINE_2_WAY", 120.0, "Draw"), "unknown_market"),
        (named("OVER_UNDER", -110.0, "O2.25"), "bad_line"),
        (named("OVER_UNDER", -110.0, "6.5"), "bad_line"),
        (named("OVER_UNDER", -110.0, ""), "bad_line"),
        (named("PUCK_LINE", -110.0, "0"), "bad_line"),
        (named("PUCK_LINE", -110.0, "+1.25"), "bad_line"),
        (named("MONEY_LINE_2_WAY", 0.0), "american_price_below_100"),
        (named("MONEY_LINE_2_WAY", 99900.0), "price_without_contract"),
        (named("MONEY_LINE_2_WAY", None), "price_not_a_number"),
        (named("", 120.0), "malformed_price"),
        ("junk", "malformed_price"),
    ],
)
def test_a_price_that_breaks_the_format_is_a_dead_letter_beside_sound_ones(item: Any, rule: str) -> None:
    sound = named("MONEY_LINE_2_WAY", -142.0)
    parsed = parse(partner_game(partner_quoted([sound], [item])))
    assert rules(parsed) == {rule: 1}
    assert len(parsed.rows) == 1


def test_an_old_snapshot_is_kept_under_its_own_time_and_marked_as_stale() -> None:
    month_old = full_partner_game() | {"lastUpdatedUTC": "2025-12-06T18:00:38Z"}
    rows = parse(month_old).rows
    assert rows["is_stale"].all()
    assert set(rows["vendor_updated_at_utc"].dt.strftime("%Y-%m-%d")) == {"2025-12-06"}
    assert set(rows["line_id"]).isdisjoint(parse(full_partner_game()).rows["line_id"])


@pytest.mark.parametrize(
    ("updated", "is_stale"), [("2026-01-05T22:30:00Z", False), ("2026-01-05T22:29:59Z", True)]
)
def test_the_limit_of_staleness_is_the_configured_age_at_the_capture(updated: str, is_stale: bool) -> None:
    rows = parse(full_partner_game() | {"lastUpdatedUTC": updated}).rows
    assert set(rows["is_stale"]) == {is_stale}


def test_a_date_of_odds_that_lags_does_not_move_the_game() -> None:
    rows = parse(full_partner_game() | {"currentOddsDate": "2026-01-01"}).rows
    assert set(rows["game_date"]) == {"2026-01-06"}


@pytest.mark.parametrize("missing", ["lastUpdatedUTC", "bettingPartner", "games"])
def test_a_partner_game_that_does_not_say_whose_or_when_is_a_contract_failure(missing: str) -> None:
    body = full_partner_game()
    del body[missing]
    with pytest.raises(VendorContract, match=missing):
        parse(body)


def test_the_transcribed_partner_game_loses_nothing() -> None:
    path = recorded("nhl/transcribed/partner-game-US-2026-09-28.transcribed.json")[0]
    payload = payload_of(path.read_bytes(), "NHL", PARTNER_GAME)
    parsed = ODDS.parse(replace(payload, captured_at_utc=datetime(2026, 9, 28, 16, tzinfo=UTC)))
    assert (rules(parsed), len(parsed.rows)) == ({}, path.read_bytes().count(b'"qualifier"'))
    assert parsed.rows["is_stale"].all()
