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

NOT_ON_OFFER = frozenset(
    {
        "blurred_price",
        "event_closed",
        "market_not_supported",
        "market_suspended",
        "off_the_board",
        "other_competition",
        "other_league",
        "other_period",
        "outcome_suspended",
        "price_without_contract",
        "superseded_in_payload",
    }
)
"""Rules of dead letters that are well formed and no price for us now: no sign that the vendor's format changed."""
