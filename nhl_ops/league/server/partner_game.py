"""The partner game of a country: one book's lines on the games of the date, at the virtual time.

The league knows moneylines and totals, so it sends no puck lines and no three-way prices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from nhl_ops.domain.slates import eastern, slate_of
from nhl_ops.league.server.games import GameBook, GameState
from nhl_ops.league.server.people import People
from nhl_ops.league.server.schedule_odds import PARTNER_OF_BOOK, odds_partners
from nhl_ops.league.server.wire import utc_z

COUNTRY_CODES = {"US": "USA", "CA": "CAN"}
"""Country of the path and as the body names it; each has the partner of that country on the schedule."""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Standing:
    game: GameState
    line: Line


class PartnerGame:
    """Bodies of `partner-game/{CC}/now`."""

    def __init__(self, game_odds: pd.DataFrame, games: GameBook, people: People) -> None:
        self._games = games
        self._people = people
        self._partners = {p["country"]: p for p in odds_partners() if p["country"] in COUNTRY_CODES}
        partner_of = game_odds["book_id"].map(PARTNER_OF_BOOK)
        self._lines: dict[tuple[int, int], list[Line]] = {
            (int(partner), int(game)): rows.to_dict("records")
            for (partner, game), rows in game_odds.groupby([partner_of.rename("partner"), "game_id"])
        }

    def body(self, country: str, now: datetime) -> dict[str, Any] | None:
        """Tonight's games that have a line and have not begun; None (404) for a country without a partner."""
        partner = self._partners.get(country)
        if partner is None:
            return None
        today = slate_of(now)
        open_games = [
            g for g in self._games.on(today.isoformat(), now) if g.stands and not g.has_started(now)
        ]
        standing = [
            _Standing(game, line)
            for game in open_games
            for line in self._lines.get((partner["partnerId"], game.game_id), [])
            if line["seen_from_utc"] <= now < line["seen_until_utc"]
        ]
        return {
            "currentOddsDate": today.isoformat(),
            "lastUpdatedUTC": _last_updated(standing, today),
            "bettingPartner": partner | {"country": COUNTRY_CODES[country]},
            "games": [self._game(s.game, s.line) for s in standing],
        }

    def _game(self, game: GameState, line: Line) -> dict[str, Any]:
        over, under = _total_odds(line)
        over_at_home = game.game_id % 2 == 0
        return {
            "gameId": game.game_id,
            "gameType": game.game_type,
            "startTimeUTC": utc_z(game.start),
            "homeTeam": self._team(game.home, line["home_american"], over if over_at_home else under),
            "awayTeam": self._team(game.away, line["away_american"], under if over_at_home else over),
        }

    def _team(self, tri: str, moneyline: Any, totals: list[dict[str, Any]]) -> dict[str, Any]:
        team = self._people.teams[tri]
        return {
            "id": team.team_id,
            "name": {"default": team.common},
            "abbrev": tri,
            "odds": [*_priced("MONEY_LINE_2_WAY", moneyline, ""), *totals],
        }


def _last_updated(standing: Sequence[_Standing], today: date) -> str:
    """When the newest of the prices came; without any, the beginning of the date."""
    changes = [s.line["seen_from_utc"].to_pydatetime() for s in standing]
    return utc_z(max(changes, default=eastern(today, 0)))


def _total_odds(line: Line) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Odds of the over and of the under."""
    if pd.isna(line["total"]):
        return [], []
    points = f"{line['total']:g}"
    return (
        _priced("OVER_UNDER", line["over_american"], f"O{points}"),
        _priced("OVER_UNDER", line["under_american"], f"U{points}"),
    )


def _priced(description: str, american: Any, qualifier: str) -> list[dict[str, Any]]:
    """No odds where the book has no price."""
    if pd.isna(american):
        return []
    return [{"description": description, "value": float(american), "qualifier": qualifier}]
