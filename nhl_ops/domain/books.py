"""Books: one key for a book however its vendors spell it, and what kind of a house it is.

Names and ids are those of Unabated's sources, The Odds API's bookmakers (keys and titles), OddsShark's columns
and PlayNow. A book that is not known here is a sportsbook under its own normalized name.
"""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType


class BookKind(StrEnum):
    """What stands behind a price.

    EXCHANGE: other bettors, so a price has a size and perhaps a commission. PICKEM: daily-fantasy entries, whose
    prices are conventions of the feed. SYNTHETIC: a number computed from other books, offered by nobody.
    """

    SPORTSBOOK = "sportsbook"
    EXCHANGE = "exchange"
    PICKEM = "pickem"
    SYNTHETIC = "synthetic"


ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ballybet": ("bally",),
        "bet365": ("bet365us", "bet365ca", "bet365au"),
        "betanything": ("betanysports",),
        "betfair": ("betfairexuk", "betfairexeu", "betfairexau", "betfairexchange"),
        "betmgm": ("mgm", "betmgmca", "betmgmuk"),
        "betonline": ("betonlineag",),
        "betparx": ("parx", "parxcasino"),
        "betr": ("betrusdfs", "betrpicks", "betrfantasy"),
        "betrivers": ("rivers", "sugarhouse", "betriversus", "betriversca"),
        "betus": ("betuscompa",),
        "bookmaker": ("bookmakereu",),
        "caesars": ("williamhillus", "caesarspalace", "caesarsca", "czr"),
        "circa": ("circasports",),
        "draftkings": ("dk", "draftkingsus", "draftkingsca"),
        "fanatics": ("fanaticsbet",),
        "fanduel": ("fd", "fanduelus", "fanduelca"),
        "fourcasters": ("4casters", "4cx"),
        "hardrockbet": ("hardrock", "hardrockbetaz", "hardrockbetfl", "hardrockbetoh"),
        "lowvig": ("lowvigag",),
        "mybookie": ("mybookieag",),
        "novig": ("novigus",),
        "parlayplay": ("parlayplayio",),
        "pick6": ("dkpick6", "draftkingspick6"),
        "pinnacle": ("pinnacledelayed", "pinnacle3838", "pinnaclesports", "ps3838"),
        "playnow": ("playnowcom", "bclc"),
        "pointsbet": ("pointsbetus", "pointsbetca"),
        "prizepicks": ("prizepick",),
        "prophetx": ("prophet", "prophetexchange"),
        "sharpbookprice": ("sharpbook", "sharpprice"),
        "sleeper": ("sleeperpicks", "sleeperfantasy"),
        "splash": ("splashsports",),
        "sportsinteraction": ("sia",),
        "sxbet": ("sx",),
        "thescore": (
            "thescorebet",
            "thescoreus",
            "thescoreca",
            "espnbet",
            "thescoreusexespnbet",
            "thescorebetus",
        ),
        "unabated": ("unabatedline", "unabatedlines"),
        "underdog": ("underdogfantasy",),
        "unibet": ("unibetus", "unibetuk", "unibeteu", "unibetse"),
        "windcreek": ("windcreekbetfredpa",),
    }
)
"""Other spellings by key, normalized. Regional brands and feeds of one trading desk are one book (Pinnacle
delayed or not, ESPN BET and its successor theScore Bet, SugarHouse and BetRivers): they are one opinion."""

_KINDS: Mapping[BookKind, tuple[str, ...]] = MappingProxyType(
    {
        BookKind.EXCHANGE: (
            "betfair", "betopenly", "fourcasters", "kalshi", "matchbook", "novig", "polymarket", "prophetx",
            "smarkets", "sporttrade", "sxbet",
        ),
        BookKind.PICKEM: (
            "betr", "boomfantasy", "chalkboard", "dabble", "hotstreak", "parlayplay", "pick6", "prizepicks",
            "sleeper", "splash", "underdog",
        ),
        BookKind.SYNTHETIC: (
            "4castersinternal", "average", "bestline", "bestodds", "consensus", "open", "opener",
            "sharpbookprice", "unabated",
        ),
    }
)  # fmt: skip
_KEY_OF = {spelling: key for key, spellings in ALIASES.items() for spelling in spellings}
_KIND_OF = {key: kind for kind, keys in _KINDS.items() for key in keys}
_TRAILING_WORDS = re.compile(r"[\s._-]+(sports\s?book|book)$")


@lru_cache(maxsize=4096)
def book_key(book_name: str) -> str:
    """The book's key: `draftkings` for "DraftKings", "draftkings" and "DraftKings Sportsbook" alike.

    Idempotent. An unknown book has its name without case, accents, spaces and punctuation.
    """
    name = _folded(book_name)
    letters = "".join(c for c in _TRAILING_WORDS.sub("", name) if c.isalnum())
    key = letters or "".join(name.split())
    return _KEY_OF.get(key, key)


def kind_of(key: str) -> BookKind:
    """The kind of a book by its key; a key that is not known is a sportsbook's."""
    return _KIND_OF.get(key, BookKind.SPORTSBOOK)


def is_bettable(key: str) -> bool:
    """Whether one can take the book's price as quoted: at a sportsbook or an exchange."""
    return kind_of(key) in {BookKind.SPORTSBOOK, BookKind.EXCHANGE}


def _folded(text: str) -> str:
    """Without case and with accents apart from their letters."""
    once = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFKD", once).casefold().strip()
