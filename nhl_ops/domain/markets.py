"""The prop markets, their sides, the statistic that settles them and the ladder of standard lines."""

from enum import StrEnum


class Market(StrEnum):
    """Canonical player-prop markets (wire names of each vendor map to these)."""

    GOALS = "GOALS"
    ASSISTS = "ASSISTS"
    POINTS = "POINTS"
    SOG = "SOG"
    BLOCKS = "BLOCKS"
    SAVES = "SAVES"


class Side(StrEnum):
    OVER = "OVER"
    UNDER = "UNDER"


SKATER_MARKETS = (Market.GOALS, Market.ASSISTS, Market.POINTS, Market.SOG, Market.BLOCKS)
GOALIE_MARKETS = (Market.SAVES,)

STAT_COLUMN = {
    Market.GOALS: "goals",
    Market.ASSISTS: "assists",
    Market.POINTS: "points",
    Market.SOG: "shots_on_goal",
    Market.BLOCKS: "blocked_shots",
    Market.SAVES: "saves",
}

STANDARD_LADDER: dict[Market, tuple[float, ...]] = {
    Market.GOALS: (0.5, 1.5, 2.5),
    Market.ASSISTS: (0.5, 1.5, 2.5),
    Market.POINTS: (0.5, 1.5, 2.5, 3.5),
    Market.SOG: (0.5, 1.5, 2.5, 3.5, 4.5, 5.5),
    Market.BLOCKS: (0.5, 1.5, 2.5, 3.5),
    Market.SAVES: (19.5, 21.5, 22.5, 23.5, 24.5, 25.5, 26.5, 27.5, 28.5, 29.5, 31.5, 34.5),
}
