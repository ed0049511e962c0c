"""The betting partners' prices on the schedule: strings, American or decimal as the partner writes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

PARTNERS = (
    (2, "SE", "Unibet"),
    (3, "CZ", "Tipsport"),
    (6, "FI", "Veikkaus"),
    (7, "CA", "FanDuel"),
    (8, "DE", "Sportradar"),
    (9, "US", "DraftKings"),
    (10, "SK", "Doxxbet"),
)
PARTNER_OF_BOOK = {"1": 9, "2": 7}
"""Unabated book id -> partner id: DraftKings quotes American, FanDuel (Canada) decimal."""
DECIMAL_PARTNERS = frozenset({7})


def odds_partners() -> list[dict[str, Any]]:
    return [
        {
            "partnerId": partner_id,
            "country": country,
            "name": name,
            "imageUrl": f"https://assets.nhle.com/betting_partner/{name.lower()}.svg",
            "siteUrl": f"https://www.{name.lower()}.example",
            "bgColor": "#000000",
            "textColor": "#FFFFFF",
            "accentColor": "#FFFFFF",
        }
        for partner_id, country, name in PARTNERS
    ]


class ScheduleOdds:
    """Two-way moneylines by game."""

    def __init__(self, game_odds: pd.DataFrame) -> None:
        mine = game_odds.loc[game_odds["book_id"].isin(list(PARTNER_OF_BOOK))]
        mine = mine.dropna(subset=["home_american", "away_american"]).sort_values("book_id")
        self._rows: Mapping[int, list[dict[str, Any]]] = {
            int(game_id): rows.to_dict("records") for game_id, rows in mine.groupby("game_id")
        }

    def of(self, game_id: int, side: str, now: datetime) -> list[dict[str, Any]]:
        """providerId and value of every partner whose price stands; `side` is home or away."""
        return [
            _odds(PARTNER_OF_BOOK[row["book_id"]], int(row[f"{side}_american"]))
            for row in self._rows.get(game_id, [])
            if row["seen_from_utc"] <= now < row["seen_until_utc"]
        ]


def _odds(partner_id: int, american: int) -> dict[str, Any]:
    if partner_id in DECIMAL_PARTNERS:
        profit = american / 100 if american > 0 else 100 / -american
        return {"providerId": partner_id, "value": f"{1 + profit:.2f}"}
    return {"providerId": partner_id, "value": f"{american:+d}"}
