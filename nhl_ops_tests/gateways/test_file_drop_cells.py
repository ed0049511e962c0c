"""What the cells of a dropped file mean, and the rule that a bad one breaks."""

import pytest

from nhl_ops.gateways.file_drop_report import ADVICE, of_check
from nhl_ops_tests.gateways.file_drop_samples import DAILY, csv_of, found_in, quotes_of, row, rules_of


def quote(**cells: str) -> dict[str, object]:
    (only,) = quotes_of(csv_of(row(**cells)))
    return only


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"seen_at": ""}, "no_seen_at"),
        ({"seen_at": "2026-01-06T17:30:00"}, "bad_seen_at"),
        ({"seen_at": "6/1/2026"}, "bad_seen_at"),
        ({"seen_at": "0001-01-01T00:00:00Z"}, "bad_seen_at"),
        ({"seen_at": "2026-01-07T12:00:00.000001Z"}, "seen_in_the_future"),
        ({"game_date": ""}, "no_game_date"),
        ({"game_date": "01/06/2026"}, "bad_game_date"),
        ({"game_date": "2026-02-30"}, "bad_game_date"),
        ({"start_time": "2026-01-06T19:00:00"}, "bad_start_time"),
        ({"start_time": "2026-01-09T00:00:00Z"}, "date_conflict"),
        ({"home": " "}, "no_team"),
        ({"away": ""}, "no_team"),
        ({"player": ""}, "no_player_name"),
        ({"player": "x" * 201}, "text_too_long"),
        ({"player": "Sebastian\nAho"}, "line_break_in_text"),
        ({"book": ""}, "no_book"),
        ({"market": "HITS"}, "unknown_market"),
        ({"market": ""}, "unknown_market"),
        ({"side": "home"}, "unknown_side"),
        ({"line": ""}, "no_line"),
        ({"line": "2.25"}, "bad_line"),
        ({"line": "nan"}, "bad_line"),
        ({"line": "1_0"}, "bad_line"),
        ({"line": "-0.5"}, "bad_line"),
        ({"side": "yes", "line": "2"}, "bad_line"),
        ({"price": ""}, "no_price"),
        ({"price": "0"}, "american_price_below_100"),
        ({"price": "1.54"}, "american_price_below_100"),
        ({"price": "99900"}, "price_without_contract"),
        ({"price": "-110.5"}, "price_out_of_range"),
        ({"price": "inf"}, "price_not_a_number"),
        ({"price": "=1+1"}, "price_not_a_number"),
        ({"price": "-185", "price_format": "decimal"}, "decimal_price_not_above_one"),
        ({"price_format": ""}, "unknown_price_format"),
        ({"price_american": "-180"}, "price_conflict"),
        ({"price_decimal": "1.64"}, "price_conflict"),
        ({"updated_at": "yesterday"}, "bad_vendor_time"),
        ({"birth_date": "26.7.1997"}, "bad_birth_date"),
    ],
)  # fmt: skip
def test_a_row_that_breaks_the_contract_names_its_rule(cells: dict[str, str], rule: str) -> None:
    assert rules_of(**cells) == {rule: 1}
    assert rule in ADVICE


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"price": "+150"}, "price_decimal", 2.5),
        ({"price": "\u2212185"}, "price_american", -185),
        ({"price": "EVEN"}, "price_american", 100),
        ({"price": "1.54", "price_format": "Decimal"}, "price_american", -185),
        ({"price": "", "price_american": "-185", "price_decimal": "1.54"}, "price_decimal", 1.54),
        ({"market": "player_shots_on_goal_alternate"}, "is_alternate", True),
        ({"market": "player_goal_scorer_anytime", "side": "Yes", "line": ""}, "line", 0.5),
        ({"market": "goals", "side": "no", "line": ""}, "side", "UNDER"),
        ({"start_time": "2026-01-07T00:00:00Z", "game_date": "2026-01-07"}, "is_live", False),
        ({"start_time": "2026-01-06T12:30:00-05:00"}, "is_live", True),
        ({"player_id": "8478427.0"}, "player_id_vendor", "8478427"),
        ({"book_id": "1"}, "book_id", "1"),
        ({"birth_date": "1997-07-26"}, "player_birth_date", "1997-07-26"),
        ({"updated_at": "2026-01-06T17:29:00Z"}, "version", "2026-01-06T17:29:00Z"),
        ({"player": "=cmd|' /C calc'!A0"}, "player_name_raw", "=cmd|' /C calc'!A0"),
        ({"player": "<b>\u202eohA</b>"}, "player_name_raw", "<b>\u202eohA</b>"),
    ],
)  # fmt: skip
def test_a_cell_means(cells: dict[str, str], field: str, value: object) -> None:
    assert quote(**cells)[field] == value


def test_a_start_counts_more_than_a_date_that_is_its_date_in_utc() -> None:
    found = found_in(csv_of(row(start_time="2026-01-07T00:00:00Z", game_date="2026-01-07")))
    assert (found.games_from, found.games_to) == ("2026-01-06", "2026-01-06")


def test_a_row_of_daily_props_is_an_over_and_an_under() -> None:
    over, under = quotes_of(csv_of(DAILY))
    assert (over["side"], over["price_american"]) == ("OVER", -185)
    assert (under["side"], under["price_american"]) == ("UNDER", 150)
    assert over["player_id_vendor"] == "8478427"
    assert over["home_team_raw"] is None


def test_daily_props_without_a_price_are_one_dead_letter_and_with_one_price_one_quote() -> None:
    found = found_in(
        csv_of(DAILY, DAILY | {"over_price": "", "under_price": ""}, DAILY | {"under_price": ""})
    )
    assert (found.accepted, dict(found.rules)) == (3, {"no_price": 1})


@pytest.mark.parametrize(
    ("seen", "slate"),
    [
        ("2026-01-06T17:30:00Z", "2026-01-06"),
        ("2026-01-07T04:59:59Z", "2026-01-06"),
        ("2026-01-07T05:00:00Z", "2026-01-07"),
    ],
)
def test_the_date_of_daily_props_is_the_day_before_when_the_price_was_seen_by_then(
    seen: str, slate: str
) -> None:
    found = found_in(csv_of(DAILY | {"first_seen_at": seen}))
    assert (found.games_from, found.games_to) == (slate, slate)


def test_daily_props_with_eastern_dates_are_not_guessed_at() -> None:
    dated = {"game_date" if name == "date" else name: text for name, text in DAILY.items()}
    found = found_in(csv_of(dated))
    assert (found.games_from, found.games_to, found.day_before) == ("2026-01-07", "2026-01-07", 0)


def test_a_report_says_how_many_dates_were_guessed() -> None:
    later = DAILY | {"first_seen_at": "2026-01-07T11:00:00Z", "market": "SOG"}
    body = csv_of(DAILY, later)
    found = found_in(body)
    assert (found.accepted, found.day_before) == (4, 2)
    told = of_check("props.csv", body, "0" * 64, found)
    assert (
        "2 prices were seen before their date and are taken to be of the day before, 2 are of their date"
        in told
    )
    assert "name the column `game_date`" in told


def test_of_two_prices_of_an_offer_in_one_pass_the_later_stands() -> None:
    body = csv_of(
        row(seen_at="2026-01-06T17:30:20Z", price="-170"),
        row(),
        row(seen_at="2026-01-06T17:40:00Z", price="-160"),
    )
    found = found_in(body)
    assert dict(found.rules) == {"superseded_in_payload": 1}
    assert [q["price_american"] for q in quotes_of(body)] == [-170, -160]
