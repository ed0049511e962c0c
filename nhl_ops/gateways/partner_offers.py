"""One price of a partner game: markets have names there, and a qualifier such as "-1.5", "O6.5" or "draw"."""

import re

from nhl_ops.domain.game_lines import GameMarket, Outcome
from nhl_ops.domain.odds import is_line
from nhl_ops.gateways.drift import Defect
from nhl_ops.gateways.game_lines import GameLineRule, Offer, american_price
from nhl_ops.gateways.wire import Node, text_or_none

MONEYLINES = {
    "MONEY_LINE_2_WAY": GameMarket.MONEYLINE,
    "MONEY_LINE_3_WAY": GameMarket.MONEYLINE_3WAY,
    "MONEY_LINE_2_WAY_TNB": GameMarket.MONEYLINE_TIE_NO_BET,
}
PUCK_LINE, OVER_UNDER, DRAW = "PUCK_LINE", "OVER_UNDER", "draw"
HANDICAP = re.compile(r"[+-][0-9]{1,2}(\.[0-9]{1,2})?")
TOTAL = re.compile(r"([OU])([0-9]{1,2}(\.[0-9]{1,2})?)")
TOTAL_SIDES = {"O": Outcome.OVER, "U": Outcome.UNDER}


def named_offer(side: Outcome, item: Node) -> Offer:
    """What an item of a partner game offers to its team's side. Raises ShapeError or Defect."""
    market, qualifier = item["description"].text(), text_or_none(item["qualifier"].value) or ""
    raw = f"{market} {qualifier}".rstrip()
    if market in MONEYLINES:
        kind = MONEYLINES[market]
        if qualifier and not (kind is GameMarket.MONEYLINE_3WAY and qualifier.lower() == DRAW):
            raise Defect(GameLineRule.UNKNOWN_MARKET, f"{market} without it", qualifier, ".qualifier")
        return Offer(kind, raw, Outcome.DRAW if qualifier else side, None, american_price(item["value"]))
    if market == PUCK_LINE:
        return Offer(GameMarket.PUCK_LINE, raw, side, _handicap(qualifier), american_price(item["value"]))
    if market == OVER_UNDER:
        outcome, line = _total(qualifier)
        return Offer(GameMarket.TOTAL, raw, outcome, line, american_price(item["value"]))
    raise Defect(GameLineRule.UNKNOWN_MARKET, "a market that is read", market, ".description")


def _handicap(qualifier: str) -> float:
    line = float(qualifier) if HANDICAP.fullmatch(qualifier) else 0.0
    if line == 0 or not is_line(abs(line)):
        raise Defect(GameLineRule.BAD_LINE, "a puck line such as -1.5", qualifier, ".qualifier")
    return line


def _total(qualifier: str) -> tuple[Outcome, float]:
    found = TOTAL.fullmatch(qualifier)
    line = float(found[2]) if found else 0.0
    if found is None or line == 0 or not is_line(line):
        raise Defect(GameLineRule.BAD_LINE, "a total such as O6.5", qualifier, ".qualifier")
    return TOTAL_SIDES[found[1]], line
