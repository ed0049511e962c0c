"""Teams and people as the server needs them: by code and by id."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from nhl_ops.league.dataset import LeagueDataset


@dataclass(frozen=True, slots=True)
class Team:
    tri: str
    team_id: int
    place: str
    common: str

    @property
    def name(self) -> str:
        return f"{self.place} {self.common}"


@dataclass(frozen=True, slots=True)
class Person:
    player_id: int
    first: str
    last: str
    birth_date: str | None
    position: str
    sweater_number: int | None

    @property
    def full_name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def short_name(self) -> str:
        """As boxscores write it: "N. Pionk"."""
        return f"{self.first[:1]}. {self.last}"


class People:
    """Who is who, and who belonged to which team on a date."""

    def __init__(self, dataset: LeagueDataset) -> None:
        self.teams: Mapping[str, Team] = {
            r["team"]: Team(r["team"], int(r["team_id"]), r["place_name"], r["common_name"])
            for r in dataset.teams.to_dict("records")
        }
        self.by_id: Mapping[int, Person] = {
            int(r["player_id"]): Person(
                int(r["player_id"]),
                r["first_name"],
                r["last_name"],
                None if pd.isna(r["birth_date"]) else str(r["birth_date"])[:10],
                r["position"],
                None if pd.isna(r["sweater_number"]) else int(r["sweater_number"]),
            )
            for r in dataset.players.to_dict("records")
        }
        self._stints = dict(iter(dataset.rosters.groupby("team")))

    def on_roster(self, team: str, first_day: str, last_day: str) -> list[Person]:
        """Who belonged to the team on any day between (ISO, both included), by last name."""
        stints = self._stints.get(team)
        if stints is None:
            return []
        overlaps = (stints["from_date"] <= last_day) & (stints["to_date"].fillna("9999") >= first_day)
        ids = stints.loc[overlaps, "player_id"].unique()
        return sorted((self.by_id[int(i)] for i in ids), key=lambda p: (p.last, p.first, p.player_id))
