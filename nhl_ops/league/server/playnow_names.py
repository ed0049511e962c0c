"""Market names of PlayNow: written by the server, read from recorded event pages."""

import re
from dataclasses import dataclass

from nhl_ops.domain.markets import Market

POWER_PLAY_POINTS = "POWER_PLAY_POINTS"
FIRST_GOAL = "FIRST_GOAL"
LAST_GOAL = "LAST_GOAL"
FIRST_PERIOD_LAST_GOAL = "FIRST_PERIOD_LAST_GOAL"

_TOTALS = {
    Market.POINTS: "Points",
    Market.ASSISTS: "Assists",
    POWER_PLAY_POINTS: "Powerplay Points",
    Market.SOG: "Shots On Goal",
    Market.SAVES: "Saves",
    Market.BLOCKS: "Blocked Shots",
}
_SCORERS = {
    FIRST_GOAL: "First Goalscorer",
    LAST_GOAL: "Last Goalscorer",
    FIRST_PERIOD_LAST_GOAL: "1st Period Last Goalscorer",
}
LADDER_TOTAL = "Shots on Goal"
"""The ladder of shots is spelt with a small o; with a capital one it is an over/under."""

_GOALS = re.compile(r"Player (\d)\+ Goals")
_TOTAL = re.compile(r"(?P<player>.+) Total (?P<what>[A-Za-z ]+?)(?: (?P<line>\d+\.\d))?")
_SCORER = re.compile(r"(?P<team>.+?) (?P<what>First Goalscorer|Last Goalscorer|1st Period Last ?Goalscorer)")


@dataclass(frozen=True)
class NamedMarket:
    """What a market name says. `line` is null where only the handicap or the outcome ("2+") tells it."""

    market: str
    player: str | None = None
    team: str | None = None
    line: float | None = None


def read_market_name(name: str) -> NamedMarket | None:
    """The market behind a name on an event page; None for a name that is not known."""
    if found := _GOALS.fullmatch(name):
        return NamedMarket(Market.GOALS, line=int(found[1]) - 0.5)
    if found := _SCORER.fullmatch(name):
        what = found["what"].replace("LastGoalscorer", "Last Goalscorer")
        return NamedMarket(next(m for m, label in _SCORERS.items() if label == what), team=found["team"])
    found = _TOTAL.fullmatch(name)
    if not found:
        return None
    labels = {label.casefold(): market for market, label in _TOTALS.items()} | {"blocks": Market.BLOCKS}
    market = labels.get(found["what"].casefold())
    line = float(found["line"]) if found["line"] else None
    return NamedMarket(market, player=found["player"], line=line) if market else None


def market_name(market: str, player: str, line: float, team: str | None, *, is_ladder: bool) -> str:
    """The name under which PlayNow lists a market. `team` is the full name, for goalscorer markets; only
    shots come as a ladder."""
    if market == Market.GOALS:
        return f"Player {rung(line)} Goals"
    if market in _SCORERS:
        return f"{team} {_SCORERS[market]}"
    if market == Market.SOG and is_ladder:
        return f"{player} Total {LADDER_TOTAL}"
    if market == Market.SAVES:
        return f"{player} Total {_TOTALS[market]}"
    return f"{player} Total {_TOTALS[market]} {line:.1f}"


def outcome_is_player(market: str) -> bool:
    """Goals and goalscorer markets list players as outcomes, yes only."""
    return market == Market.GOALS or market in _SCORERS


def rung(line: float) -> str:
    """How a ladder names the line 1.5: `2+`."""
    return f"{int(line + 0.5)}+"
