"""What each player did in one game, in the boxscore's form."""

from typing import Any

import numpy as np
import pandas as pd

from nhl_ops.league.dataset import LeagueDataset
from nhl_ops.league.server.people import People
from nhl_ops.league.server.wire import minutes_seconds

_SKATER = ["player_id", "team", "goals", "assists", "points", "plus_minus", "pim", "hits", "power_play_goals"]
_SKATER += ["shots_on_goal", "toi_sec", "blocked_shots", "shifts"]
_GOALIE = [
    "player_id",
    "team",
    "saves",
    "shots_against",
    "goals_against",
    "toi_sec",
    "is_starter",
    "decision",
]
_GROUPS = {"C": "forwards", "L": "forwards", "R": "forwards", "D": "defense", "G": "goalies"}


class Boxes:
    """Player statistics by game."""

    def __init__(self, dataset: LeagueDataset, people: People) -> None:
        self._people = people
        self._skaters = _ByGame(dataset.skater_games, _SKATER)
        self._goalies = _ByGame(dataset.goalie_games, _GOALIE)

    def team_box(self, game_id: int, team: str) -> dict[str, list[dict[str, Any]]]:
        """forwards, defense and goalies of a team, by sweater number; a backup who did not play is listed."""
        box: dict[str, list[dict[str, Any]]] = {"forwards": [], "defense": [], "goalies": []}
        for row in self._skaters.rows(game_id):
            if row["team"] == team:
                skater = self._skater(row)
                box[_GROUPS[skater["position"]]].append(skater)
        box["goalies"] = [self._goalie(r) for r in self._goalies.rows(game_id) if r["team"] == team]
        for group in box.values():
            group.sort(key=lambda p: (p["sweaterNumber"] or 0, p["playerId"]))
        return box

    def team_shots(self, game_id: int, team: str) -> int:
        return sum(r["shots_on_goal"] for r in self._skaters.rows(game_id) if r["team"] == team)

    def winning_goalie(self, game_id: int) -> int | None:
        return next((r["player_id"] for r in self._goalies.rows(game_id) if r["decision"] == "W"), None)

    def _head(self, player_id: int) -> dict[str, Any]:
        person = self._people.by_id[player_id]
        return {
            "playerId": player_id,
            "sweaterNumber": person.sweater_number,
            "name": {"default": person.short_name},
            "position": person.position,
        }

    def _skater(self, row: dict[str, Any]) -> dict[str, Any]:
        return self._head(row["player_id"]) | {
            "goals": row["goals"],
            "assists": row["assists"],
            "points": row["points"],
            "plusMinus": row["plus_minus"],
            "pim": row["pim"],
            "hits": row["hits"],
            "powerPlayGoals": row["power_play_goals"],
            "sog": row["shots_on_goal"],
            "faceoffWinningPctg": None,
            "toi": minutes_seconds(int(row["toi_sec"])),
            "blockedShots": row["blocked_shots"],
            "shifts": row["shifts"],
            "giveaways": None,
            "takeaways": None,
        }

    def _goalie(self, row: dict[str, Any]) -> dict[str, Any]:
        shots = row["shots_against"]
        line = self._head(row["player_id"]) | {
            "evenStrengthShotsAgainst": None,
            "powerPlayShotsAgainst": None,
            "shorthandedShotsAgainst": None,
            "saveShotsAgainst": f"{row['saves']}/{shots}",
            "goalsAgainst": row["goals_against"],
            "toi": minutes_seconds(int(row["toi_sec"])),
            "starter": row["is_starter"],
            "shotsAgainst": shots,
            "saves": row["saves"],
        }
        if shots:
            line["savePctg"] = round(row["saves"] / shots, 6)
        if row["decision"] is not None:
            line["decision"] = row["decision"]
        return line


class _ByGame:
    """Rows of a frame by game id, found by bisection."""

    def __init__(self, frame: pd.DataFrame, columns: list[str]) -> None:
        ordered = frame.sort_values(["game_id", "player_id"])
        self._game_ids = ordered["game_id"].to_numpy()
        rows = ordered[columns].astype("object")
        self._rows = rows.where(rows.notna(), None).to_numpy()
        self._columns = columns

    def rows(self, game_id: int) -> list[dict[str, Any]]:
        first, last = np.searchsorted(self._game_ids, [game_id, game_id + 1])
        return [dict(zip(self._columns, row, strict=True)) for row in self._rows[first:last]]
