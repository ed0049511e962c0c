"""Prices of a dropped file as quotes, or as dead letters under the first rule that they break.

The vendor's event of a quote is one book's prices of one player and market in one game: that is what a later
pass replaces. A file that lists one book, or one market, says nothing of the others.
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nhl_ops.gateways import file_drop_cells as cells
from nhl_ops.gateways.drift import Told, rejected
from nhl_ops.gateways.file_drop_cells import Fault, Game
from nhl_ops.gateways.file_drop_contract import Layout, normal
from nhl_ops.gateways.file_drop_rows import Answers, Ints, Objects, Prices, answers
from nhl_ops.gateways.quote_columns import values_of
from nhl_ops.gateways.quotes import QuoteSheet
from nhl_ops.gateways.vendor import Rejected
from nhl_ops.gateways.wire import eastern_day

SUPERSEDED = Fault(
    "superseded_in_payload",
    "price",
    "one of a player, market, line, side and book in a pass",
    Told("an earlier one than the same pass has"),
)
OPTIONAL = ("team", "position", "event_id")
IDS = ("player_id", "book_id")


@dataclass(frozen=True)
class Reading:
    """Every price of a file: `fields` has the columns of Quote, as lists, for the prices without a fault."""

    prices: Prices
    faults: Objects
    fields: dict[str, list[Any]]

    @property
    def accepted(self) -> int:
        return len(self.fields["side"])

    def day_before(self) -> int:
        """Prices whose game is taken to be of the day before their date: daily props do not say which date it is."""
        if self.prices.layout is not Layout.DAILY_PROPS:
            return 0
        dates = _texts(self.prices, "game_date", np.flatnonzero(pd.isna(self.faults)))
        days = [eastern_day(us) for us in self.fields["start_time_utc"]]
        return sum(not date.startswith(day) for date, day in zip(dates, days, strict=True))

    def rules(self) -> Counter[str]:
        """Prices by the rule that they break."""
        return Counter(fault.rule for fault in self.faults if fault is not None)

    def letters(self) -> list[Rejected]:
        """The dead letters, in the order of the file."""
        return letters(self.prices, self.faults, np.flatnonzero(~pd.isna(self.faults)))

    def first_letters(self) -> list[Rejected]:
        """The first dead letter of each rule."""
        firsts: dict[str, int] = {}
        for position in np.flatnonzero(~pd.isna(self.faults)):
            firsts.setdefault(self.faults[position].rule, int(position))
        return letters(self.prices, self.faults, np.array(list(firsts.values()), dtype=np.int64))

    def fill(self, sheet: QuoteSheet) -> None:
        """Hand every price to the sheet."""
        sheet.accept_all({name: values_of(name, each) for name, each in self.fields.items()})
        sheet.rejected.extend(self.letters())


def letters(prices: Prices, faults: Objects, positions: Ints) -> list[Rejected]:
    """Dead letters of the prices at `positions`, which have faults."""
    return [
        rejected(faults[i].rule, faults[i].at(prices.rows[i]), sample)
        for i, sample in zip(positions, prices.samples(positions), strict=True)
    ]


def read_prices(prices: Prices, seen: Answers, pass_no: Ints) -> Reading:
    """Every price, read. seen: of `seen_at`. pass_no: the pass of each price (`passes`)."""
    parts = {"seen_at": seen, **_parts(prices)}
    faults = np.full(len(prices), None, dtype=object)
    for part in parts.values():
        if part.has_faults:
            is_open = pd.isna(faults)
            faults[is_open] = part.faults[is_open]
    fit = np.flatnonzero(pd.isna(faults))
    fields = _fields(prices, {name: part.values[fit].tolist() for name, part in parts.items()}, fit)
    is_late = _is_superseded(fields, parts["seen_at"].values[fit].astype(np.int64), pass_no[fit])
    faults[fit[is_late]] = [SUPERSEDED] * int(is_late.sum())
    if is_late.any():
        fields = {name: list(compress(values, ~is_late)) for name, values in fields.items()}
    return Reading(prices, faults, fields)


def _parts(prices: Prices) -> dict[str, Answers]:
    """Answers of every reader, in the order in which faults count."""
    column = prices.column
    needed = {"player": "no_player_name", "book": "no_book"}
    if prices.layout is Layout.DAILY_PROPS:
        games = answers(cells.daily_props_game, column("game_date"), column("seen_at"))
    else:
        games = answers(cells.game, column("game_date"), column("start_time"))
    if prices.layout is Layout.ONE_PRICE:
        needed |= {"home": "no_team", "away": "no_team"}
    price = (column(name) for name in ("price", "price_format", "price_american", "price_decimal"))
    return {
        "game": games,
        **{n: answers(partial(cells.words, column=n, rule=rule), column(n)) for n, rule in needed.items()},
        "prop": answers(cells.prop, column("market")),
        "offer": answers(cells.offer, column("line"), column("side")),
        "price": answers(cells.price, *price),
        "updated_at": answers(cells.updated, column("updated_at")),
        "birth_date": answers(cells.birth_date, column("birth_date")),
        **{n: answers(partial(cells.free_text, column=n), column(n)) for n in OPTIONAL},
        **{n: answers(partial(cells.vendor_id, column=n), column(n)) for n in IDS},
    }


def _fields(prices: Prices, part: dict[str, list[Any]], fit: Ints) -> dict[str, list[Any]]:
    """The columns of Quote for the prices at `fit`; part: values of those prices by reader."""
    count = len(fit)
    nobody: list[str | None] = [None] * count
    home, away = part.get("home", nobody), part.get("away", nobody)
    games = list(map(_game_text, part["game"], home, away, part["event_id"]))
    who = [number or name for number, name in zip(part["player_id"], part["player"], strict=True)]
    markets = [prop.market for prop in part["prop"]]
    offered = [f"{g} | {w} | {m}" for g, w, m in zip(games, who, markets, strict=True)]
    key = {name: normal(name) for name in set(part["book"])}
    books = [number or key[name] for number, name in zip(part["book_id"], part["book"], strict=True)]
    return {
        "event_id_vendor": [f"{o} | {b}" for o, b in zip(offered, books, strict=True)],
        "start_time_utc": [game.start_us for game in part["game"]],
        "home_team_raw": home,
        "away_team_raw": away,
        "player_id_vendor": _or_none(part["player_id"]),
        "player_name_raw": part["player"],
        "player_team_raw": _or_none(part["team"]),
        "player_position_raw": _or_none(part["position"]),
        "player_birth_date": part["birth_date"],
        "market": markets,
        "market_raw": _texts(prices, "market", fit),
        "market_id_vendor": offered,
        "line": [offer.line for offer in part["offer"]],
        "side": [offer.side for offer in part["offer"]],
        "book_id": books,
        "book_name": part["book"],
        "price_american": [price.american for price in part["price"]],
        "price_decimal": [price.decimal for price in part["price"]],
        "is_live": [_is_live(*pair) for pair in zip(part["game"], part["seen_at"], strict=True)],
        "is_alternate": [prop.is_alternate for prop in part["prop"]],
        "vendor_updated_at_utc": [
            at if told is None else told for at, told in zip(part["seen_at"], part["updated_at"], strict=True)
        ],
        "version": _texts(prices, "updated_at", fit),
    }


def _is_superseded(fields: dict[str, list[Any]], seen: Ints, pass_no: Ints) -> NDArray[np.bool_]:
    """Whether a later row of the pass has the same offer at another price; of one instant the last row counts."""
    offers = pd.DataFrame({name: fields[name] for name in ("event_id_vendor", "line", "side")})
    offers["pass_no"] = pass_no
    is_late = np.zeros(len(offers), dtype=bool)
    several = np.flatnonzero(offers.duplicated(keep=False))
    if len(several):
        key = offers.columns.tolist()
        prices = np.array(fields["price_decimal"])[several]
        found = offers.iloc[several].assign(price=prices, seen=seen[several])
        last = found.sort_values("seen", kind="stable").groupby(key)["price"].transform("last")
        is_late[several] = (found["price"] != last.reindex(found.index)).to_numpy()
    return is_late


def _game_text(game: Game, home: str | None, away: str | None, event_id: str) -> str:
    teams = f" {away} at {home}" if home and away else ""
    return f"{game.day}{teams}{' ' + event_id if event_id else ''}"


def _is_live(game: Game, seen_us: int) -> bool:
    return not game.is_nominal and seen_us >= game.start_us


def _or_none(texts: list[str]) -> list[str | None]:
    return [text or None for text in texts]


def _texts(prices: Prices, name: str, positions: Ints) -> list[str]:
    column = prices.column(name)
    return [column.values[code] for code in column.codes[positions]]
