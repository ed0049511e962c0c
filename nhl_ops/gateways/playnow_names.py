"""PlayNow's market names: which statistic, whose, at which line. Pure text, no prices.

Names seen on a real event page: `Player 1+ Goals` (outcome = player), `<Player> Total Points 0.5` (Over/
Under), `<Player> Total Shots on Goal` (outcomes `1+` to `4+`), `<Player> Total Shots On Goal 2.5`
(Over/Under) and `<Goalie> Total Saves` (Over/Under, line only in the handicap). N+ is OVER N-0.5; it never
implies an under.
"""

import re
from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple

from nhl_ops.domain.markets import Market

LADDER = re.compile(r"Player (?P<count>[1-9])\+ Goals", re.IGNORECASE)
TOTAL = re.compile(
    r"(?P<player>.+?) Total (?P<stat>Points|Assists|Shots on Goal|Saves|Blocks|Blocked Shots)"
    r"(?: (?P<line>\d+(?:\.\d+)?))?",
    re.IGNORECASE,
)
RUNG = re.compile(r"(?P<count>[1-9]\d?)\+")
TAG = re.compile(r"\s*\((?P<tag>[FDGCLRW]|[A-Z]{2,4})\)")
NOT_A_PLAYER = re.compile(r"\d|\b(?:period|team|match|game|home|away|both)\b", re.IGNORECASE)
STATS = {
    "points": Market.POINTS,
    "assists": Market.ASSISTS,
    "shots on goal": Market.SOG,
    "saves": Market.SAVES,
    "blocks": Market.BLOCKS,
    "blocked shots": Market.BLOCKS,
}
POSITION_TAGS = frozenset({"F", "D", "G", "C", "L", "R", "W", "LW", "RW"})


class PropMarket(NamedTuple):
    """What a market's name says. player: None where outcomes name one each; line: None if not in the name."""

    market: Market
    player: str | None
    line: float | None


class PlayerName(NamedTuple):
    """A display name without its tags, and the team and position that the tags gave."""

    name: str
    team: str | None
    position: str | None


def prop_market(name: str, teams: Container[str]) -> PropMarket | None:
    """The player prop that a market's name stands for; None for any other market.

    teams: the event's team names in lower case; `<Team> Total Shots on Goal` is not a player's market.
    """
    ladder = LADDER.fullmatch(name)
    if ladder:
        return PropMarket(Market.GOALS, None, int(ladder["count"]) - 0.5)
    total = TOTAL.fullmatch(name)
    if total is None:
        return None
    player = total["player"].strip()
    if player.lower() in teams or not _is_player(player):
        return None
    return PropMarket(STATS[total["stat"].lower()], player, float(total["line"]) if total["line"] else None)


@lru_cache(maxsize=4096)
def _is_player(text: str) -> bool:
    return not NOT_A_PLAYER.search(re.sub(r"\([^)]*\)", "", text))


def rung_line(outcome: str) -> float | None:
    """The line of a rung `N+`, N-0.5; None when the outcome is no rung."""
    rung = RUNG.fullmatch(outcome)
    return int(rung["count"]) - 0.5 if rung else None


@lru_cache(maxsize=4096)
def player_name(text: str) -> PlayerName:
    """Split tags like `(CAR)` and `(F)` from a display name; any other parenthesis stays in the name."""
    tags = [match["tag"] for match in TAG.finditer(text)]
    team = next((tag for tag in tags if tag not in POSITION_TAGS), None)
    position = next((tag for tag in tags if tag in POSITION_TAGS), None)
    return PlayerName(" ".join(TAG.sub("", text).split()), team, position)
