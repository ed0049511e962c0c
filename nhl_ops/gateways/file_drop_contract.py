"""The contract of a file of odds that a person drops: its columns, their other names, and its spellings.

One row is one price. docs/file_drops.md says the same to the operator. A second layout is known by its header:
daily props, a row a line with an over and an under price.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import process

from nhl_ops.domain.markets import Market, Side

LIKENESS = 72
"""Least likeness, of 100, at which a column of the file is suggested for a missing one."""


class DropError(ValueError):
    """A whole file cannot be used: what is wrong, and what to do."""

    def __init__(self, cause: str, next_step: str) -> None:
        super().__init__(f"{cause}. Next: {next_step}")
        self.cause = cause
        self.next_step = next_step


class Layout(StrEnum):
    ONE_PRICE = "one price a row"
    DAILY_PROPS = "daily props"
    DATED_PROPS = "daily props with Eastern dates"


@dataclass(frozen=True)
class Field:
    """One column. `aliases` are other names that count, the first of them that the file has."""

    name: str
    meaning: str
    example: str
    aliases: tuple[str, ...] = ()


FIELDS: tuple[Field, ...] = (
    Field("game_date", "Eastern date of the game", "2026-01-06", ("date", "game_day", "slate")),
    Field("start_time", "Start of the game, ISO time with its zone", "2026-01-07T00:00:00Z",
          ("start_time_utc", "commence_time", "event_start", "starts_at")),
    Field("home", "Home team: code or name", "NJD", ("home_team", "home_team_abbr", "home_name")),
    Field("away", "Away team: code or name", "CAR", ("away_team", "away_team_abbr", "away_name", "visitor")),
    Field("player", "Full name of the player", "Sebastian Aho",
          ("player_name", "full_name", "participant", "description")),
    Field("team", "The player's team", "CAR", ("player_team", "team_abbr")),
    Field("market", "What is counted", "POINTS", ("market_key", "prop", "prop_type", "stat", "bet_type")),
    Field("line", "Over wins above it; empty with yes or no is 0.5", "0.5",
          ("point", "points", "handicap", "total")),
    Field("side", "over, under, yes or no", "over", ("over_under", "selection", "outcome")),
    Field("book", "Who offers the price", "DraftKings",
          ("bookmaker", "sportsbook", "book_name", "bookmaker_key", "book_key")),
    Field("price", "Odds, in the form that price_format names", "-185", ("odds",)),
    Field("price_format", "american or decimal", "american", ("odds_format",)),
    Field("price_american", "American odds", "-185", ("american_odds", "odds_american", "american_price")),
    Field("price_decimal", "Decimal odds, stake included", "1.54",
          ("decimal_odds", "odds_decimal", "decimal_price")),
    Field("seen_at", "When the price was seen, ISO time with its zone", "2026-01-06T17:30:00Z",
          ("seen_at_utc", "captured_at", "captured_at_utc", "observed_at", "snapshot_time", "first_seen_at",
           "timestamp")),
    Field("updated_at", "The book's own time of the price, ISO time with its zone", "2026-01-06T17:29:12Z",
          ("last_update", "vendor_updated_at", "vendor_updated_at_utc", "modified_on")),
    Field("event_id", "The source's id of the game", "104900", ("event_id_vendor", "game_id")),
    Field("player_id", "The source's id of the player", "44999", ("player_id_vendor",)),
    Field("book_id", "The source's id of the book", "1", ("bookmaker_id", "sportsbook_id")),
    Field("position", "The player's position", "C", ("player_position",)),
    Field("birth_date", "The player's date of birth", "1997-07-26", ("date_of_birth", "player_birth_date")),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}

REQUIRED: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("game_date",), ("start_time",)),
    (("home",),),
    (("away",),),
    (("player",),),
    (("market",),),
    (("line",),),
    (("side",),),
    (("book",),),
    (("price", "price_format"), ("price_american",), ("price_decimal",)),
    (("seen_at",),),
)
"""Every entry needs one of its alternatives, each a set of columns."""

DAILY_PROPS: dict[str, str] = {
    "date": "game_date",
    "player_id": "player_id",
    "player_name": "player",
    "team": "team",
    "market": "market",
    "line": "line",
    "over_price": "over_price",
    "under_price": "under_price",
    "book": "book",
    "first_seen_at": "seen_at",
    "last_seen_at": "last_seen_at",
    "is_current": "is_current",
}
"""Header of the daily props layout (all of these names), and what each column is here."""
DATED_PROPS = {"game_date" if name == "date" else name: field for name, field in DAILY_PROPS.items()}
"""The same, by whoever knows that its dates are the games' Eastern dates."""
PROPS = {Layout.DAILY_PROPS: DAILY_PROPS, Layout.DATED_PROPS: DATED_PROPS}

SIDES = {"over": Side.OVER, "o": Side.OVER, "under": Side.UNDER, "u": Side.UNDER}
AT_LEAST_ONE = {"yes": Side.OVER, "y": Side.OVER, "no": Side.UNDER, "n": Side.UNDER}
PRICE_FORMATS = {"american": "american", "us": "american", "decimal": "decimal", "eu": "decimal"}

MARKETS: dict[str, Market] = {
    "goals": Market.GOALS,
    "goal scorer": Market.GOALS,
    "goal scorer anytime": Market.GOALS,
    "anytime goal scorer": Market.GOALS,
    "anytime goalscorer": Market.GOALS,
    "assists": Market.ASSISTS,
    "points": Market.POINTS,
    "sog": Market.SOG,
    "shots": Market.SOG,
    "shots on goal": Market.SOG,
    "blocks": Market.BLOCKS,
    "blocked shots": Market.BLOCKS,
    "saves": Market.SAVES,
    "total saves": Market.SAVES,
    "goalie saves": Market.SAVES,
}
"""Spellings in lower case, words apart by one space, without `player` in front and `alternate` behind."""

_GAPS = re.compile(r"[\s_.\-]+")


@dataclass(frozen=True)
class Columns:
    """Where a file has which column. positions: by the contract's name. ignored: header cells not read."""

    layout: Layout
    positions: dict[str, int]
    ignored: tuple[str, ...]

    def header(self) -> list[str]:
        """Names, in the order of `positions`, under which the same columns are found again."""
        return list(PROPS.get(self.layout, self.positions))


def columns_of(header: Sequence[str]) -> Columns:
    """The columns of a file by its header cells, in any case and order.

    Raises DropError when one is missing, naming the likeliest cell, or when one that is read stands twice.
    """
    names = [normal(cell).replace(" ", "_") for cell in header]
    layout = next((props for props, known in PROPS.items() if set(known) <= set(names)), Layout.ONE_PRICE)
    if layout in PROPS:
        taken = {field: name for name, field in PROPS[layout].items()}
    else:
        taken = dict(_taken(names))
        _check_complete(taken, header, names)
    twice = sorted(name for name in taken.values() if names.count(name) > 1)
    if twice:
        raise DropError(f"the header has {', '.join(twice)} twice", "rename or remove one of the two columns")
    positions = {field: names.index(name) for field, name in taken.items()}
    unread = set(range(len(names))) - set(positions.values())
    return Columns(layout, positions, tuple(header[i] for i in sorted(unread)))


def market_of(text: str) -> tuple[Market, bool] | None:
    """The market of a spelling and whether it says alternate; None if it is no market of this house."""
    words = normal(text).removeprefix("player ")
    base = words.removesuffix(" alternate")
    market = MARKETS.get(base)
    return (market, base != words) if market else None


def template() -> list[str]:
    """The header of an empty file: the price with its format, and every optional column."""
    return [field.name for field in FIELDS if field.name not in ("price_american", "price_decimal")]


def normal(text: str) -> str:
    """Lower case, words apart by one space."""
    return _GAPS.sub(" ", text.casefold()).strip()


def _taken(names: Sequence[str]) -> Iterable[tuple[str, str]]:
    for field in FIELDS:
        found = next((name for name in (field.name, *field.aliases) if name in names), None)
        if found:
            yield field.name, found


def _check_complete(taken: dict[str, str], header: Sequence[str], names: Sequence[str]) -> None:
    lacking = [
        options for options in REQUIRED if not any(all(n in taken for n in option) for option in options)
    ]
    if not lacking:
        return
    spare = {name: cell for name, cell in zip(names, header, strict=True) if name not in taken.values()}
    wanted = "; ".join(_wanted(options, taken, spare) for options in lacking)
    shown = ", ".join(repr(cell[:40]) for cell in header[:20]) + (", ..." if len(header) > 20 else "")
    raise DropError(
        f"missing in the header: {wanted}. It has {len(header)} columns: {shown}",
        "rename or add the columns; `nhl-ops drops template --out FILE.csv` writes a header that fits",
    )


def _wanted(options: Sequence[Sequence[str]], taken: dict[str, str], spare: dict[str, str]) -> str:
    text = " or ".join(" with ".join(option) for option in options)
    for name in (name for option in options for name in option if name not in taken):
        for known in (name, *BY_NAME[name].aliases):
            near = process.extractOne(known, spare.keys(), score_cutoff=LIKENESS)
            if near:
                return f"{text} (is {spare[near[0]][:40]!r} meant for {name}?)"
    return text
