"""What prices say about each other, whatever the vendor: a board that turns things round contradicts itself."""

from collections.abc import Sequence

from nhl_ops.domain.markets import Market, Side
from nhl_ops.gateways.quotes import Quote
from nhl_ops.gateways.vendor import Payload
from nhl_ops.gateways.wire import broken

ENOUGH_PAIRS = 5


def require_points_likelier_than_assists(payload: Payload, quotes: Sequence[Quote]) -> None:
    """An assist is a point: for a player and book, a point must mostly be priced no longer than an assist.

    Raises VendorContract when it is not so for most of ENOUGH_PAIRS pairs or more: the vendor, or our map of its
    markets, has points and assists swapped, or over and under.
    """
    prices: dict[tuple[str, str, str], dict[str, float]] = {}
    for quote in quotes:
        if quote.line == 0.5 and quote.side == Side.OVER and quote.market in (Market.POINTS, Market.ASSISTS):
            player = quote.player_id_vendor or quote.player_name_raw
            key = (quote.event_id_vendor, player, quote.book_id)
            prices.setdefault(key, {})[quote.market] = quote.price_decimal
    pairs = [pair for pair in prices.values() if len(pair) == 2]
    swapped = sum(pair[Market.POINTS] > pair[Market.ASSISTS] for pair in pairs)
    if len(pairs) >= ENOUGH_PAIRS and 2 * swapped > len(pairs):
        raise broken(
            payload,
            f"assists are priced likelier than points in {swapped} of {len(pairs)} pairs: points and assists, or over "
            "and under, look swapped in what the vendor sent or in our map of its markets (config/vendors.toml)",
        )
