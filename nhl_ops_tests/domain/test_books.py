"""Books: the same book is one book whoever names it, and what is no sportsbook is known as such."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.domain.books import ALIASES, BookKind, book_key, is_bettable, kind_of

UNABATED = {
    1: ("DraftKings", "draftkings", "sportsbook"),
    2: ("FanDuel", "fanduel", "sportsbook"),
    4: ("BetMGM", "betmgm", "sportsbook"),
    6: ("Circa", "circa", "sportsbook"),
    7: ("Sharp Book Price", "sharpbookprice", "synthetic"),
    8: ("Bookmaker", "bookmaker", "sportsbook"),
    9: ("BetOnline", "betonline", "sportsbook"),
    10: ("Bovada", "bovada", "sportsbook"),
    17: ("BetRivers", "betrivers", "sportsbook"),
    20: ("Caesars", "caesars", "sportsbook"),
    24: ("Hard Rock", "hardrockbet", "sportsbook"),
    25: ("Parx", "betparx", "sportsbook"),
    27: ("SugarHouse", "betrivers", "sportsbook"),
    36: ("TheScore US", "thescore", "sportsbook"),
    49: ("Unabated line", "unabated", "synthetic"),
    52: ("Matchbook", "matchbook", "exchange"),
    58: ("Pinnacle-Delayed", "pinnacle", "sportsbook"),
    60: ("TheScore CA", "thescore", "sportsbook"),
    66: ("Prophet", "prophetx", "exchange"),
    67: ("Sporttrade", "sporttrade", "exchange"),
    68: ("Circa Sports", "circa", "sportsbook"),
    69: ("Sports Interaction", "sportsinteraction", "sportsbook"),
    70: ("Pinnacle-3838", "pinnacle", "sportsbook"),
    72: ("PrizePicks", "prizepicks", "pickem"),
    73: ("Underdog", "underdog", "pickem"),
    78: ("Bet365", "bet365", "sportsbook"),
    81: ("Splash", "splash", "pickem"),
    84: ("DK Pick6", "pick6", "pickem"),
    86: ("Fanatics", "fanatics", "sportsbook"),
    89: ("Novig", "novig", "exchange"),
    90: ("Sleeper", "sleeper", "pickem"),
    91: ("Fliff", "fliff", "sportsbook"),
    99: ("South Point", "southpoint", "sportsbook"),
    104: ("SxBet", "sxbet", "exchange"),
    105: ("Kalshi", "kalshi", "exchange"),
    107: ("Polymarket", "polymarket", "exchange"),
}
"""Unabated's sources by id: name, our key, kind."""

THE_ODDS_API = {
    "ballybet": ("Bally Bet", "ballybet"),
    "bet365_us": ("bet365", "bet365"),
    "betanysports": ("BetAnything", "betanything"),
    "betfair_ex_uk": ("Betfair Exchange", "betfair"),
    "betmgm": ("BetMGM", "betmgm"),
    "betonlineag": ("BetOnline.ag", "betonline"),
    "betopenly": ("BetOpenly", "betopenly"),
    "betparx": ("betPARX", "betparx"),
    "betr_us_dfs": ("Betr Picks", "betr"),
    "betrivers": ("BetRivers", "betrivers"),
    "betus": ("BetUS", "betus"),
    "bovada": ("Bovada", "bovada"),
    "draftkings": ("DraftKings", "draftkings"),
    "espnbet": ("theScore Bet", "thescore"),
    "fanatics": ("Fanatics", "fanatics"),
    "fanduel": ("FanDuel", "fanduel"),
    "fliff": ("Fliff", "fliff"),
    "hardrockbet": ("Hard Rock Bet", "hardrockbet"),
    "hardrockbet_az": ("Hard Rock Bet (AZ)", "hardrockbet"),
    "kalshi": ("Kalshi", "kalshi"),
    "lowvig": ("LowVig.ag", "lowvig"),
    "mybookieag": ("MyBookie.ag", "mybookie"),
    "novig": ("Novig", "novig"),
    "pick6": ("DraftKings Pick6", "pick6"),
    "pinnacle": ("Pinnacle", "pinnacle"),
    "pointsbetus": ("PointsBet (US)", "pointsbet"),
    "polymarket": ("Polymarket", "polymarket"),
    "prizepicks": ("PrizePicks", "prizepicks"),
    "prophetx": ("ProphetX", "prophetx"),
    "rebet": ("ReBet", "rebet"),
    "underdog": ("Underdog Fantasy", "underdog"),
    "unibet_us": ("Unibet", "unibet"),
    "williamhill_us": ("Caesars", "caesars"),
    "windcreek": ("Wind Creek (Betfred PA)", "windcreek"),
}
"""The Odds API's bookmakers by key: title, our key."""


@pytest.mark.parametrize(("name", "key", "kind"), UNABATED.values(), ids=[v[0] for v in UNABATED.values()])
def test_unabateds_sources_are_known(name: str, key: str, kind: str) -> None:
    assert (book_key(name), kind_of(book_key(name))) == (key, kind)


@pytest.mark.parametrize("key", THE_ODDS_API)
def test_key_and_title_of_the_odds_api_are_one_book(key: str) -> None:
    title, ours = THE_ODDS_API[key]
    assert (book_key(key), book_key(title)) == (ours, ours)


@pytest.mark.parametrize(
    "names",
    [
        ("DraftKings", "draftkings", "DRAFTKINGS", " DraftKings Sportsbook", "DK", "Draft Kings"),
        ("Caesars", "williamhill_us", "Caesars Sportsbook", "William Hill (US)"),
        ("TheScore US (ex ESPN Bet)", "espnbet", "ESPN BET", "theScore Bet"),
        ("Unabated", "Unabated Line", "unabated line"),
        ("PlayNow", "playnow", "PlayNow.com"),
        ("Pinnacle", "Pinnacle-Delayed", "Pinnacle Sports"),
    ],
)
def test_the_same_book_under_many_names_has_one_key(names: tuple[str, ...]) -> None:
    assert len({book_key(name) for name in names}) == 1


def test_names_that_only_look_alike_stay_apart() -> None:
    """The British William Hill is not Caesars, a pick'em site is not the sportsbook that runs it."""
    names = ["William Hill", "Caesars", "DraftKings", "DK Pick6", "BetOnline", "LowVig.ag", "BetUS", "Bet365"]
    assert len({book_key(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["Unabated line", "Sharp Book Price", "Best Odds", "Consensus"])
def test_numbers_that_nobody_offers_are_synthetic_and_not_bettable(name: str) -> None:
    key = book_key(name)
    assert (kind_of(key), is_bettable(key)) == (BookKind.SYNTHETIC, False)


@pytest.mark.parametrize("name", ["PrizePicks", "Underdog Fantasy", "pick6", "betr_us_dfs", "ParlayPlay"])
def test_pickem_sites_are_not_bettable(name: str) -> None:
    key = book_key(name)
    assert (kind_of(key), is_bettable(key)) == (BookKind.PICKEM, False)


@pytest.mark.parametrize("name", ["Novig", "DraftKings", "PlayNow", "A Book Of Tomorrow"])
def test_exchanges_and_sportsbooks_known_or_not_are_bettable(name: str) -> None:
    assert is_bettable(book_key(name))


def test_an_unknown_book_is_a_sportsbook_under_its_normalized_name() -> None:
    assert (book_key("Café Börse-Bet 24"), kind_of("cafeborsebet24")) == ("cafeborsebet24", "sportsbook")


def test_no_spelling_belongs_to_two_books_nor_is_a_key_of_its_own() -> None:
    spellings = [spelling for own in ALIASES.values() for spelling in own]
    assert len(spellings) == len(set(spellings))
    assert not set(spellings) & set(ALIASES)


@given(st.text(min_size=1))
def test_a_key_is_its_own_key_and_is_empty_only_for_a_blank_name(name: str) -> None:
    key = book_key(name)
    assert book_key(key) == key
    assert bool(key) == bool(name.strip())


@given(st.sampled_from([*(v[0] for v in UNABATED.values()), *THE_ODDS_API]))
def test_case_and_spaces_around_do_not_matter(name: str) -> None:
    assert book_key(f"  {name.upper()} ") == book_key(name.lower()) == book_key(name)
