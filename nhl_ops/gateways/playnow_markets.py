"""Outcomes of a PlayNow event: quotes, or dead letters under the rule that they break."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from nhl_ops.gateways.drift import Defect, ShapeError
from nhl_ops.gateways.playnow_names import prop_market
from nhl_ops.gateways.playnow_outcomes import OWN, Market, OutcomePrices, closed_by, is_closed
from nhl_ops.gateways.quote_columns import Offers
from nhl_ops.gateways.quotes import QuoteSheet
from nhl_ops.gateways.wire import Node, id_text, text_or_none

NHL_COMPETITION = "220"
TEAM_SEPARATOR = " at "
SHARED = (
    "event_id_vendor", "start_time_utc", "home_team_raw", "away_team_raw", "is_live", "market", "market_raw",
    "book_id", "book_name", "player_id_vendor", "player_birth_date", "vendor_updated_at_utc", "version",
)  # fmt: skip
BOOK = ("playnow", "PlayNow", None, None, None, "")
"""The book, and what the vendor does not say: the last fields of SHARED."""


class _Event(NamedTuple):
    event_id: str
    start_us: int
    home: str | None
    away: str | None
    team_names: frozenset[str]
    is_live: bool


class EventReader:
    """Reads events into a sheet: `read` each of them, then `finish`."""

    def __init__(self, sheet: QuoteSheet) -> None:
        self.sheet = sheet
        self.offers = Offers(SHARED, OWN)
        self.outcomes = OutcomePrices()

    def finish(self) -> None:
        """Hand the quotes to the sheet."""
        self.sheet.accept_all(self.offers.fields())

    def read(self, event: Node) -> None:
        """Every outcome of the event: a quote or a dead letter. An event without markets holds none."""
        try:
            markets = list(event["markets"].each()) if event["markets"].value else []
        except ShapeError as problem:
            self.sheet.reject("malformed_event", str(problem), event.value)
            return
        shared = _or_defect(_event, event)
        for market in markets:
            self._read_market(shared, market)

    def _read_market(self, event: _Event | Defect, market: Node) -> None:
        try:
            outcomes = market["outcomes"]
            listed = outcomes.parts() if outcomes.value else []
        except ShapeError as problem:
            self.sheet.reject("malformed_market", str(problem), market.value)
            return
        offered = event if isinstance(event, Defect) else _or_defect(self._market, event, market)
        for place, outcome in listed:
            try:
                label = _label(outcomes, place, outcome)
                self.offers.prices += self.outcomes.price(offered, label, outcome)
            except (Defect, ShapeError) as problem:
                rule = problem.rule if isinstance(problem, Defect) else "malformed_outcome"
                path = outcomes.part(place, outcome).path
                detail = problem.at(path) if isinstance(problem, Defect) else str(problem)
                self.sheet.reject(rule, detail, {"market": market["name"].value, "outcome": outcome})

    def _market(self, event: _Event, market: Node) -> Market:
        name = market["name"].text()
        prop = prop_market(name, event.team_names)
        if prop is None:
            raise Defect("market_not_supported", "a market that is read", name, market["name"].path)
        if is_closed(market.value):
            raise Defect("market_suspended", "a market that takes bets", closed_by(market.value), market.path)
        number = self.offers.open(
            (
                event.event_id,
                event.start_us,
                event.home,
                event.away,
                event.is_live,
                prop.market.value,
                name,
                *BOOK,
            )
        )
        return Market(number, id_text(market["id"].value), market["handicapValue"].value, prop)


def _label(outcomes: Node, place: int | str, outcome: Any) -> str:
    name = outcome.get("name") if type(outcome) is dict else None
    label = name.strip() if type(name) is str else ""
    return label or outcomes.part(place, outcome)["name"].text()


def team_names(event: Node) -> tuple[str | None, str | None]:
    """(home, away) by the teams' side; without sides, from the event's name, `<away> at <home>`."""
    listed = event["teams"].value if isinstance(event["teams"].value, list) else []
    teams = [team for team in listed if isinstance(team, dict)]
    sides = {text_or_none(team.get("side")): text_or_none(team.get("name")) for team in teams}
    home, away = sides.get("HOME"), sides.get("AWAY")
    if home or away:
        return home, away
    left, separator, right = (text_or_none(event["name"].value) or "").partition(TEAM_SEPARATOR)
    return (right.strip(), left.strip()) if separator else (None, None)


def _or_defect(read: Any, *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except Defect as defect:
        return defect
    except ShapeError as problem:
        return Defect.of("malformed_event", problem)


def _event(event: Node) -> _Event:
    competition = id_text(event["competitionDrilldownTagId"].value)
    if competition not in {None, NHL_COMPETITION}:
        raise Defect(
            "other_competition", NHL_COMPETITION, competition, event["competitionDrilldownTagId"].path
        )
    if is_closed(event.value):
        raise Defect("event_closed", "an event that takes bets", closed_by(event.value), event.path)
    event_id = id_text(event["id"].value)
    if event_id is None:
        raise Defect("no_event_id", "an id", event["id"].value, event["id"].path)
    home, away = team_names(event)
    is_live = event["started"].value is True or event["liveNow"].value is True
    names = frozenset(name.lower() for name in (home, away, *_alternative_names(event)) if name)
    return _Event(event_id, event["startTime"].instant(), home, away, names, is_live)


def _alternative_names(event: Node) -> Iterable[str]:
    teams = event["teams"].value if isinstance(event["teams"].value, list) else []
    for team in teams:
        others = team.get("alternativeNames") if isinstance(team, dict) else None
        for other in others if isinstance(others, list) else []:
            if isinstance(other, dict) and isinstance(other.get("value"), str):
                yield other["value"]
