"""Books of a recorded folder and the ids under which Unabated lists them."""

from zlib import crc32

import pandas as pd

from nhl_ops.league.dataset import BOOK_COLUMNS

UNABATED = "UNABATED"
PLAYNOW = "PLAYNOW"
PLAYNOW_BOOK_ID = "playnow"

SOURCES: dict[str, tuple[str, str]] = {
    "draftkings": ("1", "DraftKings"),
    "fanduel": ("2", "FanDuel"),
    "betmgm": ("4", "BetMGM"),
    "betonlineag": ("9", "BetOnline"),
    "bovada": ("10", "Bovada"),
    "betrivers": ("17", "BetRivers"),
    "williamhill_us": ("20", "Caesars"),
    "caesars": ("20", "Caesars"),
    "hardrockbet": ("24", "Hard Rock"),
    "betparx": ("25", "Parx"),
    "sugarhouse": ("27", "SugarHouse"),
    "espnbet": ("36", "TheScore US"),
    "matchbook": ("52", "Matchbook"),
    "pinnacle": ("58", "Pinnacle-Delayed"),
    "prophetx": ("66", "Prophet"),
    "sporttrade": ("67", "Sporttrade"),
    "circasports": ("68", "Circa Sports"),
    "prizepicks": ("72", "PrizePicks"),
    "underdog": ("73", "Underdog"),
    "bet365": ("78", "Bet365"),
    "fanatics": ("86", "Fanatics"),
    "novig": ("89", "Novig"),
    "sleeper": ("90", "Sleeper"),
    "fliff": ("91", "Fliff"),
    "kalshi": ("105", "Kalshi"),
    "polymarket": ("107", "Polymarket"),
}
"""Book key of the record -> Unabated market source id and name (wire-formats 2.4)."""

NOT_SPORTSBOOKS = frozenset({"prizepicks", "underdog", "sleeper", "fliff"})
"""Pick'em and sweepstakes operators: their prices are no offers at odds for money."""


def source_of(book_key: str) -> tuple[str, str]:
    """Unabated id and name; a book that Unabated is not known to list gets an id of its own from 900 on."""
    known = SOURCES.get(book_key)
    return known if known else (str(900 + crc32(book_key.encode()) % 99_000), book_key.title())


def books_table(book_keys: list[str]) -> pd.DataFrame:
    """Books in `BOOK_COLUMNS`: those of the record under Unabated, and PlayNow's own."""
    rows = {source_of(key)[0]: (UNABATED, source_of(key)[1], key not in NOT_SPORTSBOOKS) for key in book_keys}
    listed = [(book_id, *row) for book_id, row in sorted(rows.items(), key=lambda item: int(item[0]))]
    return pd.DataFrame([*listed, (PLAYNOW_BOOK_ID, PLAYNOW, "PlayNow", True)], columns=BOOK_COLUMNS)
