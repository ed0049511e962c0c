"""Prices of home and away that carry no market's name: what they are, and whether the sides are exchanged.

One partner was seen with home and away exchanged for some games of a payload and not for others. So each of its
games is judged by the other partners on it: where most of them name the other side as favourite, ten points
apart or more, its prices are dead letters `swapped_sides`, never turned round; of two partners alone that
contradict each other neither is believed. A partner that was caught once in a payload loses the
benefit of the doubt: its other games are dead letters too where the reverse would fit no worse.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from nhl_ops.domain.game_lines import (
    GameMarket,
    Outcome,
    contradicts,
    home_share,
    reads_as_well_reversed,
    unlabelled_moneyline,
)
from nhl_ops.gateways.drift import Told, unlike
from nhl_ops.gateways.game_lines import Book, GameEvent, GameLine, GameLineRule, GameLineSheet, Offer, Price
from nhl_ops.gateways.wire import Node

MARKET_RAW = "odds[]"
BOTH_SIDES = "prices of both sides, which tell two-way from three-way"
SURE_SIDES = "a partner that keeps home and away apart"
EXCHANGED_ELSEWHERE = Told("one that has them exchanged elsewhere in the payload, and may have here")


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
            favourite = f"home and away as the other partners have them: home at {', '.join(f'{r:.0%}' for r in rest)}"
            _reject(
                sheet,
                one.pair,
                GameLineRule.SWAPPED_SIDES,
                favourite,
                Told(f"home at {one.share:.0%} of the two"),
            )
        elif one.pair.book in caught and reads_as_well_reversed(one.share, rest):
            _reject(sheet, one.pair, GameLineRule.SWAPPED_SIDES, SURE_SIDES, EXCHANGED_ELSEWHERE)
        else:
            _accept(sheet, one)


def _typed(sheet: GameLineSheet, pair: PartnerPair) -> _Typed | None:
    prices = {side: {s.price for s in pair.sided if s.side is side} for side in (Outcome.HOME, Outcome.AWAY)}
    if any(len(found) > 1 for found in prices.values()):
        several = Told("; ".join(f"{side} {_decimals(found)}" for side, found in prices.items()))
        _reject(sheet, pair, GameLineRule.PRICE_CONFLICT, "one price a side of a partner", several)
        return None
    if not all(prices.values()):
        lonely = Told(f"one side alone, {' and '.join(side for side, found in prices.items() if found)}")
        _reject(sheet, pair, GameLineRule.UNKNOWN_MARKET, BOTH_SIDES, lonely)
        return None
    home, away = (next(iter(found)).price_decimal for found in prices.values())
    market = unlabelled_moneyline(home, away)
    if market is None:
        implied = Told(f"home {home:.4g} and away {away:.4g}, which imply {1 / home + 1 / away:.3f}")
        _reject(
            sheet, pair, GameLineRule.UNKNOWN_MARKET, "prices of a two-way or a three-way market", implied
        )
        return None
    return _Typed(pair, market, home_share(home, away))


def _accept(sheet: GameLineSheet, one: _Typed) -> None:
    for sided in one.pair.sided:
        offer = Offer(one.market, MARKET_RAW, sided.side, None, sided.price)
        sheet.accept(GameLine(one.pair.event, one.pair.book, offer))


def _reject(sheet: GameLineSheet, pair: PartnerPair, rule: GameLineRule, expected: str, found: Told) -> None:
    quoted = [{"side": s.side, **_plain(s.item)} for s in pair.sided]
    for sided in pair.sided:
        sample = {"game": pair.event.event_id_vendor, "partner": pair.book.book_id, "odds": quoted}
        sheet.reject(rule, unlike(sided.item.path, expected, found), sample)


def _plain(item: Node) -> dict[str, object]:
    return {key: item[key].value for key in ("providerId", "value")}


def _decimals(prices: Collection[Price]) -> str:
    return "/".join(f"{price.price_decimal:.4g}" for price in sorted(prices))
