"""From Unabated's bet type ids to markets: by the names of the vendor's own list, else by config/vendors.toml.

The list (form B `/bettype`, form C `/v2/betTypes`) is global: its names are those of all sports, and a name
means the same statistic in each, so its `leagues` are not asked. A name that is not known here decides nothing.
Where list and configuration name different things, neither is believed: prices of that bet type are dead letters
under `bet_type_contradicted` until the configuration is corrected, and can be replayed then.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nhl_ops.domain.escaping import quoted
from nhl_ops.domain.markets import Market
from nhl_ops.gateways.drift import Told
from nhl_ops.gateways.wire import id_text, text_or_none

MARKET_OF_NAME: Mapping[str, Market | None] = {
    **dict.fromkeys(("goals", "goal", "goals scored", "goal scorer", "goalscorer"), Market.GOALS),
    **dict.fromkeys(("anytime goal", "anytime goal scorer", "anytime goalscorer"), Market.GOALS),
    **dict.fromkeys(("any time goal scorer", "any time goalscorer", "to score a goal"), Market.GOALS),
    **dict.fromkeys(("assists", "assist"), Market.ASSISTS),
    **dict.fromkeys(("points", "point"), Market.POINTS),
    **dict.fromkeys(("shots on goal", "shot on goal", "sog", "shots"), Market.SOG),
    **dict.fromkeys(("blocked shots", "blocks", "shots blocked", "block"), Market.BLOCKS),
    **dict.fromkeys(("saves", "save"), Market.SAVES),
    **dict.fromkeys(("first goal", "first goal scorer", "first goalscorer"), None),
    **dict.fromkeys(("last goal", "last goal scorer", "last goalscorer"), None),
    **dict.fromkeys(("power play points", "powerplay points", "pp points", "ppp"), None),
    **dict.fromkeys(("power play goals", "power play assists", "goals against", "shots against"), None),
    **dict.fromkeys(
        ("hits", "faceoffs won", "faceoffs", "plus minus", "time on ice", "penalty minutes"), None
    ),
}
"""Market by name, without case, punctuation and the words below; None: another statistic than our markets."""

FILLER = frozenset(
    {
        "player",
        "players",
        "skater",
        "goalie",
        "goaltender",
        "total",
        "nhl",
        "hockey",
        "over",
        "under",
        "o",
        "u",
    }
)
PROPS_MARKET_TYPE = {"0", "3"}
"""Form C's marketTypeId of a prop, and of a row that has none; 1, 2 and 4 are game odds and futures."""


@dataclass(frozen=True)
class BetTypes:
    """Markets by bet type id; names by id as the list has them; of those that contradict the
    configuration, what it expects and what the list says."""

    markets: Mapping[str, str]
    names: Mapping[str, str]
    contradicted: Mapping[str, tuple[str, Told]]

    def shown(self, bet_type: str | None) -> str:
        """The bet type for a message: its id and, where the list has one, its name."""
        name = self.names.get(bet_type or "")
        return f"betTypeId {bet_type} ({quoted(name)})" if name else f"betTypeId {bet_type}"


def bet_types(listed: Mapping[str, Mapping[str, Any]], configured: Mapping[int, Market]) -> BetTypes:
    """The markets of a board. listed: rows of the vendor's list by key; empty where none was captured."""
    markets = {str(bet_type): Market(market) for bet_type, market in configured.items()}
    names, contradicted = {}, {}
    for key, row in listed.items():
        bet_type = id_text(row.get("id")) or key
        named = [name for field in ("name", "internalName") if (name := text_or_none(row.get(field)))]
        known = [name for name in map(_normalized, named) if name in MARKET_OF_NAME]
        if named:
            names[bet_type] = named[0]
        if not known:
            continue
        is_prop = _is_prop_of_a_game(row)
        market = MARKET_OF_NAME[known[0]] if is_prop else None
        ours = markets.get(bet_type)
        if ours is not None and ours is not market:
            theirs = quoted(named[0]) if is_prop else f"{quoted(named[0])}, and no prop of a single game"
            contradicted[bet_type] = (
                f"{bet_type} to be {ours}, as config/vendors.toml [unabated.bet_types] says",
                Told(f"{theirs} in the vendor's list: correct the configuration, then replay"),
            )
        elif market is not None:
            markets[bet_type] = market
    return BetTypes({bet_type: market.value for bet_type, market in markets.items()}, names, contradicted)


def _normalized(name: str) -> str:
    return " ".join(word for word in re.findall(r"[a-z0-9]+", name.casefold()) if word not in FILLER)


def _is_prop_of_a_game(row: Mapping[str, Any]) -> bool:
    """Not a team's bet, a whole game's or a season's, which go by the same names."""
    return (
        row.get("betOn") in (None, "player")
        and row.get("betRange") != "season"
        and row.get("isFuture") is not True
        and (id_text(row.get("marketTypeId")) or "0") in PROPS_MARKET_TYPE
    )
