"""Vendors of player-prop prices, by name and title.

A new vendor is a line here, a module `gateways/<name>.py` and a section of config/vendors.toml: docs/new_vendor.md.
"""

from collections.abc import Mapping
from types import MappingProxyType

PRICE_VENDORS: Mapping[str, str] = MappingProxyType(
    {
        "UNABATED": "Unabated",
        "PLAYNOW": "PlayNow",
        "ODDSSHARK": "OddsShark",
        "ODDS_API": "The Odds API",
        "FILE_DROP": "file drops",
    }
)

PARTIAL_BOARD = "partial_board"
"""Outcome of a sighting: a file that a person dropped: some prices of some moment, which replace no board."""
