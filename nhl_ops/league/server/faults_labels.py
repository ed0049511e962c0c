"""Mutations of what a price is filed under: its side, its market, its book."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from nhl_ops.league.server.faults_site import Site
from nhl_ops.league.server.faults_trees import Tree, objects

NEW_ID = 9999
NEW_MARKET = "player_zamboni_rides"
NEW_BOOK = "zamboni_book"
SIDE_KEY = re.compile(r"si([01])(:.+)")
BOOK_KEY = re.compile(r"(?P<before>si\d+:)?ms\d+(?P<after>:an\d+)?")
BET_KEY = re.compile(r"bt\d+")
PLAIN_ID = re.compile(r"\d+")
OTHER_NAME = {"Over": "Under", "Under": "Over", "Yes": "No", "No": "Yes", "H": "L", "L": "H"}


def swapped_sides(site: Site) -> int:
    return sum(_SWAPS[site.vendor](item) for item in list(objects(site.tree)))


def _swap_unabated(item: Tree) -> int:
    keys = {key: SIDE_KEY.fullmatch(key) for key in item}
    if not any(keys.values()):
        return 0
    turned = {f"si{1 - int(m[1])}{m[2]}" if m else key: item[key] for key, m in keys.items()}
    for key, side in turned.items():
        if isinstance(side, dict) and "sideIndex" in side:
            side["sideIndex"] = int(key[2])
    item.clear()
    item.update(turned)
    return 1


def _swap_outcome(item: Tree) -> int:
    swapped = {k: OTHER_NAME[item[k]] for k in ("name", "subType") if item.get(k) in OTHER_NAME}
    item.update(swapped)
    return int("name" in swapped)


def _swap_nhl(item: Tree) -> int:
    away, home = item.get("awayTeam"), item.get("homeTeam")
    if not (isinstance(away, dict) and isinstance(home, dict) and "odds" in away and "odds" in home):
        return 0
    away["odds"], home["odds"] = home["odds"], away["odds"]
    return 1


def _swap_oddsshark(item: Tree) -> int:
    changed = 0
    for one, other in (("home", "away"), ("overPrice", "underPrice")):
        if one in item and other in item:
            item[one], item[other] = item[other], item[one]
            changed = 1
    return changed


_SWAPS: dict[str, Callable[[Tree], int]] = {
    "UNABATED": _swap_unabated,
    "PLAYNOW": _swap_outcome,
    "ODDS_API": _swap_outcome,
    "NHL": _swap_nhl,
    "ODDSSHARK": _swap_oddsshark,
}


def new_market_label(site: Site) -> int:
    """Of OddsShark's game lines none has a label."""
    places = site.every(_labels(site.vendor, site.tree))
    for change in places:
        change()
    return len(places)


def _labels(vendor: str, tree: Any) -> Iterator[Callable[[], None]]:
    for item in objects(tree):
        if vendor == "UNABATED" and "marketSourceId" not in item and "betTypeId" in item:
            yield partial(item.update, betTypeId=NEW_ID)
        elif vendor == "UNABATED" and any(map(BET_KEY.fullmatch, item)):
            yield partial(_rename_first, item, BET_KEY, f"bt{NEW_ID}")
        elif vendor == "PLAYNOW" and "outcomes" in item:
            yield partial(item.update, name=f"{item['name']} per Zamboni Ride")
        elif vendor == "ODDS_API" and "outcomes" in item:
            yield partial(item.update, key=NEW_MARKET)
        elif vendor == "NHL" and {"description", "value"} <= item.keys():
            yield partial(item.update, description="MONEY_LINE_9_WAY")


def new_book(site: Site) -> int:
    """PlayNow and OddsShark's game lines are one book's, which no payload names."""
    places = site.every(_books(site.vendor, site.tree))
    for change in places:
        change()
    return len(places)


def _books(vendor: str, tree: Any) -> Iterator[Callable[[], None]]:
    for item in objects(tree):
        lines = item.get("marketSourceLines")
        if vendor == "UNABATED" and any(map(BOOK_KEY.fullmatch, item)):
            yield partial(_rename_first, item, BOOK_KEY, rf"\g<before>ms{NEW_ID}\g<after>")
        elif vendor == "UNABATED" and lines:
            yield partial(_rename_first, lines, PLAIN_ID, str(NEW_ID))
        elif vendor == "ODDS_API" and {"key", "markets"} <= item.keys():
            yield partial(item.update, key=NEW_BOOK, title="Zamboni Book")
        elif vendor == "NHL" and "providerId" in item:
            yield partial(item.update, providerId=NEW_ID)


def _rename_first(item: Tree, pattern: re.Pattern[str], new: str) -> None:
    """The first key that fits; lines under it name the new book or bet type, too, where they name any."""
    old = next(key for key in item if pattern.fullmatch(key))
    fresh = pattern.sub(new, old)
    renamed = {fresh if key == old else key: value for key, value in item.items()}
    item.clear()
    item.update(renamed)
    name = "betTypeId" if pattern is BET_KEY else "marketSourceId"
    for line in objects(item[fresh]):
        if name in line:
            line[name] = NEW_ID
