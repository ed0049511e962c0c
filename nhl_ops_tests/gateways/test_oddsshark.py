"""OddsShark: requests, and what becomes of every price of a page that fits."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.contracts.odds import raw_quote_table
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import VendorContract, VendorOutage
from nhl_ops.domain.markets import Market
from nhl_ops.domain.settings import HostPair
from nhl_ops.gateways.oddsshark import PROPS_PAGE, SCORES, Config, OddsSharkVendor, vendor
from nhl_ops.gateways.vendor import Parsed, Payload, VendorContext, VendorRequest
from nhl_ops_tests.gateways.oddsshark_samples import (
    START,
    both_events,
    cell,
    container,
    event,
    full_page,
    game,
    header,
    offer,
    page,
    row,
    scores,
    shots,
    two_way,
)
from nhl_ops_tests.gateways.wire_samples import answering, payload_of

READ = {"GOALS": Market.GOALS, "ASSISTS": Market.ASSISTS, "POINTS": Market.POINTS}
READ |= {"SHOTS ON GOAL": Market.SOG, "BLOCKS": Market.BLOCKS}
VENDOR = OddsSharkVendor("http://shark/", lambda: date(2026, 1, 6), READ)
OFFERS = ["player_name_raw", "market", "line", "side", "book_name", "price_american"]


def parse(body: object, *days: object) -> Parsed:
    """The quotes of a page beside the scores of these days; by default of the sample's two games."""
    listed = days or (both_events(),)
    beside = [payload_of(day, "ODDSSHARK", name) for name, day in zip(SCORES, listed, strict=False)]
    return VENDOR.parse(payload_of(body, "ODDSSHARK", PROPS_PAGE), beside)


def rules(parsed: Parsed) -> dict[str, int]:
    return dict(Counter(letter.rule for letter in parsed.rejected))


def offers(parsed: Parsed) -> list[tuple[object, ...]]:
    return list(parsed.rows[OFFERS].itertuples(index=False, name=None))


def test_a_capture_asks_for_the_scores_of_two_eastern_days_and_then_for_the_page() -> None:
    fetch, asked = answering(scores(), scores(), page(), vendor="ODDSSHARK")
    payloads = VENDOR.capture(fetch)
    assert [(r.endpoint, r.url) for r in asked] == [
        ("oddsshark_scores_today", "http://shark/api/scores/nhl/2026-01-06"),
        ("oddsshark_scores_tomorrow", "http://shark/api/scores/nhl/2026-01-07"),
        ("oddsshark_props_page", "http://shark/nhl/odds/player-props"),
    ]
    assert [(r.accepts, r.params) for r in asked] == [
        ("json", {"_format": "json"}), ("json", {"_format": "json"}), ("html", {}),
    ]  # fmt: skip
    assert [p.endpoint for p in payloads] == [*SCORES, PROPS_PAGE]


def test_today_is_the_eastern_date_of_the_clock() -> None:
    site = HostPair(league="{league}/oddsshark", live="https://www.oddsshark.com")
    clock = datetime(2026, 1, 7, 4, 59, tzinfo=UTC)
    made = vendor(
        Config(enabled=True, site=site, tabs=READ),
        VendorContext(lambda pair: pair.live, lambda: clock, lambda _: None, Path("state.sqlite")),
    )
    fetch, asked = answering(scores(), scores(), page())
    made.capture(fetch)
    assert asked[0].url == "https://www.oddsshark.com/api/scores/nhl/2026-01-06"


@pytest.mark.parametrize("unusable", [0, 1])
def test_a_day_without_usable_scores_does_not_lose_the_page(unusable: int) -> None:
    fetch, asked = answering(scores(), page(), vendor="ODDSSHARK")

    def failing(request: VendorRequest) -> Payload:
        if request.endpoint == SCORES[unusable]:
            raise VendorContract(request.endpoint, request.url, "HTTP 200 with an empty body")
        return fetch(request)

    assert [p.endpoint for p in VENDOR.capture(failing)] == [SCORES[1 - unusable], PROPS_PAGE]
    assert len(asked) == 2


def test_without_any_scores_the_page_is_not_asked_for() -> None:
    asked = []

    def failing(request: VendorRequest) -> Payload:
        asked.append(request.endpoint)
        raise VendorContract(request.endpoint, request.url, "HTTP 200 with an empty body")

    with pytest.raises(VendorContract, match="oddsshark_scores_today"):
        VENDOR.capture(failing)
    assert asked == list(SCORES)


def test_an_outage_ends_the_capture_at_once() -> None:
    asked = []

    def failing(request: VendorRequest) -> Payload:
        asked.append(request.endpoint)
        raise VendorOutage(request.endpoint, request.url, "connection refused")

    with pytest.raises(VendorOutage):
        VENDOR.capture(failing)
    assert asked == ["oddsshark_scores_today"]


def test_every_price_of_every_book_is_a_quote_and_best_odds_is_none() -> None:
    parsed = parse(shots(row(two_way(), two_way("3.5", "+150", "-190"))))
    assert offers(parsed) == [
        ("Jack Hughes", "SOG", 2.5, "OVER", "DraftKings", -120),
        ("Jack Hughes", "SOG", 2.5, "UNDER", "DraftKings", 100),
        ("Jack Hughes", "SOG", 3.5, "OVER", "FanDuel", 150),
        ("Jack Hughes", "SOG", 3.5, "UNDER", "FanDuel", -190),
    ]
    assert parsed.seen == 4


def test_a_quote_takes_its_start_and_teams_from_the_scores() -> None:
    quote = parse(shots(row(two_way(), cell()))).rows.iloc[0]
    assert quote["start_time_utc"] == pd.Timestamp(START, unit="s", tz="UTC")
    assert (quote["game_date"], quote["home_team_raw"], quote["away_team_raw"]) == (
        "2026-01-06", "New Jersey Devils", "Carolina Hurricanes",
    )  # fmt: skip
    assert (quote["event_id_vendor"], quote["market_raw"]) == ("1900001", "SHOTS ON GOAL")
    assert (quote["book_id"], quote["price_decimal"]) == ("draftkings", pytest.approx(1 + 100 / 120))
    assert quote[["player_id_vendor", "player_team_raw", "vendor_updated_at_utc"]].isna().all()


@pytest.mark.parametrize(("number", "start"), [(1900001, START), ("1900001", str(START))])
def test_ids_and_dates_of_the_scores_may_be_numbers_or_text(number: object, start: object) -> None:
    assert len(parse(shots(row(two_way(), cell())), scores(event(number, start))).rows) == 2


def test_an_event_of_tomorrow_is_found_in_tomorrows_scores() -> None:
    parsed = parse(shots(row(two_way(), cell())), scores(), scores(event(start=START + 86_400)))
    assert set(parsed.rows["game_date"]) == {"2026-01-07"}


def test_teams_that_the_scores_do_not_spell_come_from_the_page() -> None:
    listed = scores(event(home=(None, None), away=(None, "CAR")))
    quote = parse(shots(row(two_way(), cell())), listed).rows.iloc[0]
    assert (quote["away_team_raw"], quote["home_team_raw"]) == ("CAR", "NJ")


def test_a_price_after_the_start_is_in_play() -> None:
    body = shots(row(two_way(), cell()))
    assert not parse(body).rows["is_live"].any()
    assert parse(body, scores(event(start=START - 9_000))).rows["is_live"].all()


def test_every_tab_is_its_market_and_any_other_an_unknown_one() -> None:
    parsed = parse(full_page())
    assert parsed.rows.groupby("market").size().to_dict() == {"GOALS": 1, "POINTS": 6, "SOG": 6}
    assert rules(parsed) == {"unknown_market": 4}
    assert "POWER PLAY POINTS" in parsed.rejected[0].detail


def test_labels_of_tabs_are_known_in_any_case() -> None:
    body = shots(row(two_way(), cell())).replace(b"SHOTS ON GOAL", b" Shots &nbsp;on\nGoal ")
    assert set(parse(body).rows["market_raw"]) == {"Shots on Goal"}


def test_rows_meet_the_contract_of_their_table() -> None:
    parsed = parse(full_page())
    assert violations(raw_quote_table("raw_oddsshark_odds", "OddsShark"), parsed.rows) == []
    assert parsed.rows["quote_id"].is_unique


def test_tabs_that_nobody_offers_yet_hold_no_quotes() -> None:
    assert parse(page()).seen == 0
    listed_without_prices = row(cell(), cell(), best=cell())
    assert parse(shots(listed_without_prices)).seen == 0


@pytest.mark.parametrize("blank", [cell(offer("", "")), cell(offer("-", "&nbsp;")), cell(), ""])
def test_a_cell_without_text_is_no_price(blank: str) -> None:
    books = ("DraftKings",) if not blank else ("DraftKings", "FanDuel")
    body = page({"SHOTS ON GOAL": container(game(row(two_way(), blank)), head=header(*books))})
    assert (parse(body).seen, rules(parse(body))) == (2, {})


def test_scores_hold_no_quotes() -> None:
    assert VENDOR.parse(payload_of(b"no JSON", "ODDSSHARK", SCORES[0])).seen == 0


def test_an_unchanged_price_keeps_its_quote_id_and_a_changed_one_does_not() -> None:
    first, same, other = (
        parse(shots(row(two_way(over=over), cell(), best=best))).rows["quote_id"].iloc[0]
        for over, best in (("-120", cell()), ("-120", two_way()), ("-125", cell()))
    )
    assert first == same
    assert first != other


def test_an_equal_row_given_twice_is_left_to_be_counted_as_a_duplicate() -> None:
    parsed = parse(shots(row(two_way(), cell()), row(two_way(), cell())))
    assert (len(parsed.rows), parsed.rows["quote_id"].nunique(), rules(parsed)) == (4, 2, {})


def test_of_two_prices_of_one_book_for_a_line_neither_is_guessed() -> None:
    parsed = parse(shots(row(two_way(), two_way()), row(two_way(over="-130"), cell())))
    assert rules(parsed) == {"price_conflict": 2}
    assert [o[3:5] for o in offers(parsed)] == [
        ("UNDER", "DraftKings"), ("UNDER", "DraftKings"), ("OVER", "FanDuel"), ("UNDER", "FanDuel"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("info", "detail", "rule"),
    [
        ("O 2.5", "", "no_price"),
        ("O 2.5", "OFF", "no_price"),
        ("O 2.5", "EVEN", "price_not_a_number"),
        ("O 2.5", "120", "price_not_a_number"),
        ("O 2.5", "2.10", "price_not_a_number"),
        ("O 2.5", "+1e3", "price_not_a_number"),
        ("O 2.5", "+\u0661\u0665\u0660", "price_not_a_number"),
        ("O 2.5", "-99", "american_price_below_100"),
        ("O 2.5", "+0", "american_price_below_100"),
        ("O 2.5", "+99900", "price_without_contract"),
        ("O 2.5", "+999999999", "price_out_of_range"),
        ("O 2.25", "-120", "bad_line"),
        ("O -2.5", "-120", "bad_line"),
        ("O 2,5", "-120", "bad_line"),
        ("O nan", "-120", "bad_line"),
        ("O", "-120", "no_line"),
        ("", "-120", "no_line"),
        ("2+", "-120", "unknown_side"),
        ("Yes 0.5", "-120", "unknown_side"),
    ],
)
def test_an_offer_that_is_no_quote_is_a_dead_letter_with_its_rule(info: str, detail: str, rule: str) -> None:
    parsed = parse(shots(row(cell(offer(info, detail)), two_way())))
    assert (len(parsed.rows), rules(parsed)) == (2, {rule: 1})
    assert parsed.rejected[0].detail.startswith("'SHOTS ON GOAL', row 1, .odds-")
    assert '"book":"DraftKings"' in parsed.rejected[0].sample


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (row(two_way(), cell(), event=""), "no_event_id"),
        (row(two_way(), cell(), event="1900009"), "unknown_event"),
        (row(two_way(), cell(), name=" &nbsp; "), "no_player_name"),
        (row(two_way(), cell(), event=1900002), "teams_conflict"),
        (row(two_way()), "unknown_book"),
        (row(two_way(), cell(), cell()), "unknown_book"),
    ],
)
def test_a_broken_row_takes_its_prices_with_it_and_no_others(broken: str, rule: str) -> None:
    parsed = parse(shots(row(two_way(), two_way(), name="Timo Meier"), broken))
    assert (len(parsed.rows), rules(parsed)) == (4, {rule: 2})


@pytest.mark.parametrize("start", [None, "tonight", START * 1000, 0, -1])
def test_an_event_whose_date_is_no_time_takes_its_prices_with_it(start: object) -> None:
    parsed = parse(shots(row(two_way(), cell())), scores(event(start=start)))
    assert (len(parsed.rows), rules(parsed)) == (0, {"bad_start_time": 2})


def test_scores_that_cannot_be_read_are_named_by_the_dead_letters_they_cause() -> None:
    parsed = parse(shots(row(two_way(), cell())), {"scores": 3}, b"<html>")
    assert rules(parsed) == {"unknown_event": 2}
    assert "$.scores: expected a list" in parsed.rejected[0].detail
    assert "oddsshark_scores_tomorrow" in parsed.rejected[0].detail


def test_a_column_whose_logo_has_no_name_has_no_book() -> None:
    nameless = header("DraftKings", "FanDuel").replace(' alt="DraftKings"', "")
    parsed = parse(page({"POINTS": container(game(row(two_way(), two_way())), head=nameless)}))
    assert rules(parsed) == {"unknown_book": 2}
    assert set(parsed.rows["book_name"]) == {"FanDuel"}


def test_names_are_kept_as_they_are_decoded_once() -> None:
    name = "O&#39;Brien &amp;lt;b&amp;gt; &#x202e;\u0160\u00eda =1+1 \U0001f3d2"
    parsed = parse(shots(row(two_way(), cell(), name=name)))
    assert set(parsed.rows["player_name_raw"]) == {"O'Brien &lt;b&gt; \u202e\u0160\u00eda =1+1 \U0001f3d2"}


def test_a_script_is_never_part_of_a_text() -> None:
    name = "Jack <script>alert('+900')</script><!-- old --><b>Hughes</b>"
    parsed = parse(shots(row(two_way(), cell(), name=name)))
    assert set(parsed.rows["player_name_raw"]) == {"Jack Hughes"}


def test_a_book_without_letters_of_ours_is_its_own_id() -> None:
    head = header("Hard Rock Bet!", "\u8d4c\u573a")
    parsed = parse(page({"POINTS": container(game(row(two_way(), two_way())), head=head)}))
    assert parsed.rows["book_id"].unique().tolist() == ["hard_rock_bet", "\u8d4c\u573a"]
