"""PlayNow: requests, names of markets, and what becomes of every outcome."""

from collections import Counter
from typing import Any

import orjson
import pandas as pd
import pytest

from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.contracts.schema import violations
from nhl_ops.domain.failures import VendorContract, VendorErrorBody
from nhl_ops.gateways.playnow import EVENT_LIST, EVENTS_BY_IDS, PlayNowVendor
from nhl_ops.gateways.vendor import Parsed
from nhl_ops_tests.gateways.playnow_samples import (
    DATA_FETCHING_EXCEPTION,
    answer,
    event,
    full_answer,
    market,
    outcome,
    price,
    total,
)
from nhl_ops_tests.gateways.wire_samples import answering, payload_of, recorded

VENDOR = PlayNowVendor("http://playnow/q/", batch_size=2, retry_wait_sec=0)


def parse(body: object) -> Parsed:
    return VENDOR.parse(payload_of(body, "PLAYNOW", EVENTS_BY_IDS))


def rules(parsed: Parsed) -> dict[str, int]:
    return dict(Counter(letter.rule for letter in parsed.rejected))


def prices_of(*markets: dict[str, Any], **fields: Any) -> list[tuple[object, ...]]:
    """(player, market, line, side, decimal) of an event whose outcomes are all quotes."""
    parsed = parse(answer(event(*markets, **fields)))
    assert rules(parsed) == {}
    columns = ["player_name_raw", "market", "line", "side", "price_decimal"]
    return list(parsed.rows[columns].itertuples(index=False, name=None))


def test_the_board_is_the_event_list_and_then_batches_with_markets() -> None:
    listing = answer(*({"id": n} for n in (11, "12", 13, 11)))
    fetch, asked = answering(listing, answer(), answer(), vendor="PLAYNOW")
    payloads = VENDOR.capture(fetch)
    assert [p.endpoint for p in payloads] == [EVENT_LIST, EVENTS_BY_IDS, EVENTS_BY_IDS]
    assert [r.url for r in asked] == ["http://playnow/q/event-list", *["http://playnow/q/events-by-ids"] * 2]
    assert asked[0].params == {
        "drilldownTagIds": "220", "eventSortsIncluded": "MTCH", "includeChildMarkets": "false",
        "lang": "en-US", "channel": "I",
    }  # fmt: skip
    assert [r.params["eventIds"] for r in asked[1:]] == ["11,12", "13"]
    assert {r.params["includeChildMarkets"] for r in asked[1:]} == {"true"}


def test_an_empty_board_is_no_error() -> None:
    fetch, asked = answering(answer(), vendor="PLAYNOW")
    payloads = VENDOR.capture(fetch)
    assert (len(payloads), len(asked)) == (1, 1)
    parsed = VENDOR.parse(payloads[0])
    assert (parsed.seen, parsed.rows.columns.tolist()) == (0, RAW_QUOTES["PLAYNOW"].column_names)


def test_an_event_list_without_markets_holds_no_quotes() -> None:
    listed = event()
    del listed["markets"]
    assert parse(answer(listed)).seen == 0


def test_trap_5_a_200_that_carries_errors_is_asked_again() -> None:
    fetch, asked = answering(DATA_FETCHING_EXCEPTION, {"data": None}, answer(), vendor="PLAYNOW")
    assert len(VENDOR.capture(fetch)) == 1
    assert len(asked) == 3


def test_trap_5_errors_three_times_in_a_row_are_an_outage() -> None:
    fetch, asked = answering(*[DATA_FETCHING_EXCEPTION] * 4, vendor="PLAYNOW")
    with pytest.raises(VendorErrorBody, match="DataFetchingException") as caught:
        VENDOR.capture(fetch)
    assert (len(asked), caught.value.is_transient, caught.value.status) == (3, True, 200)


def test_trap_5_an_archived_error_body_is_one_dead_letter_and_no_empty_board() -> None:
    parsed = parse(DATA_FETCHING_EXCEPTION)
    assert (len(parsed.rows), rules(parsed)) == (0, {"error_body": 1})


def test_trap_6_shots_on_goal_with_a_small_o_is_a_ladder_of_overs() -> None:
    ladder = market("Jack Hughes Total Shots on Goal", outcome("1+", 1.01), outcome("4+", 2.4))
    assert prices_of(ladder) == [
        ("Jack Hughes", "SOG", 0.5, "OVER", 1.01),
        ("Jack Hughes", "SOG", 3.5, "OVER", 2.4),
    ]


def test_trap_6_shots_on_goal_with_a_capital_o_is_over_and_under() -> None:
    assert prices_of(total("Jack Hughes Total Shots On Goal 2.5", 2.5, 1.55, 2.25)) == [
        ("Jack Hughes", "SOG", 2.5, "OVER", 1.55),
        ("Jack Hughes", "SOG", 2.5, "UNDER", 2.25),
    ]


def test_trap_6_a_team_tag_is_split_from_the_name() -> None:
    row = parse(answer(event(market("Player 1+ Goals", outcome("Sebastian Aho (CAR)", 2.7))))).rows.iloc[0]
    assert (row["player_name_raw"], row["player_team_raw"], row["player_position_raw"]) == (
        "Sebastian Aho",
        "CAR",
        None,
    )


def test_team_and_position_tags_are_split_and_other_parentheses_stay() -> None:
    names = ["Elias Pettersson (VAN) (D)", "Elias Pettersson (F)", "Elias Pettersson (2004)"]
    rows = parse(answer(event(market("Player 1+ Goals", *map(outcome, names))))).rows
    assert rows[["player_name_raw", "player_team_raw", "player_position_raw"]].values.tolist() == [
        ["Elias Pettersson", "VAN", "D"],
        ["Elias Pettersson", None, "F"],
        ["Elias Pettersson (2004)", None, None],
    ]


def test_a_tag_in_a_market_name_is_split_too() -> None:
    row = parse(answer(event(total("Sebastian Aho (CAR) Total Points 0.5", 0.5)))).rows.iloc[0]
    assert (row["player_name_raw"], row["player_team_raw"], row["market"]) == (
        "Sebastian Aho",
        "CAR",
        "POINTS",
    )


def test_a_goal_ladder_names_its_players_in_the_outcomes() -> None:
    parsed = parse(
        answer(
            event(
                market("Player 1+ Goals", outcome("A B", 2.5)), market("Player 3+ Goals", outcome("A B", 61))
            )
        )
    )
    assert parsed.rows[["market", "line", "side", "is_alternate"]].values.tolist() == [
        ["GOALS", 0.5, "OVER", False],
        ["GOALS", 2.5, "OVER", True],
    ]


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("K'Andre Miller Total Assists 0.5", "ASSISTS"),
        ("Jonas Siegenthaler Total Blocks 1.5", "BLOCKS"),
        ("Jonas Siegenthaler Total Blocked Shots 1.5", "BLOCKS"),
    ],
)
def test_totals_are_known_by_their_statistic(name: str, canonical: str) -> None:
    assert {p[1] for p in prices_of(total(name))} == {canonical}


def test_the_line_of_saves_is_only_in_the_handicap() -> None:
    assert prices_of(total("Jake Allen Total Saves", 25.5, 1.76, 1.9))[0] == (
        "Jake Allen",
        "SAVES",
        25.5,
        "OVER",
        1.76,
    )


def test_the_line_may_be_in_the_price_alone() -> None:
    over = outcome("Over", prices=[price(1.76, handicapLow="25.5")])
    assert prices_of(market("Jake Allen Total Saves", over)) == [("Jake Allen", "SAVES", 25.5, "OVER", 1.76)]


def test_of_several_prices_the_one_offered_counts() -> None:
    boosted = outcome("Over", prices=[price(1.7, priceType="LP_BASE"), price(1.95)])
    assert prices_of(market("Jack Hughes Total Points 0.5", boosted))[0][-1] == 1.95


def test_a_price_without_decimal_comes_from_its_fraction() -> None:
    over = outcome("Over", prices=[price(None, numerator=4, denominator=10)])
    assert prices_of(market("Jack Hughes Total Points 0.5", over))[0][-1] == pytest.approx(1.4)


def test_the_american_price_is_rounded_from_the_decimal_one() -> None:
    rows = parse(answer(event(total("Jack Hughes Total Points 0.5", 0.5, 1.98, 2.05)))).rows
    assert rows["price_american"].tolist() == [-102, 105]


def test_a_quote_carries_all_that_the_answer_says() -> None:
    row = parse(answer(event(total("Jack Hughes Total Points 0.5", 0.5)))).rows.iloc[0]
    assert (row["source_vendor"], row["event_id_vendor"]) == ("PLAYNOW", "11990001")
    assert row["start_time_utc"] == pd.Timestamp("2026-01-10T00:00:00Z")
    assert (row["game_date"], row["home_team_raw"], row["away_team_raw"]) == (
        "2026-01-09", "New Jersey Devils", "Carolina Hurricanes",
    )  # fmt: skip
    assert (row["market_raw"], row["market_id_vendor"]) == ("Jack Hughes Total Points 0.5", "9Over")
    assert (row["book_id"], row["book_name"], row["player_id_vendor"]) == ("playnow", "PlayNow", None)
    assert pd.isna(row["vendor_updated_at_utc"])


def test_teams_are_told_apart_by_side_and_not_by_order() -> None:
    swapped = list(reversed(event()["teams"]))
    row = parse(answer(event(total("A B Total Points 0.5"), teams=swapped))).rows.iloc[0]
    assert (row["away_team_raw"], row["home_team_raw"]) == ("Carolina Hurricanes", "New Jersey Devils")


def test_without_sides_the_teams_come_from_the_name() -> None:
    row = parse(answer(event(total("A B Total Points 0.5"), teams=[]))).rows.iloc[0]
    assert (row["away_team_raw"], row["home_team_raw"]) == ("Carolina Hurricanes", "New Jersey Devils")


@pytest.mark.parametrize("flag", ["started", "liveNow"])
def test_prices_of_a_started_event_are_in_play(flag: str) -> None:
    assert parse(answer(event(total("A B Total Points 0.5"), **{flag: True}))).rows["is_live"].all()


@pytest.mark.parametrize(
    "name",
    [
        "Jack Hughes Total Powerplay Points 0.5",
        "New Jersey Devils First Goalscorer",
        "Carolina Hurricanes 1st Period LastGoalscorer",
        "New Jersey Devils Total Shots on Goal 28.5",
        "Devils Total Shots on Goal 28.5",
        "1st Period Total Shots on Goal 18.5",
        "Jack Hughes 1st Period Total Points 0.5",
        "Total Goals 6.5",
        "Money Line",
    ],
)
def test_other_markets_are_quarantined_and_not_guessed(name: str) -> None:
    parsed = parse(answer(event(total(name, 0.5))))
    assert (len(parsed.rows), rules(parsed)) == (0, {"market_not_supported": 2})


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (market("A B Total Points 0.5", outcome("Over", active=False)), "outcome_suspended"),
        (market("A B Total Points 0.5", outcome("Over", status="SUSPENDED")), "outcome_suspended"),
        (market("A B Total Points 0.5", outcome("Over", resulted=True)), "outcome_suspended"),
        (market("A B Total Points 0.5", outcome("Over"), status="SUSPENDED"), "market_suspended"),
        (market("A B Total Points 0.5", outcome("Over"), displayed=False), "market_suspended"),
        (market("A B Total Points 0.5", outcome("Over", prices=[])), "no_price"),
        (
            market("A B Total Points 0.5", outcome("Over", prices=[price(1.5, priceType="LP_BASE")])),
            "no_price",
        ),
        (market("A B Total Points 0.5", outcome("Over", prices=[price(None, numerator=None)])), "no_price"),
        (market("A B Total Points 0.5", outcome("Over", 1.0)), "decimal_price_not_above_one"),
        (market("A B Total Points 0.5", outcome("Yes")), "unknown_outcome"),
        (market("A B Total Points 0.5", outcome("Over"), handicap=1.5), "line_conflict"),
        (market("A B Total Saves", outcome("Over")), "no_line"),
        (market("A B Total Saves", outcome("Over"), handicap=25.25), "bad_line"),
        (market("A B Total Points 0.5", outcome("")), "malformed_outcome"),
    ],
)
def test_an_outcome_that_is_no_quote_is_a_dead_letter_with_its_rule(
    broken: dict[str, Any], rule: str
) -> None:
    parsed = parse(answer(event(broken)))
    assert (len(parsed.rows), rules(parsed)) == (0, {rule: 1})
    assert parsed.rejected[0].detail.startswith("$.data.events[0].markets[0]")


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"competitionDrilldownTagId": "999"}, "other_competition"),
        ({"resulted": True}, "event_closed"),
        ({"status": "SUSPENDED"}, "event_closed"),
        ({"id": None}, "no_event_id"),
        ({"startTime": "tonight"}, "malformed_event"),
    ],
)
def test_every_outcome_of_an_event_that_is_not_open_is_a_dead_letter(
    fields: dict[str, Any], rule: str
) -> None:
    parsed = parse(answer(event(total("A B Total Points 0.5"), **fields)))
    assert (len(parsed.rows), rules(parsed)) == (0, {rule: 2})


def test_an_unchanged_price_keeps_its_quote_id_and_a_changed_one_does_not() -> None:
    ids = [
        parse(answer(event(total("A B Total Points 0.5", 0.5, over), marketCount=n))).rows["quote_id"].iloc[0]
        for n, over in enumerate([1.8, 1.8, 1.85])
    ]
    assert ids[0] == ids[1]
    assert ids[1] != ids[2]


def test_equal_prices_of_two_players_in_one_market_are_two_quotes() -> None:
    ladder = market("Player 1+ Goals", outcome("A B", 7.0), outcome("C D", 7.0))
    assert parse(answer(event(ladder))).rows["quote_id"].is_unique


def test_rows_meet_the_contract_of_their_table_and_every_outcome_is_accounted_for() -> None:
    parsed = parse(full_answer())
    assert violations(RAW_QUOTES["PLAYNOW"], parsed.rows) == []
    assert (parsed.seen, len(parsed.rows), rules(parsed)) == (14, 11, {"market_not_supported": 3})


@pytest.mark.parametrize("body", [b"<html>", b"[]", {"data": {}}, {"data": {"events": 3}}, {"data": [1]}])
def test_what_is_no_event_answer_is_a_contract_failure(body: object) -> None:
    with pytest.raises(VendorContract, match="playnow_events_by_ids"):
        parse(body)


def test_the_recorded_event_page_parses_without_loss() -> None:
    page = orjson.loads(recorded("playnow/event-11825353-car-at-njd.markets.json")[0].read_bytes())
    markets = [
        market(
            m["name"],
            *(outcome(o["name"], o["price_decimal"], id=f"{n}-{i}") for i, o in enumerate(m["outcomes"])),
            handicap=m["outcomes"][0].get("handicap"),
            id=str(n),
        )
        for n, m in enumerate(page["markets"])
    ]
    parsed = parse(answer(event(*markets, id=page["event_id"])))
    unsupported = {"market_not_supported": sum(
        len(m["outcomes"]) for m in page["markets"] if "oalscorer" in m["name"] or "Powerplay" in m["name"]
    )}  # fmt: skip
    assert rules(parsed) == unsupported
    assert parsed.seen == sum(len(m["outcomes"]) for m in page["markets"]) == 355
    assert parsed.rows.groupby("market").size().to_dict() == {
        "ASSISTS": 32, "GOALS": 63, "POINTS": 32, "SAVES": 4, "SOG": 92,
    }  # fmt: skip
    aho = parsed.rows[parsed.rows["player_name_raw"] == "Sebastian Aho"]
    assert set(aho["player_team_raw"]) == {"CAR"}
