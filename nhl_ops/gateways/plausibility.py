"""What prices say about each other, whatever the vendor: a board that turns things round contradicts itself."""

import pandas as pd

from nhl_ops.domain.markets import Market, Side
from nhl_ops.gateways.drift import Told, broken, unlike
from nhl_ops.gateways.vendor import Payload

ENOUGH_PAIRS = 5
COMPARED = ["event_id_vendor", "player_id_vendor", "player_name_raw", "book_id", "market", "price_decimal"]


def require_points_likelier_than_assists(payload: Payload, quotes: pd.DataFrame) -> None:
    """An assist is a point: for a player and book, a point must mostly be priced no longer than an assist.

    quotes: parsed rows of the payload. Raises VendorContract when it is not so for most of ENOUGH_PAIRS pairs or
    more: the vendor, or our map of its markets, has points and assists swapped, or over and under.
    """
    is_half = (quotes["line"] == 0.5).to_numpy()
    halves = quotes[[*COMPARED, "side"]][is_half]
    is_compared = (halves["side"] == Side.OVER) & halves["market"].isin([Market.POINTS, Market.ASSISTS])
    prices: dict[tuple[str, str, str], dict[str, float]] = {}
    for event, person, name, book, market, price in halves.loc[is_compared, COMPARED].itertuples(
        index=False, name=None
    ):
        prices.setdefault((event, person or name, book), {})[market] = price
    pairs = [pair for pair in prices.values() if len(pair) == 2]
    swapped = sum(pair[Market.POINTS] > pair[Market.ASSISTS] for pair in pairs)
    if len(pairs) >= ENOUGH_PAIRS and 2 * swapped > len(pairs):
        raise broken(
            payload,
            unlike(
                "points and assists over 0.5",
                "a point that is mostly likelier than an assist, for a player and book",
                Told(
                    f"assists priced likelier than points in {swapped} of {len(pairs)} pairs: points and assists, or "
                    "over and under, look swapped in what the vendor sent or in our map of its markets "
                    "(config/vendors.toml)"
                ),
            ),
        )
