"""OddsShark's scores of a date: one moneyline, puck line and total a game, of a book that it does not name.

Facts of the format: `date` is a start in epoch seconds; a field is null, or a text without a number, until the
line opens, which is no price and no fault; the body may be empty or no JSON, which is a contract failure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from nhl_ops.domain.game_lines import GameMarket, Outcome
from nhl_ops.domain.odds import is_line
from nhl_ops.gateways.drift import ShapeError, Told, broken, shown
from nhl_ops.gateways.game_lines import (
    Book,
    Defect,
    GameEvent,
    GameLine,
    GameLineRule,
    GameLineSheet,
    Offer,
    american_price,
    number_of,
)
from nhl_ops.gateways.vendor import Parsed, Payload, VendorRequest
from nhl_ops.gateways.wire import Node, eastern_day, id_text, load, microseconds, text_or_none

SCORES = "oddsshark_scores"
SITE_HEADERS = {"Referer": "https://www.oddsshark.com/nhl/scores"}
BOOK = Book("oddsshark", "OddsShark (book not named)")
NOT_OFFERED = frozenset({"", "-", "--", "off", "n/a", "na", "null", "none", "tbd"})
EPOCH_SECONDS = range(1_000_000_000, 4_000_000_000)
"""2001 to 2096: excludes epoch milliseconds."""
NAMES = ("display_name", "abbreviation", "name")


@dataclass(frozen=True)
class OddsSharkScores:
    """Requests to OddsShark. base_url: of the site."""

    base_url: str

    def scores(self, day: date, endpoint: str = SCORES) -> VendorRequest:
        """All games of a date with their lines."""
        url = f"{self.base_url.rstrip('/')}/api/scores/nhl/{day.isoformat()}"
        return VendorRequest(endpoint, url, {"_format": "json"}, headers=SITE_HEADERS)


class _Field(NamedTuple):
    """Where a price and its line stand: the team they belong to (none for the game's own) and the keys."""

    team: str | None
    price: str
    line: str | None
    market: GameMarket
    outcome: Outcome


FIELDS = (
    *(
        _Field(team, "moneyLine", None, GameMarket.MONEYLINE, outcome)
        for team, outcome in (("away", Outcome.AWAY), ("home", Outcome.HOME))
    ),
    *(
        _Field(team, "spreadPrice", "spread", GameMarket.PUCK_LINE, outcome)
        for team, outcome in (("away", Outcome.AWAY), ("home", Outcome.HOME))
    ),
    _Field(None, "overPrice", "total", GameMarket.TOTAL, Outcome.OVER),
    _Field(None, "underPrice", "total", GameMarket.TOTAL, Outcome.UNDER),
)


def parse_scores(payload: Payload) -> Parsed:
    """Lines of a date's games in the columns of RAW_GAME_LINES. Raises VendorContract for no such document."""
    sheet = GameLineSheet(payload, SCORES)
    try:
        games = list(load(payload)["scores"].each())
    except ShapeError as problem:
        raise broken(payload, problem) from None
    for game in games:
        _read_game(sheet, game)
    return sheet.parsed()


def _read_game(sheet: GameLineSheet, game: Node) -> None:
    prices: list[tuple[_Field, Node, Node]] = []
    problem: ShapeError | None = None
    for offered in FIELDS:
        try:
            holder = game["teams"][offered.team] if offered.team else game
            found = (offered, holder[offered.price], holder[offered.line] if offered.line else Node(None))
        except ShapeError as error:
            problem = problem or error
            continue
        if not _is_missing(found[1].value):
            prices.append(found)
    if problem is not None:
        sheet.reject(GameLineRule.MALFORMED_EVENT, str(problem), game.value)
    try:
        event = _event(game, microseconds(sheet.payload.captured_at_utc))
        spreads = _spreads(game)
    except ShapeError as error:
        for _, price, _ in prices:
            sheet.reject(GameLineRule.MALFORMED_EVENT, str(error), {"price": price.value, "path": price.path})
        return
    for offered, price, line in prices:
        try:
            sheet.accept(GameLine(event, BOOK, _offer(offered, price, line, spreads)))
        except Defect as defect:
            sample = {"event": event.event_id_vendor, "price": price.value, "line": line.value}
            sheet.reject(defect.rule, defect.at(price.path), sample)


def _offer(offered: _Field, price: Node, line: Node, spreads: Mapping[str, float | None]) -> Offer:
    points = number_of(line.value)
    if offered.line and _is_missing(line.value):
        raise Defect(GameLineRule.NO_LINE, f"the line of {offered.price}", line.value, line.path)
    if offered.market is GameMarket.TOTAL and not (is_line(points) and points):
        raise Defect(GameLineRule.BAD_LINE, "a total of whole or half goals", line.value, line.path)
    if offered.market is GameMarket.PUCK_LINE:
        if points is None or points == 0 or not is_line(abs(points)):
            raise Defect(GameLineRule.BAD_LINE, "a spread of whole or half goals", line.value, line.path)
        home, away = spreads["home"], spreads["away"]
        if home is not None and away is not None and home != -away:
            spreads = Told(f"{home:+g} home and {away:+g} away")
            raise Defect(
                GameLineRule.LINE_CONFLICT, "the spread of the other team reversed", spreads, line.path
            )
    raw = offered.price if points is None else f"{offered.price} {points:g}"
    return Offer(offered.market, raw, offered.outcome, points, american_price(price))


def _spreads(game: Node) -> dict[str, float | None]:
    return {team: number_of(game["teams"][team]["spread"].value) for team in ("home", "away")}


def _event(game: Node, captured_us: int) -> GameEvent:
    event_id, seconds = id_text(game["id"].value), game["date"].integer()
    if event_id is None:
        raise ShapeError(game["id"].path, "an id", game["id"].value)
    if seconds not in EPOCH_SECONDS:
        raise ShapeError(game["date"].path, "epoch seconds of 2001 to 2096", seconds)
    start = seconds * 1_000_000
    home, away = _team(game["teams"]["home"]["names"]), _team(game["teams"]["away"]["names"])
    return GameEvent(eastern_day(start), event_id, None, start, home, away, captured_us >= start)


def _team(names: Node) -> str:
    sent = [names[key].value for key in NAMES]
    found = next(filter(None, map(text_or_none, sent)), None)
    if found is None:
        raise ShapeError(
            names.path,
            f"a text under {', '.join(NAMES[:-1])} or {NAMES[-1]}",
            Told(" and ".join(map(shown, sent))),
        )
    return found


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in NOT_OFFERED)
