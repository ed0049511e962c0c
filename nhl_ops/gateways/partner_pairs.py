"""Prices of home and away that carry no market's name: what they are, and whether the sides are exchanged.

One partner was seen with home and away exchanged for some games of a payload and not for others. So each of its
games is judged by the other partners on it: where most of them name the other side as favourite, ten points
apart or more, its prices are dead letters `swapped_sides`, never turned round; of two partners alone that
contradict each other neither is believed. A partner that was caught once in a payload loses the
benefit of the doubt: its other games are dead letters too where the reverse would fit no worse.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from nhl_ops.domain.game_lines import (
    GameMarket,
    Outcome,
    contradicts,
    home_share,
    reads_as_well_reversed,
    unlabelled_moneyline,
)
from nhl_ops.gateways.game_lines import Book, GameEvent, GameLine, GameLineRule, GameLineSheet, Offer, Price
from nhl_ops.gateways.wire import Node

MARKET_RAW = "odds[]"


class Sided(NamedTuple):
    """A readable price of one side as sent."""

    side: Outcome
    item: Node
    price: Price


class PartnerPair(NamedTuple):
    """Everything readable that one partner quotes on a game."""

    event: GameEvent
    book: Book
    sided: Sequence[Sided]


class _Typed(NamedTuple):
    pair: PartnerPair
    market: GameMarket
    share: float


def judge(sheet: GameLineSheet, pairs: Sequence[PartnerPair]) -> None:
    """Hand every price of the pairs to the sheet, as a line or as a dead letter."""
    typed = [t for pair in pairs if (t := _typed(sheet, pair)) is not None]
    by_game: defaultdict[str, list[_Typed]] = defaultdict(list)
    for one in typed:
        by_game[one.pair.event.event_id_vendor].append(one)
    others = [
        [t.share for t in by_game[one.pair.event.event_id_vendor] if t.pair.book != one.pair.book]
        for one in typed
    ]
    is_caught = [contradicts(one.share, rest) for one, rest in zip(typed, others, strict=True)]
    caught = {one.pair.book for one, bad in zip(typed, is_caught, strict=True) if bad}
    for one, rest, bad in zip(typed, others, is_caught, strict=True):
        if bad:
            _reject(sheet, one.pair, GameLineRule.SWAPPED_SIDES, _contradiction(one.share, rest))
        elif one.pair.book in caught and reads_as_well_reversed(one.share, rest):
            detail = "the partner has home and away exchanged elsewhere in the payload, and may have here"
            _reject(sheet, one.pair, GameLineRule.SWAPPED_SIDES, detail)
        else:
            _accept(sheet, one)


def _typed(sheet: GameLineSheet, pair: PartnerPair) -> _Typed | None:
    prices = {side: {s.price for s in pair.sided if s.side is side} for side in (Outcome.HOME, Outcome.AWAY)}
    if any(len(found) > 1 for found in prices.values()):
        _reject(sheet, pair, GameLineRule.PRICE_CONFLICT, "one partner has several prices for one side")
        return None
    if not all(prices.values()):
        detail = "the price of one side alone does not tell two-way from three-way"
        _reject(sheet, pair, GameLineRule.UNKNOWN_MARKET, detail)
        return None
    home, away = (next(iter(found)).price_decimal for found in prices.values())
    market = unlabelled_moneyline(home, away)
    if market is None:
        detail = f"home {home:.4g} and away {away:.4g} imply {1 / home + 1 / away:.3f}: neither two-way nor three-way"
        _reject(sheet, pair, GameLineRule.UNKNOWN_MARKET, detail)
        return None
    return _Typed(pair, market, home_share(home, away))


def _accept(sheet: GameLineSheet, one: _Typed) -> None:
    for sided in one.pair.sided:
        offer = Offer(one.market, MARKET_RAW, sided.side, None, sided.price)
        sheet.accept(GameLine(one.pair.event, one.pair.book, offer))


def _reject(sheet: GameLineSheet, pair: PartnerPair, rule: GameLineRule, detail: str) -> None:
    quoted = [{"side": s.side, **_plain(s.item)} for s in pair.sided]
    for sided in pair.sided:
        sample = {"game": pair.event.event_id_vendor, "partner": pair.book.book_id, "odds": quoted}
        sheet.reject(rule, f"{sided.item.path}: {detail}", sample)


def _plain(item: Node) -> dict[str, object]:
    return {key: item[key].value for key in ("providerId", "value")}


def _contradiction(share: float, others: Sequence[float]) -> str:
    rest = ", ".join(f"{other:.0%}" for other in others)
    return f"home at {share:.0%} of the two sides, the other partners have it at {rest}"
