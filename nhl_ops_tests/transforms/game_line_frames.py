"""Raw game lines on the stage of `ev_frames`: Vancouver at Toronto on 2026-01-05 at 19:00 Eastern."""

import pandas as pd

from nhl_ops.contracts.game_odds import FACT_GAME_ODDS, RAW_GAME_LINES
from nhl_ops_tests.transforms.ev_frames import GAME, NOON, SLATE, START, Row, priced, table

LINE = {
    "game_date": SLATE, "source_vendor": "NHL", "source": "nhl_schedule", "line_id": "l1",
    "payload_hash": "p1", "payload_path": "raw/p1", "captured_at_utc": NOON, "event_id_vendor": str(GAME),
    "game_id_sent": GAME, "start_time_utc": START, "home_team_raw": "TOR", "away_team_raw": "VAN",
    "is_live": False, "book_id": "9", "book_name": "DraftKings", "vendor_updated_at_utc": None,
    "is_stale": False, "market": "MONEYLINE", "market_raw": "odds[]", "outcome": "HOME", "line": None,
    "price_american": -150,
}  # fmt: skip
SHARK = {
    "source_vendor": "ODDSSHARK", "source": "oddsshark_scores", "event_id_vendor": "1900001",
    "game_id_sent": None, "home_team_raw": "Toronto Maple Leafs", "away_team_raw": "Vancouver Canucks",
    "book_id": "oddsshark", "book_name": "OddsShark",
}  # fmt: skip


def lines(*changes: Row) -> pd.DataFrame:
    """Rows of RAW_GAME_LINES; row_number counts through, capture_date is the slate unless given."""
    merged = [
        priced({**LINE, "capture_date": SLATE, "row_number": number, **change})
        for number, change in enumerate(changes)
    ]
    return table(RAW_GAME_LINES, {}, *merged)


def facts(*changes: Row) -> pd.DataFrame:
    """Stored facts, mapped to the stage's game."""
    defaults = {
        "last_seen_at_utc": NOON, "game_id_nhl": GAME, "mapping_method": "game_id", "mapping_reason": None,
    }  # fmt: skip
    return table(FACT_GAME_ODDS, {}, *(priced({**LINE, **defaults, **change}) for change in changes))
