"""Finding things in a vendor's parsed JSON: prices, lines, rows, events and the names of people."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from nhl_ops.league.server.faults_formats import Format
from nhl_ops.league.server.playnow_names import read_market_name

Tree = dict[str, Any]
NAME_KEYS = frozenset(
    {"name", "eventName", "firstName", "lastName", "default", "description", "display_name"}
)
ACCENTS = str.maketrans("aeo", "áéó")
TEXT_NODE = re.compile(r">([^<>]+)<")
FULL_NAMES = ("skaterFullName", "goalieFullName")


@dataclass(frozen=True)
class NameSlot:
    """A place where a person's name stands; `write` puts another there."""

    name: str
    write: Callable[[str], None]


def objects(tree: Any) -> Iterator[Tree]:
    """Every object, outer ones first."""
    if isinstance(tree, dict):
        yield tree
    for child in _children(tree):
        yield from objects(child)


def holders(tree: Any, keys: frozenset[str]) -> Iterator[Tree]:
    """Objects with a value under one of the keys."""
    for item in objects(tree):
        if any(item.get(key) is not None and not isinstance(item[key], dict | list) for key in keys):
            yield item


def outer_holders(tree: Any, keys: frozenset[str]) -> Iterator[Tree]:
    """Those of the holders that stand in no other holder."""
    if isinstance(tree, dict) and next(holders({k: tree.get(k) for k in keys}, keys), None):
        yield tree
        return
    for child in _children(tree):
        yield from outer_holders(child, keys)


def prices(tree: Any, form: Format) -> Iterator[Tree]:
    """Objects with a price; NHL's `value` is one beside a partner or a market."""
    for item in holders(tree, form.prices):
        if "value" not in form.prices or {"providerId", "description"} & item.keys():
            yield item


def row_groups(tree: Any, form: Format) -> Iterator[Tree | list[Any]]:
    """The outermost lists (Unabated's form B: objects) that hold one row each element."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            is_rows = isinstance(value, dict | list) and form.rows.fullmatch(key)
            if is_rows and all(isinstance(row, dict) for row in _children(value)):
                yield value
            else:
                yield from row_groups(value, form)
    elif isinstance(tree, list):
        for value in tree:
            yield from row_groups(value, form)


def event_groups(tree: Any, form: Format) -> Iterator[Tree | list[Any]]:
    """Lists and objects whose elements are events, or rows that name their event's start."""
    children = list(_children(tree))
    events = [c for c in children if isinstance(c, dict) and form.starts & c.keys()]
    if events and len(events) == len(children):
        yield tree
        return
    for child in children:
        yield from event_groups(child, form)


def name_slots(tree: Any, vendor: str) -> Iterator[NameSlot]:
    """Where people are named. OddsShark's game lines name teams only: those are its slots."""
    for item in objects(tree):
        yield from _SLOTS[vendor](item)


def accented(body: bytes) -> bytes:
    """A JSON document, or a page, whose names have accents."""
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError:
        return TEXT_NODE.sub(lambda m: f">{m[1].translate(ACCENTS)}<", body.decode()).encode()
    for item in objects(tree):
        item.update(
            {k: v.translate(ACCENTS) for k, v in item.items() if k in NAME_KEYS and isinstance(v, str)}
        )
    return orjson.dumps(tree)


def _children(tree: Any) -> Iterator[Any]:
    if isinstance(tree, dict):
        yield from tree.values()
    elif isinstance(tree, list):
        yield from tree


def _nhl_slots(item: Tree) -> Iterator[NameSlot]:
    first, last = item.get("firstName"), item.get("lastName")
    if isinstance(first, dict) and isinstance(last, dict):
        yield _two_parts(first, last, ("default", "default"))
    for key in FULL_NAMES:
        if isinstance(item.get(key), str):
            yield _whole(item, key)
    if "playerId" in item and isinstance(item.get("name"), dict):
        yield _whole(item["name"], "default")


def _unabated_slots(item: Tree) -> Iterator[NameSlot]:
    if isinstance(item.get("firstName"), str) and isinstance(item.get("lastName"), str):
        yield _two_parts(item, item, ("firstName", "lastName"))


def _playnow_slots(item: Tree) -> Iterator[NameSlot]:
    """A market's name starts with its player; where it has none, its outcomes are players."""
    if "outcomes" not in item or not isinstance(item.get("name"), str):
        return
    market = read_market_name(item["name"])
    if market is not None and market.player is not None:
        rest = item["name"].removeprefix(market.player)
        yield NameSlot(market.player, lambda new: item.update(name=new + rest))
    elif market is not None:
        yield from (_whole(outcome, "name") for outcome in item["outcomes"])


def _oddsshark_slots(item: Tree) -> Iterator[NameSlot]:
    yield from (_whole(item, key) for key in ("name", "display_name") if isinstance(item.get(key), str))


def _odds_api_slots(item: Tree) -> Iterator[NameSlot]:
    if isinstance(item.get("description"), str):
        yield _whole(item, "description")


def _whole(item: Tree, key: str) -> NameSlot:
    return NameSlot(item[key], lambda new: item.update({key: new}))


def _two_parts(first: Tree, last: Tree, keys: tuple[str, str]) -> NameSlot:
    def write(new: str) -> None:
        first[keys[0]], _, last[keys[1]] = new.partition(" ")

    return NameSlot(f"{first.get(keys[0])} {last.get(keys[1])}", write)


_SLOTS: dict[str, Callable[[Tree], Iterator[NameSlot]]] = {
    "NHL": _nhl_slots,
    "UNABATED": _unabated_slots,
    "PLAYNOW": _playnow_slots,
    "ODDSSHARK": _oddsshark_slots,
    "ODDS_API": _odds_api_slots,
}
