"""The Odds API's client as tests make it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from nhl_ops.gateways.odds_api import Config, OddsApiVendor
from nhl_ops.gateways.odds_api_credits import CreditLedger

NOW = datetime(2026, 1, 6, 22, 30, tzinfo=UTC)
KEY = "planted-secret-0123"
MARKETS = ("player_points", "player_shots_on_goal", "player_goal_scorer_anytime")


def config(**fields: Any) -> Config:
    own = {
        "enabled": True,
        "host": {"league": "{league}/odds-api", "live": "https://api.the-odds-api.com"},
        "regions": ("us",),
        "bookmakers": (),
        "markets": MARKETS,
        "odds_format": "american",
        "daily_credit_cap": 1_000,
    }
    return Config.model_validate(own | fields)


def odds_api(
    url: str, *, ledger: CreditLedger | None = None, key: str | None = KEY, now: datetime = NOW, **fields: Any
) -> OddsApiVendor:
    own = MemoryLedger() if ledger is None else ledger
    return OddsApiVendor(config(**fields), url, key, lambda: now, own)


@dataclass
class MemoryLedger:
    """A ledger that lasts as long as its test."""

    days: Counter[date] = field(default_factory=Counter)

    def spent(self, day: date) -> int:
        return self.days[day]

    def add(self, day: date, credits_used: int) -> None:
        self.days[day] += credits_used
