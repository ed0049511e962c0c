"""Faults of the content: the true body, parsed, changed where the vendor's format keeps the thing, and sent on."""

import re
from copy import deepcopy
from datetime import datetime
from itertools import cycle
from typing import Any

import orjson

from nhl_ops.league.server.faults_events import placeholder_events, started_events
from nhl_ops.league.server.faults_exchange import Act, Exchange, Fault, FaultOptions
from nhl_ops.league.server.faults_labels import new_book, new_market_label, swapped_sides
from nhl_ops.league.server.faults_names import HOSTILE_NAMES, UNKNOWN_PEOPLE
from nhl_ops.league.server.faults_page import changed_page
from nhl_ops.league.server.faults_site import Mutation, Site
from nhl_ops.league.server.faults_trees import Tree, name_slots, objects, outer_holders, prices, row_groups

AWKWARD_PRICES = {"price_0": 0, "price_50": 50, "price_minus_99": -99, "price_99900": 99900}
QUARTER_LINE = 2.25
OTHER_PRICE = 1234
NUMBER = re.compile(r"\d+(\.\d+)?")
LAST_NUMBER = re.compile(r"\d+\.\d$")
ID_KEY = re.compile(r"id|\w+(Id|ID)")
NOT_JSON = ("NaN", "Infinity", "-Infinity")
TWICE, BARE = "\x00", "\x00bare "
EVERY = frozenset({"every"})


def mutated_body(
    kind: str, vendor: str, body: bytes, options: FaultOptions, now: datetime
) -> tuple[bytes, int]:
    """A vendor's body, JSON or page, with the fault, and the number of places that it changed; none: the same body."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return changed_page(kind, body, options)
    site = Site(orjson.loads(body), vendor, options, now)
    _, change, _ = MUTATIONS[kind]
    count = change(site)
    return (_rendered(site.tree), count) if count else (body, 0)


def _act(kind: str) -> Act:
    async def act(exchange: Exchange) -> bool:
        answer = await exchange.true_answer()
        body, count = answer.body, 0
        if answer.status == 200:
            body, count = mutated_body(kind, exchange.vendor, body, exchange.options, exchange.now)
        await exchange.reply(answer.with_body(body) if count else answer)
        return bool(count)

    return act


def _rendered(tree: Any) -> bytes:
    """JSON; marked keys become a second spelling of the same key, marked texts bare tokens."""
    text = orjson.dumps(tree)
    text = re.sub(rb'"\\u0000bare ([^"]+)"', rb"\1", text)
    return text.replace(rb'\u0000":', b'":')


def price(value: int) -> Mutation:
    """The same number as a decimal price, with its fraction, where the vendor writes decimal prices."""

    def change(site: Site) -> int:
        places = site.every(prices(site.tree, site.form))
        for item in places:
            for key in site.form.prices & item.keys():
                item[key] = str(value) if isinstance(item[key], str) else value
            if "numerator" in item:
                item |= {"numerator": value - 1, "denominator": 1}
        return len(places)

    return change


def quarter_lines(site: Site) -> int:
    """All of an offer's lines, in its name, too."""
    places = site.every(outer_holders(site.tree, site.form.lines))
    for place in places:
        for item in objects(place):
            for key in site.form.lines & item.keys():
                item[key] = _with_line(item[key])
            if isinstance(item.get("name"), str):
                item["name"] = LAST_NUMBER.sub(str(QUARTER_LINE), item["name"])
    return len(places)


def _with_line(value: Any) -> Any:
    if isinstance(value, str):
        return NUMBER.sub(str(QUARTER_LINE), value)
    return value if value is None else QUARTER_LINE


def ids_as(wanted: type[str] | type[int]) -> Mutation:
    def change(site: Site) -> int:
        changed = 0
        for item in objects(site.tree):
            for key in filter(ID_KEY.fullmatch, list(item)):
                value = item[key]
                fits = type(value) is int if wanted is str else isinstance(value, str) and value.isdecimal()
                if fits:
                    item[key] = wanted(value)
                    changed += 1
        return changed

    return change


def renamed_field(site: Site) -> int:
    keys = site.form.prices if site.options.field is None else frozenset({site.options.field})
    found = [item for item in objects(site.tree) if keys & item.keys()]
    for item in found:
        renamed = {f"{key}V2" if key in keys else key: value for key, value in item.items()}
        item.clear()
        item.update(renamed)
    return len(found)


def duplicate_rows(site: Site) -> int:
    """A row more for each so-many-th; where rows are an object's values, under another key."""
    count = 0
    for rows in row_groups(site.tree, site.form):
        if isinstance(rows, list):
            copies = deepcopy(site.every(rows))
            rows.extend(copies)
        else:
            copies = site.every(list(rows.items()))
            rows.update({f"{key}:again": row for key, row in copies})
        count += len(copies)
    return count


def duplicate_keys(site: Site) -> int:
    """Every price twice in its object: first another number, last the true one."""
    places = site.every(prices(site.tree, site.form))
    for item in places:
        doubled: Tree = {}
        for key, value in item.items():
            if key in site.form.prices:
                doubled[key + TWICE] = OTHER_PRICE
            doubled[key] = value
        item.clear()
        item.update(doubled)
    return len(places)


def not_numbers(site: Site) -> int:
    places = site.every(prices(site.tree, site.form))
    for item, token in zip(places, cycle(NOT_JSON), strict=False):
        item.update(dict.fromkeys(site.form.prices & item.keys(), BARE + token))
    return len(places)


def names(others: tuple[str, ...]) -> Mutation:
    """Each so-many-th person gets another name, the same wherever the person stands."""

    def change(site: Site) -> int:
        slots = list(name_slots(site.tree, site.vendor))
        people = site.every(dict.fromkeys(slot.name for slot in slots))
        new = dict(zip(people, cycle(others), strict=False))
        for slot in slots:
            slot.write(new.get(slot.name, slot.name))
        return len(people)

    return change


_ALL = frozenset[str]()
MUTATIONS: dict[str, tuple[str, Mutation, frozenset[str]]] = {
    **{kind: (f"Prices of {value}.", price(value), EVERY) for kind, value in AWKWARD_PRICES.items()},
    "line_2_25": (f"Lines of {QUARTER_LINE}.", quarter_lines, EVERY),
    "ids_as_strings": ("All ids that are numbers, as texts.", ids_as(str), _ALL),
    "ids_as_ints": ("All ids that are texts of digits, as numbers.", ids_as(int), _ALL),
    "swapped_sides": ("Over and under, or home and away, the other way round.", swapped_sides, _ALL),
    "renamed_field": (
        "The keys of prices, or `field`, get another name.",
        renamed_field,
        frozenset({"field"}),
    ),
    "new_market_label": ("Markets under a label that is not known.", new_market_label, EVERY),
    "new_book": ("Prices of a book that is not known.", new_book, EVERY),
    "unknown_player": ("Players whom nobody knows.", names(UNKNOWN_PEOPLE), EVERY),
    "hostile_names": (
        "Names with quotes, markup, formulas, emoji, bidi marks, SQL and paths.",
        names(HOSTILE_NAMES),
        EVERY,
    ),
    "duplicate_rows": ("Rows that come twice.", duplicate_rows, EVERY),
    "duplicate_keys": (
        f"Objects that have the key of a price twice: {OTHER_PRICE}, then the true price.",
        duplicate_keys,
        EVERY,
    ),
    "nan_and_infinity": ("NaN, Infinity and -Infinity as prices, which no JSON has.", not_numbers, EVERY),
    "placeholder_events": (
        "Tomorrow's placeholders: the same matchup a day later under other ids, with one row.",
        placeholder_events,
        EVERY,
    ),
    "live_prices": (
        "Events that began half an hour ago by the vendor's word, marked as live, their prices dated now.",
        started_events,
        EVERY,
    ),
}
"""Kind -> description, change, options. Where a kind has no meaning in a body, the true one passes."""
MUTATION_FAULTS = {kind: Fault(told, _act(kind), taken) for kind, (told, _, taken) in MUTATIONS.items()}
