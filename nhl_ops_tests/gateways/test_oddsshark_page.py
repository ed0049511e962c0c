"""OddsShark's page: when it is not the page any more, and what a part out of place does to its neighbours."""

import pytest

from nhl_ops.domain.failures import VendorContract
from nhl_ops.gateways.oddsshark_page import read_page
from nhl_ops_tests.gateways.oddsshark_samples import (
    TABS,
    cell,
    container,
    document,
    full_page,
    game,
    header,
    offer,
    page,
    row,
    shots,
    two_way,
)
from nhl_ops_tests.gateways.test_oddsshark import offers, parse, rules
from nhl_ops_tests.gateways.wire_samples import payload_of

ONE = shots(row(two_way(), two_way()))


def failure(body: bytes) -> str:
    """What is said after the endpoint and the payload."""
    with pytest.raises(VendorContract, match=r"payload [0-9a-f]{12}: ") as caught:
        read_page(payload_of(body, "ODDSSHARK", "oddsshark_props_page"))
    return caught.value.cause.partition("payload ")[2].partition(": ")[2]


@pytest.mark.parametrize(
    ("renamed", "selector"),
    [
        (b"tab-group foil", ".tab-group.foil .button--tab-primary"),
        (b"button--tab-primary", ".tab-group.foil .button--tab-primary"),
        (b"player-props--container tab", ".player-props--container.tab"),
        (b"player-props--row", ".player-props--row"),
        (b"data-event", ".player-props--row[data-event]"),
        (b"player-props--header", ".player-props--header .player-props--item img"),
        (b"player-props--item", ".player-props--header .player-props--item img"),
        (b"<img", ".player-props--header .player-props--item img"),
        (b"props-game-info", ".props-game-info .props-teams"),
        (b"props-teams", ".props-game-info .props-teams"),
        (b"player-name", ".player-name"),
        (b"book-row", ".book-row"),
        (b"player-props-odds", ".book-row .player-props-odds > div (after Best Odds)"),
        (b"odds-info", ".odds-info"),
        (b"odds-detail", ".odds-detail"),
    ],
)
def test_a_renamed_part_is_a_failure_that_names_its_selector(renamed: bytes, selector: str) -> None:
    other = b"<svg" if renamed.startswith(b"<") else b"x-renamed"
    assert failure(ONE.replace(renamed, other)).startswith(f"{selector}: expected ")


def test_a_failure_says_what_was_found_instead() -> None:
    assert failure(ONE.replace(b"book-row", b"bookie")) == (
        ".book-row: expected one or more under the tab 'SHOTS ON GOAL', which has 1 .player-props--row with 0 "
        ".book-row, found none"
    )


def test_containers_must_be_as_many_as_tabs() -> None:
    text = document(TABS, [container() for _ in TABS[1:]]).encode()
    assert failure(text).startswith(
        ".player-props--container.tab: expected one for each of 6 tabs (GOALS, ASSISTS, "
    )
    assert failure(text).endswith(", found 5")


def test_prices_in_best_odds_alone_are_no_empty_board() -> None:
    assert failure(shots(row(cell(), cell()))).startswith(".book-row .player-props-odds > div")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the end of the page: expected </html>, found none in 0 bytes"),
        (b"{}", "the end of the page: expected </html>, found none in 2 bytes"),
        (b"</html>", "the page: expected HTML, found none: "),
        (
            b"<html><body>Access denied</body></html>",
            ".tab-group.foil .button--tab-primary: expected a tab or more, found none",
        ),
        (full_page()[:-20], "the end of the page: expected </html>, found none in"),
        (full_page().decode().encode("utf-16"), "byte 0: expected UTF-8, found 0xff, invalid start byte"),
        (full_page().replace(b"Nico", b"Nic\xf3"), "byte "),
        (
            full_page().replace(b"<nav", b"<div>" * 300 + b"<nav"),
            "line ",
        ),
        (
            full_page().replace(b"<nav", b"<div>" * 100_000 + b"<nav"),
            "line ",
        ),
    ],
)
def test_what_is_no_whole_page_is_a_failure(body: bytes, said: str) -> None:
    assert failure(body).startswith(said)


def test_a_byte_order_mark_and_a_nul_do_no_harm() -> None:
    body = b"\xef\xbb\xbf" + full_page().replace(b"<nav", b"\x00<nav")
    assert len(parse(body).rows) == len(parse(full_page()).rows)


def test_the_same_markup_with_more_inside_is_read_the_same() -> None:
    body = full_page().decode()
    body = body.replace('<span class="odds-info">', '<em></em><span class="big odds-info"><b></b>')
    body = body.replace('<div class="book-row">', '<div class="book-row col-2"><a href="#">')
    assert offers(parse(body.encode())) == offers(parse(full_page()))


def test_a_cell_torn_out_never_moves_a_price_to_another_book() -> None:
    torn = row(two_way(), name="Torn Out")
    parsed = parse(shots(torn, row(two_way(), two_way())))
    assert rules(parsed) == {"unknown_book": 2}
    assert {(player, book) for player, *_, book, _ in offers(parsed)} == {
        ("Jack Hughes", "DraftKings"), ("Jack Hughes", "FanDuel"),
    }  # fmt: skip


def test_a_row_left_open_keeps_its_prices_apart_from_the_next_one() -> None:
    left_open = row(two_way(), two_way(), name="Left Open").removesuffix("</div>")
    parsed = parse(shots(left_open, row(two_way("3.5"), two_way("3.5"))))
    assert {(player, line) for player, _, line, *_ in offers(parsed)} == {
        ("Left Open", 2.5), ("Jack Hughes", 3.5),
    }  # fmt: skip
    assert rules(parsed) == {}


def test_prices_of_a_row_that_lost_its_frame_are_not_given_to_the_row_before() -> None:
    frameless = f'<span class="player-name">Lost</span>{two_way("4.5")}{two_way("4.5")}'
    parsed = parse(shots(row(two_way(), two_way()), frameless))
    assert {player for player, *_ in offers(parsed)} == {"Jack Hughes"}
    assert rules(parsed) == {"malformed_line": 4}
    assert parsed.rejected[0].detail == "'SHOTS ON GOAL', outside of any row: expected no price, found '-120'"


def test_prices_outside_of_a_cell_or_an_offer_are_dead_letters() -> None:
    stray = '<span class="odds-detail">+150</span>'
    in_cell = f'<div class="book-row">{stray}</div>'
    parsed = parse(shots(row(in_cell, two_way(), stray)))
    assert (len(parsed.rows), rules(parsed)) == (2, {"malformed_line": 2})


def test_two_prices_in_one_offer_are_not_guessed_apart() -> None:
    both = cell(offer("O 2.5", "-120").replace("</div>", "") + offer("U 2.5", "+100").replace("<div>", ""))
    parsed = parse(shots(row(both, two_way())))
    assert (len(parsed.rows), rules(parsed)) == (2, {"malformed_line": 1})


def test_a_game_without_its_teams_does_not_take_those_of_the_game_before() -> None:
    nameless = game(row(two_way(), cell(), event=1900002), teams="")
    parsed = parse(page({"POINTS": container(game(row(two_way(), cell())), nameless)}))
    assert rules(parsed) == {}
    assert set(parsed.rows["home_team_raw"]) == {"New Jersey Devils", "San Jose Sharks"}


def test_a_row_belongs_to_the_header_above_it() -> None:
    again = header("FanDuel", "DraftKings", "BetMGM") + game(row(two_way(), cell(), cell(), name="Below"))
    parsed = parse(page({"POINTS": container(game(row(two_way(), cell())), again)}))
    assert {(player, book) for player, *_, book, _ in offers(parsed)} == {
        ("Jack Hughes", "DraftKings"), ("Below", "FanDuel"),
    }  # fmt: skip


def test_a_row_without_cells_is_a_dead_letter() -> None:
    parsed = parse(shots(row(two_way(), two_way()), row(best="", name="Nobody")))
    assert (len(parsed.rows), rules(parsed)) == (4, {"malformed_row": 1})
    assert '"player":"Nobody"' in parsed.rejected[0].sample


def test_an_endless_text_is_cut() -> None:
    long = row(two_way(), cell(offer("O 2.5", "+1" * 5_000)), name="x" * 100_000)
    parsed = parse(shots(long))
    assert parsed.rows["player_name_raw"].str.len().max() == 200
    assert len(parsed.rejected[0].detail) < 200
