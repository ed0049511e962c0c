"""OddsShark's scores of a date: what is a line, what is not offered yet, and what is a dead letter."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from nhl_ops.contracts.game_odds import RAW_GAME_LINES
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.oddsshark_scores import SCORES, OddsSharkScores, parse_scores
from nhl_ops.gateways.vendor import Parsed
from nhl_ops_tests.gateways.game_line_samples import rules, scored, with_team
from nhl_ops_tests.gateways.wire_samples import payload_of


def parse(*games: Any) -> Parsed:
    return parse_scores(payload_of({"scores": list(games)}, "ODDSSHARK", SCORES))


def test_a_date_is_asked_with_the_sites_own_referer() -> None:
    asked = OddsSharkScores("https://shark/").scores(date(2026, 1, 6))
    assert (asked.endpoint, asked.url) == (SCORES, "https://shark/api/scores/nhl/2026-01-06")
    assert asked.params == {"_format": "json"}
    assert asked.headers["Referer"].endswith("/nhl/scores")


def test_a_game_has_a_moneyline_a_puck_line_and_a_total() -> None:
    parsed = parse(scored())
    columns = ["market", "outcome", "price_american"]
    assert sorted(parsed.rows[columns].itertuples(index=False, name=None)) == [
        ("MONEYLINE", "AWAY", 115),
        ("MONEYLINE", "HOME", -135),
        ("PUCK_LINE", "AWAY", -210),
        ("PUCK_LINE", "HOME", 180),
        ("TOTAL", "OVER", -110),
        ("TOTAL", "UNDER", -110),
    ]
    lines = parsed.rows.set_index(["market", "outcome"])["line"].dropna().to_dict()
    assert lines == {("PUCK_LINE", "AWAY"): 1.5, ("PUCK_LINE", "HOME"): -1.5} | {
        ("TOTAL", side): 6.5 for side in ("OVER", "UNDER")
    }
    assert violations(RAW_GAME_LINES, parsed.rows) == []


def test_epoch_seconds_give_the_start_and_its_eastern_date() -> None:
    rows = parse(scored()).rows
    assert set(rows["start_time_utc"]) == {datetime(2026, 1, 7, tzinfo=UTC)}
    assert set(rows["game_date"]) == {"2026-01-06"}
    assert set(zip(rows["away_team_raw"], rows["home_team_raw"], strict=True)) == {
        ("Carolina Hurricanes", "New Jersey Devils")
    }


@pytest.mark.parametrize("sent", [None, "", " ", "-", "OFF", "N/A", "TBD"])
def test_a_line_that_is_not_open_yet_is_neither_a_row_nor_a_letter(sent: Any) -> None:
    game = scored(overPrice=sent, underPrice=sent, total=sent)
    for side in ("home", "away"):
        with_team(game, side, moneyLine=sent, spread=sent, spreadPrice=sent)
    assert parse(game).seen == 0


def test_a_line_without_prices_is_no_row() -> None:
    assert len(parse(scored(overPrice=None, underPrice=None)).rows) == 4


def test_numbers_may_come_as_texts() -> None:
    game = with_team(scored(total="6.5", overPrice="-110", date="1767744000"), "home", moneyLine="+135")
    parsed = parse(game)
    assert (rules(parsed), len(parsed.rows)) == ({}, 6)


@pytest.mark.parametrize(
    ("game", "rule"),
    [
        (scored(total=None), "no_line"),
        (scored(total=2.25), "bad_line"),
        (scored(total=0), "bad_line"),
        (scored(total="six"), "bad_line"),
        (scored(overPrice=0, underPrice=50), "american_price_below_100"),
        (scored(overPrice="soon", underPrice=[]), "price_not_a_number"),
        (scored(overPrice=99900, underPrice=-99900), "price_without_contract"),
    ],
)
def test_a_price_that_breaks_the_format_is_a_dead_letter(game: dict[str, Any], rule: str) -> None:
    parsed = parse(game)
    assert (rules(parsed), len(parsed.rows)) == ({rule: 2}, 4)


def test_spreads_that_do_not_mirror_each_other_are_a_conflict() -> None:
    assert rules(parse(with_team(scored(), "home", spread=1.5))) == {"line_conflict": 2}


@pytest.mark.parametrize(
    "fields", [{"date": 1767744000000}, {"date": "tonight"}, {"date": None}, {"id": None}, {"id": []}]
)
def test_a_game_that_cannot_be_named_gives_a_letter_for_each_of_its_prices(fields: dict[str, Any]) -> None:
    assert rules(parse(scored(**fields), scored(id=2))) == {"malformed_event": 6}


def test_a_team_goes_by_another_of_its_names_where_the_full_one_is_missing() -> None:
    game = scored()
    del game["teams"]["home"]["names"]["display_name"]
    assert set(parse(game).rows["home_team_raw"]) == {"NJ"}


def test_prices_captured_after_the_start_are_marked_as_live() -> None:
    payload = payload_of({"scores": [scored()]}, "ODDSSHARK", SCORES)
    assert not parse_scores(payload).rows["is_live"].any()
    late = replace(payload, captured_at_utc=datetime(2026, 1, 7, 0, 0, tzinfo=UTC))
    assert parse_scores(late).rows["is_live"].all()


def test_a_date_without_games_is_empty_and_no_fault() -> None:
    assert parse().seen == 0


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"[]", b"{}", b'{"scores": null}', b'{"games": []}'])
def test_an_empty_or_other_body_is_a_contract_failure(body: bytes) -> None:
    with pytest.raises(VendorContract):
        parse_scores(payload_of(body, "ODDSSHARK", SCORES))
